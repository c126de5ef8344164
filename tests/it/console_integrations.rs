//! The console's integrations: what can be made of them, who may do what, and who sees which secret.

use it::sink::{Reply, Sink};
use it::{Browser, Hook, Portal, Server};
use serde_json::{Value, json};

fn start() -> Server {
    Portal::new().with("--allow-handlers", "127.0.0.1").start()
}

#[track_caller]
fn secrets(browser: &mut Browser, id: i64) -> Value {
    browser.done("POST", &format!("/api/integrations/{id}/secrets"), &Value::Null)
}

/// The inbound webhook of an integration of the browser's user.
#[track_caller]
fn hook(server: &Server, browser: &mut Browser, id: i64) -> Hook {
    server.to_hook(secrets(browser, id)["url"].as_str().unwrap())
}

#[track_caller]
fn make(browser: &mut Browser, input: &Value) -> i64 {
    browser.done("POST", "/api/integrations", input)["id"].as_i64().unwrap()
}

fn told(url: &str) -> Value {
    json!({"handler_url": url, "events": ["oncrmleadadd"], "retries": "once"})
}

/// An integration with both parts.
fn both(url: &str) -> Value {
    json!({"scenario": "in-hook", "title": "both", "inbound": {"scopes": ["crm"]}, "outbound": told(url)})
}

#[test]
fn a_save_of_what_was_changed_since_is_refused() {
    let server = start();
    let mut browser = Browser::of_the_administrator(&server);
    let id =
        make(&mut browser, &json!({"scenario": "in-hook", "title": "first", "inbound": {"scopes": ["crm"]}}));
    let path = format!("/api/integrations/{id}");
    let seen = browser.read(&path)["version"].clone();
    let input = |title: &str, version: &Value| json!({"title": title, "inbound": {"scopes": ["crm", "user"]}, "version": version});
    let second = browser.done("PUT", &path, &input("second", &seen));
    assert_ne!(second["version"], seen);

    let stale = browser.ask("PUT", &path, &input("third", &seen));
    assert_eq!((stale.status, &stale.json()["error"]), (409, &json!("ERROR_CHANGED")));
    assert_eq!(browser.read(&path), second);
    browser.done("PUT", &path, &input("third", &second["version"]));
    // Whoever does not say what was seen saves in any case.
    browser.done("PUT", &path, &json!({"title": "fourth", "inbound": {}}));

    let seen = browser.read(&path)["version"].clone();
    browser.done("POST", &format!("{path}/active"), &json!({"active": false}));
    assert_eq!(browser.ask("PUT", &path, &input("fifth", &seen)).status, 409, "it was paused since");
}

