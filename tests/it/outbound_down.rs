//! A handler that is down for days, under a clock that is moved: who is told and when, and what is seen of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering::SeqCst};

use it::sink::{Received, Reply, Sink};
use it::{Browser, Hook, Portal, Server};
use serde_json::{Value, json};
use standardwebhooks::Webhook;

const SIGNED: [&str; 3] = ["webhook-id", "webhook-timestamp", "webhook-signature"];

/// A portal whose one outbound webhook has a handler that fails, and everything that looks on.
struct Scene {
    server: Server,
    crm: Hook,
    figures: Hook,
    boss: Browser,
    handler: Sink,
    status: Arc<AtomicU16>,
    pager: Sink,
    pager_url: String,
}

impl Scene {
    fn new(portal: Portal) -> Scene {
        let status = Arc::new(AtomicU16::new(500));
        let answers = Arc::clone(&status);
        let handler = Sink::start(move |_| Reply::status(answers.load(SeqCst)));
        let pager = Sink::start(|_| Reply::status(200));
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let pager_url = format!("{}/s3cret", pager.url());
        let server = portal
            .with("--allow-handlers", "127.0.0.1")
            .with("--disable-after", "2")
            .with("--alert-url", &pager_url)
            .with("--metrics-listen", &port)
            .start();
        // Whenever the clock is moved, it is tried again.
        let often = ["1m"; 20].join(",");
        let id = server.portal().outbound(&handler.url(), "ONCRMLEADADD", &["--retries", &often]);
        assert_eq!(id, 1);
        let figures = server.to_hook(&format!("http://{port}/rest/"));
        let boss = Browser::of_the_administrator(&server);
        let crm = server.hook("crm");
        Scene { server, crm, figures, boss, handler, status, pager, pager_url }
    }

    fn raise(&self, title: &str) {
        self.crm.result("crm.lead.add", json!({"fields": {"TITLE": title}}));
    }

    /// Moves the clock, and waits until the handler was tried after that.
    fn pass(&self, time: &str) {
        let before = self.handler.count();
        self.server.portal().ask(&["clock", "move", time]);
        self.handler.wait_for(before + 1);
    }

    /// The first alert after `from` others that is of this type, and how many alerts that makes.
    fn alert(&self, kind: &str, from: usize) -> (Arc<Received>, Value) {
        let of = |one: &Received| serde_json::from_str::<Value>(&one.body).unwrap();
        let is_it = |one: &Arc<Received>| of(one)["type"] == kind;
        let all = self.pager.wait_until(|received| received.iter().skip(from).any(is_it));
        let found = all.iter().skip(from).find(|one| is_it(one)).unwrap();
        (Arc::clone(found), of(found))
    }

    /// The figures of the webhook under this name, once it is at least that.
    fn figure(&self, name: &str, least: f64) {
        let series = format!("portreeve_webhook_{name}{{webhook=\"1\"}} ");
        loop {
            let text = self.figures.send("GET", "/metrics", &[], b"").text();
            let value = text.lines().find_map(|line| line.strip_prefix(&series)?.parse::<f64>().ok());
            if value.is_some_and(|value| value >= least) {
                return;
            }
            std::thread::yield_now();
        }
    }

    /// What the console says of the webhook under "handlers that fail", once it is as wanted.
    fn trouble(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let mut found = self.boss.read("/api/alerts");
            let found = found["troubles"].get_mut(0).map(Value::take).unwrap_or_default();
            if wanted(&found) {
                return found;
            }
            std::thread::yield_now();
        }
    }

    /// The state that the list on the command line shows.
    fn state(&self) -> String {
        let said = self.server.portal().ask(&["outbound", "list"]);
        let row = said.lines().nth(1).unwrap_or_else(|| panic!("no row in {said}"));
        row.split('\t').nth(5).unwrap().to_owned()
    }
}

/// Whether the library of Standard Webhooks, which compares the time with the machine's, takes it.
fn is_signed(received: &Received, secret: &str) -> bool {
    let headers = SIGNED.map(|name| (name, received.header(name)));
    let headers =
        headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
    Webhook::new(secret).unwrap().verify(received.body.as_bytes(), &headers).is_ok()
}

