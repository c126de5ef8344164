//! How values of requests are read: sums, phones and their kinds, product rows.

use serde_json::{Value, json};

use testportal::{Hook, portals};

fn out_of_range(title: &str) -> (u16, String, String) {
    (400, "ERROR_CORE".into(), format!("The value of the field \"{title}\" is out of range."))
}

#[test]
fn sums_are_read_as_people_write_them() {
    let sums = [
        (json!("1 000,50"), "1000.50"),
        (json!("1\u{a0}000,50"), "1000.50"),
        (json!("-12.5"), "-12.50"),
        (json!("99 RUB"), "99.00"),
        (json!("much"), "0.00"),
        (json!(""), "0.00"),
        (json!(null), "0.00"),
        (json!(["5"]), "5.00"),
    ];
    for portal in portals("crm") {
        let id = portal.get("crm.deal.add", json!({"fields": {"TITLE": "x"}}));
        for (given, shown) in &sums {
            portal.get("crm.deal.update", json!({"id": id, "fields": {"OPPORTUNITY": given}}));
            assert_eq!(portal.get("crm.deal.get", json!({"id": id}))["OPPORTUNITY"], *shown, "{given}");
            let fields = json!({"entityTypeId": 2, "fields": {"opportunity": given}});
            let item = portal.get("crm.item.add", fields);
            let kept: f64 = shown.parse().unwrap();
            assert_eq!(item["item"]["opportunity"].as_f64(), Some(kept), "{given}");
        }
        let company = portal.get("crm.company.add", json!({"fields": {"TITLE": "x", "REVENUE": "2 500,75"}}));
        assert_eq!(portal.get("crm.company.get", json!({"id": company}))["REVENUE"], "2500.75");
        // A filter understands the same, and matches nothing where it understands nothing.
        portal.get("crm.deal.update", json!({"id": id, "fields": {"OPPORTUNITY": 1000.5}}));
        let found = |sum: &str| {
            let filter = json!({"filter": {"OPPORTUNITY": sum, "ID": id}});
            portal.get("crm.deal.list", filter).as_array().unwrap().len()
        };
        assert_eq!((found("1 000,50"), found("1000.5"), found("much")), (1, 1, 0));
    }
}

#[test]
fn numbers_that_cannot_be_kept_are_refused() {
    for portal in portals("crm") {
        let id = portal.get("crm.deal.add", json!({"fields": {"TITLE": "x", "OPPORTUNITY": 7}}));
        for method in ["crm.deal.update", "crm.deal.add"] {
            let sum = json!({"id": id, "fields": {"OPPORTUNITY": "-5e400"}});
            assert_eq!(portal.refused(method, sum), out_of_range("Amount"));
        }
        let item = json!({"entityTypeId": 2, "id": id, "fields": {"opportunity": "1e999"}});
        assert_eq!(portal.refused("crm.item.update", item), out_of_range("Amount"));
        let chance = json!({"id": id, "fields": {"PROBABILITY": "99999999999999999999"}});
        assert_eq!(portal.refused("crm.deal.update", chance), out_of_range("Probability, %"));
        assert_eq!(portal.get("crm.deal.get", json!({"id": id}))["OPPORTUNITY"], "7.00");
        for (name, title) in [("PRICE", "Price with discount and tax"), ("QUANTITY", "Quantity")] {
            for number in ["5e400", "1e16"] {
                let rows = json!({"id": id, "rows": [{"PRODUCT_NAME": "Chair", name: number}]});
                assert_eq!(portal.refused("crm.deal.productrows.set", rows), out_of_range(title));
            }
        }
    }
}

#[test]
fn numbers_of_user_fields_are_read_alike() {
    for portal in portals("crm") {
        for (name, kind) in [("N", "integer"), ("X", "double"), ("M", "money")] {
            let field = json!({"fields": {"FIELD_NAME": name, "USER_TYPE_ID": kind}});
            portal.get("crm.deal.userfield.add", field);
        }
        let many = json!({"fields": {"FIELD_NAME": "XS", "USER_TYPE_ID": "double", "MULTIPLE": "Y"}});
        portal.get("crm.deal.userfield.add", many);
        let id = portal.get("crm.deal.add", json!({"fields": {"TITLE": "x"}}));
        let stored = |name: &str, given: &Value| {
            portal.get("crm.deal.update", json!({"id": id, "fields": {name: given}}));
            portal.get("crm.deal.get", json!({"id": id}))[name].clone()
        };
        for (name, given, shown) in [
            ("UF_CRM_N", json!("1 000"), json!("1000")),
            ("UF_CRM_N", json!("12.7"), json!("12")),
            ("UF_CRM_N", json!("many"), json!("0")),
            ("UF_CRM_N", json!(""), json!(null)),
            ("UF_CRM_X", json!("1 000,50"), json!("1000.5")),
            ("UF_CRM_X", json!("much"), json!("0")),
            ("UF_CRM_X", json!(""), json!(null)),
            ("UF_CRM_M", json!("1 000,50|EUR"), json!("1000.5|EUR")),
            ("UF_CRM_M", json!("much|EUR"), json!("0|EUR")),
            ("UF_CRM_M", json!(""), json!(null)),
            ("UF_CRM_XS", json!(["1 000,50", "", "much"]), json!(["1000.5", "0"])),
        ] {
            assert_eq!(stored(name, &given), shown, "{name} {given}");
        }
        for name in ["UF_CRM_N", "UF_CRM_X", "UF_CRM_M", "UF_CRM_XS"] {
            let fields = json!({"id": id, "fields": {name: "-5e400"}});
            assert_eq!(portal.refused("crm.deal.update", fields), out_of_range(name));
        }
    }
}

