//! What happens while a webhook is off: it is held, and sent or dropped as a person decides.

#![allow(clippy::unwrap_used)]

use portal::Moment;
use portal::integration;
use portal::outbound::log::{self, Delivery, Filter, State};
use portal::outbound::manage::Input;
use portal::outbound::policy::Verdict;
use portal::outbound::queue::held::{self, Choice};
use portal::outbound::queue::{self, Attempt, Lane, Lease, Leased, Settled, Want};
use portal::settings::{Licence, Settings};
use serde_json::json;
use testportal::{Bench, NOW, context, input, portals};

fn at(seconds: i64) -> Moment {
    Moment((NOW + seconds) * 1_000_000)
}

fn add(portal: &Bench, seconds: i64) -> i64 {
    portal.at(NOW + seconds).get("crm.lead.add", json!({"fields": {"TITLE": "one"}})).as_i64().unwrap()
}

fn change(portal: &Bench, lead: i64, seconds: i64) {
    portal.at(NOW + seconds).get("crm.lead.update", json!({"id": lead, "fields": {"TITLE": "x"}}));
}

fn ordered(portal: &Bench) -> i64 {
    portal.told(Input { ordered: true, ..input(&["ONCRMLEADADD", "ONCRMLEADUPDATE"]) })
}

fn pause(portal: &Bench, id: i64) {
    let core = portal.portal.core().clone();
    portal.write(move |tx| {
        let whole = integration::of_outbound(tx, id)?.unwrap();
        integration::set_active(tx, context(&core, 1, at(0)), whole.id, false)
    });
}

fn resume(portal: &Bench, id: i64, choice: Choice, seconds: i64) {
    let core = portal.portal.core().clone();
    portal.write(move |tx| {
        let whole = integration::of_outbound(tx, id)?.unwrap();
        integration::resume(tx, context(&core, 1, at(seconds)), whole.id, choice)
    });
}

/// Does what was decided, so many of each webhook at a time.
fn release(portal: &Bench, step: i64, seconds: i64) {
    let core = portal.portal.core().clone();
    portal.write(move |tx| {
        while held::release(tx, &core, step, at(seconds))?.more {}
        queue::line_up(tx, at(seconds)).map(drop)
    });
}

fn claim(portal: &Bench, id: i64, seconds: i64) -> Vec<Leased> {
    let want = Want { outbound_id: id, lane: Lane::First, count: 1000 };
    let lease = Lease { number: 7, until: at(seconds + 60) };
    portal.write(move |tx| queue::claim(tx, &[want], lease, at(seconds)))
}

fn deliver(portal: &Bench, leased: &[Leased], seconds: i64) {
    let attempt = Attempt { status: Some(200), ..Attempt::at(at(seconds)) };
    let settled = leased.iter().map(|one| Settled {
        id: one.id,
        outbound_id: one.outbound_id,
        lease: 7,
        is_first: true,
        is_test: false,
        attempt: attempt.clone(),
        verdict: Verdict::Delivered,
    });
    let (core, settled) = (portal.portal.core().clone(), settled.collect::<Vec<_>>());
    portal.write(move |tx| queue::settle(tx, &core, &settled, at(seconds)).map(drop));
}

/// Delivers until nothing comes any more; the numbers in their order.
fn drain(portal: &Bench, id: i64, seconds: i64) -> Vec<i64> {
    let mut came = Vec::new();
    loop {
        let leased = claim(portal, id, seconds);
        if leased.is_empty() {
            return came;
        }
        came.extend(leased.iter().map(|one| one.id));
        deliver(portal, &leased, seconds);
    }
}

fn logged(portal: &Bench, state: State) -> Vec<Delivery> {
    let filter = Filter { state: Some(state), ..Filter::default() };
    portal.read(move |tx| log::search(tx, &filter, 1000)).deliveries.into_iter().map(|(one, _)| one).collect()
}

fn count(portal: &Bench, id: i64, since: i64) -> held::Count {
    portal.read(move |tx| held::count(tx, id, at(since)))
}

#[test]
fn what_happens_while_it_is_paused_is_held_and_sent_in_order() {
    for portal in portals("crm") {
        let id = ordered(&portal);
        let lead = add(&portal, 0);
        pause(&portal, id);
        change(&portal, lead, 10);
        change(&portal, lead, 20);
        let other = add(&portal, 30);
        assert_eq!(logged(&portal, State::Held).len(), 3);
        let counted = count(&portal, id, 20);
        assert_eq!((counted.held, counted.since, counted.waiting), (3, 2, 1));
        assert_eq!(counted.span, Some((at(10), at(30))));
        release(&portal, 100, 40);
        assert_eq!(logged(&portal, State::Held).len(), 3, "it is still off");
        resume(&portal, id, Choice::Send, 50);
        // What happens from here on comes after what was held.
        change(&portal, lead, 51);
        release(&portal, 2, 52);
        let came = drain(&portal, id, 60);
        let mut raised: Vec<i64> = logged(&portal, State::Delivered).iter().map(|one| one.id).collect();
        raised.reverse();
        assert_eq!((came.len(), raised.len(), logged(&portal, State::Held).len()), (5, 5, 0));
        let of_lead = |ids: &[i64]| -> Vec<i64> {
            let all = logged(&portal, State::Delivered);
            let is_its =
                |id: &&i64| all.iter().any(|one| one.id == **id && one.object == format!("lead:{lead}"));
            ids.iter().filter(is_its).copied().collect()
        };
        assert_eq!(of_lead(&came), of_lead(&raised));
        assert_ne!(lead, other);
    }
}

