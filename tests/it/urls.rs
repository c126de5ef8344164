//! How a call may be written: paths, suffixes, verbs, bodies, headers (protocol 1).

use it::{Hook, Portal};
use serde_json::json;
use store::Location;

/// The paths of checklist D.1, and what else clients send: extras in the query, methods in any case.
#[test]
fn every_spelling_of_a_path_works() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    let id = json!("1");
    for path in [
        "profile",
        "profile/",
        "profile.json",
        "profile.json/",
        "profile.JSON",
        "PROFILE.JSON",
        "Profile",
        "profile?bx24_request_id=1&bx24_sdk_ver=2.2.0",
        "profile/?bx24_request_id=1",
        "profile.json?x[y][]=%00&=&&[=",
    ] {
        let reply = hook.get(path);
        assert_eq!(reply.result()["ID"], id, "{path}");
        assert_eq!(reply.header("content-type"), "application/json; charset=utf-8", "{path}");
    }
}

/// The PHP SDK puts a second slash before the method when the configured URL ends in one.
#[test]
fn repeated_slashes_are_one() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    let path = format!("//rest///1//{}//profile//", hook.secret());
    assert_eq!(hook.get(&path).result()["ID"], "1");
}

#[test]
fn a_suffix_asks_for_xml() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    for path in ["user.admin.xml", "user.admin.XML", "user.admin.Xml/"] {
        let reply = hook.get(path);
        assert_eq!((reply.status, reply.header("content-type")), (200, "text/xml; charset=utf-8"), "{path}");
        assert!(reply.text().starts_with("<response><result>1</result><time><start>"), "{}", reply.text());
        assert!(reply.text().ends_with("</time></response>"), "{}", reply.text());
    }
    let refused = hook.get("no.such.method.xml");
    let expected = "<response><error>ERROR_METHOD_NOT_FOUND</error>\
                    <error_description>Method not found!</error_description></response>";
    assert_eq!((refused.status, refused.text().as_str()), (404, expected));
}

#[test]
fn what_is_no_method_is_not_found() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    let secret = hook.secret();
    let paths = [
        "/rest/",
        "/rest",
        "/rest/1/",
        &format!("/rest/1/{secret}"),
        &format!("/rest/1/{secret}/"),
        "profile.yaml",
        "profile.json.json",
        "no.such.method",
        "crm",
        "crm.lead",
        "%70rofile.x",
        ".json",
        ".xml",
    ];
    for path in paths {
        let reply = hook.get(path);
        assert_eq!(reply.status, 404, "{path}: {}", reply.text());
        if !path.ends_with(".xml") {
            assert_eq!(reply.refusal(404, "ERROR_METHOD_NOT_FOUND"), "Method not found!", "{path}");
        }
    }
}

/// The verb decides only whether the body counts: POST's does.
#[test]
fn every_verb_calls_and_only_post_has_a_body() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    let exists = |verb: &str, path: &str, body: &str| {
        let headers = [("content-type", "application/json")];
        hook.send(verb, path, &headers, body.as_bytes()).result()["isExisting"].as_bool().unwrap()
    };
    let body = r#"{"name":"profile"}"#;
    for verb in ["PUT", "PATCH", "DELETE"] {
        assert!(exists(verb, "method.get?name=profile", r#"{"name":"no.such"}"#), "{verb}");
        assert!(!exists(verb, "method.get?name=no.such", body), "{verb}");
    }
    assert!(exists("GET", "method.get?name=profile", ""));
    assert!(exists("POST", "method.get", body));
    assert!(exists("POST", "method.get?name=profile", ""), "POST with a query and no body");
    let head = hook.send("HEAD", "profile", &[], b"");
    assert_eq!((head.status, head.body.len()), (200, 0));
}

/// Query first, then the body over it, each decoded as PHP does (protocol 1.4, 1.5, checklist D.3 and D.4).
#[test]
fn parameters_come_from_everywhere() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    let boundary = "multipart/form-data; boundary=xYx";
    let multipart = "--xYx\r\nContent-Disposition: form-data; name=\"fields[TITLE]\"\r\n\r\nBerth 7\r\n\
                     --xYx\r\nContent-Disposition: form-data; name=\"fields[PHONE][0][VALUE]\"\r\n\r\n+49 1\r\n--xYx--\r\n";
    let bodies = [
        ("", "application/x-www-form-urlencoded", "fields[TITLE]=Berth+7&fields[PHONE][0][VALUE]=%2B49+1"),
        (
            "",
            "application/x-www-form-urlencoded",
            "fields%5BTITLE%5D=Berth%207&fields%5BPHONE%5D%5B%5D%5BVALUE%5D=%2B49+1",
        ),
        ("", "application/json", r#"{"fields":{"TITLE":"Berth 7","PHONE":[{"VALUE":"+49 1"}]}}"#),
        (
            "",
            "application/json; charset=utf-8",
            r#"{"FIELDS":{"TITLE":"Berth 7","PHONE":{"n0":{"VALUE":"+49 1"}}}}"#,
        ),
        ("", boundary, multipart),
        ("?fields[TITLE]=Berth%207&fields[PHONE][0][VALUE]=%2B49%201", "application/json", "{broken"),
        ("?fields[TITLE]=Berth%207&fields[PHONE][0][VALUE]=%2B49%201", "application/json", "[]"),
        (
            "?fields[TITLE]=Other",
            "application/x-www-form-urlencoded",
            "fields[TITLE]=Berth+7&fields[PHONE][0][VALUE]=%2B49+1",
        ),
        ("", "", "fields[TITLE]=Berth+7&fields[PHONE][0][VALUE]=%2B49+1"),
    ];
    for (query, content_type, body) in bodies {
        let id = hook.post(&format!("crm.lead.add{query}"), content_type, body.as_bytes()).result();
        let lead = hook.result("crm.lead.get", json!({"id": id}));
        assert_eq!(lead["TITLE"], "Berth 7", "{query} {content_type} {body}");
        assert_eq!(lead["PHONE"][0]["VALUE"], "+49 1", "{query} {content_type} {body}");
    }
}

/// A body that is no JSON, or JSON sent as text, is a call without parameters, not an error.
#[test]
fn a_body_that_makes_no_sense_is_no_parameters() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    for (content_type, body) in [
        ("application/json", "{\"id\": 1"),
        ("application/json", "17"),
        ("application/json", "\"text\""),
        ("application/json", "null"),
        ("application/json", "\u{feff}{}"),
        ("text/plain", "{\"id\": 1}"),
        ("application/octet-stream", "\0\0\0"),
        ("multipart/form-data", "no boundary"),
    ] {
        let reply = hook.post("crm.lead.get", content_type, body.as_bytes());
        assert_eq!(reply.refusal(400, ""), "ID is not defined or invalid.", "{content_type} {body}");
    }
}

