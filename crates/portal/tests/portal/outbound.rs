//! Outbound webhooks: who is told what, and what becomes of a delivery.

#![allow(clippy::unwrap_used)]

use portal::integration::{self, EditContext, Fresh, SaveOptions};
use portal::outbound::find;
use portal::outbound::log::{self, Filter, Missed, State, Step};
use portal::outbound::manage::{Actor, Input};
use portal::outbound::policy::Verdict;
use portal::outbound::queue::{self, Attempt, Lane, Lease, Leased, Settled, Want};
use portal::outbound::{Secrets, figures, listen, trial};
use portal::settings::{Licence, Settings};
use portal::{Error, Moment};
use serde_json::json;
use testportal::{Bench, NOW, context, input, portals, portals_with};

const MINUTE: i64 = 60;
const ADMIN: Actor = Actor { user_id: 1, is_admin: true };

fn at(seconds: i64) -> Moment {
    Moment((NOW + seconds) * 1_000_000)
}

/// What these tests do with a portal besides calling methods.
trait Outbounds {
    fn claim(&self, id: i64, lane: Lane, seconds: i64) -> Vec<Leased>;
    fn settle(&self, leased: &Leased, verdict: Verdict, seconds: i64) -> Vec<i64>;
    fn logged(&self, filter: Filter) -> Vec<log::Delivery>;
    fn changed(&self, id: i64, input: Input, actor: Actor) -> Result<(), Error>;
}

impl Outbounds for Bench {
    fn claim(&self, id: i64, lane: Lane, seconds: i64) -> Vec<Leased> {
        let want = Want { outbound_id: id, lane, count: 100 };
        self.write(move |tx| {
            queue::claim(tx, &[want], Lease { number: 77, until: at(seconds + MINUTE) }, at(seconds))
        })
    }

    fn settle(&self, leased: &Leased, verdict: Verdict, seconds: i64) -> Vec<i64> {
        let attempt =
            Attempt { took: 1500, status: Some(200), answer: "ok".into(), ..Attempt::at(at(seconds)) };
        let settled = Settled {
            id: leased.id,
            outbound_id: leased.outbound_id,
            lease: leased.lease.number,
            is_first: leased.attempts == 0,
            is_test: leased.is_test,
            attempt,
            verdict,
        };
        let core = self.portal.core().clone();
        self.write(move |tx| queue::settle(tx, &core, std::slice::from_ref(&settled), at(seconds))).disabled
    }

    fn logged(&self, filter: Filter) -> Vec<log::Delivery> {
        let found = self.read(move |tx| log::search(tx, &filter, 2000)).deliveries;
        found.into_iter().map(|(delivery, _)| delivery).collect()
    }

    fn changed(&self, id: i64, input: Input, actor: Actor) -> Result<(), Error> {
        let (core, fresh) = (self.portal.core().clone(), Fresh::random());
        let options = SaveOptions { take_over: true, ..SaveOptions::default() };
        let job = move |tx: &mut store::Tx<'_>| {
            let found = integration::of_outbound(tx, id)?.unwrap();
            let changed = integration::Input { outbound: Some(input.clone()), ..found.input() };
            let context = EditContext { actor, ..context(&core, actor.user_id, at(0)) };
            integration::update(tx, context, found.id, &changed, options, &fresh)
        };
        self.portal.core().store.write(job).wait()
    }
}

fn code(error: Error) -> String {
    error.into_fault().code.into_owned()
}

