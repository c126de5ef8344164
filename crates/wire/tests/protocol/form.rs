//! Protocol 1.5.

use serde_json::json;
use wire::{Limits, Value};

use super::{form, map};

#[track_caller]
fn check(cases: &[(&str, serde_json::Value)]) {
    for (given, expected) in cases {
        assert_eq!(form(given), map(expected.clone()), "{given}");
    }
}

#[test]
fn pairs_are_split_and_unescaped() {
    check(&[
        ("", json!({})),
        ("a=1&b=2", json!({"a": "1", "b": "2"})),
        ("a", json!({"a": ""})),
        ("a=", json!({"a": ""})),
        ("=1", json!({})),
        ("&&a=1&&", json!({"a": "1"})),
        ("a=b=c", json!({"a": "b=c"})),
        ("a=x+y%20z", json!({"a": "x y z"})),
        ("a=%2B%26%3D%25", json!({"a": "+&=%"})),
        ("a=%zz%4%", json!({"a": "%zz%4%"})),
        ("a=%D0%AF&%D0%B1=1", json!({"a": "Я", "б": "1"})),
        ("a=x\0y", json!({"a": "x\0y"})),
        ("a;b=1", json!({"a;b": "1"})),
    ]);
}

#[test]
fn brackets_make_arrays() {
    check(&[
        ("a[b][c]=1", json!({"a": {"b": {"c": "1"}}})),
        ("a%5Bb%5D=1&a%5Bc%5D=2", json!({"a": {"b": "1", "c": "2"}})),
        ("a[]=x&a[]=y", json!({"a": ["x", "y"]})),
        ("a[5]=x&a[]=y", json!({"a": {"5": "x", "6": "y"}})),
        ("a[5]=x&a[2]=y&a[]=z", json!({"a": {"5": "x", "2": "y", "6": "z"}})),
        ("a[-5]=x&a[]=y", json!({"a": {"-5": "x", "0": "y"}})),
        ("a[05]=x&a[]=y", json!({"a": {"05": "x", "0": "y"}})),
        ("a[-0]=x&a[]=y", json!({"a": {"-0": "x", "0": "y"}})),
        ("a[+1]=x&a[]=y", json!({"a": {" 1": "x", "0": "y"}})),
        ("a[0]=x&a[1]=y", json!({"a": ["x", "y"]})),
        ("a[1]=x&a[0]=y", json!({"a": {"1": "x", "0": "y"}})),
        ("a[][b]=1&a[][b]=2", json!({"a": [{"b": "1"}, {"b": "2"}]})),
        ("a[x][]=1&a[x][]=2", json!({"a": {"x": ["1", "2"]}})),
        ("a[9223372036854775807]=x&a[]=y", json!({"a": {"9223372036854775807": "x"}})),
        ("a[9223372036854775808]=x&a[]=y", json!({"a": {"9223372036854775808": "x", "0": "y"}})),
        ("0=a&1=b", json!(["a", "b"])),
    ]);
}

#[test]
fn the_last_of_equal_names_wins_in_the_place_of_the_first() {
    check(&[
        ("a=1&b=2&a=3", json!({"a": "3", "b": "2"})),
        ("a=1&b=2&a[x]=3", json!({"a": {"x": "3"}, "b": "2"})),
        ("a[x]=1&b=2&a=3", json!({"a": "3", "b": "2"})),
        ("a[x]=1&a[x][y]=2", json!({"a": {"x": {"y": "2"}}})),
        ("a[x][y]=1&a[x]=2", json!({"a": {"x": "2"}})),
    ]);
    let order: Vec<_> = form("z=1&a=2&z=3").iter().map(|(key, _)| key.to_owned()).collect();
    assert_eq!(order, ["z", "a"]);
}

#[test]
fn names_are_mangled_before_the_brackets_only() {
    check(&[
        ("a.b=1", json!({"a_b": "1"})),
        ("a+b=1", json!({"a_b": "1"})),
        ("++a=1", json!({"a": "1"})),
        ("+=1", json!({})),
        ("a.b[c.d e]=1", json!({"a_b": {"c.d e": "1"}})),
        ("FILTER[%3E%3DDATE]=1", json!({"FILTER": {">=DATE": "1"}})),
        ("filter[!%25NAME]=1", json!({"filter": {"!%NAME": "1"}})),
        ("a]=1", json!({"a]": "1"})),
        ("a%00b=1", json!({"a": "1"})),
        ("%00=1", json!({})),
    ]);
}

