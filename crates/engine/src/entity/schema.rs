//! Tables of nouns with fields, made from their field tables and extended when these grow. Columns of
//! built-in fields are never dropped: one that went away in a newer version keeps its data.

use store::{Dialect, Tx};

use super::codec::INDEXED_TEXT;
use super::{Entity, Field, Kind, Place, Stored};
use crate::error::Result;
use crate::{noun, state};

/// A table and the fields that have a column in it.
#[derive(Debug)]
pub struct Table<'f> {
    /// Its name in the database.
    pub name: String,
    /// All fields of the noun; those that live elsewhere get no column.
    pub fields: &'f [Field],
}

/// Makes missing tables, columns and indexes of entities.
pub fn sync(tx: &mut Tx<'_>, entities: &[Entity]) -> Result<()> {
    let tables =
        entities.iter().map(|entity| Table { name: entity.table().to_owned(), fields: &entity.fields });
    sync_tables(tx, "entities", &tables.collect::<Vec<_>>())
}

/// Makes missing tables, columns and indexes. Cheap when nothing changed: a fingerprint of what was made
/// last time is kept in the database under `name`.
pub fn sync_tables(tx: &mut Tx<'_>, name: &str, tables: &[Table<'_>]) -> Result<()> {
    let made = fingerprint(tx.dialect(), tables);
    if state::get(tx, name)?.as_deref() == Some(made.as_str()) {
        return Ok(());
    }
    for table in tables {
        create(tx, table)?;
    }
    state::set(tx, name, &made)
}

/// Makes one table, or what is missing of it.
pub fn create(tx: &mut Tx<'_>, table: &Table<'_>) -> Result<()> {
    let Table { name: table, fields } = table;
    let dialect = tx.dialect();
    let existing = columns(tx, table)?;
    let fields = fields.iter().filter(|field| field.place == Place::Column && field.column() != "id");
    if existing.is_empty() {
        let columns: Vec<String> =
            fields.clone().map(|field| format!(", {} {}", field.column(), token(field))).collect();
        tx.execute(&dialect.expand(&format!("CREATE TABLE {table} (id {{id}}{})", columns.concat())), &[])?;
    } else {
        for field in fields.clone() {
            match existing.iter().find(|column| column.name == field.column()) {
                None => add_column(tx, table, field)?,
                Some(column) if column.is_real => make_exact(tx, table, field)?,
                Some(_) => {}
            }
        }
    }
    let made = indexes(tx, table)?;
    for field in fields {
        index(tx, table, field, &made)?;
    }
    Ok(())
}

/// Makes the index of a field, and drops those that it had by another definition: the name tells it.
fn index(tx: &mut Tx<'_>, table: &str, field: &Field, made: &[String]) -> Result<()> {
    let wanted = field.indexed.then(|| definition(tx.dialect(), table, field));
    let plain = format!("{table}_{}", field.column());
    let name = wanted.as_deref().map(|definition| {
        let hash = blake3::hash(definition.as_bytes()).to_hex();
        format!("{plain}__{}", &hash[..8])
    });
    // A bare name is one of before, or of a migration's where the field has none.
    let own = |made: &&String| {
        made.strip_prefix(&plain)
            .is_some_and(|rest| rest.starts_with("__") || (rest.is_empty() && field.indexed))
    };
    for old in made.iter().filter(own).filter(|made| Some(*made) != name.as_ref()) {
        tx.execute(&format!("DROP INDEX {old}"), &[])?;
    }
    if let (Some(name), Some(definition)) = (name, wanted) {
        if field.kind.stored() == Stored::Text && !made.contains(&name) {
            shorten(tx, table, field.column())?;
        }
        tx.execute(&format!("CREATE INDEX IF NOT EXISTS {name} {definition}"), &[])?;
    }
    Ok(())
}

/// Cuts what an older version kept whole: PostgreSQL has no index of texts of more than 2 700 bytes.
fn shorten(tx: &mut Tx<'_>, table: &str, column: &str) -> Result<()> {
    let sql = format!(
        "UPDATE {table} SET {column} = SUBSTR({column}, 1, {INDEXED_TEXT}) WHERE LENGTH({column}) > {INDEXED_TEXT}"
    );
    tx.execute(&sql, &[])?;
    Ok(())
}