#[test]
fn a_change_is_told_once_to_each_who_listens() {
    for portal in portals("crm") {
        let both = portal.told(input(&["ONCRMLEADADD", "oncrmleadupdate"]));
        let adds = portal.told(input(&["ONCRMLEADADD"]));
        let other = portal.told(input(&["ONCRMDEALADD"]));
        let id = portal.get("crm.lead.add", json!({"fields": {"TITLE": "Quay"}}));
        portal.get("crm.lead.update", json!({"id": id, "fields": {"TITLE": "Pier"}}));
        let told: Vec<_> = portal.claim(both, Lane::First, 0);
        let said: Vec<_> = told.iter().map(|leased| (leased.event.as_str(), leased.data.as_str())).collect();
        let data = format!("data%5BFIELDS%5D%5BID%5D={id}");
        assert_eq!(said, [("ONCRMLEADADD", &*data), ("ONCRMLEADUPDATE", &*data)]);
        assert_ne!(told[0].event_handler_id, told[1].event_handler_id);
        assert_eq!(portal.claim(adds, Lane::First, 0).len(), 1);
        assert_eq!(portal.claim(other, Lane::First, 0).len(), 0);
    }
}

#[test]
fn nothing_is_told_of_what_did_not_happen() {
    for portal in portals("crm") {
        let id = portal.told(input(&["ONCRMLEADADD", "ONCRMLEADUPDATE", "ONCRMLEADDELETE"]));
        portal.refused("crm.lead.update", json!({"id": 404, "fields": {"TITLE": "?"}}));
        portal.refused("crm.lead.delete", json!({"id": 404}));
        portal.get(
            "batch",
            json!({"halt": 1, "cmd": {"a": "crm.lead.add?fields[TITLE]=x", "b": "crm.lead.delete?id=404"}}),
        );
        let told = portal.claim(id, Lane::First, 0);
        assert_eq!(told.iter().map(|leased| leased.event.as_str()).collect::<Vec<_>>(), ["ONCRMLEADADD"]);
    }
}

#[test]
fn a_bulk_change_is_told_item_by_item() {
    for portal in portals("crm") {
        let id = portal.told(input(&["ONCRMLEADADD"]));
        for _ in 0..20 {
            let commands: Vec<String> = (0..50).map(|n| format!("crm.lead.add?fields[TITLE]=n{n}")).collect();
            portal.get("batch", json!({"cmd": commands}));
        }
        assert_eq!(portal.logged(Filter { outbound_id: Some(id), ..Filter::default() }).len(), 1000);
    }
}

#[test]
fn a_circle_ends_after_seven_links() {
    for portal in portals("crm") {
        let id = portal.told(input(&["ONCRMLEADADD"]));
        for hop in [0, 6, 7, 200] {
            portal.after(hop).get("crm.lead.add", json!({"fields": {"TITLE": "again"}}));
        }
        let hops: Vec<u8> = portal.claim(id, Lane::First, 0).iter().map(|leased| leased.hop).collect();
        assert_eq!(hops, [0, 6]);
    }
}

#[test]
fn without_a_licence_nothing_is_made_and_nothing_fires() {
    for licence in [Licence::Expired, Licence::Demo] {
        let settings = Settings { licence, ..Settings::new("https://portal.test") };
        for portal in portals_with("crm", settings) {
            let refused = portal.try_told(1, input(&["ONCRMLEADADD"])).unwrap_err().into_fault();
            assert_eq!((refused.status, &*refused.code), (403, "ACCESS_DENIED"));
            assert!(refused.message.contains("active licence"), "{}", refused.message);
        }
    }
}

#[test]
fn input_is_checked() {
    for portal in portals("crm") {
        for (change, expected) in [
            (
                Input { handler_url: "ftp://handler.example".into(), ..input(&["ONCRMLEADADD"]) },
                "ERROR_UNSUPPORTED_PROTOCOL",
            ),
            (
                Input { handler_url: "http://10.0.0.1/".into(), ..input(&["ONCRMLEADADD"]) },
                "ERROR_WRONG_HANDLER_URL",
            ),
            (
                Input { handler_url: "http://localhost/".into(), ..input(&["ONCRMLEADADD"]) },
                "ERROR_WRONG_HANDLER_URL",
            ),
            (input(&["ONNOTHING"]), "ERROR_EVENT_NOT_FOUND"),
            (input(&[]), "ERROR_ARGUMENT"),
        ] {
            assert_eq!(code(portal.try_told(1, change).unwrap_err()), expected);
        }
    }
}

