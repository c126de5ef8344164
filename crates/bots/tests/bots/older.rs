//! `imbot.*`.

use serde_json::{Value as Json, json};

use crate::{names, register, say, told};

#[test]
fn a_bot_belongs_to_its_program() {
    for ada in testportal::portals("im,imbot,user") {
        let refused = ada.refused("imbot.register", json!({"CODE": "echo"}));
        assert_eq!((refused.0, refused.1.as_str()), (403, "ACCESS_DENIED"));
        let wanting = |params: Json| ada.refused("imbot.register", params).1;
        let url = "https://bots.example.com/a";
        assert_eq!(wanting(json!({"CODE": "echo", "CLIENT_ID": "k"})), "EVENT_MESSAGE_ADD_ERROR");
        assert_eq!(
            wanting(json!({"CODE": "echo", "CLIENT_ID": "k", "EVENT_HANDLER": "ftp://x"})),
            "EVENT_MESSAGE_ADD_ERROR"
        );
        assert_eq!(
            wanting(json!({"CODE": "echo", "CLIENT_ID": "k", "EVENT_HANDLER": "http://127.0.0.1/a"})),
            "EVENT_MESSAGE_ADD_ERROR",
            "nothing is posted into the network of the portal"
        );
        assert_eq!(wanting(json!({"CLIENT_ID": "k", "EVENT_HANDLER": url})), "CODE_ERROR");
        assert_eq!(wanting(json!({"CODE": "e", "CLIENT_ID": "k", "EVENT_HANDLER": url})), "NAME_ERROR");
        let bot = register(&ada, "echo", "key-1");
        assert_eq!(register(&ada, "echo", "key-1"), bot, "registered already");
        assert_eq!(ada.get("imbot.bot.list", json!({}))[bot.to_string()]["CODE"], "echo");
        // A user for chats, and none for lists of people.
        let user = ada.get("im.user.get", json!({"ID": bot}));
        assert_eq!((&user["bot"], &user["type"], &user["email"]), (&json!(true), &json!("bot"), &json!("")));
        assert_eq!(ada.get("user.get", json!({"ID": bot})), json!([]));
        let found = ada.get("im.search.user.list", json!({"FIND": "echo"}));
        assert_eq!(found[bot.to_string()]["work_position"], "Robot");
        // Of another program, and of another person.
        let update = |key: &str| json!({"BOT_ID": bot, "CLIENT_ID": key, "FIELDS": {"PROPERTIES": {"NAME": "Echo 2"}}});
        let foreign = ada.refused("imbot.update", update("key-2"));
        assert_eq!((foreign.0, foreign.1.as_str()), (400, "APP_ID_ERROR"));
        let ines = ada.employee("ines@example.com", "im,imbot");
        assert_eq!(ines.refused("imbot.update", update("key-1")).1, "APP_ID_ERROR");
        assert_eq!(ada.get("imbot.update", update("key-1")), true);
        assert_eq!(ada.get("im.user.get", json!({"ID": bot}))["name"], "Echo 2");
        assert_eq!(
            ada.refused("imbot.unregister", json!({"BOT_ID": 999, "CLIENT_ID": "key-1"})).1,
            "BOT_ID_ERROR"
        );
        say(&ada, bot, "Hello");
        let handler = ada.read(move |tx| {
            let sql = "SELECT handler_id FROM im_bot_handler WHERE bot_id = ?";
            Ok(tx.one(sql, &[bot.into()], |row| row.int(0))?.unwrap())
        });
        assert_eq!(ada.get("imbot.unregister", json!({"BOT_ID": bot, "CLIENT_ID": "key-1"})), true);
        assert_eq!(names(&ada.raised(handler)), ["ONIMBOTJOINCHAT", "ONIMBOTMESSAGEADD", "ONIMBOTDELETE"]);
        assert_eq!(ada.get("imbot.bot.list", json!({})), json!([]));
        assert_eq!(ada.refused("im.message.add", json!({"DIALOG_ID": "x", "MESSAGE": "m"})).0, 400);
    }
}

