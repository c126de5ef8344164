//! Lines and their settings.

use serde_json::{Value as Json, json};
use testportal::portals;

use crate::{SCOPES, office, open};

#[test]
fn administrators_set_up_lines_and_everybody_reads_them() {
    for ada in portals(SCOPES) {
        let office = office(&ada, &json!({"CRM": "N", "QUEUE_TIME": 45, "WORKTIME_DAYOFF": ["SA", "SU"]}));
        let id = json!({"CONFIG_ID": office.line});
        let shown = office.mira.get("imopenlines.config.get", id.clone());
        for (name, value) in [
            ("LINE_NAME", json!("Web site")),
            ("ACTIVE", json!("Y")),
            ("CRM", json!("N")),
            ("QUEUE_TIME", json!("45")),
            ("QUEUE_TYPE", json!("evenly")),
            ("WORKTIME_DAYOFF", json!(["SA", "SU"])),
            ("NO_ANSWER_TIME", json!("60")),
            ("QUEUE", json!([office.ines.user.to_string(), office.otto.user.to_string()])),
        ] {
            assert_eq!(shown[name], value, "{name}");
        }
        assert_eq!(shown["QUEUE_FULL"][office.otto.user.to_string()]["SORT"], "1");
        let change = |more: Json| json!({"CONFIG_ID": office.line, "PARAMS": more});
        let denied = (403, "CONFIG_WRONG_USER_PERMISSION".to_owned(), "Permission denied".to_owned());
        assert_eq!(office.ines.refused("imopenlines.config.update", change(json!({"ACTIVE": "N"}))), denied);
        assert_eq!(office.ines.refused("imopenlines.config.delete", id.clone()), denied);
        assert_eq!(
            office.ines.refused("imopenlines.config.add", json!({"PARAMS": {"LINE_NAME": "x"}})),
            denied
        );
        ada.get(
            "imopenlines.config.update",
            change(json!({"QUEUE_TYPE": "strictly", "QUEUE": [office.otto.user]})),
        );
        let shown = ada.get("imopenlines.config.get", id.clone());
        assert_eq!((&shown["QUEUE_TYPE"], &shown["QUEUE_TIME"]), (&json!("strictly"), &json!("45")));
        assert_eq!(shown["QUEUE"], json!([office.otto.user.to_string()]));
        for wrong in [
            json!({"QUEUE_TYPE": "somehow"}),
            json!({"QUEUE_TIME": "soon"}),
            json!({"CRM": "perhaps"}),
            json!({"LINE_NAME": ""}),
            json!({"QUEUE": [9999]}),
            json!({"QUEUE": [{"ENTITY_TYPE": "department", "ENTITY_ID": 1}]}),
            json!({"WELCOME_MESSAGE_TEXT": "x".repeat(10_001)}),
        ] {
            let refused = ada.refused("imopenlines.config.update", change(wrong.clone()));
            assert_eq!((refused.0, refused.1.as_str()), (400, "INVALID_FORMAT"), "{wrong}");
        }
        let chat = open(&office.otto, office.line, "clara");
        assert_eq!(ada.refused("imopenlines.config.delete", id.clone()).1, "CONFIG_HAS_DIALOGS");
        ada.get("imopenlines.operator.another.finish", json!({"CHAT_ID": chat}));
        assert_eq!(ada.get("imopenlines.config.delete", id.clone()), true);
        assert_eq!(ada.get("imopenlines.config.get", id), false);
        assert_eq!(ada.refused("imopenlines.config.get", json!({})).1, "CONFIG_ID_EMPTY");
    }
}

#[test]
fn lines_are_listed_as_asked_for() {
    for ada in portals(SCOPES) {
        let first = office(&ada, &json!({})).line;
        let params = json!({"PARAMS": {"LINE_NAME": "Another", "ACTIVE": "N"}});
        let second = ada.get("imopenlines.config.add", params).as_i64().unwrap();
        let list = |params: Json| {
            let rows = ada.get("imopenlines.config.list.get", json!({"PARAMS": params}));
            let id = |row: &Json| row["ID"].as_str().unwrap().parse().unwrap();
            rows.as_array().unwrap().iter().map(id).collect::<Vec<i64>>()
        };
        assert_eq!(list(json!({})), [first, second]);
        assert_eq!(list(json!({"order": {"LINE_NAME": "ASC"}})), [second, first]);
        assert_eq!(list(json!({"filter": {"ACTIVE": "N"}})), [second]);
        assert_eq!(list(json!({"limit": 1, "offset": 1})), [second]);
        let asked = json!({"PARAMS": {"select": ["ID"], "limit": 1}, "OPTIONS": {"QUEUE": "Y"}});
        let row = ada.get("imopenlines.config.list.get", asked)[0].clone();
        assert_eq!(row["QUEUE"].as_array().unwrap().len(), 2);
        assert_eq!(row.get("LINE_NAME"), None);
        for wrong in [
            json!({"select": "ID"}),
            json!({"select": ["SECRET"]}),
            json!({"order": {"SECRET": "ASC"}}),
            json!({"order": {"ID": "UP"}}),
            json!({"filter": {"SECRET": 1}}),
            json!({"limit": -1}),
        ] {
            let refused = ada.refused("imopenlines.config.list.get", json!({"PARAMS": wrong}));
            assert_eq!((refused.0, refused.1.as_str()), (400, "INVALID_FORMAT"), "{wrong}");
        }
    }
}
