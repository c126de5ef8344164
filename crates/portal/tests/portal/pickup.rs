//! Events that are kept for pick-up: `event.offline.*` over the webhook of the same integration, on both engines.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use portal::integration::{self, Fresh, Input};
use portal::settings::Settings;
use serde_json::{Value, json};

use portal::hooks;
use portal::integration::scenario::IN_HOOK;
use portal::{Moment, outbound::manage::Input as OutboundInput};
use testportal::{Bench, Hook, NOW, context, input, named, portals, portals_with};

const MOMENT: Moment = Moment(NOW * 1_000_000);

/// An integration with an inbound part and an outbound one that is `told`.
fn both(portal: &Bench, told: OutboundInput) -> Hook {
    let (core, fresh) = (portal.portal.core().clone(), Fresh::random());
    let secret = fresh.secret.clone();
    let inbound = hooks::Input { scopes: vec!["crm".to_owned()], ..hooks::Input::default() };
    let input = Input { inbound: Some(inbound), outbound: Some(told), ..named(IN_HOOK) };
    portal.write(move |tx| integration::make(tx, context(&core, 1, MOMENT), &input, &fresh).map(drop));
    portal.with(1, secret)
}

fn keeper(portal: &Bench) -> Hook {
    let events = ["ONCRMLEADADD", "ONCRMLEADUPDATE", "ONCRMLEADDELETE"];
    both(portal, OutboundInput { pickup: true, handler_url: String::new(), ..input(&events) })
}

fn add(hook: &Hook) -> i64 {
    hook.get("crm.lead.add", json!({"fields": {"TITLE": "Quay"}})).as_i64().unwrap()
}

fn rows(answer: &Value) -> Vec<(String, String)> {
    let events = answer.get("events").unwrap_or(answer).as_array().unwrap();
    let row = |one: &Value| {
        let id = one["EVENT_DATA"]["FIELDS"]["ID"].as_str().unwrap().to_owned();
        (one["EVENT_NAME"].as_str().unwrap().to_owned(), id)
    };
    events.iter().map(row).collect()
}

#[test]
fn one_row_for_each_object_with_its_last_change() {
    for portal in portals("crm") {
        let own = keeper(&portal);
        let (first, second) = (add(&portal), add(&portal));
        portal.get("crm.lead.update", json!({"id": first, "fields": {"TITLE": "Pier"}}));
        portal.get("crm.lead.delete", json!({"id": second}));
        let listed = own.get("event.offline.list", json!({}));
        let expected = [
            ("ONCRMLEADUPDATE".to_owned(), first.to_string()),
            ("ONCRMLEADDELETE".to_owned(), second.to_string()),
        ];
        assert_eq!(rows(&listed), expected, "{}", portal.engine);
        let row = &listed[0];
        assert_eq!(
            (&row["PROCESS_ID"], &row["ERROR"], &row["EVENT_ADDITIONAL"]),
            (&json!(""), &json!("0"), &json!(false))
        );
        assert_eq!(row["MESSAGE_ID"].as_str().unwrap().len(), 32);
        let of = |filter: Value| rows(&own.get("event.offline.list", json!({"filter": filter}))).len();
        assert_eq!(of(json!({"=EVENT_NAME": "ONCRMLEADUPDATE"})), 1);
        assert_eq!(of(json!({">ID": row["ID"]})), 1);
        assert_eq!(of(json!({"MESSAGE_ID": [row["MESSAGE_ID"], listed[1]["MESSAGE_ID"]]})), 2);
        assert_eq!(of(json!({"<TIMESTAMP_X": "2020-01-01"})), 0);
        assert_eq!(own.refused("event.offline.list", json!({"filter": {"NONSENSE": 1}})).1, "ERROR_ARGUMENT");

        let got = own.get("event.offline.get", json!({"limit": 1, "order": {"ID": "DESC"}}));
        assert_eq!((rows(&got), &got["process_id"]), (expected[1..].to_vec(), &Value::Null));
        assert_eq!(rows(&own.get("event.offline.get", json!({}))), expected[..1]);
        assert_eq!(rows(&own.get("event.offline.get", json!({}))), []);
    }
}