#[test]
fn secrets_are_the_owners_alone_and_change_with_the_owner() {
    for portal in portals("crm") {
        let employee = portal.employee("bo@portal.test", "crm").user;
        let id = portal.try_told(employee, input(&["ONCRMLEADADD"])).unwrap();
        let keys = portal.portal.core().keys.clone();
        let reveal = |owner: i64| {
            let keys = keys.clone();
            portal.read(move |tx| find::reveal(tx, &keys, id, owner))
        };
        let before = reveal(employee).unwrap();
        assert_eq!(before.application_token.len(), 32);
        assert_eq!(reveal(1), None);
        let events = portal.read(move |tx| find::find(tx, id)).unwrap().events;

        portal.changed(id, input(&["ONCRMLEADADD", "ONCRMDEALADD"]), ADMIN).unwrap();
        let (after, found) = (reveal(1).unwrap(), portal.read(move |tx| find::find(tx, id)).unwrap());
        assert_eq!(found.user_id, 1);
        assert_ne!(after.application_token, before.application_token);
        assert_ne!(after.signing_secret, before.signing_secret);
        assert!(found.events.contains(&events[0]), "an event that stays keeps its number");
        assert_eq!(reveal(employee), None);

        let stranger = Actor { user_id: employee, is_admin: false };
        assert_eq!(
            code(portal.changed(id, input(&["ONCRMLEADADD"]), stranger).unwrap_err()),
            "ACCESS_DENIED"
        );
        portal.get("crm.lead.add", json!({"fields": {"TITLE": "after"}}));
        assert_eq!(portal.claim(id, Lane::First, 0).len(), 1);
    }
}

#[test]
fn a_leased_delivery_is_nobody_elses_until_the_lease_ends() {
    for portal in portals("crm") {
        let id = portal.told(input(&["ONCRMLEADADD"]));
        portal.get("crm.lead.add", json!({"fields": {"TITLE": "one"}}));
        let mine = portal.claim(id, Lane::First, 0).remove(0);
        assert!(portal.claim(id, Lane::First, 0).is_empty());
        assert_eq!(portal.write(|tx| queue::release_expired(tx, at(59), at(59))), 0);
        assert_eq!(portal.write(|tx| queue::release_expired(tx, at(60), at(60))), 1);
        let want = Want { outbound_id: id, lane: Lane::First, count: 1 };
        let theirs = portal
            .write(move |tx| queue::claim(tx, &[want], Lease { number: 78, until: at(200) }, at(61)))
            .remove(0);
        assert_eq!(theirs.id, mine.id);
        portal.settle(&mine, Verdict::Delivered, 62);
        assert_eq!(portal.logged(Filter::default())[0].state, State::Sending, "the old lease counts no more");
        portal.settle(&theirs, Verdict::Delivered, 63);
        assert_eq!(portal.logged(Filter::default())[0].state, State::Delivered);
    }
}

#[test]
fn what_fails_waits_for_its_next_try_among_the_retries() {
    for portal in portals("crm") {
        let id = portal.told(input(&["ONCRMLEADADD"]));
        portal.get("crm.lead.add", json!({"fields": {"TITLE": "one"}}));
        let first = portal.claim(id, Lane::First, 0).remove(0);
        portal.settle(&first, Verdict::Retry { at: at(5) }, 1);
        let due = portal.read(queue::due);
        assert_eq!(due, [queue::Due { outbound_id: id, lane: Lane::Retry, earliest: at(5) }]);
        assert!(portal.claim(id, Lane::Retry, 4).is_empty());
        let again = portal.claim(id, Lane::Retry, 5).remove(0);
        assert_eq!((again.id, again.attempts), (first.id, 1));
        portal.settle(&again, Verdict::Dead, 6);
        assert!(portal.read(queue::due).is_empty());
        let (delivery, attempts) = portal.read(move |tx| log::show(tx, first.id)).unwrap();
        assert_eq!((delivery.state, attempts.len()), (State::Failed, 2));
        assert_eq!(attempts.iter().map(|tried| tried.number).collect::<Vec<_>>(), [1, 2]);
    }
}

