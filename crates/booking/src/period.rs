//! The time of a booking: two moments, each with the zone in which people read it.

use engine::error::Result;
use jiff::tz::TimeZone;
use wire::{Map, Value};

use crate::words::numbered;

/// The last second that a period may have: that of the year 9999.
const LAST: i64 = 253_402_300_799;

/// A period, in Unix seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// When it begins, and in which zone
    pub from: (i64, String),
    /// When it ends, and in which zone
    pub to: (i64, String),
}

impl Period {
    /// Reads it: `{"from": {"timestamp": 1723446900, "timezone": "Europe/Berlin"}, "to": {..}}`.
    ///
    /// # Errors
    /// 422 for what is none, or ends before it begins.
    pub fn read(given: &Value) -> Result<Self> {
        let read = |name| given.get(name).and_then(moment);
        match (read("from"), read("to")) {
            (Some(from), Some(to)) if from.0 < to.0 => Ok(Period { from, to }),
            _ => Err(numbered(422, "Invalid date period").into()),
        }
    }
}

fn moment(given: &Value) -> Option<(i64, String)> {
    let second = given.get("timestamp")?.as_int().filter(|second| (0..=LAST).contains(second))?;
    let zone = given.get("timezone")?.as_str()?;
    TimeZone::get(zone).ok()?;
    Some((second, zone.to_owned()))
}

/// The same for the wire.
pub fn shown(second: i64, zone: &str) -> Value {
    let mut moment = Map::with_capacity(2);
    moment.push("timestamp", second);
    moment.push("timezone", zone);
    moment.into_value()
}
