//! Clients and external data, slots, and what goes with what.

use serde_json::{Value as Json, json};
use testportal::portals;

use crate::{SCOPES, START, book, number, resource};

#[test]
fn clients_and_deals_are_there_and_go_with_their_items() {
    for ada in portals(SCOPES) {
        let booking = {
            let room = resource(&ada, "room", "Y");
            book(&ada, &[room], START, 1)
        };
        let contact = number(&ada.get("crm.contact.add", json!({"fields": {"NAME": "Clara"}})));
        let deal = number(&ada.get("crm.deal.add", json!({"fields": {"TITLE": "Chairs"}})));
        let client = |id: Json, code: &str| json!({"id": id, "type": {"code": code, "module": "crm"}});
        let set = |clients: Json| {
            ada.ask("booking.v1.booking.client.set", json!({"bookingId": booking, "clients": clients}))
        };
        let list = || {
            ada.get("booking.v1.booking.client.list", json!({"bookingId": booking}))["bookingClient"].clone()
        };
        set(json!([client(json!(contact.to_string()), "CONTACT"), client(json!(contact), "CONTACT")]))
            .unwrap();
        assert_eq!(list(), json!([client(json!(contact), "CONTACT")]));
        for wrong in [
            json!([client(json!(9999), "CONTACT")]),
            json!([client(json!(contact), "COMPANY")]),
            json!([client(json!(contact), "LEAD")]),
            json!([{"id": contact}]),
            json!([{"type": {"code": "CONTACT", "module": "crm"}}]),
        ] {
            let fault = set(wrong.clone()).unwrap_err();
            assert_eq!((fault.status, &*fault.code), (400, "0"), "{wrong}: {fault:?}");
        }
        assert_eq!(list(), json!([client(json!(contact), "CONTACT")]), "a refused call changes nothing");
        let deals = json!([{"entityTypeId": "DEAL", "moduleId": "crm", "value": deal.to_string()}]);
        ada.get("booking.v1.booking.externalData.set", json!({"bookingId": booking, "externalData": deals}));
        let of_deals = || {
            ada.get("booking.v1.booking.externalData.list", json!({"bookingId": booking}))["externalData"]
                .clone()
        };
        assert_eq!(of_deals(), deals);
        let lead = json!([{"entityTypeId": "LEAD", "moduleId": "crm", "value": "1"}]);
        let wrong = json!({"bookingId": booking, "externalData": lead});
        assert_eq!(ada.refused("booking.v1.booking.externalData.set", wrong).1, "0");
        ada.get("crm.contact.delete", json!({"id": contact}));
        ada.get("crm.deal.delete", json!({"id": deal}));
        assert_eq!((list(), of_deals()), (json!([]), json!([])));
        let missing = (400, "1021".to_owned(), "Booking not found".to_owned());
        for method in ["client.list", "client.unset", "externalData.list", "externalData.unset"] {
            let method = format!("booking.v1.booking.{method}");
            assert_eq!(ada.refused(&method, json!({"bookingId": 9999})), missing, "{method}");
        }
    }
}

#[test]
fn of_merged_clients_one_stays() {
    for ada in portals(SCOPES) {
        let room = resource(&ada, "room", "Y");
        let booking = book(&ada, &[room], START, 1);
        let [stays, goes] =
            [(); 2].map(|()| number(&ada.get("crm.contact.add", json!({"fields": {"NAME": "Clara"}}))));
        let client = |id: i64| json!({"id": id, "type": {"code": "CONTACT", "module": "crm"}});
        let clients = json!({"bookingId": booking, "clients": [client(stays), client(goes)]});
        ada.get("booking.v1.booking.client.set", clients);
        let merge = json!({"params": {"entityTypeId": 3, "entityIds": [stays, goes]}});
        assert_eq!(ada.get("crm.entity.mergeBatch", merge)["STATUS"], "SUCCESS");
        let list = ada.get("booking.v1.booking.client.list", json!({"bookingId": booking}));
        assert_eq!(list["bookingClient"], json!([client(stays)]));
    }
}

#[test]
fn slots_are_set_as_a_whole() {
    for ada in portals(SCOPES) {
        let room = resource(&ada, "room", "Y");
        let slot = json!({"from": 540, "to": 1080, "timezone": "Europe/Berlin", "weekDays": ["Tue", "Mon"], "slotSize": 30});
        let set = |slots: Json| {
            ada.ask("booking.v1.resource.slots.set", json!({"resourceId": room, "slots": slots}))
        };
        let list = || ada.get("booking.v1.resource.slots.list", json!({"resourceId": room}))["slots"].clone();
        set(json!([slot, slot])).unwrap();
        set(json!([slot])).unwrap();
        let shown = list();
        let mut expected = slot.clone();
        expected["id"] = shown[0]["id"].clone();
        expected["weekDays"] = json!(["Mon", "Tue"]);
        assert_eq!(shown, json!([expected]));
        for (name, value) in [
            ("from", json!(-1)),
            ("to", json!(1441)),
            ("to", json!(500)),
            ("timezone", json!("Mars/Base")),
            ("weekDays", json!(["Someday"])),
            ("slotSize", json!(0)),
        ] {
            let mut wrong = slot.clone();
            wrong[name] = value;
            let fault = set(json!([wrong])).unwrap_err();
            assert_eq!((fault.status, &*fault.code), (400, "422"), "{wrong}: {fault:?}");
        }
        let mut short = slot.clone();
        short.as_object_mut().unwrap().remove("slotSize");
        let fault = set(json!([short])).unwrap_err();
        assert_eq!((&*fault.code, &*fault.message), ("0", "Required fields: slotSize"));
        assert_eq!(list().as_array().unwrap().len(), 1);
        ada.get("booking.v1.resource.slots.unset", json!({"resourceId": room}));
        assert_eq!(list(), json!([]));
        let refused = ada.refused("booking.v1.resource.slots.list", json!({"resourceId": 9999}));
        assert_eq!(refused, (400, "1009".into(), "Resource not found".into()));
    }
}

#[test]
fn what_is_in_use_is_not_deleted() {
    for ada in portals(SCOPES) {
        let room = resource(&ada, "room", "Y");
        let kind = ada.get("booking.v1.resource.get", json!({"id": room}))["resource"]["typeId"].clone();
        let booking = book(&ada, &[room], START, 1);
        assert_eq!(ada.refused("booking.v1.resourceType.delete", json!({"id": kind})).1, "0");
        assert_eq!(ada.refused("booking.v1.resource.delete", json!({"id": room})).1, "0");
        // What is over is in nobody's way, and keeps its number.
        let later = ada.at(START + 100 * crate::HOUR);
        assert_eq!(later.get("booking.v1.resource.delete", json!({"id": room})), true);
        let shown = ada.get("booking.v1.booking.get", json!({"id": booking}));
        assert_eq!(shown["booking"]["resourceIds"], json!([room]));
        assert_eq!(ada.get("booking.v1.resourceType.delete", json!({"id": kind})), true);
        let refused = ada.refused("booking.v1.resourceType.delete", json!({"id": kind}));
        assert_eq!(refused, (400, "1012".into(), "Resource type has not been found".into()));
    }
}
