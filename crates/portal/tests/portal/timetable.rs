//! The timetable: jobs of a module of the test's own, and those of the portal.

use std::sync::atomic::{AtomicI64, Ordering::SeqCst};

use portal::audit::By;
use portal::clock::{Now, Place, Turn};
use portal::method::params;
use portal::timetable::{self, Fate, Job, Lease, Leased, Next, Progress, Task};
use portal::{Error, Moment, state};
use serde_json::json;
use wire::Fault;

use engine::modules::{Module, Modules};
use testportal::{Bench, NOW, input, portals};

/// Adds one to the value under its key; fails while its payload says so.
const COUNT: Job = Job { kind: "test.count", run: count, every: None };
/// Counts down from its payload, a step at a time.
const STEPS: Job = Job { kind: "test.steps", run: steps, every: None };
/// Comes again every minute.
const MINUTELY: Job = Job { kind: "test.minutely", run: count, every: Some(60) };
/// Adds a lead as the administrator.
const LEAD: Job = Job { kind: "test.lead", run: lead, every: None };
/// Comes again an hour later, then not.
const AGAIN: Job = Job { kind: "test.again", run: again, every: None };

static TEST: Module = Module { jobs: &[COUNT, STEPS, MINUTELY, LEAD, AGAIN], ..Module::new("test") };

fn count(task: &mut Task<'_, '_>) -> portal::Result<Next> {
    add(task)?;
    if task.payload == "fails" {
        return Err(Fault::argument("It does not work today.", "key").into());
    }
    assert_ne!(task.payload, "panics");
    Ok(Next::Done)
}

fn add(task: &mut Task<'_, '_>) -> portal::Result<()> {
    let name = format!("test.{}", task.key);
    let before = state::get(task.tx, &name)?.map_or(0, |text| text.parse::<i64>().unwrap());
    state::set(task.tx, &name, &(before + 1).to_string())
}

fn steps(task: &mut Task<'_, '_>) -> portal::Result<Next> {
    add(task)?;
    let left: i64 = task.payload.parse().unwrap();
    Ok(if left > 1 { Next::On((left - 1).to_string()) } else { Next::Done })
}

fn lead(task: &mut Task<'_, '_>) -> portal::Result<Next> {
    let fields = json!({"fields": {"TITLE": task.payload}});
    task.act_as((1, true), "crm.lead.add", params(&fields))?;
    match task.key {
        "fails" => Err(Fault::argument("It does not work today.", "key").into()),
        _ => Ok(Next::Done),
    }
}

fn again(task: &mut Task<'_, '_>) -> portal::Result<Next> {
    add(task)?;
    let first = at(3600);
    Ok(if task.now < first { Next::At(first) } else { Next::Done })
}

fn at(seconds: i64) -> Moment {
    Moment((NOW + seconds) * 1_000_000)
}

/// The portal's clock shows what the machine's does.
fn both(seconds: i64) -> Now {
    Now::same(at(seconds))
}

fn modules() -> Modules {
    Modules::new(&[&TEST])
}

/// What another node would lease.
fn claim(portal: &Bench, seconds: i64) -> Vec<Leased> {
    static NUMBER: AtomicI64 = AtomicI64::new(1);
    let lease = Lease { number: NUMBER.fetch_add(1, SeqCst), until: at(seconds + 60) };
    portal.write(move |tx| timetable::claim(tx, &modules(), 10, lease, both(seconds)))
}

fn run(portal: &Bench, leased: &Leased, seconds: i64) -> portal::Result<Progress> {
    portal.portal.run_job(leased.clone(), at(seconds + 60), at(seconds)).wait()
}

/// Runs what is due as the worker does; how many steps that were.
fn work(portal: &Bench, seconds: i64) -> usize {
    let mut ran = 0;
    for mut leased in claim(portal, seconds) {
        loop {
            ran += 1;
            match run(portal, &leased, seconds) {
                Ok(Progress::More(next)) => leased = next,
                Ok(_) => break,
                Err(why) => {
                    portal.write(move |tx| timetable::failed(tx, &leased, &why, at(seconds)));
                    break;
                }
            }
        }
    }
    ran
}

