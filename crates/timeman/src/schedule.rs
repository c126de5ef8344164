//! The work schedule, which is that of everybody: `timeman.schedule.get`.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, Method, optional, read};
use engine::moment::{self, Moment};
use engine::noun::{self, Access, Face, ID, Noun, Row, Seed, Stamp, field, noun};
use engine::texts::{Locale, Topic};
use serde_json::{Value as Json, json};
use store::Tx;
use wire::Value;

use crate::SCOPE;

/// Schedules. Times are seconds since midnight.
pub static SCHEDULE: Noun = Noun {
    access: Access::Shared,
    fields: &[
        ID,
        field("name", Kind::String, "Name").required(),
        field("scheduleType", Kind::Choice(&["FIXED", "SHIFT", "FLEXTIME"]), "Type").default("FIXED"),
        field("reportPeriod", Kind::String, "Period of reports").default("MONTH"),
        field("workTimeStart", Kind::Integer, "Start").default("32400"),
        field("workTimeEnd", Kind::Integer, "End").default("64800"),
        field("breakDuration", Kind::Integer, "Break").default("3600"),
        field("workDays", Kind::String, "Days of the week").default("12345"),
        field("maxExactStart", Kind::Integer, "Latest start").default("33300"),
        field("minExactEnd", Kind::Integer, "Earliest end").default("63900"),
        field("minDayDuration", Kind::Integer, "Shortest day").default("28800"),
        field("maxAllowedToEdit", Kind::Integer, "Change that needs no approval").default("900"),
        field("createdAt", Kind::DateTime, "Created").stamped(Stamp::Created),
    ],
    faces: &[Face { verbs: &[], ..Face::controller("timeman.schedule", "schedule", "schedules") }],
    ..noun("timeman.schedule", "timeman_schedule", SCOPE, ["work schedule", "work schedules"])
};

/// The name of the schedule that every portal has.
const EVERYBODY: &str = "For all employees";

/// When the shift of that one ends.
pub const END: i64 = 18 * 3_600;

/// The schedule that every portal has: 9 to 18 from Monday to Friday.
pub const SEED: Seed = Seed { name: "timeman.schedule", names: || vec![EVERYBODY], seed: plant };

fn plant(tx: &mut Tx<'_>, locale: Locale, now: Moment) -> Result<()> {
    let sql = "INSERT INTO timeman_schedule (name, schedule_type, report_period, work_time_start, work_time_end, \
               break_duration, work_days, max_exact_start, min_exact_end, min_day_duration, max_allowed_to_edit, \
               created_at) VALUES (?, 'FIXED', 'MONTH', 32400, 64800, 3600, '12345', 33300, 63900, 28800, 900, ?)";
    let name = locale.text(Topic::Names, EVERYBODY).to_owned();
    tx.insert(sql, &[name.into(), now.seconds().into()])?;
    Ok(())
}

/// The schedule by which days are judged.
pub struct Schedule(Option<Row>);

impl Schedule {
    /// The one of everybody.
    ///
    /// # Errors
    /// Those of the store.
    pub fn of(call: &mut Call<'_, '_>) -> Result<Self> {
        let scope = SCHEDULE.grant(call, Act::Read)?;
        let rows = noun::select(call, &SCHEDULE, &scope, "1 = 1", Vec::new(), " ORDER BY t.id LIMIT 1")?;
        Ok(Schedule(rows.into_iter().next()))
    }

    /// Whether people come and go as they like.
    pub fn is_free(&self) -> bool {
        self.0.as_ref().is_none_or(|row| row.text("scheduleType") == "FLEXTIME")
    }

    /// Seconds by which a day may be changed without approval.
    pub fn delta(&self) -> i64 {
        self.number("maxAllowedToEdit")
    }

    /// One of its numbers.
    pub fn number(&self, name: &str) -> i64 {
        self.0.as_ref().and_then(|row| row.int(name)).unwrap_or(0)
    }
}

