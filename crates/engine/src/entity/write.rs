//! Adding, changing and deleting items of any entity.

use store::Param;
use wire::{Fault, Map, Text};

use super::change::{Arrival, Change};
use super::compare::{Before, Beyond};
use super::draft::Draft;
use super::multifield::Reachable;
use super::{
    Entity, Naming, Told, binding, codec, file, link, multifield, parent, productrow, read, stage, userfield,
};
use crate::access::{Act, Stand};
use crate::call::Call;
use crate::error::{Error, Result};
use crate::event::Happening;
use crate::input::yes_no;
use crate::moment;
use crate::texts::Topic;

/// The verb of [`Entity::event`] for a change of the pipeline.
pub const MOVED: &str = "MOVETOCATEGORY";

/// The entity of companies.
const COMPANY: i64 = 4;

/// Adds an item and gives its id. Fields that the entity does not have are ignored.
pub fn add(call: &mut Call<'_, '_>, entity: &Entity, naming: Naming, fields: &Map) -> Result<i64> {
    let mut draft = Draft::read(call, entity, naming, fields, None)?;
    fill_defaults(call, entity, &mut draft)?;
    let stand = stand_after(&draft, Stand { responsible: 0, opened: false });
    if !read::reach(call, entity, Act::Add).covers(stand.responsible, stand.opened) {
        return Err(read::denied(naming));
    }
    name_currency(call, entity, naming, &mut draft)?;
    let arrival = place_on_stage(call, entity, naming, &mut draft, None)?;
    let links = link::of_draft(call, entity, naming, &mut draft, None)?;
    draft.take_files(call, None)?;
    fill_user_fields(call, entity, &mut draft)?;
    stamp(call, &mut draft, true);
    let changes = std::mem::take(&mut draft.multifields);
    let mut reachable = Reachable::default();
    changes.iter().for_each(|change| reachable.note(change.type_id, change.value.as_deref().unwrap_or("")));
    mark_reachable(&mut draft, reachable);
    let names = names_by_id(call, entity, &draft);

    let (columns, params) = draft.into_columns();
    let id = call.tx.insert(&insertion(entity.table(), &columns), &params)?;
    for (column, before) in names {
        let sql = format!("UPDATE {} SET {column} = ? WHERE id = ?", entity.table());
        call.tx.execute(&sql, &[format!("{before}{id}").into(), id.into()])?;
    }
    multifield::apply(call.tx, entity, id, &changes)?;
    link::store(call, entity, id, &links)?;
    call.owed.counts.add(entity.type_id, id, 1);
    follow_arrival(call, entity, id, arrival)?;
    happened(call, entity, "ADD", id, &[stand], None);
    Ok(id)
}

/// The text of an INSERT. Every add makes it anew, so it is put together in one go.
fn insertion(table: &str, columns: &[&str]) -> String {
    let (names, placeholders) = (columns.join(", "), "?, ".repeat(columns.len()));
    ["INSERT INTO ", table, " (", &names, ") VALUES (", placeholders.trim_end_matches(", "), ")"].concat()
}

