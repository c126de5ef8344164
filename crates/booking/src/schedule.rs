//! The methods of bookings: `booking.v1.booking.*`.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind as Given, Method, Param, optional, read, required, write};
use engine::noun::{self, Face};
use serde_json::{Value as Json, json};
use store::Param as Bound;
use wire::{Map, Value};

use crate::SCOPE;
use crate::booking::{BOOKING, GET};
use crate::kind::page;
use crate::part::{self, CLIENT, Owner};
use crate::period::Period;
use crate::waiting::{self, WAITING};
use crate::words::{self, MOST, face, id, key, missing, numbered, unfit};

const UPDATE: Face = face(1019, "Booking not found");

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        write("booking.v1.booking.add", SCOPE, add)
            .controller()
            .about("Books resources for a time.")
            .param(fields(true))
            .example(json!({"fields": example(1_790_000_000)}), json!({"id": "*"})),
        write("booking.v1.booking.update", SCOPE, update)
            .controller()
            .about("Updates the given fields of a booking.")
            .param(id("id", "Booking"))
            .param(fields(false))
            .example(json!({"id": 1, "fields": {"name": "Interview"}}), json!(true)),
        read("booking.v1.booking.get", SCOPE, get)
            .controller()
            .about("Returns a booking.")
            .param(id("id", "Booking"))
            .example(json!({"id": 1}), json!({"booking": {"id": 1, "resourceIds": [1], "datePeriod": "*"}})),
        read("booking.v1.booking.list", SCOPE, list)
            .controller()
            .about("Lists bookings, 50 per page.")
            .param(
                optional("FILTER", Given::Fields, "within: dateFrom and dateTo; client: entities")
                    .with_members(vec![
                        optional(
                            "within",
                            Given::Fields,
                            "The time to look at, dateFrom and dateTo in Unix seconds",
                        ),
                        optional("client", Given::Fields, "Clients: entities with module, code and id"),
                    ]),
            )
            .param(optional("ORDER", Given::Fields, "id, dateFrom and dateTo, each with ASC or DESC"))
            .example(
                json!({"FILTER": {"client": {"entities": [{"module": "crm", "code": "CONTACT", "id": 1}]}}}),
                json!({"booking": [{"id": 1, "name": "Consultation"}]}),
            ),
        write("booking.v1.booking.delete", SCOPE, delete)
            .controller()
            .about("Deletes a booking.")
            .param(id("id", "Booking"))
            .example(json!({"id": 1}), json!(true)),
        write("booking.v1.booking.createfromwaitlist", SCOPE, from_waiting)
            .controller()
            .about("Books resources for somebody on the waiting list, who leaves it.")
            .param(id("waitListId", "Entry of the waiting list"))
            .param(Param { required: false, ..fields(true) })
            .example(json!({"waitListId": 1, "fields": example(1_790_100_000)}), json!("*")),
    ]
}

/// A booking from then on.
fn example(from: i64) -> Json {
    let moment = |second: i64| json!({"timestamp": second, "timezone": "Europe/Berlin"});
    json!({
        "name": "Consultation", "resourceIds": [1],
        "datePeriod": {"from": moment(from), "to": moment(from + 3600)},
    })
}

fn fields(adding: bool) -> Param {
    let moment = |name, about| {
        required(name, Given::Fields, about).with_members(vec![
            required("timestamp", Given::Int, "Unix seconds"),
            required("timezone", Given::Text, "Time zone"),
        ])
    };
    let period = required("datePeriod", Given::Fields, "Time")
        .with_members(vec![moment("from", "When it begins"), moment("to", "When it ends")]);
    required("fields", Given::Fields, "Fields of the booking").with_members(vec![
        Param { required: adding, ..required("resourceIds", Given::List, "Resources") },
        optional("name", Given::Text, "Name"),
        optional("description", Given::Text, "Description"),
        Param { required: adding, ..period },
    ])
}

/// What a request gives for a booking.
fn given(call: &Call<'_, '_>, adding: bool) -> Result<Map> {
    let (given, mut row) = (call.fields("fields"), Map::new());
    let needed = ["resourceIds", "datePeriod"];
    let absent: Vec<&str> = needed.into_iter().filter(|name| adding && given.get(name).is_none()).collect();
    if !absent.is_empty() {
        return Err(missing(&absent).into());
    }
    if let Some(name) = words::name(&given, "name")? {
        row.push("name", name);
    }
    if let Some(text) = words::text(&given, "description")? {
        row.push("description", text);
    }
    if let Some(resources) = given.get("resourceIds") {
        row.push("resourceIds", resources_of(resources)?);
    }
    if let Some(period) = given.get("datePeriod") {
        let Period { from, to } = Period::read(period)?;
        row.push("dateFrom", from.0);
        row.push("zoneFrom", from.1);
        row.push("dateTo", to.0);
        row.push("zoneTo", to.1);
    }
    Ok(row)
}

