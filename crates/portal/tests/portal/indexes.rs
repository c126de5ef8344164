//! Indexes: that lists by date are read off them, and that a changed one comes to a database that is there.

#![allow(clippy::unwrap_used)]

use crm::entities;
use portal::entity::filter::Unknown;
use portal::entity::read::{Query, statement};
use portal::entity::{Entity, Kind, Naming};
use portal::files::Blobs;
use portal::keys::Keys;
use portal::settings::Settings;
use portal::{Moment, Portal};
use serde_json::json;
use store::{Options, Tx};
use wire::filter::Filter;
use wire::order::Direction;

use testportal::{NOW, portals};

/// Rows of each entity; from some thousands on PostgreSQL plans as with millions.
const ROWS: i64 = 20_000;

/// Fills an entity's table with items that nobody would make one by one.
fn fill(tx: &mut Tx<'_>, entity: &Entity) -> Result<(), store::Error> {
    let columns = |code: &&str| entity.field(code).unwrap().column().to_owned();
    let dates = dates(entity).iter().map(columns).collect::<Vec<_>>().join(", ");
    let values = vec!["i"; self::dates(entity).len()].join(", ");
    let sql = format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS}) \
         INSERT INTO {} (assigned_by_id, opened, {dates}) SELECT 1, 'Y', {values} FROM n",
        entity.table()
    );
    tx.execute(&sql, &[])?;
    tx.execute(&format!("ANALYZE {}", entity.table()), &[]).map(drop)
}

fn dates(entity: &Entity) -> Vec<&str> {
    let dates = entity.fields.iter().filter(|field| field.indexed && field.kind == Kind::DateTime);
    dates.map(|field| &*field.code).collect()
}

/// How the engine goes about a page of items in this order.
fn plan(tx: &mut Tx<'_>, entity: &Entity, date: &str, direction: Direction) -> Result<String, store::Error> {
    let field = entity.field(date).unwrap();
    let named = |naming: Naming| naming.name(field).map(|name| (naming, name.to_owned()));
    let (naming, name) = named(Naming::Legacy).or_else(|| named(Naming::Item)).unwrap();
    let query = Query {
        filter: Filter::All(Vec::new()),
        order: vec![(name.as_str().into(), direction)],
        select: Vec::new(),
        unknown: Unknown::Refused,
    };
    let sql = statement(entity, naming, &query, "").unwrap().replace('?', "0");
    let (explain, column) = match tx.dialect() {
        store::Dialect::Sqlite => ("EXPLAIN QUERY PLAN", 3),
        store::Dialect::Postgres => ("EXPLAIN", 0),
    };
    let mut plan = String::new();
    tx.query(&format!("{explain} {sql}"), &[], |row| {
        plan.push_str(row.text(column)?);
        plan.push('\n');
        Ok(())
    })?;
    Ok(plan)
}

#[test]
fn a_page_by_date_is_read_off_an_index_from_either_end() {
    for bench in portals("crm") {
        for entity in entities() {
            let of_entity = match &*entity.name {
                "invoice" => ["DATE_INSERT", "DATE_UPDATE"],
                _ => ["DATE_CREATE", "DATE_MODIFY"],
            };
            assert_eq!(dates(&entity), of_entity, "{}", entity.name);
            let filled = entity.clone();
            bench.write(move |tx| Ok(fill(tx, &filled)?));
            let name = (entity.name == "contact").then_some("LAST_NAME");
            for date in of_entity.into_iter().chain(name) {
                for direction in [Direction::Asc, Direction::Desc] {
                    let planned = entity.clone();
                    let plan = bench.read(move |tx| Ok(plan(tx, &planned, date, direction)?));
                    let column = entity.field(date).unwrap().column();
                    let index = format!("{}_{column}__", entity.table());
                    assert!(plan.contains(&index), "{plan}");
                    assert!(!plan.contains("Sort") && !plan.contains("B-TREE"), "{plan}");
                }
            }
        }
    }
}

