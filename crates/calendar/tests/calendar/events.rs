//! Events as they are added, changed and shown.

use serde_json::{Value as Json, json};
use testportal::{input, portals, portals_with};

use crate::{change, each, event, june, with};

#[test]
fn an_event_comes_back_as_it_was_given() {
    for ada in portals("calendar") {
        let given = json!({
            "description": "Prices", "color": "#9cbe1c", "text_color": "#283033", "accessibility": "absent",
            "importance": "high", "private_event": "Y", "location": "Kitchen", "crm_fields": ["C_5", "nonsense", "l_11"],
            "remind": [{"type": "min", "count": 20}, {"type": "century", "count": 1}], "timezone_from": "Europe/Berlin",
        });
        let id = event(&ada, given);
        let shown = ada.get("calendar.event.getbyid", json!({"id": id}));
        for (name, value) in [
            ("ID", json!(id.to_string())),
            ("PARENT_ID", json!(id.to_string())),
            ("CAL_TYPE", json!("user")),
            ("OWNER_ID", json!("1")),
            ("NAME", json!("Talk")),
            ("DATE_FROM", json!("06/15/2026 10:00:00 am")),
            ("DATE_TO", json!("06/15/2026 11:00:00 am")),
            ("TZ_FROM", json!("Europe/Berlin")),
            ("TZ_TO", json!("Europe/Berlin")),
            ("TZ_OFFSET_FROM", json!("7200")),
            ("DATE_FROM_TS_UTC", json!("1781510400")),
            ("DATE_FROM_FORMATTED", json!("Mon Jun 15 2026 10:00:00")),
            ("~USER_OFFSET_FROM", json!(7200)),
            ("DT_LENGTH", json!(3600)),
            ("DT_SKIP_TIME", json!("N")),
            ("DESCRIPTION", json!("Prices")),
            ("PRIVATE_EVENT", json!("1")),
            ("ACCESSIBILITY", json!("absent")),
            ("IMPORTANCE", json!("high")),
            ("LOCATION", json!("Kitchen")),
            ("COLOR", json!("#9cbe1c")),
            ("REMIND", json!([{"type": "min", "count": 20}])),
            ("UF_CRM_CAL_EVENT", json!(["C_5", "L_11"])),
            ("IS_MEETING", json!(false)),
            ("RRULE", json!("")),
            ("VERSION", json!("1")),
        ] {
            assert_eq!(shown[name], value, "{name}");
        }
        assert_eq!(change(&ada, id, json!({"name": "Long talk", "to": "2026-06-15 12:30"})), id);
        let shown = ada.get("calendar.event.getbyid", json!({"id": id}));
        assert_eq!(
            [&shown["NAME"], &shown["DATE_TO"], &shown["LOCATION"], &shown["VERSION"]],
            ["Long talk", "06/15/2026 12:30:00 pm", "Kitchen", "2"]
        );
        assert_eq!(ada.get("calendar.event.delete", json!({"id": id})), true);
        assert_eq!(ada.get("calendar.event.getbyid", json!({"id": id})), json!([]));
    }
}

#[test]
fn what_is_looked_up_beside_an_answer_is_not_counted() {
    for ada in portals("calendar") {
        event(&ada, json!({"is_meeting": "Y", "attendees": [1]}));
        for (method, params) in [
            ("calendar.event.get", json!({"type": "user", "ownerId": 1})),
            ("calendar.user.settings.get", json!({})),
        ] {
            assert_eq!(ada.page(method, params).unwrap().total, None, "{method}");
        }
    }
}

