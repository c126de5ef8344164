//! Rows with marks.

use std::collections::{BTreeMap, BTreeSet};

use portal::entity::Kind;
use portal::method::Method;
use portal::modules;
use portal::noun::{Access, Face, Field, Id, Noun, Verb};
use serde_json::{Value as Json, json};
use store::{Dialect, Tx};
use testportal::{Bench, Hook};

use super::made::{Made, mark, marks_in};
use super::{asked, open};

/// Tables that keep no rows of anybody's: a notification is replaced by a later one about the same.
const APART: [&str; 1] = ["im_notification"];

/// Gives numbers from this one on to all rows that are added.
pub fn number_from(bench: &Bench, first: i64) {
    bench.write(move |tx| {
        let sql = match tx.dialect() {
            Dialect::Sqlite => {
                let fill = format!(
                    "INSERT INTO sqlite_sequence (name, seq) SELECT name, {first} FROM sqlite_schema \
                     WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%' \
                     AND name NOT IN (SELECT name FROM sqlite_sequence)"
                );
                tx.execute(&fill, &[])?;
                format!("UPDATE sqlite_sequence SET seq = {first}")
            }
            Dialect::Postgres => format!(
                "SELECT CAST(setval(CAST(quote_ident(sequencename) AS REGCLASS), {first}) AS BIGINT) \
                 FROM pg_sequences WHERE schemaname = current_schema()"
            ),
        };
        match tx.dialect() {
            Dialect::Sqlite => _ = tx.execute(&sql, &[])?,
            Dialect::Postgres => tx.query(&sql, &[], |_| Ok(()))?,
        }
        Ok(())
    });
}

fn texts(tx: &mut Tx<'_>, sql: &str) -> Result<Vec<String>, store::Error> {
    tx.all(sql, &[], |row| Ok(row.opt_text(0)?.unwrap_or_default().to_owned()))
}

/// The rows of a table that have a mark, as text.
fn with_marks(tx: &mut Tx<'_>, table: &str, columns: &[String]) -> Result<Vec<String>, store::Error> {
    let row = match tx.dialect() {
        Dialect::Sqlite => {
            let cells: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
            cells.join(" || '|' || ")
        }
        Dialect::Postgres => "CAST(t AS TEXT)".to_owned(),
    };
    let like = match tx.dialect() {
        Dialect::Sqlite => "LIKE",
        Dialect::Postgres => "ILIKE",
    };
    texts(tx, &format!("SELECT {row} AS cells FROM \"{table}\" t WHERE {row} {like} '%zq_____q%'"))
}

/// The rows with marks, by table.
#[derive(Clone)]
pub struct Marked {
    tables: BTreeMap<String, (Vec<String>, Vec<String>)>,
    numbers: BTreeMap<usize, BTreeSet<i64>>,
}

/// Finds all rows with marks.
pub fn marked(bench: &Bench) -> Marked {
    bench.read(|tx| {
        let tables = match tx.dialect() {
            Dialect::Sqlite => "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            Dialect::Postgres => {
                "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema()"
            }
        };
        let mut marked = Marked { tables: BTreeMap::new(), numbers: BTreeMap::new() };
        for table in texts(tx, tables)?.into_iter().filter(|table| !APART.contains(&table.as_str())) {
            let columns = match tx.dialect() {
                Dialect::Sqlite => format!("SELECT name FROM pragma_table_info('{table}')"),
                Dialect::Postgres => format!(
                    "SELECT CAST(column_name AS TEXT) FROM information_schema.columns WHERE table_name = '{table}' \
                     AND table_schema = current_schema() ORDER BY ordinal_position"
                ),
            };
            let columns = texts(tx, &columns)?;
            let rows = with_marks(tx, &table, &columns)?;
            if columns[0] == "id" {
                for row in &rows {
                    let number = row.trim_start_matches('(').split(['|', ',']).next().unwrap_or_default();
                    if let Ok(number) = number.parse() {
                        for mark in marks_in(row) {
                            marked.numbers.entry(mark).or_default().insert(number);
                        }
                    }
                }
            }
            if !rows.is_empty() {
                marked.tables.insert(table, (columns, rows));
            }
        }
        Ok(marked)
    })
}

