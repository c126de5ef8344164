//! Brings a database up to the program's version.

use crate::{Dialect, Error, Tx};

/// One step of the database's history. A step that was released is never changed; a new one is added.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Its place in the order, from 1 upwards
    pub version: i64,
    /// A short name; checked against the database
    pub name: &'static str,
    /// Statements, each ended by `;` at the end of a line, with the tokens of
    /// [`Dialect::expand`](crate::Dialect::expand)
    pub sql: &'static str,
}

/// Applies what is missing, in one transaction: all of it, or nothing.
pub(crate) fn run(tx: &mut Tx<'_>, migrations: &[Migration]) -> Result<(), Error> {
    let table = tx
        .dialect()
        .expand("CREATE TABLE IF NOT EXISTS migration (version {int} PRIMARY KEY, name {text} NOT NULL)");
    tx.execute(&table, &[])?;
    let applied = applied(tx)?;
    check(&applied, migrations)?;
    for migration in migrations.iter().skip(applied.len()) {
        apply(tx, migration)?;
    }
    Ok(())
}

/// Applies what a module's tables lack; its steps are numbered from 1, apart from those of all others.
///
/// # Errors
/// [`Error::Newer`] when the database is ahead of the module, and those of the engine.
pub fn migrate(tx: &mut Tx<'_>, module: &str, migrations: &[Migration]) -> Result<(), Error> {
    let table = tx.dialect().expand(
        "CREATE TABLE IF NOT EXISTS module_migration (module {text} NOT NULL, version {int} NOT NULL, \
         name {text} NOT NULL, PRIMARY KEY (module, version))",
    );
    tx.execute(&table, &[])?;
    let applied = applied_of(tx, module)?;
    check(&applied, migrations)?;
    for migration in migrations.iter().skip(applied.len()) {
        perform(tx, migration)?;
        let note = [module.into(), migration.version.into(), migration.name.into()];
        tx.execute("INSERT INTO module_migration (module, version, name) VALUES (?, ?, ?)", &note)?;
        tracing::info!(
            module,
            version = migration.version,
            name = migration.name,
            "the database was migrated"
        );
    }
    Ok(())
}

/// How many steps a database lacks of a module's, or of those below all modules. Changes nothing; `None` when the database
/// never had any.
///
/// # Errors
/// As [`migrate`] has them.
pub fn lacking(
    tx: &mut Tx<'_>,
    module: Option<&str>,
    migrations: &[Migration],
) -> Result<Option<usize>, Error> {
    let table = if module.is_some() { "module_migration" } else { "migration" };
    if !has_table(tx, table)? {
        return Ok(None);
    }
    let applied = match module {
        Some(module) => applied_of(tx, module)?,
        None => applied(tx)?,
    };
    check(&applied, migrations)?;
    Ok(Some(migrations.len() - applied.len()))
}

fn has_table(tx: &mut Tx<'_>, name: &str) -> Result<bool, Error> {
    let sql = match tx.dialect() {
        Dialect::Sqlite => "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?",
        Dialect::Postgres => {
            "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = ?"
        }
    };
    Ok(tx.one(sql, &[name.into()], |row| row.int(0))?.unwrap_or(0) > 0)
}

fn applied_of(tx: &mut Tx<'_>, module: &str) -> Result<Vec<(i64, String)>, Error> {
    let sql = "SELECT version, name FROM module_migration WHERE module = ? ORDER BY version";
    tx.all(sql, &[module.into()], |row| Ok((row.int(0)?, row.text(1)?.to_owned())))
}

fn applied(tx: &mut Tx<'_>) -> Result<Vec<(i64, String)>, Error> {
    tx.all("SELECT version, name FROM migration ORDER BY version", &[], |row| {
        Ok((row.int(0)?, row.text(1)?.to_owned()))
    })
}

/// The history of the database must be a beginning of the program's.
fn check(applied: &[(i64, String)], migrations: &[Migration]) -> Result<(), Error> {
    let known = migrations.last().map_or(0, |last| last.version);
    if let Some((database, _)) = applied.last().filter(|(version, _)| *version > known) {
        return Err(Error::Newer { database: *database, known });
    }
    let strange = applied
        .iter()
        .zip(migrations)
        .find(|((version, name), migration)| *version != migration.version || name != migration.name);
    match strange {
        None => Ok(()),
        Some(((version, name), _)) => Err(Error::Database(format!(
            "the database was made by another program: this one has no migration {version} \"{name}\""
        ))),
    }
}

fn apply(tx: &mut Tx<'_>, migration: &Migration) -> Result<(), Error> {
    perform(tx, migration)?;
    tx.execute(
        "INSERT INTO migration (version, name) VALUES (?, ?)",
        &[migration.version.into(), migration.name.into()],
    )?;
    tracing::info!(version = migration.version, name = migration.name, "the database was migrated");
    Ok(())
}

fn perform(tx: &mut Tx<'_>, migration: &Migration) -> Result<(), Error> {
    let sql = tx.dialect().expand(migration.sql);
    statements(&sql).try_for_each(|statement| tx.execute(statement, &[]).map(drop))
}

fn statements(sql: &str) -> impl Iterator<Item = &str> {
    let remark = |line: &str| line.trim().is_empty() || line.trim_start().starts_with("--");
    sql.split(";\n")
        .map(|statement| statement.trim().trim_end_matches(';'))
        .filter(move |statement| !statement.lines().all(remark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_end_at_the_end_of_a_line() {
        let sql = "-- What this is for; and why.\nCREATE TABLE a (b {text} DEFAULT ';');\n\nDROP TABLE c;\n-- The end.\n";
        let split: Vec<_> = statements(sql).collect();
        assert_eq!(
            split,
            ["-- What this is for; and why.\nCREATE TABLE a (b {text} DEFAULT ';')", "DROP TABLE c"]
        );
        assert_eq!(statements("SELECT 1;").collect::<Vec<_>>(), ["SELECT 1"]);
    }
}
