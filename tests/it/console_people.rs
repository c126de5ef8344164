//! Users, one-time links, roles, settings, the audit log and the backup: what the console does with them, and who
//! may.

use it::{Browser, PASSWORD, Portal};
use serde_json::{Value, json};

const ADMIN: &str = "admin@localhost";
const CHOSEN: &str = "a password of her own";

/// The code in a one-time link.
fn code(link: &Value) -> String {
    link.as_str().unwrap().split_once("/sign-in#welcome=").expect("a link to the sign-in").1.to_owned()
}

#[test]
fn an_invited_person_comes_in_by_a_link() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.start();
        let mut boss = Browser::of_the_administrator(&server);
        let guest =
            json!({"email": "Ines@example.com", "name": "Ines", "position": "Sales", "departments": [1]});
        let made = boss.done("POST", "/api/users", &guest);
        let code = code(&made["link"]);
        assert!(made["link"].as_str().unwrap().starts_with(server.base()), "{engine}");
        let refused = boss.ask("POST", "/api/users", &guest);
        refused.refusal(400, "ERROR_ARGUMENT");
        assert_eq!(refused.json()["argument"], "email");

        let mut ines = Browser::of(&server);
        let look = json!({"code": code});
        ines.ask("POST", "/api/welcome/look", &look).refusal(403, "INVALID_TOKEN");
        ines.get("/api/session");
        let told = ines.done("POST", "/api/welcome/look", &look);
        assert_eq!((&told["email"], &told["setup"]), (&json!("ines@example.com"), &json!(false)));
        let short = ines.ask("POST", "/api/welcome", &json!({"code": code, "password": "short"}));
        assert_eq!((short.status, &short.json()["argument"]), (400, &json!("password")));
        let choice = json!({"code": code, "password": CHOSEN, "email": "other@example.com"});
        let session = ines.done("POST", "/api/welcome", &choice);
        assert_eq!(session["user"]["email"], "ines@example.com", "only the set-up takes an address");
        ines.ask("POST", "/api/welcome", &choice).refusal(404, "ERROR_NOT_FOUND");
        let mut other = Browser::visiting(&server);
        other.ask("POST", "/api/welcome/look", &look).refusal(404, "ERROR_NOT_FOUND");
        assert_eq!(other.sign_in("ines@example.com", CHOSEN).status, 200);
        assert!(!server.portal().log().contains(&code));
    }
}

#[test]
fn the_first_person_sets_the_portal_up() {
    let mut server = Portal::new().without_password().start();
    let code = code(&json!(server.welcome()));
    let mut browser = Browser::of(&server);
    assert_eq!(browser.get("/api/session").json()["setup"], true);
    assert_eq!(browser.done("POST", "/api/welcome/look", &json!({"code": code}))["setup"], true);
    let choice = json!({
        "code": code, "password": CHOSEN, "email": "Me@example.com", "name": "Mo", "last_name": "Ek", "demo": true,
    });
    let session = browser.done("POST", "/api/welcome", &choice);
    assert_eq!((&session["setup"], &session["user"]["name"]), (&json!(false), &json!("Mo")));
    assert_eq!(session["user"]["email"], "me@example.com");
    let leads = browser.done("POST", "/api/call/crm.lead.list", &json!({}));
    assert_eq!(leads["total"], 131, "the demo data is there");
    let mut other = Browser::visiting(&server);
    assert_eq!(other.sign_in("me@example.com", CHOSEN).json()["user"]["id"], 1);
}

