//! Adding, changing and deleting items of any entity.

use store::Param;
use wire::Map;

use super::binding::{self, Binding, Ends};
use super::draft::Draft;
use super::multifield::Reachable;
use super::{Entity, Naming, Place, codec, file, multifield, productrow, read, stage, userfield};
use crate::access::{Act, Stand};
use crate::call::Call;
use crate::crm::seed::CURRENCY;
use crate::error::Result;
use crate::moment;
use crate::outbound::Happening;
use crate::texts::Topic;

/// What [`Entity::event`] calls a change of the pipeline.
pub const MOVED: &str = "MOVETOCATEGORY";

/// Adds an item and gives its id. Fields that the entity does not have are ignored.
pub fn add(call: &mut Call<'_, '_>, entity: &Entity, naming: Naming, fields: &Map) -> Result<i64> {
    let mut draft = Draft::read(call, entity, naming, fields, None)?;
    fill_defaults(call, entity, &mut draft);
    fill_user_fields(call, entity, &mut draft)?;
    place_on_stage(call, entity, &mut draft, None);
    stamp(call, &mut draft, true);
    let stand = stand_after(&draft, Stand { responsible: 0, opened: false });
    if !read::reach(call, entity, Act::Add).covers(stand.responsible, stand.opened) {
        return Err(read::denied(naming));
    }
    let (changes, mut bindings) =
        (std::mem::take(&mut draft.multifields), std::mem::take(&mut draft.bindings));
    let mut reachable = Reachable::default();
    changes.iter().for_each(|change| reachable.note(change.type_id, change.value.as_deref().unwrap_or("")));
    mark_reachable(&mut draft, reachable);
    link_primary(entity, &draft, &mut bindings, |_| Ok(Vec::new()))?;
    let untitled = untitled(entity, &draft);

    let (columns, params) = draft.into_columns();
    let id = call.tx.insert(&insertion(entity.table(), &columns), &params)?;
    if let Some(column) = untitled {
        let kind = call.settings.language.text(Topic::Names, entity.title);
        let sql = format!("UPDATE {} SET {column} = ? WHERE id = ?", entity.table());
        call.tx.execute(&sql, &[format!("{kind} #{id}").into(), id.into()])?;
    }
    multifield::apply(call.tx, entity, id, &changes)?;
    bind(call, entity, id, &bindings)?;
    call.owed.counts.add(entity.type_id, 1);
    happened(call, entity, "ADD", id, &[stand]);
    Ok(id)
}

/// The text of an INSERT. Every add makes it anew, so it is put together in one go.
fn insertion(table: &str, columns: &[&str]) -> String {
    let (names, marks) = (columns.join(", "), "?, ".repeat(columns.len()));
    ["INSERT INTO ", table, " (", &names, ") VALUES (", marks.trim_end_matches(", "), ")"].concat()
}

