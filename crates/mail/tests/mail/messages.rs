//! Mailboxes and messages through the front door, on every engine.

use serde_json::{Value as Json, json};
use testportal::{Bench, Hook, NOW, portals, to_json};
use wire::exception::PREFIX;

const DENIED: &str = "ACCESSDENIEDEXCEPTION";
const GONE: &str = "ENTITYNOTFOUNDEXCEPTION";

/// Ines and Otto, with a webhook each.
fn people(portal: &Bench) -> (Hook, Hook) {
    let of = |email| portal.employee(email, "mail").v3();
    (of("ines@example.com"), of("otto@example.com"))
}

#[track_caller]
fn refused(hook: &Hook, method: &str, params: Json) -> String {
    hook.refused(method, params).1.trim_start_matches(PREFIX).to_owned()
}

/// The first complaint about a request: the parameter, and what is wrong with it.
#[track_caller]
fn complaint(hook: &Hook, method: &str, params: Json) -> (String, String) {
    let fault = hook.ask(method, params).unwrap_err();
    assert_eq!(fault.code, format!("{PREFIX}VALIDATION_REQUESTVALIDATIONEXCEPTION"), "{fault:?}");
    let first = to_json(fault.extra.get("validation").unwrap())[0].clone();
    let text = |name: &str| first[name].as_str().unwrap().to_owned();
    (text("field"), text("message"))
}

fn letter(from: &str, to: &[&str], subject: &str) -> Json {
    json!({"from": from, "to": to, "subject": subject, "body": format!("About {subject}")})
}

fn with(mut params: Json, name: &str, value: impl Into<Json>) -> Json {
    params[name] = value.into();
    params
}

#[track_caller]
fn listed(hook: &Hook, params: Json) -> Vec<Json> {
    hook.get("mail.message.list", params)["items"].as_array().unwrap().clone()
}

/// The only message in a folder.
#[track_caller]
fn only(hook: &Hook, folder: &str) -> Json {
    let mut found = listed(hook, json!({"folder": folder}));
    assert_eq!(found.len(), 1, "{folder}: {found:?}");
    found.remove(0)
}

#[test]
fn everybody_has_one_mailbox() {
    for portal in portals("mail") {
        let (ines, otto) = people(&portal);
        let own = json!({"id": ines.user, "name": "ines@example.com", "email": "ines@example.com", "senderName": "ines@example.com"});
        assert_eq!(ines.get("mail.mailbox.list", json!({})), json!({"items": [own]}));
        assert_eq!(
            ines.get("mail.mailbox.list", json!({"email": "EXAMPLE", "name": "ine"}))["items"],
            json!([own])
        );
        assert_eq!(ines.get("mail.mailbox.list", json!({"email": "otto"}))["items"], json!([]));
        assert_eq!(ines.get("mail.mailbox.list", json!({"pagination": {"page": 2}}))["items"], json!([]));
        let select = json!({"id": ines.user, "select": ["email"]});
        assert_eq!(ines.get("mail.mailbox.get", select)["item"], json!({"email": "ines@example.com"}));
        let admin = portal.v3();
        let sender =
            json!({"email": "admin@localhost", "name": "Ada Berg", "sender": "Ada Berg <admin@localhost>"});
        assert_eq!(admin.get("mail.mailbox.senders", json!({}))["items"], json!([sender]));
        for hook in [&admin, &otto] {
            assert_eq!(refused(hook, "mail.mailbox.get", json!({"id": ines.user})), DENIED);
            assert_eq!(refused(hook, "mail.message.list", json!({"mailboxId": ines.user})), DENIED);
        }
        assert_eq!(refused(&ines, "mail.mailbox.get", json!({"id": 999})), GONE);
        let limit = json!({"pagination": {"limit": 101}});
        assert_eq!(refused(&ines, "mail.mailbox.list", limit), "INVALIDPAGINATIONEXCEPTION");
    }
}

