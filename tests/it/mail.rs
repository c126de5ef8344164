//! What the portal sends by e-mail, and to whom it is told that handlers fail.

use it::sink::{self, Sink};
use it::{Browser, Mailbox, PASSWORD, Portal, Reply};
use serde_json::{Value, json};

use crate::console_factor::Phone;

const ADMIN: &str = "admin@localhost";
const CHOSEN: &str = "a password of her own";

fn with_mail(portal: Portal, mailbox: &Mailbox) -> Portal {
    portal
        .with("--smtp-host", "127.0.0.1")
        .with("--smtp-port", &mailbox.port().to_string())
        .with("--smtp-tls", "off")
        .with("--smtp-from", "CRM <crm@example.com>")
}

/// Sets a password with the code of a link.
fn accept(server: &it::Server, code: &str) -> Value {
    Browser::visiting(server).done("POST", "/api/welcome", &json!({"code": code, "password": CHOSEN}))
}

#[test]
fn invitations_go_out_by_e_mail() {
    for (engine, portal) in Portal::on_each_engine() {
        let mailbox = Mailbox::start();
        let server = with_mail(portal, &mailbox).start();
        let mut boss = Browser::of_the_administrator(&server);
        let made = boss.done("POST", "/api/users", &json!({"email": "ines@example.com", "name": "Ines"}));
        assert_eq!(made["mailed"], true, "{engine}");
        let letter = &mailbox.wait_for(1)[0];
        assert_eq!(
            (letter.to.as_str(), letter.behind("\nFrom: ")),
            ("ines@example.com", "CRM <crm@example.com>")
        );
        assert!(letter.behind("\nSubject: ").starts_with("Invitation to "), "{}", letter.text);
        let code = letter.behind("/sign-in#welcome=");
        assert!(made["link"].as_str().unwrap().ends_with(code), "the same link");
        assert_eq!(accept(&server, code)["user"]["email"], "ines@example.com");

        // A user that a webhook adds is invited, and the webhook does not see the link.
        let added = server.hook("user").result("user.add", json!({"EMAIL": "otto@example.com"}));
        let letter = &mailbox.wait_for(2)[1];
        assert_eq!(letter.to, "otto@example.com");
        assert_eq!(accept(&server, letter.behind("/sign-in#welcome="))["user"]["id"], added);
        assert!(!server.portal().log().contains(code));
    }
}

#[test]
fn who_forgot_the_password_gets_a_link_and_others_learn_nothing() {
    for (_, portal) in Portal::on_each_engine() {
        let mailbox = Mailbox::start();
        let server = with_mail(portal, &mailbox).start();
        let mut guest = Browser::visiting(&server);
        assert_eq!(guest.read("/api/session")["portal"]["mail"], true);
        let forgot =
            |guest: &mut Browser, email: &str| guest.ask("POST", "/api/forgot", &json!({"email": email}));
        let said = |reply: &Reply| (reply.status, reply.text());
        let unknown = said(&forgot(&mut guest, "nobody@example.com"));
        assert_eq!(unknown, (202, String::new()));
        assert_eq!(said(&forgot(&mut guest, "Admin@Localhost ")), unknown);
        let letter = &mailbox.wait_for(1)[0];
        assert_eq!(letter.to, ADMIN);
        let code = letter.behind("/sign-in#welcome=").to_owned();
        accept(&server, &code);
        let mut again = Browser::visiting(&server);
        assert_eq!(again.sign_in(ADMIN, PASSWORD).status, 422, "the old one is over");
        assert_eq!(again.sign_in(ADMIN, CHOSEN).status, 200);
        again.ask("POST", "/api/welcome/look", &json!({"code": code})).refusal(404, "ERROR_NOT_FOUND");

        // Three in a row for one account; whoever asks for more is told the same.
        server.portal().ask(&["user", "add", "--email", "eva@example.com"]);
        (0..5).for_each(|_| assert_eq!(said(&forgot(&mut guest, ADMIN)), unknown));
        assert_eq!(said(&forgot(&mut guest, "eva@example.com")), unknown);
        let all = mailbox.wait_for(5);
        let to: Vec<&str> = all.iter().map(|letter| letter.to.as_str()).collect();
        assert_eq!(
            to.iter().filter(|to| **to == ADMIN).count(),
            4,
            "three links, and that the password was changed: {to:?}"
        );
        assert!(to.contains(&"eva@example.com"), "{to:?}");
        Browser::of(&server)
            .ask("POST", "/api/forgot", &json!({"email": ADMIN}))
            .refusal(403, "INVALID_TOKEN");
    }
}

