//! Two-factor sign-in: a code of an app beside the password, and what happens to who lost it.

use std::time::{SystemTime, UNIX_EPOCH};

use it::{Browser, PASSWORD, Portal, Server};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret, Totp};

use crate::console_secrets::routes;

const ADMIN: &str = "admin@localhost";
const CHOSEN: &str = "a password of her own";

/// What works before a second factor that is required: setting it up, signing out, and what needs nobody signed in.
const OPEN: [&str; 7] = [
    "/api/session",
    "/api/factor",
    "/api/factor/confirm",
    "/api/factor/off",
    "/api/forgot",
    "/api/welcome",
    "/api/welcome/look",
];

/// An app on somebody's phone, and the recovery codes on paper.
pub struct Phone {
    pub secret: String,
    app: Totp,
    /// The step of the first code. The server's clock is the same or a little later, so that this code and the next one hold.
    step: u64,
    pub codes: Vec<String>,
}

impl Phone {
    /// Turns the second factor on for who is signed in.
    pub fn of(browser: &mut Browser, password: &str) -> Phone {
        let secret = begin(browser, password);
        let app = Builder::new().with_secret(Secret::try_from_base32(&secret).unwrap()).build().unwrap();
        let step = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() / 30;
        let mut phone = Phone { secret, app, step, codes: Vec::new() };
        let confirmed = browser.done("POST", "/api/factor/confirm", &json!({"code": phone.code(0)}));
        phone.codes = serde_json::from_value(confirmed["codes"].clone()).unwrap();
        // The sign-in has another token now.
        browser.get("/api/session");
        phone
    }

    fn code(&self, later: u64) -> String {
        self.app.generate((self.step + later) * 30).to_string()
    }

    fn recovery(&mut self) -> String {
        self.codes.pop().unwrap()
    }
}

fn begin(browser: &mut Browser, password: &str) -> String {
    let offer = browser.done("POST", "/api/factor", &json!({"password": password}));
    let secret = offer["secret"].as_str().unwrap().to_owned();
    assert!(offer["uri"].as_str().unwrap().contains(&format!("?secret={secret}&")), "{offer}");
    assert!(offer["qr"]["path"].as_str().unwrap().starts_with("M0 0h1v1h-1z"), "{offer}");
    secret
}

/// What a sign-in comes to: `""` where it succeeds.
fn tried(server: &Server, email: &str, password: &str, code: Option<&str>) -> String {
    let reply = Browser::visiting(server).ask(
        "POST",
        "/api/session",
        &json!({"email": email, "password": password, "code": code}),
    );
    let said = reply.json();
    assert_eq!(reply.status == 200, said["error"].is_null(), "{said}");
    said["error"].as_str().unwrap_or_default().to_owned()
}

fn actions(boss: &mut Browser) -> Vec<String> {
    let entries = boss.read("/api/audit")["entries"].take();
    let noted = entries.as_array().unwrap().iter().map(|one| one["action"].as_str().unwrap().to_owned());
    noted.filter(|action| action.starts_with("factor.")).collect()
}

