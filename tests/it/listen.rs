//! `portreeve listen`: events on a developer's screen, and at a handler on the developer's machine.

use it::Portal;
use it::sink::{Reply, Sink};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStderr, ChildStdout, ExitStatus, Stdio};

/// A `portreeve listen` that runs; killed when dropped.
struct Listener {
    process: Child,
    screen: Option<Lines<BufReader<ChildStdout>>>,
    asides: Lines<BufReader<ChildStderr>>,
    token: String,
}

impl Listener {
    /// Starts it, and returns once it listens.
    fn start(portal: &Portal, arguments: &[&str]) -> Listener {
        let mut command = portal.command(&["listen", "--events", "oncrmleadadd,ONCRMLEADUPDATE"]);
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let screen = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut asides = BufReader::new(process.stderr.take().unwrap()).lines();
        let introduction: Vec<String> =
            asides.by_ref().map(Result::unwrap).take_while(|line| line != "Ctrl-C ends it.").collect();
        let token = introduction.iter().find_map(|line| line.strip_prefix("application_token  "));
        let token = token.unwrap_or_else(|| panic!("{introduction:?}")).to_owned();
        assert!(introduction.iter().any(|line| line.starts_with("signing_secret     whsec_")));
        Listener { process, screen: Some(screen), asides, token }
    }

    /// The next line on the screen.
    fn line(&mut self) -> String {
        self.screen.as_mut().unwrap().next().expect("it still runs").unwrap()
    }

    fn json(&mut self) -> Value {
        serde_json::from_str(&self.line()).unwrap()
    }

    /// Ctrl-C. What it said at the end, and how it ended.
    fn interrupt(mut self) -> (String, ExitStatus) {
        kill_process(Pid::from_child(&self.process), Signal::INT).unwrap();
        self.end()
    }