/// The column that gets a name made from the id, as the real system does when the request brings none.
fn untitled(entity: &Entity, draft: &Draft<'_>) -> Option<&'static str> {
    if entity.has("TITLE") {
        return draft.text("TITLE").is_none().then_some("title");
    }
    let nameless = draft.text("NAME").is_none() && draft.text("LAST_NAME").is_none();
    nameless.then_some("last_name")
}

/// Changes an item; false when there is none.
pub fn update(
    call: &mut Call<'_, '_>,
    entity: &Entity,
    naming: Naming,
    id: i64,
    fields: &Map,
) -> Result<bool> {
    let Some(current) = Current::load(call, entity, id)? else { return Ok(false) };
    if !read::reach(call, entity, Act::Update).covers(current.stand.responsible, current.stand.opened) {
        return Err(read::denied(naming));
    }
    let mut draft = Draft::read(call, entity, naming, fields, Some(id))?;
    keep_mandatory(entity, &draft)?;
    place_on_stage(call, entity, &mut draft, Some(&current));
    stamp(call, &mut draft, false);
    let (changes, mut bindings) =
        (std::mem::take(&mut draft.multifields), std::mem::take(&mut draft.bindings));
    multifield::apply(call.tx, entity, id, &changes)?;
    if !changes.is_empty() {
        let reachable = multifield::reachable(call.tx, entity, id)?;
        mark_reachable(&mut draft, reachable);
    }
    link_primary(entity, &draft, &mut bindings, |target| {
        binding::load(call.tx, Ends { owner: entity.type_id, target }, id)
    })?;
    let sum_changes = entity.has_products
        && ["OPPORTUNITY", "IS_MANUAL_OPPORTUNITY"].iter().any(|code| draft.get(code).is_some());

    let moved = pipeline_change(entity, &draft, &current);
    let stands = [current.stand, stand_after(&draft, current.stand)];

    let (columns, mut params) = draft.into_columns();
    let sets: Vec<String> = columns.iter().map(|column| format!("{column} = ?")).collect();
    let sql = format!("UPDATE {} SET {} WHERE id = ?", entity.table(), sets.join(", "));
    params.push(id.into());
    call.tx.execute(&sql, &params)?;
    if sum_changes {
        productrow::follow_any(call.tx, entity, id)?;
    }
    bind(call, entity, id, &bindings)?;
    happened(call, entity, "UPDATE", id, &stands);
    if let Some((category, stage)) = moved {
        let fields = [("ID", id.into()), ("CATEGORY_ID", category.into()), ("STAGE_ID", stage.into())];
        call.raise_about(entity, &stands, &entity.event(MOVED), || Happening::new(entity.object(id), fields));
    }
    Ok(true)
}

/// Deletes an item with all that belongs to it; false when there is none.
pub fn delete(call: &mut Call<'_, '_>, entity: &Entity, naming: Naming, id: i64) -> Result<bool> {
    let Some(current) = Current::load(call, entity, id)? else { return Ok(false) };
    if !read::reach(call, entity, Act::Delete).covers(current.stand.responsible, current.stand.opened) {
        return Err(read::denied(naming));
    }
    multifield::delete_all(call.tx, entity, id)?;
    binding::delete_all(call.tx, entity, id)?;
    productrow::delete_all(call.tx, entity, id)?;
    file::delete_all(call.tx, entity, id)?;
    call.tx.execute(&format!("DELETE FROM {} WHERE id = ?", entity.table()), &[id.into()])?;
    call.owed.counts.add(entity.type_id, -1);
    happened(call, entity, "DELETE", id, &[current.stand]);
    Ok(true)
}

/// Raises the entity's event about one of its items (protocol, appendix B), as it stood and stands.
pub(crate) fn happened(call: &mut Call<'_, '_>, entity: &Entity, verb: &str, id: i64, stands: &[Stand]) {
    call.raise_about(entity, stands, &entity.event(verb), || Happening::to_item(entity, id));
}

/// How an item stands after the change of a draft.
fn stand_after(draft: &Draft<'_>, before: Stand) -> Stand {
    Stand {
        responsible: draft.int("ASSIGNED_BY_ID").unwrap_or(before.responsible),
        opened: draft.text("OPENED").map_or(before.opened, |opened| opened == "Y"),
    }
}

/// The pipeline that an item goes to, when that is another one, and the stage there.
fn pipeline_change(entity: &Entity, draft: &Draft<'_>, current: &Current) -> Option<(i64, String)> {
    let category = draft.int("CATEGORY_ID").filter(|to| entity.has_categories && *to != current.category)?;
    let given = entity.stage.as_ref().and_then(|stage| draft.text(stage.field));
    Some((category, given.or(current.stage.as_deref()).unwrap_or_default().to_owned()))
}

/// What must be known of an item before it is changed.
struct Current {
    stand: Stand,
    stage: Option<String>,
    category: i64,
}

impl Current {
    fn load(call: &mut Call<'_, '_>, entity: &Entity, id: i64) -> Result<Option<Self>> {
        let stage = entity.stage.as_ref().map_or("NULL".to_owned(), |stage| stage.field.to_ascii_lowercase());
        let category = if entity.has_categories { "category_id" } else { "0" };
        let sql = format!(
            "SELECT assigned_by_id, opened, {stage}, {category} FROM {} WHERE id = ?{}",
            entity.table(),
            call.tx.dialect().for_update()
        );
        Ok(call.tx.one(&sql, &[id.into()], |row| {
            Ok(Current {
                stand: Stand {
                    responsible: row.opt_int(0)?.unwrap_or(0),
                    opened: row.opt_text(1)? == Some("Y"),
                },
                stage: row.opt_text(2)?.map(str::to_owned),
                category: row.opt_int(3)?.unwrap_or(0),
            })
        })?)
    }
}

/// What an item gets where the request says nothing.
fn fill_defaults(call: &Call<'_, '_>, entity: &Entity, draft: &mut Draft<'_>) {
    draft.set_if_empty("ASSIGNED_BY_ID", call.caller.user_id);
    draft.set_if_empty("CURRENCY_ID", CURRENCY);
    if entity.has_categories {
        let first_type = call.meta.dictionary("DEAL_TYPE").next().map(|entry| entry.status_id.to_string());
        draft.set_if_empty("TYPE_ID", first_type);
    }
    // As on the real system a deal begins today and is meant to be closed within a week.
    const WEEK: i64 = 7 * 24 * 3600;
    let day = |seconds| moment::print(&call.caller.zone, seconds)[..10].to_owned();
    draft.set_if_empty("BEGINDATE", day(call.now.seconds()));
    draft.set_if_empty("CLOSEDATE", day(call.now.seconds() + WEEK));
    draft.fill(|field| Some(codec::sought(field, &field.default?.into(), &call.clock())));
}

/// Default values of user fields; a mandatory one that stays empty is a fault.
fn fill_user_fields(call: &Call<'_, '_>, entity: &Entity, draft: &mut Draft<'_>) -> Result<()> {
    draft.fill(|field| userfield::default_of(field, &call.clock()));
    let mandatory = entity.fields.iter().filter(|field| field.user.is_some() && field.required);
    match mandatory.into_iter().find(|field| matches!(draft.get(&field.code), None | Some(Param::Null))) {
        Some(empty) => Err(userfield::required(empty).into()),
        None => Ok(()),
    }
}

/// A change may leave a mandatory user field out, but not empty it.
fn keep_mandatory(entity: &Entity, draft: &Draft<'_>) -> Result<()> {
    let mandatory = entity.fields.iter().filter(|field| field.user.is_some() && field.required);
    match mandatory.into_iter().find(|field| draft.get(&field.code) == Some(&Param::Null)) {
        Some(emptied) => Err(userfield::required(emptied).into()),
        None => Ok(()),
    }
}

/// Puts an item where it shall stand, and keeps what follows from that (protocol A.1): its meaning,
/// whether it is closed and new, who moved it and when.
fn place_on_stage(call: &Call<'_, '_>, entity: &Entity, draft: &mut Draft<'_>, current: Option<&Current>) {
    let Some(about) = &entity.stage else { return };
    let wanted = draft.text(about.field).map(str::to_owned);
    let asked =
        draft.int("CATEGORY_ID").filter(|id| call.meta.categories.iter().any(|known| known.id == *id));
    let category = match (asked, current) {
        (Some(asked), _) => asked,
        (None, Some(current)) => current.category,
        (None, None) => wanted
            .as_deref()
            .and_then(stage::category_of)
            .unwrap_or_else(|| stage::default_category(&call.meta, entity)),
    };
    if entity.has_categories {
        draft.set("CATEGORY_ID", category);
    }
    // An update that mentions neither stage nor pipeline leaves the stage.
    if current.is_some_and(|current| current.category == category) && draft.get(about.field).is_none() {
        return;
    }
    let Some(status) = stage::resolve(&call.meta, about, category, wanted.as_deref()) else { return };
    let moved = current.is_none_or(|current| current.stage.as_deref() != Some(status.status_id.as_str()));
    let meaning = stage::semantics(status);
    draft.set(about.field, status.status_id.to_string());
    draft.set(about.semantic, meaning.to_owned());
    draft.set("CLOSED", flag(meaning != "P"));
    draft.set("IS_NEW", flag(stage::is_first(&call.meta, status)));
    if moved {
        draft.set("MOVED_BY_ID", call.caller.user_id);
        draft.set("MOVED_TIME", call.now.seconds());
        draft.set("DATE_CLOSED", (meaning != "P").then(|| call.now.seconds()));
    }
}

/// Who wrote and when.
fn stamp(call: &Call<'_, '_>, draft: &mut Draft<'_>, adding: bool) {
    let (user, now) = (call.caller.user_id, call.now.seconds());
    draft.set("MODIFY_BY_ID", user);
    draft.set("DATE_MODIFY", now);
    if adding {
        draft.set("CREATED_BY_ID", user);
        draft.set("DATE_CREATE", now);
        draft.set("LAST_ACTIVITY_BY", user);
        draft.set("LAST_ACTIVITY_TIME", now);
    }
}

/// `HAS_PHONE`, `HAS_EMAIL` and `HAS_IMOL` say whether there is one.
fn mark_reachable(draft: &mut Draft<'_>, reachable: Reachable) {
    draft.set("HAS_PHONE", flag(reachable.phone));
    draft.set("HAS_EMAIL", flag(reachable.email));
    draft.set("HAS_IMOL", flag(reachable.imol));
}

fn flag(yes: bool) -> &'static str {
    if yes { "Y" } else { "N" }
}

