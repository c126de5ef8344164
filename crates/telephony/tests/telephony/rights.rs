//! Whose calls are whose, and what `--strict` refuses.

use portal::settings::Settings;
use serde_json::json;
use testportal::{portals, portals_with};

use crate::{SCOPES, contact, finish, register};

#[test]
fn employees_see_their_own_calls_and_heads_those_of_their_people() {
    for portal in portals(SCOPES) {
        let sales =
            portal.hook_of(1, "department").get("department.add", json!({"NAME": "Sales", "PARENT": 1}));
        let (ines, otto) =
            (portal.employee("ines@example.com", SCOPES), portal.employee("otto@example.com", SCOPES));
        let admin = portal.hook_of(1, "user,department");
        admin.get("user.update", json!({"ID": otto.user, "UF_DEPARTMENT": [sales]}));
        admin.get("department.update", json!({"ID": sales, "UF_HEAD": ines.user}));
        let call = register(&portal, json!({"USER_ID": otto.user}))["CALL_ID"].clone();
        let named = json!({"CALL_ID": call});
        for (hook, sees) in [(&*portal, true), (&otto, true), (&ines, true)] {
            assert_eq!(hook.get("telephony.externalCall.show", named.clone()), json!(sees));
        }
        let mira = portal.employee("mira@example.com", SCOPES);
        assert_eq!(mira.get("telephony.externalCall.show", named.clone()), json!(false));
        let finishing = json!({"CALL_ID": call, "USER_ID": mira.user});
        let missing = "Call is not found (call should be registered prior to finishing)";
        assert_eq!(mira.refused("telephony.externalCall.finish", finishing.clone()).2, missing);
        assert_eq!(
            ines.refused("telephony.externalCall.finish", finishing).2,
            missing,
            "a head only looks on"
        );
        finish(&otto, &call, json!({"USER_ID": otto.user}));
        let seen = |hook: &testportal::Hook| hook.page("voximplant.statistic.get", json!({})).unwrap().total;
        assert_eq!(
            (seen(&portal), seen(&otto), seen(&ines), seen(&mira)),
            (Some(1), Some(1), Some(1), Some(0))
        );
        let record = json!({"CALL_ID": call, "FILENAME": "a.mp3", "FILE_CONTENT": "SUQz"});
        assert!(mira.ask("telephony.externalCall.attachRecord", record.clone()).is_err());
        assert!(otto.get("telephony.externalCall.attachRecord", record)["FILE_ID"].is_i64());
    }
}

#[test]
fn clients_are_found_with_the_rights_of_the_caller() {
    for portal in portals(SCOPES) {
        let client = contact(&portal, "+4930111001");
        let found =
            portal.get("telephony.externalCall.searchCrmEntities", json!({"PHONE_NUMBER": "0049(30)111001"}));
        assert_eq!(found[0]["CRM_ENTITY_ID"], client);
        assert_eq!((&found[0]["NAME"], &found[0]["ASSIGNED_BY"]["ID"]), (&json!("Olga Roth"), &json!("1")));
        let ines = portal.employee("ines@example.com", SCOPES);
        let nothing =
            ines.get("telephony.externalCall.searchCrmEntities", json!({"PHONE_NUMBER": "+4930111001"}));
        assert_eq!(nothing, json!([]), "the contact is another's");
        let params = json!({"USER_ID": ines.user, "CRM_CREATE": 1});
        let call = register(&ines, params);
        assert_eq!(call["CRM_ENTITY_TYPE"], json!("LEAD"), "so it is new to her");
        let refused = ines.refused(
            "telephony.externalCall.register",
            json!({"USER_ID": 1, "PHONE_NUMBER": "+49", "TYPE": 2, "CRM_ENTITY_TYPE": "CONTACT", "CRM_ENTITY_ID": client}),
        );
        assert_eq!(refused.2, "CRM entity is not found");
        let empty = portal.refused("telephony.externalCall.searchCrmEntities", json!({"PHONE_NUMBER": ""}));
        assert_eq!(empty.2, "PHONE_NUMBER is empty");
    }
}

#[test]
fn strictly_what_is_for_applications_refuses_webhooks() {
    let mut settings = Settings::new("https://portal.test");
    settings.strict = true;
    for portal in portals_with(SCOPES, settings) {
        for method in [
            "telephony.externalCall.register",
            "telephony.externalCall.finish",
            "telephony.externalLine.add",
            "telephony.externalLine.get",
            "telephony.externalLine.update",
            "telephony.externalLine.delete",
        ] {
            let refused = portal.refused(method, json!({"CALL_ID": "x", "NUMBER": "1"}));
            assert_eq!((refused.0, refused.1.as_str()), (403, "WRONG_AUTH_TYPE"), "{method}");
        }
        assert_eq!(portal.get("telephony.externalCall.show", json!({"CALL_ID": "x"})), json!(false));
    }
}
