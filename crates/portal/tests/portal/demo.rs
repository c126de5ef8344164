//! Demo records: the same number and seed make the same rows.

use std::collections::BTreeMap;

use portal::demo::grow::{self, Grown, Size};
use portal::{Moment, demo};
use store::{Dialect, Tx};
use testportal::{Bench, NOW, portals};

const MOMENT: Moment = Moment(NOW * 1_000_000);
const RECORDS: u32 = 700;

/// Columns that are random by their purpose, as table and column; a table alone is left out whole.
const RANDOM: &[&str] = &[];

fn grown(bench: &Bench, seed: u32) -> Grown {
    grow::grow(&bench.portal, Size { records: RECORDS, seed }, MOMENT, |_| {}).unwrap()
}

fn filled(bench: &Bench, seed: u32) {
    demo::load(&bench.portal, MOMENT).unwrap();
    assert_eq!(grown(bench, seed), Grown::Whole);
}

/// Every row of every table, as text and in order.
fn everything(bench: &Bench) -> BTreeMap<String, Vec<String>> {
    bench.read(|tx| {
        let mut all = BTreeMap::new();
        for table in tables(tx)? {
            let columns = columns(tx, &table)?;
            let shown = |column: &String| match tx.dialect() {
                Dialect::Sqlite => format!("quote({column})"),
                Dialect::Postgres => format!("COALESCE(CAST({column} AS TEXT), '-')"),
            };
            let chosen = columns.iter().filter(|column| !RANDOM.contains(&format!("{table}.{column}").as_str()));
            let chosen = chosen.map(shown).collect::<Vec<_>>().join(" || ' | ' || ");
            let mut rows = tx.all(&format!("SELECT {chosen} FROM {table}"), &[], |row| Ok(row.text(0)?.to_owned()))?;
            rows.sort_unstable();
            all.insert(table, rows);
        }
        Ok(all)
    })
}

fn tables(tx: &mut Tx<'_>) -> portal::Result<Vec<String>> {
    let sql = match tx.dialect() {
        Dialect::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        Dialect::Postgres => "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = 'public'",
    };
    let all = tx.all(sql, &[], |row| Ok(row.text(0)?.to_owned()))?;
    Ok(all.into_iter().filter(|table| !RANDOM.contains(&table.as_str())).collect())
}

fn columns(tx: &mut Tx<'_>, table: &str) -> portal::Result<Vec<String>> {
    let sql = match tx.dialect() {
        Dialect::Sqlite => "SELECT name FROM pragma_table_info(?)",
        Dialect::Postgres => {
            "SELECT CAST(column_name AS TEXT) FROM information_schema.columns WHERE table_name = ? ORDER BY ordinal_position"
        }
    };
    Ok(tx.all(sql, &[table.into()], |row| Ok(row.text(0)?.to_owned()))?)
}

#[test]
fn the_same_number_and_seed_make_the_same_rows() {
    for (one, other) in portals("crm").zip(portals("crm")) {
        filled(&one, 7);
        filled(&other, 7);
        let (one_rows, other_rows) = (everything(&one), everything(&other));
        assert_eq!(one_rows.keys().collect::<Vec<_>>(), other_rows.keys().collect::<Vec<_>>());
        for (table, rows) in &one_rows {
            let differing = rows.iter().zip(&other_rows[table]).find(|(one, other)| one != other);
            assert_eq!((rows.len(), differing), (other_rows[table].len(), None), "{table} on {}", one.engine);
        }
        assert_eq!(grown(&one, 7), Grown::Whole);
        assert_eq!(everything(&one), one_rows, "nothing is made twice");
        assert_eq!(grown(&one, 8), Grown::Other(Size { records: RECORDS, seed: 7 }));
    }
}

#[test]
fn records_are_of_all_kinds_and_of_the_year_before() {
    for bench in portals("crm,task,catalog") {
        demo::load(&bench.portal, MOMENT).unwrap();
        let count = |method: &str| bench.page(method, serde_json::json!({})).unwrap().total.unwrap();
        let methods = ["crm.company.list", "crm.contact.list", "crm.lead.list", "crm.deal.list", "tasks.task.list"];
        let before = methods.map(count);
        grown(&bench, 1);
        let more: Vec<i64> = methods.iter().zip(before).map(|(method, before)| count(method) - before).collect();
        assert_eq!(more, [56, 154, 154, 126, 70], "on {}", bench.engine);
        let stages = |days: i64| {
            let since = Moment((NOW - days * 24 * 3600) * 1_000_000).seconds();
            let since = portal::moment::print(&jiff::tz::TimeZone::UTC, since);
            let filter = serde_json::json!({"filter": {"<DATE_CREATE": since.as_str(), "STAGE_ID": ["WON", "LOSE"], ">ID": 21}});
            bench.page("crm.deal.list", filter).unwrap().total.unwrap()
        };
        assert!(stages(300) > 5 && stages(0) > stages(180) && stages(180) > stages(300), "on {}", bench.engine);
        let rows = bench.get("crm.deal.productrows.get", serde_json::json!({"id": 30}));
        assert!(rows[0]["PRODUCT_ID"].as_i64().is_some_and(|id| id > 0), "{rows}");
    }
}
