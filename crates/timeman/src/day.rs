//! Working days: each begins once, may be interrupted, and ends on its date.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::event::MayKnow;
use engine::noun::{self, Access, Asked, Face, Grant, ID, Noun, Row, Rule, field, noun};
use store::Param;
use wire::{Map, Value};

use crate::SCOPE;

/// Seconds of a day.
pub const DAY_LONG: i64 = 24 * 3_600;

/// What days are written with.
pub const FACE: Face = Face { verbs: &[], ..Face::controller("timeman.day", "day", "days") };

/// Working days. `state` is `OPENED`, `PAUSED` or `CLOSED`.
pub static DAY: Noun = Noun {
    access: Access::Rule(&OfPeople),
    fields: &[
        ID,
        field("userId", Kind::User, "Employee").required(),
        field("startTime", Kind::DateTime, "Start").required(),
        field("endTime", Kind::DateTime, "End"),
        field("pausedAt", Kind::DateTime, "Break since"),
        field("breakLength", Kind::Integer, "Breaks in seconds").default("0"),
        field("state", Kind::Choice(&["OPENED", "PAUSED", "CLOSED"]), "State").default("OPENED"),
        field("isApproved", Kind::Char, "Approved").default("Y"),
        // Seconds east of Greenwich, where the day began.
        field("zoneOffset", Kind::Integer, "Time zone").default("0"),
        field("ipOpen", Kind::String, "IP address at the start"),
        field("ipClose", Kind::String, "IP address at the end"),
        field("latOpen", Kind::Double, "Latitude at the start"),
        field("lonOpen", Kind::Double, "Longitude at the start"),
        field("latClose", Kind::Double, "Latitude at the end"),
        field("lonClose", Kind::Double, "Longitude at the end"),
        field("report", Kind::Text, "Reason of a change"),
    ],
    faces: &[FACE],
    ..noun("timeman.day", "timeman_day", SCOPE, ["working day", "working days"])
};

/// Indexes over several columns.
pub const INDEXES: &[&str] =
    &["INDEX IF NOT EXISTS timeman_day_of_user ON timeman_day (user_id, start_time)"];

/// Everybody has one's own days, heads see and manage those of their people, administrators all.
pub struct OfPeople;

impl Rule for OfPeople {
    fn grant(&self, call: &mut Call<'_, '_>, _: Act) -> Result<Grant> {
        if call.caller.is_admin {
            return Ok(Grant::All);
        }
        let me = call.caller.user_id;
        let led = call.meta.directory.people_of(me);
        let users: Vec<Param<'static>> = std::iter::once(me).chain(led).map(Param::from).collect();
        Ok(Grant::Where(format!("t.user_id IN ({})", store::placeholders(users.len())), users))
    }

    fn audience(&self, call: &mut Call<'_, '_>, row: &Row) -> Result<MayKnow> {
        let (meta, user) = (std::sync::Arc::clone(&call.meta), row.int("userId").unwrap_or(0));
        Ok(std::sync::Arc::new(move |who| {
            who.is_admin || who.user_id == user || meta.directory.is_above(who.user_id, user)
        }))
    }
}

/// The last day of a user whom the caller was found to manage.
///
/// # Errors
/// Those of the store.
pub fn last(call: &mut Call<'_, '_>, user: i64) -> Result<Option<Row>> {
    let wanted = Asked {
        within: Some((
            "t.id = (SELECT d.id FROM timeman_day d WHERE d.user_id = ? ORDER BY d.start_time DESC, d.id DESC LIMIT 1)"
                .to_owned(),
            vec![user.into()],
        )),
        whole: true,
        ..Asked::default()
    };
    Ok(noun::belonging(call, &DAY, wanted)?.pop())
}

/// The days of a user that begin within these seconds, in order.
///
/// # Errors
/// Those of the store.
pub fn between(call: &mut Call<'_, '_>, user: i64, from: i64, until: i64) -> Result<Vec<Row>> {
    let condition = "t.user_id = ? AND t.start_time >= ? AND t.start_time <= ?".to_owned();
    let wanted = Asked {
        within: Some((condition, vec![user.into(), from.into(), until.into()])),
        order: Some(noun::Order::default().by("t.start_time", "ASC")),
        whole: true,
        ..Asked::default()
    };
    noun::belonging(call, &DAY, wanted)
}

/// Changes a day.
///
/// # Errors
/// Those of the store.
pub fn amend<const N: usize>(call: &mut Call<'_, '_>, row: &Row, fields: [(&str, Value); N]) -> Result<Row> {
    let fields: Map = fields.into_iter().map(|(name, value)| (name.into(), value)).collect();
    Ok(noun::amend(call, &DAY, &FACE, row.number, &fields)?.unwrap_or_else(|| row.clone()))
}

/// The number of the date on which a moment falls, so many seconds east of Greenwich.
pub fn date(seconds: i64, offset: i64) -> i64 {
    (seconds + offset).div_euclid(DAY_LONG)
}

/// Where a day was begun, in seconds east of Greenwich.
pub fn offset(row: &Row) -> i64 {
    row.int("zoneOffset").unwrap_or(0)
}

/// When it began.
pub fn start(row: &Row) -> i64 {
    row.int("startTime").unwrap_or(0)
}

/// Whether it began on the date that it is now, where it was begun.
pub fn is_of_today(row: &Row, now: i64) -> bool {
    date(start(row), offset(row)) == date(now, offset(row))
}

/// Its state: one that was not closed on its date is expired.
pub fn state(row: &Row, now: i64) -> &str {
    match row.text("state") {
        "CLOSED" => "CLOSED",
        _ if !is_of_today(row, now) => "EXPIRED",
        other => other,
    }
}

/// Its seconds without breaks, once it is closed.
pub fn duration(row: &Row) -> i64 {
    match row.int("endTime") {
        Some(end) => (end - start(row) - row.int("breakLength").unwrap_or(0)).max(0),
        None => 0,
    }
}

/// Seconds as `HH:MM:SS`.
pub fn clock(seconds: i64) -> String {
    let seconds = seconds.max(0);
    format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

/// A moment as a day writes it.
pub fn moment(seconds: i64, offset: i64) -> Value {
    wire::time::iso(seconds, i32::try_from(offset).unwrap_or(0)).into()
}

#[cfg(test)]
mod tests {
    use super::{clock, date};

    #[test]
    fn a_date_depends_on_the_zone() {
        let half_past_eleven = 23 * 3_600 + 1_800;
        assert_eq!((date(half_past_eleven, 0), date(half_past_eleven, 3_600)), (0, 1));
        assert_eq!(date(0, -60), -1);
        assert_eq!((clock(34_624), clock(-5)), ("09:37:04".to_owned(), "00:00:00".to_owned()));
    }
}