#[test]
fn what_a_process_holds_is_nobody_elses_until_it_is_done() {
    for portal in portals("crm") {
        let own = keeper(&portal);
        let (first, second) = (add(&portal), add(&portal));
        let got = own.get("event.offline.get", json!({"clear": 0}));
        let process = got["process_id"].as_str().unwrap().to_owned();
        assert_eq!((rows(&got).len(), process.len()), (2, 32), "{}", portal.engine);
        assert_eq!(rows(&own.get("event.offline.get", json!({}))), []);
        // A change meanwhile waits by itself.
        portal.get("crm.lead.update", json!({"id": first, "fields": {"TITLE": "Pier"}}));
        assert_eq!(rows(&own.get("event.offline.list", json!({}))).len(), 3);

        assert_eq!(own.refused("event.offline.clear", json!({})).1, "ERROR_ARGUMENT");
        let failed = json!({"process_id": process, "message_id": [got["events"][0]["MESSAGE_ID"]]});
        assert_eq!(own.get("event.offline.error", failed), json!(true));
        // Its object changed since: that is what waits.
        assert_eq!(rows(&own.get("event.offline.get", json!({"error": 1}))), []);
        let again = own.get("event.offline.get", json!({"clear": 0, "process_id": process}));
        assert_eq!(again["process_id"], process);
        assert_eq!(rows(&again), [("ONCRMLEADUPDATE".to_owned(), first.to_string())]);

        let other = json!({"process_id": process, "message_id": [got["events"][1]["MESSAGE_ID"]]});
        own.get("event.offline.error", other);
        assert_eq!(
            rows(&own.get("event.offline.get", json!({}))),
            [],
            "what failed is not given without being asked for"
        );
        let failed = own.get("event.offline.get", json!({"error": 1}));
        assert_eq!(rows(&failed), [("ONCRMLEADADD".to_owned(), second.to_string())]);
        assert_eq!(own.get("event.offline.clear", json!({"process_id": process})), json!(true));
        assert_eq!(rows(&own.get("event.offline.list", json!({}))), []);
    }
}

/// As the documentation promises: whoever asks at the same time gets other rows.
#[test]
fn two_never_pick_up_the_same() {
    for portal in portals("crm") {
        let own = keeper(&portal);
        (0..60).for_each(|_| _ = add(&portal));
        let pull = || {
            let mut ids = Vec::new();
            loop {
                let got = own.get("event.offline.get", json!({"limit": 3, "clear": 0}));
                let some = rows(&got);
                if some.is_empty() {
                    return ids;
                }
                ids.extend(some.into_iter().map(|(_, id)| id));
            }
        };
        let all: Vec<String> = std::thread::scope(|scope| {
            let pulling: Vec<_> = (0..4).map(|_| scope.spawn(pull)).collect();
            pulling.into_iter().flat_map(|one| one.join().unwrap()).collect()
        });
        let different: BTreeSet<&String> = all.iter().collect();
        assert_eq!(different.len(), all.len(), "{}", portal.engine);
        // On PostgreSQL a row that a rival held while the last one looked waits for the next to ask.
        let left = rows(&own.get("event.offline.get", json!({"limit": 100}))).len();
        assert_eq!(all.len() + left, 60, "{}", portal.engine);
    }
}

#[test]
fn without_a_pick_up_they_refuse_as_documented() {
    let strict = Settings { strict: true, ..Settings::new("https://portal.test") };
    for portal in portals_with("crm", strict) {
        let own = keeper(&portal);
        for method in ["get", "list", "clear", "error"] {
            let refused = own.refused(&format!("event.offline.{method}"), json!({}));
            assert_eq!((refused.0, refused.1.as_str()), (403, "WRONG_AUTH_TYPE"));
        }
    }
    for portal in portals("crm") {
        keeper(&portal);
        let pushed = both(&portal, input(&["ONCRMLEADADD"]));
        for hook in [&pushed, &*portal] {
            assert_eq!(
                hook.refused("event.offline.get", json!({})).1,
                "WRONG_AUTH_TYPE",
                "{}",
                portal.engine
            );
        }
    }
}

#[test]
fn an_integration_need_not_hear_its_own_changes() {
    for portal in portals("crm") {
        let events = ["ONCRMLEADADD"];
        let kept =
            OutboundInput { pickup: true, skip_own: true, handler_url: String::new(), ..input(&events) };
        let own = both(&portal, kept);
        add(&own);
        assert_eq!(rows(&own.get("event.offline.list", json!({}))), [], "{}", portal.engine);
        let other = add(&portal);
        let got = rows(&own.get("event.offline.get", json!({})));
        assert_eq!(got, [("ONCRMLEADADD".to_owned(), other.to_string())], "{}", portal.engine);
    }
}

#[test]
fn a_row_has_the_fields_of_all_changes_that_it_stands_for() {
    for portal in portals("crm") {
        let events = ["ONCRMLEADADD", "ONCRMLEADUPDATE"];
        let kept =
            OutboundInput { pickup: true, tell_changed: true, handler_url: String::new(), ..input(&events) };
        let own = both(&portal, kept);
        let lead = add(&portal);
        let update = |fields: Value| portal.get("crm.lead.update", json!({"id": lead, "fields": fields}));
        update(json!({"TITLE": "Pier"}));
        update(json!({"TITLE": "Mole", "COMMENTS": "x"}));
        update(json!({}));
        let got = own.get("event.offline.get", json!({"clear": 0}));
        let changed = |got: &Value| got["events"][0]["EVENT_DATA"]["CHANGED"].clone();
        assert_eq!(changed(&got), json!(["TITLE", "COMMENTS"]), "{}", portal.engine);
        // What a process failed with adds to what changed meanwhile.
        update(json!({"COMMENTS": "y"}));
        own.get("event.offline.error", json!({"process_id": got["process_id"]}));
        let got = own.get("event.offline.get", json!({}));
        assert_eq!(changed(&got), json!(["TITLE", "COMMENTS"]), "{}", portal.engine);
    }
}
