//! Dialogs: who is given one, who may do what with it, and what of two who do it at once.

use std::thread;

use serde_json::{Value as Json, json};
use testportal::portals;

use crate::{SCOPES, act, office, open, operator};

#[test]
fn dialogs_are_given_evenly_and_in_order() {
    for ada in portals(SCOPES) {
        let office = office(&ada, &json!({}));
        let first = open(&office.ines, office.line, "clara");
        let second = open(&office.ines, office.line, "jonas");
        assert_eq!(open(&office.otto, office.line, "clara"), first, "a client has one dialog");
        assert_eq!((operator(&ada, first), operator(&ada, second)), (office.ines.user, office.otto.user));
        // Who has fewer open dialogs is next.
        act(&office.otto, "operator.finish", second).unwrap();
        assert_eq!(operator(&ada, open(&ada, office.line, "leila")), office.otto.user);
        let params = json!({"CONFIG_ID": office.line, "PARAMS": {"QUEUE_TYPE": "strictly"}});
        ada.get("imopenlines.config.update", params);
        assert_eq!(operator(&ada, open(&ada, office.line, "milan")), office.ines.user);
        let params = json!({"CONFIG_ID": office.line, "PARAMS": {"QUEUE_TYPE": "all"}});
        ada.get("imopenlines.config.update", params);
        let all = open(&ada, office.line, "olga");
        assert_eq!(operator(&ada, all), 0);
        act(&office.otto, "operator.answer", all).unwrap();
        assert_eq!(operator(&ada, all), office.otto.user);
        assert_eq!(act(&office.ines, "operator.answer", all), Err("ACCESS_DENIED".into()));
        let code = json!({"USER_CODE": "livechat|9999|site|clara"});
        assert_eq!(ada.refused("imopenlines.session.open", code).1, "ACCESS_DENIED");
    }
}

#[test]
fn a_dialog_goes_from_hand_to_hand() {
    for ada in portals(SCOPES) {
        let office = office(&ada, &json!({"WELCOME_MESSAGE": "Y", "WELCOME_MESSAGE_TEXT": "Hello!"}));
        let (ines, otto) = (&office.ines, &office.otto);
        let chat = open(ines, office.line, "clara");
        act(ines, "operator.answer", chat).unwrap();
        ines.get("im.message.add", json!({"CHAT_ID": chat, "MESSAGE": "Good morning"}));
        let shown = ines.get("imopenlines.dialog.get", json!({"CHAT_ID": chat}));
        assert_eq!((&shown["type"], &shown["message_type"]), (&json!("lines"), &json!("L")));
        assert_eq!(shown["entity_id"], format!("livechat|{}|site|clara", office.line));
        let data = shown["entity_data_1"].as_str().unwrap();
        assert!(data.starts_with("N|NONE|0|N|N|"), "{data}");
        // Otto is of the line: he reads the history, but is not in the chat.
        let history = otto.get("imopenlines.session.history.get", json!({"CHAT_ID": chat}));
        let said: Vec<&str> = history["message"]
            .as_object()
            .unwrap()
            .values()
            .map(|one| one["text"].as_str().unwrap())
            .collect();
        assert!(said.contains(&"Hello!") && said.contains(&"Good morning"), "{said:?}");
        assert_eq!(history["users"][ines.user.to_string()]["id"], ines.user.to_string());
        let sent =
            json!({"dialogId": format!("chat{chat}"), "fields": {"name": "a.txt", "content": "SGVsbG8="}});
        let file = ines.get("im.v2.File.upload", sent)["file"]["id"].clone();
        let history = otto.get("imopenlines.session.history.get", json!({"CHAT_ID": chat}));
        let shown = &history["files"][file.to_string()];
        assert_eq!((&shown["id"], &shown["authorid"], &shown["size"]), (&file, &json!(ines.user), &json!(5)));
        let named = history["message"]
            .as_object()
            .unwrap()
            .values()
            .filter(|one| one["params"]["fileId"] == json!([file]));
        assert_eq!(named.count(), 1, "{history}");
        assert_eq!(otto.refused("imopenlines.dialog.get", json!({"CHAT_ID": chat})).1, "ACCESS_ERROR");
        act(otto, "session.join", chat).unwrap();
        otto.get("imopenlines.dialog.get", json!({"DIALOG_ID": format!("chat{chat}")}));
        let transfer = |to: Json| json!({"CHAT_ID": chat, "TRANSFER_ID": to});
        assert_eq!(otto.refused("imopenlines.operator.transfer", transfer(json!(1))).1, "ACCESS_DENIED");
        assert_eq!(ines.refused("imopenlines.operator.transfer", transfer(json!(9999))).1, "OPERATOR_WRONG");
        assert_eq!(
            ines.refused("imopenlines.operator.transfer", json!({"CHAT_ID": chat})).1,
            "TRANSFER_ID_EMPTY"
        );
        ines.get("imopenlines.operator.transfer", transfer(json!(otto.user)));
        assert_eq!(operator(&ada, chat), otto.user);
        act(otto, "operator.skip", chat).unwrap();
        assert_eq!(operator(&ada, chat), ines.user);
        ines.get("imopenlines.operator.transfer", transfer(json!(format!("queue{}", office.line))));
        assert_eq!(operator(&ada, chat), otto.user);
        act(ines, "session.intercept", chat).unwrap();
        assert_eq!(operator(&ada, chat), ines.user);
        act(ines, "session.mode.pin", chat).unwrap();
        assert_eq!(ines.get("imopenlines.session.mode.pinAll", json!({})), json!([]));
        assert_eq!(ines.get("imopenlines.session.mode.unpinAll", json!({})).as_array().unwrap().len(), 1);
        assert_eq!(act(otto, "operator.finish", chat), Err("ACCESS_DENIED".into()));
        act(ines, "operator.finish", chat).unwrap();
        assert_eq!(act(ines, "operator.finish", chat), Err("ACCESS_DENIED".into()), "it is over");
        // The client comes again.
        act(otto, "session.start", chat).unwrap();
        assert_eq!(operator(&ada, chat), otto.user);
        let history = otto.get("imopenlines.session.history.get", json!({"CHAT_ID": chat}));
        let said =
            history["message"].as_object().unwrap().values().filter(|one| one["text"] == "Good morning");
        assert_eq!(said.count(), 0, "the new session begins with itself");
        act(otto, "operator.spam", chat).unwrap();
    }
}