#[test]
fn a_person_may_send_again_one_or_all_that_failed() {
    for portal in portals("crm") {
        let id = portal.told(input(&["ONCRMLEADADD"]));
        (0..3).for_each(|n| _ = portal.get("crm.lead.add", json!({"fields": {"TITLE": n}})));
        let leased = portal.claim(id, Lane::First, 0);
        portal.settle(&leased[0], Verdict::Delivered, 1);
        portal.settle(&leased[1], Verdict::Dead, 1);
        portal.settle(&leased[2], Verdict::Dead, 1);
        let delivered = leased[0].id;
        assert!(portal.write(move |tx| log::replay(tx, delivered, None, at(2))));
        assert!(!portal.write(|tx| log::replay(tx, 404, None, at(2))));
        let missed = move |since| Missed { outbound_id: id, failed: true, since: at(since), ended: at(2) };
        let replay = |since, after: i64, limit: usize| {
            portal.write(move |tx| log::replay_missed(tx, &missed(since), after, limit, None, at(2)))
        };
        assert_eq!(portal.read(move |tx| log::count_missed(tx, &missed(0))), 2);
        assert_eq!(replay(1, 0, 10), Step { count: 0, last: None }, "none raised since");
        let first = replay(0, 0, 1);
        assert_eq!((first.count, first.last), (1, Some(leased[1].id)));
        assert_eq!(replay(0, leased[1].id, 10), Step { count: 1, last: None });
        let again = portal.claim(id, Lane::Retry, 2);
        assert_eq!(again.len(), 3);
        assert!(again.iter().all(|leased| leased.attempts == 0), "their schedule begins anew");
        portal.settle(&again[0], Verdict::Delivered, 3);
        let (_, attempts) = portal.read(move |tx| log::show(tx, delivered)).unwrap();
        assert_eq!(attempts.len(), 2);
    }
}

#[test]
fn an_ordered_webhook_gets_the_events_of_an_object_one_after_the_other() {
    for portal in portals("crm") {
        let id = portal.told(Input { ordered: true, ..input(&["ONCRMLEADADD", "ONCRMLEADUPDATE"]) });
        let one = portal.get("crm.lead.add", json!({"fields": {"TITLE": "one"}}));
        portal.get("crm.lead.update", json!({"id": one, "fields": {"TITLE": "two"}}));
        portal.get("crm.lead.add", json!({"fields": {"TITLE": "another"}}));
        let first = portal.claim(id, Lane::First, 0);
        assert_eq!(first.iter().map(|leased| leased.event.as_str()).collect::<Vec<_>>(), ["ONCRMLEADADD"; 2]);
        portal.settle(&first[0], Verdict::Retry { at: at(5) }, 1);
        assert!(portal.claim(id, Lane::First, 2).is_empty(), "the update waits for the retry of the add");
        let again = portal.claim(id, Lane::Retry, 5).remove(0);
        portal.settle(&again, Verdict::Dead, 6);
        assert_eq!(portal.claim(id, Lane::First, 7)[0].event, "ONCRMLEADUPDATE");
    }
}

