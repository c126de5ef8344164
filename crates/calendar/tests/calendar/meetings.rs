//! Meetings, invitations and answers.

use serde_json::{Value as Json, json};
use testportal::{Hook, portals};

use crate::{change, each, event, june};

const SCOPES: &str = "calendar,im";

/// The texts of somebody's notifications.
fn told(who: &Hook) -> Vec<Json> {
    who.get("im.notify.get", json!({}))["notifications"].as_array().unwrap().clone()
}

fn says(who: &Hook, text: &str) -> bool {
    told(who).iter().any(|one| one.to_string().contains(text))
}

/// Who comes to a meeting, as somebody sees it.
fn answers(who: &Hook, id: i64) -> Vec<String> {
    let event = who.get("calendar.event.getbyid", json!({"id": id}));
    let said = |one: &Json| format!("{} {}", one["id"], one["status"].as_str().unwrap());
    event["ATTENDEE_LIST"].as_array().unwrap().iter().map(said).collect()
}

#[test]
fn who_is_invited_has_a_copy_and_answers_it() {
    for ada in portals(SCOPES) {
        let (ines, otto) = (ada.employee("ines@x.de", SCOPES), ada.employee("otto@x.de", SCOPES));
        let id = event(
            &ada,
            json!({"name": "Plan", "is_meeting": "Y", "attendees": [1, ines.user, format!("U{}", otto.user), 99]}),
        );
        assert_eq!(answers(&ada, id), ["1 H", &format!("{} Q", ines.user), &format!("{} Q", otto.user)]);
        let copy = june(&ines, ines.user)[0].clone();
        assert_eq!((&copy["PARENT_ID"], &copy["MEETING_HOST"]), (&json!(id.to_string()), &json!("1")));
        assert_eq!(
            (&copy["MEETING_STATUS"], &copy["OWNER_ID"]),
            (&json!("Q"), &json!(ines.user.to_string()))
        );
        assert!(says(&ines, "invites you to"), "{:?}", told(&ines));
        // With the number of the host's event or of the copy, and below the notification.
        assert_eq!(ines.get("calendar.meeting.status.set", json!({"eventId": id, "status": "Y"})), true);
        assert!(!says(&ines, "invites you to"), "answered");
        assert!(says(&ada, "accepts"));
        let invitation = told(&otto)[0]["id"].clone();
        otto.get("im.notify.confirm", json!({"NOTIFY_ID": invitation, "NOTIFY_VALUE": "N"}));
        assert_eq!(answers(&ada, id), ["1 H", &format!("{} Y", ines.user), &format!("{} N", otto.user)]);
        assert!(says(&ada, "declines"));
        for (who, status) in [(&*ada, "H"), (&ines, "Y"), (&otto, "N")] {
            assert_eq!(who.get("calendar.meeting.status.get", json!({"eventId": id})), status);
        }
        assert!(june(&otto, otto.user).is_empty(), "what was declined is not shown");
        otto.get("calendar.user.settings.set", json!({"settings": {"showDeclined": true}}));
        assert_eq!(june(&otto, otto.user).len(), 1);
        assert_eq!(
            ines.refused("calendar.meeting.status.set", json!({"eventId": id, "status": "X"})).2,
            "Invalid value for the parameter \"status\""
        );
        let stranger = ada.employee("jan@x.de", SCOPES);
        let said = stranger.refused("calendar.meeting.status.get", json!({"eventId": id})).2;
        assert_eq!(said, "An error occurred while retrieving the status");
    }
}

