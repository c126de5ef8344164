//! The settings of a numerator, under the names that the real system has for its generators of numbers.

use engine::noun::Row;
use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};

/// The generator of `{NUMBER}`.
const SEQUENCE: &str = "Bitrix_Main_Numerator_Generator_SequentNumberGenerator";
/// The generator of `{PREFIX}`.
const PREFIX: &str = "Bitrix_Main_Numerator_Generator_PrefixNumberGenerator";

/// The most letters that a number is padded to.
const LONGEST: i64 = 50;

/// When counting begins anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    Day,
    Month,
    Year,
}

/// What a numerator is told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The first number.
    pub start: i64,
    /// From one number to the next.
    pub step: i64,
    /// Letters that a number has at least.
    pub length: usize,
    /// What it is padded with.
    pub pad: String,
    /// When counting begins anew; never, if nothing.
    pub period: Option<Period>,
    /// The zone in which days begin; the portal's, if nothing.
    pub zone: Option<String>,
    is_direct: bool,
    /// What stands for `{PREFIX}`.
    pub prefix: String,
}

impl Settings {
    /// Those of a row.
    pub fn of(row: &Row) -> Self {
        Settings::read(&row.json("settings"))
    }

    /// Those that a request brings; what it leaves out, or what means nothing, is as usual.
    pub fn read(given: &Json) -> Self {
        let of = |name: &str| given[SEQUENCE].get(name).filter(|value| !value.is_null());
        let text = |name: &str| match of(name) {
            Some(Json::String(text)) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Some(Json::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        let int = |name: &str| text(name).and_then(|text| text.parse::<i64>().ok());
        let pad =
            of("padString").and_then(|value| value.as_str().map(str::to_owned)).or_else(|| text("padString"));
        let flag = |value: &Json| *value == json!(true) || *value == json!(1) || value == "1" || value == "Y";
        let zone = text("timezone").filter(|name| TimeZone::get(name).is_ok());
        Settings {
            start: int("start").unwrap_or(1),
            step: int("step").filter(|step| *step != 0).unwrap_or(1),
            length: int("length").unwrap_or(0).clamp(0, LONGEST) as usize,
            pad: pad
                .filter(|pad| !pad.is_empty())
                .map_or("0".to_owned(), |pad| pad.chars().take(10).collect()),
            period: match text("periodicBy").as_deref() {
                Some("day") => Some(Period::Day),
                Some("month") => Some(Period::Month),
                Some("year") => Some(Period::Year),
                _ => None,
            },
            zone,
            is_direct: of("isDirectNumeration").is_some_and(flag),
            prefix: given[PREFIX]["prefix"].as_str().unwrap_or_default().chars().take(100).collect(),
        }
    }

    /// The same as it is kept and shown.
    pub fn to_json(&self) -> Json {
        let period = self.period.map(|period| match period {
            Period::Day => "day",
            Period::Month => "month",
            Period::Year => "year",
        });
        let mut settings = json!({SEQUENCE: {
            "start": self.start, "step": self.step, "length": self.length, "padString": self.pad,
            "periodicBy": period, "timezone": self.zone, "isDirectNumeration": self.is_direct,
        }});
        if !self.prefix.is_empty() {
            settings[PREFIX] = json!({"prefix": self.prefix});
        }
        settings
    }
}
