//! Comments in the timelines of another portal's items.

use engine::copy::{Copying, Holder, Put, Step, Target};
use engine::entity::Entity;
use engine::error::Result;
use serde_json::json;
use wire::{Map, Value};

use super::comment::KIND;
use super::entry;

/// Where their files are.
const FILES: Holder<'_> = Holder { table: "crm_timeline", column: "files", many: true };

/// The comments on the items of an entity; each stands in the timelines of all of them that show it.
pub fn comments(entity: &Entity) -> Step {
    const ITEM: &[Put] = &[Put::param("filter/ENTITY_ID")];
    Step::new("crm.timeline.comment.list", Target::With(write))
        .of(entity.type_id)
        .with(json!({"filter": {"ENTITY_TYPE": entity.name}, "order": {"ID": "ASC"}}))
        .giving("OWNER_TYPE_ID", entity.type_id)
        .of_each(entity.table(), ITEM)
}

fn write(copying: &mut Copying<'_, '_>, rows: Vec<Map>) -> Result<()> {
    for row in rows {
        let number = |name: &str| row.get(name).and_then(Value::as_int).unwrap_or(0);
        let created = row.get("CREATED").and_then(|value| copying.clock.read(value)).unwrap_or(0);
        let text = row.get("COMMENT").and_then(Value::text).unwrap_or_default().into_owned();
        let id = number("ID");
        let sql = "INSERT INTO crm_timeline (id, kind, created, author_id, comment) VALUES (?, ?, ?, ?, ?) \
                   ON CONFLICT (id) DO NOTHING";
        copying.tx.execute(
            sql,
            &[id.into(), KIND.into(), created.into(), number("AUTHOR_ID").into(), text.into()],
        )?;
        entry::put(copying.tx, id, (number("OWNER_TYPE_ID"), number("ENTITY_ID")))?;
        copying.told.rows += 1;
        if let Some(files) = row.get("FILES") {
            copying.files(FILES, id, &row, files)?;
        }
    }
    Ok(copying.tx.number_behind("crm_timeline")?)
}
