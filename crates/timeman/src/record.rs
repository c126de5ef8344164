//! `timeman.record.*` of REST 3.0: the working days of an employee.

use engine::access::Act;
use engine::call::Call;
use engine::dto::{Ask, Dto, Pages, Select, Type, described, items, property};
use engine::error::Result;
use engine::method::{Kind, Method, optional, read, required};
use engine::moment;
use engine::noun::{self, Asked, Row};
use serde_json::json;
use wire::filter::{Filter, Op};
use wire::order::Direction;
use wire::{Map, Text, Value, exception};

use crate::day::{self, DAY};
use crate::{SCOPE, person};

const PAGES: Pages = Pages { usual: 50, most: 1000 };

/// What working days look like.
static DTO: Dto = Dto {
    name: "RecordDto",
    properties: &[
        property("id", Type::Int).sortable(),
        property("userId", Type::Int).filterable().sortable(),
        property("startTime", Type::Moment).filterable().sortable(),
        property("endTime", Type::Moment).sortable(),
        property("duration", Type::Int).sortable(),
        property("breakLength", Type::Int),
        // A code, which descriptions call an object.
        property("state", Type::Object),
        property("isApproved", Type::Bool),
    ],
};

/// The methods.
pub fn methods() -> Vec<Method> {
    let mut methods = vec![
        read("timeman.record.list", SCOPE, list)
            .v3(Some(&DTO))
            .about("Lists the working days of an employee.")
            .selects()
            .param(required(
                "filter",
                Kind::Filter,
                "Conditions: [field, operator, value], one of them on userId",
            ))
            .param(optional("order", Kind::Order, "ASC or DESC by field"))
            .param(PAGES.param())
            .example(
                json!({
                    "filter": [["userId", 1], ["startTime", ">=", "2026-06-01T00:00:00+00:00"]],
                    "select": ["id", "startTime", "state"], "order": {"startTime": "DESC"},
                }),
                json!({"items": [{"id": 1, "state": "OPENED"}]}),
            ),
    ];
    methods.extend(described("timeman.record", SCOPE, &DTO));
    methods
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let ask = Ask::read(call, &DTO, PAGES)?;
    let mut users = Vec::new();
    if !name_users(&ask.filter, &mut users) {
        return Err(exception::invalid_filter(&"filter.userId".into()).into());
    }
    users.dedup();
    let user = match users.as_slice() {
        [] => return Err(exception::request(vec![exception::missing("filter.userId")]).into()),
        [user] => *user,
        _ => return Err(exception::invalid_filter(&"filter.userId".into()).into()),
    };
    if !person::manages(call, user) {
        return Err(exception::access_denied().into());
    }
    let order = sorted(&ask.order);
    let (select, asked) = Ask { order: Vec::new(), ..ask }.rows();
    let asked =
        Asked { within: Some(("t.user_id = ?".to_owned(), vec![user.into()])), order: Some(order), ..asked };
    let scope = DAY.grant(call, Act::Read)?;
    let rows = noun::asked(call, &DAY, &scope, asked)?;
    Ok(items(rows.iter().map(|row| show(call, row, &select)).collect()))
}

/// Collects the users that a filter names; false if it compares them in a way that does not name them.
fn name_users(filter: &Filter, users: &mut Vec<i64>) -> bool {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => parts.iter().all(|part| name_users(part, users)),
        Filter::Test { op: Op::Eq | Op::In, field, value } if field == "userId" => {
            users.extend(value.each().filter_map(Value::as_int));
            users.sort_unstable();
            true
        }
        Filter::Test { field, .. } => field != "userId",
    }
}

/// The order. The duration is no column, and a day that goes on ends before all others.
fn sorted(order: &[(Text, Direction)]) -> noun::Order {
    let one = |sorted: noun::Order, (name, direction): &(Text, Direction)| {
        let by = match name.as_ref() {
            "userId" => "t.user_id",
            "startTime" => "t.start_time",
            "endTime" => "COALESCE(t.end_time, 0)",
            "duration" => "COALESCE(t.end_time - t.start_time - t.break_length, 0)",
            _ => "t.id",
        };
        sorted.by(by, if *direction == Direction::Desc { "DESC" } else { "ASC" })
    };
    order.iter().fold(noun::Order::default(), one).by("t.id", "ASC")
}

fn show(call: &Call<'_, '_>, row: &Row, select: &Select) -> Map {
    let moment = |at: Option<i64>| Value::from(at.map(|at| moment::print(&call.caller.zone, at)));
    let values = Map::from([
        ("id", Value::Int(row.number)),
        ("userId", row.int("userId").into()),
        ("startTime", moment(row.int("startTime"))),
        ("endTime", moment(row.int("endTime"))),
        ("duration", day::duration(row).into()),
        ("breakLength", row.int("breakLength").unwrap_or(0).into()),
        ("state", day::state(row, call.now.seconds()).into()),
        ("isApproved", (row.text("isApproved") == "Y").into()),
    ]);
    select.show(&DTO, values)
}
