//! Traces: what a collector gets of calls, batches, deliveries and tools, and what it never gets. A collector that is down or
//! does not answer costs neither answers nor the stop.

use it::sink::{Reply, Sink};
use it::{Portal, Server};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Attribute;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use prost::Message;
use serde_json::{Value, json};

/// The trace of a client that has its calls traced, and that of one that has not.
const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const KEPT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const NOT_KEPT: &str = "00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

fn collector() -> Sink {
    Sink::start(|_| Reply::status(200))
}

/// A portal whose traces go there.
fn traced(portal: Portal, collector: &Sink) -> Portal {
    portal.with("--traces", &format!("http://{}", collector.address())).with("--allow-handlers", "127.0.0.1")
}

/// All spans that a collector got, which is all there are once the server has stopped.
struct Spans(Vec<Span>);

impl Spans {
    fn of(collector: &Sink) -> Spans {
        let mut spans = Vec::new();
        for request in collector.received() {
            assert_eq!((&*request.method, &*request.path), ("POST", "/v1/traces"));
            assert_eq!(request.header("content-type"), "application/x-protobuf");
            let export = ExportTraceServiceRequest::decode(&*request.bytes).unwrap();
            for of_service in export.resource_spans {
                let resource = of_service.resource.unwrap().attributes;
                let name = resource.iter().find(|pair| pair.key == "service.name").unwrap().value.clone();
                assert_eq!(name.unwrap().value, Some(Attribute::StringValue("portreeve".to_owned())));
                spans.extend(of_service.scope_spans.into_iter().flat_map(|scope| scope.spans));
            }
        }
        Spans(spans)
    }

    /// The only one of that name that this holds of.
    #[track_caller]
    fn one(&self, name: &str, holds: impl Fn(&Span) -> bool) -> &Span {
        let mut found = self.0.iter().filter(|span| span.name == name && holds(span));
        let one = found.next().unwrap_or_else(|| panic!("no {name} in {:#?}", self.0));
        assert!(found.next().is_none(), "more than one {name}");
        one
    }

    /// The spans right below.
    fn below(&self, span: &Span) -> Vec<&Span> {
        self.0.iter().filter(|below| below.parent_span_id == span.span_id).collect()
    }
}