#[test]
fn resume_sends_what_came_since_a_moment_or_drops_it() {
    for portal in portals("crm") {
        for (choice, expected) in [(Choice::Since(at(20)), 1), (Choice::Drop, 0), (Choice::Send, 2)] {
            let id = ordered(&portal);
            let lead = add(&portal, 0);
            assert!(!drain(&portal, id, 1).is_empty());
            pause(&portal, id);
            change(&portal, lead, 10);
            change(&portal, lead, 20);
            let counted = count(&portal, id, 20);
            assert_eq!((counted.held, counted.since), (2, 1), "the number before it starts");
            resume(&portal, id, choice, 30);
            release(&portal, 1, 31);
            assert_eq!(drain(&portal, id, 32).len(), expected, "{choice:?}");
            assert_eq!(count(&portal, id, 0).held, 0);
            change(&portal, lead, 40);
            assert_eq!(drain(&portal, id, 41).len(), 1, "nothing stands behind what was dropped");
            pause(&portal, id);
        }
    }
}

#[test]
fn what_came_behind_something_held_goes_on_when_that_is_dropped() {
    for portal in portals("crm") {
        let id = ordered(&portal);
        let lead = add(&portal, 0);
        drain(&portal, id, 1);
        pause(&portal, id);
        change(&portal, lead, 10);
        resume(&portal, id, Choice::Drop, 20);
        change(&portal, lead, 21);
        portal.write(|tx| queue::line_up(tx, at(22)));
        assert!(claim(&portal, id, 22).is_empty(), "nobody knows yet what becomes of what is before it");
        release(&portal, 10, 23);
        assert_eq!(drain(&portal, id, 24).len(), 1);
    }
}

#[test]
fn without_a_licence_everything_is_held_and_nothing_fires() {
    for licence in [Licence::Expired, Licence::Demo] {
        let settings = Settings { licence, ..Settings::new("https://portal.test") };
        for portal in portals("crm") {
            let id = ordered(&portal);
            let portal = portal.reopened_with(settings.clone());
            let lead = add(&portal, 0);
            change(&portal, lead, 1);
            assert_eq!((logged(&portal, State::Held).len(), claim(&portal, id, 2).len()), (2, 0));
            release(&portal, 10, 3);
            assert_eq!(claim(&portal, id, 3).len(), 0);
            let portal = portal.reopened();
            release(&portal, 10, 4);
            assert_eq!(drain(&portal, id, 5).len(), 2, "active again: nobody had paused it");
        }
    }
}

#[test]
fn what_is_held_is_bounded_by_number_and_by_age() {
    for portal in portals("crm") {
        let id = portal.told(input(&["ONCRMLEADADD"]));
        pause(&portal, id);
        (0..5).for_each(|seconds| _ = add(&portal, seconds));
        assert_eq!(portal.write(|tx| held::bound(tx, 3, 100, at(10))), 2);
        let left: Vec<Moment> = logged(&portal, State::Held).iter().map(|one| one.raised).collect();
        assert_eq!(left, [at(4), at(3), at(2)], "the oldest go first");
        portal.write(|tx| log::sweep(tx, at(3), 0, 100));
        let counted = count(&portal, id, 0);
        assert_eq!((counted.held, counted.dropped), (2, 3));
    }
}

#[test]
fn held_rows_cost_the_queue_nothing() {
    for portal in portals("crm") {
        let id = portal.told(input(&["ONCRMLEADADD"]));
        pause(&portal, id);
        (0..3).for_each(|seconds| _ = add(&portal, seconds));
        let step = portal.write(|tx| log::replay_found(tx, &Filter::default(), 100, None, at(41)));
        assert_eq!(step.count, 0, "what is held is left to whoever resumes it");
        let backlog = portal.read(queue::backlogs);
        assert_eq!((backlog[0].held, backlog[0].waiting, backlog[0].is_active), (3, 0, false));
        assert!(portal.read(queue::due).is_empty());
        assert_eq!(portal.read(queue::depth)[0].waiting, 0);
    }
}
