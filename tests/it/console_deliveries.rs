//! The console's deliveries and statistics: who sees which, how they are found, watched and sent again.

use it::sink::{Reply, Sink};
use it::{Browser, Events, Portal, Server};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long deliveries are waited for.
const PATIENCE: Duration = Duration::from_secs(30);

fn start() -> Server {
    Portal::new().with("--allow-handlers", "127.0.0.1").start()
}

/// An outbound webhook of the browser's user that listens to new leads; the number of its integration.
#[track_caller]
fn make(browser: &mut Browser, title: &str, url: &str) -> i64 {
    let outbound = json!({"handler_url": url, "events": ["ONCRMLEADADD"], "retries": "once", "active": true});
    let input = json!({"scenario": "out-hook", "title": title, "outbound": outbound});
    browser.done("POST", "/api/integrations", &input)["id"].as_i64().unwrap()
}

fn add_lead(server: &Server) {
    server.hook("crm").result("crm.lead.add", json!({"fields": {"TITLE": "Quay"}}));
}

/// The deliveries that a query finds, once there are that many.
#[track_caller]
fn deliveries(browser: &mut Browser, query: &str, count: usize) -> Vec<Value> {
    let begun = Instant::now();
    loop {
        let mut page = browser.read(&format!("/api/deliveries?{query}"));
        let Value::Array(found) = page["deliveries"].take() else { panic!("{page}") };
        if found.len() == count {
            return found;
        }
        assert!(
            begun.elapsed() < PATIENCE,
            "waited for {count} deliveries of {query:?}, found {}",
            found.len()
        );
        // What a handler saw, the log shows a moment later.
        std::thread::yield_now();
    }
}

#[test]
fn a_delivery_is_found_shown_and_sent_again() {
    let sink = Sink::start(|received| {
        Reply::status(if received.field("event").unwrap() == "ONCRMDEALADD" { 500 } else { 200 })
    });
    let server = start();
    let mut browser = Browser::of_the_administrator(&server);
    let id = make(&mut browser, "told", &sink.url());
    add_lead(&server);
    let test = json!({"event": "ONCRMDEALADD"});
    let failing = browser.done("POST", &format!("/api/integrations/{id}/test"), &test)["delivery"].clone();
    let delivered =
        deliveries(&mut browser, &format!("integration={id}&state=delivered&status=2xx&since=1h"), 1);
    let failed = deliveries(&mut browser, "state=failed&status=5xx&event=oncrmdealadd&object=test", 1);
    assert_eq!((&failed[0]["id"], &failed[0]["last_try"]["status"]), (&failing, &json!(500)));
    assert_eq!(delivered[0]["integration"], json!({"id": id, "title": "told"}));
    assert_eq!(delivered[0]["handler_host"], sink.address());

    let shown = browser.read(&format!("/api/deliveries/{}", delivered[0]["id"]));
    let sent =
        sink.wait_for(2).into_iter().find(|sent| sent.field("event").unwrap() == "ONCRMLEADADD").unwrap();
    let request = &shown["request"];
    let header = |name: &str| {
        let headers = request["headers"].as_array().unwrap();
        headers.iter().find(|header| header[0] == name).unwrap()[1].as_str().unwrap().to_owned()
    };
    for name in ["content-type", "user-agent", "webhook-id", "webhook-timestamp"] {
        assert_eq!(header(name), sent.header(name), "{name}");
    }
    let (hop, _) = sent
        .header("x-portreeve-hop")
        .rsplit_once('.')
        .map(|(hop, proof)| (hop.to_owned(), proof.to_owned()))
        .unwrap();
    assert_eq!(header("x-portreeve-hop"), format!("{hop}.******"), "the proof is for the handler alone");
    assert_eq!(
        (header("webhook-signature"), request["url"].as_str()),
        ("v1,******".into(), Some(&*sink.url()))
    );
    let token = sent.field("auth[application_token]").unwrap();
    assert!(!shown.to_string().contains(&token), "{shown}");
    let shown_body = request["body"].as_str().unwrap().replace("%2A", "*");
    assert_eq!(shown_body, sent.body.replace(&token, "******"));
    assert_eq!((&shown["tries"][0]["status"], &shown["data"]), (&json!(200), &delivered[0]["data"]));

    let path = format!("/api/deliveries/{}/replay", delivered[0]["id"]);
    assert_eq!(browser.done("POST", &path, &Value::Null), json!({"replayed": 1}));
    sink.wait_for(3);
    let many = |browser: &mut Browser, wanted: Value| browser.done("POST", "/api/deliveries/replay", &wanted);
    let replayed = |count| json!({"replayed": count, "more": false, "before": null});
    assert_eq!(many(&mut browser, json!({"state": "failed", "since": "2999-01-01"})), replayed(0));
    assert_eq!(many(&mut browser, json!({"state": "failed", "integration": id})), replayed(1));
    sink.wait_for(4);
    deliveries(&mut browser, "state=failed", 1);
    assert_eq!(many(&mut browser, json!({"ids": [failing]})), replayed(1));
    assert_eq!(sink.wait_for(5)[4].field("event").as_deref(), Some("ONCRMDEALADD"));

    browser.ask("DELETE", &format!("/api/integrations/{id}"), &Value::Null);
    browser.ask("POST", &path, &Value::Null).refusal(409, "ERROR_NOT_REPLAYABLE");
    let left = browser.read("/api/deliveries?limit=1");
    assert_eq!(
        (&left["deliveries"][0]["integration"], &left["deliveries"][0]["handler_host"]),
        (&Value::Null, &Value::Null)
    );
}

