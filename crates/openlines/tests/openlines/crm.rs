//! Dialogs about items of the CRM.

use serde_json::{Value as Json, json};
use testportal::portals;

use crate::{SCOPES, act, office, open};

#[test]
fn an_operator_makes_a_lead_and_the_dialog_is_found_by_it() {
    for ada in portals(SCOPES) {
        let office = office(&ada, &json!({}));
        let (ines, otto) = (&office.ines, &office.otto);
        let chat = open(ines, office.line, "clara");
        act(ines, "operator.answer", chat).unwrap();
        assert_eq!(act(otto, "crm.lead.create", chat), Err("ERROR_USER_NOT_OPERATOR".into()));
        act(ines, "crm.lead.create", chat).unwrap();
        act(ines, "crm.lead.create", chat).unwrap();
        let leads = ada.get("crm.lead.list", json!({"select": ["ID", "ASSIGNED_BY_ID"]}));
        assert_eq!(leads.as_array().unwrap().len(), 1, "once");
        let lead = leads[0]["ID"].clone();
        let of = |more: Json| {
            let mut params = json!({"CRM_ENTITY_TYPE": "lead", "CRM_ENTITY": lead});
            params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            params
        };
        let found = json!([{"CHAT_ID": chat.to_string(), "CONNECTOR_ID": "livechat", "CONNECTOR_TITLE": "Live chat"}]);
        assert_eq!(ines.get("imopenlines.crm.chat.get", of(json!({}))), found);
        assert_eq!(ines.get("imopenlines.crm.chat.getLastId", of(json!({}))), chat);
        let shown = ines.get("imopenlines.dialog.get", json!({"CHAT_ID": chat}));
        let data = format!("LEAD|{}|COMPANY|0|CONTACT|0|DEAL|0", lead.as_str().unwrap());
        assert_eq!(shown["entity_data_2"], data);
        // Otto may see the lead as his role has it; Ines may not speak for him.
        let say = |user: i64| of(json!({"CHAT_ID": chat, "USER_ID": user, "MESSAGE": "Your desk is ready"}));
        ines.get("imopenlines.crm.message.add", say(ines.user));
        assert_eq!(ines.refused("imopenlines.crm.message.add", say(otto.user)).1, "ACCESS_DENIED");
        ada.get("imopenlines.crm.message.add", say(otto.user));
        let users = |user: i64| of(json!({"CHAT_ID": chat, "USER_ID": user}));
        assert_eq!(ines.get("imopenlines.crm.chat.user.add", users(office.mira.user)), chat);
        assert_eq!(ines.refused("imopenlines.crm.chat.user.add", users(office.mira.user)).1, "WRONG_REQUEST");
        assert_eq!(ines.get("imopenlines.crm.chat.user.delete", users(office.mira.user)), chat);
        assert_eq!(ines.refused("imopenlines.crm.chat.user.add", users(9999)).1, "CRM_CHAT_USER_NOT_ACTIVE");
        let another = of(json!({"CHAT_ID": chat + 1, "USER_ID": otto.user}));
        assert_eq!(ines.refused("imopenlines.crm.chat.user.add", another).1, "CHAT_NOT_IN_CRM");
        act(ines, "operator.finish", chat).unwrap();
        assert_eq!(ines.get("imopenlines.crm.chat.get", of(json!({}))), json!([]));
        assert_eq!(ines.get("imopenlines.crm.chat.get", of(json!({"ACTIVE_ONLY": "N"}))), found);
        assert_eq!(ines.refused("imopenlines.crm.message.add", say(ines.user)).1, "CANCELED");
        ada.get("crm.lead.delete", json!({"id": lead}));
        assert_eq!(
            ines.refused("imopenlines.crm.chat.getLastId", of(json!({}))).1,
            "CRM_CHAT_EMPTY_CRM_DATA"
        );
        let shown = ines.get("imopenlines.dialog.get", json!({"CHAT_ID": chat}));
        assert_eq!(shown["entity_data_2"], "LEAD|0|COMPANY|0|CONTACT|0|DEAL|0");
        for (params, code) in [
            (json!({"CRM_ENTITY": 1}), "ERROR_ARGUMENT"),
            (json!({"CRM_ENTITY_TYPE": "lead"}), "ERROR_ARGUMENT"),
            (json!({"CRM_ENTITY_TYPE": "lead", "CRM_ENTITY": "x"}), "ERROR_ARGUMENT"),
            (json!({"CRM_ENTITY_TYPE": "user", "CRM_ENTITY": 1}), "ACCESS_DENIED"),
        ] {
            assert_eq!(ines.refused("imopenlines.crm.chat.get", params.clone()).1, code, "{params}");
        }
    }
}

#[test]
fn a_dialog_follows_its_lead_into_another_one() {
    for ada in portals(SCOPES) {
        let office = office(&ada, &json!({}));
        let chat = open(&office.ines, office.line, "clara");
        act(&office.ines, "operator.answer", chat).unwrap();
        act(&office.ines, "crm.lead.create", chat).unwrap();
        let lead = ada.get("crm.lead.list", json!({}))[0]["ID"].as_str().unwrap().parse::<i64>().unwrap();
        let stays = ada.get("crm.lead.add", json!({"fields": {}})).as_i64().unwrap();
        let merged = json!({"params": {"entityTypeId": 1, "entityIds": [stays, lead]}});
        assert_eq!(ada.get("crm.entity.mergeBatch", merged)["STATUS"], "SUCCESS");
        let last = json!({"CRM_ENTITY_TYPE": "lead", "CRM_ENTITY": stays});
        assert_eq!(ada.get("imopenlines.crm.chat.getLastId", last), chat);
        let shown = office.ines.get("imopenlines.dialog.get", json!({"CHAT_ID": chat}));
        assert_eq!(shown["entity_data_2"], format!("LEAD|{stays}|COMPANY|0|CONTACT|0|DEAL|0"));
    }
}
