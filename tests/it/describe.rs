//! What the portal says of itself: OpenAPI, held against a validator and against what it answers, and the tools of models.

use std::collections::BTreeSet;
use std::path::Path;

use it::{Browser, Hook, Portal, Script, Server, clients};
use serde_json::{Value, json};

/// The document that the command prints.
fn document(portal: &Portal, flags: &[&str]) -> Value {
    serde_json::from_str(&portal.ask(&[&["describe", "--openapi"], flags].concat())).unwrap()
}

/// Every scope that a described method needs.
fn scopes(document: &Value) -> String {
    let paths = document["paths"].as_object().unwrap().values();
    let scopes: BTreeSet<&str> = paths.filter_map(|path| path["post"]["x-scope"].as_str()).collect();
    scopes.into_iter().collect::<Vec<_>>().join(",")
}

#[test]
fn a_document_has_the_methods_that_were_asked_for() {
    let portal = Portal::new();
    let paths = |flags: &[&str]| -> BTreeSet<String> {
        document(&portal, flags)["paths"].as_object().unwrap().keys().cloned().collect()
    };
    let (all, newer, tasks) = (paths(&[]), paths(&["--version", "3"]), paths(&["--module", "tasks"]));
    assert!(newer.is_subset(&all) && newer.iter().all(|path| path.starts_with("/rest/api/{user}/{secret}/")));
    assert!(tasks.is_subset(&all) && tasks.contains("/rest/{user}/{secret}/tasks.task.get"));
    assert!(tasks.contains("/rest/api/{user}/{secret}/tasks.task.get"), "REST 3.0 is a part of its module");
    assert!(!tasks.contains("/rest/{user}/{secret}/crm.lead.get"));
    let both = paths(&["--module", "tasks", "--version", "2"]);
    assert!(both.is_subset(&tasks) && both.len() < tasks.len());
    let said = portal.run(&["describe", "--openapi", "--module", "crn"]);
    let complained = String::from_utf8_lossy(&said.stderr);
    assert!(!said.status.success() && complained.contains("no module crn") && complained.contains("crm"));
}

#[test]
fn the_console_hands_out_what_a_webhook_may_call() {
    let server = Portal::new().start();
    let mut browser = Browser::of_the_administrator(&server);
    let make = |browser: &mut Browser, inbound: Value| {
        let input = json!({"scenario": "in-hook", "title": "stock", "inbound": inbound});
        browser.done("POST", "/api/integrations", &input)["id"].as_i64().unwrap()
    };
    let id = make(&mut browser, json!({"scopes": ["department"]}));
    let reads = make(&mut browser, json!({"scopes": ["department"], "read_only": true}));
    let secret =
        browser.done("POST", &format!("/api/integrations/{id}/secrets"), &Value::Null)["url"].clone();
    let secret = secret.as_str().unwrap().trim_end_matches('/').rsplit('/').next().unwrap().to_owned();

    let answer = browser.get(&format!("/api/openapi?integration={id}"));
    assert_eq!(answer.header("content-disposition"), format!("attachment; filename=\"openapi-{id}.json\""));
    assert!(!answer.text().contains(&secret));
    let document = answer.json();
    assert_eq!(
        (document["info"]["title"].as_str(), document["servers"][0]["url"].as_str()),
        (Some("stock"), Some(server.base()))
    );
    assert_eq!(document["components"]["parameters"]["user"]["schema"]["default"], 1);
    let has = |document: &Value, method: &str| {
        document["paths"].get(format!("/rest/{{user}}/{{secret}}/{method}")).is_some()
    };
    assert!(has(&document, "department.add") && has(&document, "batch") && !has(&document, "crm.lead.list"));
    let reading = browser.read(&format!("/api/openapi?integration={reads}"));
    assert!(has(&reading, "department.get") && !has(&reading, "department.add"));

    let modules = browser.read("/api/openapi/modules");
    assert!(modules["modules"].as_array().unwrap().contains(&json!("booking")));
    assert!(has(&browser.read("/api/openapi?module=crm"), "crm.lead.list"));
    assert_eq!(browser.get("/api/openapi?module=none").status, 404);
    let mut colleague = Browser::of_a_colleague(&server);
    assert_eq!(colleague.get(&format!("/api/openapi?integration={id}")).status, 403, "it is somebody else's");
    for path in ["/api/openapi".to_owned(), format!("/api/openapi?integration={id}")] {
        assert_eq!(Browser::visiting(&server).get(&path).status, 401);
    }
}

/// A script of Python that is given the whole document, and a webhook for all of it.
fn script(clients: &Path, server: &Server, name: &str) -> Script {
    let document = document(server.portal(), &["--server", server.base()]);
    let hook = server.hook(&scopes(&document));
    script_as(clients, server, name, &document, hook.url())
}