/// What the index of a field is of. It has the order of lists by that field, the id with it, so that a page of them is
/// read off either of its ends. SQLite adds the id by itself, and has NULL first.
fn definition(dialect: Dialect, table: &str, field: &Field) -> String {
    let column = field.column();
    let covered = field.covers.iter().map(|name| noun::column(name)).filter(|name| name != column);
    let covered = covered.collect::<Vec<_>>().join(", ");
    let order = match (dialect, covered.as_str()) {
        (Dialect::Sqlite, "") => format!("({column})"),
        (Dialect::Sqlite, _) => format!("({column}, id, {covered})"),
        (Dialect::Postgres, "") => format!("({column} NULLS FIRST, id)"),
        (Dialect::Postgres, _) => format!("({column} NULLS FIRST, id) INCLUDE ({covered})"),
    };
    // Most items have no link, no company and no id in an outside system: an index of those that do costs the others no write.
    let limit = match field.kind {
        Kind::Link(_) | Kind::Parent(_) | Kind::String if !field.required && !field.ordered => {
            format!(" WHERE {column} IS NOT NULL")
        }
        // A flag is looked up where it is set, and few have it.
        Kind::Char => format!(" WHERE {column} = 'Y'"),
        _ => String::new(),
    };
    format!("ON {table} {order}{limit}")
}

/// Adds the column of a field.
pub fn add_column(tx: &mut Tx<'_>, table: &str, field: &Field) -> Result<()> {
    let sql = format!("ALTER TABLE {table} ADD COLUMN {} {}", field.column(), token(field));
    let sql = tx.dialect().expand(&sql);
    tx.execute(&sql, &[])?;
    Ok(())
}

/// Makes the index by which items are found by the value of a user field, if it is one of those that are looked up: a
/// single number, date, text, person or choice. Items without a value have no part in it.
pub fn index_user_field(tx: &mut Tx<'_>, table: &str, field: &Field) -> Result<()> {
    let name = field.user.as_ref().map(|user| user_index(user.id));
    name.map_or(Ok(()), |name| index_values(tx, table, field, &name))
}

/// The same under another name, for fields that are no user fields.
pub fn index_values(tx: &mut Tx<'_>, table: &str, field: &Field, name: &str) -> Result<()> {
    if !is_looked_up(field) {
        return Ok(());
    }
    let column = field.column();
    // Texts may be longer than an index in order can hold on PostgreSQL; they are looked up as a whole.
    let order = match (tx.dialect(), field.kind.stored()) {
        (Dialect::Postgres, Stored::Text) => format!("USING hash ({column})"),
        _ => format!("({column})"),
    };
    let sql = format!("CREATE INDEX IF NOT EXISTS {name} ON {table} {order} WHERE {column} IS NOT NULL");
    tx.execute(&sql, &[])?;
    Ok(())
}

fn is_looked_up(field: &Field) -> bool {
    let kind = matches!(
        field.kind,
        Kind::String
            | Kind::Url
            | Kind::Integer
            | Kind::Decimal(_)
            | Kind::Date
            | Kind::DateTime
            | Kind::Enumeration
            | Kind::Employee
            | Kind::Declared(_)
    );
    kind && !field.multiple
}

/// The name of a user field's index. Names of columns may be as long as PostgreSQL's names of indexes.
fn user_index(id: i64) -> String {
    format!("crm_user_field_value_{id}")
}

/// Drops the column of a user field, with what it holds.
pub fn drop_column(tx: &mut Tx<'_>, table: &str, field: &Field) -> Result<()> {
    if let Some(user) = &field.user {
        tx.execute(&format!("DROP INDEX IF EXISTS {}", user_index(user.id)), &[])?;
    }
    tx.execute(&format!("ALTER TABLE {table} DROP COLUMN {}", field.column()), &[])?;
    Ok(())
}

