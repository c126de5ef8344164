//! First tries that the change which raises them leases for the courier.

#![allow(clippy::unwrap_used)]

use std::time::Duration;

use portal::Moment;
use portal::method::params;
use portal::outbound::Raised;
use portal::outbound::log::{self, Filter, State};
use portal::outbound::manage::Input;
use portal::outbound::queue::{self, Lane, Lease, Want};
use portal::timetable::Act;
use serde_json::json;
use testportal::{Bench, NOW, input, portals};

const TERM: Duration = Duration::from_secs(60);

fn at(seconds: i64) -> Moment {
    Moment((NOW + seconds) * 1_000_000)
}

/// This test's courier begins to take whatever comes.
fn begin(portal: &Bench) {
    portal.portal.handover().begin(TERM, at(0));
}

fn add(portal: &Bench) -> Raised {
    portal.call("crm.lead.add", json!({"fields": {"TITLE": "one"}})).unwrap().raised
}

fn states(portal: &Bench) -> Vec<State> {
    let found = portal.read(|tx| log::search(tx, &Filter::default(), 100)).deliveries;
    found.into_iter().map(|(delivery, _)| delivery.state).collect()
}

fn claim(portal: &Bench, id: i64) -> Vec<queue::Leased> {
    let want = Want { outbound_id: id, lane: Lane::First, count: 100 };
    let lease = Lease { number: 1, until: at(100) };
    portal.write(move |tx| queue::claim(tx, &[want], lease, at(1)))
}

#[test]
fn what_there_is_room_for_comes_leased_and_the_rest_waits() {
    for portal in portals("crm") {
        let (one, other) = (portal.told(input(&["ONCRMLEADADD"])), portal.told(input(&["ONCRMLEADADD"])));
        begin(&portal);
        portal.portal.handover().set(other, false);
        let mut raised = add(&portal);
        assert_eq!(raised.waiting, [other]);
        let held = raised.handed.remove(0).take().unwrap();
        assert_eq!((held.outbound_id, held.lane, held.attempts, held.raised), (one, Lane::First, 0, at(0)));
        assert_eq!(held.lease.until, at(60));
        assert!(claim(&portal, one).is_empty(), "nobody else gets it");
        // It is what a claim would have brought.
        let late = held.lease.until;
        assert_eq!(portal.write(move |tx| queue::release_expired(tx, late, late)), 1);
        let want = Want { outbound_id: one, lane: Lane::First, count: 1 };
        let again = portal.write(move |tx| queue::claim(tx, &[want], held.lease, late)).remove(0);
        assert_eq!(format!("{again:?}"), format!("{held:?}"));
    }
}

#[test]
fn what_comes_behind_something_of_its_object_is_not_leased_nor_is_anything_without_a_courier() {
    for portal in portals("crm") {
        let id = portal.told(Input { ordered: true, ..input(&["ONCRMLEADADD", "ONCRMLEADUPDATE"]) });
        assert_eq!(add(&portal).handed.len(), 0);
        begin(&portal);
        let added = portal.call("crm.lead.add", json!({"fields": {"TITLE": "one"}})).unwrap();
        assert_eq!(
            (added.raised.handed.len(), added.raised.waiting.len()),
            (1, 0),
            "nothing waits before it"
        );
        let lead = testportal::to_json(&added.reply.result);
        let change = || portal.call("crm.lead.update", json!({"id": lead, "fields": {"TITLE": "two"}}));
        assert_eq!(change().unwrap().raised.handed.len(), 0, "the add is under way");
        assert_eq!(states(&portal)[..2], [State::Waiting, State::Sending]);
        assert_eq!(claim(&portal, id).len(), 1, "of the first lead");
        portal.portal.handover().end();
        assert_eq!(add(&portal).waiting, [id]);
    }
}

#[test]
fn what_reaches_nobody_is_given_back() {
    for portal in portals("crm") {
        let id = portal.told(input(&["ONCRMLEADADD"]));
        begin(&portal);
        let handover = &portal.portal.handover();
        drop(add(&portal));
        assert_eq!(states(&portal), [State::Sending]);
        let strays = handover.strays();
        assert_eq!((strays.len(), handover.strays().len()), (1, 0));
        portal.write(move |tx| queue::give_back(tx, &strays, at(0)));
        assert_eq!((states(&portal), claim(&portal, id).len()), (vec![State::Waiting], 1));
    }
}

#[test]
fn what_is_undone_is_not_sent() {
    for portal in portals("crm") {
        portal.told(input(&["ONCRMLEADADD"]));
        begin(&portal);
        let taken =
            |raised: Raised| raised.handed.into_iter().filter_map(portal::outbound::handover::Handed::take);
        // The second command fails; what the first and the third raised is sent.
        let cmd =
            json!(["crm.lead.add?fields[TITLE]=a", "crm.lead.update?id=77", "crm.lead.add?fields[TITLE]=b"]);
        let sent: Vec<i64> =
            taken(portal.call("batch", json!({"cmd": cmd})).unwrap().raised).map(|one| one.id).collect();
        let found = portal.read(|tx| log::search(tx, &Filter::default(), 100)).deliveries;
        let mut there: Vec<i64> = found.into_iter().map(|(delivery, _)| delivery.id).collect();
        there.reverse();
        assert_eq!((sent.len(), sent), (2, there));
        // A change that is undone leaves a lease of a delivery that is not there; giving it back changes nothing, even
        // when another has its number now.
        let own = portal.portal.clone();
        let job = move |tx: &mut store::Tx<'_>| {
            own.runner().act_as(
                tx,
                (1, true),
                "crm.lead.add",
                params(&json!({"fields": {"TITLE": "no"}})),
                at(0),
            )?;
            Err::<(), portal::Error>(wire::fault::INTERNAL_SERVER_ERROR.into())
        };
        assert!(portal.portal.core().store.write(job).wait().is_err());
        let held: Vec<_> = taken(add(&portal)).collect();
        let strays = portal.portal.handover().strays();
        assert_eq!((held.len(), strays.is_empty()), (1, false), "one stray for each run");
        portal.write(move |tx| queue::give_back(tx, &strays, at(0)));
        assert_eq!(states(&portal), [State::Sending; 3]);
    }
}