fn script_as(clients: &Path, server: &Server, name: &str, document: &Value, hook: &str) -> Script {
    let file = server.portal().data().join("openapi.json");
    std::fs::write(&file, document.to_string()).unwrap();
    Script::new(clients.join("py/bin/python"), name).env("DOCUMENT", &file).env("HOOK", hook)
}

/// What stands in all that the administrator keeps to herself.
const HERS: &str = "Zqhersq";

/// Makes something of hers of each kind that can be somebody's own.
fn keep_something(hook: &Hook) {
    let fields = |fields: Value| json!({"fields": fields});
    let made = [
        ("tasks.task.add", fields(json!({"TITLE": HERS, "DESCRIPTION": HERS, "RESPONSIBLE_ID": 1}))),
        (
            "calendar.event.add",
            json!({
                "type": "user", "ownerId": 1, "name": HERS, "description": HERS, "from": "2026-07-01", "to": "2026-07-01",
                "skip_time": "Y", "section": 1, "accessibility": "absent", "private_event": "Y",
            }),
        ),
        ("im.chat.add", json!({"TITLE": HERS, "DESCRIPTION": HERS, "MESSAGE": HERS})),
        ("im.notify.personal.add", json!({"USER_ID": 1, "MESSAGE": HERS})),
        ("log.blogpost.add", json!({"POST_TITLE": HERS, "POST_MESSAGE": HERS, "DEST": ["U1"]})),
        ("sonet_group.create", json!({"NAME": HERS, "DESCRIPTION": HERS, "VISIBLE": "N", "OPENED": "N"})),
    ];
    for (method, params) in made {
        hook.result(method, params);
    }
}

#[test]
fn a_document_is_valid_and_holds_what_is_answered() {
    let Some(clients) = clients() else { return };
    let server = Portal::new().with_demo_data().start();
    let said = script(&clients, &server, "openapi_document.py").says(&["OK valid", "OK examples fit"]);
    let fits =
        said.lines().find_map(|line| line.strip_prefix("OK ")?.strip_suffix(" answers fit")?.parse().ok());
    assert!(fits >= Some(1200), "{said}");
}

/// With the rights of three: the administrator, an employee, and the same one's webhook that only reads; neither of these is
/// answered what the administrator keeps to herself. Modules of both versions of the protocol; all of them with `PORTREEVE_INVENTED`, the number of requests for each method, as
/// `cargo xtask soak --descriptions` sets it.
#[test]
fn nothing_is_answered_outside_of_the_description() {
    let Some(clients) = clients() else { return };
    let invented = std::env::var("PORTREEVE_INVENTED");
    let modules = if invented.is_ok() { "" } else { "booking,vote,notes" };
    for (_, portal) in Portal::on_each_engine() {
        let server = portal.with_demo_data().start();
        let document = document(server.portal(), &["--server", server.base()]);
        let scopes = scopes(&document);
        let hook = server.hook(&scopes);
        keep_something(&hook);
        let reading =
            ["hook", "create", "--owner", "2", "--scope", &scopes, "--name", "reading", "--read-only"];
        let callers = [
            (server.hook_of("2", &scopes), HERS),
            (server.to_hook(&server.portal().ask(&reading)), HERS),
            (hook, ""),
        ];
        for (caller, foreign) in callers {
            script_as(&clients, &server, "openapi_fuzz.py", &document, caller.url())
                .env("FOREIGN", foreign)
                .env("EXAMPLES", invented.as_deref().unwrap_or("3"))
                .env("SEED", std::env::var("PORTREEVE_SEED").as_deref().unwrap_or("1"))
                .env("MODULES", modules)
                .says(&["OK within its description"]);
        }
    }
}

/// The official client of the protocol, in both of its lifecycles.
#[test]
fn a_model_finds_and_calls_methods() {
    let Some(clients) = clients() else { return };
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.with_demo_data().with("--log", "debug").start();
        let url = |url: &str| url.replacen("/rest/", "/mcp/", 1).trim_end_matches('/').to_owned();
        let hooks = [server.hook("crm,user"), server.hook("department")];
        let reading =
            ["hook", "create", "--owner", "1", "--scope", "department", "--name", "r", "--read-only"];
        let reading = server.portal().ask(&reading);
        println!("{engine}");
        Script::new(clients.join("py/bin/python"), "mcp_client.py")
            .env("HOOK", url(hooks[0].url()))
            .env("NARROW", url(hooks[1].url()))
            .env("READING", url(&reading))
            .says(&[
                "OK lists",
                "OK finds and describes",
                "OK calls",
                "OK errors",
                "OK few methods are tools",
                "OK only reads",
                "OK turned away",
            ]);
        let log = server.portal().log();
        for secret in [hooks[0].secret(), hooks[1].secret()] {
            assert!(!log.contains(secret), "a secret is in the log of {engine}");
        }
    }
}
