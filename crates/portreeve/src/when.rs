//! Moments as people write and read them on the command line and in the console's interface.

use anyhow::{Context, Result};
use jiff::tz::TimeZone;
use portal::{Moment, moment};

/// The moment that is meant by `2h` (two hours ago; also `s`, `m`, `d` and `w`), a day, or a moment. Without an
/// offset it is on the clocks of `zone`.
pub fn past(zone: &TimeZone, text: &str, now: Moment) -> Result<Moment> {
    if let Some(seconds) = moment::span(text.trim()) {
        return Ok(Moment(now.0.saturating_sub(seconds.saturating_mul(1_000_000))));
    }
    moment(zone, text).with_context(|| {
        format!("{text:?} is no moment; write 2027-01-01, 2027-01-01T12:00:00Z, or 30m, 2h, 3d ago")
    })
}

/// The moment that is meant by a day or a moment. Without an offset it is on the clocks of `zone`.
pub fn moment(zone: &TimeZone, text: &str) -> Option<Moment> {
    moment::parse(zone, text).map(|seconds| Moment(seconds.saturating_mul(1_000_000)))
}

/// The seconds of `2h` ahead, or of `-3d` back.
pub fn way(text: &str) -> Option<i64> {
    let text = text.trim();
    match text.strip_prefix('-') {
        Some(back) => moment::span(back).map(|seconds| -seconds),
        None => moment::span(text.strip_prefix('+').unwrap_or(text)),
    }
}

/// `2025-10-20T11:58:42.042+02:00`
pub fn exact(zone: &TimeZone, at: Moment) -> String {
    let text = moment::print(zone, at.seconds());
    // The offset begins behind the seconds, wherever the year's digits end.
    let (time, offset) = text.split_at(text.len() - "+02:00".len());
    format!("{time}.{:03}{offset}", at.0.rem_euclid(1_000_000) / 1_000)
}

/// Microseconds for people: `1.8 ms`, `2.50 s`.
pub fn took(micros: i64) -> String {
    let micros = micros as f64;
    if micros < 1e6 { format!("{:.1} ms", micros / 1e3) } else { format!("{:.2} s", micros / 1e6) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(1_760_954_322_042_000);

    #[test]
    fn moments_are_read_as_people_write_them() {
        let back = |text: &str| NOW.0 - past(&TimeZone::UTC, text, NOW).unwrap().0;
        for (text, seconds) in [("90s", 90), ("30m", 1800), ("2h", 7200), (" 3d ", 259_200), ("1w", 604_800)]
        {
            assert_eq!(back(text), seconds * 1_000_000, "{text}");
        }
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let at = past(&zone, "2025-10-20 11:58:42", NOW).unwrap();
        assert_eq!(
            (at.0, exact(&zone, NOW).as_str()),
            (1_760_954_322_000_000, "2025-10-20T11:58:42.042+02:00")
        );
        for text in ["", "h", "-2h", "+2h", "2y", "99999999999999999999h", "soon", "ä"] {
            assert!(past(&zone, text, NOW).is_err(), "{text}");
        }
    }

    #[test]
    fn a_way_goes_ahead_or_back() {
        for (text, seconds) in [("2h", 7_200), ("+90s", 90), (" -3d ", -259_200)] {
            assert_eq!(way(text), Some(seconds), "{text}");
        }
        for text in ["", "-", "--1h", "2", "soon", "-1y"] {
            assert_eq!(way(text), None, "{text}");
        }
    }

    #[test]
    fn durations_have_the_digits_that_matter() {
        assert_eq!((took(1840), took(2_504_000)), ("1.8 ms".into(), "2.50 s".into()));
    }
}
