//! `userfieldconfig.*`: the user fields of all tables of a product, in the spelling of controllers. They are the fields of
//! `crm.lead.userfield.*` and the like.

use std::sync::Arc;

use serde_json::json;
use wire::filter::{self, Filter, Op};
use wire::{Fault, Map, Text, Value, order};

use super::{Type, change, described, labels, names, numbered, object, own_settings, yes_no};
use crate::call::Call;
use crate::entity::filter::Unknown;
use crate::entity::page::Query;
use crate::entity::table::{self, Extent};
use crate::entity::{Entity, Field, Kind, Naming};
use crate::error::{Error, Result};
use crate::input::text;
use crate::method::{self, Method, optional, read, required, write};
use crate::modules::Configured;
use crate::texts::Topic;

const SCOPE: &str = "userfieldconfig";

/// What the examples of the methods are of.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// A module.
    pub module: &'static str,
    /// A table of it.
    pub object: &'static str,
    /// The number of the user field that the demo portal has of that.
    pub number: i64,
    /// The code of another one.
    pub code: &'static str,
}

/// The methods.
pub fn methods(example: Example) -> Vec<Method> {
    let Example { module: example, object, number, code } = example;
    let module = || required("moduleId", method::Kind::Text, "Module that has the fields");
    let id = || required("id", method::Kind::Id, "ID of the field");
    let size = json!({"entityId": object, "fieldName": code, "userTypeId": "enumeration",
        "editFormLabel": {"en": "Size"}, "enum": [{"value": "Small"}, {"value": "Large", "def": "Y"}]});
    let methods = vec![
        write("userfieldconfig.add", SCOPE, add)
            .about("Adds a custom field and returns it.")
            .param(module())
            .param(required("field", method::Kind::Fields, "Settings of the field").with_members(members(true)))
            .example(
                json!({"moduleId": example, "field": size}),
                json!({"field": {"entityId": object, "fieldName": code, "userTypeId": "enumeration",
                    "enum": [{"value": "Small", "def": "N"}, {"value": "Large", "def": "Y"}]}}),
            ),
        read("userfieldconfig.get", SCOPE, get)
            .about("Returns a custom field.")
            .param(module())
            .param(id())
            .example(
                json!({"moduleId": example, "id": number}),
                json!({"field": {"id": number.to_string(), "entityId": object, "userTypeId": "string"}}),
            ),
        read("userfieldconfig.getTypes", SCOPE, types)
            .about("Lists the types of custom fields.")
            .param(module())
            .example(json!({"moduleId": example}), json!({"types": {"string": {"userTypeId": "string", "description": "*"}}})),
        read("userfieldconfig.list", SCOPE, list)
            .about("Lists custom fields by filter.")
            .param(module())
            .param(optional("select", method::Kind::Any, "Fields to return; language selects the language of the labels"))
            .param(optional("order", method::Kind::Order, "ASC or DESC by field"))
            .param(optional("filter", method::Kind::Filter, "Conditions by field"))
            .param(optional("start", method::Kind::Int, "Offset of the first row; -1 skips counting the total"))
            .example(
                json!({"moduleId": example, "filter": {"entityId": object}, "select": ["id", "fieldName"]}),
                json!({"fields": [{"id": number.to_string(), "fieldName": "*"}]}),
            ),
        write("userfieldconfig.update", SCOPE, update)
            .about("Updates a custom field and returns it. Its code, type and multiplicity cannot change.")
            .param(module())
            .param(id())
            .param(optional("field", method::Kind::Fields, "Settings to change").with_members(members(false)))
            .example(
                json!({"moduleId": example, "id": number, "field": {"sort": 300, "editFormLabel": {"en": "Area"}}}),
                json!({"field": {"id": number.to_string(), "sort": "300", "editFormLabel": {"en": "Area"}}}),
            ),
        write("userfieldconfig.delete", SCOPE, delete)
            .lengthy()
            .about("Deletes a custom field together with its values.")
            .param(module())
            .param(id())
            .example(json!({"moduleId": example, "id": number}), json!(null)),
    ];
    methods.into_iter().map(Method::controller).collect()
}

/// The settings that a request may have.
fn members(is_new: bool) -> Vec<method::Param> {
    use method::Kind::{Any, Fields, Flag, Int, List, Text};
    let immutable: &[(&'static str, method::Kind, &'static str)] = if is_new {
        &[
            ("entityId", Text, "Item type"),
            ("fieldName", Text, "Code"),
            ("multiple", Flag, "Multiple"),
            ("editInList", Flag, "Users may edit it"),
        ]
    } else {
        &[]
    };
    let own = [
        ("userTypeId", Text, "Type"),
        ("xmlId", Text, "External code"),
        ("sort", Int, "Sort index"),
        ("mandatory", Flag, "Required"),
        ("showFilter", Flag, "Show in filters"),
        ("isSearchable", Flag, "Searchable"),
        ("settings", Fields, "Type settings"),
        ("editFormLabel", Any, "Form label"),
        ("helpMessage", Any, "Help text"),
        ("enum", List, "List values"),
    ];
    let needed = ["entityId", "fieldName", "userTypeId"];
    let param = |(name, kind, about): &(&'static str, method::Kind, &'static str)| match is_new
        && needed.contains(name)
    {
        true => required(name, *kind, about),
        false => optional(name, *kind, about),
    };
    immutable.iter().chain(&own).map(param).collect()
}