#[test]
fn signing_in_takes_a_code_that_works_once() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.start();
        let there = Browser::of_the_administrator(&server);
        let mut here = Browser::of_the_administrator(&server);
        let refused = here.ask("POST", "/api/factor", &json!({"password": "guess"}));
        assert_eq!((refused.status, &refused.json()["argument"]), (422, &json!("password")), "{engine}");
        begin(&mut here, PASSWORD);
        assert_eq!(here.read("/api/factor")["on"], false);
        assert_eq!(tried(&server, ADMIN, PASSWORD, None), "", "nothing holds before a code was seen");
        here.ask("POST", "/api/factor/confirm", &json!({"code": "12345"})).refusal(422, "ERROR_CODE");

        let before =
            Browser { http: here.http.clone(), cookies: here.cookies.clone(), token: here.token.clone() };
        let phone = Phone::of(&mut here, PASSWORD);
        for mut ended in [there, before] {
            ended.get("/api/sessions").refusal(401, "NO_AUTH_FOUND");
        }
        let standing = here.read("/api/factor");
        assert_eq!((&standing["on"], &standing["recovery"]), (&json!(true), &json!(10)), "{engine}");
        assert!(
            here.read("/api/users/1")["factor"] == true
                && here.read("/api/users")["users"][0]["factor"] == true
        );
        let again = here.ask("POST", "/api/factor", &json!({"password": PASSWORD}));
        again.refusal(409, "ERROR_FACTOR_ON");

        let enter = |password: &str, code: &str| tried(&server, ADMIN, password, Some(code));
        assert_eq!(tried(&server, ADMIN, PASSWORD, None), "ERROR_CODE_NEEDED");
        assert_eq!(enter(PASSWORD, &phone.code(0)), "ERROR_CODE", "that turned it on");
        assert_eq!(enter("guess", &phone.code(1)), "ERROR_SIGN_IN", "and the code is not used up");
        assert_eq!(enter(PASSWORD, &phone.code(1)), "", "on {engine}");
        assert_eq!(enter(PASSWORD, &phone.code(1)), "ERROR_CODE", "a code works once");
        let spelled = phone.codes[0].to_uppercase().replace('-', " ");
        assert_eq!(enter(PASSWORD, &spelled), "");
        assert_eq!(enter(PASSWORD, &phone.codes[0]), "ERROR_CODE", "a recovery code works once");
        assert_eq!(here.read("/api/factor")["recovery"], 9);
        let noted = ["factor.refused", "factor.recovered", "factor.refused", "factor.refused"];
        assert_eq!(actions(&mut here), [&noted[..], &["factor.on"]].concat(), "{engine}");

        server.hook("crm").get("profile").success();
        let log = server.portal().log();
        assert!(!log.contains(&phone.secret) && !phone.codes.iter().any(|code| log.contains(code.as_str())));
    }
}

#[test]
fn turning_it_off_takes_password_and_code() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.start();
        let mut here = Browser::of_the_administrator(&server);
        let mut phone = Phone::of(&mut here, PASSWORD);
        let both = |password: &str, code: &str| json!({"password": password, "code": code});
        let kept = phone.recovery();
        for path in ["/api/factor/off", "/api/factor/codes"] {
            here.ask("POST", path, &both("guess", &kept)).refusal(422, "ERROR_SIGN_IN");
            here.ask("POST", path, &both(PASSWORD, "000-000")).refusal(422, "ERROR_CODE");
        }
        let renewed = here.done("POST", "/api/factor/codes", &both(PASSWORD, &kept))["codes"].take();
        let old = phone.recovery();
        assert_eq!(tried(&server, ADMIN, PASSWORD, Some(&old)), "ERROR_CODE", "{engine}");
        phone.codes = serde_json::from_value(renewed).unwrap();

        let mut there = Browser::visiting(&server);
        let entry = json!({"email": ADMIN, "password": PASSWORD, "code": phone.recovery()});
        there.done("POST", "/api/session", &entry);
        here.done("POST", "/api/factor/off", &both(PASSWORD, &phone.code(1)));
        there.get("/api/sessions").refusal(401, "NO_AUTH_FOUND");
        here.get("/api/session");
        here.ask("POST", "/api/factor/off", &both(PASSWORD, "1")).refusal(409, "ERROR_NO_FACTOR");
        assert_eq!(tried(&server, ADMIN, PASSWORD, None), "", "{engine}");
        assert_eq!(actions(&mut here)[0], "factor.off");
    }
}

