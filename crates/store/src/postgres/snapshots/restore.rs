//! Restoring: in a transaction that nobody else writes beside.

use std::collections::{BTreeMap, BTreeSet};

use super::save::filled;
use super::structure::{Structure, TABLE, deferring, literal, quoted, rows};
use crate::Error;
use crate::postgres::Session;

/// Statements that are sent together.
const TOGETHER: usize = 64;
/// Columns that a table had: the server counts those that were dropped, too, and allows 1600.
const WORN: i64 = 1200;

/// Makes a schema what a snapshot has of it.
pub(super) fn run(session: &mut Session, live: &str, kept: &str) -> Result<(), Error> {
    let deferred = deferring(session, live)?;
    send(session, &deferred)?;
    let source = format!("SELECT * FROM {}.{TABLE}", quoted(kept));
    let (wanted, actual) = (Structure::read(session, &source)?, Structure::of(session, live)?);
    let changes = Changes::between(&wanted, &actual, &worn(session, live)?);
    send(session, &changes.before)?;
    session.control("SET CONSTRAINTS ALL DEFERRED")?;
    let had: BTreeSet<String> = filled(session, live)?.into_iter().collect();
    let has: BTreeSet<String> = filled(session, kept)?.into_iter().collect();
    let all = wanted.columns.iter().filter(|(table, _)| had.contains(*table) || has.contains(*table));
    let statements: Vec<String> = all
        .flat_map(|(table, columns)| {
            let key = wanted.primary.get(table).filter(|_| !changes.made.contains(table));
            differing(live, has.contains(table).then_some(kept), table, columns, key)
        })
        .collect();
    send(session, &statements)?;
    // What was put off is in the way of whatever changes tables.
    session.control("SET CONSTRAINTS ALL IMMEDIATE")?;
    send(session, &changes.after)?;
    let now = sequences(session, live)?;
    send(session, &numbers(&wanted, &now))
}

fn send(session: &mut Session, statements: &[String]) -> Result<(), Error> {
    statements.chunks(TOGETHER).try_for_each(|portion| session.control(&portion.join("; ")))
}

/// Tables that had so many columns that they are better made anew.
fn worn(session: &mut Session, live: &str) -> Result<BTreeSet<String>, Error> {
    let sql = "SELECT CAST(c.relname AS TEXT) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
               WHERE n.nspname = ? AND c.relkind = 'r' AND c.relnatts > ?";
    let found = rows(session, sql, &[live.into(), WORN.into()], |row| row.text(0).map(str::to_owned))?;
    Ok(found.into_iter().collect())
}

/// Statements that bring a table to the rows of a snapshot, which has none of it when `kept` is `None`.
fn differing(
    live: &str,
    kept: Option<&str>,
    table: &str,
    columns: &[(String, String)],
    key: Option<&Vec<String>>,
) -> Vec<String> {
    let to = format!("{}.{}", quoted(live), quoted(table));
    let Some(kept) = kept else { return vec![format!("DELETE FROM {to}")] };
    let from = format!("{}.{}", quoted(kept), quoted(table));
    let names: Vec<String> = columns.iter().map(|(name, _)| quoted(name)).collect();
    let insert = |condition: &str| {
        let names = names.join(", ");
        format!("INSERT INTO {to} ({names}) OVERRIDING SYSTEM VALUE SELECT {names} FROM {from} k{condition}")
    };
    let Some(key) = key else { return vec![format!("DELETE FROM {to}"), insert("")] };
    let same: Vec<String> = key.iter().map(|column| format!("k.{0} = l.{0}", quoted(column))).collect();
    let same = same.join(" AND ");
    // `*=` compares rows byte by byte.
    vec![
        format!("DELETE FROM {to} l WHERE NOT EXISTS (SELECT 1 FROM {from} k WHERE {same} AND k *= l)"),
        insert(&format!(" WHERE NOT EXISTS (SELECT 1 FROM {to} l WHERE {same})")),
    ]
}

