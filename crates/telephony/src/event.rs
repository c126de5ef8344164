//! Events of calls.

use engine::call::Call;
use engine::event::{Event, Happening, event};
use engine::noun::Row;
use serde_json::json;
use wire::{Map, Value};

use crate::rights::audience;
use crate::{SCOPE, statistic};

/// Somebody clicked on a number.
const CLICKED: &str = "ONEXTERNALCALLSTART";
/// Somebody is to be called back over an external line.
const CALLBACK: &str = "ONEXTERNALCALLBACKSTART";
const INIT: &str = "ONVOXIMPLANTCALLINIT";
const START: &str = "ONVOXIMPLANTCALLSTART";
const END: &str = "ONVOXIMPLANTCALLEND";

/// All of them.
pub fn declared() -> Vec<Event> {
    let id = "externalCall.7b0c7de811455ef32b18dc5917e4306a.1773239327";
    vec![
        event(
            CLICKED,
            SCOPE,
            "A phone number was clicked on, to be called by a telephone exchange.",
            json!({
                "PHONE_NUMBER": "+494951234567", "PHONE_NUMBER_INTERNATIONAL": "+494951234567", "EXTENSION": "",
                "USER_ID": "1", "CALL_LIST_ID": "0", "LINE_NUMBER": "7", "IS_MOBILE": "0", "CALL_ID": id,
                "CRM_ENTITY_TYPE": "CONTACT", "CRM_ENTITY_ID": "1",
            }),
        ),
        event(
            CALLBACK,
            SCOPE,
            "A client is to be called back over an external line.",
            json!({
                "PHONE_NUMBER": "+494951234567", "TEXT": "A callback has been ordered", "VOICE": "ukenglishfemale",
                "CRM_ENTITY_TYPE": "CONTACT", "CRM_ENTITY_ID": "1", "LINE_NUMBER": "7",
            }),
        ),
        event(
            INIT,
            SCOPE,
            "A call was registered.",
            json!({
                "CALL_ID": id, "CALL_TYPE": "1", "ACCOUNT_SEARCH_ID": "7", "PHONE_NUMBER": "+499061234567",
                "CALLER_ID": "7",
            }),
        ),
        event(START, SCOPE, "A call began.", json!({"CALL_ID": id, "USER_ID": "1"})),
        event(
            END,
            SCOPE,
            "A call was finished.",
            json!({
                "CALL_ID": id, "CALL_TYPE": "1", "PHONE_NUMBER": "+499061234567", "PORTAL_NUMBER": "REST_APP:",
                "PORTAL_USER_ID": "1", "CALL_DURATION": "0", "CALL_START_DATE": "2026-03-11T17:28:46+03:00",
                "COST": "0", "COST_CURRENCY": "", "CALL_FAILED_CODE": "304", "CALL_FAILED_REASON": "",
                "CRM_ACTIVITY_ID": "7",
            }),
        ),
    ]
}

fn happening(id: &str, data: Map) -> Happening {
    Happening { object: format!("call:{id}"), data: data.into(), changed: None }
}

/// A call was registered; by a click, if a person in the console did it.
pub fn began(call: &mut Call<'_, '_>, row: &Row) {
    let (user, id) = (row.int("portalUserId").unwrap_or(0), row.text("callId").to_owned());
    let may_know = audience(call, user, call.caller.user_id);
    let line = statistic::line_of(row);
    call.raise_to(std::sync::Arc::clone(&may_know), INIT, || {
        let mut data = Map::with_capacity(5);
        data.push("CALL_ID", id.as_str());
        data.push("CALL_TYPE", row.int("callType"));
        data.push("ACCOUNT_SEARCH_ID", line.as_str());
        data.push("PHONE_NUMBER", row.text("phoneNumber"));
        data.push("CALLER_ID", line.as_str());
        happening(&id, data)
    });
    if call.caller.is_hookless() && row.int("callType") == Some(1) {
        call.raise_to(std::sync::Arc::clone(&may_know), CLICKED, || happening(&id, clicked(row)));
    }
    call.raise_to(may_know, START, || {
        let mut data = Map::with_capacity(2);
        data.push("CALL_ID", id.as_str());
        data.push("USER_ID", user);
        happening(&id, data)
    });
}