/// A link takes the place of the password alone, and only an administrator or the operator takes the second factor away.
#[test]
fn a_link_does_not_pass_by_it_and_a_lost_phone_is_reset() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.start();
        let (mut boss, mut ada) = (Browser::of_the_administrator(&server), Browser::of_a_colleague(&server));
        let link = |boss: &mut Browser| {
            let link = boss.done("POST", "/api/users/2/link", &Value::Null)["link"].take();
            link.as_str().unwrap().split_once("#welcome=").unwrap().1.to_owned()
        };
        let code = link(&mut boss);
        let mut guest = Browser::visiting(&server);
        assert_eq!(guest.done("POST", "/api/welcome/look", &json!({"code": code}))["factor"], false);
        ada.done("POST", "/api/welcome", &json!({"code": code, "password": CHOSEN}));
        let mut phone = Phone::of(&mut ada, CHOSEN);

        let code = link(&mut boss);
        let accept =
            |second: Option<&str>| json!({"code": code, "password": "another password", "second": second});
        assert_eq!(guest.done("POST", "/api/welcome/look", &json!({"code": code}))["factor"], true);
        guest.ask("POST", "/api/welcome", &accept(None)).refusal(422, "ERROR_CODE_NEEDED");
        guest.ask("POST", "/api/welcome", &accept(Some("111111"))).refusal(422, "ERROR_CODE");
        assert_eq!(
            tried(&server, "ada@example.com", CHOSEN, None),
            "ERROR_CODE_NEEDED",
            "the password is as it was"
        );
        let second = phone.recovery();
        let entered = guest.done("POST", "/api/welcome", &accept(Some(&second)));
        assert_eq!(entered["user"]["id"], 2, "{engine}: the link was not used up");

        ada = guest;
        ada.ask("DELETE", "/api/users/1/factor", &Value::Null).refusal(403, "ACCESS_DENIED");
        boss.ask("DELETE", "/api/users/1/factor", &Value::Null).refusal(409, "ERROR_OWN_FACTOR");
        boss.ask("DELETE", "/api/users/9/factor", &Value::Null).refusal(404, "ERROR_NOT_FOUND");
        boss.done("DELETE", "/api/users/2/factor", &Value::Null);
        boss.ask("DELETE", "/api/users/2/factor", &Value::Null).refusal(409, "ERROR_NO_FACTOR");
        ada.get("/api/sessions").refusal(401, "NO_AUTH_FOUND");
        assert_eq!(tried(&server, "ada@example.com", "another password", None), "", "{engine}");

        Phone::of(&mut boss, PASSWORD);
        server.portal().ask(&["user", "totp", "off", "1"]);
        boss.get("/api/sessions").refusal(401, "NO_AUTH_FOUND");
        let again = server.portal().run(&["user", "totp", "off", "1"]);
        assert!(!again.status.success(), "{engine}");
        let mut boss = Browser::of_the_administrator(&server);
        let noted = boss.read("/api/audit?action=factor.reset")["entries"].take();
        assert_eq!((&noted[0]["user"], &noted[0]["object"]), (&Value::Null, &json!("user:1")));
        assert_eq!((&noted[1]["user"]["id"], &noted[1]["object"]), (&json!(1), &json!("user:2")));
    }
}

#[test]
fn where_it_is_required_nothing_else_works_before() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.with("--require-totp", "admins").start();
        let mut ada = Browser::of_a_colleague(&server);
        assert_eq!(ada.read("/api/session")["user"]["lacks_factor"], false);
        let mut boss = Browser::of_the_administrator(&server);
        let told = boss.read("/api/session");
        assert_eq!((&told["user"]["lacks_factor"], &told["portal"]["edition"]), (&json!(true), &Value::Null));
        for (path, verb) in routes() {
            if !OPEN.contains(&path.as_str()) {
                let path = path.replace("{id}", "1").replace("{method}", "profile");
                boss.ask(&verb.to_uppercase(), &path, &Value::Null).refusal(403, "ERROR_FACTOR_REQUIRED");
            }
        }
        let mut phone = Phone::of(&mut boss, PASSWORD);
        assert_eq!(boss.read("/api/session")["user"]["lacks_factor"], false, "{engine}");
        let given = boss.ask("PUT", "/api/settings", &json!({"require_totp": "nobody"}));
        given.refusal(409, "ERROR_GIVEN");

        // A lost phone is replaced by turning it off and on.
        let both = json!({"password": PASSWORD, "code": phone.recovery()});
        boss.done("POST", "/api/factor/off", &both);
        assert_eq!(boss.read("/api/session")["user"]["lacks_factor"], true);
        boss.done("DELETE", "/api/session", &Value::Null);
        boss.get("/api/factor").refusal(401, "NO_AUTH_FOUND");

        ada.read("/api/users");
    }
}

