//! Order: events of one object come to a webhook one after the other, and only the first of them is in the queue.

#![allow(clippy::unwrap_used)]

use std::sync::mpsc::channel;
use std::time::Duration;

use portal::Moment;
use portal::integration::{self, Fresh, SaveOptions};
use portal::outbound::log::{self, Filter, Kind, State};
use portal::outbound::manage::Input;
use portal::outbound::policy::Verdict;
use portal::outbound::queue::{self, Attempt, Lane, Lease, Leased, Settled, Want, Written};
use serde_json::json;
use store::Tx;
use testportal::{Bench, NOW, input, portals};

fn at(seconds: i64) -> Moment {
    Moment((NOW + seconds) * 1_000_000)
}

/// A webhook with order for everything that happens to leads.
fn ordered(portal: &Bench) -> i64 {
    let events = ["ONCRMLEADADD", "ONCRMLEADUPDATE", "ONCRMLEADDELETE"];
    portal.told(Input { ordered: true, ..input(&events) })
}

fn add(portal: &Bench) -> i64 {
    portal.get("crm.lead.add", json!({"fields": {"TITLE": "one"}})).as_i64().unwrap()
}

fn change(portal: &Bench, lead: i64, times: usize) {
    (0..times).for_each(|_| _ = portal.get("crm.lead.update", json!({"id": lead, "fields": {"TITLE": "x"}})));
}

fn line_up(portal: &Bench, seconds: i64) {
    portal.write(move |tx| queue::line_up(tx, at(seconds)));
}

fn claim(portal: &Bench, id: i64, lane: Lane, seconds: i64) -> Vec<Leased> {
    let (want, lease) =
        (Want { outbound_id: id, lane, count: 1000 }, Lease { number: 7, until: at(seconds + 60) });
    portal.write(move |tx| queue::claim(tx, &[want], lease, at(seconds)))
}

fn settled(leased: &Leased, verdict: Verdict, seconds: i64) -> Settled {
    Settled {
        id: leased.id,
        outbound_id: leased.outbound_id,
        lease: leased.lease.number,
        is_first: leased.attempts == 0,
        is_test: false,
        attempt: Attempt::at(at(seconds)),
        verdict,
    }
}

fn settle(portal: &Bench, leased: &[Leased], verdict: Verdict, seconds: i64) -> Written {
    let all: Vec<Settled> = leased.iter().map(|one| settled(one, verdict, seconds)).collect();
    let core = portal.portal.core().clone();
    portal.write(move |tx| queue::settle(tx, &core, &all, at(seconds)))
}

fn events(leased: &[Leased]) -> Vec<(&str, &str)> {
    leased.iter().map(|one| (one.event.as_str(), one.object.as_str())).collect()
}

#[test]
fn only_heads_are_in_the_queue_and_each_end_brings_the_next() {
    for portal in portals("crm") {
        let id = ordered(&portal);
        let leads = [add(&portal), add(&portal)];
        leads.iter().for_each(|lead| change(&portal, *lead, 2));
        line_up(&portal, 0);
        let heads = claim(&portal, id, Lane::First, 0);
        let objects = leads.map(|lead| format!("lead:{lead}"));
        assert_eq!(events(&heads), [("ONCRMLEADADD", &*objects[0]), ("ONCRMLEADADD", &*objects[1])]);
        assert!(claim(&portal, id, Lane::First, 1).is_empty(), "the rest stands behind them");
        let waiting = Filter { state: Some(State::Waiting), ..Filter::default() };
        assert_eq!(portal.read(move |tx| log::search(tx, &waiting, 100)).deliveries.len(), 4);
        let backlog = portal.read(queue::backlogs);
        assert_eq!((backlog[0].waiting, backlog[0].leased), (4, 2));
        let written = settle(&portal, &heads, Verdict::Delivered, 2);
        assert_eq!(written.moved_up.into_iter().collect::<Vec<_>>(), [id]);
        for round in 3..5 {
            let next = claim(&portal, id, Lane::First, round);
            let expected = [("ONCRMLEADUPDATE", &*objects[0]), ("ONCRMLEADUPDATE", &*objects[1])];
            assert_eq!(events(&next), expected);
            settle(&portal, &next, Verdict::Delivered, round);
        }
        assert!(claim(&portal, id, Lane::First, 9).is_empty());
        assert_eq!(portal.read(move |tx| log::count_open(tx, None)), 0);
    }
}

