//! `crm.item.productrow.*` and the older methods: rows, their prices and the owner's sum.

use serde_json::{Value, json};
use testportal::{Hook, portals};

fn deal(portal: &Hook, fields: Value) -> i64 {
    let given = Value::from_iter([("fields", fields)]);
    portal.get("crm.deal.add", given).as_i64().expect("an id")
}

/// Sum and tax of a deal.
fn sums(portal: &Hook, id: i64) -> (Value, Value) {
    let deal = portal.get("crm.deal.get", json!({"id": id}));
    (deal["OPPORTUNITY"].clone(), deal["TAX_VALUE"].clone())
}

#[test]
fn older_rows_have_28_members_of_documented_types() {
    for portal in portals("crm") {
        let id = deal(&portal, json!({"TITLE": "x"}));
        let product =
            portal.get("crm.product.add", json!({"fields": {"NAME": "Sofa", "DESCRIPTION": "Green"}}));
        let rows = json!([
            {"PRODUCT_NAME": "Lamp", "PRICE": "500", "QUANTITY": "5", "DISCOUNT_TYPE_ID": 2, "DISCOUNT_RATE": 10, "TAX_RATE": "10", "MEASURE_CODE": 166, "SORT": 20},
            {"PRODUCT_ID": product, "PRODUCT_NAME": "Sofa for two", "PRICE": 1000.5, "DISCOUNT_TYPE_ID": 1, "DISCOUNT_SUM": "500.12", "SORT": 10},
        ]);
        assert_eq!(portal.get("crm.deal.productrows.set", json!({"id": id, "rows": rows})), json!(true));
        let shown = portal.get("crm.deal.productrows.get", json!({"ID": id}));
        let second = json!({
            "ID": shown[1]["ID"], "OWNER_ID": id.to_string(), "OWNER_TYPE": "D", "PRODUCT_ID": 0, "PRODUCT_NAME": "Lamp",
            "ORIGINAL_PRODUCT_NAME": null, "PRODUCT_DESCRIPTION": null, "PRICE": 500, "PRICE_EXCLUSIVE": 454.55,
            "PRICE_NETTO": 505.06, "PRICE_BRUTTO": 555.57, "PRICE_ACCOUNT": "500.00", "QUANTITY": 5,
            "DISCOUNT_TYPE_ID": 2, "DISCOUNT_RATE": 10, "DISCOUNT_SUM": 50.51, "TAX_RATE": 10, "TAX_INCLUDED": "N",
            "CUSTOMIZED": "Y", "MEASURE_CODE": 166, "MEASURE_NAME": "kg", "SORT": 20, "XML_ID": "", "TYPE": 1,
            "STORE_ID": null, "RESERVE_ID": null, "DATE_RESERVE_END": null, "RESERVE_QUANTITY": null,
        });
        assert_eq!(shown[1], second);
        assert_eq!(shown[0].as_object().unwrap().len(), 28);
        let called = ["PRODUCT_NAME", "ORIGINAL_PRODUCT_NAME", "PRODUCT_DESCRIPTION"]
            .map(|name| shown[0][name].clone());
        assert_eq!(called, ["Sofa for two", "Sofa", "Green"]);
        assert_eq!((&shown[0]["PRICE"], &shown[0]["DISCOUNT_RATE"]), (&json!(1000.5), &json!(33.33)));
        assert_eq!((&shown[0]["MEASURE_CODE"], &shown[0]["TAX_RATE"]), (&json!(796), &json!(null)));
        assert!(shown[0]["ID"].is_string());
        assert_eq!(sums(&portal, id), (json!("3500.50"), json!("227.25")));
    }
}

#[test]
fn a_sum_follows_the_rows_unless_set_by_hand() {
    for portal in portals("crm") {
        let id = deal(&portal, json!({"TITLE": "x", "OPPORTUNITY": 7}));
        let row =
            json!({"ownerId": id, "ownerType": "D", "productName": "Chair", "price": 80, "quantity": 3});
        let added = portal.get("crm.item.productrow.add", json!({"fields": row}))["productRow"].clone();
        assert_eq!(sums(&portal, id).0, "240.00");
        // What a request says of the sum counts only while there are no rows.
        portal.get("crm.deal.update", json!({"id": id, "fields": {"OPPORTUNITY": 1}}));
        assert_eq!(sums(&portal, id).0, "240.00");
        portal.get(
            "crm.deal.update",
            json!({"id": id, "fields": {"OPPORTUNITY": 1, "IS_MANUAL_OPPORTUNITY": "Y"}}),
        );
        assert_eq!(sums(&portal, id).0, "1.00");
        let taxed = json!({"id": added["id"], "fields": {"quantity": 10, "taxRate": 25}});
        portal.get("crm.item.productrow.update", taxed);
        assert_eq!(sums(&portal, id), (json!("1.00"), json!("160.00")));
        let item = json!({"entityTypeId": 2, "id": id, "fields": {"isManualOpportunity": "N"}});
        assert_eq!(portal.get("crm.item.update", item)["item"]["opportunity"], 800.0);
        portal.get("crm.item.productrow.delete", json!({"id": added["id"]}));
        assert_eq!(sums(&portal, id), (json!("0.00"), json!("0.00")));
        portal.get("crm.deal.update", json!({"id": id, "fields": {"OPPORTUNITY": 7}}));
        assert_eq!(sums(&portal, id).0, "7.00");
    }
}

