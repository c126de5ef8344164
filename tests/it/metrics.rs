//! Figures for Prometheus: what they say of handlers that fail, and that the rules and the dashboard in the documentation
//! name nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use it::sink::{Reply, Sink};
use it::{Hook, Portal, Server};
use serde_json::{Value, json};

const RULES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/monitoring/alerts.yml");
const DASHBOARD: &str = include_str!("../../docs/monitoring/grafana.json");

/// A server with figures, and where they are.
fn start(portal: Portal) -> (Server, Hook) {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let portal = portal.with("--metrics-listen", &port.to_string()).with("--allow-handlers", "127.0.0.1");
    let server = portal.start();
    let figures = server.to_hook(&format!("http://{port}/rest/"));
    (server, figures)
}

fn figures(hook: &Hook) -> String {
    hook.send("GET", "/metrics", &[], b"").text()
}

/// The figures once they have this line; they are counted a moment after a handler saw its request.
fn with(hook: &Hook, line: &str) -> String {
    loop {
        let text = figures(hook);
        if text.lines().any(|found| found == line) {
            return text;
        }
        std::thread::yield_now();
    }
}

fn value(text: &str, series: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{series} is missing in:\n{text}")).parse().unwrap()
}

#[test]
fn a_handler_that_fails_is_seen_in_the_figures_of_its_webhook() {
    for (engine, portal) in Portal::on_each_engine() {
        let (bad, good) = (Sink::start(|_| Reply::status(500)), Sink::start(|_| Reply::status(200)));
        let (server, hook) = start(portal);
        let failing = server.portal().outbound(&bad.url(), "ONCRMLEADADD", &["--retries", "1h"]);
        let well = server.portal().outbound(&good.url(), "ONCRMLEADADD", &[]);
        server.hook("crm").result("crm.lead.add", json!({"fields": {"TITLE": "x"}}));
        good.wait_for(1);
        let done = format!("portreeve_webhook_attempts_total{{webhook=\"{well}\",outcome=\"delivered\"}} 1");
        with(&hook, &done);
        with(&hook, &format!("portreeve_webhook_waiting{{webhook=\"{well}\"}} 0"));
        let failed =
            format!("portreeve_webhook_attempts_total{{webhook=\"{failing}\",outcome=\"status_5xx\"}} 1");
        with(&hook, &failed);
        // A try is counted before its outcome is written; from then on the delivery waits.
        let text = with(&hook, "portreeve_delivery_waiting{lane=\"retry\"} 1");
        let of = |name: &str, id: i64| value(&text, &format!("portreeve_webhook_{name}{{webhook=\"{id}\"}}"));
        assert_eq!(
            (of("waiting", failing) - 1.0, of("given_up_total", failing), of("disabled", failing)),
            (0.0, 0.0, 0.0),
            "{engine}"
        );
        assert_eq!(of("failing_seconds", well), 0.0);
        // What waits for its retry is not due, and has waited all the same.
        let waits =
            |lane: &str| value(&text, &format!("portreeve_delivery_oldest_due_seconds{{lane=\"{lane}\"}}"));
        assert!(waits("first") + waits("retry") > 0.0, "{text}");

        // A handler that is gone: what waits still counts.
        let gone = Sink::start(|_| Reply::status(410));
        server.portal().ask(&["outbound", "update", &failing.to_string(), "--handler", &gone.url()]);
        server.hook("crm").result("crm.lead.add", json!({"fields": {"TITLE": "y"}}));
        let text = with(&hook, &format!("portreeve_webhook_disabled{{webhook=\"{failing}\"}} 1"));
        let series = format!("portreeve_webhook_given_up_total{{webhook=\"{failing}\"}}");
        assert!(value(&text, &series) >= 1.0, "{text}");
        server.portal().ask(&["outbound", "delete", &failing.to_string()]);
        let text = figures(&hook);
        assert!(!text.contains(&format!("webhook=\"{failing}\"")), "nothing of a deleted webhook: {text}");
    }
}

/// The names of metrics and their types.
fn declared(text: &str) -> BTreeMap<&str, &str> {
    let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '));
    types.collect()
}

/// The names of our metrics in an expression.
fn named(expression: &str) -> impl Iterator<Item = &str> {
    let words = expression.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words.filter(|word| word.starts_with("portreeve_") || word.starts_with("process_"))
}

#[test]
fn rules_and_dashboard_name_what_there_is() {
    let sink = Sink::start(|_| Reply::status(200));
    let (server, hook) = start(Portal::new());
    let id = server.portal().outbound(&sink.url(), "ONCRMLEADADD", &[]);
    server.hook("crm").result("crm.lead.add", json!({"fields": {"TITLE": "x"}}));
    let done = format!("portreeve_webhook_attempts_total{{webhook=\"{id}\",outcome=\"delivered\"}} 1");
    let text = with(&hook, &done);
    let types = declared(&text);
    for counter in ["commits", "writes", "retries", "long_reads", "refused", "connects"] {
        assert_eq!(types.get(&*format!("portreeve_store_{counter}")), Some(&"counter"));
    }
    assert!(text.ends_with("# EOF\n"), "{text}");
    assert!(value(&text, "process_resident_memory_bytes") > 1e6);
    assert!(value(&text, "process_open_fds") > 3.0);
    assert!(value(&text, "process_start_time_seconds") > 1.7e9);
    assert!(
        text.contains(concat!("portreeve_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1")),
        "{text}"
    );
    let series: BTreeSet<&str> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(['{', ' ']).next())
        .collect();

    let rules = std::fs::read_to_string(RULES).unwrap();
    let expressions: Vec<&str> =
        rules.lines().filter_map(|line| line.trim().strip_prefix("expr: ")).collect();
    assert_eq!(expressions.len(), rules.matches("- alert: ").count(), "one line each");
    let dashboard: Value = serde_json::from_str(DASHBOARD).unwrap();
    let targets =
        dashboard["panels"].as_array().unwrap().iter().flat_map(|panel| panel["targets"].as_array().unwrap());
    let shown: Vec<&str> = targets.map(|target| target["expr"].as_str().unwrap()).collect();
    let used: BTreeSet<&str> = expressions.into_iter().chain(shown.iter().copied()).flat_map(named).collect();
    let unknown: Vec<_> = used.difference(&series).collect();
    assert!(unknown.is_empty(), "{unknown:?} is not there:\n{text}");
    // And the dashboard shows all that there is.
    let shown: BTreeSet<&str> = shown.into_iter().flat_map(named).collect();
    let bare = |name: &&str| !["_sum", "_count", "_created"].iter().any(|end| name.ends_with(end));
    let hidden: Vec<_> = series.difference(&shown).filter(|name| bare(name)).collect();
    assert!(hidden.is_empty(), "{hidden:?} is not on the dashboard");
}

#[test]
fn promtool_takes_the_rules() {
    match Command::new("promtool").args(["check", "rules", RULES]).output() {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{said}");
        }
        Err(_) => println!("skipped: there is no promtool (Debian: prometheus)"),
    }
}
