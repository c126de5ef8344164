//! Processes of business automation: `rpa.*`, which the documentation has given up for smart processes. A process has stages, and
//! items with fields that people choose, which move through the stages; what happens to an item stands in its timeline.
//!
//! Items of a process lie in a table of their own, so their numbers begin anew in each ([`kept`]). Who may do what is decided by
//! the rights of the process ([`rights`]), by one condition for all that belongs to it. Tasks are those of workflows ([`rule`], [`task`]).

mod automation;
pub mod copy;
mod fields;
mod item;
mod kept;
mod people;
mod permission;
mod process;
mod rights;
mod rule;
mod stage;
mod task;
mod timeline;
mod words;

use engine::entity::schema;
use engine::error::Result;
use engine::meta::{Kept, Section};
use engine::method::Method;
use engine::modules::{Configured, Module};
use engine::noun::{Noun, Seed, Watch};
use engine::scopes::offered;
use kept::Processes;
use store::Tx;

/// The scope of the methods.
const SCOPE: &str = "rpa";

/// The module of this crate.
pub static MODULE: Module = Module {
    scopes: &[offered("rpa", "Robotic automation", "Business process automation (RPA).")],
    nouns,
    methods,
    made: |tx| Ok(Processes::load(tx)?.made(&item::ITEM)),
    sections: &[Section::of::<Processes>()],
    sync,
    indexes: INDEXES,
    seeds: &[NAMES],
    watches: &[Watch { deleted: |call, row| timeline::clear(call, row.number), ..Watch::new("rpa.type") }],
    configured: Some(Configured { module: "rpa", objects: "RPA_", may_read: kept::may_read }),
    russian: include_str!("ru.toml"),
    ..Module::new("rpa")
};

/// Indexes over several columns, as they follow `CREATE`. A process has one successful stage at most.
const INDEXES: &[&str] = &[
    "UNIQUE INDEX IF NOT EXISTS rpa_stage_success ON rpa_stage (type_id) WHERE semantic = 'SUCCESS'",
    "UNIQUE INDEX IF NOT EXISTS rpa_field_setting_of ON rpa_field_setting (type_id, stage_id)",
    "INDEX IF NOT EXISTS rpa_timeline_of ON rpa_timeline (type_id, item_id, id)",
];

/// Titles of records, which the portal itself writes; there is nothing to be seeded.
const NAMES: Seed = Seed { name: "rpa.names", names: || timeline::TITLES.to_vec(), seed: |_, _, _| Ok(()) };

fn nouns() -> Vec<&'static Noun> {
    vec![
        &process::TYPE,
        &permission::PERMISSION,
        &stage::STAGE,
        &item::ITEM,
        &fields::SETTING,
        &timeline::TIMELINE,
    ]
}

fn methods() -> Vec<Method> {
    [task::methods(), automation::methods(), timeline::methods(), fields::methods()]
        .into_iter()
        .flatten()
        .collect()
}

/// Brings the tables of items up to date.
fn sync(tx: &mut Tx<'_>) -> Result<()> {
    let made = Processes::load(tx)?.made(&item::ITEM).entities;
    let tables: Vec<schema::Table<'_>> = made
        .iter()
        .map(|entity| schema::Table { name: entity.table().to_owned(), fields: &entity.fields })
        .collect();
    schema::sync_tables(tx, "rpa", &tables)
}

/// Demo data: calls in their order. Process 1 with the stages 1 to 3, the field `UF_RPA_1_NAME` and, as workflow template
/// 3, a rule of stage 1; item 1, with the task 2 that it has raised, and with record 2 and comment 3 in its timeline; and process 2,
/// which is empty.
pub const DEMO: &str = include_str!("demo.json");
