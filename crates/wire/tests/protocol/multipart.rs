//! Protocol 1.4: fields of multipart bodies, under the bracket rules of forms.

use serde_json::json;
use wire::{Limits, Map, multipart};

use super::map;

const TYPE: &str = "multipart/form-data; boundary=XX";

fn decode(body: &str) -> Map {
    multipart::decode(TYPE, body.as_bytes(), &Limits::default())
}

fn part(headers: &str, content: &str) -> String {
    format!("--XX\r\n{headers}\r\n\r\n{content}\r\n")
}

fn field(name: &str, content: &str) -> String {
    part(&format!("Content-Disposition: form-data; name=\"{name}\""), content)
}

#[test]
fn fields_follow_the_rules_of_forms() {
    let body = [
        field("id", "43"),
        field("fields[PHONE][0][VALUE]", "+49 30"),
        field("select[]", "ID"),
        field("select[]", "NAME"),
        field("a.b", "100%25 + & ="),
        field("empty", ""),
        field("id", "44"),
    ]
    .concat();
    let expected = json!({
        "id": "44", "fields": {"PHONE": [{"VALUE": "+49 30"}]}, "select": ["ID", "NAME"],
        "a_b": "100%25 + & =", "empty": ""
    });
    assert_eq!(decode(&format!("{body}--XX--\r\n")), map(expected));
}

#[test]
fn files_are_skipped() {
    let body = [
        part(
            "Content-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\nContent-Type: text/plain",
            "bytes",
        ),
        part("Content-Disposition: form-data; filename=\"\"; name=\"g\"", ""),
        part("Content-Disposition: form-data; name=\"h\"; filename*=UTF-8''a.txt", "bytes"),
        part("Content-Type: text/plain", "nameless"),
        part("Content-Disposition: form-data", "nameless"),
        "--XX\r\n\r\nheadless\r\n".to_owned(),
        field("id", "1"),
    ]
    .concat();
    assert_eq!(decode(&format!("{body}--XX--")), map(json!({"id": "1"})));
}

#[test]
fn content_is_kept_byte_for_byte_up_to_the_delimiter() {
    for content in ["two\r\nlines", "\r\n", "x--XX", "\n--XXX", "\r\n--X", "\r\n--XXX\r\n", "\"'<&"] {
        let body = [field("a", content), field("b", "2")].concat();
        assert_eq!(decode(&format!("{body}--XX--")), map(json!({"a": content, "b": "2"})), "{content:?}");
    }
}

#[test]
fn headers_come_in_many_spellings() {
    for headers in [
        "content-disposition:form-data;name=a",
        "CONTENT-DISPOSITION: form-data; NAME=\"a\"",
        "Content-Type: text/plain; name=b\r\nContent-Disposition: form-data; name=a; x",
        "Content-Disposition: form-data; x; y=\"; name=b\"; name = a ",
        "Content-Disposition: form-data; name=\"a\" ; size=1",
    ] {
        assert_eq!(decode(&format!("{}--XX--", part(headers, "1"))), map(json!({"a": "1"})), "{headers}");
    }
    let quoted = format!("{}--XX--", field(r#"a\"b\\c\d"#, "1"));
    assert_eq!(decode(&quoted), map(json!({r#"a"b\c\d"#: "1"})));
}

#[test]
fn line_feeds_alone_and_blanks_behind_a_delimiter_will_do() {
    let body = "--XX \t\nContent-Disposition: form-data; name=a\n\n1\n--XX\nContent-Disposition: form-data; name=b\n\n2\n--XX--\n";
    assert_eq!(decode(body), map(json!({"a": "1", "b": "2"})));
}

#[test]
fn text_around_the_parts_is_ignored() {
    let body = format!("preamble\r\n{}--XX--\r\n{}", field("a", "1"), field("b", "2"));
    assert_eq!(decode(&body), map(json!({"a": "1"})));
}

#[test]
fn the_boundary_may_be_quoted_and_must_be_there() {
    let body = format!("{}--XX--", field("a", "1")).replace("XX", "x y;z");
    let decode = |content_type: &str| multipart::decode(content_type, body.as_bytes(), &Limits::default());
    let given = map(json!({"a": "1"}));
    assert_eq!(decode("multipart/form-data; charset=utf-8; Boundary=\"x y;z\"; more"), given);
    for broken in
        ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=other"]
    {
        assert!(decode(broken).is_empty(), "{broken}");
    }
    assert!(decode(&format!("multipart/form-data; boundary={}", "x".repeat(300))).is_empty());
}

#[test]
fn a_body_cut_short_keeps_what_came() {
    assert_eq!(decode("--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nhal"), map(json!({"a": "hal"})));
    assert!(decode("--XX\r\nContent-Disposition: form-data; name=a\r\n").is_empty());
    assert!(decode("--XX").is_empty());
    assert!(decode("").is_empty());
}

#[test]
fn parts_and_headers_are_bounded() {
    let many: String = (0..60).map(|i| field(&format!("k{i}"), "")).collect();
    let limits = Limits { vars: 50, ..Limits::default() };
    assert_eq!(multipart::decode(TYPE, many.as_bytes(), &limits).len(), 50);

    let endless = format!("--XX\r\n{}{}", "X: y\r\n".repeat(10_000), field("a", "1"));
    assert!(decode(&endless).is_empty());
}
