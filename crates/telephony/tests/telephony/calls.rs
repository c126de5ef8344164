//! The life of a call: registered, finished, in the statistics and among the activities.

use serde_json::{Value as Json, json};
use testportal::{NOW, portals};

use crate::{SCOPES, contact, finish, register};

#[test]
fn a_call_becomes_an_activity_of_the_client_and_a_row_of_the_statistics() {
    for portal in portals(SCOPES) {
        let client = contact(&portal, "+4930111001");
        let lines = json!({"LINE_NUMBER": "3", "EXTERNAL_CALL_ID": "pbx-1", "CALL_START_DATE": "2026-06-01T13:30:00+02:00"});
        let registered = register(&portal, lines);
        let id = registered["CALL_ID"].clone();
        let parts: Vec<&str> = id.as_str().unwrap().split('.').collect();
        assert_eq!((parts[0], parts[1].len(), parts[2]), ("externalCall", 32, "1780313400"));
        assert_eq!(
            registered,
            json!({"CALL_ID": id, "CRM_CREATED_LEAD": null, "CRM_CREATED_ENTITIES": [],
                "CRM_ENTITY_TYPE": "CONTACT", "CRM_ENTITY_ID": client})
        );
        assert_eq!(
            portal.get("telephony.externalCall.show", json!({"CALL_ID": id, "USER_ID": [1]})),
            json!(true)
        );
        assert_eq!(portal.get("voximplant.statistic.get", json!({})), json!([]), "it goes on");

        let row = finish(&portal, &id, json!({"COST": "0.15", "COST_CURRENCY": "EUR", "VOTE": 5}));
        let activity = row["CRM_ACTIVITY_ID"].clone();
        assert!(activity.is_i64(), "{row}");
        for (name, value) in [
            ("PORTAL_USER_ID", json!(1)),
            ("PHONE_NUMBER", json!("+4930111001")),
            ("PORTAL_NUMBER", json!("3")),
            ("INCOMING", json!("2")),
            ("CALL_DURATION", json!(95)),
            ("CALL_STATUS", json!(1)),
            ("CALL_VOTE", json!(5)),
            ("COST", json!(0.15)),
            ("CALL_FAILED_CODE", json!("200")),
            ("EXTERNAL_CALL_ID", json!("pbx-1")),
            ("CRM_ENTITY_ID", client.clone()),
            ("ID", json!(1)),
        ] {
            assert_eq!(row[name], value, "{name}");
        }
        assert_eq!(portal.get("telephony.externalCall.hide", json!({"CALL_ID": id})), json!(false));
        assert_eq!(finish(&portal, &id, json!({"DURATION": 7})), row, "an exchange that asks again");

        let found = portal.get("crm.activity.get", json!({"id": activity}));
        for (name, value) in [
            ("SUBJECT", "Incoming call from +4930111001"),
            ("PROVIDER_ID", "VOXIMPLANT_CALL"),
            ("TYPE_ID", "2"),
            ("DIRECTION", "1"),
            ("COMPLETED", "Y"),
            ("START_TIME", "2026-06-01T11:30:00+00:00"),
            ("END_TIME", "2026-06-01T11:31:35+00:00"),
        ] {
            assert_eq!(found[name], json!(value), "{name}");
        }
        assert_eq!(found["ORIGIN_ID"], json!(format!("VI_{}", id.as_str().unwrap())));
        let filter = json!({"OWNER_TYPE_ID": 3, "OWNER_ID": client});
        let owned = json!({"filter": filter, "select": ["ID", "COMMUNICATIONS"]});
        let owned = portal.page("crm.activity.list", owned).unwrap();
        assert_eq!(owned.total, Some(1), "one call, one activity");
        assert_eq!(owned.result[0]["COMMUNICATIONS"][0]["VALUE"], json!("+4930111001"));
    }
}