/// Keeps the column of the primary link (`CONTACT_ID`) and the list (`CONTACT_IDS`) in step when only the
/// column was given: that item becomes the first of the list, an empty value clears the list.
fn link_primary(
    entity: &Entity,
    draft: &Draft<'_>,
    bindings: &mut Vec<(i64, Vec<Binding>)>,
    mut existing: impl FnMut(i64) -> Result<Vec<Binding>>,
) -> Result<()> {
    for field in &entity.fields {
        let Place::Binding(target) = field.place else { continue };
        let column = binding::column_of(target).to_ascii_uppercase();
        let listed = bindings.iter().any(|(other, _)| *other == target);
        if listed || column == field.code || draft.get(&column).is_none() {
            continue;
        }
        let primary = draft.int(&column).filter(|id| *id > 0);
        let others = existing(target)?.into_iter().map(|binding| binding.target);
        let all = primary.into_iter().chain(others.filter(|_| primary.is_some()));
        bindings.push((target, binding::from_ids(all)));
    }
    Ok(())
}

fn bind(call: &mut Call<'_, '_>, entity: &Entity, id: i64, bindings: &[(i64, Vec<Binding>)]) -> Result<()> {
    for (target, list) in bindings {
        binding::replace(call.tx, entity, Ends { owner: entity.type_id, target: *target }, id, list)?;
    }
    Ok(())
}
