//! Files in fields, and the links to them.

use portal::files::collect::Collected;
use portal::files::{self, Blobs};
use portal::{Moment, OwnRequest};
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, SystemTime};
use testportal::{Hook, NOW, collect, portals};

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
    let content = |file: &files::File| testportal::content(&portal.portal, &file.key);
    opened.map(|file| (file.name.clone(), content(&file))).map_err(|error| {
        let fault = error.into_fault();
        (fault.status, fault.message.into_owned())
    })
}

/// Where contents are that were stored, with and without a row.
fn keys(portal: &Hook) -> Vec<String> {
    let later = SystemTime::now() + Duration::from_secs(3600);
    let blobs = &portal.portal.core().blobs;
    Blobs::areas().flat_map(|area| store::block_on(blobs.stored_before(&area, later)).unwrap()).collect()
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
        assert_eq!((count(&portal), keys(&portal)), (0, vec![]));
        // One that fails behind its files leaves a content, which nobody names.
        let field = json!({"FIELD_NAME": "MUST", "USER_TYPE_ID": "string", "MANDATORY": "Y"});
        portal.get("crm.contact.userfield.add", json!({"fields": field}));
        let given = json!({"fields": {"NAME": "x", "PHOTO": ["a", "YQ=="]}});
        portal.refused("crm.contact.add", given);
        assert_eq!((count(&portal), keys(&portal).len()), (0, 1));
        assert_eq!(collect(&portal, 0), Collected { loose: 0, orphans: 0 });
        assert_eq!(collect(&portal, 2), Collected { loose: 0, orphans: 1 });
        assert_eq!(keys(&portal).len(), 0);
    }
}

#[test]
fn the_same_content_is_stored_once_and_removed_a_day_after_its_last_file() {
    for portal in portals("crm") {
        let add = |name: &str| contact(&portal, json!({"NAME": "x", "PHOTO": [name, "aGVsbG8="]}));
        let (one, two) = (add("one.txt"), add("two.txt"));
        assert_eq!((count(&portal), keys(&portal).len()), (2, 1));
        let delete = |id: i64| portal.get("crm.contact.delete", json!({"id": id}));
        delete(one);
        for days in [0, 2, 4] {
            assert_eq!(collect(&portal, days), Collected::default(), "a file names it");
        }
        delete(two);
        assert_eq!(collect(&portal, 4), Collected::default(), "a backup may name it still");
        assert_eq!(keys(&portal).len(), 1);
        // Named again, it is nobody's to remove.
        let three = add("three.txt");
        assert_eq!((collect(&portal, 6), keys(&portal).len()), (Collected::default(), 1));
        delete(three);
        assert_eq!(collect(&portal, 8), Collected::default());
        assert_eq!((collect(&portal, 10), keys(&portal).len()), (Collected { loose: 1, orphans: 0 }, 0));
        // What was removed can be brought again.
        let four = add("four.txt");
        let url = item(&portal, four)["photo"]["url"].clone();
        assert_eq!(open(&portal, &url, 0).unwrap(), ("four.txt".to_owned(), b"hello".to_vec()));
    }
}

/// Two nodes remove what nobody names while both bring and delete the same contents: nothing that is named is ever gone.
#[test]
fn two_nodes_collect_while_both_bring_files() {
    for portal in portals("crm") {
        let nodes = [(*portal).clone(), portal.another_node()];
        let over = AtomicBool::new(false);
        let bring = |node: &Hook, writer: usize| {
            let kept = (0..24).filter_map(|number| {
                let content = ["YQ==", "Yg==", "Yw=="][(number + writer) % 3];
                let id = contact(node, json!({"NAME": content, "PHOTO": ["x.txt", content]}));
                if number % 4 == 3 {
                    return Some(id);
                }
                node.get("crm.contact.delete", json!({"id": id}));
                None
            });
            kept.collect::<Vec<i64>>()
        };
        let kept = thread::scope(|scope| {
            for node in &nodes {
                let over = &over;
                scope.spawn(move || {
                    // Not what has no row yet: it is younger than a day by every clock but this.
                    for days in (2..).step_by(2).take_while(|_| !over.load(Relaxed)) {
                        let now = Moment((NOW + days * 86_400) * 1_000_000);
                        store::block_on(files::collect::loose(node.portal.core(), now)).unwrap();
                    }
                });
            }
            let writers: Vec<_> = (0..4)
                .map(|writer| {
                    let (node, bring) = (&nodes[writer % 2], &bring);
                    scope.spawn(move || bring(node, writer))
                })
                .collect();
            let kept: Vec<i64> = writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect();
            over.store(true, Relaxed);
            kept
        });
        assert_eq!((kept.len(), count(&portal)), (24, 24));
        for id in kept {
            let row = item(&portal, id);
            let (_, content) = open(&nodes[1], &row["photo"]["url"], 0).expect("it is there");
            let expected = match row["name"].as_str() {
                Some("YQ==") => "a",
                Some("Yg==") => "b",
                _ => "c",
            };
            assert_eq!(content, expected.as_bytes(), "on {}", portal.engine);
        }
    }
}