#[test]
fn a_bot_is_told_what_is_meant_for_it() {
    for ada in testportal::portals("im,imbot") {
        let bot = register(&ada, "echo", "key");
        let ines = ada.employee("ines@example.com", "im,imbot");
        let id = say(&ines, bot, "Hello");
        let events = told(&ada, bot);
        assert_eq!(names(&events), ["ONIMBOTJOINCHAT", "ONIMBOTMESSAGEADD"]);
        let (_, data) = &events[1];
        assert_eq!(data["BOT"][bot.to_string()]["BOT_CODE"], "echo");
        assert!(!data.to_string().contains("\"key\""), "the secret is sent by the courier alone");
        let params = &data["PARAMS"];
        let user = ines.user.to_string();
        for (name, value) in [
            ("MESSAGE", "Hello"),
            ("FROM_USER_ID", &user),
            ("DIALOG_ID", &user),
            ("TO_USER_ID", &bot.to_string()),
            ("MESSAGE_ID", &id.to_string()),
            ("CHAT_TYPE", "P"),
            ("SYSTEM", "N"),
        ] {
            assert_eq!(params[name], value, "{name}");
        }
        assert_eq!((&data["USER"]["ID"], &data["USER"]["IS_BOT"]), (&json!(user), &json!("N")));
        // It answers where it was asked, and is not told of that itself.
        let sent = ada.get(
            "imbot.message.add",
            json!({"CLIENT_ID": "key", "DIALOG_ID": params["DIALOG_ID"], "MESSAGE": "Echo: Hello"}),
        );
        let read = ines.get("im.dialog.messages.get", json!({"DIALOG_ID": bot}));
        assert_eq!(read["messages"][0]["id"], sent);
        assert_eq!(read["messages"][0]["author_id"], bot);
        assert_eq!(told(&ada, bot).len(), 2);
        // Changed and deleted.
        ines.get("im.message.update", json!({"MESSAGE_ID": id, "MESSAGE": "Hi"}));
        ines.get("im.message.delete", json!({"MESSAGE_ID": id}));
        let events = told(&ada, bot);
        assert_eq!(names(&events[2..]), ["ONIMBOTMESSAGEUPDATE", "ONIMBOTMESSAGEDELETE"]);
        assert_eq!(events[2].1["PARAMS"]["MESSAGE"], "Hi");
        // In a group it is told of what mentions it.
        let chat = ines.get("im.chat.add", json!({"USERS": [bot], "TITLE": "Team"}));
        say(&ines, format!("chat{chat}"), "among us");
        say(&ines, format!("chat{chat}"), &format!("[USER={bot}]Echo[/USER], hello"));
        let events = told(&ada, bot);
        assert_eq!(names(&events[4..]), ["ONIMBOTJOINCHAT", "ONIMBOTMESSAGEADD"]);
        assert_eq!(events[5].1["PARAMS"]["DIALOG_ID"], format!("chat{chat}"));
        assert_eq!(events[5].1["PARAMS"]["CHAT_TITLE"], "Team");
    }
}

#[test]
fn what_bots_send_names_what_is_documented() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/catalogue/events.json");
    let Ok(catalogue) = std::fs::read_to_string(path) else {
        eprintln!("skipped: there is no {path}");
        return;
    };
    let catalogue: Vec<Json> = serde_json::from_str(&catalogue).unwrap();
    let ada = testportal::portals("im,imbot").next().unwrap();
    let bot = register(&ada, "echo", "key");
    command(&ada, bot);
    let id = say(&ada, bot, "Hello");
    ada.get("im.message.update", json!({"MESSAGE_ID": id, "MESSAGE": "Hi"}));
    ada.get("im.message.delete", json!({"MESSAGE_ID": id}));
    say(&ada, bot, "/echo test");
    let events = told(&ada, bot);
    for name in [
        "ONIMBOTJOINCHAT",
        "ONIMBOTMESSAGEADD",
        "ONIMBOTMESSAGEUPDATE",
        "ONIMBOTMESSAGEDELETE",
        "ONIMCOMMANDADD",
    ] {
        let documented = catalogue.iter().find(|event| event["event"] == name).unwrap();
        let (_, ours) = events.iter().find(|(event, _)| event == name).unwrap();
        for part in ["PARAMS", "USER"] {
            for key in documented["data_example"][part].as_object().unwrap().keys() {
                let is_of_php = matches!(key.as_str(), "SKIP_USER_CHECK" | "RECENT_ADD");
                assert!(is_of_php || ours[part][key].is_string(), "{name}: {part}[{key}]");
            }
        }
    }
}

