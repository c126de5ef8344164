//! The life of a working day: over breaks, midnight and time zones.

use serde_json::{Value as Json, json};
use testportal::{Hook, NOW, portals};

use crate::SCOPES;

const HOUR: i64 = 3_600;

fn state(hook: &Hook) -> Json {
    hook.get("timeman.status", json!({}))["STATUS"].clone()
}

#[test]
fn a_day_begins_is_interrupted_and_ends() {
    for portal in portals(SCOPES) {
        let never = portal.get("timeman.status", json!({}));
        assert_eq!((&never["STATUS"], &never["TIME_START"]), (&json!("CLOSED"), &json!(null)));
        assert_eq!(portal.get("timeman.close", json!({})), never, "nothing ends that did not begin");
        let opened = portal.get("timeman.open", json!({"LAT": 53.5, "LON": 9.9}));
        assert_eq!(
            opened,
            json!({
                "STATUS": "OPENED", "TIME_START": "2026-06-01T12:00:00+00:00", "TIME_FINISH": null,
                "DURATION": "00:00:00", "TIME_LEAKS": "00:00:00", "ACTIVE": true, "IP_OPEN": "127.0.0.1",
                "IP_CLOSE": "", "LAT_OPEN": 53.5, "LON_OPEN": 9.9, "LAT_CLOSE": 0.0, "LON_CLOSE": 0.0, "TZ_OFFSET": 0,
            })
        );
        assert_eq!(portal.at(NOW + HOUR).get("timeman.open", json!({})), opened, "it is open");
        assert_eq!(portal.at(NOW + HOUR).get("timeman.pause", json!({}))["STATUS"], json!("PAUSED"));
        let timed = json!({"TIME": "2026-06-01T13:30:00+00:00", "REPORT": "x"});
        let refused = portal.at(NOW + 2 * HOUR).refused("timeman.open", timed);
        let said = "Unable to set time, work day is paused";
        assert_eq!((refused.1.as_str(), refused.2.as_str()), ("TIME", said));
        let resumed = portal.at(NOW + 2 * HOUR).get("timeman.open", json!({}));
        assert_eq!((&resumed["STATUS"], &resumed["TIME_LEAKS"]), (&json!("OPENED"), &json!("01:00:00")));
        // Interrupted once more, and closed from there.
        portal.at(NOW + 3 * HOUR).get("timeman.pause", json!({}));
        let closed = portal.at(NOW + 4 * HOUR).get("timeman.close", json!({"LAT": 1.5}));
        assert_eq!((&closed["STATUS"], &closed["TIME_LEAKS"]), (&json!("CLOSED"), &json!("02:00:00")));
        assert_eq!((&closed["DURATION"], &closed["LAT_CLOSE"]), (&json!("02:00:00"), &json!(1.5)));
        assert_eq!(closed["TIME_FINISH"], json!("2026-06-01T16:00:00+00:00"));
        // Closed too early: the time since is a break.
        let again = portal.at(NOW + 5 * HOUR).get("timeman.open", json!({}));
        assert_eq!((&again["TIME_LEAKS"], &again["TIME_FINISH"]), (&json!("03:00:00"), &json!(null)));
        let closed = portal.at(NOW + 6 * HOUR).get("timeman.close", json!({}));
        assert_eq!(closed["DURATION"], json!("03:00:00"));
    }
}

#[test]
fn a_day_that_is_not_closed_by_midnight_expires() {
    for portal in portals(SCOPES) {
        portal.get("timeman.open", json!({}));
        let evening = portal.at(NOW + 12 * HOUR - 1);
        assert_eq!(state(&evening), json!("OPENED"));
        let next = portal.at(NOW + 20 * HOUR);
        let expired = next.get("timeman.status", json!({}));
        assert_eq!(expired["STATUS"], json!("EXPIRED"));
        assert_eq!(expired["TIME_FINISH_DEFAULT"], json!("2026-06-01T18:00:00+00:00"));
        assert_eq!(next.refused("timeman.open", json!({})).2, "Work day is expired");
        assert_eq!(next.get("timeman.pause", json!({}))["STATUS"], json!("EXPIRED"));
        let wrong = next.refused("timeman.close", json!({"REPORT": "x"}));
        let said = "Day close date should correspond to the day open date";
        assert_eq!((wrong.1.as_str(), wrong.2.as_str()), ("WRONG_DATETIME", said));
        let time = "2026-06-01T18:30:00+00:00";
        assert_eq!(next.refused("timeman.close", json!({"TIME": time})).2, "Report is required");
        let early = json!({"TIME": "2026-06-01T11:00:00+00:00", "REPORT": "x"});
        assert_eq!(next.refused("timeman.close", early).2, said);
        let closed = next.get("timeman.close", json!({"TIME": time, "REPORT": "Forgot"}));
        assert_eq!((&closed["DURATION"], &closed["ACTIVE"]), (&json!("06:30:00"), &json!(false)));
        // The next one can begin.
        let begun = next.get("timeman.open", json!({}));
        assert_eq!(
            (&begun["STATUS"], &begun["TIME_START"]),
            (&json!("OPENED"), &json!("2026-06-02T08:00:00+00:00"))
        );
        assert_eq!(begun["TIME_LEAKS"], json!("00:00:00"));
    }
}

