//! Protocol 4, D.5, E.4, E.5 and E.6.

use serde_json::json;
use wire::command::{self, Entry};
use wire::{Answer, Fault, Limits, Map, Sections, Text, Value, fault};

use super::{form, map, text, value};

fn parse_all(cmd: serde_json::Value) -> Vec<Entry> {
    command::parse_all(&value(cmd), &Limits::default())
}

fn answer(result: serde_json::Value) -> Answer {
    Answer { result: value(result), ..Answer::default() }
}

/// The state of a batch after a few commands.
fn sections() -> Sections {
    let mut sections = Sections::default();
    let user = json!({"ID": "7", "UF_DEPARTMENT": [1, 3], "RATE": 1.5, "ADMIN": true, "BOSS": null});
    sections.succeed(&"me".into(), answer(user));
    let rows = json!([{"ID": "1"}, {"ID": "2"}]);
    sections.succeed(&"list".into(), Answer { total: Some(63), next: Some(50), ..answer(rows) });
    sections.succeed(&"new".into(), answer(json!(46)));
    sections.fail(&"bad".into(), fault::METHOD_NOT_FOUND.into());
    sections
}

#[track_caller]
fn substitute(given: serde_json::Value) -> Value {
    let mut params = Map::new();
    params.push("x", value(given));
    let mut sections = sections();
    sections.substitute(&mut params).expect("within bounds");
    params.remove("x").expect("still there")
}

#[test]
fn a_command_is_a_method_and_a_query() {
    for (given, method, params) in [
        ("profile", "profile", json!({})),
        ("profile?", "profile", json!({})),
        ("crm.contact.get?id=7", "crm.contact.get", json!({"id": "7"})),
        ("a?filter[%3EID]=1&select[]=ID&", "a", json!({"filter": {">ID": "1"}, "select": ["ID"]})),
        ("a?x=John%26Martin+%2B%23", "a", json!({"x": "John&Martin +#"})),
        ("a?x=1#y=2", "a", json!({"x": "1"})),
        ("a#b?x=1", "a", json!({})),
        ("a?x=1?y=2", "a", json!({"x": "1?y=2"})),
        ("profile.json", "profile.json", json!({})),
        ("", "", json!({})),
    ] {
        let command = command::parse(given, &Limits::default());
        assert_eq!((command.method.as_str(), command.params), (method, map(params)), "{given}");
    }
}

#[test]
fn commands_come_as_a_list_or_a_map_by_json_or_form() {
    let keys = |entries: Vec<Entry>| -> Vec<(String, String)> {
        let pair = |entry: Entry| (entry.key.to_string(), entry.command.unwrap().method);
        entries.into_iter().map(pair).collect()
    };
    let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(key, method)| (key.to_string(), method.to_string())).collect()
    };
    assert_eq!(keys(parse_all(json!(["a", "b?x=1"]))), pairs(&[("0", "a"), ("1", "b")]));
    assert_eq!(keys(parse_all(json!({"z": "a", "y": "b"}))), pairs(&[("z", "a"), ("y", "b")]));
    let twice_encoded = form("cmd[c]=crm.contact.list%3Ffilter%5BNAME%5D%3DJohn%2526Martin&halt=0");
    let entries = command::parse_all(twice_encoded.get("cmd").unwrap(), &Limits::default());
    assert_eq!(entries[0].command.as_ref().unwrap().params, map(json!({"filter": {"NAME": "John&Martin"}})));
}

#[test]
fn what_is_no_command_is_skipped_but_counted() {
    for none in [json!(null), json!("profile"), json!(7), json!([])] {
        assert!(parse_all(none).is_empty());
    }
    let mut cmd = vec![json!(7), json!(null), json!(["profile"])];
    cmd.extend((0..48).map(|_| json!("profile")));
    let entries = parse_all(cmd.into());
    assert_eq!(entries.len(), 48);
    assert_eq!(entries[0].key, "3");
    assert!(entries[46].command.is_ok());
    assert_eq!(entries[47].command, Err(fault::BATCH_LENGTH_EXCEEDED.into()));
}

#[test]
fn fifty_commands_run_and_each_further_one_fails() {
    let entries = parse_all((0..60).map(|_| json!("profile")).collect());
    assert!(entries[..50].iter().all(|entry| entry.command.is_ok()));
    assert!(entries[50..].iter().all(|entry| entry.command == Err(fault::BATCH_LENGTH_EXCEEDED.into())));
    assert_eq!(entries.len(), 60);
}

