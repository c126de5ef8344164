//! The console's deliveries and statistics: who sees which, how they are found, watched and sent again.

use it::sink::{Reply, Sink};
use it::{Browser, Connection, Portal, Server};
use serde_json::{Value, json};
use std::io::Read;

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
fn deliveries(browser: &mut Browser, query: &str, count: usize) -> Vec<Value> {
    loop {
        let mut page = browser.read(&format!("/api/deliveries?{query}"));
        let Value::Array(found) = page["deliveries"].take() else { panic!("{page}") };
        if found.len() == count {
            return found;
        }
        // What a handler saw, the log shows a moment later.
        std::thread::yield_now();
    }
}

/// A stream of server-sent events.
struct Events(Connection);

impl Events {
    fn open(server: &Server, browser: &Browser, path: &str) -> Result<Events, (u16, String)> {
        let mut connection = Connection::open(server.address()).unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\n\r\n",
            server.address(),
            browser.cookie()
        );
        connection.send(request.as_bytes()).unwrap();
        let (status, head) = connection.head().unwrap();
        if status != 200 {
            return Err((status, head));
        }
        assert!(head.contains("content-type: text/event-stream") && head.contains("cache-control: no-store"));
        Ok(Events(connection))
    }

    /// What the next chunk holds; `None` at the end.
    fn next(&mut self) -> Option<String> {
        let mut size = String::new();
        while !size.ends_with("\r\n") {
            let mut byte = [0];
            if self.0.read(&mut byte).unwrap_or(0) == 0 {
                return None;
            }
            size.push(char::from(byte[0]));
        }
        let size = usize::from_str_radix(size.trim(), 16).unwrap();
        let mut chunk = vec![0; size + 2];
        self.0.read_exact(&mut chunk).unwrap();
        (size > 0).then(|| String::from_utf8(chunk[..size].to_vec()).unwrap())
    }

    /// The next page that is as it should be.
    fn page(&mut self, right: impl Fn(&Value) -> bool) -> Value {
        loop {
            let text = self.next().expect("the stream goes on");
            let Some(data) = text.strip_prefix("event: deliveries\ndata: ") else { continue };
            let page = serde_json::from_str(data.trim_end()).unwrap();
            if right(&page) {
                return page;
            }
        }
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
        let summary = browser.read("/api/deliveries/summary");
        let hours = summary["hours"].as_array().unwrap();
        let delivered: i64 = hours.iter().map(|hour| hour["delivered"].as_i64().unwrap()).sum();
        assert_eq!((hours.len(), &summary["waiting"]), (24, &json!(0)));
        (deliveries.sum::<i64>(), named.unwrap()["calls"].as_i64().unwrap(), delivered)
    });
    assert_eq!(told, [(3, 3, 3), (2, 2, 2)]);
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
    while ending.next().is_some() {}
    let open = (0..11).map(|_| Events::open(&server, &browser, path).unwrap());
    let _open: Vec<Events> = open.collect();
    let (status, _) = Events::open(&server, &browser, path).err().unwrap();
    assert_eq!(status, 429, "a user may have twelve");
    server.stop();
    while events.next().is_some() {}
}
