//! Bringing items in from elsewhere: with the right to import, and with the history that they had there.

use engine::call::Call;
use engine::entity::{Entity, Field, Naming, codec};
use engine::error::Result;
use engine::noun::Draft;
use store::Param;
use wire::{Fault, Map};

/// What the portal writes by itself otherwise, and an administrator may bring along.
const STAMPS: [&str; 6] =
    ["DATE_CREATE", "DATE_MODIFY", "MOVED_TIME", "CREATED_BY_ID", "MODIFY_BY_ID", "MOVED_BY_ID"];

/// Gives an item the authors and times that a request has for it; from others than administrators they are not taken.
///
/// # Errors
/// `CRM_FIELD_ERROR_VALUE_NOT_VALID` for times that cannot be: in the future, or not in their order, which is that of adding.
pub(super) fn restore(
    call: &mut Call<'_, '_>,
    naming: Naming,
    given: &Map,
    draft: &mut Draft<'_>,
) -> Result<()> {
    let entity = draft.table;
    if !call.caller.is_admin {
        return Ok(());
    }
    let mut brought = Vec::new();
    for (name, value) in given.iter() {
        let field = entity.named(name, naming).filter(|field| STAMPS.contains(&&*field.code));
        let Some(field) = field else { continue };
        if let Some(taken) = codec::take(field, value, &call.clock())?.filter(|taken| *taken != Param::Null) {
            draft.set(&field.code, taken);
            brought.push(&*field.code);
        }
    }
    let now = call.now.seconds();
    let created = draft.int("DATE_CREATE").unwrap_or(now);
    let changed = draft.int("DATE_MODIFY").unwrap_or(now);
    if !brought.contains(&"MOVED_TIME") && draft.int("MOVED_TIME").is_some() {
        draft.set("MOVED_TIME", changed);
    }
    let moved = draft.int("MOVED_TIME").unwrap_or(changed);
    let wrong = match () {
        () if created > now || (brought.contains(&"DATE_CREATE") && created < newest(call, entity)?) => {
            "DATE_CREATE"
        }
        () if changed > now || changed < created => "DATE_MODIFY",
        () if moved < created || moved > changed => "MOVED_TIME",
        () => {
            draft.set("LAST_ACTIVITY_TIME", created);
            return Ok(());
        }
    };
    Err(Fault::invalid_field(entity.field(wrong).map_or(wrong, |field: &Field| &field.title)).into())
}

/// When the newest item was added.
fn newest(call: &mut Call<'_, '_>, entity: &Entity) -> Result<i64> {
    let sql = format!("SELECT MAX(date_create) FROM {}", entity.table());
    Ok(call.tx.one(&sql, &[], |row| row.opt_int(0))?.flatten().unwrap_or(0))
}
