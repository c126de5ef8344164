//! Comments and log messages in the timelines of another portal's items.

use engine::copy::{Copying, Holder, Put, Step, Target};
use engine::entity::Entity;
use engine::error::Result;
use serde_json::json;
use wire::{Map, Value};

use super::comment::KIND;
use super::{entry, log};

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

/// What integrations report in the same timelines.
pub fn messages(entity: &Entity) -> Step {
    const ITEM: &[Put] = &[Put::named("entityId", "ENTITY_ID")];
    Step::new("crm.timeline.logmessage.list", Target::With(reported))
        .of(entity.type_id)
        .with(json!({"entityTypeId": entity.type_id, "order": {"id": "ASC"}}))
        .giving("OWNER_TYPE_ID", entity.type_id)
        .of_each(entity.table(), ITEM)
}

fn reported(copying: &mut Copying<'_, '_>, rows: Vec<Map>) -> Result<()> {
    for row in rows {
        let number = |name: &str| row.get(name).and_then(Value::as_int).unwrap_or(0);
        let text = |name: &str| row.get(name).and_then(Value::text).unwrap_or_default().into_owned();
        let created = row.get("created").and_then(|value| copying.clock.read(value)).unwrap_or(0);
        let id = number("id");
        let sql = "INSERT INTO crm_timeline (id, kind, created, author_id, comment, title, icon) \
                   VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING";
        let params = [
            id.into(),
            log::KIND.into(),
            created.into(),
            number("authorId").into(),
            text("text").into(),
            text("title").into(),
            text("iconCode").into(),
        ];
        copying.tx.execute(sql, &params)?;
        entry::put(copying.tx, id, (number("OWNER_TYPE_ID"), number("ENTITY_ID")))?;
        copying.told.rows += 1;
    }
    Ok(copying.tx.number_behind("crm_timeline")?)
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
