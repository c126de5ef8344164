//! Reminders, which the timetable gives.

use serde_json::json;
use testportal::{Hook, portals};

use crate::{change, event};

const HOUR: i64 = 3_600;

fn reminded(who: &Hook) -> usize {
    let list = who.get("im.notify.get", json!({}));
    let list = list["notifications"].as_array().unwrap().clone();
    list.iter().filter(|one| one.to_string().contains("Reminder")).count()
}

#[test]
fn everybody_is_reminded_by_the_own_copy() {
    for ada in portals("calendar,im") {
        let (ines, otto) =
            (ada.employee("ines@x.de", "calendar,im"), ada.employee("otto@x.de", "calendar,im"));
        // The portal's clock stands at noon of 1 June.
        let id = event(
            &ada,
            json!({
                "from": "2026-06-01 15:00", "to": "2026-06-01 16:00", "is_meeting": "Y", "attendees": [1, ines.user, otto.user],
                "remind": [{"type": "hour", "count": 1}],
            }),
        );
        otto.get("calendar.meeting.status.set", json!({"eventId": id, "status": "N"}));
        assert_eq!(ada.work("calendar.reminder", 2 * HOUR - 1), 0);
        assert_eq!(ada.work("calendar.reminder", 2 * HOUR), 2);
        assert_eq!((reminded(&ada), reminded(&ines), reminded(&otto)), (1, 1, 0));
        assert_eq!(ada.work("calendar.reminder", 5 * HOUR), 0, "once");
    }
}

#[test]
fn a_series_reminds_each_time_and_a_moved_event_at_its_new_time() {
    for ada in portals("calendar,im") {
        let id = event(
            &ada,
            json!({
                "from": "2026-06-01 15:00", "to": "2026-06-01 16:00", "rrule": {"FREQ": "DAILY", "COUNT": 3},
                "remind": [{"type": "min", "count": 30}],
            }),
        );
        for day in 0..3 {
            let due = day * 24 * HOUR + 2 * HOUR + HOUR / 2;
            assert_eq!(
                (ada.work("calendar.reminder", due - 1), ada.work("calendar.reminder", due)),
                (0, 1),
                "day {day}"
            );
        }
        assert_eq!(ada.work("calendar.reminder", 100 * 24 * HOUR), 0);
        change(
            &ada,
            id,
            json!({"name": "Talk", "from": "2026-06-01 18:00", "to": "2026-06-01 19:00", "rrule": ""}),
        );
        assert_eq!(ada.work("calendar.reminder", 5 * HOUR + HOUR / 2), 1);
        // What is deleted reminds nobody, nor what was over before anybody looked.
        let gone = event(&ada, json!({"from": "2026-06-01 20:00", "to": "2026-06-01 21:00"}));
        ada.get("calendar.event.delete", json!({"id": gone}));
        event(&ada, json!({"from": "2026-06-01 20:00", "to": "2026-06-01 21:00"}));
        let before = reminded(&ada);
        assert_eq!(ada.work("calendar.reminder", 30 * 24 * HOUR), 1);
        assert_eq!(reminded(&ada), before);
    }
}
