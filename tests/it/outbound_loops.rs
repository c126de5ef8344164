//! A handler that changes what it is told of is told again, and slowed down.

use it::Portal;
use it::sink::{Reply, Sink};
use serde_json::json;
use std::sync::{Arc, OnceLock};

#[test]
fn a_handler_that_writes_back_is_slowed_down_and_said_to_be() {
    for (_, portal) in Portal::on_each_engine() {
        let server = portal.with("--allow-handlers", "127.0.0.1").start();
        let hook = server.hook("crm");
        let lead = hook.result("crm.lead.add", json!({"fields": {"TITLE": "One"}}));
        let other = hook.result("crm.lead.add", json!({"fields": {"TITLE": "Other"}}));
        let back = Arc::new(OnceLock::new());
        let its = Arc::clone(&back);
        let sink = Sink::start(move |received| {
            let (hook, lead): &(it::Hook, serde_json::Value) = its.get().unwrap();
            if received.field("data[FIELDS][ID]") == lead.as_u64().map(|id| id.to_string()) {
                _ = hook.attempt("crm.lead.update", json!({"id": lead, "fields": {"TITLE": "Two"}}));
            }
            Reply::status(200)
        });
        assert!(back.set((hook.clone(), lead.clone())).is_ok());
        server.portal().outbound(&sink.url(), "ONCRMLEADUPDATE", &[]);
        let change = |id| hook.result("crm.lead.update", json!({"id": id, "fields": {"TITLE": "x"}}));
        change(&lead);
        sink.wait_for(61);
        let slowed = server.portal().deliveries(&["--limit", "1"]);
        assert_eq!(slowed[0]["object"], format!("lead:{lead}"));
        // Others are not held up by it.
        change(&other);
        let id = other.to_string();
        sink.wait_until(|received| {
            received.iter().any(|one| one.field("data[FIELDS][ID]").as_deref() == Some(&id))
        });
        let all = server.portal().deliveries(&["--limit", "1000"]);
        assert!(all.iter().any(|one| one["slowed"] == true), "{all:?}");
        assert!(all.iter().filter(|one| one["slowed"] == false).count() >= 60);
        let log = server.portal().log();
        assert_eq!(log.matches("more than 60 events a minute of one object").count(), 1, "{log}");
        server.stop();
    }
}
