//! Processes in the shared metadata: every node and every transaction knows the same ones, with the tables of their items.

use std::sync::Arc;

use engine::call::Call;
use engine::entity::{Entity, UserFields};
use engine::error::Result;
use engine::meta::Kept;
use engine::modules::Made;
use engine::noun::Noun;
use store::Tx;
use wire::Value;

use crate::rights::{self, Allowed};

/// The tables of items are numbered downwards from here, apart from all other tables with user fields.
const ABOVE: i64 = -1_000_000;

/// The processes of a portal.
#[derive(Debug, Default)]
pub struct Processes {
    /// Their numbers and names.
    pub list: Vec<(i64, String)>,
    /// What is allowed to whom in them.
    pub allowed: Vec<Allowed>,
}

impl Processes {
    /// What they are to the portal: tables with the fields of items.
    pub fn made(&self, items: &'static Noun) -> Made {
        let entities = self.list.iter().map(|(process, title)| entity(items, *process, title)).collect();
        Made { entities, ..Made::default() }
    }
}

impl Kept for Processes {
    fn load(tx: &mut Tx<'_>) -> Result<Self> {
        let sql = "SELECT id, title FROM rpa_type ORDER BY id";
        let list =
            tx.all(sql, &[], |row| Ok((row.int(0)?, row.opt_text(1)?.unwrap_or_default().to_owned())))?;
        let sql = "SELECT type_id, access_code, action FROM rpa_permission ORDER BY id";
        let allowed = tx.all(sql, &[], |row| {
            Ok(Allowed {
                process: row.int(0)?,
                code: row.text(1)?.to_owned(),
                action: row.text(2)?.to_owned(),
            })
        })?;
        Ok(Processes { list, allowed })
    }
}

fn entity(items: &'static Noun, process: i64, title: &str) -> Entity {
    let user_fields = UserFields {
        number: ABOVE - process,
        object: format!("RPA_{process}").into(),
        prefix: format!("UF_RPA_{process}_").into(),
        apart: None,
        events: None,
    };
    items.table_like(format!("rpa_item_{process}"), title.to_owned(), user_fields)
}

/// The table of a process's items.
pub fn table(call: &Call<'_, '_>, process: i64) -> Option<Arc<Entity>> {
    call.meta.fielded(number(process)?)
}

/// The number of the table of a process's items.
pub fn number(process: i64) -> Option<i64> {
    ABOVE.checked_sub(process).filter(|_| process > 0)
}

/// That of the process which a call names.
pub fn named(call: &Call<'_, '_>) -> Option<Arc<Entity>> {
    table(call, call.param("typeId").and_then(Value::as_int)?)
}

/// Whether the caller may know the fields of such a table: who sees the process.
pub fn may_read(call: &mut Call<'_, '_>, entity: &Entity) -> bool {
    rights::has(call, ABOVE - entity.type_id, rights::SEE)
}
