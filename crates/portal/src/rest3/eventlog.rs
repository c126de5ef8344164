//! `main.eventlog.*`: the audit log, for administrators.

use serde_json::json;
use wire::filter::Filter;
use wire::{Map, Value, exception};

use engine::access::Act;
use engine::call::Call;
use engine::dto::{Ask, Dto, FACE, Page, Pages, Type, Verb, View, described_for, items, property};
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, Method, optional, read};
use engine::noun::{self, Access, Asked, Face, Hooks, ID, Noun, Row, field, noun};

const SCOPE: &str = "main";
const PAGES: Pages = Pages { usual: 50, most: 1000 };

/// Entries of the audit log; they are written by [`engine::audit`].
pub static ENTRY: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID,
        field("at", Kind::DateTime, "Moment").read_only(),
        field("userId", Kind::User, "User").read_only(),
        field("address", Kind::String, "Address").read_only(),
        field("action", Kind::String, "Action").read_only(),
        field("object", Kind::String, "Object").read_only(),
        field("detail", Kind::String, "Details").read_only(),
    ],
    faces: &[Face { verbs: &[], ..FACE }],
    hooks: &Shown,
    ..noun("system.audit", "audit", SCOPE, ["entry of the audit log", "entries of the audit log"])
};

/// What entries look like.
static DTO: Dto = Dto {
    name: "EventLogDto",
    properties: &[
        property("id", Type::Int).filterable().sortable(),
        property("timestampX", Type::Moment).of("at").filterable().sortable(),
        property("severity", Type::String),
        property("auditTypeId", Type::String).of("action").filterable().sortable(),
        property("moduleId", Type::String),
        property("itemId", Type::String),
        property("remoteAddr", Type::String).of("address").filterable().sortable(),
        property("userAgent", Type::String),
        property("requestUri", Type::String),
        property("siteId", Type::String),
        property("userId", Type::Int).filterable().sortable(),
        property("guestId", Type::Int),
        property("description", Type::String).of("detail").filterable().sortable(),
    ],
};

static VIEW: View = View {
    path: "main.eventlog",
    scope: SCOPE,
    noun: &ENTRY,
    dto: &DTO,
    verbs: &[
        (Verb::Get, "Returns an entry of the audit log. For administrators."),
        (Verb::List, "Lists entries of the audit log by filter. For administrators."),
    ],
    face: FACE,
    pages: PAGES,
    sample: || json!({}),
};

/// The methods.
pub fn methods() -> Vec<Method> {
    let mut methods = VIEW.methods();
    methods.push(
        read("main.eventlog.tail", SCOPE, tail)
            .v3(Some(&DTO))
            .about("Lists the entries of the audit log behind a cursor. For administrators.")
            .selects()
            .param(optional(
                "filter",
                method::Kind::Filter,
                "Conditions: [field, operator, value], or groups of them",
            ))
            .param(optional("cursor", method::Kind::Any, "Where to go on, and how far").with_members(vec![
                optional("field", method::Kind::Text, "Name of the field"),
                optional("value", method::Kind::Any, "Value of the last row that was read"),
                optional("order", method::Kind::Text, "ASC or DESC"),
                optional("limit", method::Kind::Int, "Rows on a page"),
            ]))
            .example(json!({"cursor": {"field": "id", "value": 0, "order": "ASC"}}), json!({"items": "*"})),
    );
    methods.extend(described_for("main.eventlog", SCOPE, &DTO, administrators));
    methods
}

fn administrators(call: &mut Call<'_, '_>) -> Result<()> {
    if call.caller.is_admin { Ok(()) } else { Err(exception::access_denied().into()) }
}

/// Entries stand in the order of their numbers, and so does the log.
fn tail(call: &mut Call<'_, '_>) -> Result<Value> {
    administrators(call)?;
    let cursor = call.param("cursor").cloned().unwrap_or_default();
    if !cursor.is_empty() && !matches!(cursor, Value::Map(_)) {
        return Err(exception::invalid_pagination("cursor").into());
    }
    let Page { limit, .. } =
        PAGES.read(&cursor.get("limit").map_or(Value::Null, |limit| Value::under("limit", limit.clone())))?;
    let name = cursor.get("field").map_or(Some("id"), Value::as_str).unwrap_or_default();
    if name != "id" {
        return Err(exception::invalid_pagination(name).into());
    }
    let falls = match cursor.get("order").map_or(Some("ASC"), Value::as_str) {
        Some(word) if word.eq_ignore_ascii_case("asc") => false,
        Some(word) if word.eq_ignore_ascii_case("desc") => true,
        _ => return Err(exception::invalid_pagination("cursor.order").into()),
    };
    let value = match cursor.get("value") {
        None | Some(Value::Null) => {
            if falls {
                i64::MAX
            } else {
                0
            }
        }
        Some(Value::Int(value)) => *value,
        Some(_) => return Err(exception::invalid_pagination("cursor.value").into()),
    };
    let ask = Ask { page: Page { limit, offset: 0 }, ..Ask::read(call, &DTO, PAGES)? };
    if tests_id(&ask.filter) {
        return Err(exception::invalid_filter(call.param("filter").unwrap_or(&Value::Null)).into());
    }
    let (select, asked) = ask.rows();
    let (sign, word) = if falls { ("<", "DESC") } else { (">", "ASC") };
    let asked = Asked {
        within: Some((format!("t.id {sign} ?"), vec![value.into()])),
        order: Some(noun::Order::default().by("t.id", word)),
        ..asked
    };
    let scope = ENTRY.grant(call, Act::Read)?;
    let rows = noun::asked(call, &ENTRY, &scope, asked)?;
    Ok(items(VIEW.show(call, &rows, &select)?))
}

/// Whether a filter tests the number, by which the cursor goes.
fn tests_id(filter: &Filter) -> bool {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => parts.iter().any(tests_id),
        Filter::Test { field, .. } => field == "id",
    }
}

/// What the log does not say of itself.
struct Shown;

impl Hooks for Shown {
    fn show(&self, _: &mut Call<'_, '_>, _: &Face, rows: &[Row], shown: &mut [Map], _: bool) -> Result<()> {
        for (row, map) in rows.iter().zip(shown) {
            let object = row.text("object");
            map.push("severity", "SECURITY");
            map.push("moduleId", "main");
            map.push("itemId", object.split_once(':').map_or(object, |(_, id)| id));
            map.push("siteId", "s1");
        }
        Ok(())
    }
}
