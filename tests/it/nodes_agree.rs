//! Two nodes of one portal: what is decided on one holds on the other with the next request, and what is limited is limited for both.

use it::{Browser, Hook, PASSWORD, Portal, Server};
use serde_json::{Value, json};

const ADMIN: &str = "admin@localhost";

/// Two nodes with these settings, a webhook at the first, and the same at the second; nothing where there is no PostgreSQL.
fn nodes(settings: &[(&str, &str)]) -> Option<([Server; 2], [Hook; 2])> {
    begin(settings, false)
}

/// The same of a portal whose clock stands, so that nothing flows off.
fn frozen(settings: &[(&str, &str)]) -> Option<([Server; 2], [Hook; 2])> {
    begin(settings, true)
}

fn begin(settings: &[(&str, &str)], is_frozen: bool) -> Option<([Server; 2], [Hook; 2])> {
    let (_, mut portal) = Portal::on_each_engine().into_iter().find(|(engine, _)| *engine == "postgres")?;
    if is_frozen {
        // A node that runs learns of it with its next call; these know from the start.
        portal = portal.start().stop();
        portal.ask(&["clock", "freeze"]);
    }
    let set = |portal: Portal| settings.iter().fold(portal, |portal, (flag, value)| portal.with(flag, value));
    let one = set(portal).start();
    let other = set(one.portal().beside()).start();
    let hook = one.hook("crm,im,user,disk");
    let hooks = [one.same_hook(&hook), other.same_hook(&hook)];
    Some(([one, other], hooks))
}

#[test]
fn a_rate_limit_is_one_for_both() {
    let Some((_servers, hooks)) = frozen(&[("--limits", "bitrix24")]) else { return };
    let admitted = (0..120).filter(|number| hooks[number % 2].get("profile").status == 200).count();
    assert_eq!(admitted, 50);
    hooks[1].get("profile").refusal(503, "QUERY_LIMIT_EXCEEDED");
}

/// From many at the same time, on both nodes: not one too many.
#[test]
fn a_rate_limit_is_exact_when_many_ask_at_once() {
    let Some((_servers, hooks)) = frozen(&[("--limits", "bitrix24")]) else { return };
    let admitted: usize = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..12)
            .map(|client| {
                let hook = hooks[client % 2].clone();
                scope.spawn(move || (0..10).filter(|_| hook.get("profile").status == 200).count())
            })
            .collect();
        clients.into_iter().map(|client| client.join().unwrap()).sum()
    });
    assert_eq!(admitted, 50);
}

#[test]
fn guesses_count_on_both() {
    let Some((servers, _)) = nodes(&[]) else { return };
    let mut browsers = servers.each_ref().map(Browser::visiting);
    // Ten, and one more for each half minute that this takes.
    let refused = (0..20).position(|number| browsers[number % 2].sign_in(ADMIN, "guess").status == 429);
    assert!(refused.is_some_and(|number| (10..16).contains(&number)), "{refused:?}");
    let both = browsers.each_mut().map(|browser| browser.sign_in(ADMIN, PASSWORD).status);
    assert_eq!(both, [429, 429]);
}

#[test]
fn what_one_decides_holds_on_the_other_with_the_next_request() {
    let Some((servers, [one, other])) = nodes(&[]) else { return };
    other.result("profile", json!({}));
    // A field that somebody adds, and settings.
    one.result(
        "crm.lead.userfield.add",
        json!({"fields": {"FIELD_NAME": "COLOUR", "USER_TYPE_ID": "string"}}),
    );
    assert!(other.result("crm.lead.fields", json!({})).get("UF_CRM_COLOUR").is_some());
    servers[0].portal().ask(&["clock", "move", "300d"]);
    let [here, there] = [&one, &other].map(|hook| {
        hook.call("profile", json!({})).success()["time"]["date_start"].as_str().unwrap()[..7].to_owned()
    });
    assert_eq!(here, there);
    servers[0].portal().ask(&["clock", "reset"]);

    // A session that is ended, and one that a new password ends.
    let mut browser = Browser::signed_in(&servers[0], ADMIN, PASSWORD);
    let mut there =
        Browser { http: other.clone(), cookies: browser.cookies.clone(), token: browser.token.clone() };
    assert_ne!(there.get("/api/session").json()["user"], Value::Null, "a session is one for both");
    assert_eq!(browser.ask("DELETE", "/api/session", &Value::Null).status, 204);
    there.get("/api/sessions").refusal(401, "NO_AUTH_FOUND");

    // A user who is dismissed, and a webhook that is taken away.
    servers[0].portal().ask(&["user", "add", "--email", "ada@example.com", "--name", "Ada"]);
    let ada = servers[0].hook_of("2", "crm");
    let [here, there] = servers.each_ref().map(|server| server.same_hook(&ada));
    there.result("profile", json!({}));
    one.result("user.update", json!({"ID": 2, "ACTIVE": false}));
    assert_ne!(there.get("profile").status, 200);
    one.result("user.update", json!({"ID": 2, "ACTIVE": true}));
    there.result("profile", json!({}));
    let list = servers[0].portal().ask(&["hook", "list"]);
    let numbers = list.lines().filter_map(|line| line.split_whitespace().next()?.parse::<i64>().ok());
    let number = numbers.max().expect("webhooks have numbers");
    servers[0].portal().ask(&["hook", "revoke", &number.to_string()]);
    there.get("profile").refusal(401, "INVALID_CREDENTIALS");
    here.get("profile").refusal(401, "INVALID_CREDENTIALS");
}