/// What stands in a span under this name.
fn said(span: &Span, key: &str) -> Value {
    let pair = span.attributes.iter().find(|pair| pair.key == key);
    match pair.and_then(|pair| pair.value.clone()?.value) {
        Some(Attribute::StringValue(text)) => text.into(),
        Some(Attribute::IntValue(number)) => number.into(),
        None => Value::Null,
        other => panic!("{key}: {other:?}"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_call_is_traced_down_to_the_database_and_on_to_the_handler() {
    for (engine, portal) in Portal::on_each_engine() {
        let (collector, handler) = (collector(), Sink::start(|_| Reply::status(202)));
        let server = traced(portal, &collector).start();
        let outbound = server.portal().outbound(&handler.url(), "ONCRMLEADADD", &[]);
        let hook = server.hook("crm,user");
        // From its first delivery on the courier knows the webhook, and takes what is raised for it at once.
        hook.result("crm.lead.add", json!({"fields": {"TITLE": "before"}}));
        handler.wait_for(1);
        let body = json!({"fields": {"TITLE": "x"}}).to_string();
        let headers = [("content-type", "application/json"), ("traceparent", KEPT)];
        hook.send("POST", "crm.lead.add.json", &headers, body.as_bytes()).result();
        let delivered = handler.wait_for(2);
        hook.batch(&[("all", "crm.lead.list"), ("none", "crm.lead.get?ID=99")]);
        hook.call("crm.lead.get", json!({"ID": 98}));
        server.stop();
        let spans = Spans::of(&collector);

        let call = spans.one("crm.lead.add", |span| hex(&span.trace_id) == TRACE);
        assert_eq!(call.kind(), SpanKind::Server, "{engine}");
        assert_eq!(
            (hex(&call.trace_id), hex(&call.parent_span_id)),
            (TRACE.into(), "b7ad6b7169203331".into())
        );
        for (key, value) in [
            ("http.request.method", json!("POST")),
            ("http.response.status_code", json!(200)),
            ("error.type", Value::Null),
            ("portreeve.method", json!("crm.lead.add")),
            ("portreeve.webhook", json!(1)),
            ("portreeve.user", json!(1)),
        ] {
            assert_eq!(said(call, key), value, "{engine}: {key}");
        }
        assert!(said(call, "portreeve.statements").as_i64() > Some(0), "{engine}");
        let write = spans.below(call).into_iter().find(|span| span.name == "database write").unwrap();
        let system = if engine == "sqlite" { "sqlite" } else { "postgresql" };
        assert_eq!(said(write, "db.system.name"), system);
        assert_eq!(said(write, "portreeve.statements"), said(call, "portreeve.statements"));
        for key in ["portreeve.queue_us", "portreeve.run_us", "portreeve.sql_us"] {
            assert!(said(write, key).as_i64() >= Some(0), "{engine}: {key}");
        }

        let delivery = spans.one("delivery", |span| hex(&span.trace_id) == TRACE);
        assert_eq!(delivery.kind(), SpanKind::Client);
        assert_eq!(delivery.parent_span_id, call.span_id, "{engine}");
        assert_eq!(said(delivery, "portreeve.outbound"), outbound);
        assert_eq!(said(delivery, "portreeve.event"), "ONCRMLEADADD");
        assert_eq!(said(delivery, "portreeve.attempt"), 1);
        assert_eq!(said(delivery, "http.response.status_code"), 202);
        let sent = format!("00-{TRACE}-{}-01", hex(&delivery.span_id));
        assert_eq!(delivered[1].header("traceparent"), sent);

        let batch = spans.one("batch", |_| true);
        assert!(batch.parent_span_id.is_empty(), "it begins its own trace");
        let read = spans.below(batch).into_iter().find(|span| span.name == "database read").unwrap();
        let commands: Vec<_> = spans
            .below(read)
            .into_iter()
            .map(|span| (span.name.as_str(), said(span, "error.type")))
            .collect();
        let failed = commands[1].1.as_str().unwrap();
        assert_eq!((commands.len(), failed), (2, "400"), "legacy refusals have no code");
        assert_eq!(
            (commands[0].0, &commands[0].1, commands[1].0),
            ("crm.lead.list", &Value::Null, "crm.lead.get")
        );
        let refused = spans.one("crm.lead.get", |span| span.kind() == SpanKind::Server);
        assert_eq!(said(refused, "http.response.status_code"), 400);
        assert_eq!(said(refused, "error.type"), failed, "the code of the same refusal");
    }
}

#[test]
fn no_secret_and_nothing_that_was_asked_is_in_a_span() {
    let (collector, handler) = (collector(), Sink::start(|_| Reply::status(500)));
    let server = traced(Portal::new().with("--log", "debug"), &collector).start();
    let url = format!("{}/private-path?key=private-query", handler.url());
    server.portal().outbound(&url, "ONCRMLEADADD", &[]);
    let hook = server.hook("crm,user,disk");
    let secret = hook.secret();
    hook.result("crm.lead.add", json!({"fields": {"TITLE": "private-title"}, "auth": secret}));
    hook.get("crm.lead.list?filter[TITLE]=private-filter");
    hook.batch(&[
        ("private-key", "crm.lead.list?filter[TITLE]=private-command"),
        ("b", "private.command?x=1"),
    ]);
    hook.get("private.method?x=1");
    let misplaced = server.to_hook(&format!("{}/rest/", server.base()));
    misplaced.get(&format!("{secret}/profile"));
    misplaced.get(&format!("1/{secret}/{secret}"));
    misplaced.send("GET", "download/?token=private-token", &[("tracestate", "private=state")], b"");
    misplaced.replaced("/rest/", "/private-page/").get("private-console?private=1");
    let tool = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "read_method",
        "arguments": {"method": "crm.lead.list", "params": {"filter": {"TITLE": "private-argument"}}}}});
    let mcp = server.to_hook(&hook.url().replace("/rest/", "/mcp/"));
    let answer = mcp.send("POST", "", &[("content-type", "application/json")], tool.to_string().as_bytes());
    assert!(answer.text().contains("result"), "{}", answer.text());
    let sent = handler.wait_for(1);
    let tokens = [sent[0].field("auth[application_token]").unwrap(), secret.to_owned()];
    let log = server.stop().log();
    let spans = Spans::of(&collector);
    let tool = spans.one("crm.lead.list", |span| {
        said(span, "portreeve.webhook") == 1 && span.kind() == SpanKind::Internal
    });
    assert_eq!(spans.one("mcp", |_| true).span_id, tool.parent_span_id);
    let delivery = spans.one("delivery", |_| true);
    assert_eq!(said(delivery, "error.type"), "status_5xx");
    for name in ["download", "console", "unknown method"] {
        assert!(spans.0.iter().any(|span| span.name == name), "{name}");
    }
    for request in collector.received() {
        let found = |text: &str| memchr::memmem::find(&request.bytes, text.as_bytes()).is_some();
        assert!(!found("private"), "{:#?}", spans.0);
        assert!(!tokens.iter().any(|token| found(token)), "{:#?}", spans.0);
    }
    assert!(!log.contains("request{"), "spans do not stand in the log: {log}");
}