#[test]
fn what_is_wrong_is_told() {
    let server = start();
    let mut browser = Browser::of_the_administrator(&server);
    for (path, word) in [
        ("deliveries?limit=0", "1 to 500"),
        ("deliveries?before=x", "integer"),
        ("deliveries?since=soon", "3d ago"),
        ("deliveries?state=lost", "waiting"),
        ("deliveries?status=200", "2xx"),
        ("deliveries/stream?status=200", "2xx"),
        ("statistics?by=week", "hour"),
        ("statistics?kind=events", "deliveries"),
        ("statistics?top=1000", "50"),
        ("statistics?from=2020-01-01&to=2020-01-02", "60 days"),
        ("statistics?by=hour&from=30d", "7 days"),
        ("statistics/methods?from=x", "moment"),
    ] {
        let said = browser.get(&format!("/api/{path}")).refusal(400, "ERROR_ARGUMENT");
        assert!(said.contains(word), "{path}: {said}");
    }
    let path = "/api/deliveries/replay";
    for (wanted, word) in [(json!({"stat": "failed"}), "stat"), (json!({"ids": vec![1; 201]}), "200")] {
        let said = browser.ask("POST", path, &wanted).refusal(400, "ERROR_ARGUMENT");
        assert!(said.contains(word), "{said}");
    }
    browser.get("/api/deliveries/1").refusal(404, "ERROR_NOT_FOUND");
    browser.ask("POST", path, &json!({"ids": [1]})).refusal(404, "ERROR_NOT_FOUND");
}