fn clicked(row: &Row) -> Map {
    let (number, extension) = match row.text("phoneNumber").split_once([',', ';']) {
        Some((number, extension)) => (number, extension),
        None => (row.text("phoneNumber"), ""),
    };
    let mut data = Map::with_capacity(10);
    data.push("PHONE_NUMBER", number);
    data.push("PHONE_NUMBER_INTERNATIONAL", number);
    data.push("EXTENSION", extension);
    data.push("USER_ID", row.int("portalUserId"));
    data.push("CALL_LIST_ID", row.int("callListId").unwrap_or(0));
    data.push("LINE_NUMBER", row.text("lineNumber"));
    data.push("IS_MOBILE", "0");
    data.push("CALL_ID", row.text("callId"));
    data.push("CRM_ENTITY_TYPE", row.text("crmEntityType"));
    data.push("CRM_ENTITY_ID", row.int("crmEntityId").unwrap_or(0));
    data
}

/// A call was finished, and is in the statistics.
pub fn ended(call: &mut Call<'_, '_>, row: &Row) {
    let may_know = audience(call, row.int("portalUserId").unwrap_or(0), row.int("createdById").unwrap_or(0));
    let zone = call.caller.zone.clone();
    call.raise_to(may_know, END, || {
        let mut data = Map::with_capacity(12);
        data.push("CALL_ID", row.text("callId"));
        data.push("CALL_TYPE", row.int("callType"));
        data.push("PHONE_NUMBER", row.text("phoneNumber"));
        data.push("PORTAL_NUMBER", row.text("portalNumber"));
        data.push("PORTAL_USER_ID", row.int("portalUserId"));
        data.push("CALL_DURATION", row.int("callDuration"));
        data.push("CALL_START_DATE", engine::moment::print(&zone, row.int("callStartDate").unwrap_or(0)));
        data.push("COST", row.decimal("cost").unwrap_or_default().normalize().to_string());
        data.push("COST_CURRENCY", row.text("costCurrency"));
        data.push("CALL_FAILED_CODE", row.text("callFailedCode"));
        data.push("CALL_FAILED_REASON", row.text("callFailedReason"));
        data.push("CRM_ACTIVITY_ID", row.int("crmActivityId").map_or(Value::from(""), Value::from));
        happening(row.text("callId"), data)
    });
}

/// A client whom an exchange is asked to call back.
pub struct Callback<'a> {
    /// The identifier of the call.
    pub id: &'a str,
    /// The number.
    pub number: &'a str,
    /// What is said to the employee first, and by which voice.
    pub text: &'a str,
    /// The voice.
    pub voice: &'a str,
    /// The line.
    pub line: &'a str,
    /// The client, if there is one.
    pub client: Option<(&'a str, i64)>,
}

/// Has an exchange call somebody back.
pub fn call_back(call: &mut Call<'_, '_>, wanted: &Callback<'_>, owner: i64) {
    let may_know = audience(call, call.caller.user_id, owner);
    call.raise_to(may_know, CALLBACK, || {
        let mut data = Map::with_capacity(6);
        data.push("PHONE_NUMBER", wanted.number);
        data.push("TEXT", wanted.text);
        data.push("VOICE", wanted.voice);
        data.push("CRM_ENTITY_TYPE", wanted.client.map_or("", |client| client.0));
        data.push("CRM_ENTITY_ID", wanted.client.map_or(Value::from(""), |client| client.1.into()));
        data.push("LINE_NUMBER", wanted.line);
        happening(wanted.id, data)
    });
}
