//! Refusals: status, code and text of each case of protocol 3.3 to 3.7, and the order in which they are looked for (3.2).

use it::{Portal, Server};
use serde_json::{Value, json};

const WRONG_SECRET: &str = "0000000000000000";

#[test]
fn credentials() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    let secret = hook.secret();
    for wrong in [WRONG_SECRET, &secret.to_uppercase(), &secret[1..], &format!("{secret}0"), "%00"] {
        let text = hook.replaced(secret, wrong).get("profile").refusal(401, "INVALID_CREDENTIALS");
        assert_eq!(text, "Invalid request credentials");
    }
    // A user is a canonical number; anything else would be a login (protocol 1.1), and is nobody.
    for user in ["2", "999999", "0", "admin", "01", "+1", "-1", "99999999999999999999"] {
        hook.replaced("/rest/1/", &format!("/rest/{user}/"))
            .get("profile")
            .refusal(401, "INVALID_CREDENTIALS");
    }
    assert_eq!(hook.get("/rest/profile").refusal(401, "NO_AUTH_FOUND"), "Wrong authorization data");
}

/// An unknown method is told before the secret is looked at, and the secret before the scope.
#[test]
fn the_order_of_checks() {
    let server = Portal::new().start();
    let hook = server.hook("user");
    let stranger = hook.replaced(hook.secret(), WRONG_SECRET);
    stranger.get("no.such.method").refusal(404, "ERROR_METHOD_NOT_FOUND");
    hook.get("/rest/no.such.method").refusal(404, "ERROR_METHOD_NOT_FOUND");
    stranger.get("crm.lead.list").refusal(401, "INVALID_CREDENTIALS");
    let text = hook.get("crm.lead.list").refusal(401, "insufficient_scope");
    assert_eq!(text, "The request requires higher privileges than provided by the webhook token");
}

/// A JSON number that no double holds breaks nothing but the field that it is for.
#[test]
fn a_number_that_is_too_large() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.start();
        let hook = server.hook("crm");
        let post = |rest: &str, body: &str| hook.post(rest, "application/json", body.as_bytes());
        let deals = || hook.result("crm.deal.list", json!({"select": ["ID"]})).as_array().unwrap().len();
        let out_of_range = "The value of the field \"Amount\" is out of range.";
        for sum in ["1e400", "-1e400", &"9".repeat(400)] {
            let body = format!(r#"{{"fields": {{"TITLE": "x", "OPPORTUNITY": {sum}}}}}"#);
            let text = post("crm.deal.add.json", &body).refusal(400, "ERROR_CORE");
            assert_eq!((text.as_str(), deals()), (out_of_range, 0), "{engine} {sum}");
        }
        let batch = r#"{"halt": 0, "cmd": {"a": "crm.deal.add?fields[OPPORTUNITY]=-1e400", "b": "profile"}, "x": 1e400}"#;
        let sections = post("batch", batch).result();
        assert_eq!(sections["result_error"]["a"]["error_description"], out_of_range, "{engine}");
        assert_eq!(sections["result"]["b"]["ID"], "1");
        // A long whole number is a float, and a title like any other.
        let body = r#"{"fields": {"TITLE": 12345678901234567890, "OPPORTUNITY": 12345678901234}}"#;
        let id = post("crm.deal.add", body).result();
        let deal = hook.result("crm.deal.get", json!({"id": id}));
        assert_eq!(
            (&deal["TITLE"], &deal["OPPORTUNITY"]),
            (&json!("12345678901234567000"), &json!("12345678901234.00"))
        );
    }
}

/// In a batch the same refusal has no text (protocol 3.4, E.4).
#[test]
fn a_missing_scope_in_a_batch() {
    let server = Portal::new().start();
    let sections = server.hook("user").batch(&[("n", "crm.lead.list"), ("p", "profile")]);
    assert_eq!(
        sections["result_error"],
        json!({"n": {"error": "insufficient_scope", "error_description": ""}})
    );
    assert_eq!(sections["result"]["p"]["ID"], "1");
}

#[test]
fn methods_that_need_an_application() {
    let server = Portal::new().start();
    let hook = server.hook("crm,user,placement,bizproc");
    for method in ["app.option.get", "app.option.set", "user.option.get", "user.option.set"] {
        let text = hook.get(method).refusal(400, "AccessException");
        assert_eq!(text, "Application context required", "{method}");
    }
    for method in
        ["event.bind", "event.unbind", "event.get", "events", "event.offline.get", "event.offline.list"]
    {
        let text = hook.get(method).refusal(403, "WRONG_AUTH_TYPE");
        assert_eq!(text, "Current authorization type is denied for this method", "{method}");
    }
    assert_eq!(hook.call("feature.get", json!({})).refusal(400, "CODE_EMPTY"), "CODE can't be empty");
}

#[test]
fn a_revoked_webhook_is_refused_at_once() {
    let server = Portal::new().start();
    let (hook, other) = (server.hook("crm"), server.hook("crm"));
    hook.get("profile").success();
    let id = id_of_first_hook(&server);
    server.portal().ask(&["hook", "revoke", &id]);
    hook.get("profile").refusal(401, "INVALID_CREDENTIALS");
    other.get("profile").success();
}