#[test]
fn a_batch_runs_no_batch() {
    for method in ["batch", "BATCH?cmd[]=profile", "download", "Upload"] {
        assert_eq!(parse_all(json!([method]))[0].command, Err(fault::BATCH_METHOD_NOT_ALLOWED.into()));
    }
    assert!(parse_all(json!(["batch.json"]))[0].command.is_ok());
}

#[test]
fn halt_is_true_as_php_has_it() {
    for off in [json!(0), json!("0"), json!(""), json!(false), json!(null), json!([])] {
        assert!(!value(off).is_truthy());
    }
    for on in [json!(1), json!("1"), json!(true), json!("false"), json!("N"), json!([0])] {
        assert!(value(on).is_truthy());
    }
}

fn shape(sections: Sections) -> String {
    text(wire::json::encode(&sections.into_value()))
}

#[test]
fn empty_sections_are_lists() {
    assert_eq!(
        shape(Sections::default()),
        r#"{"result":[],"result_error":[],"result_total":[],"result_next":[],"result_time":[]}"#
    );
}

/// Runs commands under the keys `0`, `1`, …, of which some fail.
fn run(fails: &[bool]) -> serde_json::Value {
    let mut sections = Sections::default();
    for (i, fails) in fails.iter().enumerate() {
        let key = Text::from(i.to_string());
        match fails {
            true => sections.fail(&key, fault::METHOD_NOT_FOUND.into()),
            false => sections.succeed(&key, answer(json!(i))),
        }
    }
    serde_json::from_str(&shape(sections)).expect("JSON")
}

#[test]
fn e5_a_section_is_a_list_while_its_keys_are() {
    let error = json!({"error": "ERROR_METHOD_NOT_FOUND", "error_description": "Method not found!"});
    let middle = run(&[false, true, false]);
    assert_eq!(middle["result"], json!({"0": 0, "2": 2}));
    assert_eq!(middle["result_error"], json!({"1": error}));
    assert!(middle["result_time"]["2"]["start"].is_number());
    assert_eq!(middle["result_total"], json!([]));

    let last = run(&[false, false, true]);
    assert_eq!(last["result"], json!([0, 1]));
    assert_eq!(last["result_error"], json!({"2": error}));
    assert_eq!(run(&[true, false])["result_error"], json!([error]));
}

#[test]
fn e4_a_missing_scope_has_no_description_and_other_faults_keep_all() {
    let mut sections = Sections::default();
    sections.fail(&"n".into(), fault::INSUFFICIENT_SCOPE.into());
    sections.fail(&"a".into(), Fault::argument("wrong_email", ""));
    let shape: serde_json::Value = serde_json::from_str(&shape(sections)).expect("JSON");
    assert_eq!(shape["result_error"]["n"], json!({"error": "insufficient_scope", "error_description": ""}));
    assert_eq!(
        shape["result_error"]["a"],
        json!({"error": "ERROR_ARGUMENT", "error_description": "wrong_email", "argument": ""})
    );
}

#[test]
fn e6_lists_leave_total_and_next_and_a_null_leaves_its_key() {
    let mut sections = sections();
    sections.succeed(&"none".into(), answer(json!(null)));
    let shape: serde_json::Value = serde_json::from_str(&shape(sections)).expect("JSON");
    assert_eq!(shape["result_total"], json!({"list": 63}));
    assert_eq!(shape["result_next"], json!({"list": 50}));
    assert_eq!(shape["result"].get("none"), Some(&json!(null)));
    assert_eq!(shape["result_time"].as_object().unwrap().len(), 4);
}

#[test]
fn a_value_that_is_a_reference_becomes_what_it_refers_to() {
    for (given, expected) in [
        ("$result[me][ID]", json!("7")),
        ("$result[new]", json!(46)),
        ("$result[me][UF_DEPARTMENT]", json!([1, 3])),
        ("$result[me][UF_DEPARTMENT][1]", json!(3)),
        ("$result[list][1][ID]", json!("2")),
        ("$result[list][0]", json!({"ID": "1"})),
        ("$result[me][ADMIN]", json!(true)),
        ("$result[me][BOSS]", json!(null)),
        ("$total[list]", json!(63)),
        ("$next[list]", json!(50)),
        ("$error[bad][error]", json!("ERROR_METHOD_NOT_FOUND")),
        ("$time[me][operating]", json!(0)),
    ] {
        assert_eq!(substitute(json!(given)), value(expected), "{given}");
    }
}

#[test]
fn references_are_found_anywhere_in_the_parameters_but_in_keys() {
    let given =
        json!({"filter": {">ID": "$result[me][ID]", "l": ["a", "$result[new]"]}, "$result[new]": 1, "n": 5});
    let expected = json!({"filter": {">ID": "7", "l": ["a", 46]}, "$result[new]": 1, "n": 5});
    assert_eq!(substitute(given), value(expected));
}

