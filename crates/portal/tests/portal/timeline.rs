//! Timelines of items: comments, in whose timelines they stand, who may read them; and the history of stages.

#![allow(clippy::unwrap_used)]

use serde_json::{Value as Json, json};

use crate::common::{Bench, portals};

/// Adds an item and gives its id.
fn item(bench: &Bench, kind: &str) -> i64 {
    bench
        .get(&format!("crm.{kind}.add"), json!({"fields": {"TITLE": "Item", "NAME": "Item"}}))
        .as_i64()
        .unwrap()
}

fn comment(bench: &Bench, kind: &str, id: i64, text: &str) -> i64 {
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
        for kind in ["lead", "deal", "contact", "company"] {
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
        let told = bench.told(crate::common::input(&[
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
