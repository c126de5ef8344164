//! Nobody is shown, by any method, what the `get` of the row refuses to show, and nobody changes it: everything that can be
//! made is made with an unmistakable mark in each of its texts, and then every method is called by those whom it is no
//! business of, with the numbers of what was made in each place where a number stands.

mod asked;
mod made;
mod open;
mod rows;

use std::collections::{BTreeMap, BTreeSet};

use portal::access::{Act, Level, roles};
use portal::method::Method;
use portal::user::{self, NewUser};
use portal::{demo, modules};
use serde_json::Value as Json;
use testportal::{Bench, Hook, input};

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

/// What one stranger was shown or changed.
#[derive(Default)]
struct Found {
    /// What was none of his business: the method, and whose mark.
    wrong: BTreeMap<(String, &'static str, String), (usize, String)>,
    /// The methods that made what was shown because it is open.
    open: BTreeSet<&'static str>,
}

impl Found {
    fn note(&mut self, method: &str, what: &'static str, made: &Made, how: String) {
        let of = format!("{} by {}", made.method, made.by);
        self.wrong.entry((method.to_owned(), what, of)).or_insert((0, how)).0 += 1;
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
        let mut made = made::everything(&bench);
        rows::mark_demo_data(&bench, &mut made);
        close_the_crm(&bench);
        let marked = rows::marked(&bench);
        assert_eq!(rows::unmarked(&marked), open::UNMARKED, "nouns of which no row has a mark");
        let (mut wrong, mut needed) = (Vec::new(), BTreeSet::new());
        for ((who, hook), told) in strangers.iter().zip(told) {
            let mut found = Found::default();
            let shown = shown(&bench, hook, &made, &marked);
            for made in shown.iter().map(|mark| &made[*mark]) {
                match open::is_listed(open::SEEN, made.method) {
                    true => _ = needed.insert(made.method),
                    false => found.note("get", "shows", made, String::new()),
                }
            }
            let is_open = |mark: &usize| open::is_listed(open::OPEN, made[*mark].method);
            let secret: BTreeSet<usize> = (0..made.len()).filter(|mark| !shown.contains(mark)).collect();
            let hidden: BTreeSet<usize> = secret.iter().copied().filter(|mark| !is_open(mark)).collect();
            assert!(
                hidden.len() > made.len() / 2,
                "{who}: {} of {} marks are hidden",
                hidden.len(),
                made.len()
            );
            for (event, data) in hook.raised(told) {
                for mark in marks_in(&data.to_string()).intersection(&hidden) {
                    found.note(&event, "tells", &made[*mark], String::new());
                }
            }
            let numbers = marked.numbers(&secret);
            for method in modules().methods().iter().filter(|method| !method.refused) {
                let asks = asks(method, &numbers, bench.engine == "sqlite");
                try_all(&bench, hook, method, asks, (&hidden, &secret, &made, &marked), &mut found);
            }
            needed.append(&mut found.open);
            wrong.extend(report(who, &found));
        }
        // On PostgreSQL fewer calls are made.
        if bench.engine == "sqlite" {
            let all = open::listed(open::OPEN).chain(open::listed(open::SEEN));
            wrong.extend(
                all.filter(|method| !needed.contains(method))
                    .map(|method| format!("{method} is listed for nothing")),
            );
        }
        assert!(wrong.is_empty(), "on {}:\n{}", bench.engine, wrong.join("\n"));
    }
}

/// What was found, a line for each method and whose mark it was.
fn report<'a>(who: &'a str, found: &'a Found) -> impl Iterator<Item = String> + 'a {
    found.wrong.iter().map(move |((method, what, of), (times, how))| {
        format!("{who}: {method} {what} {of} ({times}): {how}")
    })
}

/// The marks that a `get` shows to somebody.
fn shown(bench: &Bench, hook: &Hook, made: &[Made], marked: &rows::Marked) -> BTreeSet<usize> {
    let mut shown = rows::shown_by_get(bench, hook);
    let all = (0..made.len()).collect();
    let numbers = marked.numbers(&all);
    for name in open::GETS {
        let method = modules().find_in_any(name).unwrap_or_else(|| panic!("there is no {name}"));
        let ended = calls(bench, hook, method, asks(method, &numbers, true), &all, None);
        shown.extend(ended.seen.into_iter().map(|(mark, _)| mark));
    }
    shown
}

/// Makes all calls of one method, and undoes what they did: which of some marks they showed, and where they changed any of them.
fn calls(
    bench: &Bench,
    hook: &Hook,
    method: &'static Method,
    asks: Vec<Json>,
    marks: &BTreeSet<usize>,
    marked: Option<&rows::Marked>,
) -> Ended {
    let (portal, user, marked, marks) = (bench.portal.clone(), hook.user, marked.cloned(), marks.clone());
    #[expect(
        clippy::result_large_err,
        reason = "what came of the calls is the error, so that they are undone"
    )]
    let job = move |tx: &mut store::Tx<'_>| -> Result<(), Ended> {
        let mut ended = Ended::default();
        let mut changed = false;
        for params in &asks {
            let Ask { answer, done, fell } = asked::ask(&portal, tx, (user, false), method, params);
            ended.seen.extend(marks_in(&answer).intersection(&marks).map(|mark| (*mark, params.to_string())));
            changed |= done && method.writes;
            ended.fell.extend(fell.map(|error| format!("{error} of {params}")));
        }
        if let Some(marked) = marked.as_ref().filter(|_| changed) {
            ended.differences = marked.differences(tx, &marks)?;
        }
        Err(ended)
    };
    let ended = bench.portal.core().store.write(job).wait().unwrap_err();
    if let Some(error) = &ended.failed {
        panic!("{}: {error}", method.name);
    }
    ended
}

/// Makes all calls of one method, and notes what they showed of what is hidden, and changed of what is at least not theirs: what
/// everybody sees is not for everybody to change.
fn try_all(
    bench: &Bench,
    hook: &Hook,
    method: &'static Method,
    asks: Vec<Json>,
    (hidden, secret, made, marked): (&BTreeSet<usize>, &BTreeSet<usize>, &[Made], &rows::Marked),
    found: &mut Found,
) {
    let ended = calls(bench, hook, method, asks, secret, Some(marked));
    for (mark, how) in ended.seen {
        match hidden.contains(&mark) {
            true => found.note(&method.name, "shows", &made[mark], how),
            false => _ = found.open.insert(made[mark].method),
        }
    }
    // What is open may be named in what somebody makes.
    let is_named = |(mark, how): &(usize, String)| !hidden.contains(mark) && how.starts_with('+');
    for (mark, how) in ended.differences.into_iter().filter(|found| !is_named(found)) {
        found.note(&method.name, "changes", &made[mark], how);
    }
    if let Some(how) = ended.fell.into_iter().next() {
        found.wrong.entry((method.name.clone(), "falls with", String::new())).or_insert((1, how));
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
