//! Fixtures: a portal's contents from a file, loaded whole or not at all, and once.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::Output;

use it::sink::{Reply, Sink};
use it::{Hook, Portal, Server};
use serde_json::{Value, json};

/// The example of the documentation.
const EXAMPLE: &str = include_str!("../../docs/fixtures.yaml");

/// A file of fixtures for its owner alone.
fn write(portal: &Portal, name: &str, text: &str) -> String {
    let path = portal.data().parent().unwrap().join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    path.to_str().unwrap().to_owned()
}

fn hook(server: &Server, user: i64, secret: &str) -> Hook {
    server.to_hook(&format!("{}/rest/{user}/{secret}/", server.base()))
}

fn complaint(output: &Output) -> String {
    assert!(!output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stderr).trim().to_owned()
}

#[test]
fn the_example_of_the_documentation_makes_a_portal() {
    for (engine, portal) in Portal::on_each_engine() {
        let sink = Sink::start(|_| Reply::status(200));
        let file = write(&portal, "portal.yaml", &EXAMPLE.replace("http://127.0.0.1:3000/in", &sink.url()));
        let server = portal.with("--fixtures", &file).start();
        let all = hook(&server, 1, "integration-tests");

        let time = all.result("server.time", json!({}));
        assert!(time.as_str().unwrap().starts_with("2027-03-01T09:0"), "on {engine}: {time}");
        let info = all.result("app.info", json!({}));
        assert_eq!(info["LICENSE"], "en_company", "the edition is of the file");

        let users = all.result("user.get", json!({"sort": "ID", "order": "ASC"}));
        let of =
            |name: &str| users.as_array().unwrap().iter().map(|user| user[name].clone()).collect::<Value>();
        assert_eq!(
            of("EMAIL"),
            json!(["admin@localhost", "ines@example.com", "otto@example.com", "mira@example.com"])
        );
        assert_eq!(of("ACTIVE"), json!([true, true, true, false]));
        assert_eq!(of("UF_DEPARTMENT"), json!([[1], [2], [2, 3], [1]]));
        let departments = all.result("department.get", json!({"sort": "ID"}));
        assert_eq!((&departments[1]["NAME"], &departments[1]["UF_HEAD"]), (&json!("Sales"), &json!("2")));
        assert_eq!((&departments[2]["NAME"], &departments[2]["PARENT"]), (&json!("Support"), &json!("2")));

        let anna = all.result("crm.contact.get", json!({"id": 1}));
        assert_eq!((&anna["COMPANY_ID"], &anna["CREATED_BY_ID"]), (&json!("1"), &json!("3")), "by Otto");
        assert_eq!(anna["PHONE"][0]["VALUE"], "+493023125042");
        let deals = all.call("crm.deal.list", json!({"order": {"ID": "DESC"}})).json();
        assert_eq!((&deals["total"], &deals["result"][0]["TITLE"]), (&json!(30), &json!("Deal 30 of 30")));
        let task = all.result("tasks.task.get", json!({"taskId": 1, "select": ["TITLE", "UF_CRM_TASK"]}));
        assert_eq!(
            (&task["task"]["title"], &task["task"]["ufCrmTask"]),
            (&json!("Call $5 customer 1"), &json!(["D_1"]))
        );
        let notes = all.result(
            "crm.timeline.comment.list",
            json!({
                "filter": {"ENTITY_TYPE": "deal", "ENTITY_ID": 3}, "select": ["COMMENT"],
            }),
        );
        assert_eq!(notes[0]["COMMENT"], "Note 3");

        let reader = hook(&server, 3, "0a1b2c3d4e5f6g7h");
        assert_eq!(reader.result("scope", json!({})), json!(["crm", "user"]));
        assert_ne!(reader.call("crm.lead.add", json!({"fields": {"TITLE": "x"}})).status, 200);
        hook(&server, 4, "left-in-february")
            .call("crm.lead.fields", json!({}))
            .refusal(401, "authorization_error");

        // Nothing was told of what the file made; what happens now is.
        all.result("crm.deal.add", json!({"fields": {"TITLE": "Now"}}));
        let told = sink.wait_for(1);
        let text = format!("{told:?}");
        assert!(text.contains("51856fefc120afa4b628cc82d3935cce"), "{text}");
        let secrets = server.portal().ask(&["outbound", "reveal", "1"]);
        assert!(secrets.contains("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
        server.portal().ask(&["user", "list"]);

        let log = server.stop().log();
        for secret in
            ["integration-tests", "0a1b2c3d4e5f6g7h", "51856fefc120", "MfKQ9r8GKY", "a password for tests"]
        {
            assert!(!log.contains(secret), "{secret} in the log");
        }
    }
}

#[test]
fn a_second_start_loads_nothing_and_a_changed_file_is_refused() {
    for (engine, portal) in Portal::on_each_engine() {
        let lead = |title: &str| format!("records: [{{crm.lead.add: {{fields: {{TITLE: {title}}}}}}}]\n");
        let file = write(&portal, "portal.yaml", &lead("First"));
        let server = portal.with("--fixtures", &file).start();
        let hook = server.hook("crm");
        let leads = |server: &Server| {
            server.same_hook(&hook).call("crm.lead.list", json!({})).json()["total"].clone()
        };
        assert_eq!(leads(&server), 1, "on {engine}");
        let server = server.stop().start();
        assert_eq!(leads(&server), 1);
        let said = server.portal().ask(&["fixtures", "load", &file]);
        assert!(said.contains("was loaded before"), "{said}");
        assert!(server.portal().ask(&["fixtures", "load", "--again", &file]).ends_with("brought 1 records"));
        assert_eq!(leads(&server), 2);

        let portal = server.stop();
        write(&portal, "portal.yaml", &lead("Second"));
        let refused = portal.run(&["serve", "--listen", "127.0.0.1:0", "--fixtures", &file]);
        assert!(complaint(&refused).contains("has changed since it was loaded"), "{refused:?}");
        let server = portal.with("--fixtures-again", "true").start();
        assert_eq!(leads(&server), 3);
        assert_eq!(leads(&server.stop().start()), 3, "unchanged since");
    }
}

/// Users, departments, settings and webhooks are found again; only records are made once more.
#[test]
fn what_is_there_is_changed() {
    for (engine, portal) in Portal::on_each_engine() {
        let file = |name: &str, secret: &str, title: &str| {
            format!(
                "departments: [{{name: Sales}}]\nusers: [{{email: ines@example.com, name: {name}, department: Sales}}]\n\
                 webhooks: [{{name: ci, scopes: [crm, user, department], secret: {secret}}}]\n\
                 handlers: [{{name: ci, url: 'https://{title}.example.com/in', events: ONCRMLEADADD}}]\n"
            )
        };
        let server = portal.start();
        let portal = server.portal();
        let first = write(portal, "first.yaml", &file("Ines", "secret-of-before", "one"));
        portal.ask(&["fixtures", "load", &first]);
        let second = write(portal, "second.yaml", &file("Inès", "secret-of-later", "two"));
        let said = portal.ask(&["fixtures", "load", "--dry-run", &second]);
        assert!(said.ends_with("would bring 1 departments, 1 users, 1 webhooks, 1 handlers"), "{said}");
        let before = hook(&server, 1, "secret-of-before");
        assert_eq!(before.result("user.get", json!({"ID": 2}))[0]["NAME"], "Ines", "on {engine}");
        portal.ask(&["fixtures", "load", &second]);
        before.call("profile", json!({})).refusal(401, "INVALID_CREDENTIALS");
        let later = hook(&server, 1, "secret-of-later");
        assert_eq!(later.result("user.get", json!({"ID": 2}))[0]["NAME"], "Inès");
        assert_eq!(later.call("user.get", json!({})).json()["total"], 2);
        assert_eq!(later.call("department.get", json!({})).json()["total"], 2);
        let outbound = portal.ask(&["outbound", "list"]);
        assert!(
            outbound.lines().count() == 2 && outbound.contains("https://two.example.com/in"),
            "{outbound}"
        );
    }
}

#[test]
fn a_mistake_is_named_and_leaves_nothing() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.start();
        let (portal, hook) = (server.portal(), server.hook("crm,user"));
        let text = "settings: {time_zone: Europe/Paris}\nusers:\n  - email: ines@example.com\n    as: ines\n\
                    records:\n  - crm.lead.add: {fields: {TITLE: Quay}}\n    times: 3\n    as: leads\n\
                    \x20 - crm.lead.get:\n      id: $leads.2\n    as: second\n\
                    \x20 - crm.deal.update:\n      id: ${second.ID}\n      fields: {TITLE: Lost}\n";
        let file = write(portal, "broken.yaml", text);
        let said = complaint(&portal.run(&["fixtures", "load", &file]));
        assert!(said.contains("broken.yaml:12: record 3, crm.deal.update: Not found"), "on {engine}: {said}");
        assert_eq!(hook.call("crm.lead.list", json!({})).json()["total"], 0);
        assert_eq!(hook.call("user.get", json!({})).json()["total"], 1);
        let log = server.stop().log();
        assert!(!log.contains("Quay"));
    }
}

