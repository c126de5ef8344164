//! The log of calls: what it keeps, who sees which, and that no secret is in it.

use it::sink::{Reply, Sink};
use it::{Browser, Events, Portal};
use serde_json::{Value, json};

/// The calls that a query finds, newest first.
#[track_caller]
fn calls(browser: &mut Browser, query: &str) -> Vec<Value> {
    let mut page = browser.read(&format!("/api/calls?{query}"));
    let Value::Array(found) = page["calls"].take() else { panic!("{page}") };
    found
}

#[test]
fn every_call_is_logged_with_what_came_of_it() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.start();
        let hook = server.hook("crm");
        let mut browser = Browser::of_the_administrator(&server);
        let lead = hook.result("crm.lead.add", json!({"fields": {"TITLE": "Quay"}}));
        hook.call("tasks.task.get", json!({"taskId": 1})).refusal(401, "insufficient_scope");
        hook.batch(&[("who", "profile"), ("none", "crm.lead.get?id=99")]);
        let stranger = hook.replaced(hook.secret(), "wrongwrongwrong1");
        stranger.call("profile", json!({})).refusal(401, "INVALID_CREDENTIALS");
        hook.call("crm.leed.add", json!({})).refusal(404, "ERROR_METHOD_NOT_FOUND");

        let found = calls(&mut browser, "");
        let of = |name: &str| found.iter().map(|call| call[name].clone()).collect::<Value>();
        assert_eq!(
            of("method"),
            json!(["crm.leed.add", "profile", "batch", "tasks.task.get", "crm.lead.add"]),
            "{engine}"
        );
        assert_eq!(of("status"), json!([404, 401, 200, 401, 200]));
        let added = &found[4];
        assert_eq!(added["params"], json!({"fields": {"TITLE": "Quay"}}));
        assert_eq!(
            (&added["error"], &added["advice"], &added["failed"]),
            (&Value::Null, &Value::Null, &Value::Null)
        );
        assert_eq!(
            (&added["user_id"], &added["address"], &added["version"]),
            (&json!(1), &json!("127.0.0.1"), &json!(2))
        );
        assert!(added["size"].as_i64().unwrap() > 20 && added["took_ms"].as_f64().unwrap() > 0.0, "{added}");
        assert!(added["integration"]["title"].is_string() && lead.is_number(), "{added}");
        let refused = found[3]["advice"].as_str().unwrap();
        assert!(refused.contains("does not have the permission task"), "{refused}");
        assert_eq!(found[2]["failed"], json!({"none": ""}));
        assert_eq!(found[1]["integration"], Value::Null, "whose call that was is not known");

        assert_eq!(calls(&mut browser, "failed=true").len(), 4);
        assert_eq!(calls(&mut browser, "failed=false&method=LEAD").len(), 1);
        assert_eq!(calls(&mut browser, "error=insufficient_scope")[0], found[3]);
        assert_eq!(calls(&mut browser, "search=Quay").len(), 1);
        let page = browser.read("/api/calls?limit=2");
        let rest = calls(&mut browser, &format!("before={}", page["before"]));
        assert_eq!(rest, found[2..]);
        assert_eq!(browser.read(&format!("/api/calls/{}", found[0]["id"])), found[0]);
    }
}

#[test]
fn a_call_names_the_deliveries_that_it_caused() {
    let sink = Sink::start(|_| Reply::status(200));
    let server = Portal::new().with("--allow-handlers", "127.0.0.1").start();
    server.portal().outbound(&sink.url(), "ONCRMLEADADD", &[]);
    let mut browser = Browser::of_the_administrator(&server);
    server.hook("crm").result("crm.lead.add", json!({"fields": {"TITLE": "Quay"}}));
    let caused = calls(&mut browser, "")[0]["deliveries"].take();
    let [delivery] = caused.as_array().unwrap().as_slice() else { panic!("{caused}") };
    assert_eq!(browser.read(&format!("/api/deliveries/{delivery}"))["event"], "ONCRMLEADADD");
}

#[test]
fn secrets_are_not_logged() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    let mut browser = Browser::of_the_administrator(&server);
    let (secret, url) = (hook.secret().to_owned(), hook.url().to_owned());
    hook.call(
        "crm.lead.add",
        json!({"fields": {"TITLE": url, "COMMENTS": format!("{url}profile?x=1")}, "auth": secret}),
    );
    // A secret in the place of a method, of a user, or alone.
    for path in [format!("/rest/{secret}"), format!("/rest/{secret}/profile"), format!("/rest/1/{secret}")] {
        hook.get(&path);
    }
    let text = browser.read("/api/calls").to_string();
    assert!(text.contains("******") && !text.contains(&secret), "{text}");
}

#[test]
fn people_see_the_calls_of_their_own_webhooks() {
    let server = Portal::new().start();
    let mut colleague = Browser::of_a_colleague(&server);
    server.hook("crm").result("profile", json!({}));
    server.hook_of("2", "crm").result("crm.lead.list", json!({"start": -1}));
    let all = calls(&mut Browser::of_the_administrator(&server), "");
    assert_eq!(all.len(), 2);
    let own = calls(&mut colleague, "");
    assert_eq!(own, all[..1]);
    assert_eq!(calls(&mut Browser::of_the_administrator(&server), "mine=true"), all[1..]);
    assert_eq!(colleague.get(&format!("/api/calls/{}", all[1]["id"])).status, 404);
}

#[test]
fn calls_appear_as_they_come() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    let browser = Browser::of_the_administrator(&server);
    Browser::of_a_colleague(&server);
    let mut events = Events::open(&server, &browser, "/api/calls/stream?method=profile&mine=true").unwrap();
    events.page(|page| page["calls"] == json!([]));
    server.hook_of("2", "crm").result("profile", json!({}));
    hook.result("profile", json!({}));
    hook.result("crm.lead.list", json!({}));
    let page = events.page(|page| page["calls"] != json!([]));
    assert_eq!((&page["calls"][0]["user_id"], page["calls"].as_array().unwrap().len()), (&json!(1), 1));
}

#[test]
fn the_log_is_bounded_and_can_be_off() {
    let server = Portal::new().with("--call-log", "3").start();
    let hook = server.hook("crm");
    let mut browser = Browser::of_the_administrator(&server);
    for id in 1..=5 {
        hook.call("crm.lead.get", json!({"id": id}));
    }
    let kept = calls(&mut browser, "");
    assert_eq!(kept.iter().map(|call| call["params"]["id"].clone()).collect::<Value>(), json!([5, 4, 3]));

    let server = Portal::new().with("--call-log", "0").start();
    server.hook("crm").call("profile", json!({}));
    assert_eq!(calls(&mut Browser::of_the_administrator(&server), ""), [] as [Value; 0]);
}

#[test]
fn a_batch_without_names_says_which_commands_failed() {
    let server = Portal::new().start();
    let mut browser = Browser::of_the_administrator(&server);
    server.hook("crm").call("batch", json!({"cmd": ["crm.lead.get?id=99", "crm.lead.get?id=98"]}));
    assert_eq!(calls(&mut browser, "")[0]["failed"], json!({"0": "", "1": ""}));
}
