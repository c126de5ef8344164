//! Resources, rooms and what they are booked for; settings.

use serde_json::{Value as Json, json};
use testportal::portals;

use crate::{change, each, event, with};

#[test]
fn resources_are_kept_by_administrators_and_booked_by_all() {
    for ada in portals("calendar") {
        let (ines, otto) = (ada.employee("ines@x.de", "calendar"), ada.employee("otto@x.de", "calendar"));
        assert_eq!(ines.refused("calendar.resource.add", json!({"name": "Van"})).2, "Access denied");
        let van = ada.get("calendar.resource.add", json!({"name": "Van"}));
        let list = json!([{"ID": van.to_string(), "NAME": "Van", "CREATED_BY": "1"}]);
        assert_eq!(ines.get("calendar.resource.list", json!({})), list);
        let book = |from: &str, to: &str| json!({"type": "resource", "section": van, "name": "Trip", "from": from, "to": to});
        let id = ines.get("calendar.event.add", book("2026-06-15 10:00", "2026-06-15 12:00"));
        let taken = otto.refused("calendar.event.add", book("2026-06-15 11:00", "2026-06-15 13:00"));
        assert_eq!(taken.2, "An error occurred while creating the event");
        otto.get("calendar.event.add", book("2026-06-15 12:00", "2026-06-15 13:00"));
        let weekly = with(book("2026-06-08 11:00", "2026-06-08 11:30"), json!({"rrule": {"FREQ": "WEEKLY"}}));
        assert!(otto.ask("calendar.event.add", weekly).is_err(), "a week later it is taken");
        let filter = json!({"resourceTypeIdList": [van], "from": "2026-06-15", "to": "2026-06-15"});
        let booked = otto.get("calendar.resource.booking.list", json!({"filter": filter}));
        assert_eq!(
            each(booked.as_array().unwrap(), "DATE_FROM"),
            ["06/15/2026 10:00:00 am", "06/15/2026 12:00:00 pm"]
        );
        assert_eq!(booked[0]["RESOURCE_BOOKING_ID"], id.to_string());
        let named = otto.get("calendar.resource.booking.list", json!({"filter": {"resourceIdList": [id]}}));
        assert_eq!(each(named.as_array().unwrap(), "ID"), [id.to_string()]);
        // Who booked gives it back, and nobody else but an administrator.
        assert!(otto.ask("calendar.event.delete", json!({"id": id})).is_err());
        ines.get("calendar.event.delete", json!({"id": id}));
        assert_eq!(
            ines.refused("calendar.resource.update", json!({"resourceId": van, "name": "x"})).2,
            "Access denied"
        );
        assert_eq!(ada.get("calendar.resource.update", json!({"resourceId": van, "name": "Bus"})), van);
        assert_eq!(ada.get("calendar.resource.delete", json!({"resourceId": van})), true);
        let gone = ada.refused("calendar.resource.delete", json!({"resourceId": van})).2;
        assert_eq!(gone, "An error occurred while deleting the resource");
        let none = ada.refused("calendar.resource.booking.list", json!({"filter": {}})).2;
        assert!(
            none.starts_with("The required parameter \"filter['resourceTypeIdList']\" is not set"),
            "{none}"
        );
    }
}

#[test]
fn a_room_has_one_event_at_a_time() {
    for ada in portals("calendar") {
        let ines = ada.employee("ines@x.de", "calendar");
        let room =
            ada.get("calendar.section.add", json!({"type": "location", "ownerId": 0, "name": "Blue room"}));
        let place = json!({"location": format!("calendar_{room}")});
        let id = event(&ines, place.clone());
        let shown = ines.get("calendar.event.getbyid", json!({"id": id}));
        assert!(shown["LOCATION"].as_str().unwrap().starts_with(&format!("calendar_{room}_")), "{shown}");
        let given =
            json!({"type": "user", "name": "x", "from": "2026-06-15 10:30", "to": "2026-06-15 11:30"});
        assert!(ada.ask("calendar.event.add", with(given.clone(), place.clone())).is_err());
        let asked = json!({"type": "location", "ownerId": 0, "from": "2026-06-01", "to": "2026-06-30"});
        assert_eq!(each(ada.get("calendar.event.get", asked.clone()).as_array().unwrap(), "NAME"), ["Talk"]);
        // Moved, it takes its room along; without a place it gives it back.
        change(&ines, id, json!({"name": "Talk", "from": "2026-06-16 10:00", "to": "2026-06-16 11:00"}));
        ada.get("calendar.event.add", with(given, place.clone()));
        change(&ines, id, json!({"name": "Talk", "location": ""}));
        assert_eq!(ada.get("calendar.event.get", asked).as_array().unwrap().len(), 1);
        assert!(
            ines.ask(
                "calendar.event.add",
                with(
                    json!({"type": "user", "name": "x", "from": "2026-06-15", "to": "2026-06-15"}),
                    json!({"location": "calendar_77"})
                )
            )
            .is_err()
        );
        let refused =
            ines.refused("calendar.section.add", json!({"type": "location", "ownerId": 0, "name": "x"}));
        assert_eq!(refused.2, "Access denied");
    }
}

#[test]
fn settings_are_kept_for_each_user() {
    for ada in portals("calendar") {
        let ines = ada.employee("ines@x.de", "calendar");
        let given = json!({
            "view": "week", "showDeclined": "Y", "showWeekNumbers": "1", "syncPeriodPast": 6, "unknown": "x", "syncTasks": "maybe",
            "defaultReminders": {"fullDay": [{"type": "day", "count": 1}], "withTime": []},
        });
        assert_eq!(ines.get("calendar.user.settings.set", json!({"settings": given})), true);
        ines.get("calendar.user.settings.set", json!({"settings": {"view": "century", "showTasks": "N"}}));
        let kept = ines.get("calendar.user.settings.get", json!({}));
        for (name, value) in [
            ("view", json!("week")),
            ("showDeclined", json!(true)),
            ("showWeekNumbers", json!("Y")),
            ("syncPeriodPast", json!("6")),
            ("syncTasks", json!("N")),
            ("showTasks", json!("N")),
            ("defaultReminders", json!({"fullDay": [{"type": "day", "count": 1}], "withTime": []})),
            ("timezoneName", json!("UTC")),
        ] {
            assert_eq!(kept[name], value, "{name}");
        }
        assert!(kept.get("unknown").is_none());
        assert_eq!(ada.get("calendar.user.settings.get", json!({}))["view"], "month");
        let said = ada.refused("calendar.user.settings.set", json!({})).2;
        assert_eq!(
            said,
            "The required parameter \"settings\" for the method \"calendar.user.settings.set\" is not set"
        );
        // Invitations go where their receiver wants them.
        let of = json!({"type": "user", "ownerId": ines.user, "name": "Meetings"});
        let section: Json = ines.get("calendar.section.add", of);
        ines.get("calendar.user.settings.set", json!({"settings": {"meetSection": section}}));
        event(&ada, json!({"is_meeting": "Y", "attendees": [1, ines.user]}));
        assert_eq!(crate::june(&ines, ines.user)[0]["SECT_ID"], section.to_string());
    }
}