fn schedule(portal: &Bench, job: &'static Job, key: &'static str, seconds: i64, payload: &'static str) {
    portal.write(move |tx| timetable::schedule(tx, job, key, at(seconds), payload));
}

fn counted(portal: &Bench, key: &str) -> i64 {
    let name = format!("test.{key}");
    portal.read(move |tx| Ok(state::get(tx, &name)?.map_or(0, |text| text.parse().unwrap())))
}

fn due(portal: &Bench, job: &'static Job, key: &'static str) -> Option<i64> {
    let due = portal.read(move |tx| timetable::due(tx, job, key));
    due.map(|due| due.seconds() - NOW)
}

#[test]
fn a_job_runs_once_when_it_is_due() {
    for portal in portals("crm") {
        schedule(&portal, &COUNT, "a", 10, "");
        schedule(&portal, &COUNT, "b", 20, "");
        schedule(&portal, &COUNT, "c", 5, "");
        assert!(portal.write(|tx| timetable::cancel(tx, &COUNT, "c")), "on {}", portal.engine);
        assert!(!portal.write(|tx| timetable::cancel(tx, &COUNT, "c")));
        assert_eq!(work(&portal, 9), 0);
        assert_eq!((work(&portal, 10), work(&portal, 15)), (1, 0));
        assert_eq!((counted(&portal, "a"), counted(&portal, "b"), counted(&portal, "c")), (1, 0, 0));
        // What is scheduled anew is due at the new time.
        schedule(&portal, &COUNT, "b", 100, "");
        assert_eq!(work(&portal, 99), 0);
        assert_eq!((work(&portal, 1000), counted(&portal, "b")), (1, 1));
        assert_eq!(due(&portal, &COUNT, "b"), None);
        let is_due = |seconds| portal.read(move |tx| timetable::is_due(tx, &modules(), both(seconds)));
        schedule(&portal, &COUNT, "d", 2000, "");
        assert_eq!((is_due(1999), is_due(2000)), (false, true));
    }
}

#[test]
fn one_node_runs_it_and_another_when_that_is_gone() {
    for portal in portals("crm") {
        schedule(&portal, &COUNT, "a", 0, "");
        let first = claim(&portal, 0).remove(0);
        assert!(claim(&portal, 59).is_empty(), "on {}", portal.engine);
        let second = claim(&portal, 60).remove(0);
        assert_eq!((first.tries, second.tries), (0, 1), "a crash is a try");
        assert!(matches!(run(&portal, &first, 60).unwrap(), Progress::Lost));
        assert_eq!(counted(&portal, "a"), 0);
        assert!(matches!(run(&portal, &second, 60).unwrap(), Progress::Ended));
        assert!(matches!(run(&portal, &second, 60).unwrap(), Progress::Lost), "once");
        assert_eq!(counted(&portal, "a"), 1);
        // Whatever was scheduled anew or cancelled meanwhile is not run as it was.
        schedule(&portal, &COUNT, "b", 0, "");
        let leased = claim(&portal, 0).remove(0);
        schedule(&portal, &COUNT, "b", 500, "");
        assert!(matches!(run(&portal, &leased, 0).unwrap(), Progress::Lost));
        let why: Error = Fault::argument("late", "key").into();
        assert_eq!(portal.write(move |tx| timetable::failed(tx, &leased, &why, at(0))), Fate::Lost);
        assert_eq!((due(&portal, &COUNT, "b"), counted(&portal, "b")), (Some(500), 0));
    }
}