    fn end(&mut self) -> (String, ExitStatus) {
        let said = self.asides.by_ref().map_while(Result::ok).collect::<Vec<_>>().join("\n");
        (said, self.process.wait().unwrap())
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn events_are_shown_and_passed_on() {
    for (_, portal) in Portal::on_each_engine() {
        let sink = Sink::start(|_| Reply::status(200));
        let server = portal.start();
        let mut listener = Listener::start(server.portal(), &["--forward", &sink.url()]);
        let hook = server.hook("crm");
        let id = hook.result("crm.lead.add", json!({"fields": {"TITLE": "Quay"}}));

        let (event, answer) = (listener.line(), listener.line());
        let shown = format!("ONCRMLEADADD  lead:{id}  FIELDS[ID]={id}");
        assert!(event.contains(&shown) && !event.contains('\u{1b}'), "{event}");
        assert!(answer.contains("  200  after ") && answer.ends_with(" ms"), "{answer}");
        let got = &sink.wait_for(1)[0];
        assert_eq!(got.field("auth[application_token]"), Some(listener.token.clone()));
        assert_eq!(got.field("data[FIELDS][ID]"), Some(id.to_string()));
        assert_eq!(got.header("user-agent"), "Bitrix24 Webhook Engine");
        assert_eq!(got.header("content-type"), "application/x-www-form-urlencoded");
        assert!(
            got.header("webhook-signature").starts_with("v1,")
                && got.header("webhook-id").starts_with("msg_")
        );
        let domain = server.base().split_once("://").unwrap().1;
        assert_eq!(got.field("auth[domain]").as_deref(), Some(domain));

        hook.result("crm.lead.update", json!({"id": id, "fields": {"TITLE": "Pier"}}));
        assert!(listener.line().contains("ONCRMLEADUPDATE"));
        listener.line();
        assert!(server.portal().ask(&["outbound", "list"]).contains("portreeve listen\t-\t"));
        let (said, status) = listener.interrupt();
        assert!(status.success() && said == "Heard 2 events.", "{status}: {said}");
        assert_eq!(server.portal().ask(&["outbound", "list", "--json"]), "", "it leaves nothing behind");
        assert_eq!(server.portal().ask(&["deliveries", "list", "--json"]), "");
        hook.result("crm.lead.add", json!({"fields": {"TITLE": "Unheard"}}));
        server.stop();
        assert_eq!(sink.count(), 2);
    }
}

#[test]
fn what_a_handler_did_wrong_is_shown_and_not_tried_again() {
    let sink = Sink::start(|received| match received.field("data[FIELDS][ID]").as_deref() {
        Some("1") => Reply::status(500).body("line 7 is wrong"),
        Some("2") => Reply::Cut,
        // A handler that disables itself would end what the developer looks at.
        Some("3") => Reply::status(410),
        _ => Reply::status(204),
    });
    let server = Portal::new().start();
    let mut listener = Listener::start(server.portal(), &["--forward", &sink.url(), "--json"]);
    let hook = server.hook("crm");
    let answers: Vec<Value> = (1..=4)
        .map(|number| {
            hook.result("crm.lead.add", json!({"fields": {"TITLE": "Quay"}}));
            let (event, answer) = (listener.json(), listener.json());
            assert_eq!(
                json!([event["kind"], event["event"], event["object"], event["data"]["FIELDS"]["ID"]]),
                json!(["event", "ONCRMLEADADD", format!("lead:{number}"), number.to_string()])
            );
            assert_eq!((&answer["kind"], &answer["delivery"]), (&json!("answer"), &event["delivery"]));
            assert!(answer["took_ms"].is_number(), "{answer}");
            json!([answer["status"], answer["error"], answer["answer"]])
        })
        .collect();
    // The second answer breaks off behind its head, which says all that counts.
    assert_eq!(
        json!(answers),
        json!([[500, null, "line 7 is wrong"], [200, null, "ten bytes."], [410, null, ""], [204, null, ""]])
    );
    let (said, _) = listener.interrupt();
    assert_eq!((said.as_str(), sink.count()), ("Heard 4 events.", 4));
}

/// Beside a webhook for the same event, and before the server even runs.
#[test]
fn it_only_looks_when_there_is_nowhere_to_pass_on_to() {
    let sink = Sink::start(|_| Reply::status(200));
    let server = Portal::new().with("--allow-handlers", "127.0.0.1").start();
    server.portal().outbound(&sink.url(), "ONCRMLEADADD", &[]);
    let portal = server.stop();
    let mut listener = Listener::start(&portal, &["--json"]);
    let server = portal.start();
    for _ in 0..40 {
        server.hook("crm").result("crm.lead.add", json!({"fields": {"TITLE": "Quay"}}));
    }
    let objects: Vec<Value> = (0..40).map(|_| listener.json()["object"].take()).collect();
    let expected: Vec<String> = (1..=40).map(|number| format!("lead:{number}")).collect();
    assert_eq!(json!(objects), json!(expected), "each once, in their order");
    sink.wait_for(40);
    assert_eq!(listener.interrupt().0, "Heard 40 events.");
    server.stop();
    assert_eq!(sink.count(), 40);
}

/// As in `portreeve listen .. | head`.
#[test]
fn it_ends_when_nobody_reads_any_more() {
    let server = Portal::new().start();
    let mut listener = Listener::start(server.portal(), &[]);
    drop(listener.screen.take());
    server.hook("crm").result("crm.lead.add", json!({"fields": {"TITLE": "Quay"}}));
    let (said, status) = listener.end();
    assert!(status.success() && said == "Heard 1 event.", "{status}: {said}");
    assert_eq!(server.portal().ask(&["outbound", "list", "--json"]), "");
}

#[test]
fn mistakes_are_told_at_the_start() {
    let portal = Portal::new();
    let said = |portal: &Portal, arguments: &[&str]| {
        let output = portal.run(&[&["listen"], arguments].concat());
        assert!(!output.status.success() && output.stdout.is_empty());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(said(&portal, &["--events", "ONCRMLEADADD"]).contains("there is no portal"));
    let server = portal.start();
    for (arguments, word) in [
        (&["--events", "ONNONSENSE"][..], "ONNONSENSE"),
        (&["--events", "ONCRMLEADADD", "--owner", "7"], "there is no user 7"),
        (&["--events", "ONCRMLEADADD", "--forward", "localhost:3000"], "--forward"),
        (&["--events", "ONCRMLEADADD", "--licence", "demo"], "demo mode"),
    ] {
        let said = said(server.portal(), arguments);
        assert!(said.contains(word), "{said}");
    }
    assert_eq!(server.portal().ask(&["outbound", "list", "--json"]), "");
}