#[test]
fn browsers_may_call() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    let replies = [
        hook.get("profile"),
        hook.get("no.such.method"),
        hook.replaced(hook.secret(), "0000000000000000").get("profile"),
        hook.send(
            "OPTIONS",
            "crm.lead.add",
            &[("origin", "https://example.com"), ("access-control-request-method", "POST")],
            b"",
        ),
    ];
    for reply in &replies {
        assert_eq!(reply.header("access-control-allow-origin"), "*", "{}", reply.status);
        assert_eq!(
            reply.header("access-control-allow-headers"),
            "origin, content-type, accept",
            "{}",
            reply.status
        );
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{}", reply.status);
    }
    let preflight = &replies[3];
    assert!(matches!(preflight.status, 200 | 204) && preflight.body.is_empty(), "{}", preflight.status);
    assert_eq!(leads(&hook), 0, "a preflight request runs nothing");
}

/// `time` is complete in every success (protocol 2.2): clients parse all eight keys.
#[test]
fn the_time_block_is_complete() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    let time = hook.get("profile").success()["time"].clone();
    let keys: Vec<&str> = time.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "start",
        "finish",
        "duration",
        "processing",
        "date_start",
        "date_finish",
        "operating_reset_at",
        "operating",
    ];
    assert_eq!(keys, expected);
    assert!(time["finish"].as_f64() >= time["start"].as_f64());
    assert!(time["operating_reset_at"].as_i64() > Some(0));
    for key in ["date_start", "date_finish"] {
        let date = time[key].as_str().unwrap();
        assert!(
            date.len() == 25 && date.as_bytes()[10] == b'T' && matches!(date.as_bytes()[19], b'+' | b'-'),
            "{date}"
        );
    }
}

#[test]
fn health_is_for_everybody() {
    let server = Portal::new().start();
    assert_eq!(server.to_hook(&format!("{}/rest/1/none/", server.base())).get("/health").status, 200);
}

/// The health check of the container, which has no other program.
#[test]
fn the_command_line_asks_for_health() {
    for portal in [Portal::new(), Portal::new().with_tls("dev")] {
        let server = portal.start();
        let address = server.address().to_owned();
        let health = ["health", "--listen", &address];
        assert_eq!(server.portal().ask(&health), r#"{"status":"ok"}"#);
        let said = server.stop().run(&health);
        assert!(!said.status.success() && said.stdout.is_empty());
        assert!(
            String::from_utf8_lossy(&said.stderr).contains("no server answers on 127.0.0.1:"),
            "{said:?}"
        );
    }
}

/// A load balancer takes a server out by its status, and a person reads why.
#[test]
fn health_says_that_the_database_is_gone() {
    let Some(bed) = testkit::postgres() else { return };
    let Location::Postgres(url) = &bed.location else { panic!("a database on the server") };
    let server = Portal::new().with("--database", url).start();
    drop(bed);
    let reply = server.to_hook(&format!("{}/rest/1/none/", server.base())).get("/health");
    assert_eq!((reply.status, reply.header("cache-control")), (503, "no-store"));
    let body = reply.json();
    assert_eq!(body["status"], "unavailable");
    // Whether the connection is refused or tried anew until the time is over is the server's affair.
    assert!(body["reason"].as_str().is_some_and(|reason| reason.starts_with("The database ")), "{body}");
    let said = server.portal().run(&["health", "--listen", server.address()]);
    assert!(
        !said.status.success() && String::from_utf8_lossy(&said.stderr).contains("The database "),
        "{said:?}"
    );
}

fn leads(hook: &Hook) -> i64 {
    hook.call("crm.lead.list", json!({})).success()["total"].as_i64().unwrap()
}
