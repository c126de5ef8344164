//! Far pages of long lists: as right as near ones, also of items that were there before blocks of ids were counted.

#![allow(clippy::unwrap_used)]

use portal::entity::Entity;
use serde_json::{Value as Json, json};
use store::Tx;

use testportal::{Bench, portals};

/// Contacts that are there from the start, more than two blocks of ids.
const ROWS: i64 = 12_000;

/// Makes contacts as an older program left them: numbered with holes, and counted as a whole only.
fn age(tx: &mut Tx<'_>, entity: &Entity) -> portal::Result<()> {
    let table = entity.table();
    let sql = format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS}) \
         INSERT INTO {table} (assigned_by_id, opened, name) SELECT 1, 'Y', 'old' FROM n"
    );
    tx.execute(&sql, &[])?;
    tx.execute(&format!("DELETE FROM {table} WHERE id % 7 = 0 OR id BETWEEN 4000 AND 4200"), &[])?;
    let count = "INSERT INTO crm_count (id, items) SELECT 3 * 64, COUNT(*) FROM crm_contact";
    tx.execute(count, &[])?;
    tx.execute("DELETE FROM portal_state WHERE name = 'item_blocks'", &[])?;
    Ok(())
}

fn ids(bench: &Bench, method: &str, start: usize, direction: &str) -> (Vec<i64>, Option<i64>) {
    let page =
        bench.page(method, json!({"entityTypeId": 3, "order": {"id": direction}, "start": start})).unwrap();
    let rows = page.result.get("items").unwrap_or(&page.result).as_array().unwrap().clone();
    let id =
        |row: &Json| row.get("ID").or(row.get("id")).unwrap().to_string().trim_matches('"').parse().unwrap();
    (rows.iter().map(id).collect(), page.total)
}

#[test]
fn a_far_page_has_the_rows_that_come_there() {
    for bench in portals("crm") {
        let entity = crm::entities().into_iter().find(|entity| entity.type_id == 3).unwrap();
        bench.write(move |tx| age(tx, &entity));
        let bench = bench.reopened();
        // What is deleted and added afterwards counts, within one batch as well.
        bench.get("crm.contact.delete", json!({"id": 9001}));
        bench.get("batch", json!({"cmd": ["crm.contact.add?fields[NAME]=new", "crm.contact.delete?id=5"]}));
        let job = |tx: &mut Tx<'_>| {
            let mut all = Vec::new();
            tx.query("SELECT id FROM crm_contact ORDER BY id", &[], |row| {
                all.push(row.int(0)?);
                Ok(())
            })?;
            Ok(all)
        };
        let mut all: Vec<i64> = bench.read(job);
        for direction in ["ASC", "DESC"] {
            for method in ["crm.contact.list", "crm.item.list"] {
                for start in (0..all.len() + 100).step_by(650) {
                    let start = start / 50 * 50;
                    let expected: Vec<i64> = all.iter().skip(start).take(50).copied().collect();
                    let page = ids(&bench, method, start, direction);
                    assert_eq!(page, (expected, Some(all.len() as i64)), "{method} {direction} from {start}");
                }
            }
            all.reverse();
        }
    }
}

#[test]
fn a_far_page_within_a_batch_sees_what_the_batch_did() {
    for bench in portals("crm") {
        let entity = crm::entities().into_iter().find(|entity| entity.type_id == 3).unwrap();
        bench.write(move |tx| age(tx, &entity));
        let bench = bench.reopened();
        let last = bench.page("crm.contact.list", json!({"start": 10_000})).unwrap().total.unwrap();
        let start = last / 50 * 50;
        let commands = json!({"cmd": {
            "add": "crm.contact.add?fields[NAME]=new",
            "list": format!("crm.contact.list?start={start}&select[]=NAME"),
        }});
        let answer = bench.get("batch", commands);
        let rows = answer["result"]["list"].as_array().unwrap();
        assert_eq!(rows.last().unwrap()["NAME"], "new");
    }
}
