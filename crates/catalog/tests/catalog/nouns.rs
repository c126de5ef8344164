//! What belongs to price types, properties and products.

use serde_json::json;
use testportal::portals;

const SCOPES: &str = "crm,catalog";

#[test]
fn a_price_type_has_one_name_in_a_language_and_takes_what_belongs_to_it_along() {
    for portal in portals(SCOPES) {
        let kind =
            portal.get("catalog.priceType.add", json!({"fields": {"name": "Club"}}))["priceType"]["id"]
                .clone();
        let name =
            |lang: &str| json!({"fields": {"catalogGroupId": kind, "lang": lang, "name": "Club price"}});
        let added = portal.get("catalog.priceTypeLang.add", name("en"));
        assert_eq!(added["priceTypeLang"]["lang"], "en");
        assert_eq!(portal.refused("catalog.priceTypeLang.add", name("en")).1, "400");
        assert_eq!(portal.refused("catalog.priceTypeLang.add", name("xx")).1, "201200000010");
        let nowhere = json!({"fields": {"catalogGroupId": 999, "lang": "en", "name": "x"}});
        assert_eq!(portal.refused("catalog.priceTypeLang.add", nowhere).1, "201000000000");
        let rule =
            json!({"fields": {"catalogGroupId": kind, "price": 0, "roundType": 3, "roundPrecision": 1}});
        assert_eq!(portal.refused("catalog.roundingRule.add", rule).1, "0");
        let group = json!({"fields": {"catalogGroupId": kind, "groupId": 2, "access": "Y"}});
        assert_eq!(portal.get("catalog.priceTypeGroup.add", group.clone())["priceTypeGroup"]["access"], "Y");
        assert_eq!(
            portal.refused("catalog.priceTypeGroup.add", group).2,
            "The specified access type for this group already exists"
        );
        portal.get("crm.product.add", json!({"fields": {"NAME": "x"}}));
        let price =
            json!({"fields": {"productId": 1, "catalogGroupId": kind, "price": 7, "currency": "USD"}});
        portal.get("catalog.price.add", price);
        portal.get("catalog.priceType.delete", json!({"id": kind}));
        for (method, rows) in [
            ("catalog.priceTypeLang.list", "priceTypeLangs"),
            ("catalog.priceTypeGroup.list", "priceTypeGroups"),
            ("catalog.price.list", "prices"),
        ] {
            let left = portal.get(method, json!({"filter": {"catalogGroupId": kind}}));
            assert_eq!(left[rows], json!([]), "{method}");
        }
    }
}

#[test]
fn every_product_has_a_ratio_while_it_is_there() {
    for portal in portals(SCOPES) {
        portal.get("crm.product.add", json!({"fields": {"NAME": "x"}}));
        let ratio = json!({"id": 1, "productId": 1, "ratio": 1.0, "isDefault": "Y"});
        assert_eq!(portal.get("catalog.ratio.get", json!({"id": 1})), json!({"ratio": ratio}));
        portal.get("crm.product.delete", json!({"id": 1}));
        assert_eq!(portal.refused("catalog.ratio.get", json!({"id": 1})).0, 400);
    }
}