#[test]
fn a_change_reaches_all_copies() {
    for ada in portals(SCOPES) {
        let (ines, otto) = (ada.employee("ines@x.de", SCOPES), ada.employee("otto@x.de", SCOPES));
        let id = event(&ada, json!({"name": "Plan", "is_meeting": "Y", "attendees": [1, ines.user]}));
        ines.get("calendar.meeting.status.set", json!({"eventId": id, "status": "Y"}));
        change(&ada, id, json!({"name": "Plan B", "from": "2026-06-16 09:00", "to": "2026-06-16 10:00"}));
        let copy = june(&ines, ines.user)[0].clone();
        assert_eq!((&copy["NAME"], &copy["DATE_FROM"]), (&json!("Plan B"), &json!("06/16/2026 09:00:00 am")));
        assert_eq!(copy["MEETING_STATUS"], "Y", "asked again only if the host wants that");
        assert!(says(&ines, "changed"));
        change(&ada, id, json!({"name": "Plan B", "meeting": {"reinvite": true}}));
        assert_eq!(june(&ines, ines.user)[0]["MEETING_STATUS"], "Q");
        // Her copy is hers: colour and reminders. The meeting is not.
        let own = copy["ID"].as_str().unwrap().parse().unwrap();
        change(&ines, own, json!({"name": "Mine", "color": "#112233", "remind": []}));
        let copy = june(&ines, ines.user)[0].clone();
        assert_eq!(
            (&copy["NAME"], &copy["COLOR"], &copy["REMIND"]),
            (&json!("Plan B"), &json!("#112233"), &json!([]))
        );
        change(&ada, id, json!({"name": "Plan C"}));
        assert_eq!(june(&ines, ines.user)[0]["COLOR"], "#112233");
        // Only with the host's leave she brings somebody.
        change(&ines, own, json!({"attendees": [otto.user]}));
        assert!(june(&otto, otto.user).is_empty());
        change(
            &ada,
            id,
            json!({"name": "Plan C", "meeting": {"allow_invite": true, "hide_guests": true, "reinvite": false}}),
        );
        change(&ines, own, json!({"attendees": [otto.user]}));
        assert_eq!(each(&june(&otto, otto.user), "NAME"), ["Plan C"]);
        assert_eq!(
            answers(&otto, june(&otto, otto.user)[0]["ID"].as_str().unwrap().parse().unwrap()),
            ["1 H", &format!("{} Q", otto.user)]
        );
        assert_eq!(answers(&ada, id).len(), 3);
        let moved = json!({"id": id, "type": "user", "ownerId": 1, "name": "x", "host": ines.user});
        assert_eq!(
            ada.refused("calendar.event.update", moved).2,
            "An error occurred while changing the event."
        );
        // Deleted by who is invited, it is declined; by the host, it is gone.
        ines.get("calendar.event.delete", json!({"id": own}));
        assert!(answers(&ada, id).contains(&format!("{} N", ines.user)));
        ada.get("calendar.event.delete", json!({"id": id}));
        assert!(june(&otto, otto.user).is_empty() && says(&otto, "cancelled"));
        assert_eq!(ada.get("calendar.event.getbyid", json!({"id": own})), json!([]));
    }
}

#[test]
fn nobody_is_any_more_when_it_is_no_meeting() {
    for ada in portals(SCOPES) {
        let ines = ada.employee("ines@x.de", SCOPES);
        let id = event(&ada, json!({"is_meeting": "Y", "attendees": [1, ines.user]}));
        change(&ada, id, json!({"name": "Alone", "is_meeting": "N"}));
        assert!(june(&ines, ines.user).is_empty());
        let shown = ada.get("calendar.event.getbyid", json!({"id": id}));
        assert_eq!((&shown["IS_MEETING"], &shown["ATTENDEE_LIST"]), (&json!(false), &json!([])));
        // In a calendar of the company the host has a copy as everybody does.
        let given = json!({
            "type": "company_calendar", "ownerId": "", "name": "Party", "from": "2026-06-20 18:00", "to": "2026-06-20 20:00",
            "is_meeting": "Y", "attendees": [1, ines.user],
        });
        let party = ada.get("calendar.event.add", given).as_i64().unwrap();
        assert_eq!(answers(&ada, party), ["1 H", &format!("{} Q", ines.user)]);
        assert_eq!(each(&june(&ada, 1), "NAME"), ["Alone", "Party"]);
        assert_eq!(ada.get("calendar.meeting.status.get", json!({"eventId": party})), "H");
    }
}