#[test]
fn what_is_no_array_is_no_product_row() {
    for portal in portals("crm") {
        let id = portal.get("crm.deal.add", json!({"fields": {"TITLE": "x"}}));
        let rows = |given: Value| {
            portal.get("crm.deal.productrows.set", json!({"id": id, "rows": given.clone()}));
            let legacy = portal.get("crm.deal.productrows.get", json!({"id": id})).as_array().unwrap().len();
            let set = json!({"ownerId": id, "ownerType": "D", "productRows": given});
            let item = portal.get("crm.item.productrow.set", set)["productRows"].as_array().unwrap().len();
            assert_eq!(legacy, item);
            legacy
        };
        assert_eq!(rows(json!({"PRODUCT_NAME": "Chair", "PRICE": 80, "QUANTITY": 3})), 0);
        assert_eq!(rows(json!(["Chair", 5, null])), 0);
        assert_eq!(rows(json!([{"PRODUCT_NAME": "Chair"}, "Desk", {"PRODUCT_NAME": "Lamp"}])), 2);
        let [price, quantity] = [json!("1 000,50"), json!("2,5")];
        let given =
            json!({"id": id, "rows": [{"PRODUCT_NAME": "Chair", "PRICE": price, "QUANTITY": quantity}]});
        portal.get("crm.deal.productrows.set", given);
        let row = portal.get("crm.deal.productrows.get", json!({"id": id}))[0].clone();
        assert_eq!((&row["PRICE"], &row["QUANTITY"]), (&json!(1000.5), &json!(2.5)));
    }
}

/// The values of a contact's phones with their kinds.
fn phones(portal: &Hook, id: &Value) -> Vec<(String, String)> {
    let contact = portal.get("crm.contact.get", json!({"id": id}));
    let text = |phone: &Value, name: &str| phone[name].as_str().unwrap_or_default().to_owned();
    let of = |phone| (text(phone, "VALUE"), text(phone, "VALUE_TYPE"));
    contact["PHONE"].as_array().into_iter().flatten().map(of).collect()
}

#[test]
fn phones_and_their_kinds_are_trimmed() {
    for portal in portals("crm") {
        let pair = |value: &str, kind: &str| (value.to_owned(), kind.to_owned());
        let given = json!([{"VALUE": " +79991112233 ", "VALUE_TYPE": " MOBILE "}, {"VALUE": "  ", "VALUE_TYPE": "WORK"}]);
        let id = portal.get("crm.contact.add", json!({"fields": {"NAME": "Ines", "PHONE": given}}));
        assert_eq!(phones(&portal, &id), [pair("+79991112233", "MOBILE")]);
        let number = portal.get("crm.contact.get", json!({"id": id}))["PHONE"][0]["ID"].clone();
        // A change that leaves the kind out makes it WORK.
        let change = json!([{"ID": number, "VALUE": "\t+49 30 1 "}]);
        portal.get("crm.contact.update", json!({"id": id, "fields": {"PHONE": change}}));
        assert_eq!(phones(&portal, &id), [pair("+49 30 1", "WORK")]);
        let fm = json!([{"typeId": "PHONE", "valueType": " HOME", "value": " 5 "}]);
        let update = json!({"entityTypeId": 3, "id": id, "fields": {"fm": fm}});
        portal.get("crm.item.update", update);
        assert_eq!(phones(&portal, &id), [pair("+49 30 1", "WORK"), pair("5", "HOME")]);
        let second = portal.get("crm.contact.get", json!({"id": id}))["PHONE"][1]["ID"].clone();
        let changed = json!({"entityTypeId": 3, "id": id, "fields": {"fm": {second.as_str().unwrap(): {"value": "6"}}}});
        portal.get("crm.item.update", changed);
        assert_eq!(phones(&portal, &id), [pair("+49 30 1", "WORK"), pair("6", "WORK")]);
        // Only blanks are no value: that one goes.
        let emptied = json!([{"ID": second, "VALUE": " "}]);
        portal.get("crm.contact.update", json!({"id": id, "fields": {"PHONE": emptied}}));
        assert_eq!(phones(&portal, &id).len(), 1);
    }
}
