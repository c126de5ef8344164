//! What items do beyond the steps of every write: they have usual values, stand on a stage, say how they can be reached, get a
//! name if they have none, and follow their product rows.

use engine::call::Call;
use engine::entity::change::Change;
use engine::entity::{Entity, Naming, codec, multifield};
use engine::error::{Error, Result};
use engine::input::yes_no;
use engine::moment;
use engine::noun::{Draft, Face, Hooks, Row, Saved};
use store::Param;
use wire::Fault;

use super::stage;
use crate::{productrow, requisite};

/// The entity of companies.
const COMPANY: i64 = 4;

pub(super) struct Rules;

impl Hooks for Rules {
    fn fill(&self, call: &mut Call<'_, '_>, draft: &mut Draft<'_>) -> Result<()> {
        draft.set_if_empty("ASSIGNED_BY_ID", call.caller.user_id);
        draft.set_if_empty("CURRENCY_ID", call.meta.base_currency().to_owned());
        if draft.table.has_categories {
            let first_type =
                call.meta.dictionary("DEAL_TYPE").next().map(|entry| entry.status_id.to_string());
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
        if draft.table.has("MYCOMPANY_ID") && matches!(draft.get("MYCOMPANY_ID"), None | Some(Param::Null)) {
            draft.set("MYCOMPANY_ID", own_company(call)?);
        }
        Ok(())
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        name_currency(call, face.naming, draft)?;
        stage::place(call, face.naming, draft, old)?;
        stamp(call, draft, old.is_none());
        mark_reachable(call, draft, old)
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        let (row, entity) = (saved.row, saved.row.table());
        match saved.old {
            None => name_after_id(call, row)?,
            Some(old) if entity.has_products && has_other_sum(old, row) => {
                productrow::follow_any(call, entity, row.number)?;
            }
            Some(_) => {}
        }
        requisite::lines::follow(call, saved)?;
        match stage::arrival(call, saved.old, row) {
            Some(arrival) => call.core.modules.follow(call, entity, row.number, &Change::Arrived(arrival)),
            None => Ok(()),
        }
    }

    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        productrow::delete_all(call.tx, row.table(), row.number)?;
        call.core.modules.follow(call, row.table(), row.number, &Change::Deleted(row.stand()))
    }
}

/// Brings the code of a currency to its usual form.
///
/// # Errors
/// The style's complaint about a currency that the portal does not have.
fn name_currency(call: &Call<'_, '_>, naming: Naming, draft: &mut Draft<'_>) -> Result<()> {
    const CODE: &str = "CURRENCY_ID";
    let Some(given) = draft.text(CODE) else { return Ok(()) };
    let code = given.trim().to_ascii_uppercase();
    if !call.meta.has_currency(&code) {
        return Err(invalid(draft.table, naming, CODE));
    }
    draft.set(CODE, code);
    Ok(())
}

/// The complaint about a field that names something unknown, in the words of each style (protocol 3.6, 3.7).
pub(super) fn invalid(entity: &Entity, naming: Naming, code: &str) -> Error {
    let title = entity.field(code).map_or(code, |field| &field.title);
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
fn mark_reachable(call: &mut Call<'_, '_>, draft: &mut Draft<'_>, old: Option<&Row>) -> Result<()> {
    if old.is_some() && draft.multifields.is_empty() {
        return Ok(());
    }
    note_reachable(call, draft, old.map(|old| old.number))
}

/// The same of the item with that id; `None` is one that is about to be added.
pub fn note_reachable(call: &mut Call<'_, '_>, draft: &mut Draft<'_>, item: Option<i64>) -> Result<()> {
    let reachable = multifield::reachable(call.tx, draft.table, item, &draft.multifields)?;
    draft.set("HAS_PHONE", yes_no(reachable.phone));
    draft.set("HAS_EMAIL", yes_no(reachable.email));
    draft.set("HAS_IMOL", yes_no(reachable.imol));
    Ok(())
}

/// Gives an item a name made from the id where it has none: a title, as on the real system, and the number of a document.
fn name_after_id(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    let is_empty = |code: &&str| row.text(code).is_empty();
    let entity = row.table();
    let untitled = match entity.has("TITLE") {
        true => ["TITLE"].iter().all(is_empty).then_some("title"),
        false => ["NAME", "LAST_NAME"].iter().all(is_empty).then_some("last_name"),
    };
    let kind = || call.portal_name(&entity.title);
    let title = untitled.map(|column| (column, format!("{} #", kind())));
    let numbered = entity.fields.iter().filter(|field| field.numbered && is_empty(&&*field.code));
    let names = title.into_iter().chain(numbered.map(|field| (field.column(), String::new())));
    for (column, before) in names.collect::<Vec<_>>() {
        let sql = format!("UPDATE {} SET {column} = ? WHERE id = ?", entity.table());
        call.tx.execute(&sql, &[format!("{before}{}", row.number).into(), row.number.into()])?;
    }
    Ok(())
}

/// The first of the portal's own companies, which documents name as the seller.
fn own_company(call: &mut Call<'_, '_>) -> Result<Option<i64>> {
    let Some(companies) = call.entity(COMPANY) else { return Ok(None) };
    let sql = format!("SELECT id FROM {} WHERE is_my_company = 'Y' ORDER BY id LIMIT 1", companies.table());
    Ok(call.tx.one(&sql, &[], |row| row.int(0))?)
}

/// Whether the sum, or who sets it, is another than before.
fn has_other_sum(old: &Row, row: &Row) -> bool {
    ["OPPORTUNITY", "IS_MANUAL_OPPORTUNITY"].iter().any(|code| old.get(code) != row.get(code))
}
