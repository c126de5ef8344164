//! Protocol 1.4, 1.6, D.3, D.4 and E.2.

use serde_json::json;
use wire::params::{Body, Start, decode, take_reserved};
use wire::{Limits, Map};

use super::{map, value};

fn post(query: &str, content_type: &str, body: &str) -> Map {
    let body = Body { is_post: true, content_type: Some(content_type), bytes: body.as_bytes() };
    decode(query, &body, &Limits::default())
}

#[test]
fn the_body_replaces_the_query_at_top_level() {
    let expected = map(json!({"id": "2", "q": "1", "fields": {"b": "2"}, "new": "3"}));
    let query = "id=1&q=1&fields[a]=1";
    assert_eq!(post(query, "application/x-www-form-urlencoded", "id=2&fields[b]=2&new=3"), expected);
    let json = r#"{"id":"2","fields":{"b":"2"},"new":"3"}"#;
    assert_eq!(post(query, "application/json", json), expected);
    let parts: String = [("id", "2"), ("fields[b]", "2"), ("new", "3")]
        .map(|(name, content)| {
            format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{content}\r\n")
        })
        .concat();
    assert_eq!(post(query, "multipart/form-data; boundary=X", &format!("{parts}--X--")), expected);
}

#[test]
fn json_is_known_by_its_content_type() {
    for json in ["application/json", "application/json; charset=utf-8", " Application/JSON ;x=y"] {
        assert_eq!(post("", json, r#"{"id":2}"#), map(json!({"id": 2})), "{json}");
    }
    // As under PHP: one odd key.
    assert_eq!(post("", "text/plain", r#"{"id":2}"#), map(json!({r#"{"id":2}"#: ""})));
}

#[test]
fn broken_json_is_no_parameters() {
    for broken in ["{", "", "7", "\"a\"", "null", "{\"a\":1} x"] {
        assert_eq!(post("q=1", "application/json", broken), map(json!({"q": "1"})), "{broken}");
    }
}

#[test]
fn a_json_list_is_positional() {
    assert_eq!(post("", "application/json", r#"["a",{"b":1}]"#), map(json!({"0": "a", "1": {"b": 1}})));
    assert_eq!(post("0=q&x=y", "application/json", r#"["a"]"#), map(json!({"0": "a", "x": "y"})));
}

#[test]
fn other_bodies_are_read_as_queries() {
    for content_type in ["text/plain", "", "application/octet-stream"] {
        assert_eq!(post("", content_type, "a=1&b[]=2"), map(json!({"a": "1", "b": ["2"]})), "{content_type}");
    }
    let body = Body { is_post: true, content_type: None, bytes: b"a=1" };
    assert_eq!(decode("", &body, &Limits::default()), map(json!({"a": "1"})));
}

#[test]
fn only_post_has_a_body() {
    let body = Body { is_post: false, content_type: Some("application/json"), bytes: b"{\"a\":1}" };
    assert_eq!(decode("q=1", &body, &Limits::default()), map(json!({"q": "1"})));
}

#[test]
fn e2_a_form_updates_multi_fields() {
    let body = "id=43&fields%5BPHONE%5D%5B0%5D%5BID%5D=156&fields%5BPHONE%5D%5B0%5D%5BVALUE%5D=%2B4930111\
        &fields%5BPHONE%5D%5B1%5D%5BVALUE%5D=%2B4930222&fields%5BPHONE%5D%5B1%5D%5BVALUE_TYPE%5D=HOME\
        &fields%5BEMAIL%5D%5B0%5D%5BID%5D=158&fields%5BEMAIL%5D%5B0%5D%5BDELETE%5D=Y";
    let expected = json!({"id": "43", "fields": {
        "PHONE": [{"ID": "156", "VALUE": "+4930111"}, {"VALUE": "+4930222", "VALUE_TYPE": "HOME"}],
        "EMAIL": [{"ID": "158", "DELETE": "Y"}]
    }});
    assert_eq!(post("", "application/x-www-form-urlencoded", body), map(expected));
}

#[test]
fn the_server_takes_its_own_parameters() {
    let mut params = map(json!({
        "filter": {"start": 1}, "start": "50", "state": "s", "token": "t", "auth": "a", "access_token": "b",
        "aplogin": "1", "ap": "secret", "method": "m", "auth_connector": "c", "STATE": "mine"
    }));
    let reserved = take_reserved(&mut params);
    assert_eq!(params, map(json!({"filter": {"start": 1}, "STATE": "mine"})));
    assert!(reserved.start == Some(Start::At(50)));
    assert!(reserved.state == Some("s".into()) && reserved.token == Some("t".into()));
    assert!(reserved.auth_connector == Some("c".into()));
    assert!(take_reserved(&mut Map::new()) == Default::default());
}

#[test]
fn start_is_a_number_or_nought() {
    for (given, expected) in [
        (json!(0), Start::At(0)),
        (json!(75), Start::At(75)),
        (json!("100"), Start::At(100)),
        (json!("50.9"), Start::At(50)),
        (json!("fifty"), Start::At(0)),
        (json!("50x"), Start::At(0)),
        (json!(""), Start::At(0)),
        (json!(null), Start::At(0)),
        (json!([50]), Start::At(0)),
        (json!("9223372036854775807"), Start::At(u32::MAX)),
        (json!(1e300), Start::At(u32::MAX)),
        (json!(-1), Start::Uncounted),
        (json!("-1"), Start::Uncounted),
        (json!("-50"), Start::Uncounted),
    ] {
        let mut params = Map::new();
        params.push("start", value(given.clone()));
        assert_eq!(take_reserved(&mut params).start, Some(expected), "{given}");
    }
}
