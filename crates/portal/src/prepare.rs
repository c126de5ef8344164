//! Bringing a store up to date at the start, and filling an empty one.

use std::sync::Arc;

use engine::meta::Meta;
use engine::modules::Modules;
use engine::settings::{Name, Settings, chosen};
use engine::texts::Language;
use engine::{Moment, Result, clock, copy, files, identity, limits, noun, timetable};
use store::{Migration, Tx};

/// The history of the tables that stand below all modules, and of those that were made before modules had histories of
/// their own.
pub const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "foundation", sql: include_str!("../migrations/0001_foundation.sql") },
    Migration { version: 2, name: "outbound", sql: include_str!("../migrations/0002_outbound.sql") },
    Migration { version: 3, name: "people", sql: include_str!("../migrations/0003_people.sql") },
    Migration { version: 4, name: "integration", sql: include_str!("../migrations/0004_integration.sql") },
    Migration { version: 5, name: "usage", sql: include_str!("../migrations/0005_usage.sql") },
    Migration { version: 6, name: "phones", sql: include_str!("../migrations/0006_phones.sql") },
    Migration { version: 7, name: "accounts", sql: include_str!("../migrations/0007_accounts.sql") },
    Migration { version: 8, name: "failing", sql: include_str!("../migrations/0008_failing.sql") },
    Migration { version: 9, name: "lines", sql: include_str!("../migrations/0009_lines.sql") },
    Migration { version: 10, name: "overlap", sql: include_str!("../migrations/0010_overlap.sql") },
    Migration { version: 11, name: "headers", sql: include_str!("../migrations/0011_headers.sql") },
    Migration { version: 12, name: "pickup", sql: include_str!("../migrations/0012_pickup.sql") },
];

/// What [`prepare`] has done to a database for what the program declares, as opposed to what people made: of two databases with
/// the same, one needs no more of it than the other.
pub fn prepared(tx: &mut Tx<'_>) -> Result<Vec<(String, String)>> {
    let text = |row: &store::Row<'_>| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()));
    let made = "SELECT name, CASE WHEN substr(name, 1, 5) = 'seed:' THEN '' ELSE value END FROM portal_state \
                WHERE name IN ('nouns', 'entities', 'activities', 'users') OR substr(name, 1, 5) = 'seed:' \
                OR substr(name, 1, 11) = 'indexes of ' ORDER BY name";
    let own = "SELECT CAST(version AS TEXT), name FROM migration ORDER BY version";
    let modules =
        "SELECT module || ' ' || CAST(version AS TEXT), name FROM module_migration ORDER BY module, version";
    Ok([tx.all(made, &[], text)?, tx.all(own, &[], text)?, tx.all(modules, &[], text)?].concat())
}

/// The histories of tables: those of the engine's own, then of each module.
fn histories(modules: &Modules) -> impl Iterator<Item = (&'static str, &'static [Migration])> {
    let own = [
        ("files", files::MIGRATIONS),
        ("copy", copy::files::MIGRATIONS),
        ("limits", limits::MIGRATIONS),
        ("nouns", noun::MIGRATIONS),
    ];
    own.into_iter().chain(modules.listed().iter().map(|module| (module.name, module.migrations)))
}

/// How many steps of the history of tables a database lacks, which a start would make; `None` when it is empty. Changes nothing.
///
/// # Errors
/// [`store::Error::Newer`] when a newer program made the database, and those of the engine.
pub fn lacking(tx: &mut Tx<'_>, modules: &Modules) -> Result<Option<usize>> {
    let Some(mut lacking) = store::lacking(tx, None, MIGRATIONS)? else { return Ok(None) };
    for (name, migrations) in histories(modules) {
        lacking += store::lacking(tx, Some(name), migrations)?.unwrap_or(migrations.len());
    }
    Ok(Some(lacking))
}

/// Brings tables and first contents up to date; the machine's clock shows `machine`.
pub fn prepare(
    tx: &mut Tx<'_>,
    modules: &'static Modules,
    settings: &Settings,
    machine: Moment,
) -> Result<Arc<Meta>> {
    tx.in_turn()?;
    let missing = lacking(tx, modules)?.unwrap_or(0);
    let is_old = missing > 0 && !Meta::current_version(tx)?.is_empty();
    if is_old {
        tracing::info!(steps = missing, "the database is of an earlier version, and is brought up to date");
    }
    let language = settings.under(&chosen::load(tx)?).language;
    let locale = modules.texts().locale(language);
    let now = clock::load(tx)?.at(machine);
    identity::seed(tx)?;
    for (name, migrations) in histories(modules) {
        store::migrate(tx, name, migrations)?;
    }
    noun::sync(tx, modules.nouns())?;
    for module in modules.listed() {
        (module.sync)(tx)?;
        noun::sync_indexes(tx, module.name, module.indexes)?;
    }
    for module in modules.listed() {
        noun::seed(tx, module.seeds, locale, now)?;
    }
    timetable::seed(tx, modules.jobs(), now)?;
    if Meta::current_version(tx)?.is_empty() {
        modules.listed().iter().try_for_each(|module| (module.seed)(tx, locale, now))?;
        // The contents are in this language from now on, whatever the next start says.
        if language != Language::default() {
            chosen::keep(tx, Name::Language, language.code())?;
        }
        Meta::outdate(tx)?;
    }
    let meta = modules.meta(tx)?;
    engine::entity::userfield::sync(tx, meta.all_fielded())?;
    if is_old {
        tracing::info!("the database is up to date");
    }
    Ok(meta)
}
