//! Products, their properties and prices: both spellings show the same rows.

use serde_json::{Value, json};
use testportal::portals;

/// A property, made in the legacy spelling.
fn property(portal: &testportal::Hook, mut fields: Value) -> i64 {
    fields["NAME"] = json!("x");
    portal.get("crm.product.property.add", json!({"fields": fields})).as_i64().unwrap()
}

#[test]
fn an_older_product_is_added_read_changed_listed_and_deleted() {
    for portal in portals("crm,catalog") {
        let section = portal.get("crm.productsection.add", json!({"fields": {"NAME": "Chairs"}}));
        let fields = json!({
            "NAME": "Plastic Chair", "PRICE": "4900.005", "SORT": 700, "SECTION_ID": section, "VAT_ID": 3,
            "VAT_INCLUDED": "Y", "DESCRIPTION": "light", "XML_ID": "c-1",
        });
        let id = portal.get("crm.product.add", json!({"fields": fields})).as_i64().unwrap();
        let shown = portal.get("crm.product.get", json!({"id": id}));
        let members = [
            ("ID", json!(id.to_string())),
            ("CATALOG_ID", json!("1")),
            ("NAME", json!("Plastic Chair")),
            ("PRICE", json!("4900.01")),
            ("CURRENCY_ID", json!("USD")),
            ("SORT", json!("700")),
            ("SECTION_ID", json!(section.to_string())),
            ("VAT_ID", json!("3")),
            ("VAT_INCLUDED", json!("Y")),
            ("DESCRIPTION", json!("light")),
            ("DESCRIPTION_TYPE", json!("text")),
            ("ACTIVE", json!("Y")),
            ("CREATED_BY", json!("1")),
            ("PREVIEW_PICTURE", json!(null)),
            ("DATE_CREATE", json!("2026-06-01T12:00:00+00:00")),
        ];
        for (name, value) in members {
            assert_eq!(shown[name], value, "{name}");
        }
        // A price changes together with its currency only.
        let update = |fields: Value| portal.get("crm.product.update", json!({"id": id, "fields": fields}));
        assert_eq!(update(json!({"PRICE": 1, "NAME": "Chair"})), true);
        let shown = portal.get("crm.product.get", json!({"id": id}));
        assert_eq!((&shown["PRICE"], &shown["NAME"]), (&json!("4900.01"), &json!("Chair")));
        update(json!({"PRICE": 5000, "CURRENCY_ID": "EUR"}));
        let asked = json!({
            "order": {"PRICE": "DESC"}, "filter": {">PRICE": 4999.99, "CATALOG_ID": 1, "%NAME": "hai"},
            "select": ["ID", "NAME", "CURRENCY_ID", "PRICE"],
        });
        let row = json!({"ID": id.to_string(), "NAME": "Chair", "CURRENCY_ID": "EUR", "PRICE": "5000.00"});
        assert_eq!(portal.get("crm.product.list", asked), json!([row]));
        // The base price is a row of the prices.
        let prices = portal.get("catalog.price.list", json!({"filter": {"productId": id}}));
        assert_eq!(
            (&prices["prices"][0]["price"], &prices["prices"][0]["currency"]),
            (&json!(5000), &json!("EUR"))
        );
        let price = prices["prices"][0]["id"].clone();
        portal
            .get("catalog.price.update", json!({"id": price, "fields": {"price": 12.5, "currency": "USD"}}));
        assert_eq!(portal.get("crm.product.get", json!({"id": id}))["PRICE"], "12.50");
        portal.get("catalog.price.delete", json!({"id": price}));
        assert_eq!(portal.get("crm.product.get", json!({"id": id}))["PRICE"], json!(null));
        // Sections take their products with them.
        portal.get("crm.productsection.delete", json!({"id": section}));
        assert_eq!(portal.refused("crm.product.get", json!({"id": id})).2, "Not found");
    }
}