#[test]
fn a_handler_that_is_gone_or_fails_for_days_is_disabled() {
    const DAY: i64 = 24 * 3600;
    for portal in portals("crm") {
        let (gone, failing, well) = (
            portal.told(input(&["ONCRMLEADADD"])),
            portal.told(input(&["ONCRMLEADADD"])),
            portal.told(input(&["ONCRMLEADADD"])),
        );
        portal.get("crm.lead.add", json!({"fields": {"TITLE": "one"}}));
        let one = |id: i64| portal.claim(id, Lane::First, 0).remove(0);
        assert_eq!(portal.settle(&one(gone), Verdict::Gone, 0), [gone]);
        let since = portal.read(move |tx| find::find(tx, gone)).unwrap().failing_since;
        assert_eq!(since, Some(at(0).seconds()), "shown at once, before anybody is told");
        let fail = |id: i64, lane: Lane, seconds: i64| {
            let leased = portal.claim(id, lane, seconds).remove(0);
            portal.settle(&leased, Verdict::Retry { at: at(seconds) }, seconds)
        };
        assert!(fail(failing, Lane::First, 0).is_empty());
        for seconds in [DAY, 2 * DAY, 3 * DAY - 1] {
            assert!(fail(failing, Lane::Retry, seconds).is_empty());
        }
        assert!(fail(well, Lane::First, 0).is_empty());
        let arrived = portal.claim(well, Lane::Retry, DAY).remove(0);
        assert!(portal.settle(&arrived, Verdict::Delivered, DAY).is_empty());
        assert_eq!(fail(failing, Lane::Retry, 3 * DAY), [failing]);
        for (id, why) in [(gone, "410"), (failing, "72 hours")] {
            let found = portal.read(move |tx| find::find(tx, id)).unwrap();
            assert!(!found.active && found.disabled_because.unwrap().contains(why));
        }
        portal.get("crm.lead.add", json!({"fields": {"TITLE": "two"}}));
        let told = |id: i64| portal.logged(Filter { outbound_id: Some(id), ..Filter::default() }).len();
        assert_eq!((told(gone), told(failing), told(well)), (2, 2, 2));
        let held = portal.logged(Filter { state: Some(State::Held), ..Filter::default() });
        assert_eq!(held.iter().map(|one| one.outbound_id).collect::<Vec<_>>(), [failing, gone]);
        portal.changed(failing, input(&["ONCRMLEADADD"]), ADMIN).unwrap();
        assert_eq!(portal.claim(failing, Lane::Retry, 4 * DAY).len(), 1, "what waited goes on");
    }
}

#[test]
fn the_log_can_be_filtered_and_is_swept() {
    for portal in portals("crm") {
        let (one, other) = (portal.told(input(&["ONCRMLEADADD"])), portal.told(input(&["ONCRMDEALADD"])));
        portal.get("crm.lead.add", json!({"fields": {"TITLE": "one"}}));
        portal.at(NOW + 100).get("crm.deal.add", json!({"fields": {"TITLE": "two"}}));
        portal.settle(&portal.claim(one, Lane::First, 0)[0], Verdict::Delivered, 1);
        let count = |filter: Filter| portal.logged(filter).len();
        let any = Filter::default;
        assert_eq!(count(any()), 2);
        assert_eq!(count(Filter { outbound_id: Some(other), ..any() }), 1);
        assert_eq!(count(Filter { event: Some("ONCRMLEADADD".into()), ..any() }), 1);
        assert_eq!(count(Filter { state: Some(State::Waiting), ..any() }), 1);
        assert_eq!(count(Filter { state: Some(State::Failed), ..any() }), 0);
        assert_eq!(count(Filter { since: Some(at(50)), ..any() }), 1);
        assert_eq!(count(Filter { until: Some(at(50)), owner: Some(1), ..any() }), 1);
        assert_eq!(count(Filter { owner: Some(2), ..any() }), 0);
        let last = portal.write(|tx| log::sweep(tx, at(1000), 0, 1));
        assert!(last.is_some(), "one looked at, and gone");
        assert_eq!(portal.write(move |tx| log::sweep(tx, at(50), last.unwrap(), 10)), None);
        assert_eq!(
            portal.logged(any()).iter().map(|delivery| delivery.state).collect::<Vec<_>>(),
            [State::Waiting]
        );
        portal.forget(other);
        assert!(portal.read(queue::due).is_empty(), "nothing is sent for a deleted webhook");
        portal.write(|tx| log::sweep(tx, at(1000), 0, 10));
        assert_eq!(count(any()), 0);
    }
}