#[test]
fn mistakes_are_told_without_a_portal() {
    let portal = Portal::new();
    fs::create_dir_all(portal.data()).unwrap();
    for (text, told) in [
        ("records: [", ":1"),
        ("recrods: []", "1: there is no key \"recrods\" here; did you mean records?"),
        (
            "users:\n  - email: a@b.example\n    pasword: xxxxxxxxxxxx",
            "3: there is no key \"pasword\" here; did you mean password?",
        ),
        ("users:\n  - name: Ines", "email is missing"),
        (
            "users: [{email: a@b.example, password: short}]",
            ":1: user a@b.example: a password has 12 to 128 characters",
        ),
        ("settings:\n  licens: demo", ":2: setting licens: there is no such setting; did you mean licence?"),
        ("settings:\n  licence: perhaps", ":2: setting licence: "),
        ("clock: soon", ":1: clock: \"soon\" is no moment"),
        (
            "records:\n  - crm.contct.add: {}",
            "record 1, crm.contct.add: there is no such method; did you mean",
        ),
        ("records:\n  - event.bind: {}", "no webhook may call this method"),
        ("records:\n  - {as: anna}", "a record has no method"),
        ("records:\n  - {crm.lead.add: {}, crm.deal.add: {}}", "crm.lead.add and crm.deal.add are two"),
        (
            "records:\n  - crm.lead.add: {}\n    as: lead\n  - crm.lead.get:\n      id: $laed",
            ":5: record 2, crm.lead.get: nothing above is called $laed; did you mean lead?",
        ),
        ("records:\n  - crm.lead.get: {id: $n}", "the number among times"),
        ("records:\n  - crm.lead.list: {}\n    times: 100001", "1 to 100000 calls"),
        ("records:\n  - crm.lead.list: []\n    as: 1st", "parameters are names and values"),
        (
            "webhooks: [{name: a, scopes: crm, secret: short}]",
            "a secret has 10 to 64 letters, digits and - . _ ~",
        ),
        ("webhooks: [{name: a, scopes: crm, secret: 'with/slash/in/it'}]", "a secret has 10 to 64"),
        ("webhooks: [{name: a, scopes: cmr, secret: 0123456789}]", "did you mean crm?"),
        ("webhooks: [{name: a, scopes: crm, secret: 0123456789, expires: soon}]", "expires is no day"),
        (
            "handlers: [{name: a, url: 'https://a.example', events: ONCRMLEADAD}]",
            "did you mean ONCRMLEADADD?",
        ),
        (
            "handlers: [{name: a, url: 'https://a.example', events: ONCRMLEADADD, signing_secret: abc}]",
            "whsec_",
        ),
        ("{\"records\": [{\"crm.lead.add\": {}, \"tiems\": 2}]}", "crm.lead.add and tiems are two"),
    ] {
        let file = write(&portal, "wrong.yaml", text);
        let said = complaint(&portal.run(&["fixtures", "check", &file]));
        assert!(said.contains("wrong.yaml") && said.contains(told), "{text}\n{said}");
        assert!(!said.contains("with/slash") && !said.contains("pasword: xxxx"), "{said}");
    }
    portal.ask(&["fixtures", "check", &write(&portal, "right.yaml", EXAMPLE)]);
}