#[test]
fn strangers_meet_nothing_of_a_dialog() {
    for ada in portals(SCOPES) {
        let office = office(&ada, &json!({}));
        let chat = open(&office.ines, office.line, "clara");
        for method in [
            "operator.answer",
            "operator.finish",
            "operator.another.finish",
            "operator.skip",
            "operator.spam",
            "session.start",
            "session.join",
            "session.mode.pin",
            "session.mode.silent",
            "session.history.get",
            "crm.lead.create",
        ] {
            assert_eq!(act(&office.mira, method, chat), Err("ACCESS_DENIED".into()), "{method}");
            let missing = act(&office.mira, method, 9999);
            assert_eq!(missing, Err("ACCESS_DENIED".into()), "{method}: what is not there looks the same");
        }
        assert_eq!(act(&office.mira, "session.intercept", chat), Err("OPERATOR_WRONG".into()));
        assert_eq!(act(&office.mira, "dialog.get", chat), Err("ACCESS_ERROR".into()));
        let code = json!({"USER_CODE": format!("livechat|{}|site|clara", office.line)});
        assert_eq!(office.mira.refused("imopenlines.session.open", code).1, "ACCESS_DENIED");
        let another = json!({"USER_CODE": format!("livechat|{}|site|jonas", office.line)});
        assert_eq!(office.mira.refused("imopenlines.session.open", another).1, "ACCESS_DENIED");
        let forged = json!({"ENTITY_TYPE": "LINES", "ENTITY_ID": format!("livechat|{}|site|x", office.line)});
        assert_eq!(office.mira.refused("im.chat.add", forged).1, "ACCESS_ERROR");
        let own = office.mira.get("im.chat.add", json!({"TITLE": "Lunch"})).as_i64().unwrap();
        assert_eq!(act(&office.mira, "operator.answer", own), Err("CHAT_TYPE".into()));
        assert_eq!(act(&office.mira, "operator.answer", 0), Err("CHAT_ID".into()));
    }
}