#[test]
fn a_job_that_fails_leaves_nothing_and_is_run_again() {
    for portal in portals("crm") {
        schedule(&portal, &COUNT, "a", 0, "fails");
        assert_eq!((work(&portal, 0), counted(&portal, "a")), (1, 0), "on {}", portal.engine);
        let error = "SELECT error FROM job WHERE kind = 'test.count'";
        let error = portal.read(move |tx| Ok(tx.one(error, &[], |row| Ok(row.text(0)?.to_owned()))?));
        assert!(error.unwrap().contains("It does not work today."));
        // Later and later.
        let (mut now, mut waits) = (5, Vec::new());
        assert_eq!(due(&portal, &COUNT, "a"), Some(5));
        while waits.len() < 8 {
            assert_eq!((work(&portal, now - 1), work(&portal, now)), (0, 1));
            let next = due(&portal, &COUNT, "a").unwrap();
            waits.push(next - now);
            now = next;
        }
        assert_eq!(waits, [30, 120, 600, 1_800, 3_600, 10_800, 10_800, 10_800]);
        schedule(&portal, &COUNT, "b", 0, "panics");
        assert_eq!((work(&portal, 0), counted(&portal, "b")), (1, 0));
        assert_eq!(due(&portal, &COUNT, "b"), Some(5), "a panic is a failure");
        // What fails for about a week is given up, unless it comes again anyway.
        schedule(&portal, &MINUTELY, "", now, "fails");
        let mut runs = 0;
        while let Some(next) = due(&portal, &COUNT, "a") {
            runs += 1;
            work(&portal, next);
            assert!(runs < 100);
        }
        assert_eq!(runs, 51, "sixty in all");
        assert!(due(&portal, &MINUTELY, "").is_some());
    }
}

#[test]
fn a_long_job_goes_on_in_steps_and_what_comes_again_waits_its_time() {
    for portal in portals("crm") {
        schedule(&portal, &STEPS, "long", 0, "5");
        assert_eq!((work(&portal, 0), counted(&portal, "long")), (5, 5), "on {}", portal.engine);
        assert_eq!(due(&portal, &STEPS, "long"), None);
        // A node that is lost between two steps loses none.
        schedule(&portal, &STEPS, "lost", 0, "3");
        let leased = claim(&portal, 0).remove(0);
        assert!(matches!(run(&portal, &leased, 30).unwrap(), Progress::More(_)));
        assert!(claim(&portal, 89).is_empty(), "each step has its time");
        assert_eq!((work(&portal, 90), counted(&portal, "lost")), (2, 3));

        portal.write(|tx| timetable::seed(tx, modules().jobs(), at(100)));
        assert_eq!((work(&portal, 100), due(&portal, &MINUTELY, "")), (1, Some(160)));
        portal.write(|tx| timetable::seed(tx, modules().jobs(), at(120)));
        assert_eq!(due(&portal, &MINUTELY, ""), Some(160), "it is there already");
        assert_eq!((work(&portal, 500), due(&portal, &MINUTELY, "")), (1, Some(560)), "late and once");

        schedule(&portal, &AGAIN, "again", 600, "");
        work(&portal, 600);
        assert_eq!(due(&portal, &AGAIN, "again"), Some(3600));
        work(&portal, 3600);
        assert_eq!((due(&portal, &AGAIN, "again"), counted(&portal, "again")), (None, 2));
    }
}

#[test]
fn a_job_acts_as_a_user_and_its_events_are_raised() {
    for portal in portals("crm") {
        let told = portal.told(input(&["ONCRMLEADADD"]));
        schedule(&portal, &LEAD, "monthly", 60, "Every month");
        work(&portal, 60);
        let found = portal.get("crm.lead.list", json!({"select": ["TITLE", "CREATED_BY_ID", "DATE_CREATE"]}));
        assert_eq!(found[0]["TITLE"], "Every month", "on {}", portal.engine);
        assert_eq!(found[0]["CREATED_BY_ID"], "1");
        assert_eq!(found[0]["DATE_CREATE"], "2026-06-01T12:01:00+00:00");
        assert_eq!(portal.raised(told).len(), 1);
        // What is undone raises nothing.
        schedule(&portal, &LEAD, "fails", 60, "Undone");
        work(&portal, 60);
        assert_eq!((portal.raised(told).len(), due(&portal, &LEAD, "fails")), (1, Some(65)));
    }
}