/// Statements that have the sequences go on where they went on.
fn numbers(wanted: &Structure, now: &Sequences) -> Vec<String> {
    let found = wanted.sequences.iter().filter_map(|(of, last)| Some((last, now.get(of)?)));
    found
        .filter(|(last, (_, now))| *last != now)
        .map(|(last, (name, _))| {
            // Not `setval`, which a rollback would not undo.
            let restart = format!("ALTER SEQUENCE {name} RESTART");
            match last.as_str() {
                "" => restart,
                // It is the last number that was given, as it was.
                last => format!("{restart} WITH {last}; SELECT nextval({})", literal(name)),
            }
        })
        .collect()
}

/// Sequences as SQL names them, and the last numbers that they gave, by table and column.
type Sequences = BTreeMap<(String, String), (String, String)>;

/// Those of a schema.
fn sequences(session: &mut Session, live: &str) -> Result<Sequences, Error> {
    let sql = "SELECT CAST(c.relname AS TEXT), CAST(a.attname AS TEXT), \
               quote_ident(n.nspname) || '.' || quote_ident(s.relname), \
               COALESCE(CAST(pg_sequence_last_value(CAST(s.oid AS REGCLASS)) AS TEXT), '') FROM pg_class c \
               JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_depend e ON e.refobjid = c.oid AND e.deptype = 'i' \
               AND e.refclassid = CAST('pg_class' AS REGCLASS) AND e.classid = CAST('pg_class' AS REGCLASS) \
               JOIN pg_class s ON s.oid = e.objid AND s.relkind = 'S' \
               JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = e.refobjsubid \
               WHERE n.nspname = ? AND c.relkind = 'r'";
    let text = |row: &crate::Row<'_>, column| row.text(column).map(str::to_owned);
    let found = rows(session, sql, &[live.into()], |row| {
        Ok(((text(row, 0)?, text(row, 1)?), (text(row, 2)?, text(row, 3)?)))
    })?;
    Ok(found.into_iter().collect())
}

/// Statements that make tables what they were.
#[derive(Debug, Default)]
struct Changes {
    /// Those before the rows.
    before: Vec<String>,
    /// Those after them.
    after: Vec<String>,
    /// Tables that are made.
    made: BTreeSet<String>,
}

impl Changes {
    fn between(wanted: &Structure, actual: &Structure, worn: &BTreeSet<String>) -> Changes {
        let mut changes = Changes::default();
        for table in actual.columns.keys().filter(|table| !wanted.columns.contains_key(*table)) {
            changes.before.push(format!("DROP TABLE {} CASCADE", quoted(table)));
        }
        for (table, columns) in &wanted.columns {
            match actual.columns.get(table) {
                Some(has) if has == columns && !worn.contains(table) => {}
                Some(has) => match altered(table, columns, has).filter(|_| !worn.contains(table)) {
                    Some(alterations) => changes.before.extend(alterations),
                    None => {
                        changes.before.push(format!("DROP TABLE {} CASCADE", quoted(table)));
                        changes.make(table, columns);
                    }
                },
                None => changes.make(table, columns),
            }
        }
        let all = [
            (&wanted.indexes, &actual.indexes, Part::Index),
            (&wanted.keys, &actual.keys, Part::Constraint),
            (&wanted.foreign, &actual.foreign, Part::Constraint),
        ];
        for (wanted_parts, actual_parts, part) in all {
            changes.drop_parts(wanted, wanted_parts, actual_parts, part);
        }
        // A foreign key points at a key, which must be there.
        for (wanted_parts, actual_parts, part) in [all[1], all[0], all[2]] {
            changes.make_parts(wanted_parts, actual_parts, part);
        }
        changes
    }

