//! Protocol 13: the commands of a batch of REST 3.0, and references between them.

#![allow(clippy::unwrap_used)]

use serde_json::{Value as Json, json};
use wire::steps::{Answers, read};
use wire::{Fault, Map, Value};

fn map(json: Json) -> Map {
    Value::from(json).into_map().unwrap()
}

fn code(fault: &Fault) -> (u16, &str) {
    (fault.status, fault.code.trim_start_matches(wire::exception::PREFIX))
}

#[test]
fn commands_are_a_list() {
    let steps = read(map(json!([
        {"method": "a.get", "query": {"id": 1}, "as": "first"}, {"method": "b.list", "query": {}}, {"method": "c"},
    ])));
    let steps = steps.unwrap();
    assert_eq!((steps.len(), &*steps[0].method, steps[0].alias.as_deref()), (3, "a.get", Some("first")));
    assert_eq!((steps[0].query.clone(), steps[1].alias.clone()), (map(json!({"id": 1})), None));
    let select = "INVALIDSELECTEXCEPTION";
    let old = read(map(json!({"cmd": {"a": "profile"}, "halt": 1}))).unwrap_err();
    assert_eq!(code(&old), (400, select));
    let twice = read(map(json!([{"method": "a", "as": "x"}, {"method": "b", "as": "x"}]))).unwrap_err();
    assert_eq!(code(&twice), (400, select));
    for bad in
        [json!([1]), json!([{"query": {}}]), json!([{"method": 1}]), json!([{"method": "a", "query": [1]}])]
    {
        let fault = read(map(bad)).unwrap_err();
        assert_eq!(code(&fault), (400, "VALIDATION_REQUESTVALIDATIONEXCEPTION"));
    }
}

fn answers() -> Answers {
    let mut answers = Answers::default();
    answers.push(Some("task".into()), json!({"item": {"id": 7, "tags": ["a", "b"]}}).into());
    answers.push(None, json!({"items": [{"id": 1}, {"id": 2}]}).into());
    answers.push(None, json!({"result": true}).into());
    answers
}

#[test]
fn references_stand_for_what_was_answered() {
    let mut params = map(json!({
        "id": {"$ref": "task.id"}, "done": {"$ref": "2.result"}, "deep": [{"x": {"$ref": "0.tags.1"}}],
        "filter": ["id", {"$refArray": "1.id"}], "row": {"$ref": "1.0.id"}, "plain": {"$ref": 1, "other": 2},
    }));
    answers().substitute(&mut params).unwrap();
    let expected = json!({
        "id": 7, "done": true, "deep": [{"x": "b"}], "filter": ["id", [1, 2]], "row": 1, "plain": {"$ref": 1, "other": 2},
    });
    assert_eq!(params, map(expected));
}

#[test]
fn references_that_lead_nowhere_are_refused() {
    for path in [
        json!({"$ref": "task.no"}),
        json!({"$ref": "task.item.id"}),
        json!({"$ref": "nobody.id"}),
        json!({"$ref": 5}),
        json!({"$ref": ""}),
        json!({"$refArray": "1"}),
        json!({"$refArray": "1.no"}),
        json!({"$refArray": "2.id"}),
        json!({"$ref": "9.id"}),
    ] {
        let fault = answers().substitute(&mut map(json!({"id": path}))).unwrap_err();
        assert_eq!(code(&fault), (400, "INVALIDSELECTEXCEPTION"), "{path}");
    }
}