#[test]
fn brackets_that_do_not_close_are_part_of_the_name() {
    check(&[
        ("a[b=1", json!({"a_b": "1"})),
        ("a[b.c d[e=1", json!({"a_b_c_d_e": "1"})),
        ("a[=1", json!({"a_": "1"})),
        ("filter[>=ID]=5", json!({"filter_>": "ID]=5"})),
        ("[a]=1", json!({})),
        ("[a=1", json!({})),
        ("a[b][c=1", json!({"a": {"b": "1"}})),
        ("a[b]c=1", json!({"a": {"b": "1"}})),
        ("a[b]c[d]=1", json!({"a": {"b": "1"}})),
        ("a[b[c]=1", json!({"a": {"b[c": "1"}})),
        ("a[ ]=1", json!({"a": ["1"]})),
        ("a[ b]=1", json!({"a": {" b": "1"}})),
        ("a[%0A]=1", json!({"a": ["1"]})),
    ]);
}

#[test]
fn what_is_not_utf8_is_replaced() {
    check(&[
        ("a=%FF", json!({"a": "\u{FFFD}"})),
        ("%FF=1", json!({"\u{FFFD}": "1"})),
        ("a[%C3]=1", json!({"a": {"\u{FFFD}": "1"}})),
    ]);
}

#[test]
fn what_nests_deeper_than_64_is_dropped() {
    let nested = |depth| format!("a{}=1&b=2", "[x]".repeat(depth));
    assert_eq!(form(&nested(64)).len(), 2);
    assert_eq!(form(&nested(65)), map(json!({"b": "2"})));
    assert_eq!(form(&nested(1_000_000)), map(json!({"b": "2"})));
}

#[test]
fn excess_variables_are_dropped() {
    let many: String = (0..10_050).map(|i| format!("k{i}={i}&")).collect();
    let decoded = form(&many);
    assert_eq!(decoded.len(), 10_000);
    assert_eq!(decoded.get("k9999"), Some(&Value::from("9999")));
    assert_eq!(decoded.get("k10000"), None);
}

#[test]
fn a_few_bytes_cannot_ask_for_many_arrays() {
    let limits = Limits { vars: 100, ..Limits::default() };
    let hostile: String = (0..100).map(|i| format!("a[{i}]{}=&", "[]".repeat(60))).collect();
    let decoded = wire::form::decode(hostile.as_bytes(), &limits);
    assert_eq!(decoded.get("a").map(|a| a.items().count()), Some(3)); // 3 * 61 < 200
    let fair: String = (0..99).map(|i| format!("a[{i}][x]=1&")).collect();
    let decoded = wire::form::decode(fair.as_bytes(), &limits);
    assert_eq!(decoded.get("a").map(|a| a.items().count()), Some(99));
}

#[test]
fn a_form_is_written_as_http_build_query_writes_it() {
    for (given, expected) in [
        (json!({"a": 1, "b": "x y"}), "a=1&b=x+y"),
        (json!({"a": {"b": {"c": "1"}}}), "a%5Bb%5D%5Bc%5D=1"),
        (json!({"a": ["x", ["y"]]}), "a%5B0%5D=x&a%5B1%5D%5B0%5D=y"),
        (json!({"a": true, "b": false, "c": null, "d": [], "e": ""}), "a=1&b=0&e="),
        (json!({"a": 12.5, "b": -3}), "a=12.5&b=-3"),
        (json!({"k&=": "~*'()-_.Я"}), "k%26%3D=%7E%2A%27%28%29-_.%D0%AF"),
        (json!(["a"]), "0=a"),
        (json!({}), ""),
    ] {
        assert_eq!(wire::form::encode(&map(given)), expected);
    }
}

#[test]
fn what_was_decoded_is_encoded_to_the_same() {
    for text in [
        "a=1&b[x]=2&b[]=3&c[][d]=4&c[][d]=%D0%AF",
        "filter[%3E%3DID]=5&order[ID]=ASC&select[]=*&select[]=UF_*",
        "a[b[c]=1&x.y=2&q]=3&n[5]=a&n[]=b&n[-1]=c",
    ] {
        let decoded = form(text);
        assert_eq!(form(&wire::form::encode(&decoded)), decoded, "{text}");
    }
}
