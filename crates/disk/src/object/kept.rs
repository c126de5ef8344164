//! What belongs to an object in other nouns: its versions and attachments.

use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Row};
use wire::Map;

/// Keeps the content that a file has as a version of it.
///
/// # Errors
/// Those of the store.
pub fn keep(call: &mut Call<'_, '_>, object: &Row) -> Result<()> {
    let mut version = Map::new();
    version.push("OBJECT_ID", object.number);
    version.push("FILE_ID", object.int("fileId").unwrap_or(0));
    version.push("SIZE", object.int("size").unwrap_or(0));
    version.push("NAME", object.text("name"));
    version.push("GLOBAL_CONTENT_VERSION", object.int("globalContentVersion").unwrap_or(1));
    noun::put(call, call.core.modules.noun_named("disk.version"), &version)?;
    Ok(())
}

/// Deletes what belongs to an object.
///
/// # Errors
/// Those of the store.
pub fn clear(call: &mut Call<'_, '_>, object: &Row) -> Result<()> {
    for name in ["disk.attached", "disk.version"] {
        noun::clear(call, call.core.modules.noun_named(name), &[("objectId", object.number.into())])?;
    }
    Ok(())
}