#[test]
fn people_are_listed_changed_and_dismissed() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.start();
        let (mut boss, mut ada) = (Browser::of_the_administrator(&server), Browser::of_a_colleague(&server));
        let page = boss.read("/api/users?search=BERG&size=5");
        assert_eq!(
            (&page["total"], &page["users"][0]["email"]),
            (&json!(1), &json!("ada@example.com")),
            "{engine}"
        );
        assert_eq!(page["users"][0]["departments"], json!([{"id": 1, "name": "Company"}]));
        boss.get("/api/users?size=201").refusal(400, "ERROR_ARGUMENT");

        let own = ada.done("PATCH", "/api/users/2", &json!({"position": "Captain"}));
        assert_eq!((&own["position"], &own["name"]), (&json!("Captain"), &json!("Ada")));
        for (path, change) in [
            ("/api/users/2", json!({"is_admin": true})),
            ("/api/users/2", json!({"email": "x@example.com"})),
            ("/api/users/1", json!({"name": "X"})),
        ] {
            ada.ask("PATCH", path, &change).refusal(403, "ACCESS_DENIED");
        }
        let seen = ada.read("/api/users/1");
        assert_eq!((&seen["hooks"], &seen["integrations"]), (&Value::Null, &json!([])));
        boss.ask("PATCH", "/api/users/1", &json!({"active": false})).refusal(409, "ERROR_LAST_ADMINISTRATOR");
        boss.ask("PATCH", "/api/users/9", &json!({"active": false})).refusal(404, "ERROR_NOT_FOUND");

        let hook = server.hook_of("2", "crm");
        hook.get("profile").success();
        assert_eq!(boss.done("PATCH", "/api/users/2", &json!({"active": false}))["active"], false);
        ada.get("/api/users").refusal(401, "NO_AUTH_FOUND");
        assert_eq!(hook.get("profile").status, 401, "webhooks of the dismissed are refused");
        boss.ask("POST", "/api/users/2/link", &Value::Null).refusal(409, "ERROR_DISMISSED");
    }
}

#[test]
fn a_password_is_changed_and_sign_ins_are_ended() {
    let server = Portal::new().start();
    let (mut here, mut there) =
        (Browser::of_the_administrator(&server), Browser::of_the_administrator(&server));
    let all = here.read("/api/sessions")["sessions"].take();
    let current: Vec<bool> = all.as_array().unwrap().iter().map(|one| one["current"] == true).collect();
    assert_eq!((current, &all[0]["address"]), (vec![false, true], &json!("127.0.0.1")));
    here.done("DELETE", &format!("/api/sessions/{}", all[0]["id"]), &Value::Null);
    there.get("/api/sessions").refusal(401, "NO_AUTH_FOUND");
    here.ask("DELETE", "/api/sessions/999", &Value::Null).refusal(404, "ERROR_NOT_FOUND");

    let mut there = Browser::of_the_administrator(&server);
    let wrong = here.ask("POST", "/api/password", &json!({"current": "guess", "new": CHOSEN}));
    assert_eq!((wrong.status, &wrong.json()["argument"]), (422, &json!("current")));
    let short = here.ask("POST", "/api/password", &json!({"current": PASSWORD, "new": "ninechars"}));
    assert_eq!((short.status, &short.json()["argument"]), (400, &json!("new")));
    let guessed = ["Password2026!", "qwertyuiop123", "Admin@localhost1"].map(str::to_owned);
    for wrong in ["elevenchars".to_owned(), "x".repeat(129)].into_iter().chain(guessed) {
        here.ask("POST", "/api/password", &json!({"current": PASSWORD, "new": wrong}))
            .refusal(400, "ERROR_ARGUMENT");
    }
    let mut stolen =
        Browser { http: here.http.clone(), cookies: here.cookies.clone(), token: here.token.clone() };
    let before = here.token.clone();
    here.done("POST", "/api/password", &json!({"current": PASSWORD, "new": CHOSEN}));
    there.get("/api/sessions").refusal(401, "NO_AUTH_FOUND");
    stolen.get("/api/sessions").refusal(401, "NO_AUTH_FOUND");
    assert_eq!(here.read("/api/session")["user"]["id"], 1, "who changed it goes on under another token");
    assert_ne!(here.token, before);
    here.done("DELETE", "/api/sessions", &Value::Null);
    here.get("/api/sessions").refusal(401, "NO_AUTH_FOUND");
    Browser::signed_in(&server, ADMIN, CHOSEN);
}

