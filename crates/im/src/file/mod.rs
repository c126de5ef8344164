//! Files of chats: `im.disk.*` and `im.v2.File.*`. Each chat has a storage of its own on the drive, for its members; a message
//! names its files in the parameter `FILE_ID`.

mod commit;
mod folder;
mod save;
mod show;
mod upload;

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::Method;
use engine::noun::{self, Noun, Row};
use store::Param;

pub use show::of_messages;

/// Texts that are translated.
pub const NAMES: [&str; 2] = [folder::NAME, save::FOLDER];

/// The methods.
pub fn methods() -> Vec<Method> {
    [folder::methods(), commit::methods(), save::methods(), upload::methods()].into_iter().flatten().collect()
}

/// The noun of folders and files.
fn objects(call: &Call<'_, '_>) -> &'static Noun {
    call.core.modules.noun_named("disk.object")
}

/// The files among these objects that the caller may read and that are not in the trash.
fn files(call: &mut Call<'_, '_>, ids: &[i64]) -> Result<Vec<Row>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let objects = objects(call);
    let scope = objects.grant(call, Act::Read)?;
    let among = store::placeholders(ids.len());
    let condition = format!("t.id IN ({among}) AND t.type = 'file' AND t.deleted_type = 0");
    let values = ids.iter().map(|id| Param::from(*id)).collect();
    noun::select(call, objects, &scope, &condition, values, " ORDER BY t.id")
}