/// Makes a column of what is a decimal now, and was a double in an older version, exact. Others stay as they are.
fn make_exact(tx: &mut Tx<'_>, table: &str, field: &Field) -> Result<()> {
    let (Kind::Decimal(scale), false) = (field.kind, field.multiple) else { return Ok(()) };
    let (column, unit) = (field.column(), 10_i64.pow(scale.into()));
    // The middle of what 64 bits hold; a sum beyond that was never one.
    let most = 9_000_000_000_000_000_000 / unit;
    let bounded = |old: &str| {
        format!("CASE WHEN {old} > {most} THEN {most} WHEN {old} < -{most} THEN -{most} ELSE {old} END")
    };
    if tx.dialect() == Dialect::Postgres {
        let units = format!("CAST(ROUND(CAST(({}) * {unit} AS NUMERIC)) AS BIGINT)", bounded(column));
        tx.execute(&format!("ALTER TABLE {table} ALTER COLUMN {column} TYPE BIGINT USING {units}"), &[])?;
        return Ok(());
    }
    let old = format!("{column}_real");
    tx.execute(&format!("ALTER TABLE {table} RENAME COLUMN {column} TO {old}"), &[])?;
    add_column(tx, table, field)?;
    let units = format!("CAST(ROUND(({}) * {unit}) AS INTEGER)", bounded(&old));
    tx.execute(&format!("UPDATE {table} SET {column} = {units} WHERE {old} IS NOT NULL"), &[])?;
    tx.execute(&format!("ALTER TABLE {table} DROP COLUMN {old}"), &[])?;
    Ok(())
}

/// The column type; lists are JSON text.
fn token(field: &Field) -> &'static str {
    match field.kind.stored() {
        _ if field.multiple => "{text}",
        Stored::Int => "{int}",
        Stored::Real => "{real}",
        Stored::Text => "{text}",
    }
}

/// A column that a table has.
pub(crate) struct Column {
    name: String,
    /// It holds doubles.
    is_real: bool,
}

/// The columns that a table has; none when there is no such table.
pub(crate) fn columns(tx: &mut Tx<'_>, table: &str) -> Result<Vec<Column>> {
    let sql = match tx.dialect() {
        Dialect::Sqlite => "SELECT name, type FROM pragma_table_info(?)",
        Dialect::Postgres => {
            "SELECT CAST(column_name AS TEXT), CAST(data_type AS TEXT) FROM information_schema.columns \
             WHERE table_name = ? AND table_schema = current_schema()"
        }
    };
    let mut columns = Vec::new();
    tx.query(sql, &[table.into()], |row| {
        let is_real = matches!(row.text(1)?, "REAL" | "double precision");
        columns.push(Column { name: row.text(0)?.to_owned(), is_real });
        Ok(())
    })?;
    Ok(columns)
}

/// The columns of a table that must have a value, but for its number.
pub fn solid(tx: &mut Tx<'_>, table: &str) -> Result<std::collections::HashSet<String>> {
    let sql = match tx.dialect() {
        Dialect::Sqlite => "SELECT name FROM pragma_table_info(?) WHERE \"notnull\" = 1 AND name <> 'id'",
        Dialect::Postgres => {
            "SELECT CAST(column_name AS TEXT) FROM information_schema.columns WHERE table_name = ? \
             AND table_schema = current_schema() AND is_nullable = 'NO' AND column_name <> 'id'"
        }
    };
    Ok(names(tx, sql, table)?.into_iter().collect())
}

fn names(tx: &mut Tx<'_>, sql: &str, table: &str) -> Result<Vec<String>> {
    Ok(tx.all(sql, &[table.into()], |row| Ok(row.text(0)?.to_owned()))?)
}

/// The indexes that a table has.
fn indexes(tx: &mut Tx<'_>, table: &str) -> Result<Vec<String>> {
    let sql = match tx.dialect() {
        Dialect::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ?",
        Dialect::Postgres => {
            "SELECT CAST(indexname AS TEXT) FROM pg_indexes \
             WHERE tablename = ? AND schemaname = current_schema()"
        }
    };
    names(tx, sql, table)
}

fn fingerprint(dialect: Dialect, tables: &[Table<'_>]) -> String {
    let mut hasher = blake3::Hasher::new();
    for table in tables {
        hasher.update(table.name.as_bytes());
        for field in table.fields.iter().filter(|field| field.place == Place::Column) {
            let index = if field.indexed { definition(dialect, &table.name, field) } else { String::new() };
            hasher.update(format!(" {} {} {index}", field.code, token(field)).as_bytes());
        }
    }
    hasher.finalize().to_hex().to_string()
}