/// A link lets in whoever has it, the administrator who made it among them.
#[test]
fn a_link_of_somebody_elses_shows_no_secret_of_before() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.with("--allow-handlers", "127.0.0.1").start();
        let (mut boss, mut ada) = (Browser::of_the_administrator(&server), Browser::of_a_colleague(&server));
        let input = |title: &str| {
            json!({
                "scenario": "in-hook", "title": title, "inbound": {"scopes": ["crm"]},
                "outbound": {"handler_url": "http://127.0.0.1:8099/", "events": ["ONCRMLEADADD"]},
            })
        };
        let made = ada.done("POST", "/api/integrations", &input("Hers"));
        let path = format!("/api/integrations/{}", made["id"]);
        assert_eq!((&made["hidden_by"], &made["inbound"]["hidden"]), (&Value::Null, &json!(false)));
        let before = ada.done("POST", &format!("{path}/secrets"), &Value::Null);

        let link = boss.done("POST", "/api/users/2/link", &Value::Null)["link"].take();
        let mut thief = Browser::visiting(&server);
        thief.done("POST", "/api/welcome", &json!({"code": code(&link), "password": CHOSEN}));
        let example = json!({"language": "php", "method": "profile", "secret": true});
        let handler = json!({"language": "php", "handler": true, "secret": true});
        for (rest, body) in [
            ("/secrets", &Value::Null),
            ("/example", &example),
            ("/example/archive", &example),
            ("/example", &handler),
            ("/example/archive", &handler),
        ] {
            let refused = thief.ask("POST", &format!("{path}{rest}"), body);
            refused.refusal(409, "ERROR_SECRET_HIDDEN");
            let why = refused.json()["error_description"].as_str().unwrap().to_owned();
            assert!(why.contains("password was reset by Administrator"), "{engine}: {why}");
        }
        let shape = thief.read(&path);
        assert_eq!(shape["hidden_by"], "Administrator");
        assert_eq!((&shape["inbound"]["hidden"], &shape["outbound"]["hidden"]), (&json!(true), &json!(true)));
        server.to_hook(before["url"].as_str().unwrap()).result("profile", json!({}));

        let mut renewed = input("Hers");
        renewed["renew_secret"] = json!(true);
        assert_eq!(thief.done("PUT", &path, &renewed)["inbound"]["hidden"], false);
        let after = thief.done("POST", &format!("{path}/secrets"), &Value::Null);
        assert_ne!(after["url"], before["url"]);
        assert!(after.get("application_token").is_none(), "{engine}: {after}");
        assert!(!server.portal().log().contains(CHOSEN));
    }
}

/// What one signs in with is one's own to change, and nobody's who finds an open browser or a webhook.
#[test]
fn the_own_address_changes_with_the_password() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.start();
        let mut boss = Browser::of_the_administrator(&server);
        Browser::of_a_colleague(&server);
        let own = "/api/users/1";
        for password in [Value::Null, json!("guess")] {
            let refused = boss.ask("PATCH", own, &json!({"email": "boss@example.com", "password": password}));
            refused.refusal(422, "ERROR_SIGN_IN");
            assert_eq!(refused.json()["argument"], "password", "{engine}");
        }
        let rest = boss.ask("POST", "/api/call/user.update", &json!({"ID": 1, "EMAIL": "boss@example.com"}));
        assert_eq!(rest.status, 400, "{engine}: {}", rest.text());
        boss.done("PATCH", own, &json!({"email": "Admin@localhost", "name": "Ada"}));
        boss.done("PATCH", "/api/users/2", &json!({"email": "ines@example.com"}));
        boss.done("PATCH", own, &json!({"email": "boss@example.com", "password": PASSWORD}));
        assert_eq!(Browser::visiting(&server).sign_in("boss@example.com", PASSWORD).status, 200);
    }
}

/// Guessing the password at an open browser is slowed down as it is at the door.
#[test]
fn guessing_at_an_open_browser_is_slowed_down() {
    let server = Portal::new().start();
    let mut browser = Browser::of_the_administrator(&server);
    let wrong = json!({"current": "guess", "new": CHOSEN});
    let mut tries = (0..40).map(|_| browser.ask("POST", "/api/password", &wrong));
    let refused = tries.find(|reply| reply.status != 422).expect("guessing goes on and on");
    refused.refusal(429, "ERROR_TOO_MANY_TRIES");
}

