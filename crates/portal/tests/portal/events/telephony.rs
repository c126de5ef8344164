//! Events of calls.

use portal::Moment;
use serde_json::{Value, json};
use testportal::{Hook, NOW};

use super::{Recipe, of};

pub fn recipe(event: &str) -> Option<Recipe> {
    let is_call = event.starts_with("ONEXTERNALCALL") || event.starts_with("ONVOXIMPLANTCALL");
    of(event, "", phone_call).filter(|_| is_call)
}

/// A call that a telephone exchange reports, that is clicked for, or that it is asked for.
fn phone_call(portal: &Hook, event: &str) -> Value {
    let pbx = portal.hook_of(portal.user, "telephony");
    if event == "ONEXTERNALCALLBACKSTART" {
        pbx.get("telephony.externalLine.add", json!({"NUMBER": "70"}));
        let params = json!({"FROM_LINE": "70", "TO_NUMBER": "+4989777", "TEXT_TO_PRONOUNCE": "x"});
        pbx.get("voximplant.callback.start", params);
        return json!({
            "PHONE_NUMBER": "+4989777", "TEXT": "x", "VOICE": "ukenglishfemale", "CRM_ENTITY_TYPE": "",
            "CRM_ENTITY_ID": "", "LINE_NUMBER": "70",
        });
    }
    let params = json!({"USER_ID": 1, "PHONE_NUMBER": format!("+4989{}", event.len()), "TYPE": 1});
    let number = params["PHONE_NUMBER"].clone();
    if event == "ONEXTERNALCALLSTART" {
        let id = by_hand(portal, "telephony.externalCall.register", params)["CALL_ID"].clone();
        return json!({
            "PHONE_NUMBER": number, "PHONE_NUMBER_INTERNATIONAL": number, "EXTENSION": "", "USER_ID": "1",
            "CALL_LIST_ID": "0", "LINE_NUMBER": "", "IS_MOBILE": "0", "CALL_ID": id, "CRM_ENTITY_TYPE": "",
            "CRM_ENTITY_ID": "0",
        });
    }
    let id = pbx.get("telephony.externalCall.register", params)["CALL_ID"].clone();
    match event {
        "ONVOXIMPLANTCALLINIT" => json!({
            "CALL_ID": id, "CALL_TYPE": "1", "ACCOUNT_SEARCH_ID": "REST_APP:", "PHONE_NUMBER": number,
            "CALLER_ID": "REST_APP:",
        }),
        "ONVOXIMPLANTCALLSTART" => json!({"CALL_ID": id, "USER_ID": "1"}),
        _ => {
            let params =
                json!({"CALL_ID": id, "USER_ID": 1, "DURATION": 7, "COST": 1.5, "COST_CURRENCY": "EUR"});
            pbx.get("telephony.externalCall.finish", params);
            json!({
                "CALL_ID": id, "CALL_TYPE": "1", "PHONE_NUMBER": number, "PORTAL_NUMBER": "REST_APP:",
                "PORTAL_USER_ID": "1", "CALL_DURATION": "7", "CALL_START_DATE": "2026-06-01T12:00:00+00:00",
                "COST": "1.5", "COST_CURRENCY": "EUR", "CALL_FAILED_CODE": "200", "CALL_FAILED_REASON": "",
                "CRM_ACTIVITY_ID": "",
            })
        }
    }
}

/// What a person in the console calls.
#[allow(clippy::needless_pass_by_value, reason = "reads well with json! at the call")]
fn by_hand(portal: &Hook, method: &str, params: Value) -> Value {
    let request = portal::OwnRequest {
        user_id: portal.user,
        method: method.to_owned(),
        params: portal::method::params(&params),
        address: std::net::Ipv4Addr::LOCALHOST.into(),
        received: Moment(NOW * 1_000_000),
        language: Default::default(),
        basis: None,
    };
    let done = portal.portal.call_as(request).wait().unwrap();
    testportal::to_json(&done.reply.result)
}