/// What is managed of the module that is named. Webhooks that lack its scope are refused.
fn admit(call: &Call<'_, '_>) -> Result<Configured> {
    let named = call.text("moduleId");
    let is_named = |managed: &Configured| named.as_deref() == Some(managed.module);
    let managed = call.core.modules.listed().iter().find_map(|module| module.configured.filter(is_named));
    let Some(of) = managed else { return Err(Fault::crm("No settings for UserFieldAccess").into()) };
    let scope = of.module;
    if !call.caller.is_hookless() && !call.caller.scopes.split(',').any(|granted| granted == scope) {
        return Err(Fault::crm(format!("The current method required more scopes. ({scope})")).into());
    }
    Ok(of)
}

fn administers(call: &Call<'_, '_>, refusal: &'static str) -> Result<()> {
    if call.caller.is_admin { Ok(()) } else { Err(Fault::crm(refusal).into()) }
}

/// The tables, in the order of their numbers.
fn tables(call: &Call<'_, '_>, of: Configured) -> Vec<Arc<Entity>> {
    let ours = |entity: &&Arc<Entity>| object(entity).starts_with(of.objects);
    let mut tables: Vec<Arc<Entity>> = call.meta.all_fielded().filter(ours).cloned().collect();
    tables.sort_unstable_by_key(|entity| entity.type_id);
    tables
}

/// Those of them whose fields the caller may know: who may see an item, and administrators.
fn readable(call: &mut Call<'_, '_>, of: Configured) -> Result<Vec<Arc<Entity>>> {
    let mut tables = tables(call, of);
    if !call.caller.is_admin {
        tables.retain(|entity| (of.may_read)(call, entity));
    }
    if tables.is_empty() { Err(unreadable()) } else { Ok(tables) }
}

fn unreadable() -> Error {
    Fault::crm("You do not have permission to view user field settings").into()
}

/// The field that a request names, in one of these tables.
fn find(call: &Call<'_, '_>, tables: &[Arc<Entity>]) -> Option<(Arc<Entity>, Field)> {
    let id = call.id("id");
    tables.iter().find_map(|entity| Some((Arc::clone(entity), numbered(entity, id)?)))
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let of = admit(call)?;
    administers(call, "You cannot create custom fields")?;
    let given = call.fields("field");
    let wanted = text(&given, "entityId").unwrap_or_default();
    let entity = tables(call, of).into_iter().find(|entity| object(entity) == wanted);
    let entity = entity.ok_or_else(|| Fault::crm("Access denied"))?;
    let mut fields = names::to_legacy(&given);
    if fields.get("SHOW_IN_LIST").is_none() {
        fields.push("SHOW_IN_LIST", "Y");
    }
    let id = without_code(change::add(call, &entity, &fields))?;
    whole(call, entity.type_id, id)
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let of = admit(call)?;
    let tables = readable(call, of)?;
    let (entity, field) = find(call, &tables).ok_or_else(unreadable)?;
    Ok(wrapped(show(&entity, &field, Labels::All)))
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    const REFUSAL: &str = "You cannot change the settings of the user field";
    let of = admit(call)?;
    administers(call, REFUSAL)?;
    let found = find(call, &tables(call, of)).ok_or_else(|| Fault::crm(REFUSAL))?;
    let mut fields = names::to_legacy(&call.fields("field"));
    // List values are changed only by a request that says that they are.
    if text(&fields, "USER_TYPE_ID").as_deref() != Some("enumeration") {
        fields.remove("LIST");
    }
    let number = found.0.type_id;
    without_code(change::update(call, found, &fields))?;
    whole(call, number, call.id("id"))
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    const REFUSAL: &str = "You cannot delete the user field";
    let of = admit(call)?;
    administers(call, REFUSAL)?;
    let found = find(call, &tables(call, of)).ok_or_else(|| Fault::crm(REFUSAL))?;
    without_code(change::delete(call, found))?;
    Ok(Value::Null)
}

/// A refusal as these methods have it: they know texts, and no codes.
fn without_code<T>(result: Result<T>) -> Result<T> {
    result.map_err(|error| match error {
        Error::Fault(fault) => Fault::crm(fault.message).into(),
        other => other,
    })
}

/// A field as it is now.
fn whole(call: &Call<'_, '_>, type_id: i64, id: i64) -> Result<Value> {
    let (entity, field) = super::find(call, type_id, id)?;
    Ok(wrapped(show(&entity, &field, Labels::All)))
}