#[test]
fn what_waits_for_a_later_try_keeps_the_rest_waiting_until_it_is_given_up() {
    for portal in portals("crm") {
        let id = ordered(&portal);
        let lead = add(&portal);
        change(&portal, lead, 1);
        line_up(&portal, 0);
        let first = claim(&portal, id, Lane::First, 0);
        for (verdict, lane) in
            [(Verdict::Later { at: at(5) }, Lane::First), (Verdict::Retry { at: at(9) }, Lane::Retry)]
        {
            settle(&portal, &first, verdict, 1);
            assert!(claim(&portal, id, Lane::First, 4).is_empty(), "{verdict:?}");
            assert_eq!(claim(&portal, id, lane, 9).len(), 1, "{verdict:?}");
        }
        settle(&portal, &first, Verdict::Dead, 10);
        assert_eq!(claim(&portal, id, Lane::First, 10)[0].event, "ONCRMLEADUPDATE");
    }
}

#[test]
fn a_batch_lines_up_what_it_raises() {
    for portal in portals("crm") {
        let id = ordered(&portal);
        let cmd = json!([
            "crm.lead.add?fields[TITLE]=a",
            "crm.lead.update?id=$result[0]&fields[TITLE]=b",
            "crm.lead.delete?id=$result[0]",
            "crm.lead.add?fields[TITLE]=c"
        ]);
        portal.get("batch", json!({"cmd": cmd}));
        line_up(&portal, 0);
        let mut came = Vec::new();
        for seconds in 0..3 {
            let leased = claim(&portal, id, Lane::First, seconds);
            came.push(leased.iter().map(|one| one.event.to_string()).collect::<Vec<_>>());
            settle(&portal, &leased, Verdict::Delivered, seconds);
        }
        assert_eq!(came[0], ["ONCRMLEADADD"; 2]);
        assert_eq!(came[1..], [vec!["ONCRMLEADUPDATE".to_owned()], vec!["ONCRMLEADDELETE".to_owned()]]);
    }
}

#[test]
fn user_fields_of_an_entity_are_one_object() {
    for portal in portals("crm") {
        let events = ["ONCRMDEALUSERFIELDADD", "ONCRMDEALUSERFIELDUPDATE", "ONCRMDEALUSERFIELDSETENUMVALUES"];
        let id = portal.told(Input { ordered: true, ..input(&events) });
        for name in ["ONE", "TWO"] {
            let fields = json!({"FIELD_NAME": name, "USER_TYPE_ID": "enumeration", "LIST": [{"VALUE": "a"}]});
            portal.get("crm.deal.userfield.add", json!({"fields": fields}));
        }
        line_up(&portal, 0);
        let mut came = Vec::new();
        for seconds in 0.. {
            let leased = claim(&portal, id, Lane::First, seconds);
            let Some(one) = leased.first() else { break };
            assert_eq!(leased.len(), 1, "one after the other");
            came.push(one.id);
            settle(&portal, &leased, Verdict::Delivered, seconds);
        }
        let logged = portal.read(|tx| log::search(tx, &Filter::default(), 100)).deliveries;
        let mut raised: Vec<i64> = logged.iter().map(|(one, _)| one.id).collect();
        raised.reverse();
        assert!(raised.len() >= 4);
        assert_eq!(came, raised);
    }
}

#[test]
fn without_order_everything_is_due_at_once() {
    for portal in portals("crm") {
        let id = portal.told(input(&["ONCRMLEADADD", "ONCRMLEADUPDATE"]));
        let lead = add(&portal);
        change(&portal, lead, 2);
        assert_eq!(claim(&portal, id, Lane::First, 0).len(), 3);
    }
}