/// Whoever did not change it learns that somebody else did.
#[test]
fn people_are_told_when_what_they_sign_in_with_changes() {
    for (engine, portal) in Portal::on_each_engine() {
        let mailbox = Mailbox::start();
        let server = with_mail(portal, &mailbox).start();
        let (mut boss, mut ada) = (Browser::of_the_administrator(&server), Browser::of_a_colleague(&server));
        let last = |count: usize, to: &str, words: &str| {
            let letter = mailbox.wait_for(count)[count - 1].clone();
            assert!(
                letter.to == to && letter.text.contains(words),
                "{engine} {}: {}",
                letter.to,
                letter.text
            );
        };
        boss.done("POST", "/api/password", &json!({"current": PASSWORD, "new": CHOSEN}));
        last(1, ADMIN, "was changed");
        boss.get("/api/session");
        boss.done("PATCH", "/api/users/2", &json!({"email": "berg@example.com"}));
        last(2, "ada@example.com", "that you sign in to");
        let link = boss.done("POST", "/api/users/2/link", &Value::Null);
        last(3, "berg@example.com", "set a new password");
        let code = link["link"].as_str().unwrap().split_once("#welcome=").unwrap().1;
        ada.done("POST", "/api/welcome", &json!({"code": code, "password": CHOSEN}));
        last(4, "berg@example.com", "was changed");
        let phone = Phone::of(&mut ada, CHOSEN);
        last(5, "berg@example.com", "turned on");
        let entry = json!({"email": "berg@example.com", "password": CHOSEN, "code": phone.codes[0]});
        Browser::visiting(&server).done("POST", "/api/session", &entry);
        last(6, "berg@example.com", "A recovery code was used");
        boss.done("DELETE", "/api/users/2/factor", &Value::Null);
        last(7, "berg@example.com", "was reset");
        assert!(!mailbox.wait_for(7).iter().any(|letter| letter.text.contains(&phone.secret)));
    }
}

#[test]
fn without_a_mail_server_nothing_is_promised() {
    let server = Portal::new().start();
    let mut guest = Browser::visiting(&server);
    assert_eq!(guest.read("/api/session")["portal"]["mail"], false);
    guest.ask("POST", "/api/forgot", &json!({"email": ADMIN})).refusal(409, "ERROR_NO_MAIL");
    let mut boss = Browser::of_the_administrator(&server);
    assert_eq!(boss.done("POST", "/api/users", &json!({"email": "ines@example.com"}))["mailed"], false);
    boss.ask("POST", "/api/alerts/test", &json!({})).refusal(409, "ERROR_NO_CHANNEL");
}

#[test]
fn alerts_are_set_in_the_console_and_tried_out() {
    for (engine, portal) in Portal::on_each_engine() {
        let (mailbox, sink) = (Mailbox::start(), Sink::start(|_| sink::Reply::status(200)));
        let server = portal.with("--allow-handlers", "127.0.0.1").start();
        let mut boss = Browser::of_the_administrator(&server);
        let url = format!("{}/services/T0/s3cret", sink.url());
        let wanted = json!({
            "alert_url": url, "alert_format": "slack", "alert_mail": ["night@example.com"], "smtp_host": "127.0.0.1",
            "smtp_port": mailbox.port(), "smtp_tls": "off", "smtp_password": "pa55word",
        });
        let settings = boss.done("PUT", "/api/settings", &wanted);
        let one = |name: &str| {
            let all = settings["settings"].as_array().unwrap();
            all.iter().find(|one| one["name"] == name).unwrap().clone()
        };
        assert_eq!((&one("alert_url")["value"], &one("alert_url")["set"]), (&json!(null), &json!(true)));
        assert_eq!(
            (&one("smtp_password")["set"], &one("smtp_password")["kind"]),
            (&json!(true), &json!("secret"))
        );
        let shown = settings.to_string() + &boss.read("/api/audit").to_string();
        assert!(!shown.contains("s3cret") && !shown.contains("pa55word"), "{shown}");

        let tried = boss.done("POST", "/api/alerts/test", &json!({}));
        let told = [json!({"to": null, "error": null}), json!({"to": "night@example.com", "error": null})];
        assert_eq!(tried["tried"], json!(told), "{engine}");
        let posted = &sink.wait_for(1)[0];
        let body: Value = serde_json::from_str(&posted.body).unwrap();
        assert!(body["text"].as_str().unwrap().starts_with("This is a test"), "{body}");
        assert!(posted.header("webhook-signature").starts_with("v1,"));
        assert!(mailbox.wait_for(1)[0].behind("\nSubject: ").starts_with("Test alert"));

        let secret = boss.done("POST", "/api/alerts/secret", &json!({}))["secret"].clone();
        assert_eq!(server.portal().ask(&["alerts", "secret"]).trim(), secret.as_str().unwrap());
        let said = server.portal().ask(&["alerts", "test"]);
        assert_eq!(said.trim(), "sent\tthe alert URL\nsent\tnight@example.com");
        let mut other = Browser::of_a_colleague(&server);
        other.ask("POST", "/api/alerts/test", &json!({})).refusal(403, "ACCESS_DENIED");
        let log = server.portal().log();
        assert!(!log.contains("s3cret") && !log.contains("pa55word"), "{log}");
    }
}
