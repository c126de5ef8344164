//! Making a smart process at run time, and unmaking it: its table, default pipeline, stages and rights, all within the
//! transaction of the call.

use engine::access::{Act, Level, roles};
use engine::call::Call;
use engine::copy::Copying;
use engine::entity::{schema, stage};
use engine::error::Result;
use engine::noun::Row;
use engine::texts::Topic;
use engine::userfield;
use store::Tx;
use wire::Fault;

use super::entity::{stored, table};
use crate::{details, seeding};

/// Makes what a new type has. The shared metadata knows it already.
pub fn make(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    let Some(entity) = row.int("entityTypeId").and_then(|number| call.entity(number)) else { return Ok(()) };
    let fields = stored();
    schema::create(call.tx, &schema::Table { name: entity.table().to_owned(), fields: &fields })?;
    let language = call.core.locale(call.settings.language);
    let sql = "INSERT INTO crm_category (entity_type_id, name, sort, is_default, created, origin_id, originator_id) \
               VALUES (?, ?, 500, 'Y', ?, '', '')";
    let name = language.text(Topic::Names, seeding::PIPELINE);
    let pipeline = call.tx.insert(sql, &[entity.type_id.into(), name.into(), call.now.seconds().into()])?;
    if let Some(stage) = &entity.stage {
        seeding::seed_stages(call.tx, stage, pipeline, language)?;
    }
    if row.text("isSetOpenPermissions") == "Y" {
        open(call.tx, &entity.code)?;
    }
    Ok(())
}

/// Makes the table of a type of another portal, and opens its items to all roles: which rights they have there nobody says.
pub fn copy(copying: &mut Copying<'_, '_>, number: i64) -> Result<()> {
    let Some(entity) = copying.meta.entity(number) else { return Ok(()) };
    let fields = stored();
    schema::create(copying.tx, &schema::Table { name: entity.table().to_owned(), fields: &fields })?;
    open(copying.tx, &entity.code)
}

/// Opens the items of a type to every role there is.
fn open(tx: &mut Tx<'_>, code: &str) -> Result<()> {
    for role in roles::list(tx)? {
        for act in Act::ALL {
            roles::allow(tx, role.id, code, act, Level::All)?;
        }
    }
    Ok(())
}

/// Unmakes what a type has.
///
/// # Errors
/// `BX_ERROR` while there are items.
pub fn unmake(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    let Some(entity) = row.int("entityTypeId").and_then(|number| call.entity(number)) else { return Ok(()) };
    let first = format!("SELECT id FROM {} LIMIT 1", entity.table());
    if call.tx.one(&first, &[], |row| row.int(0))?.is_some() {
        return Err(Fault::new(400, "BX_ERROR", "You cannot delete an entity type that has elements").into());
    }
    let number = entity.type_id;
    if let Some(stage) = &entity.stage {
        let pipelines: Vec<i64> = call.meta.categories_of(number).map(|category| category.id).collect();
        for pipeline in pipelines {
            let dictionary = stage::dictionary(stage, pipeline);
            call.tx.execute("DELETE FROM crm_status WHERE entity_id = ?", &[dictionary.into()])?;
        }
    }
    for (sql, value) in [
        ("DELETE FROM crm_category WHERE entity_type_id = ?", number.into()),
        ("DELETE FROM crm_role_permission WHERE entity = ?", (&*entity.code).into()),
    ] {
        call.tx.execute(sql, &[value])?;
    }
    let sql = "DELETE FROM crm_type_relation WHERE parent_type_id = ? OR child_type_id = ?";
    call.tx.execute(sql, &[number.into(), number.into()])?;
    details::forget_type(call, number)?;
    userfield::forget(call, &entity)?;
    call.tx.execute(&format!("DROP TABLE {}", table(number)), &[])?;
    Ok(())
}