/// The first column of `hook list` is the id.
fn id_of_first_hook(server: &Server) -> String {
    let list = server.portal().ask(&["hook", "list"]);
    let ids = list.lines().filter_map(|line| line.split_whitespace().next());
    ids.filter(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
        .min_by_key(|id| id.parse::<u64>().unwrap())
        .unwrap()
        .to_owned()
}

#[test]
fn an_expired_webhook_is_refused() {
    let server = Portal::new().start();
    let create = |expires: &str| {
        let arguments =
            ["hook", "create", "--owner", "1", "--scope", "crm", "--name", "old", "--expires", expires];
        server.to_hook(&server.portal().ask(&arguments))
    };
    create("2001-01-01").get("profile").refusal(401, "INVALID_CREDENTIALS");
    create("2999-01-01").get("profile").success();
}

/// A dismissed owner's webhook is refused, and works again with its owner (checklist D.9).
#[test]
fn a_dismissed_owner() {
    let server = Portal::new().start();
    let admin = server.hook("user");
    let user = server.portal().ask(&[
        "user",
        "add",
        "--email",
        "ada@example.com",
        "--name",
        "Ada",
        "--last-name",
        "Berg",
    ]);
    let hook = server.hook_of(&user, "crm");
    assert_eq!(hook.get("profile").result()["ID"], user.as_str());
    admin.result("user.update", json!({"ID": user, "ACTIVE": false}));
    assert_eq!(hook.get("profile").refusal(401, "authorization_error"), "Unable to authorize user");
    hook.get("crm.lead.list").refusal(401, "authorization_error");
    admin.result("user.update", json!({"ID": user, "ACTIVE": true}));
    hook.get("profile").success();
}

#[test]
fn https_may_be_required() {
    let server = Portal::new().with("--require-https", "true").start();
    let hook = server.hook("crm");
    let hook = hook.replaced("https://", "http://");
    assert_eq!(hook.get("profile").refusal(401, "INVALID_REQUEST"), "Https required.");
    hook.get("no.such.method").refusal(404, "ERROR_METHOD_NOT_FOUND");
}

/// Without a licence that includes REST, every known method says so (protocol 3.3).
#[test]
fn an_expired_licence_closes_the_door() {
    let server = Portal::new().with("--edition", "cloud").with("--licence", "expired").start();
    let hook = server.hook("crm");
    assert_eq!(hook.get("profile").refusal(401, "ACCESS_DENIED"), "REST is available only by subscription.");
    hook.replaced(hook.secret(), WRONG_SECRET).get("profile").refusal(401, "INVALID_CREDENTIALS");
    let demo = Portal::new().with("--edition", "cloud").with("--licence", "demo").start();
    demo.hook("crm").get("profile").success();
}

/// The classic methods answer with an empty code (protocol 3.6).
#[test]
fn classic_crm_refusals() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    let refused = |method: &str, parameters: Value| hook.call(method, parameters).refusal(400, "");
    for kind in ["lead", "contact", "company", "deal"] {
        assert_eq!(refused(&format!("crm.{kind}.get"), json!({"id": 404})), "Not found");
        for id in [json!(0), json!(""), json!("x"), json!([]), json!(-1), Value::Null] {
            assert_eq!(
                refused(&format!("crm.{kind}.get"), json!({"id": id})),
                "ID is not defined or invalid.",
                "{kind} {id}"
            );
        }
        assert_eq!(
            refused(&format!("crm.{kind}.add"), json!({"fields": "x"})),
            "Parameter 'fields' must be array."
        );
    }
}

/// The newer methods name what is wrong (protocol 3.7).
#[test]
fn item_refusals() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    let refused =
        |code: &str, method: &str, parameters: Value| hook.call(method, parameters).refusal(400, code);
    let text = "Could not find value for parameter {entityTypeId}";
    assert_eq!(refused("100", "crm.item.list", json!({})), text);
    assert_eq!(refused("NOT_FOUND", "crm.item.list", json!({"entityTypeId": 9999})), "SPA not found");
    assert_eq!(refused("NOT_FOUND", "crm.item.get", json!({"entityTypeId": 1, "id": 404})), "Item not found");
    let filter =
        refused("INVALID_ARG_VALUE", "crm.item.list", json!({"entityTypeId": 1, "filter": {"nobody": 1}}));
    assert_eq!(filter, "Invalid filter: field 'nobody' is not allowed in filter");
    let order =
        refused("INVALID_ARG_VALUE", "crm.item.list", json!({"entityTypeId": 1, "order": {"nobody": "ASC"}}));
    assert_eq!(order, "Invalid order: field 'nobody' is not allowed in order");
    let way =
        refused("INVALID_ARG_VALUE", "crm.item.list", json!({"entityTypeId": 1, "order": {"id": "up"}}));
    assert_eq!(way, "Invalid order: allowed sort directions are `ASC, DESC`. But got 'up' for field 'id'");
}