#[test]
fn what_one_person_sends_another_reads() {
    for portal in portals("mail") {
        let ((ines, otto), admin) = (people(&portal), portal.v3());
        let to = ["OTTO@example.com", "client@example.org"];
        let sent =
            with(letter("ines@example.com", &to, "Chairs"), "cc", json!(["Clara <clara@example.org>"]));
        let sent = with(sent, "bcc", json!(["admin@localhost"]));
        assert_eq!(ines.get("mail.message.send", sent), json!({"success": true, "to": to}));
        let got = only(&otto, "inbox");
        let id = got["id"].as_i64().unwrap();
        let expected = json!({
            "id": id, "mailboxId": otto.user, "mailboxEmail": "otto@example.com", "subject": "Chairs",
            "from": "ines@example.com <ines@example.com>", "to": "OTTO@example.com, client@example.org",
            "cc": "Clara <clara@example.org>", "date": "2026-06-01T12:00:00+00:00", "isSeen": false, "hasAttachments": false,
            "url": format!("https://portal.test/mail/message/{id}/"), "bindings": [], "body": "About Chairs",
        });
        assert_eq!(got, expected);
        let whole = otto.get("mail.message.get", json!({"id": id, "select": ["url", "cc"]}));
        assert_eq!(
            whole["item"],
            json!({"cc": "Clara <clara@example.org>", "url": format!("/mail/message/{id}")})
        );
        // Who got it in secret is known to the sender alone.
        assert_eq!(only(&admin, "INBOX")["to"], "OTTO@example.com, client@example.org");
        let secret = json!({"searchQuery": "admin@local"});
        assert_eq!((listed(&ines, secret.clone()).len(), listed(&otto, secret).len()), (1, 0));
        let kept = only(&ines, "Sent");
        assert_eq!((&kept["isSeen"], listed(&ines, json!({"folder": "INBOX"})).len()), (&json!(true), 0));
        for hook in [&admin, &otto] {
            for method in ["mail.message.get", "mail.message.thread"] {
                assert_eq!(refused(hook, method, json!({"id": kept["id"]})), DENIED);
                assert_eq!(refused(hook, method, json!({"id": 9999})), GONE);
            }
        }
        assert_eq!(complaint(&otto, "mail.message.get", json!({})).0, "id");
        assert_eq!(complaint(&otto, "mail.message.get", json!({"id": "7"})).0, "id");
        let user = otto.user;
        portal.write(move |tx| portal::user::set_active(tx, user, false));
        ines.get("mail.message.send", letter("ines@example.com", &["otto@example.com"], "Gone"));
        portal.write(move |tx| portal::user::set_active(tx, user, true));
        assert_eq!(only(&otto, "INBOX")["subject"], "Chairs", "nothing reaches who was dismissed");
    }
}