#[test]
fn what_waits_keeps_to_the_rule_that_a_person_changes() {
    for portal in portals("crm") {
        let id = ordered(&portal);
        let lead = add(&portal);
        change(&portal, lead, 2);
        line_up(&portal, 0);
        let set = |ordered| {
            let (core, fresh) = (portal.portal.core().clone(), Fresh::random());
            portal.write(move |tx| {
                let whole = integration::of_outbound(tx, id)?.unwrap();
                let told = Input { ordered, ..whole.outbound.as_ref().unwrap().input() };
                let changed = integration::Input { outbound: Some(told), ..whole.input() };
                let context = testportal::context(&core, 1, at(0));
                integration::update(tx, context, whole.id, &changed, SaveOptions::default(), &fresh)
            });
            // In steps, any of which may be the last before a crash.
            let mut steps = 0;
            while portal.write(|tx| queue::reorder::step(tx, 1)) {
                steps += 1;
            }
            assert!(steps >= 3 && !portal.write(|tx| queue::reorder::step(tx, 1)), "{steps}");
        };
        set(false);
        let all = claim(&portal, id, Lane::First, 0);
        assert_eq!(all.len(), 3);
        portal.write(move |tx| queue::give_back(tx, &all, at(1)));
        set(true);
        line_up(&portal, 1);
        let first = claim(&portal, id, Lane::First, 1);
        assert_eq!(events(&first), [("ONCRMLEADADD", &*format!("lead:{lead}"))]);
    }
}

#[test]
fn what_is_sent_again_takes_its_place_in_its_line() {
    for portal in portals("crm") {
        let id = ordered(&portal);
        let lead = add(&portal);
        change(&portal, lead, 1);
        line_up(&portal, 0);
        for seconds in 0..2 {
            settle(&portal, &claim(&portal, id, Lane::First, seconds), Verdict::Delivered, seconds);
        }
        let missed = log::Missed { outbound_id: id, failed: false, since: at(0), ended: at(5) };
        assert_eq!(portal.write(move |tx| log::replay_missed(tx, &missed, 0, 100, None, at(5))).count, 2);
        change(&portal, lead, 1);
        line_up(&portal, 5);
        let first = claim(&portal, id, Lane::Retry, 5);
        assert_eq!(events(&first), [("ONCRMLEADADD", &*format!("lead:{lead}"))]);
        assert!(claim(&portal, id, Lane::First, 5).is_empty());
        settle(&portal, &first, Verdict::Delivered, 6);
        assert_eq!(claim(&portal, id, Lane::Retry, 6).len(), 1);
    }
}

/// On PostgreSQL a change may see a head that has ended before the change commits. What it puts behind that head would
/// wait for ever.
#[test]
fn what_came_behind_a_head_that_has_ended_meanwhile_is_found() {
    for portal in portals("crm") {
        if portal.engine == "sqlite" {
            continue;
        }
        let id = ordered(&portal);
        let lead = add(&portal);
        let head = claim(&portal, id, Lane::First, 0);
        let ((told, seen), (go, goes)) = (channel::<()>(), channel::<()>());
        let goes = std::sync::Mutex::new(goes);
        let object = format!("lead:{lead}");
        let job = move |tx: &mut Tx<'_>| {
            let fresh = queue::Fresh {
                outbound_id: id,
                event_handler_id: 1,
                ordered: true,
                event: "ONCRMLEADUPDATE",
                object: &object,
                data: "",
                hop: 0,
                is_off: false,
                lease: None,
            };
            let placed = queue::put(tx, fresh, at(0))?;
            _ = told.send(());
            _ = goes.lock().unwrap().recv_timeout(Duration::from_secs(60));
            portal::Result::Ok(placed.place)
        };
        let late = portal.portal.core().store.write(job);
        seen.recv().unwrap();
        assert!(settle(&portal, &head, Verdict::Delivered, 1).moved_up.is_empty());
        go.send(()).unwrap();
        assert_eq!(late.wait().unwrap(), queue::Place::Arrived);
        assert!(claim(&portal, id, Lane::First, 2).is_empty());
        assert!(portal.read(queue::has_arrived));
        line_up(&portal, 2);
        assert_eq!(claim(&portal, id, Lane::First, 2).len(), 1);
    }
}