#[test]
fn an_item_row_is_added_read_changed_and_deleted() {
    for portal in portals("crm") {
        let id = deal(&portal, json!({"TITLE": "x"}));
        let product = portal.get("crm.product.add", json!({"fields": {"NAME": "Sofa", "MEASURE": 4}}));
        let fields = json!({
            "ownerId": id, "ownerType": "D", "productId": product, "price": 80000, "quantity": 2, "discountTypeId": 2,
            "discountRate": 20, "taxRate": 20, "taxIncluded": "Y", "measureCode": 796, "sort": 10,
        });
        let row = portal.get("crm.item.productrow.add", json!({"fields": fields}))["productRow"].clone();
        let shown = json!({
            "id": row["id"], "ownerId": id, "ownerType": "D", "productId": product, "productName": "Sofa", "price": 80000,
            "priceAccount": 80000, "priceExclusive": 66666.67, "priceNetto": 83333.34, "priceBrutto": 100000.01,
            "quantity": 2, "discountTypeId": 2, "discountRate": 20, "discountSum": 16666.67, "taxRate": 20,
            "taxIncluded": "Y", "customized": "Y", "measureCode": 796, "measureName": "pcs", "sort": 10, "xmlId": "",
            "type": 1, "storeId": null,
        });
        assert_eq!(row, shown);
        assert_eq!(portal.get("crm.item.productrow.get", json!({"id": row["id"]}))["productRow"], shown);

        let changes = json!({"id": row["id"], "fields": {"price": 90000, "quantity": 3, "discountRate": 10, "taxRate": 10}});
        let changed = portal.get("crm.item.productrow.update", changes)["productRow"].clone();
        assert_eq!(
            [
                &changed["priceExclusive"],
                &changed["priceNetto"],
                &changed["priceBrutto"],
                &changed["discountSum"]
            ],
            [&json!(81818.18), &json!(90909.09), &json!(100000), &json!(9090.91)]
        );
        let renamed = json!({"id": row["id"], "fields": {"productName": "Phone", "taxRate": null}});
        let renamed = portal.get("crm.item.productrow.update", renamed)["productRow"].clone();
        assert_eq!((&renamed["price"], &renamed["taxRate"]), (&json!(90000), &json!(null)));
        assert_eq!(portal.get("crm.item.productrow.delete", json!({"id": row["id"]})), json!(null));
        let gone = portal.refused("crm.item.productrow.get", json!({"id": row["id"]}));
        assert_eq!(gone, (400, "NOT_FOUND".into(), "Item not found".into()));
    }
}

#[test]
fn a_set_replaces_rows_but_keeps_those_it_names() {
    for portal in portals("crm") {
        let id = deal(&portal, json!({"TITLE": "x"}));
        let set = |rows: Value| {
            let given = json!({"ownerId": id, "ownerType": "D", "productRows": rows});
            portal.get("crm.item.productrow.set", given)["productRows"].clone()
        };
        let rows =
            set(json!([{"productName": "A", "price": 1}, {"productName": "B", "price": 2, "quantity": 2}]));
        let (a, b) = (rows[0]["id"].clone(), rows[1]["id"].clone());
        assert_eq!(sums(&portal, id).0, "5.00");
        let rows = set(
            json!([{"productName": "C", "price": 3}, {"id": b, "productName": "B2", "price": 4}, {"id": b}]),
        );
        assert_eq!(rows[1]["id"], b);
        let names: Vec<Value> = portal
            .get("crm.deal.productrows.get", json!({"id": id}))
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["PRODUCT_NAME"].clone())
            .collect();
        assert_eq!(json!(names), json!(["B2", "C", ""]));
        // Another owner's row is not to be had by its number.
        let other = deal(&portal, json!({"TITLE": "y"}));
        let stolen = json!({"id": other, "rows": [{"ID": b, "PRICE": 9}]});
        portal.get("crm.deal.productrows.set", stolen);
        assert_eq!(portal.get("crm.item.productrow.get", json!({"id": b}))["productRow"]["ownerId"], id);
        assert!(portal.ask("crm.item.productrow.get", json!({"id": a})).is_err());
        assert_eq!(set(json!([])), json!([]));
        assert_eq!(sums(&portal, id).0, "0.00");
        portal.get("crm.deal.delete", json!({"id": other}));
        let left = portal.page("crm.item.productrow.list", json!({"filter": {">id": 0}})).unwrap();
        assert_eq!(left.total, Some(0));
    }
}

