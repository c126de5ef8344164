//! `event.offline.*`: the events that a webhook's integration keeps for pick-up. On the real system they are an application's;
//! a webhook gets them where its integration has an outbound part that keeps them, and else the documented refusal.

use store::Param;
use wire::filter::{Filter, Op};
use wire::order::{self, Direction};
use wire::params::Start;
use wire::{Fault, Map, Value, fault, filter};

use super::handler::Handlers;
use super::pickup::{self, Choice, Kept, Way, Which};
use engine::call::Call;
use engine::error::Result;
use engine::method::{GLOBAL, Kind, Method, optional, read, write};
use engine::moment;

/// Rows on a page, and picked up unless another number is asked for.
const PAGE: i64 = 50;
/// Rows that one call picks up at most.
const MAX: i64 = 500;
/// What opens these methods to a webhook.
const KEPT: &str = "the integration keeps its events for pick-up";

/// Tests in a filter at most.
const TESTS: usize = 100;

/// The four methods.
pub fn methods() -> Vec<Method> {
    let filter = || optional("filter", Kind::Any, "Conditions on ID, TIMESTAMP_X, EVENT_NAME, MESSAGE_ID");
    let order = || optional("order", Kind::Any, "Fields with ASC or DESC");
    let process = || optional("process_id", Kind::Any, "Name of the process that picked the events up");
    let messages = || optional("message_id", Kind::Any, "MESSAGE_ID of the events meant; by default all");
    vec![
        write("event.offline.get", GLOBAL, get)
            .about("Returns offline events and removes them from the queue.")
            .param(filter())
            .param(order())
            .param(optional("limit", Kind::Any, "Events at most, 50 by default"))
            .param(optional("clear", Kind::Any, "0 to keep the events with a process until it clears them"))
            .param(process())
            .param(optional("error", Kind::Any, "1 for the events that were marked as failed"))
            .destroys()
            .refused_unless(KEPT),
        read("event.offline.list", GLOBAL, list)
            .about("Lists the events in the offline queue.")
            .param(filter())
            .param(order())
            .refused_unless(KEPT),
        write("event.offline.clear", GLOBAL, clear)
            .about("Removes events from the offline queue.")
            .param(process())
            .param(optional("id", Kind::Any, "ID of the events meant; by default all"))
            .param(messages())
            .refused_unless(KEPT),
        write("event.offline.error", GLOBAL, error)
            .about("Marks offline events as failed.")
            .param(process())
            .param(messages())
            .refused_unless(KEPT),
    ]
}

/// The outbound webhook beside the one that calls.
fn own(call: &Call<'_, '_>) -> Result<i64> {
    let handlers = Handlers::of(&call.meta);
    let beside = |integration: i64| integration != 0 && integration == call.caller.integration_id;
    let own = handlers.all().find(|handler| handler.pickup && beside(handler.integration_id));
    match own {
        Some(handler) if !call.settings.strict => Ok(handler.id),
        _ => Err(fault::WRONG_AUTH_TYPE.into()),
    }
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = own(call)?;
    let failed = i64::from(flag(call, "error", false));
    let mut choice = choice(call, "changed, id")?;
    let and = if choice.condition.is_empty() { "" } else { " AND " };
    choice.condition = format!("failed = {failed}{and}{}", choice.condition);
    let limit = call.param("limit").and_then(Value::as_int).unwrap_or(PAGE).clamp(1, MAX);
    let way = match call.text("process_id") {
        _ if flag(call, "clear", true) => Way::Gone,
        Some(process) => Way::With(process),
        None => Way::WithNew,
    };
    let (process, picked) = pickup::pick(call.tx, id, &choice, limit, way, call.now)?;
    let mut answer = Map::with_capacity(2);
    answer.push("process_id", process.map_or(Value::Null, |process| Value::from(process.as_str())));
    let events: Vec<Value> = picked.iter().map(|one| shown(call, one, false).into()).collect();
    answer.push("events", Value::List(events));
    Ok(answer.into())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = own(call)?;
    let choice = choice(call, "id")?;
    let offset = match call.start {
        Start::At(row) => i64::from(row),
        Start::Uncounted => 0,
    };
    let (found, total) = pickup::list(call.tx, id, &choice, offset, PAGE)?;
    let end = offset + i64::try_from(found.len()).unwrap_or(0);
    call.total = Some(total);
    call.next = (!found.is_empty() && end < total).then_some(end);
    Ok(Value::List(found.iter().map(|one| shown(call, one, true).into()).collect()))
}

fn clear(call: &mut Call<'_, '_>) -> Result<Value> {
    let (id, process) = (own(call)?, process(call)?);
    let which = match call.param("id") {
        Some(ids) => Which::Ids(ids.each().filter_map(Value::as_int).collect()),
        None => messages(call),
    };
    bounded(&which)?;
    pickup::clear(call.tx, id, &process, &which)?;
    Ok(true.into())
}