/// Registers `/echo`, and gives its ID.
fn command(ada: &testportal::Hook, bot: i64) -> i64 {
    let command = ada.get(
        "imbot.command.register",
        json!({
            "BOT_ID": bot, "CLIENT_ID": "key", "COMMAND": "/echo", "EVENT_COMMAND_ADD": "https://bots.example.com/handler",
            "LANG": [{"LANGUAGE_ID": "en", "TITLE": "Repeats", "PARAMS": "text"}],
        }),
    );
    command.as_i64().unwrap()
}

#[test]
fn commands_are_written_or_pressed() {
    for ada in testportal::portals("im,imbot") {
        let bot = register(&ada, "echo", "key");
        let id = command(&ada, bot);
        assert_eq!(command(&ada, bot), id, "registered already");
        let message = say(&ada, bot, "/echo one two");
        let events = told(&ada, bot);
        assert_eq!(names(&events), ["ONIMBOTJOINCHAT", "ONIMCOMMANDADD"], "a command is no message");
        let used = &events[1].1["COMMAND"][id.to_string()];
        assert_eq!((&used["COMMAND"], &used["COMMAND_PARAMS"]), (&json!("echo"), &json!("one two")));
        assert_eq!(used["COMMAND_CONTEXT"], "TEXTAREA");
        let answer = |message: i64| json!({"COMMAND_ID": id, "CLIENT_ID": "key", "MESSAGE_ID": message, "MESSAGE": "one two"});
        let answered = ada.get("imbot.command.answer", answer(message));
        let read = ada.get("im.dialog.messages.get", json!({"DIALOG_ID": bot}));
        assert_eq!(
            (&read["messages"][0]["id"], &read["messages"][0]["text"]),
            (&answered, &json!("one two"))
        );
        // A button below a message of the bot.
        let keyboard = json!([{"TEXT": "Again", "COMMAND": "echo", "COMMAND_PARAMS": "again"}]);
        let offered = ada.get(
            "imbot.message.add",
            json!({"CLIENT_ID": "key", "DIALOG_ID": ada.user, "MESSAGE": "Once more?", "KEYBOARD": keyboard}),
        );
        let read = ada.get("im.dialog.messages.get", json!({"DIALOG_ID": bot}));
        assert_eq!(read["messages"][0]["params"]["KEYBOARD"][0]["BOT_ID"], bot);
        let press = |command: &str| json!({"MESSAGE_ID": offered, "BOT_ID": bot, "COMMAND": command, "COMMAND_PARAMS": "again"});
        assert_eq!(ada.get("im.message.command", press("echo")), true);
        assert_eq!(ada.refused("im.message.command", press("other")).1, "PARAMS_ERROR");
        let ines = ada.employee("ines@example.com", "im,imbot");
        assert_eq!(
            ines.refused("im.message.command", press("echo")).1,
            "PARAMS_ERROR",
            "she does not see it"
        );
        let events = told(&ada, bot);
        let used = &events[2].1["COMMAND"][id.to_string()];
        assert_eq!(
            (&used["COMMAND_CONTEXT"], &used["MESSAGE_ID"]),
            (&json!("KEYBOARD"), &json!(offered.to_string()))
        );
        // Not where it is not.
        let chat = ines.get("im.chat.add", json!({"TITLE": "Without"}));
        let message = say(&ines, format!("chat{chat}"), "/echo secret");
        assert_eq!(told(&ada, bot).len(), 3);
        assert_eq!(ada.refused("imbot.command.answer", answer(message)).1, "WRONG_REQUEST");
        assert_eq!(ada.get("imbot.command.unregister", json!({"COMMAND_ID": id, "CLIENT_ID": "key"})), true);
        assert_eq!(ada.refused("imbot.command.answer", answer(1)).1, "COMMAND_ID_ERROR");
    }
}

