//! What has been in the trash for 30 days goes for good.

use std::sync::LazyLock;

use engine::call::Call;
use engine::error::Result;
use engine::method::{Method, write};
use engine::noun;
use engine::timetable::{Job, Next, Task};
use store::Param;
use wire::{Map, Value};

use super::trash::remove_below;
use super::{FOLDER, OBJECT};
use crate::SCOPE;

/// Looks for what is due.
pub const JOB: Job = Job { kind: "disk.trash", run: due, every: Some(3_600) };

/// How long things stay in the trash, in seconds.
const KEPT: i64 = 30 * 24 * 3600;

/// It is in no list: nobody calls it, and it asks for no rights.
static EXPIRE: LazyLock<Method> = LazyLock::new(|| write("disk.trash.expire", SCOPE, expire).own_words());

fn due(task: &mut Task<'_, '_>) -> Result<Next> {
    task.step(&EXPIRE, Map::new())
}

/// Removes what lay longest in the trash, or a part of it, and tells whether there may be more.
fn expire(call: &mut Call<'_, '_>) -> Result<Value> {
    let sql = "SELECT id, type FROM disk_object WHERE deleted_type = 3 AND delete_time <= ? ORDER BY delete_time, id LIMIT 1";
    let before = call.now.seconds() - KEPT;
    let found = call.tx.one(sql, &[before.into()], |row| Ok((row.int(0)?, row.text(1)? == FOLDER)))?;
    match found {
        None => return Ok(false.into()),
        Some((folder, true)) => _ = remove_below(call, folder)?,
        Some((file, false)) => noun::clear(call, &OBJECT, &[("id", Param::from(file))])?,
    }
    Ok(true.into())
}