#[test]
fn the_same_call_is_registered_once_within_half_an_hour() {
    for portal in portals(SCOPES) {
        let id = |given: Json| register(&portal, given)["CALL_ID"].clone();
        let first = id(json!({"EXTERNAL_CALL_ID": "a", "LINE_NUMBER": "3"}));
        assert_eq!(id(json!({"PHONE_NUMBER": "0049 30 111001"})), first, "however the number is written");
        assert_eq!(
            id(json!({"EXTERNAL_CALL_ID": "a", "CRM_CREATE": 1})),
            first,
            "no lead comes of it, either"
        );
        assert_eq!(portal.page("crm.lead.list", json!({})).unwrap().total, Some(0));
        for other in [
            json!({"EXTERNAL_CALL_ID": "b"}),
            json!({"LINE_NUMBER": "4"}),
            json!({"TYPE": 1}),
            json!({"PHONE_NUMBER": "+4930111009"}),
        ] {
            assert_ne!(id(other.clone()), first, "{other}");
        }
        let later = register(&portal.at(NOW + 1_800), json!({"EXTERNAL_CALL_ID": "a"}));
        assert_ne!(later["CALL_ID"], first, "half an hour later it is another");
        let hook = portal.hook_of(1, SCOPES);
        assert_ne!(register(&hook, json!({"EXTERNAL_CALL_ID": "a"}))["CALL_ID"], first, "another exchange");
        finish(&portal, &first, json!({}));
        assert_ne!(id(json!({"EXTERNAL_CALL_ID": "a"})), first, "it is over");
    }
}

#[test]
fn an_unknown_number_adds_a_lead_where_it_is_wanted() {
    for portal in portals(SCOPES) {
        let plain = register(&portal, json!({"PHONE_NUMBER": "+4989100"}));
        assert_eq!((&plain["CRM_ENTITY_TYPE"], &plain["CRM_ENTITY_ID"]), (&json!(""), &json!(null)));
        let nobody = finish(&portal, &plain["CALL_ID"], json!({}));
        assert_eq!(nobody["CRM_ACTIVITY_ID"], json!(null), "an activity is somebody's");

        let made = register(&portal, json!({"PHONE_NUMBER": "+4989200", "CRM_CREATE": 1}));
        let lead = made["CRM_CREATED_LEAD"].clone();
        assert_eq!(made["CRM_CREATED_ENTITIES"], json!([{"ENTITY_TYPE": "LEAD", "ENTITY_ID": lead}]));
        let kept = portal.get("crm.lead.get", json!({"id": lead}));
        assert_eq!(
            (&kept["TITLE"], &kept["SOURCE_ID"]),
            (&json!("+4989200 - Incoming call"), &json!("CALL"))
        );
        assert_eq!(kept["PHONE"][0]["VALUE"], json!("+4989200"));
        // Somebody else takes the call, and the lead with it.
        let ines = portal.employee("ines@example.com", SCOPES);
        finish(&portal, &made["CALL_ID"], json!({"USER_ID": ines.user}));
        let kept = portal.get("crm.lead.get", json!({"id": lead}));
        assert_eq!(kept["ASSIGNED_BY_ID"], json!(ines.user.to_string()));
        // The next call finds it.
        let again = register(&portal, json!({"PHONE_NUMBER": "+4989200", "CRM_CREATE": 1}));
        assert_eq!((&again["CRM_ENTITY_ID"], &again["CRM_CREATED_LEAD"]), (&lead, &json!(null)));
        // A line may say that outgoing calls add nobody.
        portal.get("telephony.externalLine.add", json!({"NUMBER": "70", "CRM_AUTO_CREATE": "N"}));
        let out = json!({"PHONE_NUMBER": "+4989300", "CRM_CREATE": 1, "TYPE": 1, "LINE_NUMBER": "70"});
        assert_eq!(register(&portal, out)["CRM_CREATED_LEAD"], json!(null));
        let incoming = json!({"PHONE_NUMBER": "+4989300", "CRM_CREATE": 1, "LINE_NUMBER": "70"});
        assert!(register(&portal, incoming)["CRM_CREATED_LEAD"].is_i64());
    }
}

#[test]
fn a_missed_call_is_left_to_be_returned_and_told() {
    for portal in portals("telephony,crm,im") {
        let client = contact(&portal, "+4930111001");
        let call = register(&portal, json!({}));
        let row =
            finish(&portal, &call["CALL_ID"], json!({"DURATION": 0, "FAILED_REASON": "Nobody was there"}));
        assert_eq!((&row["CALL_STATUS"], &row["CALL_FAILED_CODE"]), (&json!(0), &json!("304")));
        let activity = portal.get("crm.activity.get", json!({"id": row["CRM_ACTIVITY_ID"]}));
        assert_eq!(
            (&activity["COMPLETED"], &activity["OWNER_ID"]),
            (&json!("N"), &json!(client.to_string()))
        );
        assert_eq!(activity["DESCRIPTION"], json!("Nobody was there"));
        let told = portal.get("im.notify.get", json!({}));
        assert!(told.to_string().contains("Missed call from +4930111001"), "{told}");
        // An unknown code is one all the same.
        let call = register(&portal, json!({"TYPE": 1}));
        let row =
            finish(&portal, &call["CALL_ID"], json!({"DURATION": 0, "STATUS_CODE": "487", "ADD_TO_CHAT": 0}));
        assert_eq!(row["CALL_FAILED_CODE"], json!("OTHER"));
    }
}