    fn make(&mut self, table: &str, columns: &[(String, String)]) {
        let columns: Vec<String> =
            columns.iter().map(|(name, definition)| format!("{} {definition}", quoted(name))).collect();
        self.before.push(format!("CREATE TABLE {} ({})", quoted(table), columns.join(", ")));
        self.made.insert(table.to_owned());
    }

    /// Drops what is not wanted of tables that stay.
    fn drop_parts(&mut self, whole: &Structure, wanted: &Parts, actual: &Parts, part: Part) {
        for (of @ (table, name), definition) in actual {
            let stays = whole.columns.contains_key(table) && !self.made.contains(table);
            if stays && wanted.get(of) != Some(definition) {
                self.before.push(match part {
                    Part::Index => format!("DROP INDEX IF EXISTS {}", quoted(name)),
                    Part::Constraint => {
                        format!(
                            "ALTER TABLE {} DROP CONSTRAINT IF EXISTS {} CASCADE",
                            quoted(table),
                            quoted(name)
                        )
                    }
                });
            }
        }
    }

    /// Makes what is wanted and not there, or went with a table.
    fn make_parts(&mut self, wanted: &Parts, actual: &Parts, part: Part) {
        for (of @ (table, name), definition) in wanted {
            // What points at a table that is made anew went with it.
            let points = self.made.iter().any(|made| {
                [format!("REFERENCES {made}("), format!("REFERENCES {}(", quoted(made))]
                    .iter()
                    .any(|at| definition.contains(at))
            });
            if actual.get(of) == Some(definition) && !self.made.contains(table) && !points {
                continue;
            }
            self.after.push(match part {
                Part::Index => definition.clone(),
                Part::Constraint => {
                    format!("ALTER TABLE {} ADD CONSTRAINT {} {definition}", quoted(table), quoted(name))
                }
            });
        }
    }
}

type Parts = BTreeMap<(String, String), String>;

#[derive(Clone, Copy)]
enum Part {
    Index,
    Constraint,
}

/// Statements that bring a table to these columns, if none of those that stay differs and further ones may be empty.
fn altered(table: &str, wanted: &[(String, String)], actual: &[(String, String)]) -> Option<Vec<String>> {
    let (stay, go): (Vec<_>, Vec<_>) = actual.iter().partition(|column| wanted.contains(column));
    let further = wanted.get(stay.len()..)?;
    let in_order = stay.iter().zip(wanted).all(|(one, other)| *one == other);
    let may_be_empty = further.iter().all(|(_, definition)| !definition.contains(" NOT NULL"));
    if !in_order || !may_be_empty {
        return None;
    }
    let table = quoted(table);
    let drops =
        go.iter().map(|(name, _)| format!("ALTER TABLE {table} DROP COLUMN {} CASCADE", quoted(name)));
    let adds = further
        .iter()
        .map(|(name, definition)| format!("ALTER TABLE {table} ADD COLUMN {} {definition}", quoted(name)));
    Some(drops.chain(adds).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &[&str]) -> Vec<(String, String)> {
        names.iter().map(|name| ((*name).to_owned(), "bigint".to_owned())).collect()
    }

    #[test]
    fn a_table_is_altered_where_its_columns_stay_in_order() {
        let changes = |wanted: &[&str], actual: &[&str]| {
            altered("t", &columns(wanted), &columns(actual)).map(|all| all.len())
        };
        assert_eq!(changes(&["id", "a"], &["id", "a", "b"]), Some(1), "one goes");
        assert_eq!(changes(&["id", "a", "b"], &["id", "a"]), Some(1), "one comes");
        assert_eq!(changes(&["id", "b"], &["id", "a"]), Some(2), "one for another");
        assert_eq!(changes(&["id", "a", "b"], &["id", "b"]), None, "it would stand behind");
        let required =
            [("id".to_owned(), "bigint".to_owned()), ("a".to_owned(), "bigint NOT NULL".to_owned())];
        assert_eq!(altered("t", &required, &columns(&["id"])), None);
    }
}
