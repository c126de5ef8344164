//! Recordings and transcripts of finished calls.

use serde_json::{Value as Json, json};
use testportal::{Hook, portals};

use crate::{SCOPES, contact, finish, register};

const RECORD: &str = "telephony.externalCall.attachRecord";

fn finished(portal: &Hook) -> (Json, Json) {
    contact(portal, "+4930111001");
    let id = register(portal, json!({}))["CALL_ID"].clone();
    let row = finish(portal, &id, json!({}));
    (id, row["CRM_ACTIVITY_ID"].clone())
}

#[test]
fn a_recording_lies_on_the_drive_and_with_the_activity() {
    for portal in portals(SCOPES) {
        let (id, activity) = finished(&portal);
        let files = || {
            let activity = portal.get("crm.activity.get", json!({"id": activity}));
            activity["FILES"].as_array().unwrap().clone()
        };
        let given =
            |name: &str, content: &str| json!({"CALL_ID": id, "FILENAME": name, "FILE_CONTENT": content});
        let first = portal.get(RECORD, given("call.mp3", "SUQz"))["FILE_ID"].clone();
        let file = portal.get("disk.file.get", json!({"id": first}));
        assert_eq!((&file["NAME"], &file["SIZE"]), (&json!("call.mp3"), &json!("3")));
        let row = portal.get("voximplant.statistic.get", json!({}))[0].clone();
        assert_eq!(row["RECORD_FILE_ID"], first);
        assert_eq!(files().len(), 1);
        // Another takes its place everywhere.
        let second = portal.get(RECORD, given("again.wav", "UklGRg=="))["FILE_ID"].clone();
        assert_ne!(second, first);
        assert!(portal.ask("disk.file.get", json!({"id": first})).is_err());
        assert_eq!(files().len(), 1);
        // Within a batch, too.
        let cmd = json!({"a": format!("{RECORD}?CALL_ID={}&FILENAME=b.mp3&FILE_CONTENT=SUQz", id.as_str().unwrap())});
        let reply = portal.get("batch", json!({"cmd": cmd}));
        assert!(reply["result"]["a"]["FILE_ID"].is_i64(), "{reply}");
        assert_eq!(files().len(), 1);
    }
}

#[test]
fn what_is_no_recording_is_refused() {
    for portal in portals(SCOPES) {
        let (id, _) = finished(&portal);
        let refused = |more: Json| {
            let mut params = json!({"CALL_ID": id});
            more.as_object().unwrap().iter().for_each(|(name, value)| params[name] = value.clone());
            portal.refused(RECORD, params).2
        };
        let content = json!("SUQz");
        assert!(refused(json!({})).starts_with("Required parameters are not set."));
        assert_eq!(refused(json!({"FILENAME": "", "FILE_CONTENT": content})), "File name is empty");
        let wrong = "Wrong file extension. Only wav and mp3 are allowed";
        assert_eq!(refused(json!({"FILENAME": "call.exe", "FILE_CONTENT": content})), wrong);
        assert_eq!(refused(json!({"FILENAME": "a.mp3", "FILE_CONTENT": ""})), "File content is empty.");
        let text = "File content is not properly encoded. Base64 encoding is expected.";
        assert_eq!(refused(json!({"FILENAME": "a.mp3", "FILE_CONTENT": "<mp3>"})), text);
        let blocked = "Record URL resolves to a non-public address and was blocked.";
        assert_eq!(refused(json!({"RECORD_URL": "http://10.0.0.7/a.mp3"})), blocked);
        let url = json!({"CALL_ID": id, "RECORD_URL": "https://pbx.example.com/a.mp3"});
        assert_eq!(portal.get(RECORD, url), json!({"FILE_ID": null}), "the address alone is kept");
        let row = portal.get("voximplant.statistic.get", json!({}))[0].clone();
        assert_eq!(row["CALL_RECORD_URL"], json!("https://pbx.example.com/a.mp3"));
        let awaited = portal.get(RECORD, json!({"CALL_ID": id, "FILENAME": "a.mp3"}));
        assert_eq!(awaited["fieldName"], json!("file"));
        let going = register(&portal, json!({"PHONE_NUMBER": "+49"}))["CALL_ID"].clone();
        let early =
            portal.refused(RECORD, json!({"CALL_ID": going, "FILENAME": "a.mp3", "FILE_CONTENT": "SUQz"}));
        assert!(early.2.starts_with("Call is not found in the statistic table."), "{early:?}");
    }
}

#[test]
fn a_transcript_is_read_by_its_activity() {
    for portal in portals(SCOPES) {
        let (id, activity) = finished(&portal);
        let attach = |messages: Json| json!({"CALL_ID": id, "MESSAGES": messages});
        let said = json!([
            {"SIDE": "User", "START_TIME": 0, "STOP_TIME": 2, "MESSAGE": "Good afternoon"},
            {"SIDE": "Client", "START_TIME": 3, "STOP_TIME": 5, "MESSAGE": "Hello"},
        ]);
        let method = "telephony.call.attachTranscription";
        let transcript = portal.get(method, attach(said))["TRANSCRIPT_ID"].clone();
        let row = portal.get("voximplant.statistic.get", json!({}))[0].clone();
        assert_eq!(row["TRANSCRIPT_ID"], json!(transcript.to_string()));
        let read = portal.get("crm.activity.call.getTranscript", json!({"activityId": activity}));
        assert_eq!(read, json!({"transcription": "User: Good afternoon\nClient: Hello"}));
        for (message, complaint) in [
            (json!({"SIDE": "Robot"}), "MESSAGES[0][SIDE] should be either Client or User"),
            (
                json!({"SIDE": "User", "START_TIME": -1}),
                "MESSAGES[0][START_TIME] should be greater or equal to zero",
            ),
            (json!({"SIDE": "User", "START_TIME": 1}), "MESSAGES[0][STOP_TIME] should be greater than zero"),
            (json!({"SIDE": "User", "START_TIME": 1, "STOP_TIME": 2}), "MESSAGES[0][MESSAGE] is empty"),
        ] {
            assert_eq!(portal.refused(method, attach(json!([message]))).2, complaint);
        }
        assert_eq!(portal.refused(method, attach(json!("x"))).2, "MESSAGES should be an array");
        let missing = json!({"CALL_ID": "x", "MESSAGES": []});
        assert_eq!(portal.refused(method, missing).2, "Call x is not found. Is it finished?");
    }
}
