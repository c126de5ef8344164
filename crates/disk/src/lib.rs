//! Storages with folders and files: `disk.*`.
//!
//! Four nouns, which other modules may read and write, too: `disk.storage`, `disk.object` (folders and files), `disk.version`
//! and `disk.attached`, a file that is attached to something: a task, a message. Who may do what to an object says
//! [`rights`], as one condition on rows.

mod attached;
pub mod copy;
mod fields;
mod indexes;
mod object;
mod page;
mod refusal;
mod rights;
mod share;
mod storage;
mod upload;
mod version;

use engine::error::Result;
use engine::method::Method;
use engine::modules::Module;
use engine::moment::Moment;
use engine::noun::{Noun, Seed, Watch};
use engine::scopes::offered;
use store::{Migration, Tx};

/// The scope of the methods.
const SCOPE: &str = "disk";

/// The module of this crate.
pub static MODULE: Module = Module {
    scopes: &[offered("disk", "Drive", "Storages, folders and files.")],
    nouns,
    methods,
    migrations: &[Migration { version: 1, name: "tree", sql: include_str!("../migrations/0001_tree.sql") }],
    jobs: &[object::EXPIRY],
    indexes: indexes::INDEXES,
    watches: &[Watch {
        saved: storage::gone::group_saved,
        deleted: storage::gone::group_deleted,
        ..Watch::new("groups.group")
    }],
    pages: &[&page::PAGE],
    seeds: &[storage::SEED, object::total::SEED, NAMES],
    russian: include_str!("ru.toml"),
    ..Module::new("disk")
};

/// Texts of public pages; there is nothing to be seeded.
const NAMES: Seed = Seed { name: "disk.names", names: || page::TEXTS.to_vec(), seed: |_, _, _| Ok(()) };

fn nouns() -> Vec<&'static Noun> {
    vec![&storage::STORAGE, &object::OBJECT, &version::VERSION, &attached::ATTACHED]
}

fn methods() -> Vec<Method> {
    [
        fields::methods(),
        storage::methods(),
        object::methods(),
        upload::methods(),
        version::methods(),
        share::methods(),
        page::methods(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Demo data: calls in their order. Storage 1 of the company with its root folder 1, and storage 2 of user 1 with
/// its root folder 2; there the folder 3, "Offers", with the file 4 and the
/// folder 5, and in the trash the file 6 and the folder 7.
pub const DEMO: &str = include_str!("demo.json");

/// Demo data that no method makes: file 4 is attached to message 1 of user 1.
///
/// # Errors
/// Those of the store.
pub fn demo_attachment(tx: &mut Tx<'_>, now: Moment) -> Result<()> {
    let sql = "INSERT INTO disk_attached (object_id, module_id, entity_type, entity_id, host, create_time, created_by) \
               VALUES (4, 'im', 'message', 1, 'im.message', ?, 1)";
    tx.execute(sql, &[now.seconds().into()])?;
    Ok(())
}
