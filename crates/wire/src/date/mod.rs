//! Dates as people and programs write them: all that PHP's `strtotime` takes, which is what the real system reads
//! them with. Checked against PHP itself (`crates/portal/tests/portal/dates.rs`).
//!
//! A text is cut into tokens, at each place the longest that a rule of the [grammar](self::grammar) takes. Each token says
//! something about the moment ([`parsed`]), absolutely (`28.11.2020`) or relatively (`+1 week`); what none of them says comes
//! from the moment that is now, and then the relative parts are added ([`resolve`]).

mod grammar;
mod parsed;
mod relative;
mod resolve;
mod token;
mod words;
mod zone;

use jiff::tz::TimeZone;

/// The longest text that is looked at, in bytes: no date takes more.
const LONGEST: usize = 200;

/// The clock by which dates are read.
#[derive(Clone, Copy, Debug)]
pub struct Clock<'a> {
    /// The zone of what names none.
    pub zone: &'a TimeZone,
    /// The Unix second that `tomorrow` counts from.
    pub now: i64,
}

/// The Unix second that a text means, within the years 0 to 9999; `None` when it cannot be read.
pub fn parse(text: &str, clock: Clock<'_>) -> Option<i64> {
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    let parsed = grammar::read(text)?;
    resolve::moment(&parsed, clock)
        .filter(|second| (crate::time::YEARS.0..=crate::time::YEARS.1).contains(second))
}
