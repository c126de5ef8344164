//! Many who book at the same moment: a main resource is booked once at a time.

use std::thread;

use serde_json::json;
use testportal::portals;

use crate::{HOUR, SCOPES, START, fields, resource};

#[test]
fn one_of_many_gets_the_slot() {
    for ada in portals(SCOPES) {
        let (room, desk) = (resource(&ada, "room", "Y"), resource(&ada, "desk", "N"));
        // Each overlaps with all others, at different hours, and alone or with another resource.
        let rivals: Vec<_> = (0..16)
            .map(|at| {
                let hook = ada.hook_of(ada.user, SCOPES);
                let resources = if at % 2 == 0 { vec![room] } else { vec![desk, room] };
                let fields = fields(&resources, START + at * 60, 1);
                thread::spawn(move || hook.ask("booking.v1.booking.add", json!({"fields": fields})))
            })
            .collect();
        let answers: Vec<_> = rivals.into_iter().map(|rival| rival.join().unwrap()).collect();
        let refused: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().err()).collect();
        assert_eq!(refused.len(), 15, "on {}: {answers:?}", ada.engine);
        assert!(refused.iter().all(|fault| fault.code == "422"), "on {}: {refused:?}", ada.engine);
        let list = ada.get("booking.v1.booking.list", json!({}));
        assert_eq!(list["booking"].as_array().unwrap().len(), 1, "on {}", ada.engine);
    }
}

#[test]
fn bookings_that_are_moved_to_one_slot_do_not_share_it() {
    for ada in portals(SCOPES) {
        let room = resource(&ada, "room", "Y");
        let bookings: Vec<i64> =
            (0..8).map(|at| crate::book(&ada, &[room], START + at * 2 * HOUR, 1)).collect();
        let slot = crate::period(START + 100 * HOUR, START + 101 * HOUR);
        let rivals: Vec<_> = bookings
            .into_iter()
            .map(|id| {
                let (hook, fields) = (ada.hook_of(ada.user, SCOPES), json!({"datePeriod": slot}));
                thread::spawn(move || {
                    hook.ask("booking.v1.booking.update", json!({"id": id, "fields": fields}))
                })
            })
            .collect();
        let moved = rivals.into_iter().map(|rival| rival.join().unwrap());
        assert_eq!(moved.filter(Result::is_ok).count(), 1, "on {}", ada.engine);
    }
}

#[test]
fn a_resource_that_is_deleted_is_not_booked_meanwhile() {
    for ada in portals(SCOPES) {
        for round in 0..4 {
            let room = resource(&ada, &format!("room {round}"), "Y");
            let (one, other) = (ada.hook_of(ada.user, SCOPES), ada.hook_of(ada.user, SCOPES));
            let fields = fields(&[room], START, 1);
            let adding = thread::spawn(move || one.ask("booking.v1.booking.add", json!({"fields": fields})));
            let deleting =
                thread::spawn(move || other.ask("booking.v1.resource.delete", json!({"id": room})));
            let (added, deleted) = (adding.join().unwrap(), deleting.join().unwrap());
            assert!(added.is_ok() != deleted.is_ok(), "on {}: {added:?} {deleted:?}", ada.engine);
        }
    }
}

#[test]
fn clients_that_are_set_at_once_do_not_add_up() {
    for ada in portals(SCOPES) {
        let room = resource(&ada, "room", "Y");
        let booking = crate::book(&ada, &[room], START, 1);
        let contacts: Vec<i64> = (0..6)
            .map(|at| {
                let fields = json!({"NAME": format!("Contact {at}")});
                crate::number(&ada.get("crm.contact.add", json!({"fields": fields})))
            })
            .collect();
        let rivals: Vec<_> = contacts
            .into_iter()
            .map(|contact| {
                let hook = ada.hook_of(ada.user, SCOPES);
                let clients = json!([{"id": contact, "type": {"module": "crm", "code": "CONTACT"}}]);
                let params = json!({"bookingId": booking, "clients": clients});
                thread::spawn(move || hook.get("booking.v1.booking.client.set", params))
            })
            .collect();
        rivals.into_iter().for_each(|rival| _ = rival.join().unwrap());
        let listed = ada.get("booking.v1.booking.client.list", json!({"bookingId": booking}));
        assert_eq!(listed["bookingClient"].as_array().unwrap().len(), 1, "on {}", ada.engine);
    }
}
