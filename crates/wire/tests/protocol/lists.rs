//! Protocol 5.2 and 5.3: filter, order, select.

use serde_json::json;
use wire::filter::{Filter, Op, parse_flat, parse_nested, split};
use wire::order::{self, Direction, Invalid};
use wire::{Fault, select};

use super::{form, value};

#[test]
fn a_prefix_is_an_operation() {
    for (key, expected) in [
        ("ID", (Op::Eq, "ID")),
        ("=ID", (Op::Eq, "ID")),
        ("!ID", (Op::Ne, "ID")),
        ("!=ID", (Op::Ne, "ID")),
        (">ID", (Op::Gt, "ID")),
        (">=ID", (Op::Ge, "ID")),
        ("<ID", (Op::Lt, "ID")),
        ("<=ID", (Op::Le, "ID")),
        ("@ID", (Op::In, "ID")),
        ("!@ID", (Op::NotIn, "ID")),
        ("%ID", (Op::Contains, "ID")),
        ("!%ID", (Op::NotContains, "ID")),
        ("=%ID", (Op::Like, "ID")),
        ("%=ID", (Op::Like, "ID")),
        ("!=%ID", (Op::NotLike, "ID")),
        ("!%=ID", (Op::NotLike, "ID")),
        ("><ID", (Op::Between, "ID")),
        ("!><ID", (Op::NotBetween, "ID")),
        ("?ID", (Op::Search, "ID")),
        ("<>ID", (Op::Lt, ">ID")),
        ("==ID", (Op::Eq, "=ID")),
        ("::SUBFILTER-PARAMS", (Op::Eq, "::SUBFILTER-PARAMS")),
        ("", (Op::Eq, "")),
        ("!", (Op::Ne, "")),
        ("Яна", (Op::Eq, "Яна")),
    ] {
        assert_eq!(split(key), expected, "{key}");
    }
}

fn test(op: Op, field: &str, given: serde_json::Value) -> Filter {
    Filter::Test { op, field: field.into(), value: value(given) }
}

#[test]
fn a_flat_filter_is_tests_only() {
    let given = json!({">ID": 150, "STAGE_ID": ["NEW", "WON"], "!LEAD_ID": "", "logic": "OR", "0": {"A": 1}});
    let expected = Filter::All(vec![
        test(Op::Gt, "ID", json!(150)),
        test(Op::Eq, "STAGE_ID", json!(["NEW", "WON"])),
        test(Op::Ne, "LEAD_ID", json!("")),
        test(Op::Eq, "logic", json!("OR")),
        test(Op::Eq, "0", json!({"A": 1})),
    ]);
    assert_eq!(parse_flat(&value(given)), Ok(expected));
}

#[test]
fn no_filter_is_the_empty_one_and_a_scalar_is_none() {
    for none in [json!(null), json!(""), json!([]), json!({})] {
        assert_eq!(parse_flat(&value(none.clone())), Ok(Filter::All(vec![])));
        assert_eq!(parse_nested(&value(none), 5), Ok(Filter::All(vec![])));
    }
    for bad in [json!("ID"), json!(7), json!(true)] {
        let fault = Err(Fault::argument("The filter is not an array.", "filter"));
        assert_eq!(parse_flat(&value(bad.clone())), fault);
        assert_eq!(parse_nested(&value(bad), 5), fault);
    }
}

