//! Lines, callbacks and the settings of users.

use serde_json::json;
use testportal::portals;

use crate::SCOPES;

#[test]
fn external_lines_go_by_their_number() {
    for portal in portals(SCOPES) {
        assert_eq!(portal.get("telephony.externalLine.get", json!({})), json!([]));
        let added = portal.get("telephony.externalLine.add", json!({"NUMBER": "+4930", "NAME": "Desk"}));
        assert_eq!(added, json!({"ID": 1}));
        let refused =
            |method: &str, params| portal.refused(&format!("telephony.externalLine.{method}"), params).2;
        assert_eq!(refused("add", json!({"NUMBER": "+4930"})), "Line already exists");
        assert_eq!(refused("add", json!({"NUMBER": " "})), "NUMBER should not be empty");
        assert_eq!(refused("update", json!({"NUMBER": "+4930"})), "There are no fields to update");
        assert_eq!(
            refused("update", json!({"NUMBER": "7", "NAME": "x"})),
            "Could not find line with number 7"
        );
        assert_eq!(refused("delete", json!({"NUMBER": "7"})), "Could not find line with number 7");
        let changed = json!({"NUMBER": "+4930", "CRM_AUTO_CREATE": "N"});
        assert_eq!(portal.get("telephony.externalLine.update", changed), json!({"ID": "1"}));
        let ines = portal.employee("ines@example.com", SCOPES);
        let lines = json!([{"NUMBER": "+4930", "NAME": "Desk", "CRM_AUTO_CREATE": "N"}]);
        assert_eq!(ines.get("telephony.externalLine.get", json!({})), lines);
        assert_eq!(
            ines.refused("telephony.externalLine.delete", json!({"NUMBER": "+4930"})).2,
            "Access denied!"
        );
        assert_eq!(portal.get("telephony.externalLine.delete", json!({"NUMBER": "+4930"})), json!([]));
    }
}

#[test]
fn sip_lines_are_kept_for_administrators() {
    for portal in portals(SCOPES) {
        let new = json!({"SERVER": "sip.example.com", "LOGIN": "u", "PASSWORD": "secret", "TITLE": "Main"});
        let added = portal.get("voximplant.sip.add", new.clone());
        assert_eq!((&added["CONFIG_ID"], &added["REG_ID"]), (&json!("1"), &json!(150_001)));
        assert_eq!(portal.refused("voximplant.sip.add", new).1, "TITLE_EXISTS");
        assert_eq!(portal.refused("voximplant.sip.add", json!({"LOGIN": "u"})).1, "CHECK_FIELDS_ERROR");
        let office = json!({"TYPE": "office", "SERVER": "pbx.local", "LOGIN": "o"});
        let office = portal.get("voximplant.sip.add", office);
        assert_eq!((&office["INCOMING_LOGIN"], office.get("REG_ID")), (&json!("sip2"), None));
        assert_eq!(portal.get("voximplant.sip.update", json!({"CONFIG_ID": 1, "LOGIN": "v"})), json!(1));
        let found = portal.page("voximplant.sip.get", json!({"FILTER": {"CONFIG_ID": [1, 9]}})).unwrap();
        assert_eq!(found.total, Some(1));
        assert_eq!(
            (&found.result[0]["LOGIN"], &found.result[0]["PASSWORD"]),
            (&json!("v"), &json!("secret"))
        );
        let stored = portal.read(|tx| {
            let sql = "SELECT password FROM telephony_sip WHERE id = 1";
            Ok(tx.one(sql, &[], |row| Ok(row.text(0)?.to_owned()))?)
        });
        assert!(!stored.unwrap().contains("secret"), "it is encrypted");
        let lines = json!({"reg150001": "Main", "sip2": "Office PBX (2)"});
        assert_eq!(portal.get("voximplant.line.get", json!({})), lines);
        assert_eq!(portal.get("voximplant.line.outgoing.sip.set", json!({"CONFIG_ID": 2})), json!(1));
        assert_eq!(portal.get("voximplant.line.outgoing.set", json!({"LINE_ID": "nowhere"})), json!(1));
        assert_eq!(portal.get("voximplant.line.outgoing.get", json!({})), json!("sip2"));
        assert_eq!(portal.get("voximplant.sip.delete", json!({"CONFIG_ID": 2})), json!(1));
        assert_eq!(portal.get("voximplant.line.outgoing.get", json!({})), json!("reg150001"));
        let ines = portal.employee("ines@example.com", SCOPES);
        for method in ["voximplant.sip.get", "voximplant.line.get", "voximplant.sip.connector.status"] {
            assert_eq!(ines.refused(method, json!({})).1, "ACCESS_DENIED", "{method}");
        }
    }
}

#[test]
fn a_callback_asks_the_exchange_and_a_sip_line_fails() {
    for portal in portals(SCOPES) {
        portal.get("telephony.externalLine.add", json!({"NUMBER": "70"}));
        portal.get("voximplant.sip.add", json!({"SERVER": "s", "LOGIN": "u"}));
        let start = |line: &str| json!({"FROM_LINE": line, "TO_NUMBER": "+4989", "TEXT_TO_PRONOUNCE": "x"});
        let asked = portal.get("voximplant.callback.start", start("70"));
        assert_eq!(asked["RESULT"], json!(true));
        assert_eq!(portal.get("voximplant.statistic.get", json!({})), json!([]), "the exchange calls");
        assert_eq!(portal.refused("voximplant.callback.start", start("reg7")).2, "Could not find line reg7");
        let failed = portal.get("voximplant.infocall.startwithtext", start("reg150001"));
        let row = &portal.get("voximplant.statistic.get", json!({}))[0];
        assert_eq!((&row["CALL_ID"], &row["CALL_TYPE"]), (&failed["CALL_ID"], &json!("5")));
        assert_eq!(row["CALL_FAILED_CODE"], json!("503"));
        assert_eq!(portal.refused("voximplant.infocall.startwithtext", start("70")).2, "Infocall failure");
        let refused = portal.refused("voximplant.infocall.startwithtext", start("LINK_BASE_NUMBER")).2;
        assert_eq!(refused, "Making infocall using LINK_BASE_NUMBER is not allowed");
    }
}

#[test]
fn telephones_of_users_are_turned_on_and_off() {
    for portal in portals(SCOPES) {
        let on = |users: serde_json::Value| {
            portal.get("voximplant.user.get", json!({"USER_ID": users}))[0]["PHONE_ENABLED"].clone()
        };
        assert_eq!(on(json!(1)), json!("N"));
        assert_eq!(portal.get("voximplant.user.activatePhone", json!({"USER_ID": 1})), json!(1));
        assert_eq!(on(json!([1])), json!("Y"));
        assert_eq!(portal.get("voximplant.user.deactivatePhone", json!({"USER_ID": 1})), json!(1));
        assert_eq!(on(json!(1)), json!("N"));
        assert_eq!(portal.refused("voximplant.user.get", json!({})).2, "Parameter USER_ID is not set");
        let ines = portal.employee("ines@example.com", SCOPES);
        assert_eq!(ines.refused("voximplant.user.get", json!({"USER_ID": 1})).1, "ACCESS_DENIED");
        assert_eq!(ines.refused("voximplant.user.activatePhone", json!({"USER_ID": 1})).1, "");
    }
}