/// Employees see and send again what is theirs, by whatever door.
#[test]
fn everybody_sees_what_is_theirs() {
    let sink = Sink::start(|_| Reply::status(200));
    let server = start();
    let (mut admin, mut ada) = (Browser::of_the_administrator(&server), Browser::of_a_colleague(&server));
    let hers = make(&mut ada, "hers", &sink.url());
    let his = make(&mut admin, "his", &sink.url());
    // Her webhook is told of what she may read.
    let role = json!({"name": "Readers", "members": ["U2"], "permissions": {"LEAD": {"READ": "X"}}});
    admin.done("POST", "/api/roles", &role);
    add_lead(&server);
    assert_eq!(deliveries(&mut admin, "state=delivered", 2).len(), 2);
    assert_eq!(deliveries(&mut ada, "state=delivered", 1)[0]["integration"]["id"], hers);
    let foreign = deliveries(&mut admin, &format!("integration={his}"), 1)[0]["id"].clone();
    assert_eq!(deliveries(&mut admin, "mine=true", 1)[0]["id"], foreign);
    assert_eq!(deliveries(&mut ada, &format!("integration={his}"), 0), Vec::<Value>::new());
    ada.get(&format!("/api/deliveries/{foreign}")).refusal(403, "ACCESS_DENIED");
    for (path, body) in
        [(format!("{foreign}/replay"), json!({})), ("replay".into(), json!({"ids": [foreign]}))]
    {
        ada.ask("POST", &format!("/api/deliveries/{path}"), &body).refusal(403, "ACCESS_DENIED");
    }
    let all = ada.done("POST", "/api/deliveries/replay", &json!({"state": "delivered"}));
    assert_eq!(all["replayed"], 1);
    let mut events = Events::open(&server, &ada, "/api/deliveries/stream").unwrap();
    let page = events.page(|_| true);
    assert_eq!(page["deliveries"].as_array().unwrap().len(), 1);

    // Counts are written at the stop, at the latest.
    sink.wait_for(3);
    deliveries(&mut ada, "state=delivered", 1);
    let server = server.stop().start();
    let mut browsers = [Browser::of_the_administrator(&server), Browser { http: server.hook("crm"), ..ada }];
    let told = browsers.each_mut().map(|browser| {
        let rows = browser.read("/api/statistics?kind=deliveries")["rows"].take();
        let deliveries = rows.as_array().unwrap().iter().map(|row| row["deliveries"].as_i64().unwrap());
        let named = browser.read("/api/statistics/methods")["rows"].take();
        let named = named.as_array().unwrap().iter().find(|row| row["name"] == "ONCRMLEADADD").cloned();
        // One of hers was delivered twice.
        let [delivered, failed, cancelled, open] = bars(browser, "");
        assert_eq!([failed, cancelled, open], [0; 3]);
        (deliveries.sum::<i64>(), named.unwrap()["calls"].as_i64().unwrap(), delivered)
    });
    assert_eq!(told, [(3, 3, 2), (2, 2, 1)]);
    let [mut admin, mut ada] = browsers;
    let calls = |browser: &mut Browser, query: &str| {
        let rows = browser.read(&format!("/api/statistics?by=hour{query}"))["rows"].take();
        rows.as_array().unwrap().iter().map(|row| row["calls"].as_i64().unwrap()).sum::<i64>()
    };
    assert_eq!(calls(&mut admin, "&top=0"), 1, "the lead");
    assert_eq!(calls(&mut ada, ""), 0);
    assert_eq!(calls(&mut ada, &format!("&integration={his}")), 0);
}

/// The stream shows what changes, and ends with the sign-in and with the server.
#[test]
fn a_stream_shows_deliveries_as_they_come() {
    let sink = Sink::start(|_| Reply::status(200));
    let server = start();
    let mut browser = Browser::of_the_administrator(&server);
    make(&mut browser, "told", &sink.url());
    let mut other = Browser::of_the_administrator(&server);
    let path = "/api/deliveries/stream?state=delivered";
    let mut events = Events::open(&server, &browser, path).unwrap();
    let mut ending = Events::open(&server, &other, path).unwrap();
    assert_eq!(events.page(|_| true), json!({"deliveries": [], "before": null, "searched": null}));
    add_lead(&server);
    let page = events.page(|page| page["deliveries"][0].is_object());
    assert_eq!(page["deliveries"][0]["last_try"]["status"], 200);
    let (status, _) = Events::open(&server, &Browser::of(&server), path).err().unwrap();
    assert_eq!(status, 401);

    other.ask("DELETE", "/api/session", &Value::Null);
    while ending.chunk().is_some() {}
    let open = (0..11).map(|_| Events::open(&server, &browser, path).unwrap());
    let open: Vec<Events> = open.collect();
    let (status, _) = Events::open(&server, &browser, path).err().unwrap();
    assert_eq!(status, 429, "a user may have twelve");
    drop(open);
    let begun = Instant::now();
    while Events::open(&server, &browser, path).is_err() {
        assert!(begun.elapsed() < PATIENCE, "a page that was left still has its stream");
    }
    server.stop();
    while events.chunk().is_some() {}
}

/// Of the deliveries of a query, in the same order: the numbers in the strip, all bars together.
fn bars(browser: &mut Browser, query: &str) -> [i64; 4] {
    let strip = browser.read(&format!("/api/deliveries/summary?{query}"));
    assert_eq!(strip["counted_from"], Value::Null);
    ["delivered", "failed", "cancelled", "open"]
        .map(|part| strip["bars"].as_array().unwrap().iter().map(|bar| bar[part].as_i64().unwrap()).sum())
}