#[test]
fn sessions_are_rated_by_heads() {
    for ada in portals(SCOPES) {
        let office = office(&ada, &json!({}));
        let chat = open(&office.ines, office.line, "clara");
        let session =
            ada.get("imopenlines.session.history.get", json!({"CHAT_ID": chat}))["sessionId"].clone();
        let rate = |more: Json| {
            let mut params = json!({"SESSION_ID": session});
            params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            params
        };
        let method = "imopenlines.session.head.vote";
        assert_eq!(office.otto.refused(method, rate(json!({"RATING": 5}))).1, "ACCESS_DENIED");
        assert_eq!(ada.refused(method, rate(json!({}))).1, "EMPTY_VOTE_PARAMS");
        assert_eq!(ada.refused(method, rate(json!({"RATING": 6}))).1, "EMPTY_VOTE_PARAMS");
        ada.get(method, rate(json!({"RATING": 4, "COMMENT": "Well done"})));
        let history = ada.get("imopenlines.session.history.get", json!({"SESSION_ID": session}));
        assert_eq!(
            (&history["sessionVoteHead"], &history["sessionCommentHead"]),
            (&json!(4), &json!("Well done"))
        );
        let refused = ada.refused("imopenlines.session.history.get", json!({}));
        assert_eq!(refused.1, "MISSING_REQUIRED_PARAM");
    }
}

#[test]
fn of_many_at_once_one_answers_and_a_client_gets_one_dialog() {
    for ada in portals(SCOPES) {
        let office = office(&ada, &json!({"QUEUE_TYPE": "all"}));
        let opened: Vec<_> = (0..8)
            .map(|at| {
                let hook = if at % 2 == 0 { office.ines.clone() } else { office.otto.clone() };
                let line = office.line;
                thread::spawn(move || open(&hook, line, "clara"))
            })
            .collect();
        let mut chats: Vec<i64> = opened.into_iter().map(|one| one.join().unwrap()).collect();
        chats.dedup();
        assert_eq!(chats.len(), 1, "on {}: {chats:?}", ada.engine);
        let chat = chats[0];
        let answers: Vec<_> = [&office.ines, &office.otto]
            .into_iter()
            .map(|hook| {
                let hook = hook.clone();
                thread::spawn(move || act(&hook, "operator.answer", chat).is_ok())
            })
            .collect();
        let taken = answers.into_iter().map(|one| one.join().unwrap()).filter(|ok| *ok).count();
        assert_eq!(taken, 1, "on {}", ada.engine);
    }
}

#[test]
fn messages_are_saved_as_quick_answers() {
    for ada in portals(&format!("{SCOPES},lists")) {
        let office = office(&ada, &json!({}));
        let chat = open(&office.ines, office.line, "clara");
        act(&office.ines, "operator.answer", chat).unwrap();
        let say = |text: &str| office.ines.get("im.message.add", json!({"CHAT_ID": chat, "MESSAGE": text}));
        let (first, second) = (say("We open at nine.\nCome in!"), say("We close at six."));
        let save = |message: &Json| json!({"CHAT_ID": chat, "MESSAGE_ID": message});
        let method = "imopenlines.message.quick.save";
        assert_eq!(office.mira.refused(method, save(&first)).1, "ACCESS_DENIED");
        assert_eq!(ada.refused(method, save(&json!(999_999))).1, "CANT_SAVE_QUICK_ANSWER");
        assert_eq!(ada.refused(method, json!({"CHAT_ID": 0, "MESSAGE_ID": first})).1, "CHAT_ID");
        for message in [&first, &second, &first] {
            assert_eq!(office.ines.get(method, save(message)), json!(true));
        }
        // They are elements of the list that the line names from now on.
        let line = ada.get("imopenlines.config.get", json!({"CONFIG_ID": office.line}));
        let list = line["QUICK_ANSWERS_IBLOCK_ID"].clone();
        let select = json!(["NAME", "DETAIL_TEXT"]);
        let params = json!({"IBLOCK_TYPE_ID": "lists", "IBLOCK_ID": list, "SELECT": select});
        let answers = ada.get("lists.element.get", params);
        let named: Vec<(&Json, &Json)> =
            answers.as_array().unwrap().iter().map(|one| (&one["NAME"], &one["DETAIL_TEXT"])).collect();
        assert_eq!(named.len(), 2, "{answers}");
        assert!(
            named.contains(&(&json!("We open at nine."), &json!("We open at nine.\nCome in!"))),
            "{answers}"
        );
        // Where the list is gone, nothing is saved.
        ada.get("lists.delete", json!({"IBLOCK_TYPE_ID": "lists", "IBLOCK_ID": list}));
        assert_eq!(office.ines.refused(method, save(&first)).1, "CANT_SAVE_QUICK_ANSWER");
    }
}