#[test]
fn groups_nest_and_say_their_logic() {
    let given = json!({
        "categoryId": 0,
        "0": {"logic": "OR", "0": {"title": "A"}, "1": {">opportunity": 10, "<opportunity": 20}, "stageId": "WON"},
        "1": [{"id": 1}, {"id": 2}],
        "@id": [1, 2],
    });
    let expected = Filter::All(vec![
        test(Op::Eq, "categoryId", json!(0)),
        Filter::Any(vec![
            Filter::All(vec![test(Op::Eq, "title", json!("A"))]),
            Filter::All(vec![test(Op::Gt, "opportunity", json!(10)), test(Op::Lt, "opportunity", json!(20))]),
            test(Op::Eq, "stageId", json!("WON")),
        ]),
        Filter::All(vec![
            Filter::All(vec![test(Op::Eq, "id", json!(1))]),
            Filter::All(vec![test(Op::Eq, "id", json!(2))]),
        ]),
        test(Op::In, "id", json!([1, 2])),
    ]);
    assert_eq!(parse_nested(&value(given), 5), Ok(expected));
    let list = parse_nested(&value(json!([{"LOGIC": "and", "id": 1}])), 5);
    assert_eq!(list, Ok(Filter::All(vec![Filter::All(vec![test(Op::Eq, "id", json!(1))])])));
}

#[test]
fn the_logic_of_the_whole_may_be_any_and_comes_by_form_too() {
    let given = form("filter[logic]=or&filter[0][title]=A&filter[1][title]=B");
    let parsed = parse_nested(given.get("filter").unwrap(), 5);
    let group = |name: &str| Filter::All(vec![test(Op::Eq, "title", json!(name))]);
    assert_eq!(parsed, Ok(Filter::Any(vec![group("A"), group("B")])));
}

#[test]
fn bad_logic_and_bottomless_groups_are_refused() {
    for bad in [json!("XOR"), json!(1), json!(null), json!(["OR"])] {
        let fault = parse_nested(&value(json!({"logic": bad})), 5).unwrap_err();
        assert_eq!(fault.code, "INVALID_ARG_VALUE");
        assert_eq!(fault.message, "Invalid filter: field 'logic' has invalid value");
    }
    let mut nested = json!({"id": 1});
    for _ in 0..5 {
        nested = json!([nested]);
    }
    assert!(parse_nested(&value(nested.clone()), 5).is_ok());
    assert_eq!(parse_nested(&value(nested), 4).unwrap_err().status, 400);
}

#[test]
fn an_order_keeps_its_order() {
    let given = value(json!({"NAME": "desc", "ID": "ASC", "X": " Asc "}));
    let expected = [("NAME", Direction::Desc), ("ID", Direction::Asc), ("X", Direction::Asc)];
    let expected: Vec<_> = expected.map(|(field, direction)| (field.into(), direction)).into();
    assert_eq!(order::parse(&given), Ok(expected.clone()));
    assert_eq!(order::parse_lenient(&given), expected);
    assert_eq!(order::parse(&value(json!(null))), Ok(vec![]));
    assert_eq!(order::parse(&value(json!(""))), Ok(vec![]));
}

#[test]
fn a_bad_order_is_named_or_taken_as_ascending() {
    for (given, text) in [(json!("UP"), "UP"), (json!(""), ""), (json!(1), "1"), (json!(["ASC"]), "")] {
        let order = value(json!({"ID": "ASC", "NAME": given}));
        let invalid = Invalid::Direction { field: "NAME".into(), given: text.into() };
        assert_eq!(order::parse(&order), Err(invalid));
        assert_eq!(order::parse_lenient(&order)[1], ("NAME".into(), Direction::Asc));
    }
    assert_eq!(order::parse(&value(json!("ID"))), Err(Invalid::NotAnArray));
    assert!(order::parse_lenient(&value(json!("ID"))).is_empty());
}

#[test]
fn a_select_is_a_list_or_one_name() {
    for (given, expected) in [
        (json!(["ID", "NAME", "UF_*", "*"]), vec!["ID", "NAME", "UF_*", "*"]),
        (json!({"a": "ID", "7": "NAME"}), vec!["ID", "NAME"]),
        (json!("ID"), vec!["ID"]),
        (json!(["ID", "", null, ["X"], 5]), vec!["ID", "5"]),
        (json!([""]), vec![]),
        (json!(""), vec![]),
        (json!(null), vec![]),
    ] {
        assert_eq!(select::parse(&value(given)), expected);
    }
}