#[test]
fn a_batch_and_a_person_bring_files_too() {
    for portal in portals("crm") {
        let add = |name: &str, content: &str| {
            format!(
                "crm.contact.add?fields[NAME]={name}&fields[PHOTO][0]={name}.txt&fields[PHOTO][1]={content}"
            )
        };
        let cmd = json!({"a": add("a", "YQ=="), "b": add("b", "Yg=="), "c": add("c", "YQ=="),
            "broken": "crm.contact.add?fields[ASSIGNED_BY_ID]=nobody&fields[PHOTO][fileData]=Yw==",
            "list": "crm.contact.list?select[]=PHOTO"});
        let reply = portal.get("batch", json!({"cmd": cmd}));
        assert_eq!(
            reply["result"]["list"].as_array().unwrap().len(),
            3 + usize::from(reply["result"]["broken"].is_i64())
        );
        let photo = &reply["result"]["list"][1]["PHOTO"];
        assert_eq!(open(&portal, &photo["showUrl"], 0).unwrap(), ("b.txt".to_owned(), b"b".to_vec()));
        assert!(keys(&portal).len() <= 3 && keys(&portal).len() >= 2);

        let params = json!({"fields": {"NAME": "own", "PHOTO": ["own.txt", "b3du"]}});
        let request = OwnRequest {
            user_id: 1,
            method: "crm.contact.add".to_owned(),
            params: wire::Value::from(params).into_map().unwrap(),
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            received: Moment(NOW * 1_000_000),
            language: Default::default(),
            basis: None,
        };
        let done = portal.portal.call_as(request).wait().unwrap();
        let own = done.reply.result.as_int().unwrap();
        let url = item(&portal, own)["photo"]["url"].clone();
        assert_eq!(open(&portal, &url, 0).unwrap(), ("own.txt".to_owned(), b"own".to_vec()));
    }
}

#[test]
fn a_content_that_is_missing_is_no_panic() {
    for portal in portals("crm") {
        contact(&portal, json!({"NAME": "x", "PHOTO": ["a.txt", "YQ=="]}));
        let blobs = &portal.portal.core().blobs;
        store::block_on(blobs.delete(keys(&portal))).unwrap();
        let file = portal.read(|tx| files::find(tx, 1)).unwrap();
        assert_eq!((file.name.as_str(), file.size), ("a.txt", 1));
        let missing = store::block_on(blobs.read(&file.key, None)).unwrap_err();
        let fault = portal::Error::from(missing).into_fault();
        assert_eq!((fault.status, &*fault.message), (404, "The file was not found."));
    }
}

#[test]
fn contents_move_out_of_a_database_that_has_them() {
    for portal in portals("crm") {
        let id = contact(&portal, json!({"NAME": "x", "PHOTO": ["new.txt", "bmV3"]}));
        // As an earlier release had it, with a move that was broken off behind the first file.
        portal.write(move |tx| {
            tx.execute(&tx.dialect().expand("ALTER TABLE portal_file ADD COLUMN content {blob}"), &[])?;
            tx.execute("DELETE FROM module_migration WHERE module = 'files moved'", &[])?;
            let sql = "INSERT INTO portal_file (name, content, created) VALUES ('old.txt', ?, 1)";
            let mut ids = Vec::new();
            for content in ["old", "old", "other"] {
                ids.push(tx.insert(sql, &[content.as_bytes().into()])?);
            }
            tx.execute("UPDATE crm_contact SET photo = ? WHERE id = ?", &[ids[2].into(), id.into()])?;
            Ok(())
        });
        for portal in [portal].into_iter().map(|portal| portal.reopened().reopened()) {
            let photo = portal.get("crm.contact.get", json!({"id": id}))["PHOTO"].clone();
            let expected = ("old.txt".to_owned(), b"other".to_vec());
            assert_eq!(open(&portal, &photo["downloadUrl"], 0).unwrap(), expected);
            let named = portal.read(|tx| Ok(files::contents(tx, "", 10)?.len()));
            assert_eq!((count(&portal), named), (4, 3));
            let gone = portal.portal.core().store.read(|tx| -> portal::Result<_> {
                Ok(tx.one("SELECT content FROM portal_file", &[], |row| row.int(0))?)
            });
            assert!(gone.wait().is_err(), "the column is gone");
        }
    }
}