#[test]
fn an_item_is_found_by_its_user_field_through_an_index() {
    for bench in portals("crm") {
        let types = ["string", "integer", "date", "employee", "url"];
        for (at, kind) in types.iter().enumerate() {
            let fields = json!({"FIELD_NAME": format!("F{at}"), "USER_TYPE_ID": kind});
            bench.get("crm.deal.userfield.add", json!({"fields": fields}));
        }
        let entity = entities().into_iter().find(|entity| entity.type_id == 2).unwrap();
        let fill = move |tx: &mut Tx<'_>| {
            fill(tx, &entity)?;
            // A portal of an older program has no such indexes; a text may be longer than an index in order holds.
            (1..=5).try_for_each(|id| {
                tx.execute(&format!("DROP INDEX crm_user_field_value_{id}"), &[]).map(drop)
            })?;
            tx.execute("DELETE FROM portal_state WHERE name = 'user_field_indexes:crm_deal'", &[])?;
            let sql = "UPDATE crm_deal SET uf_crm_f0 = 'x' || id, uf_crm_f1 = id, uf_crm_f3 = id, uf_crm_f4 = 'y' || id";
            tx.execute(sql, &[])?;
            let long = "я".repeat(10_000);
            tx.execute("UPDATE crm_deal SET uf_crm_f0 = ? WHERE id = 7", &[long.as_str().into()])?;
            Ok(())
        };
        bench.write(fill);
        let bench = bench.reopened();
        bench.write(|tx| Ok(tx.execute("ANALYZE crm_deal", &[]).map(drop)?));
        for (id, condition) in
            [(1, "t.uf_crm_f0 = 'x77'"), (2, "t.uf_crm_f1 IN (77, 78)"), (4, "t.uf_crm_f3 = 77")]
        {
            let plan = bench.read(move |tx| {
                let (explain, column) = match tx.dialect() {
                    store::Dialect::Sqlite => ("EXPLAIN QUERY PLAN", 3),
                    store::Dialect::Postgres => ("EXPLAIN", 0),
                };
                let mut plan = String::new();
                let sql =
                    format!("{explain} SELECT t.id FROM crm_deal t WHERE {condition} ORDER BY t.id LIMIT 50");
                tx.query(&sql, &[], |row| {
                    plan.push_str(row.text(column)?);
                    Ok(())
                })?;
                Ok(plan)
            });
            assert!(plan.contains(&format!("crm_user_field_value_{id}")), "{plan}");
        }
        let found = bench.get("crm.deal.list", json!({"filter": {"UF_CRM_F0": "x77"}, "select": ["ID"]}));
        assert_eq!(found, json!([{"ID": "77"}]));
        bench.get("crm.deal.userfield.delete", json!({"id": 1}));
    }
}

#[test]
fn items_of_one_moment_come_in_the_direction_of_the_list() {
    for bench in portals("crm") {
        for name in ["A", "B", "C"] {
            bench.get("crm.contact.add", json!({"fields": {"NAME": name}}));
        }
        let listed = |order: serde_json::Value| {
            let rows = bench.get("crm.contact.list", json!({"order": order, "select": ["ID"]}));
            rows.as_array()
                .unwrap()
                .iter()
                .map(|row| row["ID"].as_str().unwrap().to_owned())
                .collect::<String>()
        };
        assert_eq!(listed(json!({"DATE_CREATE": "DESC"})), "321");
        assert_eq!(listed(json!({"DATE_CREATE": "ASC"})), "123");
        assert_eq!(listed(json!({"DATE_CREATE": "DESC", "OPENED": "ASC"})), "321");
    }
}

#[test]
fn a_changed_index_comes_to_a_database_that_is_there() {
    for bed in testkit::engines() {
        let now = Moment(NOW * 1_000_000);
        let open = || {
            let settings = Settings::new("https://portal.test");
            Portal::open(
                &bed.location,
                &Options::default(),
                Keys::derive(&[7; 32]),
                settings,
                Blobs::in_memory(),
                now,
            )
            .unwrap()
        };
        let names = |portal: &Portal| {
            let job = |tx: &mut Tx<'_>| {
                let sql = match tx.dialect() {
                    store::Dialect::Sqlite => {
                        "SELECT name FROM sqlite_master WHERE type = 'index' ORDER BY 1"
                    }
                    store::Dialect::Postgres => {
                        "SELECT CAST(indexname AS TEXT) FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"
                    }
                };
                let mut names = Vec::new();
                tx.query(sql, &[], |row| {
                    names.push(row.text(0)?.to_owned());
                    Ok(())
                })?;
                Ok::<_, store::Error>(names)
            };
            portal.core().store.read(job).wait().unwrap()
        };
        let portal = open();
        let fresh = names(&portal);
        let mine = fresh.iter().find(|name| name.starts_with("crm_deal_date_modify")).unwrap().clone();
        let origin = fresh.iter().find(|name| name.starts_with("crm_deal_origin_id")).unwrap().clone();
        let age = move |tx: &mut Tx<'_>| {
            tx.execute(&format!("DROP INDEX {mine}"), &[])?;
            tx.execute(&format!("DROP INDEX {origin}"), &[])?;
            tx.execute("CREATE INDEX crm_deal_date_modify ON crm_deal (date_modify)", &[])?;
            let long = "я".repeat(10_000);
            tx.execute("INSERT INTO crm_deal (origin_id) VALUES (?)", &[long.as_str().into()])?;
            tx.execute("UPDATE portal_state SET value = 'older' WHERE name = 'entities'", &[])
        };
        portal.core().store.write(age).wait().unwrap();
        drop(portal);

        let portal = open();
        assert_eq!(names(&portal), fresh, "on {}", bed.engine);
        let job = |tx: &mut Tx<'_>| tx.one("SELECT LENGTH(origin_id) FROM crm_deal", &[], |row| row.int(0));
        assert_eq!(portal.core().store.read(job).wait(), Ok(Some(255)));
    }
}
