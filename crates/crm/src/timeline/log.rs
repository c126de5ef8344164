//! `crm.timeline.logmessage.*`: what integrations report in the timeline of an item, with a title and an icon.

use engine::access::Act;
use engine::call::Call;
use engine::entity::owner::Standing;
use engine::error::Result;
use engine::input::text;
use engine::method::{Kind, Method, Param, optional, read, required, write};
use engine::moment;
use serde_json::json;
use wire::order::Direction;
use wire::params::Start;
use wire::{Fault, Map, Value, order};

use super::entry;
use crate::SCOPE;
use crate::owner::{self, Owner};

/// What the table of entries calls a log message.
pub const KIND: &str = "log";

/// Messages on a page.
const PAGE: i64 = 10;

/// The methods.
pub fn methods() -> Vec<Method> {
    let id = || required("id", Kind::Id, "ID of the log message");
    let item: [Param; 2] = [
        required("entityTypeId", Kind::Int, "Type of the item"),
        required("entityId", Kind::Id, "ID of the item"),
    ];
    let fields = required("fields", Kind::Fields, "Fields of the log message").with_members(vec![
        item[0].clone(),
        item[1].clone(),
        required("title", Kind::Text, "Title"),
        required("text", Kind::Text, "Text"),
        required("iconCode", Kind::Text, "Code of the icon"),
    ]);
    let [type_id, item_id] = item;
    vec![
        write("crm.timeline.logmessage.add", SCOPE, add)
            .controller()
            .about("Adds a log message to the timeline of an item and returns it.")
            .param(fields)
            .example(
                json!({"fields": {
                    "entityTypeId": 2, "entityId": 1, "title": "Shop", "text": "Order 17 was paid", "iconCode": "info",
                }}),
                json!({"logMessage": {"title": "Shop", "text": "Order 17 was paid", "iconCode": "info", "authorId": 1}}),
            ),
        read("crm.timeline.logmessage.get", SCOPE, get)
            .controller()
            .about("Returns a log message.")
            .param(id())
            .example(json!({"id": 2}), json!({"logMessage": {"id": 2, "title": "Website"}})),
        read("crm.timeline.logmessage.list", SCOPE, list)
            .controller()
            .about("Lists the log messages in the timeline of an item, 10 per page.")
            .param(type_id)
            .param(item_id)
            .param(optional("order", Kind::Order, "ASC or DESC by id or created"))
            .param(optional("start", Kind::Int, "Offset of the first row; -1 skips counting the total"))
            .example(json!({"entityTypeId": 2, "entityId": 1}), json!([{"id": 2, "title": "Website"}])),
        write("crm.timeline.logmessage.delete", SCOPE, delete)
            .controller()
            .about("Deletes a log message that the same integration added.")
            .param(id())
            .example(json!({"id": 2}), json!(true)),
    ]
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let fields = call.fields("fields");
    let member = |name: &str| text(&fields, name).ok_or_else(|| Fault::missing_parameter(name));
    let (type_id, id) = (member("entityTypeId")?, member("entityId")?);
    let (title, content, icon) = (member("title")?, member("text")?, member("iconCode")?);
    let owner = Owner::numbered(call, type_id.parse().unwrap_or(0), id.parse().unwrap_or(0));
    let owner = owner.ok_or_else(owner::missing)?;
    owner.require(call, Act::Update)?;
    let sql = "INSERT INTO crm_timeline (kind, created, author_id, comment, title, icon, integration_id) \
               VALUES (?, ?, ?, ?, ?, ?, ?)";
    let params = [
        KIND.into(),
        call.now.seconds().into(),
        call.caller.user_id.into(),
        content.as_str().into(),
        title.as_str().into(),
        icon.as_str().into(),
        call.caller.integration_id.into(),
    ];
    let id = call.tx.insert(sql, &params)?;
    entry::bind(call.tx, id, &owner)?;
    owner.note_activity(call)?;
    let row = load(call, &[id])?.pop().map(|(_, shown)| shown);
    Ok(answer(row.unwrap_or_default()))
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = call.id("id");
    let found = load(call, &[id])?.pop().map(|(_, shown)| shown);
    let shown = found.ok_or_else(|| missing(id))?;
    // What may not be read is not there.
    if entry::reachable(call, id, Act::Read)?.is_empty() {
        Err(missing(id).into())
    } else {
        Ok(answer(shown))
    }
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let owner = Owner::numbered(call, call.id("entityTypeId"), call.id("entityId"));
    let owner = owner.ok_or_else(owner::missing)?;
    if owner.standing(call, Act::Read)? != Standing::Allowed {
        return Err(owner::denied().into());
    }
    let order = order::parse_lenient(call.param("order").unwrap_or(&Value::Null));
    let by = |(name, direction): &(wire::Text, Direction)| {
        let column = if name.eq_ignore_ascii_case("created") { "t.created" } else { "t.id" };
        (column, *direction == Direction::Desc)
    };
    let (column, falls) = order.first().map_or(("t.id", true), by);
    let word = if falls { "DESC" } else { "ASC" };
    let from = "FROM crm_timeline t JOIN crm_timeline_binding b ON b.entry_id = t.id \
                WHERE t.kind = ? AND b.entity_type_id = ? AND b.entity_id = ?";
    let within = [KIND.into(), owner.entity.type_id.into(), owner.id.into()];
    let offset = if let Start::At(row) = call.start { i64::from(row) } else { 0 };
    let page =
        format!("SELECT t.id {from} ORDER BY {column} {word}, t.id {word} LIMIT {PAGE} OFFSET {offset}");
    let ids = call.tx.all(&page, &within, |row| row.int(0))?;
    if call.start != Start::Uncounted {
        let total = call.tx.one(&format!("SELECT COUNT(*) {from}"), &within, |row| row.int(0))?.unwrap_or(0);
        let end = offset + ids.len() as i64;
        call.total = Some(total);
        call.next = (end < total && !ids.is_empty()).then_some(end);
    }
    Ok(load(call, &ids)?.into_iter().map(|(_, shown)| Value::Map(shown)).collect::<Vec<_>>().into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = call.id("id");
    let (integration, _) = load(call, &[id])?.pop().ok_or_else(|| missing(id))?;
    let owners = entry::bindings(call, id)?;
    for owner in &owners {
        owner.require(call, Act::Update)?;
    }
    if integration != call.caller.integration_id {
        let text = "Only the integration that added a log message may delete it.";
        return Err(Fault::new(400, "REMOVING_DISABLED", text).into());
    }
    for owner in &owners {
        entry::unbind(call.tx, id, owner)?;
    }
    entry::delete_unbound(call.tx, id)?;
    Ok(true.into())
}

/// Log messages in this order, each with the integration that added it.
fn load(call: &mut Call<'_, '_>, ids: &[i64]) -> Result<Vec<(i64, Map)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = Vec::with_capacity(ids.len());
    let sql = format!(
        "SELECT id, created, author_id, title, comment, icon, integration_id FROM crm_timeline \
         WHERE kind = ? AND id IN ({})",
        store::placeholders(ids.len())
    );
    let params: Vec<_> = [KIND.into()].into_iter().chain(ids.iter().map(|id| (*id).into())).collect();
    let zone = &call.caller.zone;
    call.tx.query(&sql, &params, |row| {
        let mut shown = Map::with_capacity(6);
        shown.push("id", row.int(0)?);
        shown.push("created", moment::print(zone, row.int(1)?));
        shown.push("authorId", row.int(2)?);
        for (at, name) in (3..).zip(["title", "text", "iconCode"]) {
            shown.push(name, row.opt_text(at)?.unwrap_or_default());
        }
        rows.push((row.int(0)?, row.opt_int(6)?.unwrap_or(0), shown));
        Ok(())
    })?;
    rows.sort_by_key(|(id, ..)| ids.iter().position(|wanted| wanted == id));
    Ok(rows.into_iter().map(|(_, integration, shown)| (integration, shown)).collect())
}

fn answer(shown: Map) -> Value {
    Value::under("logMessage", shown)
}

fn missing(id: i64) -> Fault {
    Fault::new(400, "NOT_FOUND", format!("Timeline logmessage not found for id {id}"))
}