#[test]
fn times_are_read_in_every_way() {
    for ada in portals("calendar") {
        for (given, second) in [
            (json!({"from": "2026-06-15T10:00:00+03:00", "to": "2026-06-15T11:00:00+03:00"}), 1_781_506_800),
            // An offset says more than a zone.
            (
                json!({"from": "2026-06-15T10:00:00+03:00", "to": "2026-06-15T11:00:00+03:00", "timezone_from": "Asia/Tokyo"}),
                1_781_506_800,
            ),
            (json!({"from": "15.06.2026 10:00:00", "to": "15.06.2026 11:00:00"}), 1_781_517_600),
            (json!({"from": "06/15/2026 10:00:00 am", "to": "06/15/2026 11:00:00 am"}), 1_781_517_600),
            (json!({"from": "", "to": "", "from_ts": 1_781_517_600, "to_ts": 1_781_521_200}), 1_781_517_600),
            (json!({"skip_time": "Y", "from": "2026-06-15", "to": "2026-06-16"}), 1_781_481_600),
        ] {
            let id = event(&ada, given.clone());
            let shown = ada.get("calendar.event.getbyid", json!({"id": id}));
            assert_eq!(shown["DATE_FROM_TS_UTC"], second.to_string(), "{given}");
        }
        let days = ada.get("calendar.event.getbyid", json!({"id": 6}));
        assert_eq!(
            (&days["DT_LENGTH"], &days["DATE_TO_FORMATTED"]),
            (&json!(172_800), &json!("Tue Jun 16 2026"))
        );
        assert_eq!(june(&ada, 1).len(), 6);
        // The last day of a period belongs to it, and a day of which an event takes nothing does not.
        for (from, to, found) in [
            ("2026-06-16", "2026-06-16", 1),
            ("2026-06-17", "2026-06-20", 0),
            ("2026-06-01", "2026-06-14", 0),
        ] {
            let asked = json!({"type": "user", "ownerId": 1, "from": from, "to": to});
            assert_eq!(ada.get("calendar.event.get", asked).as_array().unwrap().len(), found, "{from}");
        }
    }
}

#[test]
fn what_is_missing_or_wrong_is_refused_with_the_documented_words() {
    for ada in portals("calendar") {
        let whole =
            json!({"type": "user", "ownerId": 1, "name": "x", "from": "2026-06-15", "to": "2026-06-15"});
        let refused = |more: Json, text: &str| {
            let given = with(whole.clone(), more);
            assert_eq!(
                ada.refused("calendar.event.add", given.clone()),
                (400, String::new(), text.to_owned()),
                "{given}"
            );
        };
        for name in ["type", "name", "from", "to"] {
            let text =
                format!("The required parameter \"{name}\" for the method \"calendar.event.add\" is not set");
            refused(json!({name: ""}), &text);
        }
        refused(
            json!({"type": "group", "ownerId": ""}),
            "The required parameter \"ownerId\" for the method \"calendar.event.add\" is not set",
        );
        refused(json!({"name": ["x"]}), "Invalid value for the parameter \"name\"");
        refused(json!({"description": ["x"]}), "Invalid value for the parameter \"description\"");
        refused(json!({"crm_fields": "C_5"}), "The list of event links to CRM must be an array");
        let section = "You specified an invalid calendar section ID or the user does not have access to it";
        refused(json!({"section": 77}), section);
        refused(json!({"auto_detect_section": "N"}), section);
        for wrong in [
            json!({"from": "soon"}),
            json!({"to": "2026-06-14"}),
            json!({"to": "2066-06-14"}),
            json!({"timezone_from": "Mars/Olympus"}),
            json!({"rrule": {"FREQ": "HOURLY"}}),
            json!({"rrule": {"FREQ": "WEEKLY", "BYDAY": ["XX"]}}),
            json!({"rrule": {"FREQ": "DAILY", "COUNT": 5001}}),
            json!({"rrule": {"FREQ": "DAILY", "INTERVAL": "x"}}),
            json!({"rrule": {"FREQ": "DAILY", "UNTIL": "never"}}),
            json!({"rrule": "FREQ=DAILY"}),
        ] {
            refused(wrong, "An error occurred while creating the event");
        }
        let say = |method: &str, given: Json| ada.refused(method, given).2;
        assert_eq!(say("calendar.event.delete", json!({})), "Event id not specified");
        assert_eq!(
            say("calendar.event.delete", json!({"id": 77})),
            "An error occurred while deleting the event"
        );
        let update = json!({"id": 77, "type": "user", "ownerId": 1, "name": "x"});
        assert_eq!(say("calendar.event.update", update), "An error occurred while changing the event.");
        assert_eq!(
            say("calendar.event.get", json!({})),
            "Required parameter \"type\" is not specified for method \"calendar.event.get\""
        );
        assert_eq!(say("calendar.event.get", json!({"type": "office"})), "Access denied");
    }
}

