//! Pictures of products, through every door.

use serde_json::{Value as Json, json};
use testportal::{Hook, portals};

const SCOPES: &str = "crm,catalog";
const GIF: &str = "R0lGODlhAQABAAAAACw=";

fn add(hook: &Hook, kind: Option<&str>, name: &str) -> Json {
    let fields = match kind {
        Some(kind) => json!({"productId": 1, "type": kind}),
        None => json!({"productId": 1}),
    };
    hook.get("catalog.productImage.add", json!({"fields": fields, "fileContent": [name, GIF]}))["productImage"].clone()
}

fn types(hook: &Hook) -> Vec<(String, String)> {
    let list = hook.get("catalog.productImage.list", json!({"productId": 1}));
    let text = |row: &Json, name: &str| row[name].as_str().unwrap().to_owned();
    list["productImages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (text(row, "type"), text(row, "name")))
        .collect()
}

#[test]
fn pictures_are_added_listed_replaced_and_deleted() {
    for portal in portals(SCOPES) {
        portal.get("crm.product.add", json!({"fields": {"NAME": "Chair"}}));
        let front = add(&portal, Some("DETAIL_PICTURE"), "front.gif");
        add(&portal, Some("PREVIEW_PICTURE"), "small.gif");
        let back = add(&portal, None, "back.gif");
        add(&portal, Some("MORE_PHOTO"), "side.gif");
        let listed = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(kind, name)| ((*kind).to_owned(), (*name).to_owned())).collect()
        };
        assert_eq!(
            types(&portal),
            listed(&[
                ("DETAIL_PICTURE", "front.gif"),
                ("PREVIEW_PICTURE", "small.gif"),
                ("MORE_PHOTO", "back.gif"),
                ("MORE_PHOTO", "side.gif"),
            ])
        );
        let shown = portal.get("catalog.productImage.get", json!({"productId": 1, "id": back["id"]}));
        assert_eq!(shown["productImage"], back);
        assert!(back["downloadUrl"].as_str().unwrap().contains("/rest/download/?token="), "{back}");
        // The older spelling has the same picture.
        let older = portal.get("crm.product.get", json!({"id": 1}));
        assert_eq!(older["DETAIL_PICTURE"]["id"], front["id"]);
        // Another one takes its place; the others of the property stay when one of them goes.
        add(&portal, Some("DETAIL_PICTURE"), "new.gif");
        portal.get("catalog.productImage.delete", json!({"productId": 1, "id": back["id"]}));
        assert_eq!(types(&portal)[0].1, "new.gif");
        assert_eq!(types(&portal).len(), 3);
        let gone = portal.refused("catalog.productImage.get", json!({"productId": 1, "id": front["id"]}));
        assert_eq!(gone.2, "Image not found");
        let nowhere = json!({"fields": {"productId": 9}, "fileContent": ["a.gif", GIF]});
        assert_eq!(portal.refused("catalog.productImage.add", nowhere).2, "Product not found");
        let wrong = json!({"fields": {"productId": 1, "type": "X"}, "fileContent": ["a.gif", GIF]});
        assert_eq!(portal.refused("catalog.productImage.add", wrong).0, 400);
    }
}

#[test]
fn a_file_of_a_property_is_found_by_each_of_its_names() {
    for portal in portals(SCOPES) {
        let property = json!({"iblockId": 1, "name": "Manual", "code": "MANUAL", "propertyType": "F"});
        let property =
            portal.get("catalog.productProperty.add", json!({"fields": property}))["productProperty"]["id"]
                .clone();
        let value = json!({"value": {"fileData": ["manual.gif", GIF]}});
        let fields = json!({"iblockId": 1, "name": "Chair", format!("property{property}"): value});
        let product = portal.get("catalog.product.add", json!({"fields": fields}))["element"].clone();
        let file = product[format!("property{property}")]["value"]["id"].clone();
        let ask =
            |name: &str| json!({"fields": {"fileId": file, "productId": product["id"], "fieldName": name}});
        for name in ["PROPERTY_MANUAL", &format!("PROPERTY_{property}"), &format!("property{property}")] {
            assert!(portal.get("catalog.product.download", ask(name))["downloadUrl"].is_string(), "{name}");
        }
        for name in ["PROPERTY_", "PROPERTY_OTHER", "MANUAL", "detailPicture"] {
            assert_eq!(portal.refused("catalog.product.download", ask(name)).2, "File not found", "{name}");
        }
    }
}

#[test]
fn a_file_is_sent_to_who_reads_its_product_and_not_in_a_batch() {
    for portal in portals(SCOPES) {
        portal.get("crm.product.add", json!({"fields": {"NAME": "Chair"}}));
        let front = add(&portal, Some("DETAIL_PICTURE"), "front.gif");
        let employee = portal.employee("otto@example.com", SCOPES);
        let ask = |name: &str| json!({"fields": {"fileId": front["id"], "productId": 1, "fieldName": name}});
        for name in ["DETAIL_PICTURE", "detailPicture"] {
            let link = employee.get("catalog.product.download", ask(name))["downloadUrl"].clone();
            assert!(link.as_str().unwrap().contains("/rest/download/?token="), "{link}");
        }
        // A file of another field, a product of another type.
        assert_eq!(employee.refused("catalog.product.download", ask("PREVIEW_PICTURE")).2, "File not found");
        assert_eq!(employee.refused("catalog.product.download", ask("PROPERTY_1")).2, "File not found");
        assert_eq!(employee.refused("catalog.product.service.download", ask("DETAIL_PICTURE")).0, 400);
        let image = json!({"productId": 1, "id": front["id"]});
        assert_eq!(employee.refused("catalog.productImage.delete", image).1, "200040300020");
        let command = format!(
            "catalog.product.download?fields[fileId]={}&fields[productId]=1&fields[fieldName]=DETAIL_PICTURE",
            front["id"]
        );
        let batch = employee.get("batch", json!({"cmd": {"a": command}}));
        assert_eq!(batch["result_error"]["a"]["error"], "ERROR_BATCH_METHOD_NOT_ALLOWED");
    }
}
