//! Reading activities.

use std::collections::HashMap;

use engine::access::Act;
use engine::call::Call;
use engine::entity::owner::Standing;
use engine::entity::{Field, Naming, Place, codec, table as tables};
use engine::error::Result;
use engine::files;
use engine::query;
use store::{Cell, Param};
use wire::filter::Filter;
use wire::order::Direction;
use wire::{Fault, Map, Text, Value};

use super::{binding, communication, fields};
use crate::owner::Owner;

/// The state of an activity before it is changed.
#[derive(Debug)]
pub struct Current {
    /// Its number.
    pub id: i64,
    /// The item that owns it.
    pub owner: Option<Owner>,
    /// Its type.
    pub type_id: i64,
    /// Its provider.
    pub provider: String,
    /// When it begins.
    pub start: Option<i64>,
    /// When it ends.
    pub end: Option<i64>,
    /// Whether it is completed.
    pub completed: bool,
    /// Its settings, as JSON.
    pub settings: Option<String>,
}

impl Current {
    /// The activity with this number.
    pub fn load(call: &mut Call<'_, '_>, id: i64) -> Result<Option<Self>> {
        let sql = format!(
            "SELECT owner_type_id, owner_id, type_id, provider_id, start_time, end_time, completed, settings \
             FROM crm_activity WHERE id = ?{}",
            if call.method.writes { call.tx.dialect().for_update() } else { "" }
        );
        let found = call.tx.one(&sql, &[id.into()], |row| {
            let current = Current {
                id,
                owner: None,
                type_id: row.int(2)?,
                provider: row.opt_text(3)?.unwrap_or_default().to_owned(),
                start: row.opt_int(4)?,
                end: row.opt_int(5)?,
                completed: row.opt_text(6)? == Some("Y"),
                settings: row.opt_text(7)?.map(str::to_owned),
            };
            Ok((current, row.opt_int(0)?.unwrap_or(0), row.opt_int(1)?.unwrap_or(0)))
        })?;
        Ok(found.map(|(current, type_id, owner)| Current {
            owner: Owner::numbered(call, type_id, owner),
            ..current
        }))
    }

    /// Whether the caller may change it: who may change its owner.
    pub fn is_writable(&self, call: &mut Call<'_, '_>) -> Result<bool> {
        match &self.owner {
            Some(owner) => Ok(owner.standing(call, Act::Update)? == Standing::Allowed),
            None => Ok(call.caller.is_admin),
        }
    }
}

/// One activity with all its fields, and its files when it has some. The caller's right to read it was checked.
pub fn whole(call: &mut Call<'_, '_>, id: i64) -> Result<Option<Map>> {
    let table = fields::table();
    let shown: Vec<&Field> =
        table.fields.iter().filter(|field| is_usual(field) || *field.code == *"FILES").collect();
    let mut row = load(call, &[id], &shown)?.remove(&id);
    if let Some(row) = &mut row
        && row.get("FILES").is_some_and(Value::is_empty)
    {
        row.remove("FILES");
    }
    Ok(row)
}

/// A page of activities by filter, order and select.
pub fn list(call: &mut Call<'_, '_>) -> Result<Vec<Value>> {
    let mut query = query::legacy(call, fields::table())?;
    if query.order.is_empty() {
        query.order.push((Text::const_new("START_TIME"), Direction::Asc));
    }
    let bound = take_bound(&mut query.filter);
    let (table, within) = match bound {
        None => (fields::table(), binding::within_reach(call)),
        Some((condition, mut params)) => {
            let visible = binding::visible(call).map(|(visible, values)| {
                params.extend(values);
                format!(" AND {visible}")
            });
            let condition = format!("b.activity_id = t.id AND {condition}{}", visible.unwrap_or_default());
            (fields::bound(), Some((condition, params)))
        }
    };
    let ids = tables::ids(call, table, Naming::Legacy, &query, within, tables::Extent::Page)?;
    let shown = selected(&query.select);
    let rows = load(call, &ids, &shown)?;
    // An activity stands in the list once for each of the bindings that were asked for.
    Ok(ids.iter().filter_map(|id| rows.get(id).cloned()).map(Value::Map).collect())
}