#[test]
fn lists_filter_sort_and_page() {
    for portal in portals("crm") {
        let id = deal(&portal, json!({"TITLE": "x"}));
        let lead = portal.get("crm.lead.add", json!({"fields": {"TITLE": "x"}}));
        let rows: Vec<Value> =
            (1..=60).map(|i| json!({"productName": format!("P{i}"), "price": i})).collect();
        portal.get("crm.item.productrow.set", json!({"ownerId": id, "ownerType": "D", "productRows": rows}));
        portal.get(
            "crm.lead.productrows.set",
            json!({"id": lead, "rows": [{"PRODUCT_NAME": "L", "PRICE": 9}]}),
        );
        let query =
            json!({"filter": {"=ownerType": "D", "=ownerId": id, ">price": 5}, "order": {"price": "desc"}});
        let page = portal.page("crm.item.productrow.list", query).unwrap();
        assert_eq!((page.total, page.next), (Some(55), Some(50)));
        assert_eq!(page.result["productRows"][0]["productName"], "P60");
        let rest = json!({"filter": {"=ownerType": "D", "=ownerId": id}, "start": 50});
        let rest = portal.page("crm.item.productrow.list", rest).unwrap();
        assert_eq!((rest.result["productRows"].as_array().unwrap().len(), rest.next), (10, None));
        let older = json!({"filter": {"OWNER_TYPE": "L", "OWNER_ID": lead}, "select": ["PRODUCT_NAME"]});
        let older = portal.page("crm.productrow.list", older).unwrap();
        assert_eq!((older.result, older.total), (json!([{"ID": "61", "PRODUCT_NAME": "L"}]), Some(1)));
        let wrong = portal.refused("crm.item.productrow.list", json!({"filter": {"nope": 1}}));
        assert_eq!(wrong.1, "INVALID_ARG_VALUE");
        let fields = portal.get("crm.item.productrow.fields", json!({}))["fields"].clone();
        assert_eq!(fields.as_object().unwrap().len(), 21);
        assert_eq!(
            (&fields["taxIncluded"]["type"], &fields["price"]["type"]),
            (&json!("char"), &json!("double"))
        );
    }
}

#[test]
fn rows_are_as_open_as_their_owner() {
    for portal in portals("crm") {
        let employee = portal.employee("ines@example.com", "crm");
        let mine = deal(&portal, json!({"TITLE": "x", "OPENED": "N"}));
        let theirs = deal(&portal, json!({"TITLE": "y", "OPENED": "N", "ASSIGNED_BY_ID": employee.user}));
        let row = |owner: i64| json!({"fields": {"ownerId": owner, "ownerType": "D", "productName": "x", "price": 1}});
        let hidden = portal.get("crm.item.productrow.add", row(mine))["productRow"]["id"].clone();
        employee.get("crm.item.productrow.add", row(theirs));
        let denied = (400, "ACCESS_DENIED".to_owned(), "Access denied".to_owned());
        assert_eq!(employee.refused("crm.item.productrow.add", row(mine)), denied);
        assert_eq!(employee.refused("crm.item.productrow.get", json!({"id": hidden})), denied);
        assert_eq!(employee.refused("crm.item.productrow.delete", json!({"id": hidden})), denied);
        let older = employee.refused("crm.deal.productrows.get", json!({"id": mine}));
        assert_eq!(older, (400, String::new(), "Access denied".into()));
        let seen = employee.page("crm.item.productrow.list", json!({"filter": {"ownerType": "D"}})).unwrap();
        assert_eq!((seen.total, &seen.result["productRows"][0]["ownerId"]), (Some(1), &json!(theirs)));
        assert_eq!(portal.page("crm.productrow.list", json!({})).unwrap().total, Some(2));
    }
}

