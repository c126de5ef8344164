//! Slow calls in the log: which method and webhook, how long and by what, and no more.

use it::Portal;
use serde_json::json;

#[test]
fn a_slow_call_is_told_without_what_was_asked() {
    for (engine, portal) in Portal::on_each_engine() {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let portal = portal.with("--slow-call", "40").with("--call-log", "0").with_operator();
        let mut server = portal.with("--metrics-listen", &port.to_string()).start();
        let operator = server.operator();
        let hook = server.hook("crm,user");
        operator.done("POST", "/faults", Some(json!({"method": "crm.lead.add", "delay": 50})));
        hook.result(
            "crm.lead.add",
            json!({"fields": {"TITLE": "Nobody reads this"}, "x": "secret-parameter"}),
        );
        let figures =
            server.to_hook(&format!("http://{port}/rest/")).send("GET", "/metrics", &[], b"").text();
        let slow = figures.lines().find_map(|line| line.strip_prefix("portreeve_call_slow_total "));
        assert!(slow.is_some_and(|count| count.parse::<u32>().unwrap() >= 1), "{engine}: {figures}");
        let log = server.stop().log();
        let told: Vec<&str> = log.lines().filter(|line| line.contains("a slow call")).collect();
        let line = told.iter().find(|line| line.contains("crm.lead.add")).unwrap_or_else(|| panic!("{log}"));
        for part in ["WARN", "webhook=1", "ms=", "sql_ms=", "statements=", "rows=", "status=200"] {
            assert!(line.contains(part), "{engine}: {part} is not in {line}");
        }
        assert!(!line.contains("statements=0"), "{line}");
        for hidden in ["Nobody reads this", "secret-parameter", hook.secret()] {
            assert!(!log.contains(hidden), "{engine}: {hidden} is in the log");
        }
    }
}

#[test]
fn nobody_is_told_where_nobody_wants_to_know() {
    let mut server = Portal::new().with("--slow-call", "0").with_operator().start();
    server.operator().done("POST", "/faults", Some(json!({"delay": 50})));
    server.hook("crm").result("crm.lead.add", json!({"fields": {"TITLE": "x"}}));
    assert!(!server.stop().log().contains("a slow call"));
}
