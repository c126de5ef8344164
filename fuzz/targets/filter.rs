//! Filter, order and select of any value: nothing is lost, nothing nests deeper than allowed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::filter::{Filter, parse_flat, parse_nested, split};
use wire::{Limits, Value, json, order, select};

const MAX_DEPTH: usize = 4;

fuzz_target!(|bytes: &[u8]| {
    let Some(value) = json::decode(bytes, &Limits::default()) else { return };
    for (key, _) in value.entries() {
        let (_, field) = split(&key);
        assert!(key.ends_with(field) && key.len() - field.len() <= 3);
    }
    let members = value.items().count();
    match parse_flat(&value) {
        Ok(Filter::All(tests)) => assert_eq!(tests.len(), members),
        Ok(other) => panic!("{other:?}"),
        Err(_) => assert!(!value.is_array()),
    }
    if let Ok(filter) = parse_nested(&value, MAX_DEPTH) {
        assert!(depth(&filter) <= MAX_DEPTH + 1);
        assert!(tests(&filter) <= leaves(&value));
    }
    let lenient = order::parse_lenient(&value);
    assert_eq!(lenient.len(), members);
    if let Ok(strict) = order::parse(&value) {
        assert_eq!(strict, lenient);
    }
    assert!(select::parse(&value).iter().all(|name| !name.is_empty()));
});

/// Groups inside one another.
fn depth(filter: &Filter) -> usize {
    match filter {
        Filter::All(members) | Filter::Any(members) => 1 + members.iter().map(depth).max().unwrap_or(0),
        Filter::Test { .. } => 0,
    }
}

fn tests(filter: &Filter) -> usize {
    match filter {
        Filter::All(members) | Filter::Any(members) => members.iter().map(tests).sum(),
        Filter::Test { .. } => 1,
    }
}

/// Scalars and empty arrays in all: no more tests than that can be meant.
fn leaves(value: &Value) -> usize {
    if value.is_array() { value.items().map(leaves).sum::<usize>().max(1) } else { 1 }
}
