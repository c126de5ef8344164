//! The knowledge base through the front door.

#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};
use testportal::{Hook, portals};
use wire::exception::PREFIX;

/// The code of a refusal.
#[track_caller]
fn refused(hook: &Hook, method: &str, params: Value) -> String {
    hook.refused(method, params).1.trim_start_matches(PREFIX).to_owned()
}

fn collection(hook: &Hook, name: &str, position: i64) -> i64 {
    let fields = json!({"name": name, "position": position});
    hook.get("note.collection.add", json!({"fields": fields}))["item"]["id"].as_i64().unwrap()
}

fn document(hook: &Hook, collection: i64, parent: Option<i64>, title: &str) -> i64 {
    let fields = json!({"collectionId": collection, "parentId": parent, "title": title, "markdown": format!("About {title}")});
    hook.get("note.document.add", json!({"fields": fields}))["item"]["id"].as_i64().unwrap()
}

#[test]
fn everybody_reads_and_the_creator_writes() {
    for portal in portals("note") {
        let own = portal.employee("ines@example.com", "note").v3();
        let other = portal.employee("otto@example.com", "note").v3();
        let base = collection(&own, "Manuals", 0);
        let page = document(&own, base, None, "Chairs");
        assert_eq!(other.get("note.collection.get", json!({"id": base}))["item"]["policyLevel"], "view");
        assert_eq!(other.get("note.document.get", json!({"id": page}))["item"]["markdown"], "About Chairs");
        let denied = "ACCESSDENIEDEXCEPTION";
        let renamed = json!({"id": base, "fields": {"name": "Mine"}});
        assert_eq!(refused(&other, "note.collection.update", renamed.clone()), denied);
        assert_eq!(refused(&other, "note.collection.delete", json!({"id": base})), denied);
        assert_eq!(
            refused(&other, "note.document.update", json!({"id": page, "fields": {"title": "x"}})),
            denied
        );
        assert_eq!(refused(&other, "note.document.delete", json!({"id": page})), denied);
        let file = json!({"documentId": page, "fileName": "a.txt", "fileContent": "YQ=="});
        assert_eq!(refused(&other, "note.file.add", file.clone()), denied);
        let fields = json!({"fields": {"collectionId": base, "title": "x"}});
        assert_eq!(refused(&other, "note.document.add", fields), denied);
        assert_eq!(own.get("note.collection.update", renamed)["item"]["name"], "Mine");
        let added = own.get("note.file.add", file)["item"].clone();
        assert_eq!((&added["size"], &added["mimeType"]), (&json!(1), &json!("text/plain")));
        let named = json!({"id": added["id"], "documentId": page});
        assert_eq!(other.get("note.file.get", named)["item"]["assetType"], "file");
    }
}

#[test]
fn documents_stand_in_a_tree() {
    for portal in portals("note") {
        let hook = portal.v3();
        let (base, elsewhere) = (collection(&hook, "Manuals", 2), collection(&hook, "Handbook", 1));
        let top = document(&hook, base, None, "Chairs");
        let below = document(&hook, base, Some(top), "Care");
        let tree = hook.get("note.document.tree.list", json!({"collectionId": base}));
        assert_eq!(tree["items"][0]["children"][0]["id"], below);
        let wrong = json!({"fields": {"collectionId": elsewhere, "parentId": top, "title": "x"}});
        assert_eq!(refused(&hook, "note.document.add", wrong), "NOTE_INVALID_PARENT");
        let empty = json!({"id": top, "fields": {}});
        assert_eq!(refused(&hook, "note.document.update", empty), "NOTE_EMPTY_UPDATE");
        let large = json!({"id": top, "fields": {"markdown": "x".repeat(1_048_577)}});
        assert_eq!(refused(&hook, "note.document.update", large), "NOTE_MARKDOWN_TOO_LARGE");
        let whole = "x".repeat(1_048_576);
        hook.get("note.document.update", json!({"id": below, "fields": {"markdown": whole}}));
        assert_eq!(hook.get("note.document.get", json!({"id": below}))["item"]["markdown"], whole);
        hook.get("note.document.update", json!({"id": below, "fields": {"markdown": "About Care"}}));
        let long = json!({"id": top, "fields": {"title": "x".repeat(256)}});
        assert_eq!(refused(&hook, "note.document.update", long), "VALIDATION_DTOVALIDATIONEXCEPTION");
        let found = hook.get("note.document.search.list", json!({"query": "care"}));
        assert_eq!(found["items"][0]["snippet"], "About <b>Care</b>");
        assert_eq!(
            refused(&hook, "note.document.search.list", json!({"query": "c"})),
            "NOTE_SEARCH_QUERY_TOO_SHORT"
        );
        hook.get("note.document.archive", json!({"id": top}));
        let gone = "ENTITYNOTFOUNDEXCEPTION";
        assert_eq!(refused(&hook, "note.document.get", json!({"id": below})), gone);
        let tree = hook.get("note.document.tree.list", json!({"collectionId": base}));
        assert_eq!(tree["items"], json!([]));
        let first = hook.get("note.collection.list", json!({"pagination": {"limit": 1}}));
        assert_eq!(
            (&first["items"][0]["id"], &first["nextCursor"]["id"]),
            (&json!(elsewhere), &json!(elsewhere))
        );
        let next = json!({"pagination": {"limit": 1, "afterCursor": first["nextCursor"]}});
        let second = hook.get("note.collection.list", next);
        assert_eq!((&second["items"][0]["id"], &second["nextCursor"]), (&json!(base), &json!(null)));
        hook.get("note.collection.delete", json!({"id": base}));
        assert_eq!(refused(&hook, "note.collection.get", json!({"id": base})), gone);
    }
}