#[test]
fn values_of_properties_have_their_numbers_and_forms() {
    for portal in portals("crm,catalog") {
        let text = property(&portal, json!({"PROPERTY_TYPE": "S"}));
        let several = property(&portal, json!({"PROPERTY_TYPE": "S", "MULTIPLE": "Y"}));
        let number = property(&portal, json!({"PROPERTY_TYPE": "N"}));
        let list = property(
            &portal,
            json!({
                "PROPERTY_TYPE": "L", "VALUES": {"n0": {"VALUE": "Red", "SORT": 10}, "n1": {"VALUE": "Blue", "DEF": "Y"}},
            }),
        );
        let html = property(&portal, json!({"PROPERTY_TYPE": "S", "USER_TYPE": "HTML"}));
        let file = property(&portal, json!({"PROPERTY_TYPE": "F"}));
        let elsewhere = property(&portal, json!({"PROPERTY_TYPE": "S", "IBLOCK_ID": 2}));
        let name = |id: i64| format!("PROPERTY_{id}");
        let values = portal.get("crm.product.property.get", json!({"id": list}))["VALUES"].clone();
        let red =
            values.as_object().unwrap().values().find(|value| value["VALUE"] == "Red").unwrap()["ID"].clone();
        let fields = json!({
            "NAME": "Lamp", name(text): "plain", name(several): ["a", {"value": "b"}], name(number): {"value": "12,50"},
            name(html): {"value": {"TEXT": "<b>x</b>", "TYPE": "html"}},
            name(file): {"value": {"fileData": ["a.txt", "aGVsbG8="]}},
        });
        let id = portal.get("crm.product.add", json!({"fields": fields})).as_i64().unwrap();
        let shown = portal.get("crm.product.get", json!({"id": id}));
        let value = |shown: &Value, of: i64| shown[name(of)]["value"].clone();
        assert_eq!(value(&shown, text), "plain");
        assert_eq!(value(&shown, number), "12.5");
        assert_eq!(value(&shown, html), json!({"TYPE": "HTML", "TEXT": "<b>x</b>"}));
        assert!(value(&shown, file)["downloadUrl"].is_string(), "{shown}");
        assert_eq!(shown[name(several)][1]["value"], "b");
        assert!(shown[name(several)][1]["valueId"].is_string());
        assert!(shown.get(name(elsewhere)).is_none(), "a property of another catalogue");
        // The default of the list was taken.
        let blue = value(&shown, list);
        assert_ne!(blue, red);

        let camel = portal.get("catalog.product.get", json!({"id": id}))["product"].clone();
        let named = |of: i64| format!("property{of}");
        assert_eq!(camel[named(list)]["valueEnum"], "Blue");
        assert_eq!(camel[named(text)]["valueId"], shown[name(text)]["valueId"]);

        // What is not listed goes; a file stays until it is removed.
        let changes = json!({name(several): [{"valueId": "1", "value": "c"}], name(list): {"value": red}, name(file): {"value": ""}});
        portal.get("crm.product.update", json!({"id": id, "fields": changes}));
        let shown = portal.get("crm.product.get", json!({"id": id}));
        assert_eq!(shown[name(several)].as_array().map(Vec::len), Some(1));
        assert_eq!(value(&shown, list), red);
        assert!(value(&shown, file)["id"].is_i64(), "{shown}");
        let removed =
            json!({name(file): {"valueId": shown[name(file)]["valueId"], "value": {"remove": "Y"}}});
        portal.get("crm.product.update", json!({"id": id, "fields": removed}));
        assert_eq!(portal.get("crm.product.get", json!({"id": id}))[name(file)], json!(null));

        // Lists show and filter by them when they are asked to.
        let ids = |filter: Value| portal.get("crm.product.list", json!({"filter": filter, "select": ["ID"]}));
        for filter in [
            json!({name(text): "plain"}),
            json!({format!("%{}", name(several)): "c"}),
            json!({format!(">{}", name(number)): 12.4}),
            json!({name(list): red}),
        ] {
            assert_eq!(ids(filter.clone()), json!([{"ID": id.to_string()}]), "{filter}");
        }
        assert_eq!(ids(json!({name(number): 12.4})), json!([]));
        let bare = portal.get("crm.product.list", json!({}));
        assert!(bare[0].get(name(text)).is_none() && bare[0]["NAME"] == "Lamp");
        let masked = portal.get("crm.product.list", json!({"select": ["ID", "PROPERTY_*"]}));
        assert_eq!(masked[0][name(text)]["value"], "plain");

        portal.get("crm.product.property.delete", json!({"id": text}));
        assert!(portal.get("crm.product.get", json!({"id": id})).get(name(text)).is_none());
    }
}

