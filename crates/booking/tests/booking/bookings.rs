//! Bookings, the waiting list, and how one becomes the other.

use serde_json::{Value as Json, json};
use testportal::{input, portals};

use crate::{HOUR, SCOPES, START, book, fields, ids, number, period, resource};

fn taken() -> (u16, String, String) {
    (400, "422".into(), "The resource is already booked for this period.".into())
}

#[test]
fn a_main_resource_is_booked_once_at_a_time() {
    for ada in portals(SCOPES) {
        let (room, desk) = (resource(&ada, "room", "Y"), resource(&ada, "desk", "N"));
        let first = book(&ada, &[desk, room, room], START, 2);
        let shown = ada.get("booking.v1.booking.get", json!({"id": first}));
        let expected = json!({"booking": {
            "datePeriod": period(START, START + 2 * HOUR), "description": null, "id": first, "name": "Visit",
            "resourceIds": [room, desk],
        }});
        assert_eq!(shown, expected);
        for (from, hours) in [(START, 2), (START - HOUR, 2), (START + HOUR, 1), (START - HOUR, 9)] {
            let refused =
                ada.refused("booking.v1.booking.add", json!({"fields": fields(&[room], from, hours)}));
            assert_eq!(refused, taken());
        }
        // Before and after it, and where resources may be shared.
        let before = book(&ada, &[room], START - HOUR, 1);
        book(&ada, &[room], START + 2 * HOUR, 1);
        book(&ada, &[desk], START, 1);
        let moved = json!({"id": before, "fields": {"datePeriod": period(START, START + 60)}});
        assert_eq!(ada.refused("booking.v1.booking.update", moved), taken());
        // A booking is in nobody's way but others'.
        let later = json!({"id": first, "fields": {"datePeriod": period(START, START + HOUR), "name": ""}});
        assert_eq!(ada.get("booking.v1.booking.update", later), true);
        book(&ada, &[room], START + HOUR, 1);
        ada.get("booking.v1.booking.delete", json!({"id": first}));
        book(&ada, &[room], START, 1);
    }
}

#[test]
fn bookings_are_listed_by_time_client_and_order() {
    for ada in portals(SCOPES) {
        let room = resource(&ada, "room", "Y");
        let contact = number(&ada.get("crm.contact.add", json!({"fields": {"NAME": "Clara"}})));
        let (late, early) = (book(&ada, &[room], START + 5 * HOUR, 1), book(&ada, &[room], START, 1));
        let kind = json!({"module": "crm", "code": "CONTACT"});
        let clients = json!([{"id": contact, "type": kind}]);
        ada.get("booking.v1.booking.client.set", json!({"bookingId": late, "clients": clients}));
        let list = |params: Json| ids(&ada.get("booking.v1.booking.list", params)["booking"]);
        assert_eq!(list(json!({})), [late, early]);
        assert_eq!(list(json!({"ORDER": {"id": "DESC"}})), [early, late]);
        assert_eq!(list(json!({"order": {"dateFrom": "asc"}})), [early, late]);
        let within =
            |from: i64, to: i64| json!({"FILTER": {"within": {"dateFrom": from.to_string(), "dateTo": to}}});
        assert_eq!(list(within(START + HOUR, START + 9 * HOUR)), [late]);
        assert_eq!(list(within(START, START + 1)), [early]);
        let of = |id: i64| json!({"filter": {"client": {"entities": [{"module": "crm", "code": "CONTACT", "id": id.to_string()}]}}});
        assert_eq!(list(of(contact)), [late]);
        assert_eq!(list(of(contact + 1)), [] as [i64; 0]);
        let half = json!({"filter": {"within": {"dateFrom": 1}}});
        let refused = ada.refused("booking.v1.booking.list", half);
        assert_eq!(refused, (400, "0".into(), "Required fields: dateTo".into()));
    }
}

