//! Items: leads, deals, contacts, companies and whatever else is declared as an [`Entity`]. They are written in the same steps
//! as the rows of any noun; what is their own stands in the hooks of this noun.

mod history;
mod rules;
mod stage;

use std::sync::Arc;

use engine::access::Act;
use engine::call::Call;
use engine::entity::{Entity, Naming, Told};
use engine::error::Result;
use engine::event::Happening;
use engine::noun::{self, Access, Draft, Face, Noun, Row, Shape, noun};
use wire::Map;

use crate::SCOPE;

/// Items of every kind: the fields are those of the entity.
static ITEM: Noun =
    Noun { access: Access::Roles, hooks: &rules::Rules, ..noun("crm.item", "", SCOPE, ["item", "items"]) };

static LEGACY: Face = Face::legacy("crm");
static CAMEL: Face = Face::controller("crm.item", "item", "items");
static ORIGINAL: Face = Face { naming: Naming::ItemOriginalUf, ..CAMEL };

/// The verb of [`Entity::event`] for a change of the pipeline.
pub const MOVED: &str = "MOVETOCATEGORY";

pub use rules::note_reachable;
pub use stage::place;

/// Adds an item and gives its id. Fields that the entity does not have are ignored.
pub fn add(call: &mut Call<'_, '_>, entity: &Arc<Entity>, naming: Naming, fields: &Map) -> Result<i64> {
    Ok(noun::add_to(call, &shape(entity), face(naming), fields)?.number)
}

/// The same for an item from elsewhere: with the right to import, and with the authors and times of its history.
pub fn import(call: &mut Call<'_, '_>, entity: &Arc<Entity>, naming: Naming, fields: &Map) -> Result<i64> {
    let restore =
        |call: &mut Call<'_, '_>, draft: &mut Draft<'_>| history::restore(call, naming, fields, draft);
    Ok(noun::add_by(call, &shape(entity), face(naming), fields, Act::Import, restore)?.number)
}

/// Changes an item; false when there is none.
pub fn update(
    call: &mut Call<'_, '_>,
    entity: &Arc<Entity>,
    naming: Naming,
    id: i64,
    fields: &Map,
) -> Result<bool> {
    let changed = noun::update_in(call, &shape(entity), face(naming), &[id.into()], fields)?;
    if let Some((old, row)) = &changed
        && matches!(entity.told, Told::ByCode(_))
        && stage::pipeline(row) != stage::pipeline(old)
    {
        tell_moved(call, entity, old, row);
    }
    Ok(changed.is_some())
}

/// Deletes an item with all that belongs to it; false when there is none.
pub fn delete(call: &mut Call<'_, '_>, entity: &Arc<Entity>, naming: Naming, id: i64) -> Result<bool> {
    Ok(noun::delete_from(call, &shape(entity), face(naming), &[id.into()])?.is_some())
}

fn shape(entity: &Arc<Entity>) -> Shape {
    Shape { noun: &ITEM, table: Arc::clone(entity) }
}

fn face(naming: Naming) -> &'static Face {
    match naming {
        Naming::Legacy => &LEGACY,
        Naming::Item => &CAMEL,
        Naming::ItemOriginalUf => &ORIGINAL,
    }
}

/// Tells that an item is in another pipeline.
fn tell_moved(call: &mut Call<'_, '_>, entity: &Entity, old: &Row, row: &Row) {
    let id = row.number;
    let stage = entity.stage.as_ref().map_or("", |stage| row.text(stage.field));
    call.raise_about(entity, &[old.stand(), row.stand()], &entity.event(MOVED), || {
        let pipeline = stage::pipeline(row).into();
        let fields = [("ID", id.into()), ("CATEGORY_ID", pipeline), ("STAGE_ID", stage.into())];
        Happening::new(entity.object(id), fields)
    });
}
