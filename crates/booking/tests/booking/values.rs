//! Values of resources and bookings, and refusals of what fits nowhere.

use serde_json::{Value as Json, json};
use testportal::portals;

use crate::{SCOPES, START, fields, ids, number, period, resource};

#[test]
fn resources_say_what_they_say_of_messages() {
    for ada in portals(SCOPES) {
        let kind =
            ada.get("booking.v1.resourceType.add", json!({"fields": {"name": "Rooms", "code": "room"}}));
        let fields = json!({
            "name": " Blue ", "typeId": kind["id"], "isMain": "N", "infoDelay": 60, "reminderDelay": "-1",
            "confirmationRepetitions": 2, "isDelayedNotificationOn": "N", "templateTypeInfo": "animate",
        });
        let id = ada.get("booking.v1.resource.add", json!({"fields": fields}))["id"].clone();
        let shown = ada.get("booking.v1.resource.get", json!({"id": id}));
        let expected = json!({"resource": {
            "id": id, "typeId": kind["id"], "name": "Blue", "description": null, "isMain": "N",
            "isInfoNotificationOn": "Y", "templateTypeInfo": "animate", "isConfirmationNotificationOn": "Y",
            "templateTypeConfirmation": "inanimate", "isReminderNotificationOn": "Y",
            "templateTypeReminder": "base", "isFeedbackNotificationOn": "Y",
            "templateTypeFeedback": "inanimate", "isDelayedNotificationOn": "N",
            "templateTypeDelayed": "inanimate", "infoNotificationDelay": 60, "reminderNotificationDelay": -1,
            "delayedNotificationDelay": 300, "delayedCounterDelay": 300, "confirmationNotificationDelay": 86400,
            "confirmationNotificationRepetitions": 2, "confirmationNotificationRepetitionsInterval": 10800,
            "confirmationCounterDelay": 10800,
        }});
        assert_eq!(shown, expected);
        let update =
            |fields: Json| ada.ask("booking.v1.resource.update", json!({"id": id, "fields": fields}));
        update(json!({"description": "First floor", "infoDelay": null})).unwrap();
        let shown = ada.get("booking.v1.resource.get", json!({"id": id}))["resource"].clone();
        assert_eq!(
            (&shown["description"], &shown["infoNotificationDelay"]),
            (&json!("First floor"), &json!(null))
        );
        for wrong in [
            json!({"isMain": "perhaps"}),
            json!({"isInfoNotificationOn": "perhaps"}),
            json!({"templateTypeInfo": "other"}),
            json!({"infoDelay": "soon"}),
            json!({"infoDelay": -2}),
            json!({"name": "x".repeat(256)}),
            json!({"name": ["x"]}),
        ] {
            let fault = update(wrong.clone()).unwrap_err();
            assert_eq!((fault.status, &*fault.code), (400, "422"), "{wrong}: {fault:?}");
        }
        let fault = update(json!({"typeId": 17})).unwrap_err();
        assert_eq!((&*fault.code, &*fault.message), ("1013", "Resource type with id 17 does not exist"));
    }
}

#[test]
fn types_have_codes_of_their_own() {
    for ada in portals(SCOPES) {
        let add = |code: &str| {
            ada.ask("booking.v1.resourceType.add", json!({"fields": {"name": code, "code": code}}))
        };
        let (room, car) = (add("room").unwrap(), add("car").unwrap());
        let fault = add("room").unwrap_err();
        assert_eq!((&*fault.code, &*fault.message), ("1010", "Resource type with code already exists'"));
        let taken = json!({"id": car["id"], "fields": {"code": "room"}});
        let refused = ada.refused("booking.v1.resourceType.update", taken);
        assert_eq!(refused, (400, "1011".into(), "Resource type with code already exists".into()));
        let list = |params: Json| ids(&ada.get("booking.v1.resourceType.list", params)["resource"]);
        assert_eq!(list(json!({"ORDER": {"code": "ASC"}})), [number(&car["id"]), number(&room["id"])]);
        assert_eq!(
            list(json!({"FILTER": {"searchQuery": "OO", "moduleId": "booking"}})),
            [number(&room["id"])]
        );
        assert_eq!(list(json!({"FILTER": {"moduleId": "other"}})), [] as [i64; 0]);
        let refused = ada.refused("booking.v1.resourceType.add", json!({"fields": {"name": "x"}}));
        assert_eq!(refused, (400, "0".into(), "Required fields: code".into()));
        let order = ada.refused("booking.v1.resourceType.list", json!({"ORDER": "ASC"}));
        assert_eq!((order.0, order.1.as_str()), (400, "100"), "{order:?}");
    }
}

#[test]
fn a_booking_has_resources_and_a_time() {
    for ada in portals(SCOPES) {
        let room = resource(&ada, "room", "Y");
        let add = |fields: Json| {
            let (status, code, text) = ada.refused("booking.v1.booking.add", json!({"fields": fields}));
            assert_eq!(status, 400);
            (code, text)
        };
        let refusal = |code: &str, text: &str| (code.to_owned(), text.to_owned());
        let period_error = refusal("422", "Invalid date period");
        assert_eq!(add(json!({"name": "x"})), refusal("0", "Required fields: resourceIds, datePeriod"));
        assert_eq!(add(fields(&[], START, 1)), refusal("1018", "Empty resource collection"));
        assert_eq!(add(fields(&[room, 9999], START, 1)), refusal("1018", "Empty resource collection"));
        assert_eq!(add(fields(&[room], START, 0)), period_error);
        let with = |period: Json| json!({"resourceIds": [room], "datePeriod": period});
        let mut zone = period(START, START + 60);
        zone["to"]["timezone"] = json!("Mars/Base");
        for wrong in [
            json!("tomorrow"),
            json!({"from": period(START, START)["from"]}),
            period(-5, START),
            period(START, 999_999_999_999_999),
            zone,
        ] {
            assert_eq!(add(with(wrong.clone())), period_error, "{wrong}");
        }
        let text = json!({"from": {"timestamp": START.to_string(), "timezone": "UTC"}, "to": {"timestamp": (START + 60).to_string(), "timezone": "Asia/Tokyo"}});
        let id = ada.get("booking.v1.booking.add", json!({"fields": with(text)}))["id"].clone();
        let shown = ada.get("booking.v1.booking.get", json!({"id": id}))["booking"].clone();
        assert_eq!(shown["datePeriod"]["to"], json!({"timestamp": START + 60, "timezone": "Asia/Tokyo"}));
        assert_eq!((&shown["name"], &shown["description"]), (&json!(""), &json!(null)));
        let empty = json!({"id": id, "fields": {"resourceIds": []}});
        assert_eq!(ada.refused("booking.v1.booking.update", empty).1, "1018");
        let missing = ada.refused("booking.v1.booking.update", json!({"id": 9999, "fields": {"name": "x"}}));
        assert_eq!(missing, (400, "1019".into(), "Booking not found".into()));
        let refused = ada.refused("booking.v1.booking.get", json!({}));
        assert_eq!(refused, (400, "100".into(), "Could not find value for parameter {id}".into()));
    }
}