#[test]
fn bots_own_and_lead_chats() {
    for ada in testportal::portals("im,imbot") {
        let bot = register(&ada, "echo", "key");
        let ines = ada.employee("ines@example.com", "im,imbot");
        // Where a call names no bot, the first of the program acts.
        assert!(register(&ada, "second", "key") > bot);
        let chat =
            ada.get("imbot.chat.add", json!({"CLIENT_ID": "key", "TITLE": "News", "USERS": [ada.user]}));
        let of = |more: Json| {
            let mut params = json!({"CLIENT_ID": "key", "BOT_ID": bot, "CHAT_ID": chat});
            more.as_object()
                .into_iter()
                .flatten()
                .for_each(|(name, value)| params[name.as_str()] = value.clone());
            params
        };
        assert_eq!(ada.get("im.dialog.get", json!({"DIALOG_ID": format!("chat{chat}")}))["owner"], bot);
        assert_eq!(ada.get("imbot.chat.user.add", of(json!({"USERS": [ines.user]}))), true);
        assert_eq!(ada.get("imbot.chat.user.list", of(json!({}))), json!([ada.user, bot, ines.user]));
        assert_eq!(ada.get("imbot.chat.updateTitle", of(json!({"TITLE": "Old news"}))), true);
        assert_eq!(ada.get("imbot.chat.setManager", of(json!({"USER_ID": ines.user}))), true);
        let dialog = ines.get("im.dialog.get", json!({"DIALOG_ID": format!("chat{chat}")}));
        assert_eq!((&dialog["name"], &dialog["role"]), (&json!("Old news"), &json!("manager")));
        assert_eq!(ada.refused("imbot.chat.setManager", of(json!({"USER_ID": 99}))).1, "WRONG_REQUEST");
        assert_eq!(
            ada.get("imbot.chat.sendTyping", json!({"CLIENT_ID": "key", "DIALOG_ID": format!("chat{chat}")})),
            true
        );
        assert_eq!(ada.get("imbot.chat.user.delete", of(json!({"USER_ID": ines.user}))), true);
        assert_eq!(ada.get("imbot.chat.setOwner", of(json!({"USER_ID": ada.user}))), true);
        assert_eq!(ada.get("imbot.chat.leave", of(json!({}))), true);
        assert_eq!(ada.refused("imbot.chat.updateTitle", of(json!({"TITLE": "x"}))).1, "ACCESS_ERROR");
        let left = ada.refused("imbot.chat.setManager", of(json!({"USER_ID": ada.user})));
        assert_eq!((left.0, left.1.as_str()), (400, "WRONG_REQUEST"));
        // Only one's own messages.
        let hers = say(&ada, bot, "mine");
        let update = json!({"CLIENT_ID": "key", "MESSAGE_ID": hers, "MESSAGE": "stolen"});
        assert_eq!(ada.refused("imbot.message.update", update).1, "CANT_EDIT_MESSAGE");
        assert_eq!(ada.get("imbot.message.like", json!({"CLIENT_ID": "key", "MESSAGE_ID": hers})), true);
        let own = ada.get(
            "imbot.message.add",
            json!({"CLIENT_ID": "key", "DIALOG_ID": ada.user, "MESSAGE": "gone soon"}),
        );
        ada.get("im.dialog.read", json!({"DIALOG_ID": bot}));
        let delete = json!({"CLIENT_ID": "key", "MESSAGE_ID": own, "COMPLETE": "Y"});
        assert_eq!(ada.get("imbot.message.delete", delete), true);
        let left = ada.get("im.dialog.messages.get", json!({"DIALOG_ID": bot}));
        assert_eq!(left["messages"].as_array().unwrap().len(), 1, "nothing is left in its place");
        // A note in the chat of two people, of which one is the caller.
        say(&ada, ines.user, "Hello Ines");
        let note = json!({"CLIENT_ID": "key", "FROM_USER_ID": ada.user, "TO_USER_ID": ines.user, "SYSTEM": "Y", "MESSAGE": "noted"});
        assert!(ada.get("imbot.message.add", note).is_i64());
        assert_eq!(
            ines.get("im.dialog.messages.get", json!({"DIALOG_ID": ada.user}))["messages"][0]["author_id"],
            0
        );
    }
}

