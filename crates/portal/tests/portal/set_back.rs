//! The machine's clock was ahead and is set back: whatever is noted with the later time, even after the step, does not wait for
//! it. What waits as it should goes on waiting.

use portal::outbound::policy::Verdict;
use portal::outbound::queue::{self, Attempt, Fresh, Lane, Settled, Want};
use portal::outbox::{self, Message};
use portal::timetable;
use portal::{Error, Moment};
use store::Tx;
use testportal::{Bench, NOW, input, portals};
use wire::Fault;

/// Seconds by which the clock was ahead.
const AHEAD: i64 = 3 * 3600;

fn at(seconds: i64) -> Moment {
    Moment((NOW + seconds) * 1_000_000)
}

fn fresh(outbound_id: i64, object: &str) -> Fresh<'_> {
    Fresh {
        outbound_id,
        event_handler_id: 1,
        ordered: false,
        event: "ONCRMLEADADD",
        object,
        data: "",
        hop: 0,
        is_off: false,
        lease: None,
    }
}

/// The objects of the deliveries that are due then, which are leased.
fn due(tx: &mut Tx<'_>, outbound_id: i64, now: i64) -> portal::Result<Vec<String>> {
    let wants = Lane::ALL.map(|lane| Want { outbound_id, lane, count: 10 });
    let lease = queue::Lease { number: 8, until: at(now + 60) };
    let leased = queue::claim(tx, &wants, lease, at(now))?;
    let mut objects: Vec<String> = leased.iter().map(|one| one.object.to_string()).collect();
    objects.sort_unstable();
    Ok(objects)
}

/// Somebody who still has the time of before notes it.
fn note_late(portal: &Bench, outbound_id: i64) {
    let core = portal.portal.core().clone();
    portal.write(move |tx| {
        queue::put(tx, fresh(outbound_id, "raised ahead"), at(AHEAD))?;
        for object in ["tried", "tried ahead", "given back ahead"] {
            queue::put(tx, fresh(outbound_id, object), at(0))?;
        }
        let want = Want { outbound_id, lane: Lane::First, count: 3 };
        let leased = queue::claim(tx, &[want], queue::Lease { number: 7, until: at(60) }, at(0))?;
        let settled = |index: usize, started: i64, delay: i64| Settled {
            id: leased[index].id,
            outbound_id,
            lease: 7,
            is_first: true,
            is_test: false,
            attempt: Attempt { status: Some(500), ..Attempt::at(at(started)) },
            verdict: Verdict::Retry { at: at(started + delay) },
        };
        let settled = [settled(0, 0, 5 * 3600), settled(1, AHEAD, 24 * 3600)];
        queue::settle(tx, &core, &settled, at(0))?;
        queue::give_back(tx, &leased[2..], at(AHEAD))
    });
}

#[test]
fn deliveries_do_not_wait_for_a_time_that_is_gone() {
    for portal in portals("crm") {
        let outbound_id = portal.told(input(&["ONCRMLEADADD"]));
        let note = |now| portal.portal.note_clock(at(now), at(AHEAD)).wait().unwrap();
        assert_eq!(note(0), AHEAD, "on {}", portal.engine);
        // After the step, and the first look at what it left.
        note_late(&portal, outbound_id);
        assert_eq!(portal.write(move |tx| due(tx, outbound_id, 1)), [""; 0]);
        note(2);
        let all = ["given back ahead", "raised ahead", "tried ahead"];
        assert_eq!(portal.write(move |tx| due(tx, outbound_id, 2)), all, "on {}", portal.engine);
        assert_eq!(portal.write(move |tx| due(tx, outbound_id, 5 * 3600)), ["tried"]);
    }
}

#[test]
fn jobs_and_messages_wait_no_longer_than_after_a_failure() {
    for portal in portals("crm") {
        let (own, keys) = (portal.portal.core().modules, portal.portal.core().keys.clone());
        let message = Message::Post { body: "{}".to_owned() };
        portal.write(move |tx| outbox::put(tx, &keys, &message, at(0)));
        let fail = |now: i64, noted: i64| {
            let keys = portal.portal.core().keys.clone();
            portal.write(move |tx| {
                let lease = timetable::Lease { number: 7, until: at(now + 60) };
                let jobs = timetable::claim(tx, own, 100, lease, portal::clock::Now::same(at(now)))?;
                let why = Error::from(Fault::argument("It does not work today.", "key"));
                jobs.iter().try_for_each(|job| timetable::failed(tx, job, &why, at(noted)).map(drop))?;
                let lease = outbox::Lease { number: 7, until: at(now + 60) };
                let items = outbox::claim(tx, &keys, 9, lease, at(now))?;
                items.iter().try_for_each(|item| outbox::failed(tx, item, "no", at(noted)).map(drop))?;
                Ok((jobs.len(), items.len()))
            })
        };
        let note = |now| portal.portal.note_clock(at(now), at(AHEAD)).wait().unwrap();
        let (jobs, messages) = fail(0, AHEAD);
        assert!(jobs > 5 && messages == 1, "on {}", portal.engine);
        assert_eq!(fail(1000, 0), (0, 0), "they wait for the later time");
        note(1000);
        assert_eq!(fail(1000, 1000), (jobs, messages), "and now no longer, on {}", portal.engine);
        note(1001);
        assert_eq!(fail(1001, 0), (0, 0), "a delay as it should be is left as it is");
    }
}
