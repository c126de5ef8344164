//! `crm.tracking.trace.*`: how a visitor came, as the tracker of a site tells it, and the items that came of it.

use engine::access::Act;
use engine::call::Call;
use engine::entity::owner::Standing;
use engine::entity::{Entity, Kind};
use engine::error::Result;
use engine::method::{self, Method, optional, required, write};
use engine::noun::{self, Access, Face, ID, Noun, Stamp, field, noun};
use serde_json::json;
use wire::{Fault, Map, Value, json};

use crate::SCOPE;
use crate::owned::{ByOwner, Code};
use crate::owner::Owner;

/// Whoever may change an item may say how it came about.
static ITEMS: ByOwner = ByOwner {
    fields: &["entityTypeId", "entityId"],
    code: Code::Number,
    may_own: |entity: &Entity| KINDS.contains(&&*entity.code),
};

/// The kinds of items that traces lead to.
const KINDS: [&str; 5] = ["COMPANY", "CONTACT", "DEAL", "LEAD", "QUOTE"];

/// Items that one trace leads to.
const MOST: usize = 100;

/// Traces.
pub static TRACE: Noun = Noun {
    access: Access::Everybody,
    fields: &[
        ID,
        field("dateCreate", Kind::DateTime, "Created").stamped(Stamp::Created),
        field("createdById", Kind::User, "Created by").stamped(Stamp::CreatedBy),
        field("trace", Kind::Json, "Trace"),
    ],
    faces: &[TRACES],
    ..noun("crm.tracking.trace", "crm_trace", SCOPE, ["trace", "traces"])
};

/// The items of traces.
pub static ITEM: Noun = Noun {
    access: Access::Rule(&ITEMS),
    fields: &[
        ID,
        field("traceId", Kind::Integer, "Trace").indexed(),
        field("entityTypeId", Kind::Integer, "Kind of the item"),
        field("entityId", Kind::Integer, "Item").indexed(),
    ],
    faces: &[LEADS_TO],
    ..noun("crm.tracking.item", "crm_trace_item", SCOPE, ["item of a trace", "items of traces"])
};

const TRACES: Face = Face { verbs: &[], ..Face::legacy("crm.tracking.trace") };
const LEADS_TO: Face = Face { verbs: &[], ..Face::legacy("crm.tracking.item") };

fn example() -> serde_json::Value {
    json!({
        "TRACE": "{\"tags\":{\"list\":{\"utm_source\":\"newsletter\"}}}",
        "ENTITIES": [{"TYPE": "LEAD", "ID": 1}],
    })
}

/// The methods.
pub fn methods() -> Vec<Method> {
    let members = vec![
        required("TYPE", method::Kind::Text, "COMPANY, CONTACT, DEAL, LEAD or QUOTE"),
        required("ID", method::Kind::Int, "ID of the item"),
    ];
    vec![
        write("crm.tracking.trace.add", SCOPE, add)
            .own_words()
            .about(
                "Keeps how a visitor came, with the items that came of it, and returns the ID of the trace.",
            )
            .param(required("TRACE", method::Kind::Any, "Trace of the visitor, as JSON"))
            .param(optional("ENTITIES", method::Kind::List, "Items that came of it").with_members(members))
            .example(example(), json!("*")),
        write("crm.tracking.trace.delete", SCOPE, delete)
            .own_words()
            .about("Deletes a trace, as far as the caller may change the items that it leads to.")
            .param(required("id", method::Kind::Int, "ID of the trace"))
            .example(json!({"id": 1}), json!(null)),
    ]
}

/// The items of something that goes lead to nothing any more.
pub fn forget(call: &mut Call<'_, '_>, entity: &Entity, id: i64) -> Result<()> {
    if !(ITEMS.may_own)(entity) {
        return Ok(());
    }
    let sql = "DELETE FROM crm_trace_item WHERE entity_type_id = ? AND entity_id = ?";
    call.tx.execute(sql, &[entity.type_id.into(), id.into()])?;
    Ok(())
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let trace = match call.param("TRACE").filter(|trace| !trace.is_empty()) {
        None => return Err(Fault::core("Parameter `TRACE` required.").into()),
        Some(trace) if trace.is_array() => trace.clone(),
        Some(text) => parse(&text.text().unwrap_or_default())?,
    };
    let items = items(call)?;
    let mut given = Map::with_capacity(1);
    given.push("TRACE", trace);
    let id = noun::add(call, &TRACE, &TRACES, &given)?.number;
    for item in items {
        let mut given = Map::with_capacity(3);
        given.push("TRACE_ID", id);
        given.push("ENTITY_TYPE_ID", item.entity.type_id);
        given.push("ENTITY_ID", item.id);
        noun::add(call, &ITEM, &LEADS_TO, &given)?;
    }
    Ok(id.into())
}

fn parse(text: &str) -> Result<Value> {
    let parsed = json::decode(text.as_bytes(), &wire::Limits::default()).filter(Value::is_array);
    parsed.ok_or_else(|| Fault::core("Can not parse JSON in parameter `TRACE`.").into())
}

/// The items that a request names, each of which the caller may change.
fn items(call: &mut Call<'_, '_>) -> Result<Vec<Owner>> {
    let given = call.param("ENTITIES").cloned().unwrap_or_default();
    let mut items: Vec<Owner> = Vec::new();
    for one in given.items().take(MOST) {
        let kind = one.get("TYPE").and_then(Value::text).unwrap_or_default().to_ascii_uppercase();
        let Some(id) = one.get("ID").and_then(Value::as_int).filter(|id| *id > 0) else {
            return Err(Fault::core("Wrong ID in parameter `ENTITIES`.").into());
        };
        let item = KINDS.contains(&kind.as_str()).then(|| Owner::named(call, &kind, id)).flatten();
        let Some(item) = item else {
            let text = format!("Wrong TYPE in parameter `ENTITIES`. Allowed types: {}", KINDS.join(","));
            return Err(Fault::core(text).into());
        };
        if item.standing(call, Act::Update)? != Standing::Allowed {
            return Err(Fault::core(format!("You have no access to entity {kind} with ID {id}.")).into());
        }
        if !items.iter().any(|known| known.is(&item)) {
            items.push(item);
        }
    }
    Ok(items)
}

/// What leads to items that the caller may not change stays.
fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let Some(id) = call.param("id").and_then(Value::as_int).filter(|id| *id > 0) else {
        return Err(Fault::core("Parameter `id` required.").into());
    };
    let scope = ITEM.grant(call, Act::Delete)?;
    for item in noun::rows(call, &ITEM, &scope, &[("traceId", id.into())])? {
        noun::delete(call, &ITEM, &LEADS_TO, &[item.number.into()])?;
    }
    let sql = "SELECT id FROM crm_trace_item WHERE trace_id = ? LIMIT 1";
    if call.tx.one(sql, &[id.into()], |row| row.int(0))?.is_none() {
        noun::clear(call, &TRACE, &[("id", id.into())])?;
    }
    Ok(Value::Null)
}
