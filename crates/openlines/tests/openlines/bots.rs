//! Dialogs that a bot leads.

use serde_json::{Value as Json, json};
use testportal::portals;

use crate::{SCOPES, office, open, operator};

#[test]
fn a_bot_greets_and_hands_over() {
    for ada in portals(SCOPES) {
        let fields = json!({"code": "greeter", "botToken": "secret", "properties": {"name": "Greeter"}});
        let made = ada.get("imbot.v2.Bot.register", json!({"fields": fields}));
        let bot = made["bot"]["id"].as_i64().unwrap();
        let led = json!({"WELCOME_BOT_ENABLE": "Y", "WELCOME_BOT_ID": bot, "WELCOME_MESSAGE_TEXT": "Hello!"});
        let office = office(&ada, &led);
        let chat = open(&ada, office.line, "clara");
        assert_eq!(operator(&ada, chat), bot);
        let with = |more: Json| {
            let mut params = json!({"CHAT_ID": chat, "CLIENT_ID": "secret"});
            params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            params
        };
        // Without the secret, two of the methods are for those who work on the line.
        let keyless = || json!({"CHAT_ID": chat, "NAME": "DEFAULT", "MESSAGE": "One moment."});
        let refused = ada.refused("imopenlines.bot.session.finish", keyless());
        assert_eq!((refused.0, refused.1.as_str()), (403, "WRONG_AUTH_TYPE"));
        assert_eq!(office.mira.refused("imopenlines.bot.session.operator", keyless()).1, "WRONG_CHAT");
        assert_eq!(office.mira.refused("imopenlines.bot.session.message.send", keyless()).1, "BOT_ID_ERROR");
        assert_eq!(office.otto.get("imopenlines.bot.session.message.send", keyless()), true);
        let foreign = with(json!({"CLIENT_ID": "other"}));
        assert_eq!(ada.refused("imopenlines.bot.session.finish", foreign.clone()).1, "BOT_ID_ERROR");
        assert_eq!(ada.refused("imopenlines.bot.session.operator", foreign).1, "WRONG_CHAT");
        assert_eq!(
            ada.refused("imopenlines.bot.session.finish", json!({"CLIENT_ID": "secret"})).1,
            "CHAT_ID_EMPTY"
        );
        ada.get("imopenlines.bot.session.message.send", with(json!({"NAME": "WELCOME"})));
        let history = ada.get("imopenlines.session.history.get", json!({"CHAT_ID": chat}));
        let said = |one: &Json| one["text"] == "Hello!" && one["senderid"] == json!(bot.to_string());
        assert!(history["message"].as_object().unwrap().values().any(said), "{history}");
        ada.get("imopenlines.bot.session.operator", with(json!({})));
        assert_eq!(operator(&ada, chat), office.ines.user);
        assert_eq!(ada.refused("imopenlines.bot.session.finish", with(json!({}))).1, "BOT_ID_ERROR");
        assert_eq!(
            ada.refused("imopenlines.bot.session.operator", keyless()).1,
            "WRONG_CHAT",
            "Ines leads it now"
        );
        let another = open(&ada, office.line, "theo");
        assert_eq!(ada.get("imopenlines.bot.session.operator", json!({"CHAT_ID": another})), true);
        assert_ne!(operator(&ada, another), bot);
        // Others are transferred, and ended.
        let chat = open(&ada, office.line, "jonas");
        let to = json!({"CHAT_ID": chat, "CLIENT_ID": "secret", "USER_ID": office.mira.user, "LEAVE": "Y"});
        ada.get("imopenlines.bot.session.transfer", to);
        assert_eq!(operator(&ada, chat), office.mira.user);
        let chat = open(&ada, office.line, "leila");
        ada.get("imopenlines.bot.session.finish", json!({"CHAT_ID": chat, "CLIENT_ID": "secret"}));
        let over = json!({"CHAT_ID": chat});
        assert_eq!(ada.refused("imopenlines.operator.another.finish", over).1, "ACCESS_DENIED");
    }
}