/// The columns that get a name made from the id, and what stands before it there: the title, as on the real system, when
/// the request brings none, and the number of a document.
fn names_by_id<'e>(call: &Call<'_, '_>, entity: &'e Entity, draft: &Draft<'_>) -> Vec<(&'e str, String)> {
    let untitled = match entity.has("TITLE") {
        true => draft.text("TITLE").is_none().then_some("title"),
        false => (draft.text("NAME").is_none() && draft.text("LAST_NAME").is_none()).then_some("last_name"),
    };
    let kind = || call.core.locale(call.settings.language).text(Topic::Names, &entity.title);
    let title = untitled.map(|column| (column, format!("{} #", kind())));
    let numbered = entity.fields.iter().filter(|field| field.numbered && draft.text(&field.code).is_none());
    title.into_iter().chain(numbered.map(|field| (field.column(), String::new()))).collect()
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
    let reach = read::reach(call, entity, Act::Update);
    let within = |stand: Stand| reach.covers(stand.responsible, stand.opened);
    if !within(current.stand) {
        return Err(read::denied(naming));
    }
    let mut draft = Draft::read(call, entity, naming, fields, Some(id))?;
    // Nobody gives an item out of the own reach.
    let stands = [current.stand, stand_after(&draft, current.stand)];
    if !within(stands[1]) {
        return Err(read::denied(naming));
    }
    name_currency(call, entity, naming, &mut draft)?;
    let arrival = place_on_stage(call, entity, naming, &mut draft, Some(&current))?;
    let links = link::of_draft(call, entity, naming, &mut draft, Some(id))?;
    draft.take_files(call, Some(id))?;
    keep_mandatory(entity, &draft)?;
    stamp(call, &mut draft, false);
    let changes = std::mem::take(&mut draft.multifields);
    let beyond = Beyond { multifields: !changes.is_empty(), links: !links.is_empty(), products: false };
    let before = Before::of(call, entity, id, beyond)?;
    multifield::apply(call.tx, entity, id, &changes)?;
    if !changes.is_empty() {
        let reachable = multifield::reachable(call.tx, entity, id)?;
        mark_reachable(&mut draft, reachable);
    }
    let sum_changes = entity.has_products
        && ["OPPORTUNITY", "IS_MANUAL_OPPORTUNITY"].iter().any(|code| draft.get(code).is_some());

    let moved = pipeline_change(entity, &draft, &current);

    let (columns, mut params) = draft.into_columns();
    let sets: Vec<String> = columns.iter().map(|column| format!("{column} = ?")).collect();
    let sql = format!("UPDATE {} SET {} WHERE id = ?", entity.table(), sets.join(", "));
    params.push(id.into());
    call.tx.execute(&sql, &params)?;
    if sum_changes {
        productrow::follow_any(call.tx, entity, id)?;
    }
    link::store(call, entity, id, &links)?;
    follow_arrival(call, entity, id, arrival)?;
    let changed = before.changed(call, entity, id)?;
    happened(call, entity, "UPDATE", id, &stands, changed);
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
    binding::delete_all(call, entity, id)?;
    parent::forget(call, entity, id)?;
    productrow::delete_all(call.tx, entity, id)?;
    file::delete_all(call.tx, entity, id)?;
    call.tx.execute(&format!("DELETE FROM {} WHERE id = ?", entity.table()), &[id.into()])?;
    call.owed.counts.add(entity.type_id, id, -1);
    call.owed.leaving = Some((entity.type_id, id, current.stand));
    call.core.modules.follow(call, entity, id, &Change::Deleted(current.stand))?;
    call.owed.leaving = None;
    happened(call, entity, "DELETE", id, &[current.stand], None);
    Ok(true)
}

/// Raises the entity's event about one of its items (protocol, appendix B), as it stood and stands; `changed` are the fields
/// that an update changed.
pub(crate) fn happened(
    call: &mut Call<'_, '_>,
    entity: &Entity,
    verb: &str,
    id: i64,
    stands: &[Stand],
    changed: Option<Vec<Text>>,
) {
    if let Some(event) = entity.common_event(verb) {
        let changed = changed.clone();
        call.raise_about(entity, stands, &event, || Happening { changed, ..Happening::to_item(entity, id) });
    }
    let happening = || Happening { changed, ..Happening::to_item(entity, id) };
    call.raise_about(entity, stands, &entity.event(verb), happening);
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
    let told = entity.has_categories && entity.told == Told::ByCode;
    let category = draft.int("CATEGORY_ID").filter(|to| told && *to != current.category)?;
    let given = entity.stage.as_ref().and_then(|stage| draft.text(stage.field));
    Some((category, given.or(current.stage.as_deref()).unwrap_or_default().to_owned()))
}

/// The state of an item before it is changed.
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

/// Sets default values for fields that the request leaves out.
fn fill_defaults(call: &mut Call<'_, '_>, entity: &Entity, draft: &mut Draft<'_>) -> Result<()> {
    draft.set_if_empty("ASSIGNED_BY_ID", call.caller.user_id);
    draft.set_if_empty("CURRENCY_ID", call.meta.base_currency().to_owned());
    if entity.has_categories {
        let first_type = call.meta.dictionary("DEAL_TYPE").next().map(|entry| entry.status_id.to_string());
        draft.set_if_empty("TYPE_ID", first_type);
    }
    // As on the real system a deal begins today and is meant to be closed within a week; so long is a quote valid.
    const WEEK: i64 = 7 * 24 * 3600;
    let day = |seconds| moment::print(&call.caller.zone, seconds)[..10].to_owned();
    draft.set_if_empty("BEGINDATE", day(call.now.seconds()));
    for end in ["CLOSEDATE", "ACTUAL_DATE"] {
        draft.set_if_empty(end, day(call.now.seconds() + WEEK));
    }
    draft.fill(|field| Some(codec::sought(field, &field.default?.into(), &call.clock())));
    if entity.has("MYCOMPANY_ID") && matches!(draft.get("MYCOMPANY_ID"), None | Some(Param::Null)) {
        draft.set("MYCOMPANY_ID", own_company(call)?);
    }
    Ok(())
}

