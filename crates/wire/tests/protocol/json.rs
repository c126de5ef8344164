//! Protocol 1.4 (JSON bodies) and 2.3.

use serde_json::json;
use wire::{Limits, Map, Text, Value};

use super::{text, value};

fn decode(json: &str) -> Option<Value> {
    wire::json::decode(json.as_bytes(), &Limits::default())
}

#[test]
fn values_keep_their_types() {
    for (given, expected) in [
        ("null", Value::Null),
        (" true ", Value::Bool(true)),
        ("-7", Value::Int(-7)),
        ("9223372036854775807", Value::Int(i64::MAX)),
        ("9223372036854775808", Value::Float(9_223_372_036_854_775_808.0)),
        ("123456789012345678901234567890", Value::Float(1.234_567_890_123_456_8e29)),
        ("1.0", Value::Float(1.0)),
        ("1e3", Value::Float(1000.0)),
        (r#""\u0041\n\ud83d\ude00""#, Value::from("A\n😀")),
        ("[]", Value::List(vec![])),
        ("{}", Value::List(vec![])),
        (r#"{"0":1,"1":2}"#, value(json!([1, 2]))),
        (r#"[[1],{"a":[]}]"#, value(json!([[1], {"a": []}]))),
    ] {
        assert_eq!(decode(given), Some(expected), "{given}");
    }
}

/// As PHP's `json_decode` has them, which never refuses a number for its size.
#[test]
fn numbers_beyond_a_double_are_infinite() {
    let long = "9".repeat(400);
    for (given, expected) in [
        ("1e400", Value::Float(f64::INFINITY)),
        ("-1E+400", Value::Float(f64::NEG_INFINITY)),
        ("1e-400", Value::Float(0.0)),
        ("0e999999999999", Value::Float(0.0)),
        ("-12345678901234567890", Value::Float(-1.234_567_890_123_456_8e19)),
        (long.as_str(), Value::Float(f64::INFINITY)),
        (
            r#"["\"-1e400\\", -1e400, 1.7976931348623157e308]"#,
            Value::List(vec![
                "\"-1e400\\".into(),
                Value::Float(f64::NEG_INFINITY),
                Value::Float(f64::INFINITY),
            ]),
        ),
    ] {
        assert_eq!(decode(given), Some(expected), "{given}");
    }
    assert_eq!(decode("1.7976931348623157e308"), Some(Value::Float(f64::MAX)));
    for broken in
        ["+1e400", "01e400", ".1e400", "1.e400", "1e400e", "--1e400", "1e400 1", "[1e400", "\"1e400"]
    {
        assert_eq!(decode(broken), None, "{broken}");
    }
    assert_eq!(Value::Float(f64::NEG_INFINITY).text().as_deref(), Some("-INF"));
}

#[test]
fn order_is_kept_and_the_last_of_equal_keys_wins_in_the_place_of_the_first() {
    let Some(Value::Map(decoded)) = decode(r#"{"z":1,"a":2,"z":3,"":4}"#) else { panic!("a map") };
    let entries: Vec<_> = decoded.iter().map(|(key, value)| (key, value.as_int())).collect();
    assert_eq!(entries, [("z", Some(3)), ("a", Some(2)), ("", Some(4))]);
}

#[test]
fn broken_text_is_nothing() {
    for broken in
        ["", " ", "{", "[1,]", "{\"a\":}", "{a:1}", "nul", "[1]]", "[1] x", "'a'", "\u{FEFF}[]", "NaN"]
    {
        assert_eq!(decode(broken), None, "{broken}");
    }
    assert_eq!(wire::json::decode(b"\"\xFF\"", &Limits::default()), None);
    assert_eq!(decode(r#""\ud800""#), None);
}

#[test]
fn depth_and_count_are_bounded() {
    let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(decode(&nested(64)).is_some());
    assert!(decode(&nested(65)).is_none());
    assert!(decode(&"[".repeat(1_000_000)).is_none());
    assert!(decode(&"{\"a\":".repeat(1_000_000)).is_none());

    let limits = Limits { values: 4, ..Limits::default() };
    assert!(wire::json::decode(b"[1,2,3]", &limits).is_some());
    assert!(wire::json::decode(b"[1,2,3,4]", &limits).is_none());
    assert!(wire::json::decode(br#"{"a":1,"a":2,"a":3,"a":4}"#, &limits).is_none());
}

#[test]
fn strings_are_escaped_as_php_escapes_them() {
    for (given, expected) in [
        ("<b> & 'c' \"d\"", r"\u003Cb\u003E \u0026 \u0027c\u0027 \u0022d\u0022"),
        ("a/b\\c", r"a\/b\\c"),
        ("\u{8}\u{c}\n\r\t\0\u{1f}\u{7f}", "\\b\\f\\n\\r\\t\\u0000\\u001f\u{7f}"),
        ("Zoë Яна 漢字 😀", "Zoë Яна 漢字 😀"),
        ("\u{2028}x\u{2029}", r"\u2028x\u2029"),
        ("\u{2027}\u{202a}€", "\u{2027}\u{202a}€"),
        ("", ""),
    ] {
        let encoded = text(wire::json::encode(&Value::from(given)));
        assert_eq!(encoded, format!("\"{expected}\""));
        assert_eq!(serde_json::from_str::<String>(&encoded).unwrap(), given);
    }
    let keyed = Value::from(Map::from_iter([(Text::from("a/\""), Value::Null)]));
    assert_eq!(text(wire::json::encode(&keyed)), r#"{"a\/\u0022":null}"#);
}

#[test]
fn every_character_survives() {
    let all: String = (0..=0x2_FFFF).filter_map(char::from_u32).collect();
    let encoded = wire::json::encode(&Value::from(all.as_str()));
    assert_eq!(serde_json::from_slice::<String>(&encoded).unwrap(), all);
}

#[test]
fn numbers_are_written_short_and_exact() {
    for (given, expected) in [
        (12.5, "12.5"),
        (100.0, "100"),
        (0.1, "0.1"),
        (-0.0, "0"),
        (1_760_954_322.104_311, "1760954322.104311"),
        (0.000_1, "0.0001"),
        (-0.000_123, "-0.000123"),
        (0.000_081, "8.1e-5"),
        (123_456_789_012_345.67, "123456789012345.67"),
        (1e300, "1e300"),
        (1e-7, "1e-7"),
        (f64::NAN, "0"),
        (f64::INFINITY, "0"),
        (f64::NEG_INFINITY, "0"),
    ] {
        assert_eq!(text(wire::json::encode(&Value::Float(given))), expected);
    }
    assert_eq!(text(wire::json::encode(&Value::Int(i64::MIN))), "-9223372036854775808");
}

#[test]
fn arrays_are_lists_by_their_keys_and_the_empty_one_always() {
    for (given, expected) in [
        (json!({"0": "a", "1": "b"}), r#"["a","b"]"#),
        (json!({"1": "a"}), r#"{"1":"a"}"#),
        (json!({"1": "a", "0": "b"}), r#"{"1":"a","0":"b"}"#),
        (json!({"a": {}, "b": [[], null, true, false]}), r#"{"a":[],"b":[[],null,true,false]}"#),
    ] {
        assert_eq!(text(wire::json::encode(&value(given))), expected);
    }
    assert_eq!(text(wire::json::encode(&Value::Map(Map::new()))), "[]");
    assert_eq!(text(wire::json::encode(&Value::Opaque)), "{}");
}

#[test]
fn a_float_is_read_to_its_last_bit() {
    for number in ["7.0420557077594588669468784357561207962098443483187940792729600000e59", "0.1234567890123"]
    {
        assert_eq!(decode(number), Some(Value::Float(number.parse().unwrap())));
    }
}