/// The strip above the list counts what the list holds: by the same filter, between the same borders.
#[test]
fn the_strip_and_the_list_agree() {
    let sink = Sink::start(|received| {
        Reply::status(if received.field("event").unwrap() == "ONCRMDEALADD" { 500 } else { 200 })
    });
    let server = start();
    let mut browser = Browser::of_the_administrator(&server);
    let one = make(&mut browser, "one", &sink.url());
    let other = make(&mut browser, "other", &sink.url());
    (0..3).for_each(|_| add_lead(&server));
    let test = json!({"event": "ONCRMDEALADD"});
    browser.done("POST", &format!("/api/integrations/{other}/test"), &test);
    deliveries(&mut browser, "state=delivered", 6);
    deliveries(&mut browser, "state=failed", 1);
    browser.done("POST", &format!("/api/integrations/{one}/active"), &json!({"active": false}));
    add_lead(&server);
    deliveries(&mut browser, "state=held", 1);
    deliveries(&mut browser, "state=delivered", 7);
    for (query, expected) in [
        (String::new(), [7, 1, 0, 1]),
        (format!("integration={one}"), [3, 0, 0, 1]),
        (format!("integration={other}&state=failed"), [0, 1, 0, 0]),
        ("event=oncrmdealadd".into(), [0, 1, 0, 0]),
        ("search=lead".into(), [7, 0, 0, 1]),
        ("status=5xx".into(), [0, 1, 0, 0]),
        ("since=2999-01-01".into(), [0, 0, 0, 0]),
    ] {
        assert_eq!(bars(&mut browser, &query), expected, "{query}");
        let strip = browser.read(&format!("/api/deliveries/summary?{query}"));
        for bar in strip["bars"].as_array().unwrap() {
            let count: i64 = ["delivered", "failed", "cancelled", "open"]
                .iter()
                .map(|part| bar[part].as_i64().unwrap())
                .sum();
            let [from, to] = ["from", "to"].map(|end| bar[end].as_str().unwrap().replace('+', "%2B"));
            let between =
                query.split('&').filter(|part| !part.starts_with("since")).collect::<Vec<_>>().join("&");
            let path = format!("/api/deliveries?{between}&since={from}&until={to}");
            let listed = browser.read(&path)["deliveries"].as_array().unwrap().len() as i64;
            assert_eq!(listed, count, "{path}");
            // A press on a bar: the strip within it counts the same.
            let within = bars(&mut browser, &format!("{between}&since={from}&until={to}"));
            assert_eq!(within.iter().sum::<i64>(), count, "{path}");
        }
    }
}

#[test]
fn words_are_found_and_the_answers_headers_shown() {
    let sink = Sink::start(|received| {
        let reply = Reply::status(500).with_header("server", "warehouse/7");
        let reply = reply.with_header("set-cookie", "id=4711");
        reply.with_header("x-echo", &received.field("auth[application_token]").unwrap())
    });
    let server = start();
    let mut browser = Browser::of_the_administrator(&server);
    make(&mut browser, "Kontor Süd", &sink.url());
    add_lead(&server);
    let found = deliveries(&mut browser, "state=failed", 1)[0]["id"].clone();
    let shown = browser.read(&format!("/api/deliveries/{found}"));
    let headers = shown["tries"][0]["headers"].as_array().unwrap();
    for pair in [json!(["server", "warehouse/7"]), json!(["set-cookie", "******"]), json!(["x-echo", "***"])]
    {
        assert!(headers.contains(&pair), "{pair} in {headers:?}");
    }
    for (words, count) in [("S%C3%9CD+oncrmlead", 1), ("127.0.0.1", 1), ("lead%3A", 1), ("warehouse", 0)] {
        assert_eq!(deliveries(&mut browser, &format!("search={words}"), count).len(), count, "{words}");
    }
    let long = "x".repeat(201);
    browser.get(&format!("/api/deliveries?search={long}")).refusal(400, "ERROR_ARGUMENT");
}

