//! Timelines of items: comments, in whose timelines they stand, who may read them; and the history of stages.

#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "reads well with json! at the call")]

use serde_json::{Value as Json, json};

use testportal::{Bench, Hook, portals};

/// Adds an item and gives its id.
fn item(bench: &Hook, kind: &str) -> i64 {
    bench
        .get(&format!("crm.{kind}.add"), json!({"fields": {"TITLE": "Item", "NAME": "Item"}}))
        .as_i64()
        .unwrap()
}

fn comment(bench: &Hook, kind: &str, id: i64, text: &str) -> i64 {
    let fields = json!({"ENTITY_ID": id, "ENTITY_TYPE": kind, "COMMENT": text});
    bench.get("crm.timeline.comment.add", json!({"fields": fields})).as_i64().unwrap()
}

fn texts(bench: &Bench, kind: &str, id: i64) -> Vec<String> {
    let filter = json!({"ENTITY_ID": id, "ENTITY_TYPE": kind});
    let rows = bench.get("crm.timeline.comment.list", json!({"filter": filter}));
    rows.as_array().unwrap().iter().map(|row| row["COMMENT"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_comment_is_kept_with_its_files() {
    for bench in portals("crm") {
        for kind in ["lead", "deal", "contact", "company", "quote"] {
            let owner = item(&bench, kind);
            let id = comment(&bench, &kind.to_uppercase(), owner, "Called");
            let files = json!([["a.gif", "R0lGODlhAQABAIAAAP"], ["b.txt", "aGVsbG8="]]);
            bench.get(
                "crm.timeline.comment.update",
                json!({"id": id, "fields": {"COMMENT": "Called back", "FILES": files}}),
            );
            let shown = bench.get("crm.timeline.comment.get", json!({"id": id.to_string()}));
            assert_eq!(shown["ID"], id.to_string());
            assert_eq!((&shown["ENTITY_TYPE"], &shown["AUTHOR_ID"]), (&json!(kind), &json!("1")));
            assert_eq!(
                (&shown["ENTITY_ID"], &shown["COMMENT"]),
                (&json!(owner.to_string()), &json!("Called back"))
            );
            let files: Vec<&Json> = shown["FILES"].as_object().unwrap().values().collect();
            assert_eq!((files[0]["type"].as_str(), files[1]["size"].as_i64()), (Some("image"), Some(5)));
            assert!(files[1]["urlDownload"].as_str().unwrap().contains("/rest/download/"));
            // A file is kept by its number, another one goes.
            let keep = files[1]["id"].clone();
            bench.get("crm.timeline.comment.update", json!({"id": id, "fields": {"FILES": [keep]}}));
            let shown = bench.get("crm.timeline.comment.get", json!({"id": id}));
            assert_eq!(shown["FILES"].as_object().unwrap().len(), 1);
            assert_eq!(bench.get("crm.timeline.comment.delete", json!({"id": id})), Json::Null);
            assert_eq!(bench.refused("crm.timeline.comment.get", json!({"id": id})).2, "Not found.");
            let left =
                bench.read(|tx| Ok(tx.one("SELECT COUNT(*) FROM portal_file", &[], |row| row.int(0))?));
            assert_eq!(left, Some(0), "its files went with it");
        }
    }
}

#[test]
fn an_entry_stands_in_several_timelines() {
    for bench in portals("crm") {
        let (deal, contact) = (item(&bench, "deal"), item(&bench, "contact"));
        let id = comment(&bench, "deal", deal, "Both");
        let fields = json!({"OWNER_ID": id, "ENTITY_ID": contact, "ENTITY_TYPE": "contact"});
        assert_eq!(bench.get("crm.timeline.bindings.bind", json!({"fields": fields})), json!(true));
        let page = bench.page("crm.timeline.bindings.list", json!({"filter": {"OWNER_ID": id}})).unwrap();
        assert_eq!(page.total, Some(2));
        assert_eq!(
            page.result[1],
            json!({"OWNER_ID": id.to_string(), "ENTITY_ID": contact.to_string(), "ENTITY_TYPE": "contact"})
        );
        assert_eq!(
            (texts(&bench, "deal", deal), texts(&bench, "contact", contact)),
            (vec!["Both".into()], vec!["Both".into()])
        );
        assert_eq!(bench.refused("crm.timeline.comment.delete", json!({"id": id})).1, "MULTIPLE_BINDINGS");
        let one = json!({"id": id, "ownerTypeId": 2, "ownerId": deal});
        assert_eq!(bench.get("crm.timeline.comment.delete", one.clone()), Json::Null);
        assert_eq!((texts(&bench, "deal", deal).len(), texts(&bench, "contact", contact).len()), (0, 1));
        assert_eq!(bench.refused("crm.timeline.comment.delete", one).1, "OWNER_NOT_FOUND");
        // With its last item an entry goes.
        bench.get("crm.contact.delete", json!({"id": contact}));
        assert_eq!(bench.refused("crm.timeline.comment.get", json!({"id": id})).2, "Not found.");
    }
}

#[test]
fn who_may_not_read_the_item_reads_no_comment_of_it() {
    for bench in portals("crm") {
        let deal = item(&bench, "deal");
        let id = comment(&bench, "deal", deal, "Secret");
        let otto = bench.employee("otto@portal.test", "crm");
        bench.write(|tx| {
            tx.execute("DELETE FROM crm_role_permission", &[])?;
            portal::meta::Meta::outdate(tx)
        });
        assert_eq!(otto.refused("crm.timeline.comment.get", json!({"id": id})).2, "Access denied.");
        let filter = json!({"filter": {"ENTITY_ID": deal, "ENTITY_TYPE": "deal"}});
        assert_eq!(otto.refused("crm.timeline.comment.list", filter).2, "Access denied.");
        let fields = json!({"ENTITY_ID": deal, "ENTITY_TYPE": "deal", "COMMENT": "Me too"});
        assert_eq!(otto.refused("crm.timeline.comment.add", json!({"fields": fields})).1, "ACCESS_DENIED");
        assert_eq!(otto.refused("crm.timeline.comment.delete", json!({"id": id})).1, "ACCESS_DENIED");
        let change = json!({"id": id, "fields": {"COMMENT": "Mine"}});
        assert_eq!(otto.refused("crm.timeline.comment.update", change).1, "ACCESS_DENIED");
        let bind = json!({"fields": {"OWNER_ID": id, "ENTITY_ID": deal, "ENTITY_TYPE": "deal"}});
        assert_eq!(otto.refused("crm.timeline.bindings.bind", bind).2, "Access denied.");
        assert_eq!(otto.get("crm.timeline.bindings.list", json!({"filter": {"OWNER_ID": id}})), json!([]));
        assert_eq!(otto.page("crm.stagehistory.list", json!({"entityTypeId": 2})).unwrap().total, Some(0));
        assert_eq!(bench.page("crm.stagehistory.list", json!({"entityTypeId": 2})).unwrap().total, Some(1));
    }
}

#[test]
fn bad_input_has_its_documented_refusal() {
    for bench in portals("crm") {
        let deal = item(&bench, "deal");
        let add = |fields: Json| bench.refused("crm.timeline.comment.add", json!({"fields": fields})).1;
        assert_eq!(add(json!({"ENTITY_ID": 99, "ENTITY_TYPE": "deal", "COMMENT": "a"})), "OWNER_NOT_FOUND");
        assert_eq!(add(json!({"ENTITY_ID": deal, "ENTITY_TYPE": "moon", "COMMENT": "a"})), "OWNER_NOT_FOUND");
        assert_eq!(
            add(json!({"ENTITY_ID": deal, "ENTITY_TYPE": "deal", "COMMENT": " "})),
            "INVALID_ARG_VALUE"
        );
        assert_eq!(bench.refused("crm.timeline.comment.add", json!({})).1, "100");
        let update = |id: i64, fields: Json| {
            bench.refused("crm.timeline.comment.update", json!({"id": id, "fields": fields})).1
        };
        assert_eq!(update(99, json!({"COMMENT": "a"})), "NOT_FOUND");
        let id = comment(&bench, "deal", deal, "a");
        assert_eq!(update(id, json!({"COMMENT": ""})), "INVALID_ARG_VALUE");
        assert_eq!(
            bench.refused("crm.timeline.comment.get", json!({"id": "x"})).2,
            "ID is not defined or invalid."
        );
        assert_eq!(
            bench.refused("crm.timeline.comment.list", json!({"filter": {"ENTITY_ID": deal}})).2,
            "Access denied."
        );
    }
}

#[test]
fn a_comment_raises_its_event_with_the_id_in_both_places() {
    for bench in portals("crm") {
        let told = bench.told(testportal::input(&[
            "ONCRMTIMELINECOMMENTADD",
            "ONCRMTIMELINECOMMENTDELETE",
            "ONCRMDEALUPDATE",
        ]));
        let deal = item(&bench, "deal");
        let id = comment(&bench, "deal", deal, "a");
        bench.get("crm.timeline.comment.delete", json!({"id": id}));
        let raised = bench.raised(told);
        let data = json!({"FIELDS": {"ID": id.to_string()}, "ID": id.to_string()});
        let names: Vec<&str> = raised.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["ONCRMTIMELINECOMMENTADD", "ONCRMTIMELINECOMMENTDELETE"], "and none of the deal");
        assert_eq!(raised[0].1, data);
        let shown = bench.get("crm.deal.get", json!({"id": deal}));
        assert_eq!(shown["LAST_ACTIVITY_BY"], "1");
    }
}

#[test]
fn every_move_is_in_the_history() {
    for bench in portals("crm") {
        let deal = item(&bench, "deal");
        for stage in ["PREPARATION", "PREPARATION", "WON"] {
            bench.get("crm.deal.update", json!({"id": deal, "fields": {"STAGE_ID": stage}}));
        }
        let pipeline =
            bench.get("crm.category.add", json!({"entityTypeId": 2, "fields": {"name": "Service"}}));
        let pipeline = pipeline["category"]["id"].as_i64().unwrap();
        let moved = json!({"entityTypeId": 2, "id": deal, "fields": {"categoryId": pipeline}});
        bench.get("crm.item.update", moved);
        bench.get("crm.deal.update", json!({"id": deal, "fields": {"TITLE": "Other"}}));
        let ask = json!({"entityTypeId": 2, "filter": {"OWNER_ID": deal}, "order": {"ID": "ASC"}});
        let page = bench.page("crm.stagehistory.list", ask).unwrap();
        let rows = page.result["items"].as_array().unwrap().clone();
        let seen: Vec<Json> = rows
            .iter()
            .map(|row| json!([row["TYPE_ID"], row["STAGE_ID"], row["STAGE_SEMANTIC_ID"]]))
            .collect();
        let first = format!("C{pipeline}:NEW");
        assert_eq!(
            seen,
            [
                json!([1, "NEW", "P"]),
                json!([2, "PREPARATION", "P"]),
                json!([3, "WON", "S"]),
                json!([5, first, "P"])
            ]
        );
        assert_eq!(rows[3]["CATEGORY_ID"], pipeline);
        let lead = item(&bench, "lead");
        bench.get("crm.lead.update", json!({"id": lead, "fields": {"STATUS_ID": "JUNK"}}));
        let ask = json!({"entityTypeId": 1, "filter": {"@STATUS_SEMANTIC_ID": ["F"]}, "select": ["ID", "STATUS_ID"]});
        let rows = bench.get("crm.stagehistory.list", ask)["items"].clone();
        assert_eq!((rows[0]["STATUS_ID"].as_str(), rows[0].as_object().unwrap().len()), (Some("JUNK"), 2));
        let (_, code, _) = bench.refused("crm.stagehistory.list", json!({"entityTypeId": 3}));
        assert_eq!(code, "ENTITY_TYPE_NOT_SUPPORTED");
        let wrong = json!({"entityTypeId": 2, "filter": {"TITLE": "x"}});
        assert_eq!(bench.refused("crm.stagehistory.list", wrong).1, "INVALID_ARG_VALUE");
        bench.get("crm.deal.delete", json!({"id": deal}));
        let ask = json!({"entityTypeId": 2, "filter": {"OWNER_ID": deal}});
        assert_eq!(bench.page("crm.stagehistory.list", ask).unwrap().total, Some(0));
    }
}

/// A picture.
const PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";

fn log_message(bench: &Hook, type_id: i64, id: i64, title: &str) -> i64 {
    let fields =
        json!({"entityTypeId": type_id, "entityId": id, "title": title, "text": "Paid", "iconCode": "info"});
    let added = bench.get("crm.timeline.logmessage.add", json!({"fields": fields}));
    added["logMessage"]["id"].as_i64().unwrap()
}

#[test]
fn integrations_report_in_a_timeline() {
    for bench in portals("crm") {
        let deal = item(&bench, "deal");
        let first = log_message(&bench, 2, deal, "Order 1");
        let expected = json!({
            "id": first, "created": "2026-06-01T12:00:00+00:00", "authorId": 1, "title": "Order 1", "text": "Paid",
            "iconCode": "info",
        });
        let shown = bench.get("crm.timeline.logmessage.get", json!({"id": first}));
        assert_eq!(shown, json!({"logMessage": expected}));
        assert_eq!(bench.get("crm.deal.get", json!({"id": deal}))["LAST_ACTIVITY_BY"], "1");
        for number in 2..=12 {
            log_message(&bench, 2, deal, &format!("Order {number}"));
        }
        let list = |more: Json| {
            let mut params = json!({"entityTypeId": 2, "entityId": deal});
            params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            bench.page("crm.timeline.logmessage.list", params).unwrap()
        };
        let page = list(json!({}));
        assert_eq!((page.total, page.next), (Some(12), Some(10)), "10 on a page");
        assert_eq!(
            (page.result.as_array().unwrap().len(), &page.result[0]["title"]),
            (10, &json!("Order 12"))
        );
        let page = list(json!({"start": 10}));
        assert_eq!((page.result.as_array().unwrap().len(), page.next), (2, None));
        assert_eq!(list(json!({"order": {"created": "asc"}})).result[0], expected);
        // Comments are no log messages, nor the other way round.
        let comment = comment(&bench, "deal", deal, "a");
        assert_eq!(list(json!({})).total, Some(12));
        assert_eq!(texts(&bench, "deal", deal), ["a"]);
        let missing = bench.refused("crm.timeline.logmessage.get", json!({"id": comment}));
        assert_eq!((missing.0, missing.1.as_str()), (400, "NOT_FOUND"));
        assert!(missing.2.starts_with("Timeline logmessage not found for id "), "{}", missing.2);
        for name in ["title", "text", "iconCode", "entityTypeId", "entityId"] {
            let mut fields =
                json!({"entityTypeId": 2, "entityId": deal, "title": "a", "text": "a", "iconCode": "info"});
            fields.as_object_mut().unwrap().remove(name);
            let (_, code, text) = bench.refused("crm.timeline.logmessage.add", json!({"fields": fields}));
            assert_eq!((code.as_str(), text.contains(name)), ("100", true), "{name}");
        }
        let nowhere =
            json!({"entityTypeId": 2, "entityId": 99, "title": "a", "text": "a", "iconCode": "info"});
        assert_eq!(
            bench.refused("crm.timeline.logmessage.add", json!({"fields": nowhere})).1,
            "OWNER_NOT_FOUND"
        );
        // Only the integration that added one deletes it.
        let other = bench.hook_of(1, "crm");
        assert_eq!(
            other.refused("crm.timeline.logmessage.delete", json!({"id": first})).1,
            "REMOVING_DISABLED"
        );
        assert_eq!(bench.get("crm.timeline.logmessage.delete", json!({"id": first})), true);
        assert_eq!(bench.refused("crm.timeline.logmessage.delete", json!({"id": first})).1, "NOT_FOUND");
    }
}

#[test]
fn a_note_stands_on_an_entry_or_an_activity() {
    for bench in portals("crm") {
        let (deal, other) = (item(&bench, "deal"), item(&bench, "deal"));
        let entry = comment(&bench, "deal", deal, "a");
        let fields =
            json!({"OWNER_TYPE_ID": 2, "OWNER_ID": deal, "TYPE_ID": 1, "SUBJECT": "a", "RESPONSIBLE_ID": 1});
        let activity = bench.get("crm.activity.add", json!({"fields": fields})).as_i64().unwrap();
        let note = |owner: i64, kind: i64, id: i64, text: &str| json!({"ownerTypeId": 2, "ownerId": owner, "itemType": kind, "itemId": id, "text": text});
        for (kind, id) in [(1, entry), (2, activity)] {
            let of = note(deal, kind, id, "First");
            assert_eq!(bench.refused("crm.timeline.note.get", of.clone()).1, "NOT_FOUND");
            assert_eq!(bench.get("crm.timeline.note.save", of.clone()), true);
            let otto = bench.employee(&format!("otto{kind}@portal.test"), "crm");
            allow_all(&bench);
            let second = note(deal, kind, id, "Second");
            assert_eq!(otto.at(testportal::NOW + 60).get("crm.timeline.note.save", second), true);
            let shown = bench.get("crm.timeline.note.get", of.clone());
            let expected = json!({
                "text": "Second", "createdById": 1, "createdTime": "2026-06-01T12:00:00+00:00",
                "updatedById": otto.user, "updatedTime": "2026-06-01T12:01:00+00:00",
            });
            assert_eq!(shown, expected);
            assert_eq!(bench.get("crm.timeline.note.delete", of.clone()), true);
            assert_eq!(bench.refused("crm.timeline.note.delete", of).1, "NOT_FOUND");
            for wrong in [note(other, kind, id, "a"), note(deal, 3, id, "a"), note(99, kind, id, "a")] {
                let (status, code, text) = bench.refused("crm.timeline.note.save", wrong);
                assert_eq!((status, code.as_str(), text.as_str()), (400, "NOT_FOUND", "Element not found"));
            }
            assert_eq!(bench.refused("crm.timeline.note.save", note(deal, kind, id, "")).1, "100");
            bench.get("crm.timeline.note.save", note(deal, kind, id, "Last"));
        }
        bench.get("crm.timeline.comment.delete", json!({"id": entry}));
        bench.get("crm.activity.delete", json!({"id": activity}));
        let left =
            bench.read(|tx| Ok(tx.one("SELECT COUNT(*) FROM crm_timeline_note", &[], |row| row.int(0))?));
        assert_eq!(left, Some(0), "notes go with what they stand on");
    }
}

/// Lets roles do everything with deals.
fn allow_all(bench: &Bench) {
    bench.write(|tx| {
        tx.execute("UPDATE crm_role_permission SET level = 'X' WHERE entity = 'DEAL'", &[])?;
        portal::meta::Meta::outdate(tx)
    });
}

#[test]
fn seven_entries_are_pinned_at_most() {
    for bench in portals("crm") {
        let deal = item(&bench, "deal");
        let entries: Vec<i64> =
            (0..8).map(|number| comment(&bench, "deal", deal, &number.to_string())).collect();
        let pin = |verb: &str, id: i64| {
            let params = json!({"id": id, "ownerTypeId": 2, "ownerId": deal});
            bench.ask(&format!("crm.timeline.item.{verb}"), params).map_err(|fault| fault.code.into_owned())
        };
        for entry in &entries[..7] {
            assert_eq!(pin("pin", *entry), Ok(Json::Null));
        }
        assert_eq!(pin("pin", entries[0]), Ok(Json::Null), "it is pinned already");
        assert_eq!(pin("pin", entries[7]), Err("CAN_NOT_CHANGE_PINNED".into()));
        assert_eq!(pin("unpin", entries[0]), Ok(Json::Null));
        assert_eq!(pin("pin", entries[7]), Ok(Json::Null));
        assert_eq!(pin("pin", 99), Err("NOT_FOUND".into()));
        let elsewhere = json!({"id": entries[0], "ownerTypeId": 2, "ownerId": item(&bench, "deal")});
        assert_eq!(bench.refused("crm.timeline.item.pin", elsewhere).1, "NOT_FOUND");
        let nowhere = json!({"id": entries[0], "ownerTypeId": 2, "ownerId": 99});
        assert_eq!(bench.refused("crm.timeline.item.pin", nowhere).1, "OWNER_NOT_FOUND");
        bench.get("crm.timeline.comment.delete", json!({"id": entries[7]}));
        assert_eq!(pin("pin", entries[0]), Ok(Json::Null), "a deleted entry makes room");
        bench.get("crm.deal.delete", json!({"id": deal}));
        let left =
            bench.read(|tx| Ok(tx.one("SELECT COUNT(*) FROM crm_timeline_pin", &[], |row| row.int(0))?));
        assert_eq!(left, Some(0));
    }
}

#[test]
fn administrators_add_icons_and_logos() {
    for bench in portals("crm") {
        let otto = bench.employee("otto@portal.test", "crm");
        for (one, many) in [("icon", "icons"), ("logo", "logos")] {
            let call = |hook: &Hook, verb: &str, params: Json| {
                hook.ask(&format!("crm.timeline.{one}.{verb}"), params)
            };
            let code = |answer: Result<Json, wire::Fault>| answer.unwrap_err().code.into_owned();
            let new = |code: &str| json!({"code": code, "fileContent": PIXEL});
            let added = call(&bench, "add", new("shop")).unwrap()[one].clone();
            assert_eq!((&added["code"], &added["isSystem"]), (&json!("shop"), &json!(false)));
            assert!(added["fileUri"].as_str().unwrap().contains("/rest/download/"));
            assert_eq!(code(call(&bench, "add", new("shop"))), "INVALID_ARG_VALUE", "the code is taken");
            assert_eq!(code(call(&bench, "add", new("call"))), "INVALID_ARG_VALUE", "by the system");
            assert_eq!(code(call(&bench, "add", new("no good/code"))), "INVALID_ARG_VALUE");
            assert_eq!(
                code(call(&bench, "add", json!({"code": "x", "fileContent": "=="}))),
                "INVALID_ARG_VALUE"
            );
            assert_eq!(code(call(&bench, "add", json!({"code": "x"}))), "100");
            assert_eq!(code(call(&otto, "add", new("mine"))), "ACCESS_DENIED");
            assert_eq!(code(call(&otto, "delete", json!({"code": "shop"}))), "ACCESS_DENIED");
            assert_eq!(call(&otto, "get", json!({"code": "shop"})).unwrap()[one]["code"], "shop");
            let system = json!({one: {"code": "call", "isSystem": true, "fileUri": ""}});
            assert_eq!(call(&otto, "get", json!({"code": "call"})).unwrap(), system);
            let page = otto.page(&format!("crm.timeline.{one}.list"), json!({})).unwrap();
            let listed: Vec<&Json> =
                page.result[many].as_array().unwrap().iter().map(|row| &row["code"]).collect();
            assert_eq!(
                (listed, page.total),
                (vec![&json!("call"), &json!("arrow-down"), &json!("shop")], Some(3))
            );
            assert_eq!(code(call(&bench, "delete", json!({"code": "call"}))), "ACCESS_DENIED");
            assert_eq!(call(&bench, "delete", json!({"code": "shop"})).unwrap(), true);
            let title = if one == "icon" { "Icon" } else { "Logo" };
            for verb in ["get", "delete"] {
                let missing = call(&bench, verb, json!({"code": "shop"})).unwrap_err();
                let text = format!("{title} not found for code `shop`");
                assert_eq!((&*missing.code, &*missing.message), ("NOT_FOUND", &*text));
            }
        }
    }
}

#[test]
fn who_may_not_read_the_item_reads_nothing_of_its_timeline() {
    for bench in portals("crm") {
        let deal = item(&bench, "deal");
        let (entry, message) = (comment(&bench, "deal", deal, "a"), log_message(&bench, 2, deal, "Secret"));
        let on = json!({"ownerTypeId": 2, "ownerId": deal, "itemType": 1, "itemId": entry, "text": "a"});
        bench.get("crm.timeline.note.save", on.clone());
        let otto = bench.employee("otto@portal.test", "crm");
        bench.write(|tx| {
            tx.execute("DELETE FROM crm_role_permission", &[])?;
            portal::meta::Meta::outdate(tx)
        });
        let code = |method: &str, params: Json| otto.refused(&format!("crm.timeline.{method}"), params).1;
        assert_eq!(code("logmessage.get", json!({"id": message})), "NOT_FOUND");
        assert_eq!(code("logmessage.delete", json!({"id": message})), "ACCESS_DENIED");
        assert_eq!(code("logmessage.list", json!({"entityTypeId": 2, "entityId": deal})), "ACCESS_DENIED");
        let fields =
            json!({"entityTypeId": 2, "entityId": deal, "title": "a", "text": "a", "iconCode": "info"});
        assert_eq!(code("logmessage.add", json!({"fields": fields})), "ACCESS_DENIED");
        for verb in ["get", "save", "delete"] {
            assert_eq!(code(&format!("note.{verb}"), on.clone()), "ACCESS_DENIED", "{verb}");
        }
        for verb in ["pin", "unpin"] {
            let params = json!({"id": entry, "ownerTypeId": 2, "ownerId": deal});
            assert_eq!(code(&format!("item.{verb}"), params), "ACCESS_DENIED", "{verb}");
        }
        let list = format!("crm.timeline.logmessage.list?entityTypeId=2&entityId={deal}");
        let batch = otto.get("batch", json!({"cmd": {"list": list}}));
        assert_eq!(batch["result_error"]["list"]["error"], "ACCESS_DENIED");
    }
}