#[test]
fn a_reference_in_a_longer_text_gives_numbers_and_strings_only() {
    for (given, expected) in [
        ("id $result[me][ID] of $total[list] at $result[me][RATE]", "id 7 of 63 at 1.5"),
        ("$result[me][ID] $result[new]", "7 46"),
        ("a$result[me][ID]", "a7"),
        ("$result[me][ID]\tx\n$result[new]\x0b", "7\tx\n46\x0b"),
        (" $result[me][ID]", " 7"),
        ("is $result[me] here", "is $result[me] here"),
        ("is $result[me][ADMIN] here", "is $result[me][ADMIN] here"),
        ("is $result[me][BOSS] here", "is $result[me][BOSS] here"),
        ("is $result[nobody] here $result[new]", "is $result[nobody] here 46"),
        ("Яна $result[me][ID] Яна", "Яна 7 Яна"),
    ] {
        assert_eq!(substitute(json!(given)), Value::from(expected), "{given}");
    }
}

#[test]
fn a_reference_runs_to_the_next_blank() {
    assert_eq!(substitute(json!("$result[me][ID],$result[list][0][ID]")), Value::from("7"));
    assert_eq!(substitute(json!("x $result[me][ID],$result[new] y")), Value::from("x 7 y"));
    assert_eq!(substitute(json!("$result[me][ID]; ok")), Value::from("7 ok"));
}

#[test]
fn a_walk_ends_where_a_key_does_not_exist() {
    let user = json!({"ID": "7", "UF_DEPARTMENT": [1, 3], "RATE": 1.5, "ADMIN": true, "BOSS": null});
    assert_eq!(substitute(json!("$result[me][NOPE][ID]")), value(user.clone()));
    assert_eq!(substitute(json!("$result[me][ID][x]")), Value::from("7"));
    assert_eq!(substitute(json!("$result[list][49][ID]")), value(json!([{"ID": "1"}, {"ID": "2"}])));
    let all = json!({"me": user, "list": [{"ID": "1"}, {"ID": "2"}], "new": 46});
    assert_eq!(substitute(json!("$result[nobody][ID]")), value(all));
    assert_eq!(substitute(json!("$total[nobody]")), value(json!({"list": 63})));
}

#[test]
fn what_only_resembles_a_reference_is_left_alone() {
    for literal in [
        "$result",
        "$result[",
        "$result[]",
        "$result[][ID]",
        "$result[me",
        "$result [me]",
        "$results[me]",
        "$Result[me][ID]",
        "$RESULT[me]",
        "result[me][ID]",
        "$other[me]",
        "$",
        "$$",
        "100$ $",
        "$result[a b]",
        "",
        "$result[my key][ID]",
    ] {
        assert_eq!(substitute(json!(literal)), Value::from(literal));
    }
    assert_eq!(substitute(json!("$$result[new] $result[new]")), Value::from("$46 46"));
}

#[test]
fn references_cannot_blow_a_command_up() {
    let mut sections = Sections::default();
    let row = json!((0..50).map(|i| i.to_string().repeat(100)).collect::<Vec<_>>());
    sections.succeed(&"rows".into(), answer(json!(vec![row; 50])));
    sections.succeed(&"text".into(), answer(json!("x".repeat(100_000))));
    let fault = |given: Value| {
        let mut sections = sections.clone();
        let mut params = Map::new();
        params.push("x", given);
        sections.substitute(&mut params).map_err(|fault| fault.code).unwrap_err()
    };
    assert_eq!(fault(Value::List(vec![Value::from("$result[rows]"); 200])), "ERROR_ARGUMENT");
    assert_eq!(fault(Value::List(vec![Value::from("$result[text]"); 2_000])), "ERROR_ARGUMENT");
    assert_eq!(fault(Value::from("$result[text] ".repeat(2_000))), "ERROR_ARGUMENT");

    let mut both = sections.clone();
    let mut twenty_mib = || {
        let mut params = Map::new();
        params.push("x", Value::List(vec![Value::from("$result[text]"); 200]));
        both.substitute(&mut params)
    };
    assert!(twenty_mib().is_ok());
    assert!(twenty_mib().is_err(), "the bound is that of all commands");

    let mut deep = Value::from("$result[deep]");
    for _ in 0..40 {
        deep = Value::List(vec![deep]);
    }
    sections.succeed(&"deep".into(), Answer { result: deep.clone(), ..Answer::default() });
    let mut params = Map::new();
    params.push("x", deep);
    assert!(sections.substitute(&mut params).is_err());
}
