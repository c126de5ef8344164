//! Making one item of several: the first takes over what it lacks, and everything that belonged to the others.

use std::sync::Arc;

use engine::call::Call;
use engine::entity::change::Change;
use engine::entity::compare::{Before, Beyond};
use engine::entity::owner::touch;
use engine::entity::{Draft, Entity, Field, Kind, Naming, Place, binding, codec, multifield, save};
use engine::error::Result;
use store::Param;
use wire::Map;

use crate::items;

/// How two values of a field become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    /// The item that stays keeps its own
    Keep,
    /// The item that stays takes the other one where it has none
    Fill,
    /// The same, but two different ones cannot be merged
    Agree,
    /// Both texts, one below the other
    Join,
    /// The members of both lists
    Unite,
}

/// Fields that say how an item is worked on or where it comes from: the item that stays keeps its own, or takes what it lacks.
const KEPT: [&str; 4] = ["ASSIGNED_BY_ID", "BEGINDATE", "CLOSEDATE", "CURRENCY_ID"];
const FILLED: [&str; 11] = [
    "ORIGINATOR_ID",
    "ORIGIN_ID",
    "ORIGIN_VERSION",
    "UTM_SOURCE",
    "UTM_MEDIUM",
    "UTM_CAMPAIGN",
    "UTM_CONTENT",
    "UTM_TERM",
    "WEBFORM_ID",
    "ADDRESS_LOC_ADDR_ID",
    "REG_ADDRESS_LOC_ADDR_ID",
];
/// The sums that are in the currency of an item.
const SUMS: [&str; 2] = ["OPPORTUNITY", "REVENUE"];

/// Merges items of an entity that the caller may change and delete; false, and nothing done, when they contradict each other.
pub(super) fn merge(
    call: &mut Call<'_, '_>,
    entity: &Arc<Entity>,
    into: i64,
    others: &[i64],
) -> Result<bool> {
    let fields: Vec<&Field> =
        entity.fields.iter().filter(|field| field.place == Place::Column && *field.code != *"ID").collect();
    let kind = call.portal_name(&entity.title).to_owned();
    let mut ours = values(call, entity, &fields, into)?;
    let (mut taken, mut files) = (vec![false; fields.len()], Vec::new());
    for other in others {
        let theirs = values(call, entity, &fields, *other)?;
        let untitled = [format!("{kind} #{into}"), format!("{kind} #{other}")];
        let Some(changes) = compare(entity, &fields, &untitled, &ours, &theirs) else { return Ok(false) };
        for (at, value) in changes {
            if fields[at].kind == Kind::File {
                files.push((*other, fields[at]));
            }
            (ours[at], taken[at]) = (value, true);
        }
    }
    let beyond = Beyond { multifields: true, links: true, products: false };
    let before = Before::of(call, entity, into, beyond)?;
    for (other, field) in files {
        let sql = format!("UPDATE {} SET {} = NULL WHERE id = ?", entity.table(), field.column());
        call.tx.execute(&sql, &[other.into()])?;
    }
    let nothing = Map::new();
    let mut draft = Draft::read(call, entity, Naming::Legacy, &nothing, Some(into))?;
    for (field, value) in
        fields.iter().zip(ours).zip(taken).filter(|(_, taken)| *taken).map(|(change, _)| change)
    {
        draft.set(&field.code, value);
    }
    save::update(call, &draft, into)?;
    for other in others {
        hand_over(call, entity, *other, into)?;
    }
    let mut draft = Draft::read(call, entity, Naming::Legacy, &nothing, Some(into))?;
    items::note_reachable(call, &mut draft, Some(into))?;
    save::update(call, &draft, into)?;
    touch(call, entity, into, before)?;
    for other in others {
        items::delete(call, entity, Naming::Legacy, *other)?;
    }
    Ok(true)
}

/// The values of an item, in the order of the fields. It is locked.
fn values(
    call: &mut Call<'_, '_>,
    entity: &Entity,
    fields: &[&Field],
    id: i64,
) -> Result<Vec<Param<'static>>> {
    let columns: Vec<&str> = fields.iter().map(|field| field.column()).collect();
    let lock = call.tx.dialect().for_update();
    let sql = format!("SELECT {} FROM {} WHERE id = ?{lock}", columns.join(", "), entity.table());
    let found = call.tx.one(&sql, &[id.into()], |row| {
        (0..columns.len()).map(|column| Ok(codec::owned(row.cell(column)?))).collect()
    })?;
    Ok(found.unwrap_or_else(|| vec![Param::Null; fields.len()]))
}