#[test]
fn somebody_is_told_in_time_and_one_look_shows_what_is_wrong() {
    for (engine, portal) in Portal::on_each_engine() {
        let mut scene = Scene::new(portal);
        scene.raise("first");
        while scene.state() != "failing" {
            std::thread::yield_now();
        }
        assert_eq!(scene.pager.count(), 0, "on {engine}");

        // Ten minutes, an hour, a day, and before the end.
        scene.pass("10m");
        let (posted, begun) = scene.alert("webhook.failing", 0);
        let since = begun["data"]["failing_since"].clone();
        assert!(since.is_string(), "{begun}");
        let secret = scene.server.portal().ask(&["alerts", "--alert-url", &scene.pager_url, "secret"]);
        assert!(is_signed(&posted, &secret));
        scene.raise("second");
        scene.pass("50m");
        let (_, hour) = scene.alert("webhook.still_failing", 1);
        scene.pass("23h");
        let (_, day) = scene.alert("webhook.still_failing", 2);
        scene.figure("failing_seconds", 86_400.0);
        scene.figure("waiting", 2.0);
        scene.pass("16h");
        let (_, soon) = scene.alert("webhook.switch_off_near", 3);
        assert!(soon["data"]["switch_off_at"].as_str().unwrap() > soon["timestamp"].as_str().unwrap());
        assert_eq!(scene.pager.count(), 4, "and nothing else");
        let mut tries = 0;
        for alert in [&hour, &day, &soon] {
            let data = &alert["data"];
            assert_eq!((&data["failing_since"], &data["name"]), (&since, &json!("test")), "{alert}");
            assert_eq!((&data["problems"][0]["reason"], &data["waiting"]), (&json!("HTTP 500"), &json!(2)));
            let times = data["problems"][0]["count"].as_u64().unwrap();
            assert!(times >= tries.max(2), "equal failures are one problem with a count: {alert}");
            tries = times;
        }
        // One look: which, since when, why, and how much waits.
        assert_eq!(scene.state(), "failing");
        let trouble = scene.trouble(|one| one["times"].as_u64() >= Some(tries));
        assert_eq!(
            json!([
                trouble["title"],
                trouble["since"],
                trouble["reason"],
                trouble["waiting"],
                trouble["off"]
            ]),
            json!(["test", since, "HTTP 500", 2, false])
        );

        // The end, after two days; what comes then is kept.
        scene.pass("8h");
        let (_, off) = scene.alert("webhook.switched_off", 4);
        assert!(off["data"]["switched_off_because"].is_string(), "{off}");
        assert!(scene.state().starts_with("disabled: "), "{}", scene.state());
        scene.figure("disabled", 1.0);
        scene.raise("third");
        let trouble = scene.trouble(|one| one["waiting"] == 3);
        assert_eq!(json!([trouble["off"], trouble["since"]]), json!([true, since]));
        assert!(trouble["because"].is_string(), "{trouble}");
        let log = scene.server.portal().log();
        for said in ["handler fails", "will soon be switched off", "was switched off"] {
            assert!(log.contains(said), "{said}: {log}");
        }
        assert!(!log.contains("s3cret"), "{log}");

        // Well again: all of it arrives, and whoever was told of the failure is told of its end.
        scene.status.store(200, SeqCst);
        let (told, sent) = (scene.pager.count(), scene.handler.count());
        scene.server.portal().ask(&["outbound", "resume", "1", "--held", "send"]);
        scene.server.portal().ask(&["clock", "move", "2m"]);
        scene.handler.wait_for(sent + 3);
        scene.alert("webhook.recovered", told);
        scene.trouble(Value::is_null);
        scene.server.portal().settled("delivered", 3);
        assert_eq!(scene.state(), "active");
        let said = scene.server.portal().ask(&["outbound", "reveal", "1", "--json"]);
        let secrets: Value = serde_json::from_str(&said).unwrap();
        let last = scene.handler.received().pop().unwrap();
        assert!(is_signed(&last, secrets["signing_secret"].as_str().unwrap()), "by the machine's clock");
        scene.server.stop();
    }
}