#[test]
fn applications_belong_to_bots() {
    for ada in testportal::portals("im,imbot") {
        let bot = register(&ada, "echo", "key");
        let lang = json!([{"LANGUAGE_ID": "en", "TITLE": "Help"}]);
        let app = |more: Json| {
            let mut params = json!({"BOT_ID": bot, "CLIENT_ID": "key", "CODE": "help", "LANG": lang});
            more.as_object().unwrap().iter().for_each(|(name, value)| params[name] = value.clone());
            params
        };
        let command = json!({"JS_METHOD": "SEND", "JS_PARAM": "/help", "ICON_FILE": "iVBORw0KGgo="});
        let id = ada.get("imbot.app.register", app(command.clone()));
        assert_eq!(ada.get("imbot.app.register", app(command.clone())), id, "registered already");
        let page = json!({"CODE": "page", "IFRAME": "https://bots.example.com/page", "IFRAME_WIDTH": 10, "HASH": "x"});
        assert_ne!(ada.get("imbot.app.register", app(page)), id);
        for (wrong, code) in [
            (json!({}), "PARAMS_ERROR"),
            (json!({"CODE": "", "JS_METHOD": "SEND", "JS_PARAM": "/help"}), "PARAMS_ERROR"),
            (json!({"JS_METHOD": "RUN", "JS_PARAM": "/help"}), "PARAMS_ERROR"),
            (json!({"JS_METHOD": "SEND", "JS_PARAM": "<b>"}), "PARAMS_ERROR"),
            (json!({"JS_METHOD": "SEND", "JS_PARAM": "/help", "CONTEXT": "NOWHERE"}), "PARAMS_ERROR"),
            (json!({"IFRAME": "http://bots.example.com/page", "HASH": "x"}), "IFRAME_HTTPS"),
            (json!({"IFRAME": "https://bots.example.com/page"}), "HASH_ERROR"),
            (json!({"JS_METHOD": "SEND", "JS_PARAM": "/help", "LANG": []}), "LANG_ERROR"),
            (json!({"BOT_ID": 999}), "BOT_ID_ERROR"),
            (json!({"CLIENT_ID": "other"}), "APP_ID_ERROR"),
        ] {
            assert_eq!(ada.refused("imbot.app.register", app(wrong.clone())).1, code, "{wrong}");
        }
        let update = |fields: Json| json!({"APP_ID": id, "CLIENT_ID": "key", "FIELDS": fields});
        assert_eq!(ada.get("imbot.app.update", update(json!({"CONTEXT": "USER-admin"}))), json!(true));
        let flat = json!({"APP_ID": id, "CLIENT_ID": "key", "JS_PARAM": "/help me"});
        assert_eq!(ada.get("imbot.app.update", flat), json!(true));
        assert_eq!(ada.refused("imbot.app.update", update(json!({}))).1, "WRONG_REQUEST");
        assert_eq!(ada.refused("imbot.app.update", update(json!({"JS_METHOD": "RUN"}))).1, "PARAMS_ERROR");
        let without = ada.refused("imbot.app.update", update(json!({"JS_METHOD": "", "IFRAME": ""})));
        assert_eq!(without.1, "PARAMS_ERROR", "nothing would be left of it");
        let ines = ada.employee("ines@example.com", "im,imbot");
        let named = json!({"APP_ID": id, "CLIENT_ID": "key"});
        assert_eq!(ines.refused("imbot.app.unregister", named.clone()).1, "APP_ID_ERROR");
        let other = json!({"APP_ID": id, "CLIENT_ID": "other"});
        assert_eq!(ada.refused("imbot.app.unregister", other).1, "APP_ID_ERROR");
        assert_eq!(ada.get("imbot.app.unregister", named.clone()), json!(true));
        assert_eq!(ada.refused("imbot.app.unregister", named).1, "CHAT_APP_ID_ERROR");
        // Applications go with their bot.
        ada.get("imbot.unregister", json!({"BOT_ID": bot, "CLIENT_ID": "key"}));
        let left = ada.read(|tx| Ok(tx.one("SELECT COUNT(*) FROM im_bot_app", &[], |row| row.int(0))?));
        assert_eq!(left, Some(0));
    }
}