#[test]
fn values_of_lists_are_added_changed_and_deleted() {
    for portal in portals("crm,catalog") {
        let id = property(
            &portal,
            json!({"PROPERTY_TYPE": "L", "VALUES": {"n0": {"VALUE": "A"}, "n1": {"VALUE": "B"}}}),
        );
        let values = || portal.get("crm.product.property.get", json!({"id": id}))["VALUES"].clone();
        let keys: Vec<String> = values().as_object().unwrap().keys().cloned().collect();
        let changes =
            json!({&keys[0]: {"VALUE": "A2", "SORT": 1}, &keys[1]: {"VALUE": ""}, "n7": {"VALUE": "C"}});
        portal.get("crm.product.property.update", json!({"id": id, "fields": {"VALUES": changes}}));
        let names: Vec<Value> =
            values().as_object().unwrap().values().map(|value| value["VALUE"].clone()).collect();
        assert_eq!(json!(names), json!(["A2", "C"]));
        let listed = portal.get("catalog.productPropertyEnum.list", json!({"filter": {"propertyId": id}}));
        assert_eq!(listed["productPropertyEnums"].as_array().map(Vec::len), Some(2));
        let text = property(&portal, json!({"PROPERTY_TYPE": "S"}));
        let fields = json!({"propertyId": text, "value": "x", "xmlId": "x"});
        let refused = portal.refused("catalog.productPropertyEnum.add", json!({"fields": fields}));
        assert_eq!(refused.2, "Only list properties are supported");
    }
}

#[test]
fn properties_are_refused_in_documented_words_and_described() {
    for portal in portals("crm,catalog") {
        let add = |fields: Value| portal.refused("catalog.productProperty.add", json!({"fields": fields})).2;
        assert_eq!(
            add(json!({"iblockId": 1, "name": "x", "propertyType": "Q"})),
            "Invalid property type specified"
        );
        assert_eq!(
            add(json!({"iblockId": 1, "name": "x", "propertyType": "S", "userType": "no"})),
            "Invalid custom property type settings specified"
        );
        assert_eq!(
            add(json!({"iblockId": 1, "name": "x", "propertyType": "S", "code": "1x"})),
            "Property code cannot start with a digit"
        );
        let id = property(&portal, json!({"PROPERTY_TYPE": "S", "IS_REQUIRED": "Y"}));
        let described = portal.get("crm.product.fields", json!({}))[format!("PROPERTY_{id}")].clone();
        assert_eq!(
            (&described["type"], &described["isRequired"]),
            (&json!("product_property"), &json!(true))
        );
        assert_eq!((&described["propertyType"], &described["title"]), (&json!("S"), &json!("x")));
        let refused = portal.refused("crm.product.add", json!({"fields": {"NAME": "x"}}));
        assert_eq!(refused.2, format!("The field PROPERTY_{id} is required."));
        let types = portal.get("crm.product.property.types", json!({}));
        assert!(types.as_array().unwrap().iter().any(|known| known["USER_TYPE"] == "HTML"));
        let catalogs = portal
            .page("crm.catalog.list", json!({"filter": {"ORIGINATOR_ID": "", "ORIGIN_ID": ""}}))
            .unwrap();
        assert_eq!((catalogs.total, &catalogs.result[0]["ID"]), (Some(1), &json!("1")));
    }
}

#[test]
fn a_product_has_one_price_of_a_type() {
    for portal in portals("crm,catalog") {
        let id = portal.get("catalog.product.add", json!({"fields": {"iblockId": 1, "name": "x"}}))["element"]["id"].clone();
        let add = |group: i64| {
            let fields = json!({"productId": id, "catalogGroupId": group, "price": 99.99, "currency": "EUR"});
            portal.ask("catalog.price.add", json!({"fields": fields}))
        };
        assert_eq!(add(1).unwrap()["price"]["priceScale"], json!(108.99));
        assert_eq!(portal.get("crm.product.get", json!({"id": id}))["PRICE"], "99.99");
        assert!(add(1).is_err() && add(9).is_err());
        // Another type becomes the base.
        let retail = portal.get("catalog.priceType.add", json!({"fields": {"name": "Retail"}}))["priceType"]
            ["id"]
            .clone();
        assert!(add(retail.as_i64().unwrap()).is_ok());
        portal.get(
            "catalog.priceType.update",
            json!({"id": retail, "fields": {"base": "Y", "name": "Retail"}}),
        );
        assert_eq!(portal.get("crm.product.get", json!({"id": id}))["CURRENCY_ID"], "EUR");
        assert_eq!(portal.get("crm.product.delete", json!({"id": id})), true);
        let left = portal.page("catalog.price.list", json!({})).unwrap();
        assert_eq!(left.total, Some(0));
    }
}

