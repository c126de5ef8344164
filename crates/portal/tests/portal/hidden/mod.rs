//! Nobody is shown, by any method, what the `get` of the row refuses to show, and nobody changes it: everything that can be
//! made is made with an unmistakable mark in each of its texts, and then every method is called by those whom it is no
//! business of, with the numbers of what was made in each place where a number stands.

mod asked;
mod made;
mod open;
mod rows;

use std::collections::{BTreeMap, BTreeSet};

use portal::access::{Act, Level, roles};
use portal::user::{self, NewUser};
use portal::{demo, modules};
use serde_json::Value as Json;
use testportal::{Bench, Hook, NOW, input};

use crate::examples::MOMENT;
use asked::{Ask, asks};
use made::{Made, marks_in};

/// Numbers of what is made begin here, in every table: no other row has them.
const FIRST: i64 = 7_000;

/// Who is no concern of what others made: somebody of another department to whom no role opens anything, and a guest.
fn strangers(bench: &Bench) -> Vec<(&'static str, Hook)> {
    let people = [("elsewhere", "mallory@example.com", vec![3]), ("guest", "guest@example.com", vec![])];
    let known = people.map(|(who, email, departments)| {
        let new = NewUser { email: email.into(), departments, ..NewUser::default() };
        let id = bench.write(move |tx| user::create(tx, &new, MOMENT));
        (who, bench.hook_of(id, &made::every_scope()))
    });
    known.into()
}

/// Takes from the role of everybody what it opens of the CRM.
fn close_the_crm(bench: &Bench) {
    bench.write(|tx| {
        let role = roles::find(tx, "Manager")?.expect("a new portal has this role");
        let meta = modules().meta(tx)?;
        for entity in roles::entities(&meta) {
            Act::ALL.iter().try_for_each(|act| roles::allow(tx, role, &entity.code, *act, Level::None))?;
        }
        portal::meta::Meta::outdate(tx)
    });
}

/// What one stranger was shown or changed that was none of his business: the method, and whose mark.
#[derive(Default)]
struct Found(BTreeMap<(String, &'static str, String), (usize, String)>);

impl Found {
    fn note(&mut self, method: &str, what: &'static str, made: &Made, how: String) {
        let of = format!("{} by {}", made.method, made.by);
        self.0.entry((method.to_owned(), what, of)).or_insert((0, how)).0 += 1;
    }
}

#[test]
fn no_method_shows_or_changes_what_get_refuses() {
    for bench in testportal::portals("crm") {
        demo::load(&bench.portal, MOMENT).unwrap();
        let strangers = strangers(&bench);
        let events: Vec<&str> = modules().events().map(|event| event.name.as_str()).collect();
        let told: Vec<i64> =
            strangers.iter().map(|(_, hook)| hook.try_told(hook.user, input(&events)).unwrap()).collect();
        rows::number_from(&bench, FIRST);
        let made = made::everything(&bench);
        close_the_crm(&bench);
        let marked = rows::marked(&bench);
        for ((who, hook), told) in strangers.iter().zip(told) {
            let mut found = Found::default();
            let hidden = hidden(&bench, hook, &made);
            eprintln!("{who}: {} of {} marks are hidden", hidden.len(), made.len());
            for (event, data) in hook.raised(told) {
                for mark in marks_in(&data.to_string()).intersection(&hidden) {
                    found.note(&event, "tells", &made[*mark], String::new());
                }
            }
            let numbers = marked.numbers(&hidden);
            eprintln!("numbers: {numbers:?}");
            for method in modules().methods().iter().filter(|method| !method.refused) {
                let asks = asks(method, &numbers, bench.engine == "sqlite");
                try_all(&bench, hook, method, asks, (&hidden, &made, &marked), &mut found);
            }
            report(&bench, who, &found);
        }
    }
}

fn report(bench: &Bench, who: &str, found: &Found) {
    let lines: Vec<String> = found
        .0
        .iter()
        .map(|((method, what, of), (times, how))| format!("{method} {what} {of} ({times}): {how}"))
        .collect();
    assert!(lines.is_empty(), "{who} on {}:\n{}", bench.engine, lines.join("\n"));
}

/// The marks that no `get` shows to somebody, unless everybody sees what they are in.
fn hidden(bench: &Bench, hook: &Hook, made: &[Made]) -> BTreeSet<usize> {
    let shown = rows::shown_by_get(bench, hook);
    let is_open = |made: &Made| open::OPEN.iter().any(|(method, _)| *method == made.method);
    let all = made.iter().enumerate().filter(|(_, made)| !is_open(made));
    all.map(|(mark, _)| mark).filter(|mark| !shown.contains(mark)).collect()
}

/// Makes all calls of one method, undoes what they did, and notes what they showed and changed.
fn try_all(
    bench: &Bench,
    hook: &Hook,
    method: &'static portal::method::Method,
    asks: Vec<Json>,
    (hidden, made, marked): (&BTreeSet<usize>, &[Made], &rows::Marked),
    found: &mut Found,
) {
    let (portal, user, own, keep) = (bench.portal.clone(), hook.user, marked.clone(), hidden.clone());
    let job = move |tx: &mut store::Tx<'_>| -> Result<(), Ended> {
        let mut ended = Ended::default();
        let mut changed = false;
        for params in &asks {
            let Ask { answer, done, fell } = asked::ask(&portal, tx, (user, false), method, params);
            let seen: BTreeSet<usize> = marks_in(&answer).intersection(&keep).copied().collect();
            // What was sent comes back in errors.
            let sent = marks_in(&params.to_string());
            ended.seen.extend(seen.difference(&sent).map(|mark| (*mark, params.to_string())));
            changed |= done && method.writes;
            ended.fell.extend(fell.map(|error| format!("{error} of {params}")));
        }
        if changed {
            ended.differences = own.differences(tx, &keep)?;
        }
        Err(ended)
    };
    let ended = bench.portal.core().store.write(job).wait().unwrap_err();
    for (mark, how) in ended.seen {
        found.note(&method.name, "shows", &made[mark], how);
    }
    for (mark, how) in ended.differences {
        found.note(&method.name, "changes", &made[mark], how);
    }
    if let Some(how) = ended.fell.into_iter().next() {
        found.0.entry((method.name.clone(), "falls with", String::new())).or_insert((1, how));
    }
    if let Some(error) = ended.failed {
        panic!("{}: {error}", method.name);
    }
}

/// What came of the calls of one method: an error, so that nothing of them stays.
#[derive(Default)]
struct Ended {
    seen: Vec<(usize, String)>,
    fell: Vec<String>,
    differences: Vec<(usize, String)>,
    failed: Option<portal::Error>,
}

impl From<store::Error> for Ended {
    fn from(error: store::Error) -> Self {
        Ended { failed: Some(error.into()), ..Ended::default() }
    }
}

impl From<portal::Error> for Ended {
    fn from(error: portal::Error) -> Self {
        Ended { failed: Some(error), ..Ended::default() }
    }
}

const _: i64 = NOW;
