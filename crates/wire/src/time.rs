//! The `time` block of an answer, and ISO 8601 (protocol 2.2, 6.3).

use crate::{Map, Text, Value};

/// When a call ran. Moments are microseconds since 1970, UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Times {
    /// When the server began with the call.
    pub start_us: i64,
    /// When it was done.
    pub finish_us: i64,
    /// Microseconds inside the method.
    pub processing_us: i64,
    /// Distance of the server's time zone from UTC, east positive.
    pub offset_seconds: i32,
    /// Seconds this webhook has spent in this method within the window; `None` prints as `0`.
    pub operating: Option<f64>,
    /// The Unix second at which the oldest of that time is forgotten. Clients want it above 0.
    pub operating_reset_at: i64,
}

impl Times {
    /// The block, always with all eight keys.
    pub fn to_value(&self) -> Value {
        let iso = |us: i64| iso(us.div_euclid(1_000_000), self.offset_seconds);
        let mut block = Map::with_capacity(8);
        block.push("start", seconds(self.start_us));
        block.push("finish", seconds(self.finish_us));
        block.push("duration", seconds(self.finish_us.saturating_sub(self.start_us)));
        block.push("processing", seconds(self.processing_us));
        block.push("date_start", iso(self.start_us));
        block.push("date_finish", iso(self.finish_us));
        block.push("operating_reset_at", self.operating_reset_at);
        block.push("operating", self.operating.map_or(Value::Int(0), Value::Float));
        Value::Map(block)
    }
}

/// Microseconds as seconds with six decimals.
fn seconds(us: i64) -> f64 {
    us as f64 / 1e6
}

/// The first and the last second whose year has four digits.
pub(crate) const YEARS: (i64, i64) = (-62_167_219_200, 253_402_300_799);

/// `2025-10-20T11:58:42+02:00`: a Unix second on the clocks `offset_seconds` east of UTC, never with a `Z`.
///
/// Years stop at 0000 and 9999, offsets a minute before a whole day.
pub fn iso(unix_seconds: i64, offset_seconds: i32) -> Text {
    let minutes = (offset_seconds / 60).clamp(-1439, 1439);
    let local = unix_seconds.saturating_add(i64::from(minutes) * 60).clamp(YEARS.0, YEARS.1);
    let (year, month, day) = civil(local.div_euclid(86_400));
    let second = local.rem_euclid(86_400);

    let mut text = *b"0000-00-00T00:00:00+00:00";
    let mut put = |at: usize, number: i64| {
        text[at] = digit(number / 10);
        text[at + 1] = digit(number);
    };
    put(0, year / 100);
    put(2, year);
    put(5, month);
    put(8, day);
    put(11, second / 3600);
    put(14, second / 60 % 60);
    put(17, second % 60);
    put(20, i64::from(minutes.abs() / 60));
    put(23, i64::from(minutes.abs() % 60));
    if minutes < 0 {
        text[19] = b'-';
    }
    Text::from_utf8(text).expect("digits are ASCII")
}

/// The last decimal digit of a number that is not negative.
fn digit(number: i64) -> u8 {
    b"0123456789"[(number % 10) as usize]
}

/// The date of a day counted from 1970-01-01, in the proleptic Gregorian calendar.
///
/// Counts in eras of 400 years whose years begin in March, so that the leap day comes last.
fn civil(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468; // since 0000-03-01
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * of_year + 2) / 153;
    let day_of_month = of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day_of_month)
}
