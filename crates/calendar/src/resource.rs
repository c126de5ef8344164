//! Resources, which are calendars without an owner, and their bookings: `calendar.resource.*`.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read, required, write};
use engine::noun::{self, Row};
use serde_json::json;
use store::Param;
use wire::{Fault, Map, Value};

use crate::SCOPE;
use crate::date::Window;
use crate::event::bookings;
use crate::event::list::{MOST, dated, seen};
use crate::refusal::{Checked, denied, require};
use crate::section::{FACE, SECTION};

const KIND: &str = "resource";

/// The methods.
pub fn methods() -> Vec<Method> {
    let id = || required("resourceId", Kind::Id, "Resource");
    let name = || required("name", Kind::Text, "Name");
    let filter = vec![
        required("resourceTypeIdList", Kind::List, "Resources; or bookings in resourceIdList"),
        optional("from", Kind::Text, "First day; a month ago otherwise"),
        optional("to", Kind::Text, "Last day; three months ahead otherwise"),
        required("resourceIdList", Kind::List, "Bookings; or resources in resourceTypeIdList"),
    ];
    vec![
        write("calendar.resource.add", SCOPE, add)
            .own_words()
            .about("Adds a resource and returns its ID.")
            .param(name())
            .example(json!({"name": "Van"}), json!("*")),
        write("calendar.resource.update", SCOPE, update)
            .own_words()
            .about("Renames a resource and returns its ID.")
            .param(id())
            .param(name())
            .example(json!({"resourceId": 4, "name": "Small projector"}), json!(4)),
        write("calendar.resource.delete", SCOPE, delete)
            .lengthy()
            .own_words()
            .about("Deletes a resource with its bookings.")
            .param(id())
            .example(json!({"resourceId": 4}), json!(true)),
        read("calendar.resource.list", SCOPE, list)
            .own_words()
            .about("Lists the resources.")
            .example(json!({}), json!([{"ID": "4", "NAME": "Projector", "CREATED_BY": "1"}])),
        read("calendar.resource.booking.list", SCOPE, booked)
            .own_words()
            .about("Lists bookings of resources.")
            .param(required("filter", Kind::Fields, "Resources and period, or bookings").with_members(filter))
            .example(
                json!({"filter": {"resourceTypeIdList": [4], "from": "2026-06-01", "to": "2026-06-30"}}),
                json!([{"ID": "6", "CAL_TYPE": "resource", "SECT_ID": "4", "IS_MEETING": false}]),
            ),
    ]
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["name"], "")?;
    let name = name(call, "creating")?;
    let given = Map::from([("NAME", name.into()), ("CAL_TYPE", KIND.into()), ("OWNER_ID", 0.into())]);
    Ok(noun::add(call, &SECTION, &FACE, &given)?.number.into())
}

fn failed(doing: &str) -> Fault {
    Fault::crm(format!("An error occurred while {doing} the resource"))
}

fn name(call: &Call<'_, '_>, doing: &str) -> Checked<String> {
    call.text("name").filter(|name| !name.trim().is_empty()).ok_or_else(|| failed(doing))
}

/// The resource that a call names, when the caller may do this to it.
fn named(call: &mut Call<'_, '_>, act: Act, doing: &str) -> Result<Row> {
    require(call, &["resourceId"], "")?;
    let scope = SECTION.grant(call, act)?;
    let is_resource = |row: &Row| row.text("calType") == KIND;
    if let Some(row) = noun::one(call, &SECTION, &scope, call.id("resourceId"))?.filter(is_resource) {
        return Ok(row);
    }
    let there = noun::again(call, &SECTION, call.id("resourceId"))?.filter(is_resource);
    Err(if there.is_some() { denied() } else { failed(doing) }.into())
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["resourceId", "name"], "")?;
    let row = named(call, Act::Update, "updating")?;
    let given = Map::from([("NAME", name(call, "updating")?.into())]);
    noun::update(call, &SECTION, &FACE, &[row.number.into()], &given)?;
    Ok(row.number.into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = named(call, Act::Delete, "deleting")?;
    noun::delete(call, &SECTION, &FACE, &[row.number.into()])?;
    Ok(true.into())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let scope = SECTION.grant(call, Act::Read)?;
    let rows = noun::rows(call, &SECTION, &scope, &[("calType", KIND.into())])?;
    let shown = rows.iter().map(|row| {
        let mut map = Map::with_capacity(3);
        map.push("ID", row.number.to_string());
        map.push("NAME", row.text("name"));
        map.push("CREATED_BY", row.int("createdBy").unwrap_or(0).to_string());
        map.into_value()
    });
    Ok(shown.collect::<Vec<_>>().into())
}

fn booked(call: &mut Call<'_, '_>) -> Result<Value> {
    let filter = call.fields("filter");
    let ids = |name: &str| {
        let given = filter.get_any_case(name).filter(|given| !given.is_empty())?;
        Some(given.each().filter_map(Value::as_int).take(MOST).collect::<Vec<_>>())
    };
    let (column, ids, bounded) = match (ids("resourceTypeIdList"), ids("resourceIdList")) {
        (Some(resources), _) => ("section_id", resources, true),
        (None, Some(bookings)) => ("id", bookings, false),
        (None, None) => {
            let text = "The required parameter \"filter['resourceTypeIdList']\" is not set for the method \
                        \"calendar.resource.booking.list\"";
            return Err(Fault::crm(text).into());
        }
    };
    if ids.is_empty() {
        return Ok(Vec::new().into());
    }
    let has = |name: &str| filter.get_any_case(name);
    // Bookings that are named come whatever the period.
    let window = match bounded || has("from").is_some() || has("to").is_some() {
        true => Window::of(call, has("from"), has("to")),
        false => Window::new(&call.caller.zone, 0, crate::date::FOREVER - 2 * crate::date::DAY),
    };
    let condition = format!("t.cal_type = 'resource' AND t.{column} IN ({})", store::placeholders(ids.len()));
    let dated = dated(call, &window, &condition, ids.into_iter().map(Param::from).collect())?;
    let entries = seen(call, dated)?;
    Ok(bookings(call, &entries).into())
}
