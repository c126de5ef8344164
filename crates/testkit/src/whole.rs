//! Everything that a database holds, to be compared.

use std::collections::BTreeMap;

use store::{Dialect, Error, Tx};

/// What a database holds, by table: its rows as text, in some order that is always the same. Under names that no table
/// has: what its tables, indexes and constraints are, and the last numbers that were given.
pub type Whole = BTreeMap<String, Vec<String>>;

/// Reads everything that a database holds.
///
/// # Errors
/// Those of the engine.
pub fn whole(tx: &mut Tx<'_>) -> Result<Whole, Error> {
    match tx.dialect() {
        Dialect::Sqlite => file(tx),
        Dialect::Postgres => server(tx),
    }
}

/// The tables whose rows differ, with those that only one of them has.
pub fn differences(one: &Whole, other: &Whole) -> Vec<String> {
    let names = one.keys().chain(other.keys()).collect::<std::collections::BTreeSet<_>>();
    let of = |whole: &Whole, name: &str| whole.get(name).cloned().unwrap_or_default();
    let lines = names.into_iter().flat_map(|name| {
        let (left, right) = (of(one, name), of(other, name));
        let only = |sign: &'static str, these: &[String], those: &[String]| {
            let lost = these.iter().filter(|row| !those.contains(row));
            lost.map(|row| format!("{sign} {name}: {row}")).collect::<Vec<_>>()
        };
        [only("-", &left, &right), only("+", &right, &left)].concat()
    });
    lines.collect()
}

fn texts(tx: &mut Tx<'_>, sql: &str) -> Result<Vec<String>, Error> {
    tx.all(sql, &[], |row| Ok(row.opt_text(0)?.unwrap_or_default().to_owned()))
}

fn file(tx: &mut Tx<'_>) -> Result<Whole, Error> {
    let mut whole = Whole::new();
    let schema = "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_schema ORDER BY 1";
    whole.insert(" schema".into(), texts(tx, schema)?);
    for table in texts(tx, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1")? {
        let columns = texts(tx, &format!("SELECT name FROM pragma_table_info('{table}')"))?;
        let cells: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
        let sql = format!("SELECT {} AS cells FROM \"{table}\" ORDER BY 1", cells.join(" || '|' || "));
        let rows = texts(tx, &sql)?;
        whole.insert(table, rows);
    }
    Ok(whole)
}

fn server(tx: &mut Tx<'_>) -> Result<Whole, Error> {
    let mut whole = Whole::new();
    let columns = "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable \
                   || COALESCE(' ' || collation_name, '') || COALESCE(' ' || column_default, '') || ' ' || is_identity \
                   FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY 1";
    let indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1";
    let constraints = "SELECT CAST(conrelid AS REGCLASS) || ' ' || conname || ' ' || pg_get_constraintdef(oid) \
                       FROM pg_constraint WHERE connamespace = CAST(current_schema() AS REGNAMESPACE) ORDER BY 1";
    let numbers = "SELECT sequencename || ' ' || COALESCE(CAST(last_value AS TEXT), '') \
                   FROM pg_sequences WHERE schemaname = current_schema() ORDER BY 1";
    for (name, sql) in
        [(" columns", columns), (" indexes", indexes), (" constraints", constraints), (" numbers", numbers)]
    {
        whole.insert(name.into(), texts(tx, sql)?);
    }
    let tables =
        "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1";
    for table in texts(tx, tables)? {
        let rows = texts(tx, &format!("SELECT CAST(t AS TEXT) FROM \"{table}\" t ORDER BY 1"))?;
        whole.insert(table, rows);
    }
    Ok(whole)
}
