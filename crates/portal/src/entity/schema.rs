//! Tables of nouns with fields, made from their field tables and extended when these grow. Columns of
//! built-in fields are never dropped: one that went away in a newer version keeps its data.

use store::Tx;

use super::{Entity, Field, Kind, Place, Stored};
use crate::error::Result;
use crate::state;

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
    let made = fingerprint(tables);
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
    let fields = fields.iter().filter(|field| field.place == Place::Column && field.code != "ID");
    if existing.is_empty() {
        let columns: Vec<String> =
            fields.clone().map(|field| format!(", {} {}", field.column(), token(field))).collect();
        tx.execute(&dialect.expand(&format!("CREATE TABLE {table} (id {{id}}{})", columns.concat())), &[])?;
    } else {
        for field in fields.clone().filter(|field| !existing.iter().any(|name| name == field.column())) {
            add_column(tx, table, field)?;
        }
    }
    for field in fields.filter(|field| field.indexed) {
        let column = field.column();
        let index = format!("CREATE INDEX IF NOT EXISTS {table}_{column} ON {table} ({column})");
        tx.execute(&format!("{index}{}", limited(field)), &[])?;
    }
    Ok(())
}

/// Most items have no link and no id in an outside system: an index of those that do costs the others no write.
fn limited(field: &Field) -> String {
    match field.kind {
        Kind::Link(_) | Kind::String if !field.required => format!(" WHERE {} IS NOT NULL", field.column()),
        _ => String::new(),
    }
}

/// Adds the column of a field.
pub fn add_column(tx: &mut Tx<'_>, table: &str, field: &Field) -> Result<()> {
    let sql = format!("ALTER TABLE {table} ADD COLUMN {} {}", field.column(), token(field));
    let sql = tx.dialect().expand(&sql);
    tx.execute(&sql, &[])?;
    Ok(())
}

/// Drops the column of a user field, with what it holds.
pub fn drop_column(tx: &mut Tx<'_>, table: &str, field: &Field) -> Result<()> {
    tx.execute(&format!("ALTER TABLE {table} DROP COLUMN {}", field.column()), &[])?;
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

/// The columns that a table has; none when there is no such table.
fn columns(tx: &mut Tx<'_>, table: &str) -> Result<Vec<String>> {
    let sql = match tx.dialect() {
        store::Dialect::Sqlite => "SELECT name FROM pragma_table_info(?)",
        store::Dialect::Postgres => {
            "SELECT CAST(column_name AS TEXT) FROM information_schema.columns \
             WHERE table_name = ? AND table_schema = current_schema()"
        }
    };
    let mut names = Vec::new();
    tx.query(sql, &[table.into()], |row| {
        names.push(row.text(0)?.to_owned());
        Ok(())
    })?;
    Ok(names)
}

fn fingerprint(tables: &[Table<'_>]) -> String {
    let mut hasher = blake3::Hasher::new();
    for table in tables {
        hasher.update(table.name.as_bytes());
        for field in table.fields.iter().filter(|field| field.place == Place::Column) {
            let index = if field.indexed { "+" } else { "" };
            hasher.update(format!(" {} {}{index}", field.code, token(field)).as_bytes());
        }
    }
    hasher.finalize().to_hex().to_string()
}