/// The portal's own housekeeping is on it from the start, also after it is opened again.
#[test]
fn the_portals_housekeeping_is_on_the_timetable() {
    for portal in portals("crm") {
        let kinds = |portal: &Bench| {
            portal.read(|tx| {
                let mut kinds = Vec::new();
                tx.query("SELECT kind FROM job ORDER BY kind", &[], |row| {
                    kinds.push(row.text(0)?.to_owned());
                    Ok(())
                })?;
                Ok(kinds)
            })
        };
        let all = [
            "bots.events",
            "department.chats",
            "disk.trash",
            "system.idempotent",
            "telephony.calls",
            "user.sessions",
            "webhooks.calls",
            "webhooks.counts",
            "webhooks.deliveries",
        ];
        assert_eq!(kinds(&portal), all, "on {}", portal.engine);
        let own = portal.portal.core().modules;
        let lease = Lease { number: 1, until: at(60) };
        let leased = portal.write(move |tx| timetable::claim(tx, own, 10, lease, both(0)));
        assert_eq!(leased.len(), all.len());
        for one in leased {
            let ended = portal.portal.run_job(one.clone(), at(60), at(0)).wait().unwrap();
            assert!(matches!(ended, Progress::Ended), "{one:?}");
        }
        let portal = portal.reopened();
        assert_eq!(kinds(&portal), all);
        assert!(!portal.read(move |tx| timetable::is_due(tx, own, both(599))));
        assert!(portal.read(move |tx| timetable::is_due(tx, own, both(600))));
    }
}

/// What comes again does not wait for a time far ahead when the clock is set back.
#[test]
fn what_comes_again_follows_a_clock_that_is_set_back() {
    for portal in portals("crm") {
        let (own, far) = (portal.portal.core().modules, 400 * 86_400);
        let turn = |turn| portal.portal.turn_clock(turn, at(0), By::OPERATOR).wait().unwrap();
        turn(Turn::to(Place::By(far)));
        let (lease, ahead) = (Lease { number: 1, until: at(60) }, Now { portal: at(far), machine: at(0) });
        for one in portal.write(move |tx| timetable::claim(tx, own, 100, lease, ahead)) {
            portal.portal.run_job(one, at(60), at(far)).wait().unwrap();
        }
        assert!(!portal.read(move |tx| timetable::is_due(tx, own, both(600))), "on {}", portal.engine);
        assert!(turn(Turn::RESET).is_none());
        assert!(!portal.read(move |tx| timetable::is_due(tx, own, both(599))));
        assert!(portal.read(move |tx| timetable::is_due(tx, own, both(600))));
    }
}

/// A call comes with the machine's time; its transaction knows how far the portal's is from it.
#[test]
fn the_clock_is_shifted_from_the_next_call_on() {
    for portal in portals("crm") {
        let time = || portal.get("server.time", json!({}));
        assert_eq!(time(), "2026-06-01T12:00:00+00:00", "on {}", portal.engine);
        let shift = portal::clock::Shift::by(2 * 86_400).unwrap();
        portal.write(move |tx| portal::clock::set(tx, shift));
        assert_eq!(time(), "2026-06-03T12:00:00+00:00");
        let id = portal.get("crm.lead.add", json!({"fields": {"TITLE": "later"}}));
        assert_eq!(portal.get("crm.lead.get", json!({"id": id}))["DATE_CREATE"], "2026-06-03T12:00:00+00:00");
        portal.write(|tx| portal::clock::set(tx, portal::clock::Shift::default()));
        assert_eq!(time(), "2026-06-01T12:00:00+00:00");
    }
}
