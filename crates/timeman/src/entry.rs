//! What happened in working days, kept while time is controlled, and what people say of it:
//! `timeman.timecontrol.report.add`.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind as Type;
use engine::error::Result;
use engine::method::{self, Method, optional, required, write};
use engine::noun::{self, Access, Face, ID, Noun, Row, field, noun};
use serde_json::json;
use wire::{Fault, Map, Value};

use crate::day::{self, OfPeople};
use crate::{SCOPE, control, person};

const FACE: Face = Face { verbs: &[], ..Face::controller("timeman.entry", "entry", "entries") };

/// What happened.
pub static ENTRY: Noun = Noun {
    access: Access::Rule(&OfPeople),
    fields: &[
        ID,
        field("userId", Type::User, "Employee").required(),
        field("dayId", Type::Integer, "Working day").required().indexed(),
        field("type", Type::String, "Type").required(),
        field("startTime", Type::DateTime, "Start").required(),
        field("endTime", Type::DateTime, "End"),
        field("ip", Type::String, "IP address"),
        field("reportType", Type::String, "WORK or PRIVATE"),
        field("reportText", Type::Text, "Text"),
    ],
    faces: &[FACE],
    ..noun("timeman.entry", "timeman_entry", SCOPE, ["record of a working day", "records of working days"])
};

/// Letters of a text.
const LONGEST: usize = 4_000;

/// A kind of things that happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The day began.
    Start,
    /// It was interrupted.
    Pause,
    /// It went on.
    Continue,
    /// It ended.
    End,
}

impl Kind {
    fn code(self) -> &'static str {
        match self {
            Kind::Start => "TM_START",
            Kind::Pause => "TM_PAUSE",
            Kind::Continue => "TM_CONTINUE",
            Kind::End => "TM_END",
        }
    }
}

/// Notes that something happened in a day, from then until then, if time is controlled.
///
/// # Errors
/// Those of the store.
pub fn note(call: &mut Call<'_, '_>, row: &Row, kind: Kind, (from, until): (i64, i64)) -> Result<()> {
    if !control::Settings::read(call)?.active {
        return Ok(());
    }
    let mut fields = Map::with_capacity(6);
    fields.push("userId", row.int("userId"));
    fields.push("dayId", row.number);
    fields.push("type", kind.code());
    fields.push("startTime", from);
    fields.push("endTime", until);
    fields.push("ip", call.address.map(|address| address.to_string()));
    noun::put(call, &ENTRY, &fields).map(drop)
}

/// What happened in days that the caller may read, in order.
///
/// # Errors
/// Those of the store.
pub fn of_days(call: &mut Call<'_, '_>, days: &[Row]) -> Result<Vec<Row>> {
    let days: Vec<i64> = days.iter().map(|day| day.number).collect();
    noun::among(call, &ENTRY, "dayId", &days)
}

/// The method.
pub fn method() -> Method {
    use method::Kind::{Flag, Id, Text};
    write("timeman.timecontrol.report.add", SCOPE, add)
        .own_words()
        .about("Says the reason of what happened in a working day.")
        .param(optional("REPORT_ID", Id, "Record, or ID"))
        .param(optional("ID", Id, "Record, or REPORT_ID"))
        .param(optional("USER_ID", Id, "Employee; by default the user"))
        .param(required("TEXT", Text, "Text"))
        .param(optional("TYPE", Text, "WORK or PRIVATE"))
        .param(optional("CALENDAR", Flag, "Whether it is added to a calendar; it is not"))
        .example(json!({"REPORT_ID": 1, "TEXT": "At a customer's", "TYPE": "WORK"}), json!(true))
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let denied = || Fault::new(400, "ACCESS_ERROR", "You don't have access for this report");
    let user = match call.param("USER_ID").filter(|user| !user.is_empty()) {
        Some(_) => person::named(call).map_err(|error| error.reworded(|_| denied()))?,
        None => call.caller.user_id,
    };
    let id = [call.id("REPORT_ID"), call.id("ID")].into_iter().find(|id| *id > 0).unwrap_or(0);
    let scope = ENTRY.grant(call, Act::Update)?;
    let row = noun::one(call, &ENTRY, &scope, id)?.filter(|row| row.int("userId") == Some(user));
    let row = row.ok_or_else(denied)?;
    let text: String = call.text("TEXT").unwrap_or_default().trim().chars().take(LONGEST).collect();
    if text.is_empty() {
        return Err(Fault::new(400, "TEXT_EMPTY", "Text can't be empty").into());
    }
    let kind = call.text("TYPE").unwrap_or_default();
    let kind = if kind.eq_ignore_ascii_case("WORK") { "WORK" } else { "PRIVATE" };
    let mut fields = Map::with_capacity(2);
    fields.push("reportType", kind);
    fields.push("reportText", text);
    noun::amend(call, &ENTRY, &FACE, row.number, &fields)?;
    Ok(true.into())
}

/// How a report shows a record; who leads people is told from where it came.
pub fn shown(row: &Row, offset: i64, leads: bool, network: impl Fn(&str) -> Value) -> Value {
    let (start, end) = (row.int("startTime").unwrap_or(0), row.int("endTime").unwrap_or(0));
    let filled = |name: &str| Some(row.text(name)).filter(|text| !text.is_empty());
    let mut map = Map::with_capacity(18);
    map.push("id", row.number.to_string());
    map.push("user_id", row.int("userId").unwrap_or(0).to_string());
    map.push("type", row.text("type"));
    map.push("date_start", day::moment(start, offset));
    map.push("date_finish", day::moment(end, offset));
    map.push("duration", end - start);
    map.push("active", false);
    map.push("entry_id", row.int("dayId").unwrap_or(0).to_string());
    map.push("report_type", filled("reportType").unwrap_or("NONE"));
    map.push("report_text", row.text("reportText"));
    map.push("source_start", "TM_EVENT");
    map.push("source_finish", "TM_EVENT");
    if leads {
        map.push("system_text", Value::Null);
        for name in ["ip_start", "ip_finish"] {
            map.push(name, row.text("ip"));
        }
        for name in ["ip_start_network", "ip_finish_network"] {
            map.push(name, network(row.text("ip")));
        }
    }
    map.into_value()
}