#[test]
fn the_console_decides_who_needs_it() {
    let server = Portal::new().start();
    let (mut boss, mut ada) = (Browser::of_the_administrator(&server), Browser::of_a_colleague(&server));
    boss.ask("PUT", "/api/settings", &json!({"require_totp": "some"})).refusal(400, "ERROR_ARGUMENT");
    boss.done("PUT", "/api/settings", &json!({"require_totp": "all"}));
    for browser in [&mut boss, &mut ada] {
        browser.get("/api/users").refusal(403, "ERROR_FACTOR_REQUIRED");
    }
    Phone::of(&mut boss, PASSWORD);
    boss.done("PUT", "/api/settings", &json!({"require_totp": "admins"}));
    ada.read("/api/users");
    boss.done("PATCH", "/api/users/2", &json!({"is_admin": true}));
    ada.get("/api/users").refusal(403, "ERROR_FACTOR_REQUIRED");
}

/// Codes are guessed no faster than passwords, and slower at an account.
#[test]
fn guessing_codes_is_slowed_down() {
    let server = Portal::new().start();
    let mut boss = Browser::of_the_administrator(&server);
    begin(&mut boss, PASSWORD);
    let mut tries = (0..40).map(|_| boss.ask("POST", "/api/factor/confirm", &json!({"code": "0000000"})));
    let refused = tries.position(|reply| reply.status == 429).expect("guessing goes on and on");
    assert_eq!(refused, 10);
    assert_eq!(actions(&mut boss), [""; 0]);
}

/// Phones know nothing of the portal's clock.
#[test]
fn codes_go_by_the_machines_clock() {
    let server = Portal::new().start();
    server.portal().ask(&["clock", "move", "400d"]);
    server.portal().ask(&["clock", "freeze"]);
    let mut boss = Browser::of_the_administrator(&server);
    let phone = Phone::of(&mut boss, PASSWORD);
    for (code, said) in [
        (String::new(), "ERROR_CODE_NEEDED"),
        (phone.code(9), "ERROR_CODE"),
        (phone.code(1), ""),
        (phone.code(1), "ERROR_CODE"),
    ] {
        assert_eq!(tried(&server, ADMIN, PASSWORD, Some(&code)), said);
    }
}

/// A snapshot brings back who signed in how: secrets and recovery codes of then, and those that were made since are worth
/// nothing.
#[test]
fn a_snapshot_brings_back_the_second_factor_of_then() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.start();
        let mut boss = Browser::of_the_administrator(&server);
        server.portal().ask(&["snapshot", "save", "without"]);
        let mut phone = Phone::of(&mut boss, PASSWORD);
        server.portal().ask(&["snapshot", "save", "with"]);
        let (spent, newer) = (phone.recovery(), phone.recovery());
        let enter = |code: Option<&str>| tried(&server, ADMIN, PASSWORD, code);
        assert_eq!(enter(Some(&spent)), "");
        boss.done("POST", "/api/factor/off", &json!({"password": PASSWORD, "code": newer}));
        boss.get("/api/session");
        let other = Phone::of(&mut boss, PASSWORD);

        server.portal().ask(&["snapshot", "restore", "with"]);
        assert_eq!(enter(Some(&other.codes[0])), "ERROR_CODE", "{engine}");
        assert_eq!(enter(Some(&spent)), "", "{engine}: it was not used up then");
        assert_eq!(enter(Some(&phone.code(1))), "");
        server.portal().ask(&["snapshot", "restore", "without"]);
        assert_eq!(enter(None), "", "{engine}");
    }
}