#[test]
fn what_is_wrong_is_named() {
    for portal in portals("crm") {
        let id = deal(&portal, json!({"TITLE": "x"}));
        let add = |fields: Value| portal.refused("crm.item.productrow.add", json!({"fields": fields}));
        assert_eq!(add(json!({"ownerId": id, "price": 1})).1, "100");
        let kind = add(json!({"ownerId": id, "ownerType": "C", "price": 1}));
        assert_eq!(kind, (400, "ENTITY_TYPE_NOT_SUPPORTED".into(), "Entity type C is not supported".into()));
        let owner = add(json!({"ownerId": 999, "ownerType": "D", "price": 1}));
        assert_eq!(owner, (400, "OWNER_NOT_FOUND".into(), "Owner was not found".into()));
        let rate = add(json!({"ownerId": id, "ownerType": "D", "price": 1, "discountTypeId": 2}));
        assert_eq!(
            (rate.1.as_str(), rate.2.starts_with("Discount Rate (DISCOUNT_RATE) is required")),
            ("0", true)
        );
        let set = |params: Value| portal.refused("crm.deal.productrows.set", params);
        let free =
            set(json!({"id": id, "rows": [{"PRICE": 0, "DISCOUNT_TYPE_ID": 2, "DISCOUNT_RATE": 100}]}));
        assert_eq!((free.1.as_str(), free.2.ends_with("is 100%<br>")), ("ERROR_CORE", true));
        let crm = |text: &str| (400, String::new(), text.to_owned());
        assert_eq!(set(json!({"id": "x"})), crm("The parameter id is invalid or not defined."));
        assert_eq!(set(json!({"id": id, "rows": "x"})), crm("The parameter rows must be array."));
        assert_eq!(set(json!({"id": 999, "rows": []})), crm("Not found"));
        let many: Vec<Value> = (0..1001).map(|_| json!({"PRICE": 1})).collect();
        assert_eq!(set(json!({"id": id, "rows": many})).1, "ERROR_CORE");
    }
}

#[test]
fn a_row_of_a_product_takes_its_name_and_unit_and_outlives_it() {
    for portal in portals("crm") {
        let id = deal(&portal, json!({"TITLE": "x"}));
        let product =
            portal.get("crm.product.add", json!({"fields": {"NAME": "Sand", "MEASURE": 4, "PRICE": 3}}));
        let fields = json!({"ownerId": id, "ownerType": "D", "productId": product, "price": 7});
        let row = portal.get("crm.item.productrow.add", json!({"fields": fields}))["productRow"].clone();
        assert_eq!((&row["productName"], &row["measureCode"]), (&json!("Sand"), &json!(166)));
        assert_eq!((&row["measureName"], &row["price"]), (&json!("kg"), &json!(7)));
        let missing = json!({"fields": {"ownerId": id, "ownerType": "D", "productId": 999, "price": 7}});
        assert_eq!(portal.refused("crm.item.productrow.add", missing).2, "Product is not found");
        let rows = |product: Value| json!({"id": id, "rows": [{"PRODUCT_ID": product, "PRODUCT_NAME": "Sand", "PRICE": 7}]});
        assert!(portal.ask("crm.deal.productrows.set", rows(json!(999))).is_err());
        portal.get("crm.product.delete", json!({"id": product}));
        portal.get("crm.deal.productrows.set", rows(product.clone()));
        let kept = portal.get("crm.deal.productrows.get", json!({"id": id}));
        assert_eq!((&kept[0]["PRODUCT_ID"], &kept[0]["PRICE"]), (&product, &json!(7)));
    }
}

#[test]
fn sums_of_rows_are_exact() {
    for portal in portals("crm") {
        let id = deal(&portal, json!({"TITLE": "x"}));
        let row = |price: &str, quantity: &str| json!({"PRODUCT_NAME": "x", "PRICE": price, "QUANTITY": quantity, "TAX_RATE": 10});
        // 1.005 has no double: times 1 it would be a cent less.
        for (rows, sum) in [
            (json!([row("1.005", "1")]), "1.01"),
            (json!(vec![row("0.1", "1"); 3]), "0.30"),
            (json!([row("90071992547409.93", "1"), row("0.01", "1")]), "90071992547409.94"),
            (json!([row("0.3333", "0.3")]), "0.10"),
        ] {
            portal.get("crm.deal.productrows.set", json!({"id": id, "rows": rows}));
            assert_eq!(sums(&portal, id).0, sum);
        }
        let shown = portal.get("crm.deal.productrows.get", json!({"id": id}));
        assert_eq!((&shown[0]["PRICE"], &shown[0]["QUANTITY"]), (&json!(0.3333), &json!(0.3)));
    }
}