/// The first of the portal's own companies, which documents name as the seller.
fn own_company(call: &mut Call<'_, '_>) -> Result<Option<i64>> {
    let Some(companies) = call.entity(COMPANY) else { return Ok(None) };
    let sql = format!("SELECT id FROM {} WHERE is_my_company = 'Y' ORDER BY id LIMIT 1", companies.table());
    Ok(call.tx.one(&sql, &[], |row| row.int(0))?)
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
/// whether it is closed and new, who moved it and when. Gives its arrival when it was not on that stage before.
///
/// # Errors
/// The style's complaint about a pipeline that the entity does not have.
fn place_on_stage(
    call: &Call<'_, '_>,
    entity: &Entity,
    naming: Naming,
    draft: &mut Draft<'_>,
    current: Option<&Current>,
) -> Result<Option<Arrival>> {
    let Some(about) = &entity.stage else { return Ok(None) };
    let wanted = draft.text(about.field).map(str::to_owned);
    let has = |id: &i64| call.meta.categories_of(entity.type_id).any(|known| known.id == *id);
    let asked = draft.int("CATEGORY_ID").filter(|_| entity.has_categories);
    if asked.is_some_and(|asked| !has(&asked)) {
        return Err(invalid(entity, naming, "CATEGORY_ID"));
    }
    let category = match (asked, current) {
        (Some(asked), _) => asked,
        (None, Some(current)) => current.category,
        (None, None) => wanted
            .as_deref()
            .and_then(|wanted| about.codes.category_of(wanted))
            .filter(has)
            .unwrap_or_else(|| stage::default_category(&call.meta, entity)),
    };
    if entity.has_categories {
        draft.set("CATEGORY_ID", category);
    }
    // An update that mentions neither stage nor pipeline leaves the stage.
    if current.is_some_and(|current| current.category == category) && draft.get(about.field).is_none() {
        return Ok(None);
    }
    let Some(status) = stage::resolve(&call.meta, about, category, wanted.as_deref()) else {
        return Ok(None);
    };
    let moved = current.is_none_or(|current| current.stage.as_deref() != Some(status.status_id.as_str()));
    let meaning = stage::semantics(status);
    draft.set(about.field, status.status_id.to_string());
    draft.set(about.semantic, meaning.to_owned());
    draft.set("CLOSED", yes_no(meaning != "P"));
    draft.set("IS_NEW", yes_no(stage::is_first(&call.meta, status)));
    if !moved {
        return Ok(None);
    }
    draft.set("MOVED_BY_ID", call.caller.user_id);
    draft.set("MOVED_TIME", call.now.seconds());
    draft.set("DATE_CLOSED", (meaning != "P").then(|| call.now.seconds()));
    Ok(Some(Arrival {
        from: current.map(|current| current.category),
        category: if entity.has_categories { category } else { 0 },
        stage: status.status_id.to_string(),
        semantics: meaning.to_owned(),
    }))
}

/// Has modules follow an arrival.
fn follow_arrival(call: &mut Call<'_, '_>, entity: &Entity, id: i64, arrival: Option<Arrival>) -> Result<()> {
    arrival.map_or(Ok(()), |arrival| call.core.modules.follow(call, entity, id, &Change::Arrived(arrival)))
}

/// Brings the code of a currency to its usual form.
///
/// # Errors
/// The style's complaint about a currency that the portal does not have.
fn name_currency(call: &Call<'_, '_>, entity: &Entity, naming: Naming, draft: &mut Draft<'_>) -> Result<()> {
    const CODE: &str = "CURRENCY_ID";
    let Some(given) = draft.text(CODE) else { return Ok(()) };
    let code = given.trim().to_ascii_uppercase();
    if !call.meta.currencies.iter().any(|known| *known == code) {
        return Err(invalid(entity, naming, CODE));
    }
    draft.set(CODE, code);
    Ok(())
}

/// The complaint about a field that names something unknown, in the words of each style (protocol 3.6, 3.7).
fn invalid(entity: &Entity, naming: Naming, code: &str) -> Error {
    let title = entity.by_code(code).map_or(code, |field| &field.title);
    match naming {
        Naming::Legacy => Fault::crm(format!("Invalid value for the \"{title}\" field")).into(),
        Naming::Item | Naming::ItemOriginalUf => Fault::invalid_field(title).into(),
    }
}

/// Sets the author and time of the change.
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
    draft.set("HAS_PHONE", yes_no(reachable.phone));
    draft.set("HAS_EMAIL", yes_no(reachable.email));
    draft.set("HAS_IMOL", yes_no(reachable.imol));
}
