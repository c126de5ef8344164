//! Files in fields, and the links to them.

use crate::common::{Hook, NOW, portals};
use portal::{Moment, files};
use serde_json::{Value, json};

fn contact(portal: &Hook, fields: Value) -> i64 {
    let given = Value::from_iter([("fields", fields)]);
    portal.get("crm.contact.add", given).as_i64().expect("an id")
}

fn item(portal: &Hook, id: i64) -> Value {
    portal.get("crm.item.get", json!({"entityTypeId": 3, "id": id}))["item"].clone()
}

/// What a link leads to, a number of seconds after [`NOW`].
fn open(portal: &Hook, link: &Value, later: i64) -> Result<(String, Vec<u8>), (u16, String)> {
    let (base, token) =
        link.as_str().and_then(|link| link.split_once("?token=")).expect("a link with a token");
    assert_eq!(base, "https://portal.test/rest/download/");
    let now = Moment((NOW + later) * 1_000_000);
    let opened = files::open(portal.portal.core(), &token.replace("%7C", "|"), now).wait();
    opened.map(|file| (file.name, file.content)).map_err(|error| {
        let fault = error.into_fault();
        (fault.status, fault.message.into_owned())
    })
}

fn count(portal: &Hook) -> i64 {
    portal
        .read(|tx| Ok(tx.one("SELECT COUNT(*) FROM portal_file", &[], |row| row.int(0))?))
        .expect("a count is one row")
}

#[test]
fn a_photo_is_kept_linked_replaced_and_cleared() {
    for portal in portals("crm") {
        let id = contact(&portal, json!({"NAME": "x", "PHOTO": {"fileData": ["me.png", "aGVsbG8="]}}));
        let photo = portal.get("crm.contact.get", json!({"id": id}))["PHOTO"].clone();
        assert_eq!(open(&portal, &photo["showUrl"], 0).unwrap(), ("me.png".into(), b"hello".to_vec()));
        assert_eq!(photo["showUrl"], photo["downloadUrl"]);
        let same = item(&portal, id)["photo"].clone();
        assert_eq!((&same["id"], &same["urlMachine"]), (&photo["id"], &photo["downloadUrl"]));
        assert_eq!(same.as_object().unwrap().len(), 3);
        let listed =
            portal.get("crm.contact.list", json!({"filter": {"PHOTO": photo["id"]}, "select": ["PHOTO"]}));
        assert_eq!(listed[0]["PHOTO"]["id"], photo["id"]);

        let update =
            |value: Value| portal.get("crm.contact.update", json!({"id": id, "fields": {"PHOTO": value}}));
        update(json!({"id": photo["id"]}));
        assert_eq!(item(&portal, id)["photo"]["id"], photo["id"]);
        update(json!(["you.png", "Ynll"]));
        let other = item(&portal, id)["photo"].clone();
        assert_eq!(open(&portal, &other["url"], 0).unwrap().0, "you.png");
        // What was replaced is gone, and a link to it leads nowhere.
        assert_eq!((count(&portal), open(&portal, &photo["showUrl"], 0).unwrap_err().0), (1, 400));
        update(json!({"id": other["id"], "remove": "Y"}));
        assert_eq!(
            (portal.get("crm.contact.get", json!({"id": id}))["PHOTO"].clone(), count(&portal)),
            (json!(null), 0)
        );
        update(json!(["a", "YQ=="]));
        update(json!(""));
        assert_eq!(count(&portal), 0);
    }
}