#[test]
fn whoever_may_read_a_file_with_secrets_is_warned_of() {
    let portal = Portal::new();
    fs::create_dir_all(portal.data()).unwrap();
    for (text, mode, warned) in [
        ("webhooks: [{name: a, scopes: all, secret: 0123456789}]", 0o644, true),
        ("webhooks: [{name: a, scopes: all, secret: 0123456789}]", 0o640, false),
        ("settings: {smtp_password: abc}", 0o644, true),
        ("settings: {licence: demo}", 0o644, false),
    ] {
        let file = write(&portal, "open.yaml", text);
        fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        let said = String::from_utf8(portal.run(&["fixtures", "check", &file]).stderr).unwrap();
        assert_eq!(said.contains("can be read by other users"), warned, "{text} {said}");
    }
}

/// JSON as programs write it is read as well, and so are texts that look like numbers.
#[test]
fn json_and_codes_are_read_as_they_are_written() {
    let server = Portal::new().start();
    let (portal, hook) = (server.portal(), server.hook("crm"));
    let made = json!({"records": [{"crm.lead.add": {"fields": {
        "TITLE": "Quay \u{1f6a2}\t\"1\"/2\n", "OPENED": "N", "UTM_SOURCE": "007", "OPPORTUNITY": 12.5,
    }}}]});
    let file = write(portal, "made.json", &made.to_string().replace('\u{1f6a2}', "\\ud83d\\udea2"));
    portal.ask(&["fixtures", "load", &file]);
    let yaml =
        "records:\n  - crm.lead.add: {fields: {TITLE: 0049, OPENED: N, UTM_SOURCE: 007, UTM_TERM: +49}}\n";
    portal.ask(&["fixtures", "load", &write(portal, "made.yaml", yaml)]);
    let one = hook.result("crm.lead.get", json!({"id": 1}));
    assert_eq!(one["TITLE"], "Quay \u{1f6a2}\t\"1\"/2\n");
    assert_eq!(
        (&one["OPENED"], &one["UTM_SOURCE"], &one["OPPORTUNITY"]),
        (&json!("N"), &json!("007"), &json!("12.50"))
    );
    let two = hook.result("crm.lead.get", json!({"id": 2}));
    assert_eq!(
        (&two["TITLE"], &two["OPENED"], &two["UTM_SOURCE"], &two["UTM_TERM"]),
        (&json!("0049"), &json!("N"), &json!("007"), &json!("+49"))
    );
}