#[test]
fn a_day_lives_in_the_zone_where_it_began() {
    for portal in portals(SCOPES) {
        // 20:30 in UTC is half past eleven in the evening in Helsinki's summer, and the next day in Tokyo.
        let late = portal.at(NOW + 8 * HOUR + HOUR / 2);
        let wrong = late.refused("timeman.open", json!({"TIME": "2026-06-01T23:00:00+09:00", "REPORT": "x"}));
        assert_eq!(wrong.2, "Day open date should correspond to the current date");
        let opened = late.get("timeman.open", json!({"TIME": "2026-06-01T22:00:00+03:00", "REPORT": "x"}));
        assert_eq!(
            (&opened["TIME_START"], &opened["TZ_OFFSET"]),
            (&json!("2026-06-01T22:00:00+03:00"), &json!(10_800))
        );
        assert_eq!(opened["ACTIVE"], json!(false), "the head has a look at it");
        assert_eq!(state(&portal.at(NOW + 9 * HOUR)), json!("EXPIRED"), "there it is midnight");
        let closed = late.get("timeman.close", json!({}));
        assert_eq!(closed["TIME_FINISH"], json!("2026-06-01T23:30:00+03:00"));
    }
}

#[test]
fn an_employee_has_a_zone_of_ones_own() {
    for portal in portals(SCOPES) {
        let ines = portal.employee("ines@example.com", SCOPES);
        portal.get("user.update", json!({"ID": ines.user, "TIME_ZONE": "Asia/Tokyo"}));
        let opened = portal.get("timeman.open", json!({"USER_ID": ines.user}));
        assert_eq!(
            (&opened["TIME_START"], &opened["TZ_OFFSET"]),
            (&json!("2026-06-01T21:00:00+09:00"), &json!(32_400))
        );
        let own = ines.at(NOW + 3 * HOUR).get("timeman.status", json!({}));
        assert_eq!(own["STATUS"], json!("EXPIRED"), "in Tokyo the day is over");
        assert_eq!(state(&portal), json!("CLOSED"), "the administrator's own is another");
    }
}

#[test]
fn heads_manage_the_days_of_their_people() {
    for portal in portals(SCOPES) {
        let sales = portal.get("department.add", json!({"NAME": "Sales", "PARENT": 1}));
        let ines = portal.employee("ines@example.com", SCOPES);
        let otto = portal.employee("otto@example.com", SCOPES);
        portal.get("user.update", json!({"ID": otto.user, "UF_DEPARTMENT": [sales]}));
        portal.get("department.update", json!({"ID": sales, "UF_HEAD": ines.user}));
        let of_otto = json!({"USER_ID": otto.user});
        assert_eq!(ines.get("timeman.open", of_otto.clone())["STATUS"], json!("OPENED"));
        assert_eq!(state(&otto), json!("OPENED"));
        let mira = portal.employee("mira@example.com", SCOPES);
        let denied = (400, String::new(), "Access denied".to_owned());
        for method in ["timeman.status", "timeman.open", "timeman.pause", "timeman.close", "timeman.settings"]
        {
            assert_eq!(mira.refused(method, of_otto.clone()), denied, "{method}");
            assert_eq!(mira.refused(method, json!({"USER_ID": 999})).2, "User not found");
        }
        let settings = |hook: &Hook, user: i64| hook.get("timeman.settings", json!({"USER_ID": user}));
        assert_eq!(settings(&ines, ines.user)["ADMIN"], json!(true));
        assert_eq!(settings(&mira, mira.user)["ADMIN"], json!(false));
        let others = settings(&portal, otto.user);
        assert_eq!((others.get("ADMIN"), &others["UF_TM_MIN_DURATION"]), (None, &json!("08:00:00")));
    }
}

#[test]
fn everybody_has_the_same_schedule() {
    for portal in portals(SCOPES) {
        let schedule = portal.get("timeman.schedule.get", json!({"id": 1}));
        assert_eq!(
            (&schedule["NAME"], &schedule["SCHEDULE_TYPE"]),
            (&json!("For all employees"), &json!("FIXED"))
        );
        let shift = &schedule["SHIFTS"][0];
        assert_eq!((&shift["WORK_TIME_START"], &shift["WORK_TIME_END"]), (&json!(32_400), &json!(64_800)));
        assert_eq!(schedule["SCHEDULE_VIOLATION_RULES"]["MAX_OFFSET_START"], json!(-1));
        assert_eq!(portal.get("timeman.schedule.get", json!({"id": 7})), json!([]));
    }
}
