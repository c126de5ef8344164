//! Open channels through the front door, on every engine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bots;
mod config;
mod crm;
mod dialogs;

use serde_json::{Value as Json, json};
use testportal::{Bench, Hook};

/// The scopes of the tests.
const SCOPES: &str = "imopenlines,im,imbot,crm";

/// A portal's people, and a line with its operators Ines and Otto.
struct Office {
    ines: Hook,
    otto: Hook,
    /// Who answers on no line
    mira: Hook,
    line: i64,
}

fn office(ada: &Bench, more: &Json) -> Office {
    let hook = |name: &str| ada.employee(&format!("{name}@example.com"), SCOPES);
    let (ines, otto, mira) = (hook("ines"), hook("otto"), hook("mira"));
    let user = |id: i64| json!({"ENTITY_TYPE": "user", "ENTITY_ID": id.to_string()});
    let mut params = json!({"LINE_NAME": "Web site", "QUEUE": [user(ines.user), user(otto.user)]});
    params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let line = ada.get("imopenlines.config.add", json!({"PARAMS": params})).as_i64().unwrap();
    Office { ines, otto, mira, line }
}

/// The chat of the dialog with a client.
fn open(hook: &Hook, line: i64, client: &str) -> i64 {
    let code = json!({"USER_CODE": format!("livechat|{line}|site|{client}")});
    hook.get("imopenlines.session.open", code)["chatId"].as_i64().unwrap()
}

/// Calls a method about a chat.
fn act(hook: &Hook, method: &str, chat: i64) -> Result<Json, String> {
    let answer = hook.ask(&format!("imopenlines.{method}"), json!({"CHAT_ID": chat}));
    answer.map_err(|fault| fault.code.into_owned())
}

/// Who answers a dialog, as its chat tells an administrator.
fn operator(ada: &Hook, chat: i64) -> i64 {
    let history = ada.get("imopenlines.session.history.get", json!({"CHAT_ID": chat}));
    history["chat"][chat.to_string()]["owner"].as_str().unwrap().parse().unwrap()
}