/// What waits is cancelled, one, some, or all that a filter finds; the object goes on, and the log says who did it.
#[test]
fn what_waits_is_cancelled() {
    let sink = Sink::start(|received| {
        Reply::status(if received.field("event").unwrap() == "ONCRMLEADADD" { 500 } else { 200 })
    });
    let server = start();
    let mut browser = Browser::of_the_administrator(&server);
    let outbound = json!({"handler_url": sink.url(), "events": ["ONCRMLEADADD", "ONCRMLEADUPDATE"], "active": true, "retries": "7d"});
    let input = json!({"scenario": "out-hook", "title": "told", "outbound": outbound});
    let id = browser.done("POST", "/api/integrations", &input)["id"].clone();
    let hook = server.hook("crm");
    let change = |title: &str| {
        let hook = hook.clone();
        hook.result("crm.lead.update", json!({"id": 1, "fields": {"TITLE": title}}));
    };
    server.hook("crm").result("crm.lead.add", json!({"fields": {"TITLE": "Quay"}}));
    sink.wait_for(1);
    ["a", "b", "c"].iter().for_each(|title| change(title));
    let waiting = deliveries(&mut browser, "state=waiting&event=oncrmleadupdate", 3);
    deliveries(&mut browser, "state=waiting&status=5xx", 1);
    let cancel =
        |browser: &mut Browser, wanted: Value| browser.done("POST", "/api/deliveries/cancel", &wanted);
    let cancelled = |count| json!({"cancelled": count, "more": false, "before": null});
    // Newest first: the middle one goes.
    assert_eq!(cancel(&mut browser, json!({"ids": [waiting[1]["id"]]})), cancelled(1));
    assert_eq!(cancel(&mut browser, json!({"state": "delivered"})), cancelled(0));
    let head = deliveries(&mut browser, "state=waiting&event=oncrmleadadd", 1)[0]["id"].clone();
    assert_eq!(
        browser.done("POST", &format!("/api/deliveries/{head}/cancel"), &Value::Null),
        json!({"cancelled": 1})
    );
    // Those behind it arrive, in their order.
    deliveries(&mut browser, "state=delivered", 2);
    let came: Vec<String> = sink.wait_for(3).iter().map(|sent| sent.field("event").unwrap()).collect();
    assert_eq!(came, ["ONCRMLEADADD", "ONCRMLEADUPDATE", "ONCRMLEADUPDATE"]);
    let refused = browser.ask("POST", &format!("/api/deliveries/{head}/cancel"), &Value::Null);
    refused.refusal(409, "ERROR_NOT_CANCELLABLE");
    assert_eq!(deliveries(&mut browser, "state=cancelled", 2)[1]["id"], head);
    let shown = browser.read(&format!("/api/deliveries/{head}"));
    assert_eq!(
        (&shown["actions"][0]["action"], &shown["actions"][0]["by"]["id"]),
        (&json!("cancelled"), &json!(1))
    );
    assert_eq!(shown["state"], "cancelled");

    browser.done("POST", &format!("/api/integrations/{id}/active"), &json!({"active": false}));
    ["d", "e"].iter().for_each(|title| change(title));
    assert_eq!(cancel(&mut browser, json!({"integration": id})), cancelled(0), "nothing waits");
    assert_eq!(cancel(&mut browser, json!({"integration": id, "state": "held"})), cancelled(2));

    browser.done("POST", &format!("/api/deliveries/{head}/replay"), &Value::Null);
    let said = server.portal().run(&["deliveries", "cancel", &head.to_string()]);
    assert_eq!(String::from_utf8_lossy(&said.stdout).trim(), "1");
    let shown = browser.read(&format!("/api/deliveries/{head}"));
    let done: Vec<(&str, bool)> = shown["actions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["action"].as_str().unwrap(), one["by"].is_null()))
        .collect();
    assert_eq!(done, [("cancelled", false), ("replayed", false), ("cancelled", true)]);
}

/// Another address gets the event with a token and a signature of its own; the webhook's go there only when its owner says so.
#[test]
fn a_delivery_goes_once_to_another_address() {
    let (sink, elsewhere) = (Sink::start(|_| Reply::status(200)), Sink::start(|_| Reply::status(418)));
    let server = start();
    let (mut admin, mut ada) = (Browser::of_the_administrator(&server), Browser::of_a_colleague(&server));
    let role = json!({"name": "Readers", "members": ["U2"], "permissions": {"LEAD": {"READ": "X"}}});
    admin.done("POST", "/api/roles", &role);
    let outbound = json!({"handler_url": sink.url(), "events": ["ONCRMLEADADD"], "active": true,
        "headers": [{"name": "x-api-key", "value": "4f1c"}]});
    let input = json!({"scenario": "out-hook", "title": "hers", "outbound": outbound});
    ada.done("POST", "/api/integrations", &input);
    make(&mut admin, "his", &sink.url());
    add_lead(&server);
    let sent = sink.wait_for(2);
    let hers = deliveries(&mut ada, "state=delivered", 1)[0]["id"].clone();
    let real = sent.iter().find(|sent| !sent.header("x-api-key").is_empty()).unwrap();
    let token = |received: &it::sink::Received| received.field("auth[application_token]").unwrap();
    let path = format!("/api/deliveries/{hers}/forward");
    let plain = json!({"url": elsewhere.url()});
    let told = ada.done("POST", &path, &plain);
    assert_eq!((&told["status"], told["error"].is_null()), (&json!(418), true));
    let first = Arc::clone(&elsewhere.wait_for(1)[0]);
    assert_eq!(first.header("webhook-id"), real.header("webhook-id"));
    assert_eq!(first.field("data[FIELDS][ID]"), real.field("data[FIELDS][ID]"));
    assert_eq!(told["application_token"], token(&first));
    assert_ne!(token(&first), token(real));
    assert_eq!((first.header("x-api-key"), first.header("x-portreeve-hop")), ("", ""));
    assert!(first.is_signed(told["signing_secret"].as_str().unwrap()));

    let whole = json!({"url": elsewhere.url(), "secrets": true});
    admin.ask("POST", &path, &whole).refusal(403, "ACCESS_DENIED");
    assert_eq!(admin.done("POST", &path, &plain)["status"], 418, "without secrets an administrator may");
    let told = ada.done("POST", &path, &whole);
    assert_eq!((&told["application_token"], &told["signing_secret"]), (&Value::Null, &Value::Null));
    let third = Arc::clone(&elsewhere.wait_for(3)[2]);
    assert_eq!((token(&third), third.header("x-api-key")), (token(real), "4f1c"));

    // The operator may do the same.
    let words = ["deliveries", "forward", &hers.to_string(), "--to", &elsewhere.url(), "--json"];
    let said = server.portal().run(&words);
    assert!(!said.status.success(), "the address did not take it");
    let told: Value = serde_json::from_slice(&said.stdout).unwrap();
    let fourth = Arc::clone(&elsewhere.wait_for(4)[3]);
    assert_eq!((&told["status"], &told["application_token"]), (&json!(418), &json!(token(&fourth))));
    let shown = server.portal().ask(&["deliveries", "show", &hers.to_string()]);
    assert!(shown.contains("by the command line") && shown.contains("by Ada Berg"), "{shown}");

    let foreign = deliveries(&mut admin, "search=his", 1)[0]["id"].clone();
    ada.ask("POST", &format!("/api/deliveries/{foreign}/forward"), &plain).refusal(403, "ACCESS_DENIED");
    let inner = json!({"url": "http://10.1.2.3/"});
    assert!(ada.ask("POST", &path, &inner).refusal(400, "ERROR_WRONG_HANDLER_URL").contains("10.1.2.3"));
    for (name, cancelled) in
        [("cancel", json!({"ids": [foreign]})), ("cancel", json!({"ids": [foreign, hers]}))]
    {
        ada.ask("POST", &format!("/api/deliveries/{name}"), &cancelled).refusal(403, "ACCESS_DENIED");
    }
    let shown = ada.read(&format!("/api/deliveries/{hers}"));
    assert_eq!((&shown["state"], shown["tries"].as_array().unwrap().len()), (&json!("delivered"), 1));
    let done = shown["actions"].as_array().unwrap();
    assert_eq!(
        done.iter().map(|one| one["with_secrets"].as_bool().unwrap()).collect::<Vec<_>>(),
        [false, false, true, false]
    );
    assert_eq!((&done[2]["host"], &done[2]["by"]["name"]), (&json!(elsewhere.address()), &json!("Ada Berg")));
    let noted = admin.read("/api/audit?action=delivery.forwarded");
    assert_eq!(noted["entries"].as_array().unwrap().len(), 4, "{noted}");
    assert!(noted["entries"][1]["detail"].as_str().unwrap().contains("with its secrets"));
}
