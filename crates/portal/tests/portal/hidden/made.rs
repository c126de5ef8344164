//! Everything that can be made is made, with a mark in each of its texts.

use std::collections::BTreeSet;

use portal::method::{Method, params};
use portal::timetable::Act;
use portal::{Error, Portal, modules};
use serde_json::{Value as Json, json};
use store::Tx;
use testportal::{Bench, Hook, NOW};

use super::asked::texts;
use crate::examples::MOMENT;

/// What was made with one mark, which is its place in the list.
pub struct Made {
    pub method: &'static str,
    pub by: &'static str,
}

/// All scopes that there are.
pub fn every_scope() -> String {
    let all: BTreeSet<&str> =
        modules().methods().iter().map(|method| method.scope).filter(|scope| !scope.is_empty()).collect();
    all.into_iter().collect::<Vec<_>>().join(",")
}

/// A mark: no text of any other origin has it.
pub fn mark(number: usize) -> String {
    format!("Zq{number:05}q")
}

/// The marks in a text, in whatever case it is.
pub fn marks_in(text: &str) -> BTreeSet<usize> {
    let (mut marks, bytes) = (BTreeSet::new(), text.as_bytes());
    for at in 0..bytes.len().saturating_sub(7) {
        let here = &bytes[at..at + 8];
        if here[..2].eq_ignore_ascii_case(b"zq")
            && here[7].eq_ignore_ascii_case(&b'q')
            && here[2..7].iter().all(u8::is_ascii_digit)
        {
            marks.insert(text[at + 2..at + 7].parse().expect("these are digits"));
        }
    }
    marks
}

/// Performs every method that writes and takes nothing away, as the administrator and as an employee.
pub fn everything(bench: &Bench) -> Vec<Made> {
    let makers = [("the administrator", 1, true), ("an employee", 2, false)];
    let mut made = Vec::new();
    for (by, user, is_admin) in makers {
        let hook = bench.hook_of(user, &every_scope());
        for method in modules().methods().iter().filter(|method| method.writes && !method.destroys) {
            if method.refused || super::open::NOT_MADE.iter().any(|(name, _)| *name == method.name) {
                continue;
            }
            for example in &method.examples {
                let number = made.len();
                let places = markable(&bench.portal, (user, is_admin), method, &example.params, number);
                if make(&hook, method, &example.params, places, number) {
                    made.push(Made { method: &method.name, by });
                }
            }
        }
    }
    made
}

/// The texts of an example that may have a mark: the call is accepted with it.
fn markable(
    portal: &Portal,
    user: (i64, bool),
    method: &'static Method,
    example: &Json,
    number: usize,
) -> Vec<String> {
    let (own, example) = (portal.clone(), example.clone());
    let job = move |tx: &mut Tx<'_>| -> Result<(), Places> {
        let mut places = Vec::new();
        for place in texts(&example) {
            let given = params(&marked(&example, std::slice::from_ref(&place), number));
            let done: Result<(), Error> = tx.savepoint(|tx| {
                own.runner().perform_as(tx, user, method, given, MOMENT)?;
                Err(Error::Upload)
            });
            if matches!(done, Err(Error::Upload)) {
                places.push(place);
            }
        }
        Err(Places(places))
    };
    portal.core().store.write(job).wait().unwrap_err().0
}

struct Places(Vec<String>);

impl From<store::Error> for Places {
    fn from(error: store::Error) -> Self {
        panic!("{error}")
    }
}

fn marked(example: &Json, places: &[String], number: usize) -> Json {
    let mut params = example.clone();
    for place in places {
        let value = params.pointer_mut(place).expect("it is there");
        let text = value.as_str().expect("it is a text");
        *value = json!(match text.split_once('@') {
            Some((name, host)) => format!("{name}{}@{host}", mark(number)),
            None => format!("{text} {}", mark(number)).trim_start().to_owned(),
        });
    }
    params
}

/// Makes it with as many marks as may stand beside each other.
fn make(hook: &Hook, method: &Method, example: &Json, mut places: Vec<String>, number: usize) -> bool {
    let hook = hook.at(NOW + 10 * i64::try_from(number).expect("it is small"));
    let hook = if method.version == portal::method::Version::V3 { hook.v3() } else { hook };
    while !places.is_empty() {
        if hook.ask(&method.name, marked(example, &places, number)).is_ok() {
            return true;
        }
        places.pop();
    }
    false
}