#[test]
fn an_entry_of_the_waiting_list_becomes_a_booking_and_comes_back() {
    for ada in portals(SCOPES) {
        let room = resource(&ada, "room", "Y");
        let company = number(&ada.get("crm.company.add", json!({"fields": {"TITLE": "Acme"}})));
        let deal = number(&ada.get("crm.deal.add", json!({"fields": {"TITLE": "Chairs"}})));
        let entry =
            number(&ada.get("booking.v1.waitlist.add", json!({"fields": {"note": "Mornings"}}))["id"]);
        let clients = json!([{"id": company, "type": {"code": "COMPANY", "module": "crm"}}]);
        let deals = json!([{"entityTypeId": "DEAL", "moduleId": "crm", "value": deal.to_string()}]);
        ada.get("booking.v1.waitlist.client.set", json!({"waitListId": entry, "clients": clients}));
        ada.get("booking.v1.waitlist.externalData.set", json!({"waitListId": entry, "externalData": deals}));
        let heard = ada.told(input(&[
            "ONBOOKINGADD",
            "ONBOOKINGDELETE",
            "ONBOOKINGWAITLISTITEMADD",
            "ONBOOKINGWAITLISTITEMDELETE",
        ]));
        let made = json!({"waitListId": entry, "fields": fields(&[room], START, 1)});
        let booking = number(&ada.get("booking.v1.booking.createfromwaitlist", made));
        let shown = ada.get("booking.v1.booking.get", json!({"id": booking}));
        assert_eq!(shown["booking"]["description"], "Mornings");
        let of =
            |what: &str| ada.get(&format!("booking.v1.booking.{what}.list"), json!({"bookingId": booking}));
        assert_eq!(of("client"), json!({"bookingClient": clients}));
        assert_eq!(of("externalData"), json!({"externalData": deals}));
        let gone = ada.refused("booking.v1.waitlist.get", json!({"id": entry}));
        assert_eq!(gone, (400, "1040".into(), "Wait list not found".into()));
        let back = number(&ada.get("booking.v1.waitlist.createfrombooking", json!({"bookingId": booking})));
        let shown = ada.get("booking.v1.waitlist.get", json!({"id": back}));
        assert_eq!(shown, json!({"waitList": {"id": back, "note": "Mornings"}}));
        let clients_now = ada.get("booking.v1.waitlist.client.list", json!({"waitListId": back}));
        assert_eq!(clients_now, json!({"waitListClient": clients}));
        let events: Vec<_> = ada.raised(heard);
        let expected = [
            ("ONBOOKINGADD", booking),
            ("ONBOOKINGWAITLISTITEMDELETE", entry),
            ("ONBOOKINGWAITLISTITEMADD", back),
            ("ONBOOKINGDELETE", booking),
        ];
        let expected: Vec<_> =
            expected.iter().map(|(name, id)| ((*name).to_owned(), json!({"ID": id.to_string()}))).collect();
        assert_eq!(events, expected);
        // The time is free again.
        book(&ada, &[room], START, 1);
        let missing = json!({"waitListId": 9999, "fields": fields(&[room], START, 1)});
        let refused = ada.refused("booking.v1.booking.createfromwaitlist", missing);
        assert_eq!(refused, (400, "1038".into(), "wait list item not found".into()));
    }
}

#[test]
fn the_waiting_list_is_filtered_by_days() {
    for ada in portals(SCOPES) {
        let entry = number(&ada.get("booking.v1.waitlist.add", json!({"fields": {"note": ""}}))["id"]);
        let list = |from: &str, to: &str| {
            let filter = json!({"createdWithin": {"from": from, "to": to}});
            ids(&ada.get("booking.v1.waitlist.list", json!({"filter": filter}))["waitList"])
        };
        assert_eq!(list("01.06.2026", "02.06.2026"), [entry]);
        assert_eq!(list("31.05.2026", "01.06.2026"), [] as [i64; 0]);
        let refused = |filter: Json| ada.refused("booking.v1.waitlist.list", json!({"filter": filter}));
        let half = json!({"createdWithin": {"from": "01.06.2026"}});
        assert_eq!(refused(half), (400, "0".into(), "Required fields: to".into()));
        let wrong = json!({"createdWithin": {"from": "01.06.2026", "to": "32.06.2026"}});
        assert_eq!(refused(wrong), (400, "422".into(), "Invalid date".into()));
    }
}
