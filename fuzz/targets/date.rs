//! Dates: any text is read or refused; what is read is within the calendar, and written out it is read as the same.
#![no_main]

use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;
use wire::date::{Clock, parse};
use wire::time::iso;

/// 2026-06-01T12:00:00Z
const NOW: i64 = 1_780_315_200;

/// Longer texts are refused unseen.
const LONGEST: usize = 200;

fuzz_target!(|text: &str| {
    let clock = Clock { zone: &TimeZone::UTC, now: NOW };
    let Some(second) = parse(text, clock) else { return };
    let written = iso(second, 0);
    assert_eq!(parse(&written, clock), Some(second), "{written}");
    if text.len() < LONGEST {
        assert_eq!(parse(&format!("{text} "), clock), Some(second), "a blank behind it counts");
    }
});