/// Adds a lead, and gives what its handler got as `traceparent`.
fn add(server: &Server, handler: &Sink, trace: Option<&str>) -> String {
    let (hook, before) = (server.hook("crm"), handler.count());
    let headers: Vec<_> = trace.map(|trace| ("traceparent", trace)).into_iter().collect();
    hook.send("GET", "crm.lead.add?fields[TITLE]=x", &headers, b"").result();
    handler.wait_for(before + 1)[before].header("traceparent").to_owned()
}

#[test]
fn a_share_of_the_traces_is_kept_and_those_that_clients_keep() {
    let (collector, handler) = (collector(), Sink::start(|_| Reply::status(200)));
    let server = traced(Portal::new().with("--trace-ratio", "0"), &collector).start();
    server.portal().outbound(&handler.url(), "ONCRMLEADADD", &[]);
    assert!(add(&server, &handler, None).ends_with("-00"));
    assert!(add(&server, &handler, Some(NOT_KEPT)).starts_with("00-1af76519"));
    let sent = add(&server, &handler, Some(KEPT));
    assert!(sent.starts_with(&format!("00-{TRACE}-")) && sent.ends_with("-01"), "{sent}");
    server.stop();
    let spans = Spans::of(&collector);
    assert_eq!(spans.one("crm.lead.add", |_| true).trace_id, spans.one("delivery", |_| true).trace_id);
    assert!(spans.0.iter().all(|span| hex(&span.trace_id) == TRACE), "{:#?}", spans.0);
}

#[test]
fn without_a_collector_nothing_is_traced() {
    let handler = Sink::start(|_| Reply::status(200));
    let server = Portal::new().with("--allow-handlers", "127.0.0.1").start();
    server.portal().outbound(&handler.url(), "ONCRMLEADADD", &[]);
    assert_eq!(add(&server, &handler, Some(KEPT)), "");
}

/// The environment of OpenTelemetry says where the collector is, and what it wants to see.
#[test]
fn the_environment_of_opentelemetry_is_obeyed() {
    let collector = collector();
    let portal = Portal::new()
        .with_variable("OTEL_EXPORTER_OTLP_ENDPOINT", &format!("http://{}", collector.address()))
        .with_variable("OTEL_EXPORTER_OTLP_HEADERS", "x-key=let-me-in")
        .with_variable("OTEL_SERVICE_NAME", "crm-test");
    let server = portal.start();
    server.hook("crm").result("profile", json!({}));
    server.stop();
    let requests = collector.received();
    assert!(
        requests.iter().all(|request| request.path == "/v1/traces" && request.header("x-key") == "let-me-in")
    );
    let named = |bytes: &[u8]| memchr::memmem::find(bytes, b"crm-test").is_some();
    assert!(requests.iter().any(|request| named(&request.bytes)));
}

#[test]
fn a_collector_that_is_down_or_silent_costs_a_line_in_the_log() {
    let gone = collector().address();
    let silent = Sink::start(|_| Reply::Hang);
    for (address, silent) in [(gone, None), (silent.address(), Some(silent))] {
        let server = Portal::new().with("--traces", &format!("http://{address}")).start();
        let hook = server.hook("crm");
        for _ in 0..100 {
            hook.result("profile", json!({}));
        }
        if let Some(silent) = &silent {
            silent.wait_for(1);
        } else {
            // The first are lost by now.
            let lost = || server.portal().log().contains("spans are lost");
            while !lost() {
                std::thread::yield_now();
            }
        }
        hook.result("profile", json!({}));
        let log = server.stop().log();
        let told = log.lines().filter(|line| line.contains("spans are lost")).count();
        // What is silent is given up after ten seconds, for which a stop does not wait.
        assert_eq!(told, usize::from(silent.is_none()), "{log}");
        assert!(silent.is_none() || log.contains("the last traces could not be sent"), "{log}");
    }
}