#[test]
fn a_test_event_goes_to_one_handler() {
    for portal in portals("crm") {
        let (id, other) = (portal.told(input(&["ONCRMLEADADD"])), portal.told(input(&["ONCRMDEALADD"])));
        let core = portal.portal.core().clone();
        let sent = portal.write(move |tx| trial::send(tx, &core, id, "oncrmdealadd", ADMIN, at(0)));
        let leased = portal.claim(id, Lane::First, 0);
        assert_eq!((leased[0].id, leased[0].event.as_str()), (sent, "ONCRMDEALADD"));
        assert!(leased[0].data.starts_with("data%5BFIELDS%5D%5BID%5D="));
        assert!(portal.claim(other, Lane::First, 0).is_empty());
    }
}

#[test]
fn a_listener_ends_when_it_is_closed_or_falls_silent() {
    for portal in portals("crm") {
        let open = || {
            let (core, secrets) = (portal.portal.core().clone(), Secrets::random());
            portal.write(move |tx| {
                listen::open(tx, &core, 1, vec!["ONCRMLEADADD".into()], &secrets, at(0), at(0))
            })
        };
        let (closed, silent) = (open(), open());
        portal.get("crm.lead.add", json!({"fields": {"TITLE": "one"}}));
        assert!(portal.read(queue::due).is_empty(), "the courier leaves them to the listener");
        assert_eq!(portal.claim(closed, Lane::First, 0).len(), 1);
        portal.write(move |tx| listen::close(tx, closed));
        assert!(portal.write(move |tx| listen::heartbeat(tx, silent, at(10))));
        portal.write(|tx| listen::sweep(tx, at(40)));
        assert!(portal.write(move |tx| listen::heartbeat(tx, silent, at(40))));
        portal.write(|tx| listen::sweep(tx, at(71)));
        assert!(!portal.write(move |tx| listen::heartbeat(tx, silent, at(72))));
        assert!(portal.logged(Filter::default()).is_empty());
    }
}

#[test]
fn a_start_takes_back_what_a_dead_courier_held_and_depth_counts_it() {
    for portal in portals("crm") {
        let id = portal.told(input(&["ONCRMLEADADD"]));
        (0..3).for_each(|n| _ = portal.get("crm.lead.add", json!({"fields": {"TITLE": n}})));
        let want = Want { outbound_id: id, lane: Lane::First, count: 2 };
        let held =
            portal.write(move |tx| queue::claim(tx, &[want], Lease { number: 1, until: at(60) }, at(0)));
        let depth = portal.read(queue::depth);
        assert_eq!((depth[0].waiting, depth[0].leased, depth[0].oldest), (1, 2, Some(at(0))));
        portal.write(move |tx| queue::give_back(tx, &held[..1], at(1)));
        assert_eq!(portal.write(|tx| queue::release_all(tx, at(2))), 1);
        assert_eq!(portal.claim(id, Lane::First, 2).len(), 3);
    }
}

#[test]
fn what_was_given_up_counts_for_ever() {
    for portal in portals("crm") {
        let id = portal.told(input(&["ONCRMLEADADD"]));
        for seconds in 0..3 {
            portal.get("crm.lead.add", json!({"fields": {"TITLE": "Quay"}}));
            let leased = &portal.claim(id, Lane::First, seconds)[0];
            portal.settle(leased, Verdict::Dead, seconds + 1);
            // One whose lease is another's by now is not given up.
            portal.settle(leased, Verdict::Dead, seconds + 1);
        }
        let given_up = || portal.read(figures::all)[0].given_up;
        assert_eq!(given_up(), 3, "{}", portal.engine);
        portal.write(|tx| log::sweep(tx, at(1000), 0, 10));
        assert_eq!(portal.logged(Filter::default()).len(), 0);
        assert_eq!(given_up(), 3, "{}", portal.engine);
    }
}