#[test]
fn the_operator_loads_records_but_no_webhooks() {
    for (engine, portal) in Portal::on_each_engine() {
        let mut server = portal.with_operator().start();
        let (operator, hook) = (server.operator(), server.hook("crm"));
        let records = json!({
            "settings": {"licence": "expired"},
            "users": [{"email": "ines@example.com", "as": "ines"}],
            "records": [{"crm.lead.add": {"fields": {"TITLE": "Lead $n", "ASSIGNED_BY_ID": "$ines"}}, "times": 4}],
        });
        let brought = operator.done("POST", "/fixtures", Some(records));
        assert_eq!(brought, json!({"settings": 1, "departments": 0, "users": 1, "records": 4}), "{engine}");
        let leads = hook.call("crm.lead.list", json!({"filter": {"ASSIGNED_BY_ID": 2}})).json();
        assert_eq!((&leads["total"], &leads["result"][3]["TITLE"]), (&json!(4), &json!("Lead 4")));
        for secret in [
            json!({"webhooks": [{"name": "a", "scopes": "all", "secret": "0123456789"}]}),
            json!({"handlers": [{"name": "a", "url": "https://a.example", "events": "ONCRMLEADADD"}]}),
            json!({"users": [{"email": "eva@example.com", "password": "0123456789"}]}),
            json!({"settings": {"smtp_password": "0123456789"}}),
        ] {
            let (status, answer) = operator.ask("POST", "/fixtures", Some(secret));
            assert_eq!((status, &answer["error"]), (400, &json!("ERROR_FIXTURES")), "{answer}");
            assert!(!answer.to_string().contains("0123456789"), "{answer}");
        }
        let wrong =
            json!({"records": [{"crm.lead.add": {"fields": {"TITLE": "5"}}}, {"crm.lead.get": {"id": 99}}]});
        let (status, answer) = operator.ask("POST", "/fixtures", Some(wrong));
        assert_eq!(status, 400);
        assert_eq!(answer["error_description"], "Line 1: record 2, crm.lead.get: Not found", "{answer}");
        assert_eq!(hook.call("crm.lead.list", json!({})).json()["total"], 4);
    }
}
