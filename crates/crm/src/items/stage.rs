//! Where items stand: on which stage of which pipeline, and what follows from it.

use engine::call::Call;
use engine::entity::Naming;
use engine::entity::change::Arrival;
use engine::entity::stage::{default_category, is_first, resolve, semantics};
use engine::error::Result;
use engine::input::yes_no;
use engine::noun::{Draft, Row};

use super::rules::invalid;

/// Puts an item where it shall stand, and keeps what follows from that (protocol A.1): its meaning, whether it is closed and
/// new, who moved it and when.
///
/// # Errors
/// The style's complaint about a pipeline that the entity does not have.
pub fn place(call: &Call<'_, '_>, naming: Naming, draft: &mut Draft<'_>, old: Option<&Row>) -> Result<()> {
    let entity = draft.table;
    let Some(about) = &entity.stage else { return Ok(()) };
    let wanted = draft.text(about.field).map(str::to_owned);
    let has = |id: &i64| call.meta.categories_of(entity.type_id).any(|known| known.id == *id);
    let asked = draft.int("CATEGORY_ID").filter(|_| entity.has_categories);
    if asked.is_some_and(|asked| !has(&asked)) {
        return Err(invalid(entity, naming, "CATEGORY_ID"));
    }
    let current = old.map(pipeline);
    let named = || wanted.as_deref().and_then(|wanted| about.codes.category_of(wanted)).filter(has);
    let category = asked.or(current).or_else(named).unwrap_or_else(|| default_category(&call.meta, entity));
    if entity.has_categories {
        draft.set("CATEGORY_ID", category);
    }
    // An update that mentions neither stage nor pipeline leaves the stage.
    if current == Some(category) && draft.get(about.field).is_none() {
        return Ok(());
    }
    let Some(status) = resolve(&call.meta, about, category, wanted.as_deref()) else { return Ok(()) };
    let meaning = semantics(status);
    draft.set(about.field, status.status_id.to_string());
    draft.set(about.semantic, meaning.to_owned());
    draft.set("CLOSED", yes_no(meaning != "P"));
    draft.set("IS_NEW", yes_no(is_first(&call.meta, status)));
    if old.is_none_or(|old| old.text(about.field) != status.status_id.as_str()) {
        draft.set("PREVIOUS_STAGE_ID", old.map(|old| old.text(about.field).to_owned()));
        draft.set("MOVED_BY_ID", call.caller.user_id);
        draft.set("MOVED_TIME", call.now.seconds());
        draft.set("DATE_CLOSED", (meaning != "P").then(|| call.now.seconds()));
    }
    Ok(())
}

/// The pipeline of an item; 0 where its entity has none.
pub(super) fn pipeline(row: &Row) -> i64 {
    row.int("CATEGORY_ID").unwrap_or(0)
}

/// The arrival of an item on a stage, when it was not there before.
pub(super) fn arrival(call: &Call<'_, '_>, old: Option<&Row>, row: &Row) -> Option<Arrival> {
    let about = row.table().stage.as_ref()?;
    let stage = row.text(about.field);
    if stage.is_empty() || old.is_some_and(|old| old.text(about.field) == stage) {
        return None;
    }
    Some(Arrival {
        from: old.map(pipeline),
        category: pipeline(row),
        at: row.int(if old.is_none() { "DATE_CREATE" } else { "MOVED_TIME" }).unwrap_or_default(),
        stage: stage.to_owned(),
        semantics: resolve(&call.meta, about, pipeline(row), Some(stage)).map_or("P", semantics).to_owned(),
    })
}
