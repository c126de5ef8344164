//! A portal on SQLite with the demo data, for targets that call it.

use std::sync::{LazyLock, Mutex, PoisonError};

use portal::clone::{Progress, Read};
use portal::copy::Step;
use portal::method::{Version, params};
use portal::{Moment, demo, modules};
use testportal::{Bench, NOW};
use wire::path::Format;
use wire::{Answer, Map, Value};

/// After so many calls it begins anew, so that it stays small.
const CALLS: i64 = 5_000;

static BENCH: Mutex<Option<(Bench, i64)>> = Mutex::new(None);

fn fresh() -> Bench {
    let scopes: std::collections::BTreeSet<&str> =
        modules().methods().iter().map(|method| method.scope).filter(|scope| !scope.is_empty()).collect();
    let scopes = scopes.into_iter().collect::<Vec<_>>().join(",");
    let bench = testportal::portals(&scopes).next().expect("SQLite is always there");
    demo::load(&bench.portal, Moment(NOW * 1_000_000)).expect("demo data");
    bench
}

/// Lends a portal with the demo data, and how many calls it has had.
pub fn with_portal<T>(work: impl FnOnce(&Bench, i64) -> T) -> T {
    let mut held = BENCH.lock().unwrap_or_else(PoisonError::into_inner);
    let (bench, calls) = match held.take() {
        Some((bench, calls)) if calls < CALLS => (bench, calls + 1),
        _ => (fresh(), 0),
    };
    let done = work(&bench, calls);
    *held = Some((bench, calls));
    done
}

/// Performs a call of the administrator's, and gives its result. Whatever it brings, the portal answers or refuses; it never
/// fails.
pub fn perform(version: Version, method: &str, params: Map) -> Option<Value> {
    let done = with_portal(|bench, calls| {
        // Time passes, so that no limit of requests ends it.
        let hook = bench.at(NOW + calls * 60);
        let hook = if version == Version::V3 { hook.v3() } else { hook };
        hook.send(method, params)
    });
    match done {
        Ok(done) => {
            wire_fuzz::check_writers(&done.reply.result);
            let answer = Answer { result: done.reply.result, ..Answer::default() };
            assert!(!wire::answer::render(&answer, Format::Json).is_empty());
            Some(answer.result)
        }
        Err(portal::Error::Fault(fault)) => {
            assert!(fault.status != 500, "{fault:?}");
            assert!(!wire::answer::render_fault(&fault, Format::Xml).is_empty());
            None
        }
        Err(error) => panic!("{error:?}"),
    }
}

/// Writes the examples of all methods into the corpus of `call`, where there are none yet.
pub fn write_examples() {
    let folder = std::path::Path::new("corpus/call");
    if folder.join("example-0-0").exists() || std::fs::create_dir_all(folder).is_err() {
        return;
    }
    for (number, method) in modules().methods().iter().enumerate() {
        for (at, example) in method.examples.iter().enumerate() {
            let newer = if method.version == Version::V3 { "api/" } else { "" };
            let call = format!("{newer}{}\napplication/json\n{}", method.name, example.params);
            drop(std::fs::write(folder.join(format!("example-{number}-{at}")), call));
        }
    }
}

/// The lists that a clone reads of another portal.
pub fn steps() -> &'static [Step] {
    static STEPS: LazyLock<Vec<Step>> = LazyLock::new(|| {
        let plan = |bench: &Bench, _| portal::clone::plan(&bench.portal, Moment(NOW * 1_000_000)).wait();
        with_portal(plan).expect("a plan").into_iter().map(|(step, _)| step).collect()
    });
    &STEPS
}

/// Writes the rows of a list into a portal. Whatever they are, they are taken or passed over.
pub fn take(step: &Step, answer: Value) {
    let mut read = Read::default();
    read.add(&step.params, &Map::new(), step.rows(answer));
    with_portal(|bench, calls| {
        let now = Moment((NOW + calls * 60) * 1_000_000);
        let written = portal::clone::write(&bench.portal, step, read, &Progress::default(), now).wait();
        // What the database refuses altogether ends the step, and nothing else.
        let is_refused = |error: &portal::Error| format!("{error:?}").starts_with("Store(Unique");
        if let Err(error) = written {
            assert!(is_refused(&error), "{}: {error:?}", step.name());
        }
    });
}

/// Writes what the demo portal answers to the lists of a clone into the corpus of `clone`, where there is nothing yet.
pub fn write_answers() {
    let folder = std::path::Path::new("corpus/clone");
    if folder.join("answer-0").exists() || std::fs::create_dir_all(folder).is_err() {
        return;
    }
    for (number, step) in (0_u16..).zip(steps()) {
        let result = perform(Version::V2, &step.method, params(&step.params)).unwrap_or_default();
        let answer = [&number.to_be_bytes()[..], &wire::json::encode(&result)].concat();
        drop(std::fs::write(folder.join(format!("answer-{number}")), answer));
    }
}
