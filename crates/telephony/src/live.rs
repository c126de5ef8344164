//! Calls that are going on: from their registration until they are finished.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::keys;
use engine::noun::{self, Access, Face, ID, Noun, Row, Stamp, field, noun};
use engine::timetable::{Job, Next, Task};
use store::Param;
use wire::{Fault, Value};

use crate::SCOPE;
use crate::rights::OfCalls;

/// What calls are written with.
pub const FACE: Face = Face { verbs: &[], ..Face::controller("telephony.call", "call", "calls") };

/// Calls that are going on.
pub static CALL: Noun = Noun {
    access: Access::Rule(&OfCalls),
    fields: &[
        ID,
        field("callId", Kind::String, "Call").required().unique().indexed(),
        field("hookId", Kind::Integer, "Webhook"),
        field("portalUserId", Kind::User, "Employee").required(),
        field("phoneNumber", Kind::String, "Phone number").required(),
        field("folded", Kind::String, "Phone number, to be compared").indexed(),
        field("callType", Kind::Integer, "Type").required(),
        field("lineNumber", Kind::String, "Line"),
        field("externalCallId", Kind::String, "Call at the exchange"),
        field("startDate", Kind::DateTime, "Start").required(),
        field("crmEntityType", Kind::String, "Kind of the client"),
        field("crmEntityId", Kind::Integer, "Client"),
        field("createdLead", Kind::Integer, "Lead that came of it"),
        field("callListId", Kind::Integer, "Call list"),
        field("created", Kind::DateTime, "Registered").stamped(Stamp::Created),
        field("createdById", Kind::User, "Registered by").stamped(Stamp::CreatedBy),
    ],
    faces: &[FACE],
    ..noun("telephony.call", "telephony_call", SCOPE, ["call", "calls"])
};

/// Indexes over several columns.
pub const INDEXES: &[&str] = &["INDEX IF NOT EXISTS telephony_call_created ON telephony_call (created)"];

/// Forgets calls that nobody finishes.
pub const EXPIRE: Job = Job { kind: "telephony.calls", run: forget, every: Some(3_600) };

/// How long a call may take, in seconds.
const LONGEST: i64 = 7 * 24 * 3_600;

/// Calls that one step forgets.
const STEP: i64 = 500;

fn forget(task: &mut Task<'_, '_>) -> Result<Next> {
    let before = task.now.seconds() - LONGEST;
    let sql = "DELETE FROM telephony_call WHERE id IN \
               (SELECT id FROM telephony_call WHERE created <= ? ORDER BY created, id LIMIT ?)";
    let gone = task.tx.execute(sql, &[before.into(), STEP.into()])?;
    Ok(if gone == STEP.unsigned_abs() { Next::On(String::new()) } else { Next::Done })
}

/// The call that a request names by `CALL_ID`, as far as the caller may do this to it.
///
/// # Errors
/// The refusal of what is no text.
pub fn named(call: &mut Call<'_, '_>, act: Act) -> Result<Option<Row>> {
    let id = id_of(call)?;
    let scope = CALL.grant(call, act)?;
    Ok(noun::rows(call, &CALL, &scope, &[("callId", Param::from(id))])?.pop())
}

/// The `CALL_ID` of a request.
///
/// # Errors
/// The refusal of what is no text.
pub fn id_of(call: &Call<'_, '_>) -> Result<String> {
    match call.param("CALL_ID") {
        Some(Value::Str(id)) if !id.is_empty() => Ok(id.to_string()),
        _ => Err(Fault::new(400, "INVALID_ARGUMENT", "CALL_ID must be a string").into()),
    }
}

/// An identifier for a call that nobody has: `externalCall.{32 hexadecimal digits}.{second of its start}`.
///
/// # Errors
/// Those of the store.
pub fn new_id(call: &mut Call<'_, '_>, prefix: &str, about: &str, start: i64) -> Result<String> {
    let mut attempt = 0_u64;
    loop {
        let digits = keys::hex(&keys::digest(format!("{about}|{start}|{attempt}").as_bytes()));
        let id = format!("{prefix}.{}.{start}", &digits[..32]);
        let sql = "SELECT 1 FROM telephony_call WHERE call_id = ? UNION ALL \
                   SELECT 1 FROM telephony_statistic WHERE call_id = ?";
        if call.tx.one(sql, &[id.as_str().into(), id.as_str().into()], |row| row.int(0))?.is_none() {
            return Ok(id);
        }
        attempt += 1;
    }
}
