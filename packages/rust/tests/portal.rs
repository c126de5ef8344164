//! A portal as a test uses it.

use std::path::PathBuf;

use axum::http::StatusCode;
use portreeve_testing::{Error, Portal, Result};
use serde_json::{Value, json};

/// The program beside this test, as `cargo xtask test` builds it.
fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    let built = own.ancestors().nth(2).map(|folder| folder.join("portreeve")).unwrap_or_default();
    std::env::var_os("PORTREEVE_BIN").map_or(built, Into::into)
}

fn start() -> Result<Portal> {
    Portal::builder().binary(program()).start()
}

#[test]
fn a_test_asserts_calls_events_and_faults() -> Result<()> {
    let portal = start()?;
    portal.freeze_clock(None)?;
    portal.events().answer(&[StatusCode::INTERNAL_SERVER_ERROR]);
    let id = portal.call("crm.lead.add", &json!({"fields": {"TITLE": "Quay", "OPPORTUNITY": 5}}))?;
    let found = portal.assert_called("crm.lead.add", &json!({"fields": {"OPPORTUNITY": "5"}}))?;
    assert_eq!(found.len(), 1);
    let missed = portal.assert_called("crm.lead.add", &json!({"fields": {"TITLE": "Pier"}}));
    assert!(matches!(missed, Err(Error::Assertion(_))));

    let events = portal.events().wait("ONCRMLEADADD", 1)?;
    assert_eq!(events[0].data, json!({"FIELDS": {"ID": id.to_string()}}));
    portal.settle()?;
    portal.move_clock("1h")?;
    assert_eq!(portal.events().wait("ONCRMLEADADD", 2)?.len(), 2);

    let fault = json!({"method": "crm.lead.*", "times": 1, "effect": {"kind": "error", "code": "QUERY_LIMIT_EXCEEDED"}});
    portal.add_fault(&fault)?;
    match portal.call("crm.lead.list", &json!({})) {
        Err(Error::Refused { status, code, .. }) => {
            assert_eq!((status, code.as_str()), (503, "QUERY_LIMIT_EXCEEDED"));
        }
        other => panic!("{other:?}"),
    }
    portal.reset()?;
    assert_eq!(portal.call("crm.lead.list", &json!({}))?, json!([]));
    assert!(portal.events().all().is_empty());
    Ok(())
}

#[test]
fn snapshots_bring_fixtures_back() -> Result<()> {
    let portal = start()?;
    portal.load(&json!({"records": [{"crm.contact.add": {"fields": {"NAME": "Anna"}}, "times": 3}]}))?;
    portal.save("three")?;
    let count = || Ok::<_, Error>(portal.call("crm.contact.list", &json!({}))?.as_array().map(Vec::len));
    portal.call("crm.contact.delete", &json!({"id": 1}))?;
    assert_eq!(count()?, Some(2));
    portal.restore("three")?;
    assert_eq!(count()?, Some(3));
    Ok(())
}

#[test]
fn a_program_that_does_not_start_says_why() {
    let started = Portal::builder().binary("/bin/false").start();
    assert!(matches!(started, Err(Error::Start(_))));
    let started = start_with_a_wrong_flag();
    assert!(matches!(started, Err(Error::Start(said)) if said.contains("--no-such-flag")));
}

fn start_with_a_wrong_flag() -> Result<Value> {
    Portal::builder().binary(program()).arg("--no-such-flag").start().map(|_| Value::Null)
}
