//! Time control: settings, networks of offices, reports.

use serde_json::{Value as Json, json};
use testportal::{NOW, portals};

use crate::SCOPES;

#[test]
fn networks_of_offices_are_administrators() {
    for portal in portals(SCOPES) {
        let private = portal.get("timeman.networkrange.get", json!({}));
        assert_eq!(private[1], json!({"ip_range": "172.16.0.0-172.31.255.255", "name": "172.x.x.x"}));
        let home = portal.from("192.168.0.7").get("timeman.networkrange.check", json!({}));
        assert_eq!(home["name"], "192.168.x.x");
        let ranges = json!([
            {"ip_range": "10.0.0.0-10.255.255.255", "name": "Office"}, {"ip_range": "192.168.0.7", "name": "Desk"},
        ]);
        let set = |ranges: Json| portal.get("timeman.networkrange.set", json!({"RANGES": ranges}));
        assert_eq!(set(ranges.clone()), json!({"result": true}));
        assert_eq!(set(json!(ranges.to_string())), json!({"result": true}), "as JSON, too");
        let wrong = json!([{"ip_range": "10.0.0.9-10.0.0.1", "name": "x"}]);
        assert_eq!(set(wrong.clone()), json!({"result": false, "error_ranges": wrong}));
        assert_eq!(portal.get("timeman.networkrange.get", json!({})), ranges, "nothing has changed");
        let check = |ip: &str| portal.get("timeman.networkrange.check", json!({"IP": ip}));
        let found = json!({"ip": "10.7.0.1", "range": "10.0.0.0-10.255.255.255", "name": "Office"});
        assert_eq!(check("10.7.0.1"), found);
        assert_eq!((check("11.0.0.1"), check("::1"), check("x")), (json!(false), json!(false), json!(false)));
        let desk = portal.from("192.168.0.7").get("timeman.networkrange.check", json!({}));
        assert_eq!(desk["name"], json!("Desk"));
        let refused = portal.refused("timeman.networkrange.set", json!({"RANGES": "nonsense"}));
        assert_eq!(refused.1, "INVALID_FORMAT");
        let ines = portal.employee("ines@example.com", SCOPES);
        for method in ["get", "set", "check"] {
            let refused = ines.refused(&format!("timeman.networkrange.{method}"), json!({}));
            assert_eq!(refused.1, "ACCESS_ERROR", "{method}");
        }
    }
}

#[test]
fn reports_list_days_with_what_happened_in_them() {
    for portal in portals(SCOPES) {
        let ines = portal.employee("ines@example.com", SCOPES);
        let get = json!({"USER_ID": ines.user, "MONTH": 6, "YEAR": 2026});
        portal.get("timeman.timecontrol.settings.set", json!({"ACTIVE": 1, "REPORT_SIMPLE_TYPE": "all"}));
        ines.get("timeman.open", json!({}));
        ines.at(NOW + 3_600).get("timeman.pause", json!({}));
        ines.at(NOW + 7_200).get("timeman.open", json!({}));
        ines.at(NOW + 10_800).get("timeman.close", json!({}));
        let report = portal.get("timeman.timecontrol.reports.get", get.clone());
        let day = &report["report"]["days"][0];
        assert_eq!(report["report"]["month_title"], json!("June"));
        assert_eq!((&day["index"], &day["workday_complete"]), (&json!("20260601"), &json!(true)));
        assert_eq!(
            (&day["workday_duration"], &day["workday_duration_final"]),
            (&json!(10_800), &json!(7_200))
        );
        assert_eq!(day["workday_time_leaks_final"], json!(8 * 3_600 - 7_200));
        let kinds: Vec<&Json> = day["reports"].as_array().unwrap().iter().map(|one| &one["type"]).collect();
        assert_eq!(kinds, ["TM_START", "TM_PAUSE", "TM_CONTINUE", "TM_END"]);
        assert_eq!(day["reports"][0]["ip_start"], json!("127.0.0.1"), "who leads is told the address");
        // A simple report is without them.
        let own = ines.get("timeman.timecontrol.reports.get", get.clone());
        assert_eq!(own["report"]["days"][0]["reports"], json!([]));
        let entry = day["reports"][1]["id"].clone();
        let text = json!({"REPORT_ID": entry, "TEXT": "At the dentist's"});
        assert_eq!(ines.get("timeman.timecontrol.report.add", text), json!(true));
        let empty = ines.refused("timeman.timecontrol.report.add", json!({"REPORT_ID": entry, "TEXT": " "}));
        assert_eq!(empty.1, "TEXT_EMPTY");
        let otto = portal.employee("otto@example.com", SCOPES);
        let denied = otto.refused("timeman.timecontrol.report.add", json!({"REPORT_ID": entry, "TEXT": "x"}));
        assert_eq!(denied.1, "ACCESS_ERROR");
        assert_eq!(otto.refused("timeman.timecontrol.reports.get", get.clone()).1, "USER_ACCESS_ERROR");
        let full = json!({"REPORT_FULL_TYPE": "user", "REPORT_FULL_USERS": [ines.user], "REPORT_SIMPLE_TYPE": "none"});
        portal.get("timeman.timecontrol.settings.set", full);
        let own = ines.get("timeman.timecontrol.reports.get", get.clone());
        let said = &own["report"]["days"][0]["reports"][1];
        assert_eq!((&said["report_text"], said.get("ip_start")), (&json!("At the dentist's"), None));
        assert_eq!(otto.refused("timeman.timecontrol.reports.get", get).1, "ACCESS_ERROR");
    }
}

#[test]
fn settings_say_who_sees_what() {
    for portal in portals(SCOPES) {
        let settings = portal.get("timeman.timecontrol.settings.get", json!({}));
        assert_eq!((&settings["active"], &settings["minimum_idle_for_report"]), (&json!(false), &json!(15)));
        portal
            .get("timeman.timecontrol.settings.set", json!({"ACTIVE": true, "MINIMUM_IDLE_FOR_REPORT": 30}));
        portal.get("timeman.timecontrol.settings.set", json!({"ACTIVE": false}));
        let settings = portal.get("timeman.timecontrol.settings.get", json!({}));
        assert_eq!((&settings["active"], &settings["minimum_idle_for_report"]), (&json!(true), &json!(30)));
        portal.get("timeman.timecontrol.settings.set", json!({"ACTIVE": 0}));
        let settings = portal.get("timeman.timecontrol.settings.get", json!({}));
        assert_eq!(settings["active"], json!(false), "0 turns it off");
        let own = portal.get("timeman.timecontrol.reports.settings.get", json!({}));
        assert_eq!((&own["report_view_type"], &own["user_admin"]), (&json!("head"), &json!(true)));
        let ines = portal.employee("ines@example.com", SCOPES);
        let own = ines.get("timeman.timecontrol.reports.settings.get", json!({}));
        assert_eq!((&own["report_view_type"], &own["departments"]), (&json!("simple"), &json!([])));
        let seen = ines.get("timeman.timecontrol.reports.users.get", json!({}));
        assert_eq!((seen.as_array().unwrap().len(), &seen[0]["id"]), (1, &json!(ines.user)));
        let all = portal.get("timeman.timecontrol.reports.users.get", json!({}));
        assert_eq!(all.as_array().unwrap().len(), 2);
        assert_eq!(ines.refused("timeman.timecontrol.settings.set", json!({"ACTIVE": 1})).1, "ACCESS_ERROR");
    }
}
