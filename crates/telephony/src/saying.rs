//! Texts that the portal itself writes, in its language.

use engine::call::Call;

/// A lead of a client who called.
pub const INCOMING: &str = "Incoming call";
/// A lead of a client who was called.
pub const OUTGOING: &str = "Outgoing call";
/// An activity of the one.
pub const INCOMING_FROM: &str = "Incoming call from {number}";
/// An activity of the other.
pub const OUTGOING_TO: &str = "Outgoing call to {number}";
/// What an employee is told of a call that nobody answered.
pub const MISSED: &str = "Missed call from {number}";
/// The folder of recordings on an employee's drive.
pub const RECORDINGS: &str = "Call recordings";

/// One of these as the portal writes it; `{number}` stands for a phone number.
pub fn said(call: &Call<'_, '_>, text: &str, number: &str) -> String {
    call.portal_name(text).replace("{number}", number)
}

/// All of them.
pub fn all() -> Vec<&'static str> {
    vec![INCOMING, OUTGOING, INCOMING_FROM, OUTGOING_TO, MISSED, RECORDINGS]
}