fn ids(list: &Value) -> Vec<i64> {
    list["integrations"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect()
}

#[test]
fn one_is_made_shown_changed_and_deleted() {
    let sink = Sink::start(|_| Reply::status(200));
    let server = start();
    let mut browser = Browser::of_the_administrator(&server);
    let mut input = both(&sink.url());
    input["query"] =
        json!({"method": "crm.lead.add", "params": [["FIELDS[TITLE]", "x"], ["FIELDS[NAME]", ""]]});
    let reply = browser.ask("POST", "/api/integrations", &input);
    let made = reply.json();
    let id = made["id"].as_i64().unwrap();
    let path = format!("/api/integrations/{id}");
    assert_eq!((reply.status, reply.header("location")), (201, path.as_str()));
    assert_eq!(made, browser.read(&path));
    assert_eq!(
        json!([made["kind"], made["mine"], made["user"], made["query"], made["inbound"]["url"]]),
        json!(["both", true, {"id": 1, "name": "Administrator"}, input["query"], format!("{}/rest/1/******/", server.base())])
    );
    assert_eq!(made["outbound"]["events"][0]["name"], "ONCRMLEADADD");

    let shown = secrets(&mut browser, id);
    let url = hook(&server, &mut browser, id);
    url.result("crm.lead.add", json!({"fields": {"TITLE": "Quay"}}));
    let token = sink.wait_for(1)[0].field("auth[application_token]").unwrap();
    assert_eq!(shown["application_token"], token);
    assert!(shown["signing_secret"].as_str().unwrap().starts_with("whsec_"));

    let changed = json!({"title": "Other", "comment": "Why", "inbound": {"scopes": ["crm", "user"], "read_only": true,
        "networks": ["127.0.0.1", "10.0.0.0/8"], "expires": "2999-01-01"},
        "outbound": {"handler_url": sink.url(), "events": ["ONCRMDEALADD", "ONCRMLEADADD"], "ordered": true}});
    let saved = browser.done("PUT", &path, &changed);
    assert_eq!(
        json!([
            saved["title"],
            saved["comment"],
            saved["scenario"],
            saved["outbound"]["ordered"],
            saved["query"]
        ]),
        json!(["Other", "Why", "in-hook", true, null])
    );
    assert_eq!(saved["inbound"]["networks"], json!(["127.0.0.1/32", "10.0.0.0/8"]));
    assert_eq!(saved["inbound"]["expires"], "2999-01-01T00:00:00+00:00");
    assert_eq!(
        saved["outbound"]["events"][1], made["outbound"]["events"][0],
        "an event that stays keeps its number"
    );
    assert_eq!(secrets(&mut browser, id), shown);
    url.call("crm.lead.add", json!({"fields": {"TITLE": "x"}})).refusal(401, "insufficient_scope");
    url.result("crm.lead.list", json!({}));

    for active in [false, true] {
        let now = browser.done("POST", &format!("{path}/active"), &json!({"active": active}));
        assert_eq!((&now["inbound"]["active"], &now["outbound"]["active"]), (&json!(active), &json!(active)));
        assert_eq!(url.call("profile", json!({})).status, if active { 200 } else { 401 });
    }
    assert_eq!(browser.done("DELETE", &path, &Value::Null), Value::Null);
    browser.get(&path).refusal(404, "ERROR_NOT_FOUND");
    url.call("profile", json!({})).refusal(401, "INVALID_CREDENTIALS");
    let log = server.portal().log();
    assert!(!log.contains(&token) && !log.contains(url.secret()));
}

#[test]
fn what_is_wrong_is_told_with_the_field() {
    let server = start();
    let mut browser = Browser::of_the_administrator(&server);
    let good = both("https://handler.example/in");
    let with = |part: &str, name: &str, value: Value| {
        let mut input = good.clone();
        if part.is_empty() {
            input[name] = value;
        } else {
            input[part][name] = value;
        }
        input
    };
    for (body, argument, word) in [
        (with("", "title", json!("")), "title", "1 to 256"),
        (with("", "scenario", json!("nonsense")), "scenario", "nonsense"),
        (with("", "scenario", json!("widget-call-cart")), "scenario", "application"),
        (with("inbound", "scopes", json!(["placement"])), "scopes", "placement"),
        (with("inbound", "networks", json!(["office"])), "networks", "10.0.0.0/8"),
        (with("inbound", "expires", json!("soon")), "expires", "2027"),
        (with("outbound", "events", json!([])), "events", "at least one event"),
        (with("outbound", "retries", json!("often")), "retries", "often"),
    ] {
        let reply = browser.ask("POST", "/api/integrations", &body);
        let said = reply.refusal(400, "ERROR_ARGUMENT");
        assert!(said.contains(word) && reply.json()["argument"] == argument, "{}", reply.text());
    }
    for (body, code, word) in [
        (with("outbound", "events", json!(["ONNONSENSE"])), "ERROR_EVENT_NOT_FOUND", "ONNONSENSE"),
        // Only bots are told of it.
        (
            with("outbound", "events", json!(["ONIMBOTMESSAGEADD"])),
            "ERROR_EVENT_NOT_FOUND",
            "ONIMBOTMESSAGEADD",
        ),
        (with("outbound", "handler_url", json!("http://10.0.0.1/")), "ERROR_WRONG_HANDLER_URL", "10.0.0.0/8"),
        (with("outbound", "handler_url", json!("gopher://h.example/")), "ERROR_UNSUPPORTED_PROTOCOL", "http"),
        (with("inbound", "scope", json!([])), "ERROR_ARGUMENT", "scope"),
        (with("", "title", json!(7)), "ERROR_ARGUMENT", "string"),
        (Value::Null, "ERROR_ARGUMENT", "title"),
    ] {
        let said = browser.ask("POST", "/api/integrations", &body).refusal(400, code);
        assert!(said.contains(word), "{said}");
    }
    for query in ["page=0", "size=201", "sort=secret", "kind=all", "state=fine", "user=x"] {
        browser.get(&format!("/api/integrations?{query}")).refusal(400, "ERROR_ARGUMENT");
    }
    for (verb, path, status) in [
        ("GET", "/api/nonsense", 404),
        ("GET", "/api/integrations/one", 404),
        ("POST", "/api/integrations/7/secrets", 404),
        ("PATCH", "/api/integrations/7", 405),
        ("POST", "/api/catalogue", 405),
    ] {
        let reply = browser.ask(verb, path, &Value::Null);
        assert!(
            reply.status == status && reply.json()["error"].is_string(),
            "{verb} {path}: {}",
            reply.text()
        );
    }
    let cookie = browser.cookie();
    let form =
        [("cookie", cookie.as_str()), ("x-portreeve-token", &browser.token), ("content-type", "text/plain")];
    let reply = browser.http.send("POST", "/api/integrations", &form, good.to_string().as_bytes());
    reply.refusal(415, "ERROR_CONTENT_TYPE");
}

#[test]
fn without_a_licence_no_outbound_part_is_made() {
    let server = Portal::new().with("--licence", "demo").start();
    let mut browser = Browser::of_the_administrator(&server);
    let reply = browser.ask("POST", "/api/integrations", &both("https://handler.example/in"));
    assert!(reply.refusal(403, "ACCESS_DENIED").contains("demo mode"));
    make(&mut browser, &json!({"scenario": "in-hook", "title": "in", "inbound": {}}));
}

/// Another site can make a browser send cookies, but cannot know the token; and nobody gets in without a sign-in.
#[test]
fn every_change_needs_the_sign_in_and_its_token() {
    let server = start();
    let mut browser = Browser::of_the_administrator(&server);
    let id = make(&mut browser, &both("https://handler.example/in"));
    let own = browser.token.clone();
    let other = Browser::of_the_administrator(&server).token;
    let changes = ["", "/secrets", "/active", "/test", "/example", "/example/archive"];
    for token in ["", "x", &other] {
        browser.token = token.to_owned();
        for path in changes {
            let verb = if path.is_empty() { "DELETE" } else { "POST" };
            let path = format!("/api/integrations/{id}{path}");
            browser.ask(verb, &path, &json!({})).refusal(403, "INVALID_TOKEN");
        }
        let input = both("https://handler.example/in");
        browser.ask("POST", "/api/integrations", &input).refusal(403, "INVALID_TOKEN");
    }
    browser.token = own;
    browser.read(&format!("/api/integrations/{id}"));
    browser.cookies.clear();
    for path in ["", "/secrets", "/active", "/test", "/example", "/example/archive"] {
        let verb = if path.is_empty() { "GET" } else { "POST" };
        browser.ask(verb, &format!("/api/integrations/{id}{path}"), &json!({})).refusal(401, "NO_AUTH_FOUND");
    }
    for path in ["/api/integrations", "/api/catalogue", "/api/scenarios"] {
        browser.get(path).refusal(401, "NO_AUTH_FOUND");
    }
}

/// Protocol 8: employees have their own; administrators see all, but no secret, and become owners of what they save.
#[test]
fn an_employee_reaches_nothing_of_others_and_an_administrator_no_secret() {
    let sink = Sink::start(|_| Reply::status(200));
    let server = start();
    let (mut admin, mut ada) = (Browser::of_the_administrator(&server), Browser::of_a_colleague(&server));
    let [hers, his] = [&mut ada, &mut admin].map(|browser| make(browser, &both(&sink.url())));
    assert_eq!(ids(&ada.read("/api/integrations")), [hers]);
    assert!(ids(&admin.read("/api/integrations")).starts_with(&[his, hers]));
    let his_url = hook(&server, &mut admin, his);
    assert_eq!(ids(&ada.read(&format!("/api/integrations?search={}", his_url.url()))), Vec::<i64>::new());
    assert_eq!(ids(&admin.read(&format!("/api/integrations?search={}", his_url.url()))), [his]);

    let example = json!({"language": "curl", "method": "profile", "secret": true});
    let path = |id: i64, rest: &str| format!("/api/integrations/{id}{rest}");
    for (verb, rest, body) in [
        ("GET", "", Value::Null),
        ("DELETE", "", Value::Null),
        ("PUT", "", both(&sink.url())),
        ("POST", "/active", json!({"active": false})),
        ("POST", "/secrets", Value::Null),
        ("POST", "/test", json!({"event": "ONCRMLEADADD"})),
        ("POST", "/example", example.clone()),
        ("POST", "/example/archive", example.clone()),
    ] {
        ada.ask(verb, &path(his, rest), &body).refusal(403, "ACCESS_DENIED");
    }
    for (rest, body) in
        [("/secrets", Value::Null), ("/example", example.clone()), ("/example/archive", example)]
    {
        admin.ask("POST", &path(hers, rest), &body).refusal(403, "ACCESS_DENIED");
    }

    let before = secrets(&mut ada, hers);
    let old = hook(&server, &mut ada, hers);
    let mut input = both(&sink.url());
    admin.ask("PUT", &path(hers, ""), &input).refusal(409, "ERROR_TAKE_OVER");
    old.result("profile", json!({}));
    input["take_over"] = json!(true);
    assert_eq!(admin.done("PUT", &path(hers, ""), &input)["user"]["id"], 1);
    old.call("profile", json!({})).refusal(401, "INVALID_CREDENTIALS");
    let after = secrets(&mut admin, hers);
    for secret in ["url", "application_token", "signing_secret"] {
        assert_ne!(after[secret], before[secret], "{secret}");
    }
    assert_eq!(hook(&server, &mut admin, hers).result("profile", json!({}))["ID"], "1");
    ada.get(&path(hers, "")).refusal(403, "ACCESS_DENIED");
    let noted = admin.read("/api/audit")["entries"].take();
    let noted: Vec<_> =
        noted.as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert!(noted.contains(&"integration.taken_over") && noted.contains(&"secret.shown"), "{noted:?}");
}

#[test]
fn a_test_event_goes_to_the_outbound_part() {
    let sink = Sink::start(|_| Reply::status(200));
    let server = start();
    let mut browser = Browser::of_the_administrator(&server);
    let id = make(&mut browser, &both(&sink.url()));
    let sent =
        browser.ask("POST", &format!("/api/integrations/{id}/test"), &json!({"event": "oncrmdealadd"}));
    assert!(sent.status == 202 && sent.json()["delivery"].is_i64(), "{}", sent.text());
    assert_eq!(sink.wait_for(1)[0].field("event").as_deref(), Some("ONCRMDEALADD"));
    let silent = make(&mut browser, &json!({"scenario": "in-hook", "title": "in", "inbound": {}}));
    let reply =
        browser.ask("POST", &format!("/api/integrations/{silent}/test"), &json!({"event": "ONCRMDEALADD"}));
    reply.refusal(400, "ERROR_ARGUMENT");
}

#[test]
fn the_list_is_paged_and_tells_what_came_to_pass() {
    let server = start();
    let mut browser = Browser::of_the_administrator(&server);
    let made: Vec<i64> = (0..5)
        .map(|n| {
            make(&mut browser, &json!({"scenario": "in-hook", "title": format!("page{n}"), "inbound": {}}))
        })
        .collect();
    let page = |browser: &mut Browser, page: i64| {
        browser.read(&format!("/api/integrations?search=page&sort=title&size=2&page={page}"))
    };
    assert_eq!(
        (ids(&page(&mut browser, 1)), ids(&page(&mut browser, 2))),
        (made[..2].into(), made[2..4].into())
    );
    assert_eq!((page(&mut browser, 3)["total"].clone(), ids(&page(&mut browser, 9)).len()), (json!(5), 0));
    let row = page(&mut browser, 1)["integrations"][0].take();
    let named =
        ["kind", "state", "mine", "handler_host", "calls_24h", "errors_24h", "failed_24h", "last_used"];
    let row: Value = named.iter().map(|name| row[name].clone()).collect();
    assert_eq!(row, json!(["in", "active", true, null, 0, 0, 0, null]));
}

#[test]
fn the_catalogue_and_the_scenarios_are_served_to_everybody_who_is_signed_in() {
    let server = start();
    let mut ada = Browser::of_a_colleague(&server);
    let reply = ada.get("/api/catalogue");
    let (catalogue, etag) = (reply.json(), reply.header("etag").to_owned());
    let mut told: Value = serde_json::from_str(&server.portal().ask(&["describe"])).unwrap();
    let whole = told["methods"].as_array().unwrap().len();
    // The request builder does not speak REST 3.0.
    told["methods"].as_array_mut().unwrap().retain(|method| method["version"] == "v2");
    assert!(told["methods"].as_array().unwrap().len() < whole);
    assert_eq!(catalogue, told, "the same as on the command line");
    let methods = catalogue["methods"].as_array().unwrap();
    let update = methods.iter().find(|one| one["method"] == "imopenlines.config.update").unwrap();
    let settings = update["params"][1]["members"].as_array().unwrap();
    let kind = settings.iter().find(|one| one["name"] == "QUEUE_TYPE").unwrap();
    assert_eq!(kind["choices"], json!(["evenly", "strictly", "all"]), "what forms offer");
    for name in ["methods", "events", "scopes"] {
        assert!(!catalogue[name].as_array().unwrap().is_empty(), "{name}");
    }
    let cookie = ada.cookie();
    let again = [("cookie", cookie.as_str()), ("if-none-match", etag.as_str())];
    let reply = ada.http.send("GET", "/api/catalogue", &again, b"");
    assert_eq!((reply.status, reply.text().as_str(), reply.header("etag")), (304, "", etag.as_str()));
    let packed = ada.http.send("GET", "/api/catalogue", &[again[0], ("accept-encoding", "br, gzip")], b"");
    assert_eq!((packed.status, packed.header("content-encoding")), (200, "gzip"));
    assert!(packed.body.starts_with(&[0x1f, 0x8b]) && packed.body.len() < told.to_string().len() / 4);

    let sections = ada.read("/api/scenarios")["sections"].take();
    let codes: Vec<_> =
        sections.as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert_eq!(
        codes,
        ["migration", "external", "auto-sales", "auto-control", "widget", "chat-bot", "standard"]
    );
    let plain = &sections[6]["scenarios"][0];
    assert_eq!(
        (&plain["code"], &plain["method"], &plain["needs"]),
        (&json!("in-hook"), &json!("profile"), &Value::Null)
    );
}

/// A page names its language with each request.
#[test]
fn the_interface_speaks_the_language_of_the_page() {
    let server = start();
    let mut ada = Browser::of_a_colleague(&server);
    let english = ada.get("/api/catalogue");
    let cookie = ada.cookie();
    let ask = |path: &str, tag: &str| {
        let headers = [("cookie", cookie.as_str()), ("accept-language", "ru"), ("if-none-match", tag)];
        ada.http.send("GET", path, &headers, b"")
    };
    let russian = ask("/api/catalogue", english.header("etag"));
    assert_eq!((russian.status, russian.header("vary")), (200, "accept-encoding, accept-language"));
    let about = |catalogue: &Value, kind: &str, name: &str, of: &str| {
        let all = catalogue[kind].as_array().unwrap();
        all.iter().find(|one| one[name] == of).map(|one| one["about"].clone()).unwrap()
    };
    let (english, russian) = (english.json(), russian.json());
    assert_eq!(about(&russian, "events", "name", "ONCRMLEADADD"), "Добавлен лид.");
    assert_eq!(about(&english, "events", "name", "ONCRMLEADADD"), "A lead was added.");
    assert_eq!(
        about(&russian, "methods", "method", "user.current"),
        "Возвращает пользователя, от имени которого работает вебхук."
    );
    let refused = ask("/api/integrations/999", "");
    assert_eq!(
        (refused.status, &refused.json()["error_description"]),
        (404, &json!("Такой интеграции нет."))
    );
    let unknown = ask("/api/integrations?kind=sideways", "");
    let text = unknown.json()["error_description"].as_str().unwrap().to_owned();
    assert!(unknown.status == 400 && text.starts_with("kind — одно из: in"), "{text}");
}

/// Over plain http, where https is required, the interface says so in its own way.
#[test]
fn the_interface_keeps_to_https() {
    let server = Portal::new().with("--require-https", "true").start();
    Browser::of(&server).get("/api/catalogue").refusal(403, "INVALID_REQUEST");
}
