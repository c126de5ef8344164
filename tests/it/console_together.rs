//! Two people at one form: whoever saves second is told by whom it was changed, and nothing is overwritten unasked.

use it::{Browser, Portal, Reply, Server};
use serde_json::{Value, json};

/// Two administrators.
fn both(server: &Server) -> (Browser, Browser) {
    let (mut boss, mut ada) = (Browser::of_the_administrator(server), Browser::of_a_colleague(server));
    let id = ada.read("/api/session")["user"]["id"].clone();
    boss.done("PATCH", &format!("/api/users/{id}"), &json!({"is_admin": true}));
    (boss, ada)
}

#[track_caller]
fn is_told(reply: &Reply, text: &str) {
    assert_eq!(reply.refusal(409, "ERROR_CHANGED"), text);
}

const BY_ADA: &str = "Ada Berg changed this after you opened it.";

/// One with a version: a second save by the same person and one by another are refused, one that does not say what was seen is not.
#[track_caller]
fn has_versions(
    (boss, ada): (&mut Browser, &mut Browser),
    verb: &str,
    path: &str,
    seen: impl Fn(&mut Browser) -> Value,
    input: impl Fn(&str, Value) -> Value,
) {
    let old = seen(boss);
    let newer = seen(ada);
    ada.done(verb, path, &input("b", newer));
    is_told(&boss.ask(verb, path, &input("c", old.clone())), BY_ADA);
    let newest = seen(boss);
    boss.done(verb, path, &input("c", newest));
    is_told(
        &boss.ask(verb, path, &input("d", old.clone())),
        "You changed this elsewhere after you opened it here.",
    );
    boss.done(verb, path, &input("d", Value::Null));
}

#[test]
fn people_roles_settings_and_integrations_have_versions() {
    for (engine, portal) in Portal::on_each_engine() {
        println!("{engine}");
        let server = portal.start();
        let (mut boss, mut ada) = both(&server);
        let of = |path: String| move |browser: &mut Browser| browser.read(&path)["version"].clone();
        has_versions(
            (&mut boss, &mut ada),
            "PATCH",
            "/api/users/1",
            of("/api/users/1".into()),
            |name, version| json!({"position": name, "version": version}),
        );
        has_versions(
            (&mut boss, &mut ada),
            "PUT",
            "/api/settings",
            of("/api/settings".into()),
            |name, version| json!({"retention_days": u32::from(name.as_bytes()[0]), "version": version}),
        );
        let role = boss.done("POST", "/api/roles", &json!({"name": "a"}))["id"].as_i64().unwrap();
        let seen = move |browser: &mut Browser| {
            let roles = browser.read("/api/roles")["roles"].clone();
            roles.as_array().unwrap().iter().find(|one| one["id"] == role).unwrap()["version"].clone()
        };
        has_versions(
            (&mut boss, &mut ada),
            "PUT",
            &format!("/api/roles/{role}"),
            seen,
            |name, version| json!({"name": name, "version": version}),
        );
    }
}

#[test]
fn a_record_is_refused_when_the_same_fields_were_changed() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.start();
        let (mut boss, mut ada) = both(&server);
        let get = |browser: &mut Browser, id: i64| {
            browser.done("POST", "/api/call/crm.lead.get", &json!({"id": id}))["result"].clone()
        };
        let phone = json!([{"VALUE": "+49 30 1", "VALUE_TYPE": "WORK"}]);
        let made = json!({"fields": {"TITLE": "a", "NAME": "n", "PHONE": phone}});
        let id = boss.done("POST", "/api/call/crm.lead.add", &made)["result"].as_i64().unwrap();
        let path = format!("/api/records/lead/{id}");
        let seen = get(&mut boss, id);

        ada.done("PATCH", &path, &json!({"fields": {"TITLE": "b"}, "seen": {"TITLE": "a"}}));
        let late =
            boss.ask("PATCH", &path, &json!({"fields": {"TITLE": "c"}, "seen": {"TITLE": seen["TITLE"]}}));
        is_told(&late, BY_ADA);
        assert_eq!(late.json()["argument"], "TITLE", "{engine}");
        // What an integration does to other fields is no conflict.
        let told = json!({"fields": {"NAME": "m", "PHONE": [{"VALUE": "+49 30 2"}]}, "seen": {"NAME": "n", "PHONE": seen["PHONE"]}});
        boss.done("PATCH", &path, &told);
        is_told(&boss.ask("PATCH", &path, &told), "You changed this elsewhere after you opened it here.");
        let now = get(&mut boss, id);
        assert_eq!(
            (&now["TITLE"], &now["NAME"], now["PHONE"].as_array().unwrap().len()),
            (&json!("b"), &json!("m"), 2)
        );
        boss.done("PATCH", &path, &json!({"fields": {"TITLE": "c"}}));
        assert_eq!(get(&mut boss, id)["TITLE"], "c");

        boss.ask("PATCH", "/api/records/nothing/1", &json!({"fields": {}})).refusal(404, "ERROR_NOT_FOUND");
        let gone = json!({"fields": {"TITLE": "x"}, "seen": {"TITLE": "x"}});
        boss.ask("PATCH", "/api/records/lead/999999", &gone).refusal(400, "");
    }
}

#[test]
fn a_department_is_refused_when_it_was_renamed() {
    let server = Portal::new().start();
    let mut boss = Browser::of_the_administrator(&server);
    let id =
        boss.done("POST", "/api/call/department.add", &json!({"NAME": "a", "PARENT": 1}))["result"].clone();
    let path =
        format!("/api/records/department/{}", id.as_str().map_or_else(|| id.to_string(), str::to_owned));
    let input = |to: &str| json!({"fields": {"NAME": to}, "seen": {"NAME": "a"}});
    boss.done("PATCH", &path, &input("b"));
    is_told(&boss.ask("PATCH", &path, &input("c")), "This was changed after you opened it.");
}

#[test]
fn a_record_is_changed_with_the_rights_of_whoever_asks() {
    let server = Portal::new().start();
    let mut boss = Browser::of_the_administrator(&server);
    let id =
        boss.done("POST", "/api/call/crm.lead.add", &json!({"fields": {"TITLE": "a"}}))["result"].clone();
    let input = json!({"fields": {"TITLE": "b"}, "seen": {"TITLE": "z"}});
    let refused = Browser::of_a_colleague(&server).ask("PATCH", &format!("/api/records/lead/{id}"), &input);
    assert!(refused.status == 403 || refused.status == 400, "{}", refused.text());
    assert!(
        !refused.text().contains("changed this"),
        "whether it differs is nobody's business who may not read it"
    );
}