/// Takes the test of `BINDINGS` out of a filter: the condition on bindings `b`, and its values. Each of them may name a
/// type of items, an item, or both.
fn take_bound(filter: &mut Filter) -> Option<(String, Vec<Param<'static>>)> {
    let Filter::All(tests) = filter else { return None };
    let at =
        tests.iter().position(|test| matches!(test, Filter::Test { field, .. } if field == "BINDINGS"))?;
    let Filter::Test { value, .. } = tests.remove(at) else { return None };
    let one = value.get("OWNER_TYPE_ID").is_some() || value.get("OWNER_ID").is_some();
    let (mut parts, mut params) = (Vec::new(), Vec::new());
    for asked in std::iter::once(&value).filter(|_| one).chain(value.items().filter(|_| !one)) {
        let mut tests = Vec::new();
        for (name, column) in [("OWNER_TYPE_ID", "b.owner_type_id"), ("OWNER_ID", "b.owner_id")] {
            let ids: Vec<i64> =
                asked.get(name).into_iter().flat_map(Value::each).filter_map(Value::as_int).collect();
            if !ids.is_empty() {
                tests.push(format!("{column} IN ({})", store::placeholders(ids.len())));
                params.extend(ids.into_iter().map(Param::from));
            }
        }
        if !tests.is_empty() {
            parts.push(format!("({})", tests.join(" AND ")));
        }
    }
    (!parts.is_empty()).then(|| (format!("({})", parts.join(" OR ")), params))
}

/// Whether lists show a field without being asked for it by name.
fn is_usual(field: &Field) -> bool {
    !fields::SELECTED.contains(&&*field.code)
}

/// The fields that a `select` names; the usual ones when it names none, or `*`.
fn selected(select: &[Text]) -> Vec<&'static Field> {
    let usual = select.is_empty() || select.iter().any(|name| name == "*");
    let named = |code: &str| {
        // Files are asked for by the name of where they are kept, too.
        select.iter().any(|name| *name == *code || (code == "FILES" && name == "STORAGE_ELEMENT_IDS"))
    };
    let wanted = |field: &&Field| (usual && is_usual(field)) || *field.code == *"ID" || named(&field.code);
    fields::table().fields.iter().filter(wanted).collect()
}

/// These fields of activities, by id.
fn load(call: &mut Call<'_, '_>, ids: &[i64], shown: &[&Field]) -> Result<HashMap<i64, Map>> {
    let mut rows = HashMap::with_capacity(ids.len());
    if ids.is_empty() {
        return Ok(rows);
    }
    let stored = || shown.iter().filter(|field| field.place == Place::Column);
    let columns: String = stored().map(|field| format!(", {}", field.column())).collect();
    let sql =
        format!("SELECT id{columns} FROM crm_activity WHERE id IN ({})", store::placeholders(ids.len()));
    let params: Vec<Param<'_>> = ids.iter().map(|id| Param::from(*id)).collect();
    let (zone, core, now) = (&call.caller.zone, call.core, call.now);
    call.tx.query(&sql, &params, |row| {
        let mut map = Map::with_capacity(shown.len());
        for (at, field) in (1..).zip(stored()) {
            let value = match (&*field.code, row.cell(at)?) {
                ("FILES", cell) => show_files(cell, |id| files::link(core, id, now)),
                (code, Cell::Text(json)) if fields::FREE.contains(&code) => fields::show(Some(json)),
                (code, Cell::Null) if fields::FREE.contains(&code) => fields::show(None),
                (_, cell) => codec::show(field, cell, Naming::Legacy, zone),
            };
            map.push(&*field.code, value);
        }
        rows.insert(row.int(0)?, map);
        Ok(())
    })?;
    let asked = |code: &str| shown.iter().any(|field| *field.code == *code);
    if asked("COMMUNICATIONS") {
        let mut all = communication::show(call, ids)?;
        for (id, row) in &mut rows {
            row.push("COMMUNICATIONS", all.remove(id).unwrap_or_default());
        }
    }
    if asked("BINDINGS") {
        let mut all = show_bindings(call, ids)?;
        for (id, row) in &mut rows {
            row.push("BINDINGS", all.remove(id).unwrap_or_default());
        }
    }
    Ok(rows)
}

/// `[{id, url}]`
fn show_files(cell: Cell<'_>, link: impl Fn(i64) -> String) -> Value {
    let Cell::Text(list) = cell else { return Value::List(Vec::new()) };
    let ids: Vec<i64> = serde_json::from_str(list).unwrap_or_default();
    let show = |id: i64| {
        let mut file = Map::with_capacity(2);
        file.push("id", id);
        file.push("url", link(id));
        Value::Map(file)
    };
    Value::List(ids.into_iter().map(show).collect())
}

/// The items that activities are bound to, as far as the caller may read them.
fn show_bindings(call: &mut Call<'_, '_>, ids: &[i64]) -> Result<HashMap<i64, Vec<Value>>> {
    let mut shown: HashMap<i64, Vec<Value>> = HashMap::new();
    for item in binding::readable(call, ids)? {
        let mut map = Map::with_capacity(2);
        map.push("OWNER_ID", item.id.to_string());
        map.push("OWNER_TYPE_ID", item.type_id.to_string());
        shown.entry(item.activity).or_default().push(Value::Map(map));
    }
    Ok(shown)
}

/// The refusal of an activity that is not there, in the words of `crm.activity.*`.
pub fn missing() -> Fault {
    Fault::crm("Activity is not found")
}

/// The refusal of one that is out of reach.
pub fn denied() -> Fault {
    Fault::crm("Access denied.")
}