#[test]
fn what_cannot_be_registered_is_refused_in_the_documented_words() {
    for portal in portals(SCOPES) {
        let usual = json!({"USER_ID": 1, "PHONE_NUMBER": "+4930", "TYPE": 2});
        for (name, value, said) in [
            ("USER_ID", json!(null), "USER_ID or USER_PHONE_INNER should be set"),
            ("USER_ID", json!(77), "User is not found or is not active"),
            ("TYPE", json!(6), "Unknown TYPE"),
            ("TYPE", json!("call"), "Unknown TYPE"),
            ("PHONE_NUMBER", json!("anonymous"), "Unsupported phone number format"),
            ("PHONE_NUMBER", json!([1]), "Unsupported phone number format"),
            ("CALL_START_DATE", json!("10.03.2026"), "CALL_START_DATE should be in the ISO-8601 format"),
        ] {
            let mut params = usual.clone();
            params[name] = value;
            let refused = portal.refused("telephony.externalCall.register", params);
            assert_eq!((refused.1.as_str(), refused.2.as_str()), ("ERROR_CORE", said));
        }
        let missing = json!({"USER_ID": 1, "PHONE_NUMBER": "+49", "TYPE": 2, "CRM_ENTITY_TYPE": "LEAD", "CRM_ENTITY_ID": 9});
        assert_eq!(portal.refused("telephony.externalCall.register", missing).2, "CRM entity is not found");
        let refused =
            portal.refused("telephony.externalCall.finish", json!({"CALL_ID": ["x"], "USER_ID": 1}));
        assert_eq!(
            (refused.1.as_str(), refused.2.as_str()),
            ("INVALID_ARGUMENT", "CALL_ID must be a string")
        );
        let refused = portal.refused("telephony.externalCall.finish", json!({"CALL_ID": "x", "USER_ID": 1}));
        assert_eq!(refused.2, "Call is not found (call should be registered prior to finishing)");
        portal.get("user.update", json!({"ID": 1, "UF_PHONE_INNER": "11"}));
        let by_extension = json!({"USER_ID": null, "USER_PHONE_INNER": "11"});
        assert!(register(&portal, by_extension)["CALL_ID"].is_string());
    }
}

#[test]
fn the_statistics_filter_and_sort() {
    for portal in portals(SCOPES) {
        for number in 1..=60 {
            let at = portal.at(NOW + number * 3_600);
            let call = register(&at, json!({"PHONE_NUMBER": format!("+49{number}"), "TYPE": 1 + number % 2}));
            finish(&at, &call["CALL_ID"], json!({"DURATION": number - 1}));
        }
        let all = portal
            .page("voximplant.statistic.get", json!({"SORT": "CALL_DURATION", "ORDER": "DESC"}))
            .unwrap();
        assert_eq!((all.total, all.next), (Some(60), Some(50)));
        assert_eq!(all.result[0]["CALL_DURATION"], json!("59"));
        let count =
            |filter: Json| portal.page("voximplant.statistic.get", json!({"FILTER": filter})).unwrap().total;
        assert_eq!(count(json!({"CALL_TYPE": 2})), Some(30));
        assert_eq!(count(json!({"ID": [1, 7]})), Some(2));
        assert_eq!(count(json!({"CALL_FAILED_CODE": "304"})), Some(1));
        assert_eq!(count(json!({">=CALL_START_DATE": "2026-06-03T00:00:00+00:00"})), Some(25));
        assert_eq!(count(json!({"%PHONE_NUMBER": "+496"})), Some(2));
        assert_eq!(count(json!({"><CALL_DURATION": [10, 19]})), Some(10));
        assert_eq!(count(json!({"PORTAL_USER_ID": 2})), Some(0));
        let row = &portal.get("voximplant.statistic.get", json!({"FILTER": {"ID": 2}}))[0];
        assert_eq!((&row["COST"], &row["COST_CURRENCY"]), (&json!("0.0000"), &json!("")));
        assert_eq!((&row["RECORD_FILE_ID"], &row["CALL_CATEGORY"]), (&json!(null), &json!("external")));
    }
}
