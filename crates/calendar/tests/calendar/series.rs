//! Events that come again, and their parts.

use serde_json::{Value as Json, json};
use testportal::{Hook, portals};

use crate::{change, each, event, june};

fn weekly() -> Json {
    json!({"name": "Report", "rrule": {"FREQ": "WEEKLY", "BYDAY": ["MO", "WE"], "UNTIL": "2026-06-30"}})
}

/// Days of June and names of what somebody has.
fn days(who: &Hook) -> Vec<String> {
    let one = |event: &Json| {
        format!("{} {}", &event["DATE_FROM"].as_str().unwrap()[3..5], event["NAME"].as_str().unwrap())
    };
    june(who, who.user).iter().map(one).collect()
}

#[test]
fn a_series_is_shown_one_by_one() {
    for ada in portals("calendar") {
        let id = event(&ada, weekly());
        let list = june(&ada, 1);
        assert_eq!(days(&ada), ["15 Report", "17 Report", "22 Report", "24 Report", "29 Report"]);
        assert!(list.iter().all(|one| one["ID"] == json!(id.to_string())));
        let rule = json!({
            "FREQ": "WEEKLY", "BYDAY": {"MO": "MO", "WE": "WE"}, "INTERVAL": 1, "UNTIL": "06/30/2026", "~UNTIL": "06/30/2026",
            "UNTIL_TS": 1_782_777_600,
        });
        assert_eq!(list[0]["RRULE"], rule);
        assert_eq!(list[0]["~RRULE_DESCRIPTION"], "every week on: Mon, Wed, from 06/15/2026 to 06/30/2026");
        // It begins on the first day of its rule.
        let late = event(
            &ada,
            json!({"name": "Late", "from": "2026-06-12 10:00", "to": "2026-06-12 11:00",
            "rrule": {"FREQ": "WEEKLY", "BYDAY": "SU", "COUNT": 2}}),
        );
        let shown = ada.get("calendar.event.getbyid", json!({"id": late}));
        assert_eq!(
            (&shown["DATE_FROM"], &shown["RRULE"]["UNTIL"]),
            (&json!("06/14/2026 10:00:00 am"), &json!("06/21/2026"))
        );
        change(&ada, late, json!({"name": "Once", "rrule": ""}));
        assert_eq!(days(&ada).iter().filter(|day| day.ends_with("Once")).count(), 1);
    }
}

#[test]
fn one_of_a_series_changes_and_goes() {
    for ada in portals("calendar") {
        let ines = ada.employee("ines@x.de", "calendar");
        let mut given = weekly();
        given["is_meeting"] = json!("Y");
        given["attendees"] = json!([1, ines.user]);
        let id = event(&ada, given);
        ines.get("calendar.meeting.status.set", json!({"eventId": id, "status": "Y"}));
        let this = json!({
            "name": "Late", "recurrence_mode": "this", "current_date_from": "2026-06-17", "from": "2026-06-18 15:00",
            "to": "2026-06-18 16:00",
        });
        let made = change(&ada, id, this);
        assert_eq!((&made["id"], &made["originalDate"]), (&json!(id), &json!("06/17/2026 10:00:00 am")));
        for who in [&*ada, &ines] {
            assert_eq!(days(who), ["15 Report", "18 Late", "22 Report", "24 Report", "29 Report"]);
        }
        let shown = ada.get("calendar.event.getbyid", json!({"id": made["recEventId"]}));
        assert_eq!(shown["RECURRENCE_ID"], id);
        assert_eq!(
            shown["RELATIONS"],
            json!({"ORIGINAL_RECURSION_ID": id, "COMMENT_XML_ID": format!("EVENT_{id}_06/17/2026")})
        );
        assert_eq!(shown["ATTENDEE_LIST"][1]["status"], "Y", "who came to the series comes to its part");
        ada.get(
            "calendar.event.delete",
            json!({"id": id, "recurrence_mode": "this", "current_date_from": "2026-06-22"}),
        );
        let shown = ada.get("calendar.event.getbyid", json!({"id": id}));
        assert_eq!(shown["EXDATE"], "06/17/2026;06/22/2026");
        for who in [&*ada, &ines] {
            assert_eq!(days(who), ["15 Report", "18 Late", "24 Report", "29 Report"]);
        }
        let wrong = |mode: &str, day: &str| {
            let given = json!({"id": id, "type": "user", "ownerId": 1, "name": "x", "recurrence_mode": mode, "current_date_from": day});
            ada.refused("calendar.event.update", given).2
        };
        assert_eq!(
            wrong("some", "2026-06-24"),
            "An invalid editing type for the recurring event is specified."
        );
        assert_eq!(wrong("this", "2026-06-22"), "An error occurred while changing the event.");
        // All of it goes, with what was changed.
        ada.get("calendar.event.delete", json!({"id": id}));
        assert!(days(&ada).is_empty() && days(&ines).is_empty());
    }
}

#[test]
fn what_follows_begins_anew() {
    for ada in portals("calendar") {
        let id = event(&ada, json!({"name": "Daily", "rrule": {"FREQ": "DAILY", "INTERVAL": 2, "COUNT": 5}}));
        let next = json!({"name": "Longer", "recurrence_mode": "next", "current_date_from": "2026-06-19", "to": "2026-06-19 12:00"});
        let made = change(&ada, id, next);
        assert_eq!(days(&ada), ["15 Daily", "17 Daily", "19 Longer", "21 Longer", "23 Longer"]);
        let both: Vec<Json> = [json!(id), made["recEventId"].clone()]
            .into_iter()
            .map(|id| ada.get("calendar.event.getbyid", json!({"id": id})))
            .collect();
        assert_eq!(each(&both, "DT_LENGTH"), ["3600", "7200"]);
        assert_eq!(
            (&both[0]["RRULE"]["UNTIL"], &both[1]["RRULE"]["COUNT"]),
            (&json!("06/18/2026"), &json!(3))
        );
        ada.get(
            "calendar.event.delete",
            json!({"id": made["recEventId"], "recurrence_mode": "next", "current_date_from": "2026-06-21"}),
        );
        assert_eq!(days(&ada), ["15 Daily", "17 Daily", "19 Longer"]);
        // From the first on, that is all of it.
        let all = json!({"name": "All", "recurrence_mode": "next", "current_date_from": "2026-06-15"});
        assert_eq!(change(&ada, id, all), id);
        assert_eq!(days(&ada), ["15 All", "17 All", "19 Longer"]);
    }
}