#[test]
fn roles_are_made_changed_and_deleted() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.start();
        let (mut boss, mut ada) = (Browser::of_the_administrator(&server), Browser::of_a_colleague(&server));
        boss.done("POST", "/api/call/crm.lead.add", &json!({"fields": {"TITLE": "Quay"}}));
        let seen =
            |ada: &mut Browser| ada.done("POST", "/api/call/crm.lead.list", &json!({}))["total"].clone();
        assert_eq!(seen(&mut ada), 0, "{engine}");
        let role =
            json!({"name": "Readers", "members": ["U2", "D1"], "permissions": {"LEAD": {"READ": "X"}}});
        let made = boss.done("POST", "/api/roles", &role);
        assert_eq!((&made["members"], &made["permissions"]), (&json!(["D1", "U2"]), &role["permissions"]));
        assert_eq!(seen(&mut ada), 1, "it holds at once");
        let path = format!("/api/roles/{}", made["id"]);
        let narrow = json!({"name": "Readers", "members": ["U2"], "permissions": {"LEAD": {"READ": "A"}}});
        assert_eq!(boss.done("PUT", &path, &narrow)["permissions"]["LEAD"]["READ"], "A");
        assert_eq!(seen(&mut ada), 0);
        for wrong in [
            json!({"name": " "}),
            json!({"name": "x", "members": ["U99"]}),
            json!({"name": "x", "members": ["everybody"]}),
            json!({"name": "x", "permissions": {"BOAT": {"READ": "X"}}}),
            json!({"name": "x", "permissions": {"LEAD": {"SINK": "X"}}}),
            json!({"name": "x", "permissions": {"LEAD": {"READ": "Z"}}}),
        ] {
            boss.ask("POST", "/api/roles", &wrong).refusal(400, "ERROR_ARGUMENT");
        }
        let saved = boss.done("PUT", &path, &narrow);
        let all = boss.read("/api/roles");
        assert!(all["roles"].as_array().unwrap().contains(&saved));
        assert!(all["entities"].as_array().unwrap().contains(&json!({"code": "LEAD", "title": "Leads"})));
        boss.done("DELETE", &path, &Value::Null);
        boss.ask("DELETE", &path, &Value::Null).refusal(404, "ERROR_NOT_FOUND");
    }
}

/// The setting of that name.
fn setting(browser: &mut Browser, name: &str) -> Value {
    let all = browser.read("/api/settings")["settings"].take();
    all.as_array().unwrap().iter().find(|one| one["name"] == name).expect("a setting").clone()
}

#[test]
fn settings_hold_at_once_and_flags_win() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.with("--edition", "cloud").start();
        let (mut boss, hook) = (Browser::of_the_administrator(&server), server.hook("crm"));
        let change = json!({"time_zone": "Asia/Tokyo", "licence": "expired", "retention_days": 7,
            "allow_handlers": ["10.1.0.0/16", "::1"]});
        boss.done("PUT", "/api/settings", &change);
        assert_eq!(hook.get("profile").status, 401, "{engine}: without a plan the cloud has no REST");
        boss.done("PUT", "/api/settings", &json!({"licence": null}));
        let time = hook.get("server.time").result();
        assert!(time.as_str().unwrap().ends_with("+09:00"), "{time}");
        let licence = setting(&mut boss, "licence");
        assert_eq!((&licence["value"], &licence["source"]), (&json!("active"), &json!("default")));
        let networks = setting(&mut boss, "allow_handlers");
        assert_eq!(
            (&networks["value"], &networks["source"]),
            (&json!(["10.1.0.0/16", "::1/128"]), &json!("console"))
        );

        assert_eq!(setting(&mut boss, "edition")["source"], "flag");
        let given = boss.ask("PUT", "/api/settings", &json!({"retention_days": 9, "edition": "self-hosted"}));
        given.refusal(409, "ERROR_GIVEN");
        assert_eq!(setting(&mut boss, "retention_days")["value"], 7, "all or none");
        for wrong in [
            json!({"time_zone": "Nowhere"}),
            json!({"retention_days": 0}),
            json!({"boats": 1}),
            json!({"base_url": "ftp://h"}),
            json!({"limits": true}),
        ] {
            let refused = boss.ask("PUT", "/api/settings", &wrong);
            refused.refusal(400, "ERROR_ARGUMENT");
            assert_eq!(&refused.json()["argument"], wrong.as_object().unwrap().keys().next().unwrap());
        }
        boss.done("PUT", "/api/settings", &json!({"base_url": "https://crm.example.com"}));
        let made = server.portal().ask(&["hook", "create", "--owner", "1", "--scope", "crm", "--name", "x"]);
        assert!(made.starts_with("https://crm.example.com/rest/1/"), "{made}");
    }
}

