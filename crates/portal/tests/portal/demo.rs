//! Demo records: the same number and seed make the same rows.

use std::collections::{BTreeMap, BTreeSet};

use portal::demo::grow::{self, Grown, Size};
use portal::{Moment, demo};
use store::{Dialect, Tx};
use testportal::{Bench, NOW, portals};

const MOMENT: Moment = Moment(NOW * 1_000_000);
const RECORDS: u32 = 500;

/// Columns that are random by their purpose: secrets, and identifiers that nobody else in the world has.
const RANDOM: &[&str] = &[
    "crm_pay_system.xml_id",
    "hook.lookup",
    "hook.sealed",
    "im_event.data",
    "im_message.uuid",
    "portal_content.key",
    "portal_state.value",
    "portal_user.email",
    "sale_basket.xml_id",
    "sale_basket_property.xml_id",
    "sale_delivery.xml_id",
    "sale_order.xml_id",
    "sale_payment.xml_id",
    "sale_payment_basket.xml_id",
    "sale_payment_shipment.xml_id",
    "sale_shipment.xml_id",
    "sale_shipment_item.xml_id",
    "sale_trade_binding.xml_id",
    "tasks_task.guid",
    "telephony_sip.password",
];

fn grown(bench: &Bench, seed: u32) -> Grown {
    grow::grow(&bench.portal, Size { records: RECORDS, seed }, MOMENT, |_| {}).unwrap()
}

fn filled(bench: &Bench, seed: u32) {
    demo::load(&bench.portal, MOMENT).unwrap();
    assert_eq!(grown(bench, seed), Grown::Whole);
}

/// Every row of every table, as text and in order: the values of each, a line for each column.
fn everything(bench: &Bench) -> BTreeMap<String, Vec<String>> {
    bench.read(|tx| {
        let mut all = BTreeMap::new();
        for table in tables(tx)? {
            let columns = columns(tx, &table)?;
            let shown = |column: &String| match tx.dialect() {
                Dialect::Sqlite => format!("'{column}=' || quote({column})"),
                Dialect::Postgres => format!("'{column}=' || COALESCE(CAST({column} AS TEXT), '-')"),
            };
            let chosen =
                columns.iter().filter(|column| !RANDOM.contains(&format!("{table}.{column}").as_str()));
            let chosen = chosen.map(shown).collect::<Vec<_>>().join(" || '\u{1f}' || ");
            let mut rows =
                tx.all(&format!("SELECT {chosen} FROM {table}"), &[], |row| Ok(row.text(0)?.to_owned()))?;
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
    Ok(tx.all(sql, &[], |row| Ok(row.text(0)?.to_owned()))?)
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

/// Tables of counts, which have a row for each writer: who writes what differs on PostgreSQL.
const BY_WRITER: [&str; 2] = ["crm_count", "crm_item_block"];

/// The columns in which two portals differ.
fn differing(one: &BTreeMap<String, Vec<String>>, other: &BTreeMap<String, Vec<String>>) -> BTreeSet<String> {
    let mut differing = BTreeSet::new();
    for (table, rows) in one.iter().filter(|(table, _)| !BY_WRITER.contains(&table.as_str())) {
        if rows.len() != other[table].len() {
            differing.insert(format!("{table}: {} and {} rows", rows.len(), other[table].len()));
        }
        for (one, other) in rows.iter().zip(&other[table]) {
            let columns = one.split('\u{1f}').zip(other.split('\u{1f}')).filter(|(one, other)| one != other);
            differing.extend(
                columns.map(|(one, _)| format!("{table}.{}", one.split('=').next().unwrap_or_default())),
            );
        }
    }
    differing
}

#[test]
fn the_same_number_and_seed_make_the_same_rows() {
    for (one, other) in portals("crm").zip(portals("crm")) {
        filled(&one, 7);
        filled(&other, 7);
        let (one_rows, other_rows) = (everything(&one), everything(&other));
        assert_eq!(one_rows.keys().collect::<Vec<_>>(), other_rows.keys().collect::<Vec<_>>());
        assert_eq!(differing(&one_rows, &other_rows), BTreeSet::new(), "on {}", one.engine);
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
        let methods =
            ["crm.company.list", "crm.contact.list", "crm.lead.list", "crm.deal.list", "tasks.task.list"];
        let before = methods.map(count);
        grown(&bench, 1);
        let more: Vec<i64> =
            methods.iter().zip(before).map(|(method, before)| count(method) - before).collect();
        assert_eq!(more, [40, 110, 110, 90, 50], "on {}", bench.engine);
        let stages = |days: i64| {
            let since = Moment((NOW - days * 24 * 3600) * 1_000_000).seconds();
            let since = portal::moment::print(&jiff::tz::TimeZone::UTC, since);
            let filter = serde_json::json!({"filter": {"<DATE_CREATE": since.as_str(), "STAGE_ID": ["WON", "LOSE"], ">ID": 21}});
            bench.page("crm.deal.list", filter).unwrap().total.unwrap()
        };
        assert!(
            stages(300) > 5 && stages(0) > stages(180) && stages(180) > stages(300),
            "on {}",
            bench.engine
        );
        let rows = bench.get("crm.deal.productrows.get", serde_json::json!({"id": 30}));
        assert!(rows[0]["PRODUCT_ID"].as_i64().is_some_and(|id| id > 0), "{rows}");
    }
}