/// The resources of a request, each once.
fn resources_of(given: &Value) -> Result<Vec<Value>> {
    let mut numbers: Vec<i64> = Vec::new();
    for number in given.items() {
        let number = number.as_int().ok_or_else(|| unfit("resourceIds"))?;
        if !numbers.contains(&number) {
            numbers.push(number);
        }
        if numbers.len() > MOST {
            return Err(numbered(0, format!("Too many values in resourceIds: at most {MOST}.")).into());
        }
    }
    numbers.sort_unstable();
    if numbers.is_empty() {
        return Err(numbered(1018, "Empty resource collection").into());
    }
    Ok(numbers.into_iter().map(Value::Int).collect())
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = given(call, true)?;
    Ok(Value::under("id", noun::add(call, &BOOKING, &GET, &row)?.number))
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = given(call, false)?;
    noun::update(call, &BOOKING, &UPDATE, &key(call, "id"), &row)?;
    Ok(true.into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = noun::find(call, &BOOKING, &GET, Act::Read, &key(call, "id"))?;
    Ok(Value::under("booking", noun::show(call, &BOOKING, &GET, &row)?))
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    noun::delete(call, &BOOKING, &GET, &key(call, "id"))?;
    Ok(true.into())
}

/// The entry goes, and its clients and data go over to the booking; its note is the description, where none is given.
fn from_waiting(call: &mut Call<'_, '_>) -> Result<Value> {
    let waiting = noun::find(call, &WAITING, &waiting::BOOKED, Act::Delete, &key(call, "waitListId"))?;
    let mut row = given(call, true)?;
    if row.get("description").is_none() {
        row.push("description", waiting.text("note"));
    }
    let booking = noun::add(call, &BOOKING, &GET, &row)?.number;
    part::hand_over(call, (Owner::Waiting, waiting.number), (Owner::Booking, booking))?;
    noun::delete(call, &WAITING, &waiting::BOOKED, &[Value::Int(waiting.number)])?;
    Ok(booking.into())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let filter = call.fields("FILTER");
    let (mut tests, mut values) = (Vec::new(), Vec::new());
    if let Some(within) = filter.get_any_case("within") {
        let names = ["dateFrom", "dateTo"];
        let absent: Vec<&str> = names.into_iter().filter(|name| within.get(name).is_none()).collect();
        if !absent.is_empty() {
            return Err(missing(&absent).into());
        }
        let second = |name| within.get(name).and_then(Value::as_int);
        let (Some(from), Some(to)) = (second("dateFrom"), second("dateTo")) else {
            return Err(numbered(422, "Invalid date period").into());
        };
        tests.push("t.date_from < ? AND t.date_to > ?".to_owned());
        values.extend([Bound::from(to), Bound::from(from)]);
    }
    if let Some(client) = filter.get_any_case("client") {
        let (test, of_clients) = of_clients(client)?;
        tests.push(test);
        values.extend(of_clients);
    }
    let sorted = [("id", "t.id"), ("dateFrom", "t.date_from"), ("dateTo", "t.date_to")];
    let order = words::order(call, &sorted);
    let rows = page(call, &BOOKING, &tests, values, order)?;
    Ok(Value::under("booking", noun::listed(call, &BOOKING, &GET, &rows)?))
}

/// The condition that a booking has one of these clients.
fn of_clients(given: &Value) -> Result<(String, Vec<Bound<'static>>)> {
    let entities = given.get("entities").ok_or_else(|| missing(&["entities"]))?;
    let (mut tests, mut values) = (Vec::new(), Vec::new());
    for one in entities.items().take(MOST) {
        let text = |name: &'static str| one.get(name).and_then(Value::text).ok_or_else(|| missing(&[name]));
        let (code, id) = (text("code")?.into_owned(), text("id")?);
        if text("module")? != "crm" {
            continue;
        }
        tests.push("(c.code = ? AND c.client_id = ?)");
        values.extend([Bound::from(code), Bound::from(Value::from(id.as_ref()).as_int())]);
    }
    if tests.is_empty() {
        return Ok(("1 = 0".to_owned(), values));
    }
    let sql = format!(
        "EXISTS (SELECT 1 FROM {} c WHERE c.owner = 'B' AND c.owner_id = t.id AND ({}))",
        CLIENT.table,
        tests.join(" OR ")
    );
    Ok((sql, values))
}
