//! What the portal says of itself: OpenAPI, held against a validator and against what it answers, and the tools of models.

use std::collections::BTreeSet;
use std::path::Path;

use it::{Portal, Script, Server, clients};
use serde_json::Value;

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

/// A script of Python that is given the whole document, and a webhook for all of it.
fn script(clients: &Path, server: &Server, name: &str) -> Script {
    let document = document(server.portal(), &["--server", server.base()]);
    let file = server.portal().data().join("openapi.json");
    std::fs::write(&file, document.to_string()).unwrap();
    Script::new(clients.join("py/bin/python"), name)
        .env("DOCUMENT", &file)
        .env("HOOK", server.hook(&scopes(&document)).url())
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