#[test]
fn properties_stand_in_filters_and_have_features_of_their_catalogue() {
    for portal in portals(SCOPES) {
        let fields = json!({"iblockId": 1, "name": "Material", "propertyType": "S"});
        portal.get("catalog.productProperty.add", json!({"fields": fields}));
        let nothing = json!({"fields": {"propertyId": 0, "value": "Birch", "xmlId": "birch"}});
        let said = portal.refused("catalog.productPropertyEnum.add", nothing);
        assert_eq!(
            (said.0, said.2.as_str()),
            (400, "Required fields: propertyId"),
            "a link to nothing is none"
        );
        let row = |portal: &testportal::Hook| {
            portal.get("catalog.productPropertySection.get", json!({"propertyId": 1}))["productPropertySection"].clone()
        };
        assert_eq!((&row(&portal)["smartFilter"], &row(&portal)["propertyId"]), (&json!("N"), &json!(1)));
        let set =
            json!({"propertyId": 1, "fields": {"smartFilter": "Y", "filterHint": "What it is made of"}});
        let answer = portal.get("catalog.productPropertySection.set", set);
        assert_eq!(answer["productPropertySection"]["iblockId"], "1");
        assert_eq!(
            (&row(&portal)["smartFilter"], &row(&portal)["filterHint"], &row(&portal)["displayType"]),
            (&json!("Y"), &json!("What it is made of"), &json!("F"))
        );
        assert_eq!(
            portal.refused("catalog.productPropertySection.get", json!({"propertyId": 9})).2,
            "productPropertySection does not exist."
        );
        let features = portal
            .get("catalog.productPropertyFeature.getAvailableFeaturesByProperty", json!({"propertyId": 1}));
        let ids: Vec<&str> = features["features"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["featureId"].as_str().unwrap())
            .collect();
        assert_eq!(ids, ["LIST_PAGE_SHOW", "DETAIL_PAGE_SHOW"]);
        let feature = |id: &str| json!({"fields": {"propertyId": 1, "moduleId": "iblock", "featureId": id, "isEnabled": "Y"}});
        portal.get("catalog.productPropertyFeature.add", feature("LIST_PAGE_SHOW"));
        assert_eq!(portal.refused("catalog.productPropertyFeature.add", feature("LIST_PAGE_SHOW")).0, 400);
        assert_eq!(
            portal.refused("catalog.productPropertyFeature.add", feature("GLOWS")).2,
            "Invalid property parameter set"
        );
        portal.get("catalog.productProperty.delete", json!({"id": 1}));
        assert_eq!(
            portal.get("catalog.productPropertyFeature.list", json!({})),
            json!({"productPropertyFeatures": []})
        );
        assert_eq!(portal.refused("catalog.productPropertySection.get", json!({"propertyId": 1})).0, 400);
    }
}

#[test]
fn an_employee_reads_the_catalog_and_its_stock_and_changes_nothing() {
    for portal in portals(SCOPES) {
        portal.get("crm.product.add", json!({"fields": {"NAME": "x"}}));
        let document = json!({"docType": "A", "responsibleId": 1, "currency": "USD"});
        portal.get("catalog.document.add", json!({"fields": document}));
        let employee = portal.employee("otto@example.com", SCOPES);
        for method in
            ["price", "priceType", "store", "storeproduct", "ratio", "extra", "document", "document.element"]
        {
            employee.get(&format!("catalog.{method}.list"), json!({}));
        }
        for (method, params) in [
            ("catalog.document.add", json!({"fields": document})),
            ("catalog.document.update", json!({"id": 1, "fields": {"title": "x"}})),
            ("catalog.document.conduct", json!({"id": 1})),
            ("catalog.document.cancelList", json!({"documentIds": [1]})),
            ("catalog.document.delete", json!({"id": 1})),
        ] {
            assert_eq!(
                employee.refused(method, params).2,
                "Insufficient permissions to save the document",
                "{method}"
            );
        }
        let element = json!({"fields": {"docId": 1, "elementId": 1, "storeTo": 1, "amount": 1}});
        assert_eq!(employee.refused("catalog.document.element.add", element).1, "ERROR_DOCUMENT_RIGHTS");
        let price = json!({"fields": {"productId": 1, "catalogGroupId": 1, "price": 1, "currency": "USD"}});
        assert_eq!(employee.refused("catalog.price.add", price).1, "200040300020");
    }
}

#[test]
fn settings_of_a_property_that_are_left_out_have_their_usual_values() {
    for portal in portals(SCOPES) {
        let fields = json!({
            "iblockId": 1, "name": "Brand", "propertyType": "S", "userType": "directory",
            "userTypeSettings": {"tableName": "brands", "size": 3},
        });
        let added = portal.get("catalog.productProperty.add", json!({"fields": fields}));
        let whole = json!({"tableName": "brands", "size": 3, "width": 0, "group": "N", "multiple": "N"});
        assert_eq!(added["productProperty"]["userTypeSettings"], whole);
        let plain = json!({"iblockId": 1, "name": "Material", "propertyType": "S"});
        let added = portal.get("catalog.productProperty.add", json!({"fields": plain}));
        assert_eq!(added["productProperty"]["userTypeSettings"], json!(null));
    }
}