fn error(call: &mut Call<'_, '_>) -> Result<Value> {
    let (id, process) = (own(call)?, process(call)?);
    let which = messages(call);
    bounded(&which)?;
    pickup::fail(call.tx, id, &process, &which)?;
    Ok(true.into())
}

fn process(call: &Call<'_, '_>) -> Result<String> {
    let missing = || Fault::argument("The parameter process_id is required.", "process_id");
    Ok(call.text("process_id").ok_or_else(missing)?)
}

fn messages(call: &Call<'_, '_>) -> Which {
    let texts = |one: &Value| one.text().map(std::borrow::Cow::into_owned);
    call.param("message_id")
        .map_or(Which::All, |given| Which::Messages(given.each().filter_map(texts).collect()))
}

fn bounded(which: &Which) -> Result<()> {
    let count = match which {
        Which::All => 0,
        Which::Ids(ids) => ids.len(),
        Which::Messages(messages) => messages.len(),
    };
    if count as i64 > MAX {
        return Err(Fault::argument(format!("At most {MAX} events can be named."), "message_id").into());
    }
    Ok(())
}

fn flag(call: &Call<'_, '_>, name: &str, usual: bool) -> bool {
    let given = call.param(name).and_then(Value::text);
    given.map_or(usual, |text| !["0", "", "N", "n", "false"].contains(&&*text))
}

/// Filter and order as the call has them.
fn choice(call: &Call<'_, '_>, usual: &str) -> Result<Choice> {
    let nothing = Value::Null;
    let mut choice = Choice::default();
    let Filter::All(tests) = filter::parse_flat(call.param("filter").unwrap_or(&nothing))? else {
        return Ok(choice);
    };
    if tests.len() > TESTS {
        return Err(
            Fault::argument(format!("A filter can have at most {TESTS} conditions."), "filter").into()
        );
    }
    let mut conditions = Vec::new();
    for test in &tests {
        if let Filter::Test { op, field, value } = test {
            conditions.push(condition(call, *op, field, value, &mut choice.params)?);
        }
    }
    choice.condition = conditions.join(" AND ");
    let mut order = Vec::new();
    for (field, direction) in order::parse_lenient(call.param("order").unwrap_or(&nothing)) {
        let word = if direction == Direction::Desc { " DESC" } else { "" };
        order.push(format!("{}{word}", column(&field)?));
    }
    order.push(usual.to_owned());
    choice.order = order.join(", ");
    Ok(choice)
}

fn column(field: &str) -> Result<&'static str> {
    match field.to_ascii_uppercase().as_str() {
        "ID" => Ok("id"),
        "TIMESTAMP_X" => Ok("changed"),
        "EVENT_NAME" => Ok("event"),
        "MESSAGE_ID" => Ok("message_id"),
        "PROCESS_ID" => Ok("process_id"),
        "ERROR" => Ok("failed"),
        _ => Err(Fault::argument(format!("Unknown field: {field}."), "filter").into()),
    }
}

fn condition(
    call: &Call<'_, '_>,
    op: Op,
    field: &str,
    value: &Value,
    params: &mut Vec<Param<'static>>,
) -> Result<String> {
    let column = column(field)?;
    let sign = match op {
        Op::Eq | Op::In => "=",
        Op::Ne | Op::NotIn => "<>",
        Op::Gt => ">",
        Op::Ge => ">=",
        Op::Lt => "<",
        Op::Le => "<=",
        _ => {
            return Err(
                Fault::argument(format!("The condition on {field} is not supported."), "filter").into()
            );
        }
    };
    let values: Vec<&Value> = value.each().collect();
    if values.is_empty() || values.len() as i64 > MAX {
        return Err(
            Fault::argument(format!("The condition on {field} needs 1 to {MAX} values."), "filter").into()
        );
    }
    for &value in &values {
        let wrong = || Fault::argument(format!("The condition on {field} has a wrong value."), "filter");
        params.push(match column {
            "changed" => call.clock().read(value).ok_or_else(wrong)?.into(),
            "id" | "failed" => value.as_int().ok_or_else(wrong)?.into(),
            _ => value.text().ok_or_else(wrong)?.into_owned().into(),
        });
    }
    let (one, join) = (format!("{column} {sign} ?"), if sign == "<>" { " AND " } else { " OR " });
    Ok(format!("({})", vec![one; values.len()].join(join)))
}

fn shown(call: &Call<'_, '_>, kept: &Kept, whole: bool) -> Map {
    let mut row = Map::with_capacity(8);
    row.push("ID", kept.id.to_string().as_str());
    row.push("TIMESTAMP_X", moment::print(&call.caller.zone, kept.changed));
    row.push("EVENT_NAME", kept.event.as_str());
    row.push("EVENT_DATA", pickup::data(kept));
    row.push("EVENT_ADDITIONAL", false);
    row.push("MESSAGE_ID", kept.message_id.as_str());
    if whole {
        row.push("PROCESS_ID", kept.process_id.as_str());
        row.push("ERROR", if kept.failed { "1" } else { "0" });
    }
    row
}