#[test]
fn lists_are_filtered() {
    for portal in portals("mail") {
        let (ines, otto) = people(&portal);
        for (at, subject) in [(0, "Oak"), (60, "Beech"), (120, "50% off")] {
            ines.at(NOW + at)
                .get("mail.message.send", letter("ines@example.com", &["otto@example.com"], subject));
        }
        let subjects = |params: Json| {
            let found = listed(&otto, params);
            found.iter().map(|one| one["subject"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(subjects(json!({})), ["50% off", "Beech", "Oak"]);
        assert_eq!(subjects(json!({"mailboxId": otto.user, "searchQuery": "ABOUT oak"})), ["Oak"]);
        assert_eq!(subjects(json!({"searchQuery": "0%"})), ["50% off"]);
        assert_eq!(
            subjects(json!({"dateFrom": "2026-06-01T14:01:00+02:00", "dateTo": "2026-06-01T12:01:00Z"})),
            ["Beech"]
        );
        assert_eq!(subjects(json!({"pagination": {"page": 2, "limit": 2}})), ["Oak"]);
        assert_eq!(subjects(json!({"hasAttachments": true})), [""; 0]);
        assert_eq!(subjects(json!({"folder": "Nowhere"})), [""; 0]);
        let oak = listed(&otto, json!({"searchQuery": "oak"}))[0]["id"].clone();
        let answer =
            with(letter("otto@example.com", &["ines@example.com"], "Re: Oak"), "replyToMessageId", oak);
        otto.get("mail.message.reply", answer);
        assert_eq!(
            subjects(json!({"folder": "INBOX", "isSeen": true})),
            ["Oak"],
            "what was answered was read"
        );
        assert_eq!(subjects(json!({"isSeen": false})), ["50% off", "Beech"]);
        for date in ["2026-06-01", "2026-06-01 12:00:00+00:00", "yesterday"] {
            assert_eq!(complaint(&otto, "mail.message.list", json!({"dateTo": date})).0, "dateTo");
        }
        let limit = json!({"pagination": {"limit": 201}});
        assert_eq!(refused(&otto, "mail.message.list", limit), "INVALIDPAGINATIONEXCEPTION");
    }
}

#[test]
fn what_cannot_be_sent_is_refused() {
    for portal in portals("mail") {
        let (ines, otto) = people(&portal);
        let good = letter("ines@example.com", &["otto@example.com"], "Oak");
        let said =
            |name: &str, value: Json| complaint(&ines, "mail.message.send", with(good.clone(), name, value));
        let is = |field: &str, message: &str| (field.to_owned(), message.to_owned());
        assert_eq!(said("from", json!("otto@example.com")), is("from", "MESSAGE_SEND_FAILED"));
        assert_eq!(said("to", json!([])), is("to", "NO_RECIPIENTS"));
        assert_eq!(said("to", json!([""])), is("to", "NO_RECIPIENTS"));
        for bad in [
            json!(["otto"]),
            json!([7]),
            json!(["a@b\r\nBcc: c@d"]),
            json!(vec!["x@example.org, y@example.org"; 1]),
        ] {
            assert_eq!(said("cc", bad), is("cc", "RESOLVE_RECIPIENTS_ERROR"));
        }
        let crowd: Vec<String> = (0..100).map(|number| format!("x{number}@example.org")).collect();
        assert_eq!(said("bcc", json!(crowd)), is("bcc", "RESOLVE_RECIPIENTS_ERROR"));
        assert_eq!(said("subject", json!(" ")), is("subject", "Required field `subject` is not specified"));
        assert_eq!(said("subject", json!("x".repeat(256))).0, "subject");
        assert_eq!(said("body", json!("x".repeat(65_536))).0, "body");
        assert_eq!(said("to", json!("otto@example.com")).0, "to");
        assert_eq!(listed(&ines, json!({})).len() + listed(&otto, json!({})).len(), 0);
        ines.get("mail.message.send", good.clone());
        let kept = only(&ines, "Sent")["id"].clone();
        let reply = with(
            letter("otto@example.com", &["ines@example.com"], "Re: Oak"),
            "replyToMessageId",
            kept.clone(),
        );
        assert_eq!(
            complaint(&otto, "mail.message.reply", reply),
            is("replyToMessageId", "MESSAGE_REPLY_FAILED")
        );
        let forward =
            with(letter("otto@example.com", &["ines@example.com"], "Fwd: Oak"), "forwardMessageId", kept);
        assert_eq!(
            complaint(&otto, "mail.message.forward", forward),
            is("forwardMessageId", "MESSAGE_FORWARD_FAILED")
        );
    }
}

#[test]
fn answers_make_a_thread() {
    for portal in portals("mail") {
        let ((ines, otto), admin) = (people(&portal), portal.v3());
        ines.get("mail.message.send", letter("ines@example.com", &["otto@example.com"], "Oak"));
        let first = only(&otto, "INBOX")["id"].clone();
        let answer = with(
            letter("Otto <otto@example.com>", &["ines@example.com"], "Re: Oak"),
            "replyToMessageId",
            first.clone(),
        );
        otto.at(NOW + 60).get("mail.message.reply", with(answer, "cc", json!(["admin@localhost"])));
        let second = only(&ines, "INBOX");
        assert_eq!(second["from"], "Otto <otto@example.com>");
        let again = with(
            letter("ines@example.com", &["otto@example.com"], "Re: Re: Oak"),
            "replyToMessageId",
            second["id"].clone(),
        );
        ines.at(NOW + 120).get("mail.message.reply", again);
        let thread = |hook: &Hook, params: Json| {
            let list = hook.get("mail.message.thread", params);
            list.as_array()
                .unwrap()
                .iter()
                .map(|one| one["subject"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        let all = ["Oak", "Re: Oak", "Re: Re: Oak"];
        assert_eq!(thread(&ines, json!({"id": second["id"]})), all);
        assert_eq!(thread(&otto, json!({"id": first})), all);
        assert_eq!(thread(&otto, json!({"id": first, "limit": 2})), all[..2]);
        assert_eq!(
            thread(&admin, json!({"id": only(&admin, "INBOX")["id"]})),
            all[1..2],
            "only what reached her"
        );
        let shown = otto.get("mail.message.thread", json!({"id": first, "limit": 1}));
        let expected = json!([{
            "id": first, "subject": "Oak", "from": "ines@example.com <ines@example.com>", "to": "otto@example.com", "cc": "",
            "date": "2026-06-01 12:00:00", "body": "About Oak",
        }]);
        assert_eq!(shown, expected);
        for limit in [0, 51] {
            assert_eq!(
                complaint(&otto, "mail.message.thread", json!({"id": first, "limit": limit})).0,
                "limit"
            );
        }
        let on = json!({
            "forwardMessageId": first, "from": "otto@example.com", "to": ["admin@localhost"], "subject": "Fwd: Oak",
            "body": "<p>Look</p>",
        });
        otto.at(NOW + 180).get("mail.message.forward", on);
        let got = listed(&admin, json!({"searchQuery": "Fwd"})).remove(0);
        let body = got["body"].as_str().unwrap();
        let parts = ["<p>Look</p>", "&lt;ines@example.com&gt;", "About Oak"];
        assert!(parts.iter().all(|part| body.contains(part)), "{body}");
        assert_eq!(thread(&admin, json!({"id": got["id"]})), ["Fwd: Oak"]);
    }
}

#[test]
fn messages_are_moved_and_deleted() {
    for portal in portals("mail") {
        let (ines, otto) = people(&portal);
        for subject in ["Oak", "Beech"] {
            ines.get("mail.message.send", letter("ines@example.com", &["otto@example.com"], subject));
        }
        let ids = |hook: &Hook, folder: &str| -> Vec<i64> {
            listed(hook, json!({"folder": folder})).iter().map(|one| one["id"].as_i64().unwrap()).collect()
        };
        let (got, foreign) = (ids(&otto, "INBOX"), ids(&ines, "Sent"));
        let given = |ids: &[i64], action: &str| json!({"messageIds": ids, "action": action});
        let moved = |params: Json| otto.get("mail.message.movetofolder", params)["movedCount"].clone();
        let said = |params: Json| complaint(&otto, "mail.message.movetofolder", params);
        assert_eq!(said(given(&got, "move")).0, "folder");
        assert_eq!(said(with(given(&got, "move"), "folder", "Nowhere")).0, "folder");
        assert_eq!(said(given(&got, "burn")).0, "action");
        for none in [&foreign[..], &[9999], &[]] {
            assert_eq!(said(given(none, "spam")).1, "No accessible messages found");
        }
        assert_eq!(said(json!({"messageIds": ["1"], "action": "spam"})).0, "messageIds");
        assert_eq!(said(given(&(1..=201).collect::<Vec<_>>(), "spam")).0, "messageIds");
        let mixed = with(given(&[got[0], got[0], foreign[0]], "move"), "folder", "archive");
        assert_eq!(moved(mixed), 1);
        assert_eq!(said(given(&got, "spam")).1, "Select emails from a single folder");
        assert_eq!((ids(&otto, "Archive"), ids(&otto, "INBOX")), (vec![got[0]], vec![got[1]]));
        assert_eq!(ids(&ines, "Sent"), foreign, "what is another's stays");
        let answer = otto.get("mail.message.movetofolder", given(&got[..1], "delete"));
        assert_eq!(answer, json!({"success": true, "movedCount": 1, "action": "delete"}));
        assert_eq!(moved(given(&got[1..], "spam")), 1);
        assert_eq!(listed(&otto, json!({})).len(), 0, "without a folder, spam and trash are left out");
        assert_eq!((ids(&otto, "Trash"), ids(&otto, "Spam")), (vec![got[0]], vec![got[1]]));
        assert_eq!(otto.get("mail.message.get", json!({"id": got[0]}))["item"]["cc"], json!(null));
        assert_eq!(moved(given(&got[..1], "delete")), 1);
        assert_eq!(refused(&otto, "mail.message.get", json!({"id": got[0]})), GONE);
    }
}

#[test]
fn recipients_are_found() {
    for portal in portals("mail") {
        let (ines, otto) = people(&portal);
        let to = ["Clara <clara@example.org>", "otto@example.com"];
        ines.get("mail.message.send", letter("ines@example.com", &to, "Oak"));
        ines.at(NOW + 60)
            .get("mail.message.send", letter("ines@example.com", &["CLARA@example.org"], "Beech"));
        let contacts = |hook: &Hook, params: Json| {
            let found = hook.get("mail.recipient.listcontacts", params)["items"].as_array().unwrap().clone();
            let text = |one: &Json, name: &str| one[name].as_str().unwrap().to_owned();
            found.iter().map(|one| (text(one, "email"), text(one, "name"))).collect::<Vec<_>>()
        };
        let pair = |email: &str, name: &str| (email.to_owned(), name.to_owned());
        let both = [pair("clara@example.org", "Clara"), pair("otto@example.com", "otto")];
        assert_eq!(contacts(&ines, json!({})), both);
        assert_eq!(contacts(&ines, json!({"query": "CLA"})), both[..1]);
        assert_eq!(contacts(&ines, json!({"pagination": {"limit": 1, "page": 2}})), both[1..]);
        assert_eq!(contacts(&otto, json!({})), [pair("ines@example.com", "ines@example.com")]);
        assert_eq!(contacts(&portal.v3(), json!({})), []);
        let found = otto.get("mail.recipient.listemployees", json!({"query": "a berg"}))["items"].clone();
        assert_eq!(found, json!([{"id": 1, "email": "admin@localhost", "name": "Ada Berg"}]));
        assert_eq!(otto.get("mail.recipient.listemployees", json!({"query": "%"}))["items"], json!([]));
        for params in [json!({}), json!({"query": " "})] {
            assert_eq!(complaint(&otto, "mail.recipient.listemployees", params).0, "query");
        }
    }
}