#[test]
fn variants_follow_their_product() {
    for portal in portals("crm,catalog") {
        let add = |kind: &str, name: &str, fields: Value| {
            let method = format!("catalog.product.{kind}.add").replace("..", ".");
            portal.get(&method, json!({"fields": fields}))[name].clone()
        };
        let sku = add("sku", "sku", json!({"iblockId": 1, "name": "Lamp"}));
        assert_eq!((&sku["type"], sku.get("barcodeMulti")), (&json!(6), None));
        let offer =
            add("offer", "offer", json!({"iblockId": 2, "name": "White", "parentId": {"value": sku["id"]}}));
        assert_eq!((&offer["type"], &offer["iblockId"]), (&json!(4), &json!(2)));
        assert_eq!(offer["parentId"]["value"], sku["id"].to_string());
        assert_eq!(portal.get("catalog.product.sku.get", json!({"id": sku["id"]}))["sku"]["type"], 3);
        // A product that was sold as it is becomes one with variants by its first one.
        let plain = add("", "element", json!({"iblockId": 1, "name": "Chair"}))["id"].clone();
        add("offer", "offer", json!({"iblockId": 2, "name": "Red", "parentId": plain}));
        assert_eq!(portal.get("catalog.product.sku.get", json!({"id": plain}))["sku"]["type"], 3);
        let service = add("service", "service", json!({"iblockId": 1, "name": "Delivery"}));
        assert_eq!((&service["type"], service.get("weight")), (&json!(7), None));
        assert!(portal.ask("catalog.product.offer.get", json!({"id": service["id"]})).is_err());
        let of_service = json!({"fields": {"iblockId": 2, "name": "x", "parentId": service["id"]}});
        assert!(portal.ask("catalog.product.offer.add", of_service).is_err());
        let asked = json!({"select": ["id", "iblockId", "parentId"], "filter": {"iblockId": 2, "parentId": sku["id"]}});
        let offers = portal.get("catalog.product.offer.list", asked);
        assert_eq!(offers["offers"][0]["id"], offer["id"]);
        let described =
            portal.get("catalog.product.offer.getFieldsByFilter", json!({"filter": {"iblockId": 2}}));
        let parent = &described["offer"]["parentId"];
        assert_eq!((&parent["type"], &parent["userType"]), (&json!("productproperty"), &json!("SKU")));
        let bare =
            portal.refused("catalog.product.list", json!({"select": ["id"], "filter": {"iblockId": 1}}));
        assert_eq!(bare.2, "Required select fields: id, iblockId");
        portal.get("catalog.product.sku.delete", json!({"id": sku["id"]}));
        assert!(portal.ask("catalog.product.offer.get", json!({"id": offer["id"]})).is_err());
    }
}

#[test]
fn prices_are_replaced_all_at_once() {
    for portal in portals("crm,catalog") {
        let id = portal.get("crm.product.add", json!({"fields": {"NAME": "x", "PRICE": 10}}));
        let retail = portal.get("catalog.priceType.add", json!({"fields": {"name": "Retail"}}))["priceType"]
            ["id"]
            .clone();
        let modify = |prices: Value| {
            portal.get("catalog.price.modify", json!({"fields": {"product": {"id": id, "prices": prices}}}))["prices"].clone()
        };
        let both = modify(json!([
            {"catalogGroupId": 1, "price": 11, "currency": "USD"}, {"catalogGroupId": retail, "price": 12, "currency": "USD"},
        ]));
        assert_eq!((both.as_array().map(Vec::len), &both[1]["price"]), (Some(2), &json!(12)));
        assert_eq!(portal.get("crm.product.get", json!({"id": id}))["PRICE"], "11.00");
        modify(json!([{"catalogGroupId": retail, "price": 13, "currency": "USD"}]));
        assert_eq!(portal.get("crm.product.get", json!({"id": id}))["PRICE"], json!(null));
    }
}