/// What one node decides holds on the next call of another.
#[test]
fn settings_hold_on_every_node() {
    let Some((_, portal)) = Portal::on_each_engine().into_iter().find(|(engine, _)| *engine == "postgres")
    else {
        return;
    };
    let first = portal.start();
    let second = first.portal().beside().start();
    let hook = second.hook("crm");
    let zone = || hook.get("server.time").result().as_str().unwrap()[19..].to_owned();
    assert_eq!(zone(), "+00:00");
    Browser::of_the_administrator(&first).done("PUT", "/api/settings", &json!({"time_zone": "Asia/Tokyo"}));
    assert_eq!(zone(), "+09:00");
}

#[test]
fn what_matters_is_in_the_audit_log() {
    let server = Portal::new().start();
    let mut boss = Browser::of_the_administrator(&server);
    let guest = json!({"email": "ines@example.com"});
    let link = code(&boss.done("POST", "/api/users", &guest)["link"]);
    boss.done("PUT", "/api/settings", &json!({"limits": "bitrix24"}));
    boss.done("POST", "/api/password", &json!({"current": PASSWORD, "new": CHOSEN}));
    server.portal().ask(&["user", "passwd", "2"]);
    let log = boss.read("/api/audit?limit=3");
    let entries = log["entries"].as_array().unwrap();
    let told: Vec<_> =
        entries.iter().map(|one| (&one["action"], &one["object"], &one["user"]["id"])).collect();
    assert_eq!(
        json!(told),
        json!([
            ["password.set", "user:2", null],
            ["password.set", "user:1", 1],
            ["setting.changed", "setting:limits", 1],
        ])
    );
    assert_eq!(
        (&entries[1]["address"], &entries[2]["detail"]),
        (&json!("127.0.0.1"), &json!("off -> bitrix24"))
    );
    let before = boss.read(&format!("/api/audit?before={}&action=user.added", log["before"]));
    assert_eq!(
        (&before["entries"][0]["detail"], &before["before"]),
        (&json!("ines@example.com"), &Value::Null)
    );
    let everything = boss.read("/api/audit").to_string();
    assert!(!everything.contains(&link) && !everything.contains(CHOSEN));
}

#[test]
fn a_backup_is_restored() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.start();
        let mut boss = Browser::of_the_administrator(&server);
        let reply = boss.ask("POST", "/api/backup", &Value::Null);
        if engine == "postgres" {
            reply.refusal(409, "ERROR_POSTGRES");
            continue;
        }
        assert_eq!(reply.status, 200);
        assert!(reply.header("content-disposition").starts_with("attachment; filename=\"portreeve-"));
        let copy = Portal::new();
        std::fs::create_dir_all(copy.data()).unwrap();
        let archive = copy.data().with_file_name("download.tar");
        std::fs::write(&archive, &reply.body).unwrap();
        std::fs::copy(server.portal().data().join("portreeve.key"), copy.data().join("portreeve.key"))
            .unwrap();
        copy.ask(&["restore", archive.to_str().unwrap()]);
        assert!(copy.ask(&["user", "list"]).contains(ADMIN));
        let left = std::fs::read_dir(server.portal().data()).unwrap().filter_map(Result::ok);
        assert!(
            !left.map(|file| file.file_name()).any(|name| name.to_string_lossy().starts_with("download"))
        );
    }
}

#[test]
fn employees_are_refused_what_is_for_administrators() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.start();
        let mut ada = Browser::of_a_colleague(&server);
        for (verb, path, body) in [
            ("POST", "/api/users", json!({"email": "x@example.com"})),
            ("POST", "/api/users/1/link", Value::Null),
            ("PATCH", "/api/users/1", json!({"active": false})),
            ("GET", "/api/roles", Value::Null),
            ("POST", "/api/roles", json!({"name": "x"})),
            ("PUT", "/api/roles/1", json!({"name": "x"})),
            ("DELETE", "/api/roles/1", Value::Null),
            ("GET", "/api/settings", Value::Null),
            ("PUT", "/api/settings", json!({"licence": "demo"})),
            ("GET", "/api/audit", Value::Null),
            ("POST", "/api/backup", Value::Null),
        ] {
            let reply = ada.ask(verb, path, &body);
            assert_eq!(
                (reply.status, reply.json()["error"].as_str()),
                (403, Some("ACCESS_DENIED")),
                "{engine} {verb} {path}"
            );
        }
        let mut nobody = Browser::visiting(&server);
        for path in
            ["/api/users", "/api/users/1", "/api/sessions", "/api/settings", "/api/audit", "/api/roles"]
        {
            nobody.get(path).refusal(401, "NO_AUTH_FOUND");
        }
    }
}