/// The method.
pub fn method() -> Method {
    read("timeman.schedule.get", SCOPE, get)
        .own_words()
        .about("Returns a work schedule; an empty list if there is none with that ID.")
        .param(optional("id", method::Kind::Id, "Work schedule"))
        .example(
            json!({"id": 1}),
            json!({"ID": 1, "SCHEDULE_TYPE": "FIXED", "SHIFTS": [{"WORK_DAYS": "12345"}]}),
        )
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let scope = SCHEDULE.grant(call, Act::Read)?;
    let id = call.id("id");
    Ok(match noun::one(call, &SCHEDULE, &scope, id)? {
        Some(row) => shown(call, &row),
        None => Value::List(Vec::new()),
    })
}

fn shown(call: &Call<'_, '_>, row: &Row) -> Value {
    let (id, number) = (row.number, |name: &str| row.int(name).unwrap_or(0));
    let created = moment::print(&call.caller.zone, number("createdAt"));
    let shift = json!({
        "ID": id, "NAME": "", "BREAK_DURATION": number("breakDuration"),
        "WORK_TIME_START": number("workTimeStart"), "WORK_TIME_END": number("workTimeEnd"),
        "WORK_DAYS": row.text("workDays"), "SCHEDULE_ID": id, "DELETED": false,
    });
    Value::from(json!({
        "ID": id, "NAME": row.text("name"), "SCHEDULE_TYPE": row.text("scheduleType"),
        "REPORT_PERIOD": row.text("reportPeriod"), "REPORT_PERIOD_OPTIONS": {"START_WEEK_DAY": 0},
        "CALENDAR_ID": id, "ALLOWED_DEVICES": {"browser": true}, "DELETED": "0", "IS_FOR_ALL_USERS": true,
        "WORKTIME_RESTRICTIONS": [], "CONTROLLED_ACTIONS": 3, "UPDATED_BY": 0, "DELETED_BY": 0, "DELETED_AT": "",
        "CREATED_BY": 0, "CREATED_AT": created.as_str(), "SHIFTS": [shift],
        "CALENDAR": {"ID": id, "NAME": "", "PARENT_CALENDAR_ID": 0, "SYSTEM_CODE": "", "EXCLUSIONS": []},
        "SCHEDULE_VIOLATION_RULES": rules(row),
    }))
}

/// What counts as a violation; nobody is told of one.
fn rules(row: &Row) -> Json {
    let (id, number) = (row.number, |name: &str| row.int(name).unwrap_or(0));
    let mut rules = json!({
        "ID": id, "SCHEDULE_ID": id, "ENTITY_CODE": "UA", "MAX_EXACT_START": number("maxExactStart"),
        "MIN_EXACT_END": number("minExactEnd"), "MIN_DAY_DURATION": number("minDayDuration"),
        "MAX_ALLOWED_TO_EDIT_WORK_TIME": number("maxAllowedToEdit"), "PERIOD_TIME_LACK_AGENT_ID": 0,
        "MISSED_SHIFT_START": 0,
    });
    for name in [
        "MAX_OFFSET_START",
        "MIN_OFFSET_END",
        "RELATIVE_START_FROM",
        "RELATIVE_START_TO",
        "RELATIVE_END_FROM",
        "RELATIVE_END_TO",
        "MAX_WORK_TIME_LACK_FOR_PERIOD",
        "MAX_SHIFT_START_DELAY",
    ] {
        rules[name] = (-1).into();
    }
    let told = [
        "FIXED_START_END",
        "FIXED_PER_RECORD",
        "FIXED_EDIT_WORKTIME",
        "FIXED_PERIODIC",
        "SHIFT_DELAY",
        "SHIFT_MISSED_START",
    ];
    rules["USERS_TO_NOTIFY"] = Json::from_iter(told.map(|name| (name.to_owned(), json!([]))));
    rules
}
