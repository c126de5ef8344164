//! Every method against what is documented of it: its parameters, and the names and types in its answers.
//!
//! `documented.json` has the facts (`xtask/facts.py` writes it), `differs.tsv` the differences that are known, with the
//! reason for each. That list may only shrink.

use std::collections::{BTreeMap, BTreeSet};

use portal::demo;
use portal::method::{Method, Param, Version};
use portal::modules;
use serde_json::{Map, Value as Json};

use crate::examples::{Ended, MOMENT, dry_run};

const DOCUMENTED: &str = include_str!("../documented.json");
const DIFFERS: &str = include_str!("../differs.tsv");

/// How a method's parameters differ.
fn parameters(method: &Method, documented: &Json, found: &mut BTreeSet<String>) {
    for name in documented["params"].as_array().into_iter().flatten().filter_map(Json::as_str) {
        let (name, required) = name.strip_suffix('*').map_or((name, false), |name| (name, true));
        match declared(&method.params, name) {
            None => _ = found.insert(format!("the parameter {name} is not declared")),
            Some(param) if param.required && !required => {
                found.insert(format!("the parameter {name} is required"));
            }
            Some(param) if !param.required && required => {
                found.insert(format!("the parameter {name} is optional"));
            }
            Some(_) => {}
        }
    }
}

/// The parameter of that name; `fields.NAME` stands inside `fields`.
fn declared<'a>(params: &'a [Param], name: &str) -> Option<&'a Param> {
    let (name, inside) = name.split_once('.').map_or((name, None), |(name, inside)| (name, Some(inside)));
    let param = params.iter().find(|param| param.name.eq_ignore_ascii_case(name))?;
    inside.map_or(Some(param), |inside| declared(&param.members, inside))
}

/// Whether a name belongs to a portal and not to the method: user fields, and links to smart processes.
fn is_local(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("uf") || name.starts_with("parent_id_") || name.starts_with("parentid")
}

/// How an answer differs from the documented one. Nothing and empty lists may stand for anything.
fn answer(documented: &Json, actual: &Json, at: &str, whole: bool, found: &mut BTreeSet<String>) {
    match (documented, actual) {
        (Json::Null, _) | (_, Json::Null) => {}
        (Json::Array(documented), Json::Array(actual)) => {
            if let (Some(documented), Some(actual)) = (documented.first(), actual.first()) {
                answer(documented, actual, &format!("{at}[]"), whole, found);
            }
        }
        (Json::Array(list), Json::Object(map)) | (Json::Object(map), Json::Array(list)) => {
            if !list.is_empty() && !map.is_empty() {
                found.insert(format!("{at} is {}", type_of(actual)));
            }
        }
        (Json::Object(documented), Json::Object(actual)) => members(documented, actual, at, whole, found),
        (Json::String(documented), _) if documented != type_of(actual) => {
            found.insert(format!("{at} is {}, not {documented}", type_of(actual)));
        }
        (Json::String(_), _) => {}
        _ => _ = found.insert(format!("{at} is {}", type_of(actual))),
    }
}

fn members(
    documented: &Map<String, Json>,
    actual: &Map<String, Json>,
    at: &str,
    whole: bool,
    found: &mut BTreeSet<String>,
) {
    for (name, documented) in documented.iter().filter(|(name, _)| !is_local(name)) {
        let member = if name == "#" { actual.values().next() } else { actual.get(name) };
        match member {
            Some(member) => answer(documented, member, &format!("{at}.{name}"), whole, found),
            None if whole => _ = found.insert(format!("{at}.{name} is missing")),
            None => {}
        }
    }
}

fn type_of(value: &Json) -> &'static str {
    match value {
        Json::Null => "nothing",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}

/// Whether two answers are of one kind: whatever both have is of the same type.
fn alike(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Object(one), Json::Object(other)) => {
            one.iter().all(|(name, value)| other.get(name).is_none_or(|other| alike(value, other)))
        }
        (Json::Array(one), Json::Array(other)) => one.iter().zip(other).all(|(one, other)| alike(one, other)),
        // Which stands for anything.
        (Json::String(any), _) | (_, Json::String(any)) if any == "*" => true,
        _ => type_of(one) == type_of(other),
    }
}

/// All differences by method.
fn differences() -> BTreeMap<String, BTreeSet<String>> {
    let documented: BTreeMap<String, Json> = serde_json::from_str(DOCUMENTED).unwrap();
    let portal = testportal::portals("crm,user,department,catalog,documentgenerator").next().unwrap();
    demo::load(&portal.portal, MOMENT).unwrap();
    let mut differences: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for method in modules().methods().iter().filter(|method| !method.refused) {
        // Of a method of both versions the facts are those of the older one.
        if method.version == Version::V3 && modules().find(&method.name).is_some() {
            continue;
        }
        let Some(facts) = documented.get(&method.name) else { continue };
        let found = differences.entry(method.name.clone()).or_default();
        parameters(method, facts, found);
        // Further examples show the other kinds of answer that there are, of which few are documented.
        let first = method.examples.first().map(|example| &example.answer);
        let examples =
            method.examples.iter().filter(|example| first.is_some_and(|first| alike(first, &example.answer)));
        for example in facts.get("answer").iter().flat_map(|_| examples.clone()) {
            let Ended::Answered(given) = dry_run(&portal.portal, method, &example.params) else { continue };
            let whole = !example.params.to_string().to_lowercase().contains("\"select\"");
            answer(&facts["answer"], &testportal::to_json(&given), "result", whole, found);
        }
    }
    differences
}

/// A line of the list: a method, a difference, and the reason.
fn listed(line: &str) -> Option<(&str, &str)> {
    let mut cells = line.split('\t');
    Some((cells.next()?, cells.next()?))
}

#[test]
fn every_method_is_as_documented_but_for_what_is_listed() {
    let listed: BTreeSet<(&str, &str)> = DIFFERS.lines().skip(1).filter_map(listed).collect();
    let found = differences();
    let found: BTreeSet<(&str, &str)> = found
        .iter()
        .flat_map(|(method, all)| all.iter().map(|one| (method.as_str(), one.as_str())))
        .collect();
    let rows = |these: BTreeSet<&(&str, &str)>| -> String {
        these.into_iter().map(|(method, difference)| format!("{method}: {difference}\n")).collect()
    };
    let (new, gone) = (rows(found.difference(&listed).collect()), rows(listed.difference(&found).collect()));
    assert!(new.is_empty(), "not as documented; mend it, or list it in differs.tsv with a reason:\n{new}");
    assert!(gone.is_empty(), "as documented now; take it off differs.tsv:\n{gone}");
}