/// Marks rows of the demo data where what is made is without a text or becomes something else.
pub fn mark_demo_data(bench: &Bench, made: &mut Vec<Made>) {
    for (name, field) in open::OF_DEMO {
        let noun = modules().nouns().iter().map(|shape| shape.noun).find(|noun| noun.name == *name);
        let noun = noun.unwrap_or_else(|| panic!("there is no noun {name}"));
        let column = noun.field(field).unwrap_or_else(|| panic!("{name} has no {field}")).column();
        let sql =
            format!("UPDATE {} SET {column} = COALESCE({column}, '') || ' {}'", noun.table, mark(made.len()));
        let changed = bench.write(move |tx| Ok(tx.execute(&sql, &[])?));
        assert!(changed > 0, "there is no {name} in the demo data");
        made.push(Made { method: name, by: "the demo data" });
    }
}

/// The nouns with texts that not everybody reads, and of which no row has a mark.
pub fn unmarked(marked: &Marked) -> Vec<&'static str> {
    let is_text = |field: &Field| matches!(field.kind, Kind::String | Kind::Text) && !field.computed;
    let nouns = modules().nouns().iter().map(|shape| shape.noun);
    let restricted = nouns.filter(|noun| !matches!(noun.access, Access::Everybody | Access::Shared));
    let own = restricted.filter(|noun| noun.tables.is_none() && !noun.table.is_empty());
    let with_texts = own.filter(|noun| noun.fields.iter().any(is_text));
    with_texts.filter(|noun| !marked.tables.contains_key(noun.table)).map(|noun| noun.name).collect()
}

impl Marked {
    /// The numbers of rows with these marks, those that most of them have first.
    pub fn numbers(&self, marks: &BTreeSet<usize>) -> Vec<i64> {
        let mut times: BTreeMap<i64, usize> = BTreeMap::new();
        for mark in marks {
            for number in self.numbers.get(mark).into_iter().flatten() {
                *times.entry(*number).or_default() += 1;
            }
        }
        let mut all: Vec<(usize, i64)> = times.into_iter().map(|(number, times)| (times, number)).collect();
        all.sort_unstable_by(|one, other| other.cmp(one));
        all.into_iter().take(16).map(|(_, number)| number).collect()
    }

    /// Where rows with these marks are other than they were.
    pub fn differences(
        &self,
        tx: &mut Tx<'_>,
        marks: &BTreeSet<usize>,
    ) -> Result<Vec<(usize, String)>, store::Error> {
        let mut differences = Vec::new();
        for (table, (columns, before)) in &self.tables {
            let after = with_marks(tx, table, columns)?;
            let mut note = |sign: &str, one: &[String], other: &[String]| {
                for row in one.iter().filter(|row| !other.contains(row)) {
                    let found = marks_in(row).intersection(marks).next().copied();
                    differences.extend(found.map(|mark| (mark, format!("{sign} {table} {row}"))));
                }
            };
            note("-", before, &after);
            note("+", &after, before);
        }
        Ok(differences)
    }
}

/// The method of a face that returns one row, and the parameters that name it.
fn get(noun: &Noun, face: &Face, number: &str) -> Option<(&'static Method, Json)> {
    let verb = face.verbs.iter().find(|(verb, _)| *verb == Verb::Get)?.1;
    let method = modules().find(&format!("{}.{verb}", face.path))?;
    let Id::Param(name) = face.id else { return None };
    let mut params = match (face.samples)() {
        Json::Null => json!({}),
        samples => samples,
    };
    params[name] = json!(number);
    (noun.key.len() == 1).then_some((method, params))
}

/// The marks that somebody is shown by the `get` of the row that has them.
pub fn shown_by_get(bench: &Bench, hook: &Hook) -> BTreeSet<usize> {
    let (portal, user) = (bench.portal.clone(), hook.user);
    bench.write(move |tx| {
        let mut shown = BTreeSet::new();
        // Rows in tables that are made at run time are named by more than one number.
        let nouns = modules().nouns().iter().map(|shape| shape.noun);
        for noun in nouns.filter(|noun| noun.tables.is_none() && !noun.table.is_empty()) {
            for face in noun.faces.iter().filter(|face| get(noun, face, "1").is_some()) {
                let column = noun.field(noun.key[0]).map_or_else(|| "id".to_owned(), |field| field.column());
                let keys = texts(tx, &format!("SELECT CAST({column} AS TEXT) AS key FROM {} t", noun.table))?;
                for (method, params) in keys.iter().filter_map(|key| get(noun, face, key)) {
                    let ask = asked::ask(&portal, tx, (user, false), method, &params);
                    if ask.done {
                        shown.extend(marks_in(&ask.answer));
                    }
                }
            }
        }
        Ok(shown)
    })
}