#[test]
fn a_period_of_too_many_events_is_refused() {
    for ada in portals("calendar") {
        event(&ada, json!({"rrule": {"FREQ": "DAILY"}}));
        let asked = |to: &str| json!({"type": "user", "ownerId": 1, "from": "2026-06-01", "to": to});
        assert_eq!(ada.get("calendar.event.get", asked("2027-06-14")).as_array().unwrap().len(), 365);
        assert!(ada.ask("calendar.event.get", asked("9990-01-01")).is_err());
        assert!(
            ada.ask(
                "calendar.accessibility.get",
                json!({"users": [1], "from": "1970-01-01", "to": "9990-01-01"})
            )
            .is_err()
        );
        // Long after its beginning as well.
        let late = json!({"type": "user", "ownerId": 1, "from": "8888-01-01", "to": "8888-01-02"});
        assert_eq!(ada.get("calendar.event.get", late).as_array().unwrap().len(), 2);
    }
}

#[test]
fn what_is_near_comes_in_its_order() {
    for ada in portals("calendar") {
        event(&ada, json!({"name": "b", "from": "2026-06-03 10:00", "to": "2026-06-03 11:00"}));
        event(&ada, json!({"name": "a", "from": "2026-06-02 10:00", "to": "2026-06-02 11:00"}));
        event(&ada, json!({"name": "past", "from": "2026-05-02 10:00", "to": "2026-05-02 11:00"}));
        event(&ada, json!({"name": "far", "from": "2026-09-02 10:00", "to": "2026-09-02 11:00"}));
        let near = |more: Json| each(ada.get("calendar.event.get.nearest", more).as_array().unwrap(), "NAME");
        assert_eq!(near(json!({})), ["a", "b"]);
        assert_eq!(near(json!({"maxEventsCount": 1})), ["a"]);
        assert_eq!(near(json!({"days": 200})), ["a", "b", "far"]);
        assert_eq!(
            near(json!({"type": "company_calendar", "ownerId": "", "forCurrentUser": false})),
            [""; 0]
        );
    }
}

#[test]
fn dates_are_written_as_the_portal_writes_them() {
    let settings = portal::settings::Settings {
        language: portal::texts::Language::Russian,
        ..portal::settings::Settings::new("https://portal.test")
    };
    for ada in portals_with("calendar", settings) {
        let id = event(&ada, json!({"rrule": {"FREQ": "WEEKLY", "COUNT": 3}}));
        let shown = ada.get("calendar.event.getbyid", json!({"id": id}));
        assert_eq!(
            (&shown["DATE_FROM"], &shown["RRULE"]["UNTIL"]),
            (&json!("15.06.2026 10:00:00"), &json!("29.06.2026"))
        );
        let sections = ada.get("calendar.section.get", json!({"type": "user", "ownerId": 1}));
        assert_eq!(sections[0]["NAME"], "Мой календарь");
    }
}

#[test]
fn events_are_told_once_and_only_to_whom_they_concern() {
    for ada in portals("calendar") {
        let (ines, otto) = (ada.employee("ines@x.de", "calendar"), ada.employee("otto@x.de", "calendar"));
        let names = ["ONCALENDARENTRYADD", "ONCALENDARENTRYUPDATE", "ONCALENDARENTRYDELETE"];
        let hidden = json!({"type": "user", "ownerId": ines.user, "name": "Secret", "access": []});
        let section = ines.get("calendar.section.add", hidden);
        let [hers, his] = [&ines, &otto].map(|who| ada.try_told(who.user, input(&names)).unwrap());
        let id = event(&ines, json!({"section": section, "is_meeting": "Y", "attendees": [ines.user, 1]}));
        change(&ines, id, json!({"name": "y"}));
        ines.get("calendar.event.delete", json!({"id": id}));
        let told: Vec<String> =
            ada.raised(hers).into_iter().map(|(name, data)| format!("{name} {}", data["id"])).collect();
        let expected: Vec<String> = names.iter().map(|name| format!("{name} \"{id}\"")).collect();
        assert_eq!(told, expected);
        assert!(ada.raised(his).is_empty(), "he does not see that calendar");
    }
}