#[test]
fn a_list_of_files_keeps_those_that_are_named() {
    for portal in portals("crm") {
        let fields = json!({"FIELD_NAME": "DOCS", "USER_TYPE_ID": "file", "MULTIPLE": "Y"});
        let field = portal.get("crm.contact.userfield.add", json!({"fields": fields}));
        let id = contact(
            &portal,
            json!({"NAME": "x", "UF_CRM_DOCS": [{"fileData": ["a", "YQ=="]}, ["b", "Yg=="]]}),
        );
        let docs = portal.get("crm.contact.get", json!({"id": id}))["UF_CRM_DOCS"].clone();
        assert_eq!(docs.as_array().unwrap().len(), 2);
        let (a, b) = (docs[0]["id"].clone(), docs[1]["id"].clone());
        let update = |value: Value| {
            let given = json!({"entityTypeId": 3, "id": id, "fields": {"ufCrmDocs": value}});
            let item = portal.get("crm.item.update", given)["item"]["ufCrmDocs"].clone();
            let names =
                item.as_array().unwrap().iter().map(|file| open(&portal, &file["urlMachine"], 0).unwrap().0);
            names.collect::<Vec<String>>()
        };
        assert_eq!(update(json!([{"id": b}, ["c", "Yw=="]])), ["b", "c"]);
        assert_eq!(update(json!([{"id": a}, {"id": b}])), ["b"]);
        assert_eq!((update(json!([])), count(&portal)), (vec![], 0));
        assert_eq!(update(json!([["d", "ZA=="]])), ["d"]);

        // Another item's file cannot be had by its number.
        let mine = item(&portal, id)["ufCrmDocs"][0]["id"].clone();
        let thief = contact(
            &portal,
            json!({"NAME": "y", "PHOTO": {"id": mine}, "UF_CRM_DOCS": [{"id": mine}, mine]}),
        );
        let loot = item(&portal, thief);
        assert_eq!((&loot["photo"], &loot["ufCrmDocs"]), (&json!(null), &json!([])));

        // Files go with the item, and with the field.
        contact(&portal, json!({"NAME": "z", "UF_CRM_DOCS": [["e", "ZQ=="]]}));
        assert_eq!(count(&portal), 2);
        portal.get("crm.contact.delete", json!({"id": id}));
        assert_eq!(count(&portal), 1);
        portal.get("crm.contact.userfield.delete", json!({"id": field}));
        assert_eq!(count(&portal), 0);
    }
}

#[test]
fn a_link_opens_one_file_for_an_hour() {
    for portal in portals("crm") {
        let id = contact(&portal, json!({"NAME": "x", "PHOTO": ["a.txt", "YQ=="]}));
        let link = item(&portal, id)["photo"]["urlMachine"].clone();
        assert!(open(&portal, &link, files::LIFETIME - 1).is_ok());
        let denied = (403, "Access denied! Link check failed".to_owned());
        assert_eq!(open(&portal, &link, files::LIFETIME), Err(denied.clone()));

        let text = link.as_str().unwrap();
        let (start, signature) = text.rsplit_once("%7C").unwrap();
        let (head, query) = start.rsplit_once("%7C").unwrap();
        let other = contact(&portal, json!({"NAME": "y", "PHOTO": ["b.txt", "Yg=="]}));
        let other = item(&portal, other)["photo"]["url"].as_str().unwrap().to_owned();
        let foreign = other.rsplit_once("%7C").unwrap().1;
        for forged in [
            format!("{head}%7C{query}%7C{foreign}"),
            format!("{head}%7C{query}%7C"),
            format!("{head}%7C{query}x%7C{signature}"),
            format!("{}%7C{query}%7C{signature}", head.replace("crm", "user")),
            format!("{head}%7C{query}"),
            "https://portal.test/rest/download/?token=".to_owned(),
        ] {
            assert_eq!(open(&portal, &json!(forged), 0), Err(denied.clone()), "{forged}");
        }
    }
}

#[test]
fn a_call_that_fails_leaves_no_file() {
    for portal in portals("crm") {
        let employee = portal.employee("ines@example.com", "crm");
        let theirs =
            json!({"fields": {"NAME": "x", "ASSIGNED_BY_ID": 1, "OPENED": "N", "PHOTO": ["a", "YQ=="]}});
        assert_eq!(employee.refused("crm.contact.add", theirs).2, "Access denied.");
        assert_eq!(count(&portal), 0);
    }
}