/// What the item that stays takes over, by the places of the fields; `None` when the two contradict each other.
fn compare(
    entity: &Entity,
    fields: &[&Field],
    untitled: &[String],
    ours: &[Param<'static>],
    theirs: &[Param<'static>],
) -> Option<Vec<(usize, Param<'static>)>> {
    let mut changes = Vec::new();
    for (at, field) in fields.iter().enumerate() {
        let is_empty = |value: &Param<'static>| match value {
            Param::Text(text) => {
                text.is_empty() || *text == "[]" || untitled.iter().any(|title| *title == **text)
            }
            Param::Int(number) => *number == 0,
            Param::Real(number) => *number == 0.0,
            _ => true,
        };
        let (own, other) = (&ours[at], &theirs[at]);
        let rule = rule(entity, field);
        if rule == Rule::Keep || is_empty(other) || is_same(own, other) {
            continue;
        }
        match rule {
            _ if is_empty(own) => changes.push((at, other.clone())),
            Rule::Agree => return None,
            Rule::Join | Rule::Unite => changes.extend(united(rule, own, other).map(|value| (at, value))),
            Rule::Keep | Rule::Fill => {}
        }
    }
    currency(fields, ours, theirs, &mut changes).then_some(changes)
}

fn rule(entity: &Entity, field: &Field) -> Rule {
    let code = &*field.code;
    let is_stage = entity.stage.as_ref().is_some_and(|stage| stage.field == code || stage.semantic == code);
    match field.kind {
        _ if field.set_by_items || FILLED.contains(&code) => Rule::Fill,
        _ if field.read_only || is_stage || KEPT.contains(&code) => Rule::Keep,
        Kind::Char | Kind::Category | Kind::Stage => Rule::Keep,
        // The list of links beside it says more.
        Kind::Link(target) if entity.has_list_of(target) => Rule::Keep,
        _ if field.multiple => Rule::Unite,
        Kind::File => Rule::Fill,
        Kind::Text if !code.contains("ADDRESS") => Rule::Join,
        _ => Rule::Agree,
    }
}

/// Texts are the same whatever their case and the blanks around them.
fn is_same(own: &Param<'static>, other: &Param<'static>) -> bool {
    match (own, other) {
        (Param::Text(own), Param::Text(other)) => own.trim().to_lowercase() == other.trim().to_lowercase(),
        _ => own == other,
    }
}

/// Both texts or lists; `None` when the other one adds nothing.
fn united(rule: Rule, own: &Param<'static>, other: &Param<'static>) -> Option<Param<'static>> {
    let (Param::Text(own), Param::Text(other)) = (own, other) else { return None };
    if rule == Rule::Join {
        return (!own.contains(other.trim())).then(|| Param::from(format!("{own}\n{other}")));
    }
    let read = |text: &str| serde_json::from_str::<Vec<serde_json::Value>>(text).unwrap_or_default();
    let mut members = read(own);
    let fresh: Vec<_> = read(other).into_iter().filter(|member| !members.contains(member)).collect();
    (!fresh.is_empty()).then(|| {
        members.extend(fresh);
        Param::from(serde_json::Value::from(members).to_string())
    })
}

/// A sum that is taken over brings its currency; sums in different currencies contradict each other.
fn currency(
    fields: &[&Field],
    ours: &[Param<'static>],
    theirs: &[Param<'static>],
    changes: &mut Vec<(usize, Param<'static>)>,
) -> bool {
    let place = |code: &str| fields.iter().position(|field| *field.code == *code);
    let Some(currency) = place("CURRENCY_ID").filter(|at| !is_same(&ours[*at], &theirs[*at])) else {
        return true;
    };
    let nothing =
        |value: &Param<'static>| matches!(value, Param::Null | Param::Int(0)) || *value == Param::Real(0.0);
    let Some(sum) = SUMS.into_iter().find_map(place).filter(|at| !nothing(&theirs[*at])) else { return true };
    let takes = nothing(&ours[sum]);
    if takes {
        changes.push((currency, theirs[currency].clone()));
    }
    takes
}

/// Gives an item what belongs to another one.
fn hand_over(call: &mut Call<'_, '_>, entity: &Entity, from: i64, into: i64) -> Result<()> {
    multifield::hand_over(call.tx, entity, from, into)?;
    binding::hand_over(call, entity, from, into)?;
    // Items that name it in a column of their own.
    let naming = |field: &Field| {
        let points =
            matches!(field.kind, Kind::Link(target) | Kind::Parent(target) if target == entity.type_id);
        points && field.place == Place::Column && !field.multiple
    };
    let columns: Vec<(String, String)> = call
        .meta
        .items()
        .flat_map(|item| item.fields.iter().map(move |field| (item, field)))
        .filter(|(item, field)| naming(field) && !(item.has_list_of(entity.type_id)))
        .map(|(item, field)| (item.table().to_owned(), field.column().to_owned()))
        .collect();
    for (table, column) in columns {
        let sql = format!("UPDATE {table} SET {column} = ? WHERE {column} = ?");
        call.tx.execute(&sql, &[into.into(), from.into()])?;
    }
    call.core.modules.follow(call, entity, from, &Change::Merged(into))
}
