//! REST 3.0 over the socket: the envelope, bodies, and the headers of keys.

use it::{Hook, Portal};
use serde_json::{Value, json};

const JSON: (&str, &str) = ("content-type", "application/json");

/// The code of a refusal, which has nothing but an error.
#[track_caller]
fn code(said: &Value) -> &str {
    assert!(said.get("result").is_none() && said.get("time").is_none(), "{said}");
    said["error"]["code"].as_str().unwrap().trim_start_matches("BITRIX_REST_V3_EXCEPTION_")
}

#[test]
fn answers_have_an_envelope_of_their_own() {
    let server = Portal::new().start();
    let hook = server.hook("task,crm");
    let ask = |method: &str, body: &str| hook.send("POST", &hook.newer(method), &[JSON], body.as_bytes());
    let added =
        ask("tasks.task.add", r#"{"fields":{"title":"x","creatorId":1,"responsibleId":1},"auth":"none"}"#);
    assert_eq!(added.status, 200);
    let said = added.json();
    assert_eq!(said["result"]["item"]["title"], "x");
    assert!(said["time"]["start"].is_number() && said.get("total").is_none(), "{said}");

    let missing = ask("tasks.task.get", "{}");
    assert_eq!((missing.status, code(&missing.json())), (400, "VALIDATION_REQUESTVALIDATIONEXCEPTION"));
    let validation = json!([{"message": "Required field `id` is not specified", "field": "id"}]);
    assert_eq!(missing.json()["error"]["validation"], validation);
    for body in ["{", "[1", "5", "\"text\""] {
        let broken = ask("tasks.task.get", body);
        assert_eq!((broken.status, code(&broken.json())), (400, "INVALIDJSONEXCEPTION"), "{body}");
    }
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let formed = hook.send("POST", &hook.newer("tasks.task.get"), &form, b"id=1");
    assert_eq!((formed.status, code(&formed.json())), (400, "INVALIDJSONEXCEPTION"));

    // What has no parameters may be asked for with GET, and a query means nothing.
    let asked = hook.send("GET", &hook.newer("rest.scope.list?select[]=x"), &[], b"");
    assert_eq!(
        (asked.status, asked.json()["result"]["tasks"]["tasks.task.get"].as_str()),
        (200, Some("tasks"))
    );
    let queried = hook.send("GET", &hook.newer("tasks.task.get?id=1"), &[], b"");
    assert_eq!(code(&queried.json()), "VALIDATION_REQUESTVALIDATIONEXCEPTION");

    for (method, status, expected) in [
        ("crm.lead.list", 404, "METHODNOTFOUNDEXCEPTION"),
        ("no.such", 404, "METHODNOTFOUNDEXCEPTION"),
        ("humanresources.node.count", 403, "INSUFFICIENTSCOPEEXCEPTION"),
    ] {
        let refused = ask(method, "{}");
        assert_eq!((refused.status, code(&refused.json())), (status, expected), "{method}");
    }
    let wrong = hook.send("POST", "/rest/api/1/wrong/tasks.task.list", &[JSON], b"{}");
    assert_eq!((wrong.status, code(&wrong.json())), (401, "ACCESSDENIEDEXCEPTION"));
    let nobody = hook.send("POST", "/rest/api/tasks.task.list", &[JSON], b"{}");
    assert_eq!((nobody.status, code(&nobody.json())), (401, "ACCESSDENIEDEXCEPTION"));
    let old = hook.send("POST", "tasks.task.access.get", &[JSON], b"{\"id\":1}");
    assert_eq!((old.status, old.json()["error"].as_str()), (404, Some("ERROR_METHOD_NOT_FOUND")));
    let batch = ask(
        "batch",
        r#"[{"method":"tasks.task.get","query":{"id":1,"select":["id"]}},{"method":"no.such","query":{}}]"#,
    );
    assert_eq!((batch.status, code(&batch.json())), (400, "METHODNOTFOUNDEXCEPTION"));
}

#[test]
fn a_key_is_answered_with_the_answer_that_was_kept() {
    let server = Portal::new().start();
    let hook = server.hook("task,crm");
    let body = br#"{"fields":{"title":"x","creatorId":1,"responsibleId":1}}"#;
    let ask = |key: &str, body: &[u8]| {
        hook.send("POST", &hook.newer("tasks.task.add"), &[JSON, ("idempotency-key", key)], body)
    };
    let first = ask("order 1", body);
    assert_eq!((first.header("idempotency-key"), first.header("idempotent-replayed")), ("order 1", ""));
    let again = ask("order 1", body);
    assert_eq!((again.header("idempotency-key"), again.header("idempotent-replayed")), ("order 1", "true"));
    assert_eq!(again.json()["result"], first.json()["result"]);
    let other = ask("order 1", br#"{"fields":{"title":"y","creatorId":1,"responsibleId":1}}"#);
    assert_eq!((other.status, code(&other.json())), (422, "IDEMPOTENCYKEYREUSEDEXCEPTION"));
    let long = ask(&"k".repeat(256), body);
    assert_eq!((long.status, code(&long.json())), (400, "INVALIDIDEMPOTENCYKEYEXCEPTION"));
    let reading =
        hook.send("POST", &hook.newer("tasks.task.list"), &[JSON, ("idempotency-key", "order 1")], b"{}");
    assert_eq!((reading.status, reading.header("idempotency-key")), (200, ""));
    let lead = || {
        hook.send(
            "POST",
            "crm.lead.add",
            &[JSON, ("idempotency-key", "lead")],
            br#"{"fields":{"TITLE":"x"}}"#,
        )
    };
    assert_eq!(lead().json()["result"], lead().json()["result"]);
    assert_eq!(lead().header("idempotent-replayed"), "true");
}

/// Two servers of one portal are asked for the same at once, and again after one of them was restarted.
#[test]
fn a_key_holds_on_every_node() {
    let of_servers = |(engine, _): &(&str, Portal)| *engine == "postgres";
    let Some((_, portal)) = Portal::on_each_engine().into_iter().find(of_servers) else { return };
    let one = portal.start();
    let other = one.portal().beside().start();
    let here = one.same_hook(&one.hook("crm"));
    let there = other.same_hook(&here);
    let ask = |hook: &Hook| {
        let headers = [JSON, ("idempotency-key", "order")];
        hook.send("POST", "crm.lead.add", &headers, br#"{"fields":{"TITLE":"x"}}"#).json()["result"].clone()
    };
    let ids: Vec<Value> = std::thread::scope(|scope| {
        let asked = [&here, &there].repeat(4).into_iter().map(|hook| scope.spawn(|| ask(hook)));
        let asked: Vec<_> = asked.collect();
        asked.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(ids[0].is_number() && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    let other = other.stop().start();
    assert_eq!(ask(&other.same_hook(&here)), ids[0]);
    assert_eq!(here.call("crm.lead.list", json!({})).json()["total"], 1);
}