fn wrapped(field: Map) -> Value {
    Value::under("field", Value::Map(field))
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let of = admit(call)?;
    let mut tables = readable(call, of)?;
    let (wanted, language) = selected(call.param("select").unwrap_or(&Value::Null));
    let mut query = query(call)?;
    take_tables(&mut query.filter, &mut tables);
    let within = match tables.len() {
        0 => ("1 = 0".to_owned(), Vec::new()),
        count => (
            format!("t.entity_type_id IN ({})", vec!["?"; count].join(", ")),
            tables.iter().map(|entity| entity.type_id.into()).collect(),
        ),
    };
    let ids = table::ids(call, described(), Naming::Item, &query, Some(within), Extent::Page)?;
    let found =
        ids.iter().filter_map(|id| tables.iter().find_map(|entity| Some((entity, numbered(entity, *id)?))));
    let rows = found.map(|(entity, field)| {
        let labels = language.as_deref().map_or(Labels::None, Labels::In);
        let mut row = show(entity, &field, labels);
        // The values of a list come with a single field only.
        row.remove("enum");
        let is_wanted = |key: &str| wanted.is_empty() || wanted.iter().any(|name| name == key);
        Value::Map(
            row.iter()
                .filter(|(key, _)| is_wanted(key))
                .map(|(key, value)| (key.into(), value.clone()))
                .collect(),
        )
    });
    let rows: Vec<Value> = rows.collect();
    Ok(Value::under("fields", rows))
}

/// The names that a list shows, none for all; and the language of its labels.
fn selected(select: &Value) -> (Vec<String>, Option<String>) {
    let (mut wanted, mut language) = (Vec::new(), None);
    for (key, value) in select.entries() {
        match (&*key, value.text()) {
            ("language", text) => language = text.map(std::borrow::Cow::into_owned),
            (_, Some(name)) => wanted.push(name.into_owned()),
            (_, None) => {}
        }
    }
    if wanted.iter().any(|name| name == "*") {
        wanted.clear();
    }
    (wanted, language)
}

fn query(call: &Call<'_, '_>) -> Result<Query> {
    let nothing = Value::Null;
    let param = |name| call.param(name).unwrap_or(&nothing);
    Ok(Query {
        filter: filter::parse_flat(param("filter"))?,
        order: order::parse_lenient(param("order")),
        select: Vec::new(),
        unknown: if call.settings.strict_filters { Unknown::Refused } else { Unknown::Ignored },
    })
}

/// Takes the conditions on `entityId` out of a filter: of the tables those stay that they allow.
fn take_tables(filter: &mut Filter, tables: &mut Vec<Arc<Entity>>) {
    let Filter::All(tests) = filter else { return };
    tests.retain(|test| {
        let Filter::Test { op, field, value } = test else { return true };
        if field != "entityId" {
            return true;
        }
        let named = |entity: &Arc<Entity>| {
            let is = |one: &Value| one.text().is_some_and(|text| text == object(entity));
            if value.is_array() { value.items().any(is) } else { is(value) }
        };
        tables.retain(|entity| named(entity) != matches!(op, Op::Ne | Op::NotIn));
        false
    });
}

/// Which labels of a field are shown.
#[derive(Clone, Copy)]
enum Labels<'l> {
    All,
    In(&'l str),
    None,
}

fn show(entity: &Entity, field: &Field, shown: Labels<'_>) -> Map {
    let Some(user) = &field.user else { return Map::new() };
    let mut map = names::of_controllers(own_settings(entity, field, user));
    match shown {
        Labels::All => labels::show_each(&mut map, &user.labels),
        Labels::In(language) => labels::show_language(&mut map, &user.labels, language),
        Labels::None => {}
    }
    if field.kind == Kind::Enumeration {
        let choice = |choice: &crate::entity::userfield::Choice| {
            let mut map = Map::with_capacity(6);
            map.push("id", choice.id.to_string());
            map.push("userFieldId", user.id.to_string());
            map.push("value", choice.value.as_str());
            map.push("def", yes_no(choice.is_default));
            map.push("sort", choice.sort.to_string());
            map.push("xmlId", choice.xml_id.as_str());
            Value::Map(map)
        };
        map.push("enum", user.choices.iter().map(choice).collect::<Vec<_>>());
    }
    map
}

fn types(call: &mut Call<'_, '_>) -> Result<Value> {
    admit(call)?;
    let language = call.language;
    let show = |known: &&'static Type| {
        let mut map = Map::with_capacity(2);
        map.push("userTypeId", known.id);
        map.push("description", language.text(Topic::Fields, known.title));
        (Text::const_new(known.id), Value::Map(map))
    };
    Ok(Value::under("types", Value::Map(call.core.modules.user_types().iter().map(show).collect())))
}