/// Nor may the end of a head and the lining up of what comes behind it pass each other by.
#[test]
fn the_end_of_a_head_and_what_is_lined_up_behind_it_meet() {
    for portal in portals("crm") {
        for round in 0..8 {
            let id = ordered(&portal);
            let lead = add(&portal);
            let head = claim(&portal, id, Lane::First, 0);
            change(&portal, lead, 1);
            let core = portal.portal.core().clone();
            let all: Vec<Settled> = head.iter().map(|one| settled(one, Verdict::Delivered, 1)).collect();
            let store = &portal.portal.core().store;
            let one = store.write(|tx: &mut Tx<'_>| queue::line_up(tx, at(1)));
            let other = store.write(move |tx: &mut Tx<'_>| queue::settle(tx, &core, &all, at(1)));
            one.wait().unwrap();
            other.wait().unwrap();
            assert_eq!(claim(&portal, id, Lane::First, 2).len(), 1, "round {round}");
        }
    }
}

/// What waits is cancelled; what is behind it goes on in its order, and what was cancelled is sent again by nobody's
/// "everything that failed".
#[test]
fn what_is_cancelled_leaves_its_line() {
    for portal in portals("crm") {
        let id = ordered(&portal);
        let lead = add(&portal);
        change(&portal, lead, 3);
        line_up(&portal, 1);
        let logged = |state| {
            let filter = Filter { state, ..Filter::default() };
            let mut ids: Vec<i64> = portal
                .read(move |tx| log::search(tx, &filter, 100))
                .deliveries
                .into_iter()
                .map(|(one, _)| one.id)
                .collect();
            ids.sort_unstable();
            ids
        };
        let all = logged(None);
        let [first, second, third, fourth] = all[..] else { panic!("{all:?}") };
        let cancelled = portal.write(move |tx| log::cancel(tx, &[first, third, 404], Some(1), at(2)));
        assert_eq!(
            (cancelled.count, cancelled.outbounds.contains(&id)),
            (2, true),
            "the second is the head now"
        );
        let head = claim(&portal, id, Lane::First, 3);
        assert_eq!(head.iter().map(|one| one.id).collect::<Vec<_>>(), [second]);
        let while_sent = portal.write(move |tx| log::cancel(tx, &[second], Some(1), at(4)));
        assert_eq!(while_sent.count, 0, "what is being sent cannot be called back");
        settle(&portal, &head, Verdict::Delivered, 5);
        let last = claim(&portal, id, Lane::First, 6);
        assert_eq!(last.iter().map(|one| one.id).collect::<Vec<_>>(), [fourth]);
        settle(&portal, &last, Verdict::Delivered, 7);

        assert_eq!(logged(Some(State::Cancelled)), [first, third]);
        assert_eq!(logged(Some(State::Failed)), Vec::<i64>::new());
        let missed = log::Missed { outbound_id: id, failed: true, since: at(0), ended: at(8) };
        assert_eq!(portal.read(move |tx| log::count_missed(tx, &missed)), 0);
        let found = portal.write(|tx| log::replay_found(tx, &Filter::default(), 100, Some(1), at(8)));
        assert_eq!(found.count, 2, "what was delivered, and not what was cancelled");
        assert!(
            portal.write(move |tx| log::replay(tx, first, Some(1), at(9))),
            "one alone is, when it is meant"
        );
        let done = portal.read(move |tx| log::actions(tx, first));
        assert_eq!(
            done.iter().map(|one| one.kind.clone()).collect::<Vec<_>>(),
            [Kind::Cancelled, Kind::Replayed]
        );
        assert!(done.iter().all(|one| one.by.as_ref().is_some_and(|(id, _)| *id == 1)));
        assert_eq!(logged(Some(State::Cancelled)), [third]);
        let filter = Filter { outbound_id: Some(id), ..Filter::default() };
        line_up(&portal, 10);
        let step = portal.write(move |tx| log::cancel_found(tx, &filter, 100, None, at(11)));
        assert_eq!((step.count, step.before), (3, None), "all that waits of it");
        assert!(portal.read(queue::due).is_empty());
    }
}
