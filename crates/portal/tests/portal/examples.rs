//! Every example in the registry, run on the demo portal of each engine and undone again.

use portal::method::{Method, Reply, params};
use portal::modules;
use portal::timetable::Act;
use portal::{Moment, Portal, demo};
use serde_json::Value as Json;
use store::Tx;
use wire::Value;

pub const MOMENT: Moment = Moment(testportal::NOW * 1_000_000);

/// What a dry run ends with: always an error, so that it leaves nothing behind.
pub enum Ended {
    Answered(Value),
    Failed(portal::Error),
}

impl From<store::Error> for Ended {
    fn from(error: store::Error) -> Self {
        Ended::Failed(error.into())
    }
}

#[test]
fn every_example_answers_as_it_says() {
    for portal in testportal::portals("crm,user,department,catalog,documentgenerator") {
        demo::load(&portal.portal, MOMENT).unwrap();
        let mut wrong = Vec::new();
        for method in modules().methods().iter().filter(|method| !method.refused) {
            wrong.extend(method.examples.iter().filter_map(|example| {
                let trouble = match dry_run(&portal.portal, method, &example.params) {
                    Ended::Answered(answer) => {
                        mismatch(&example.answer, &testportal::to_json(&answer), "result")
                            .or_else(|| named_twice(&answer))?
                    }
                    Ended::Failed(error) => error.to_string(),
                };
                Some(format!("{} {}: {trouble}", method.name, example.params))
            }));
        }
        assert!(wrong.is_empty(), "on {}:\n{}", portal.engine, wrong.join("\n"));
    }
}

#[test]
fn every_method_says_what_it_does_and_shows_how() {
    let mute = modules().methods().iter().filter(|method| {
        method.about.is_empty()
            || !method.about.ends_with('.')
            || (method.examples.is_empty() && !method.refused)
    });
    let names: Vec<&str> = mute.map(|method| method.name.as_str()).collect();
    assert!(names.is_empty(), "without a description or an example: {names:?}");
}

#[test]
fn every_refusal_refuses() {
    for portal in testportal::portals("crm,user,department,catalog,documentgenerator") {
        for method in modules().methods().iter().filter(|method| method.refused) {
            match dry_run(&portal.portal, method, &Json::Null) {
                Ended::Failed(portal::Error::Fault(fault)) => assert!(fault.status >= 400, "{}", method.name),
                Ended::Failed(other) => panic!("{}: {other}", method.name),
                Ended::Answered(answer) => panic!("{} answered {answer:?}", method.name),
            }
        }
    }
}

/// Runs a method on the demo portal and undoes it.
pub fn dry_run(portal: &Portal, method: &'static Method, given: &Json) -> Ended {
    let (own, given) = (portal.clone(), params(given));
    let job = move |tx: &mut Tx<'_>| -> Result<(), Ended> {
        Err(match own.runner().perform_as(tx, (1, true), method, given.clone(), MOMENT) {
            Ok(Reply { fault: Some(fault), .. }) => Ended::Failed(fault.into()),
            Ok(reply) => Ended::Answered(reply.result),
            Err(error) => Ended::Failed(error),
        })
    };
    match portal.core().store.write(job).wait() {
        Ok(()) => unreachable!("a dry run always ends with an error"),
        Err(ended) => ended,
    }
}

/// A name that stands twice in a map of an answer: clients read one of the two.
fn named_twice(answer: &Value) -> Option<String> {
    let mut names = std::collections::BTreeSet::new();
    let twice = answer.entries().find(|(name, _)| !names.insert(name.to_string()));
    let twice = twice.map(|(name, _)| format!("{name} stands twice"));
    twice.or_else(|| answer.items().find_map(named_twice))
}

/// Where an answer differs from what was expected; in the expectation maps may leave keys out and `"*"` is anything.
fn mismatch(expected: &Json, actual: &Json, at: &str) -> Option<String> {
    match (expected, actual) {
        (Json::String(any), _) if any == "*" => None,
        (Json::Object(expected), Json::Object(actual)) => expected.iter().find_map(|(key, value)| {
            let at = format!("{at}.{key}");
            match actual.get(key) {
                Some(found) => mismatch(value, found, &at),
                None => Some(format!("{at} is missing")),
            }
        }),
        (Json::Array(expected), Json::Array(actual)) if expected.len() == actual.len() => expected
            .iter()
            .zip(actual)
            .enumerate()
            .find_map(|(i, (expected, actual))| mismatch(expected, actual, &format!("{at}[{i}]"))),
        _ if expected == actual => None,
        _ => Some(format!("{at} is {actual}, not {expected}")),
    }
}

/// How the last words of names begin of methods that change data and take none away. A new one is to be decided upon: here, in
/// `method::DESTROYS`, or by `destroys()` where the method is declared.
const HARMLESS: &[&str] = &[
    "create",
    "invite",
    "request",
    "trigger",
    "command",
    "subscribe",
    "send",
    "enabled",
    "add",
    "register",
    "import",
    "batchimport",
    "set",
    "update",
    "bind",
    "enable",
    "error",
    "expose",
    "move",
    "save",
    "pin",
    "unpin",
    "upload",
    "notify",
    "read",
    "list",
    "all",
    "mute",
    "unread",
    "hide",
    "like",
    "share",
    "start",
    "end",
    "answer",
    "reply",
    "forward",
    "confirm",
    "approve",
    "attach",
    "complete",
    "defer",
    "delegate",
    "disapprove",
    "pause",
    "renew",
    "stop",
    "resume",
    "vote",
    "recall",
    "download",
    "log",
    "unmute",
    "rename",
    "copy",
    "restore",
    "getexternallink",
    "conduct",
    "cancel",
    "unconfirm",
    "commit",
    "make",
    "finish",
    "activate",
    "deactivate",
    "open",
    "close",
    "edit",
    "apply",
    "pay",
    "unpay",
    "skip",
    "spam",
    "transfer",
    "join",
    "intercept",
    "silent",
    "operator",
    "markun",
    "markfolderun",
    "publication",
    "unpublic",
    "change",
    "clone",
    "up",
    "down",
    "show",
    "favorite",
    "invoice",
    "do",
];

#[test]
fn what_takes_data_away_says_so() {
    for method in modules().methods().iter().filter(|method| method.writes) {
        let verb = method.name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        // What it moves may be in the trash already.
        let is_harmless = verb != "movetofolder" && HARMLESS.iter().any(|word| verb.starts_with(word));
        assert_ne!(method.destroys, is_harmless, "{}", method.name);
    }
    let described =
        portal::describe::registry_json(portal::texts::Language::English, &portal::method::Version::ALL);
    let says = |name: &str| {
        let methods = described["methods"].as_array().expect("a list");
        methods.iter().find(|one| one["method"] == name).expect("it is there")["destroys"].clone()
    };
    assert_eq!([says("crm.lead.delete"), says("crm.lead.update"), says("batch")], [true, false, false]);
}
