//! Products are found by their properties, and counted as they come and go.

use serde_json::{Value as Json, json};
use testportal::{Hook, portals};

const SCOPES: &str = "crm,catalog";

/// A property of several values: of the catalogue of products, with that type.
fn property(hook: &Hook, kind: &str) -> i64 {
    let fields = json!({"iblockId": 1, "name": kind, "propertyType": kind, "multiple": "Y"});
    hook.get("catalog.productProperty.add", json!({"fields": fields}))["productProperty"]["id"]
        .as_i64()
        .unwrap()
}

fn product(hook: &Hook, property: i64, values: &Json) -> i64 {
    let values: Json = values.as_array().unwrap().iter().map(|value| json!({"value": value})).collect();
    let mut fields = json!({"iblockId": 1, "name": "Chair"});
    fields[format!("property{property}")] = values;
    hook.get("catalog.product.add", json!({"fields": fields}))["element"]["id"].as_i64().unwrap()
}

/// The products that a filter finds, and how many the answer says that there are.
fn found(hook: &Hook, filter: Json) -> (Vec<i64>, i64) {
    let mut filter = filter;
    filter["iblockId"] = json!(1);
    let asked = json!({"filter": filter, "select": ["id", "iblockId"], "order": {"id": "ASC"}});
    let page = hook.page("catalog.product.list", asked).unwrap();
    let rows = page.result["products"].as_array().unwrap().iter();
    (rows.map(|row| row["id"].as_i64().unwrap()).collect(), page.total.unwrap())
}

#[test]
fn by_any_of_several_values() {
    for portal in portals(SCOPES) {
        let (texts, numbers) = (property(&portal, "S"), property(&portal, "N"));
        let by = |value: Json| {
            let mut filter = json!({});
            filter[format!("property{texts}")] = value;
            found(&portal, filter).0
        };
        // Two long values that begin alike: their beginnings are looked up, and the whole decides.
        let [long, other] = ["x", "y"].map(|end| "a".repeat(300) + end);
        let first = product(&portal, texts, &json!(["red", "blue", long]));
        let second = product(&portal, texts, &json!(["blue", "O'Hara \"x\"", other]));
        assert_eq!((by(json!("red")), by(json!("blue"))), (vec![first], vec![first, second]));
        assert_eq!((by(json!(long)), by(json!(other))), (vec![first], vec![second]));
        assert_eq!((by(json!("O'Hara \"x\"")), by(json!(["red", "none"]))), (vec![second], vec![first]));
        assert_eq!((by(json!("re")), by(json!("RED"))), (vec![], vec![]));
        // Values follow writes, and leave with their product.
        let update = |id: i64, values: Json| {
            let mut fields = json!({});
            fields[format!("property{texts}")] = values;
            portal.get("catalog.product.update", json!({"id": id, "fields": fields}));
        };
        update(first, json!([{"value": "green"}]));
        assert_eq!((by(json!("red")), by(json!("green"))), (vec![], vec![first]));
        portal.get("catalog.product.delete", json!({"id": second}));
        assert_eq!(by(json!("blue")), Vec::<i64>::new());
        let third = product(&portal, numbers, &json!([1, 2.5]));
        let by_number = |value: Json| {
            let mut filter = json!({});
            filter[format!("property{numbers}")] = value;
            found(&portal, filter).0
        };
        assert_eq!((by_number(json!(2.5)), by_number(json!(25))), (vec![third], vec![]));
        // A property that goes takes its values along.
        portal.get("catalog.productProperty.delete", json!({"id": texts}));
        let again = property(&portal, "S");
        let fourth = product(&portal, again, &json!(["green"]));
        let mut filter = json!({});
        filter[format!("property{again}")] = json!("green");
        assert_eq!(found(&portal, filter).0, [fourth]);
    }
}

#[test]
fn totals_follow_what_comes_and_goes() {
    for portal in portals(SCOPES) {
        let property = property(&portal, "S");
        let ids: Vec<i64> = (0..60).map(|_| product(&portal, property, &json!(["x"]))).collect();
        let old = |portal: &Hook| portal.page("crm.product.list", json!({})).unwrap().total;
        assert_eq!((found(&portal, json!({})).1, old(&portal)), (60, Some(60)));
        for id in &ids[..5] {
            portal.get("catalog.product.delete", json!({"id": id}));
        }
        // A refused batch of changes counts for nothing.
        portal.refused("catalog.product.add", json!({"fields": {"iblockId": 1}}));
        assert_eq!((found(&portal, json!({})).1, old(&portal)), (55, Some(55)));
        assert_eq!(found(&portal, json!({"id": ids})).1, 55);
        let variants = portal
            .page("catalog.product.list", json!({"filter": {"iblockId": 2}, "select": ["id", "iblockId"]}));
        assert_eq!(variants.unwrap().total, Some(0));
    }
}

#[test]
fn a_database_of_before_is_counted_when_it_is_opened() {
    for portal in portals(SCOPES) {
        let property = property(&portal, "S");
        let ids: Vec<i64> = (0..52).map(|_| product(&portal, property, &json!(["x", "y"]))).collect();
        portal.write(|tx| {
            for sql in [
                "DELETE FROM catalog_property_value",
                "DELETE FROM crm_count",
                "DELETE FROM crm_item_block",
                "DELETE FROM portal_state WHERE name IN ('counted: catalog.product', 'catalog_property_values')",
            ] {
                tx.execute(sql, &[])?;
            }
            Ok(())
        });
        let portal = portal.reopened();
        let mut filter = json!({});
        filter[format!("property{property}")] = json!("y");
        assert_eq!((found(&portal, json!({})).1, found(&portal, filter)), (52, (ids[..50].to_vec(), 52)));
    }
}
