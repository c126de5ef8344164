//! Dialogs and their sessions: `imopenlines.session.*` but for the modes, `imopenlines.dialog.get`.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind as Given, Method, optional, read, required, write};
use engine::noun::{self, Row};
use serde_json::json;
use wire::{Fault, Value};

use crate::SCOPE;
use crate::line::{self, LINE};
use crate::messenger::{self, KIND, join};
use crate::operators::{CHAT, require_chat, simple};
use crate::session::{self, Code, SESSION, chat_of, is_open, line_of, operator};
use crate::words::{denied, number, refuse};

/// The methods.
pub fn methods() -> Vec<Method> {
    let example = || json!({"CHAT_ID": crate::DEMO_CHAT});
    let code = json!({"USER_CODE": "livechat|1|site|clara"});
    let chat = crate::DEMO_CHAT;
    vec![
        write("imopenlines.session.open", SCOPE, open)
            .own_words()
            .about("Opens the dialog with a client, and makes one where there is none yet.")
            .param(required(
                "USER_CODE",
                Given::Text,
                "Connector, open channel, chat and client: livechat|1|17|5",
            ))
            .example(code.clone(), json!({"chatId": chat})),
        simple(
            "imopenlines.session.start",
            start,
            "Begins a new session in a dialog, with the caller as operator.",
        )
        .example(example(), json!(true)),
        write("imopenlines.message.session.start", SCOPE, start_from)
            .own_words()
            .about("Begins a new session in a dialog with a message of it.")
            .param(CHAT)
            .param(required("MESSAGE_ID", Given::Id, "Message"))
            .example(json!({"CHAT_ID": chat, "MESSAGE_ID": crate::DEMO_MESSAGE}), json!(true)),
        simple("imopenlines.session.join", enter, "Joins a dialog beside its operator.")
            .example(example(), json!(true)),
        simple("imopenlines.session.intercept", intercept, "Takes a dialog over from its operator.")
            .example(example(), json!(true)),
        write("imopenlines.session.head.vote", SCOPE, vote)
            .own_words()
            .about("Rates a session, as the head of its operator or an administrator.")
            .param(required("SESSION_ID", Given::Id, "Session"))
            .param(optional("RATING", Given::Int, "1 to 5"))
            .param(optional("COMMENT", Given::Text, "Comment"))
            .example(json!({"SESSION_ID": 1, "RATING": 5}), json!(true)),
        read("imopenlines.dialog.get", SCOPE, dialog)
            .own_words()
            .about("Returns a dialog as im.dialog.get does.")
            .param(optional("CHAT_ID", Given::Id, "Chat of the dialog"))
            .param(optional("DIALOG_ID", Given::Text, "The same as chat17"))
            .param(optional("SESSION_ID", Given::Id, "Session"))
            .param(optional(
                "USER_CODE",
                Given::Text,
                "Connector, open channel, chat and client: livechat|1|17|5",
            ))
            .example(code, json!({"id": chat, "type": "lines", "message_type": "L"})),
    ]
}

fn open(call: &mut Call<'_, '_>) -> Result<Value> {
    let code = call.text("USER_CODE").and_then(|text| Code::parse(text.trim())).ok_or_else(denied)?;
    if let Some(chat) = chat_by_code(call, &code.whole)? {
        session::latest(call, chat, Act::Read)?.ok_or_else(denied)?;
        return Ok(Value::under("chatId", chat));
    }
    let line = noun::again(call, &LINE, code.line)?.filter(|line| line.text("active") == "Y");
    let line = line.ok_or_else(denied)?;
    if !line::is_mine(call, line.number)? {
        return Err(denied().into());
    }
    // A rival who makes the same dialog waits here, and is run again.
    line::claim(call, line.number)?;
    let sql = "SELECT COUNT(*) FROM imopenlines_session WHERE line_id = ?";
    let count = call.tx.one(sql, &[line.number.into()], |row| row.int(0))?.unwrap_or(0);
    let title = format!("{} #{} - {}", code.connector, count + 1, line.text("lineName"));
    let chat = messenger::open(call, title, &code.whole)?;
    session::begin(call, &line, (chat, &code.whole), None, 0)?;
    Ok(Value::under("chatId", chat))
}

/// The chat of a dialog, whoever asks.
fn chat_by_code(call: &mut Call<'_, '_>, code: &str) -> Result<Option<i64>> {
    let table = messenger::chats(call)?.table;
    let sql = format!("SELECT id FROM {table} WHERE entity_type = ? AND entity_id = ? ORDER BY id LIMIT 1");
    Ok(call.tx.one(&sql, &[KIND.into(), code.to_owned().into()], |row| row.int(0))?)
}

fn start(call: &mut Call<'_, '_>) -> Result<Value> {
    restart(call, None)
}

fn start_from(call: &mut Call<'_, '_>) -> Result<Value> {
    let wrong = || refuse("MESSAGE_ID", "The specified message identifier is incorrect");
    let message = number(call, "MESSAGE_ID").ok_or_else(wrong)?;
    restart(call, Some(message))
}

/// A dialog that is over begins anew; one that goes on is taken up.
fn restart(call: &mut Call<'_, '_>, message: Option<i64>) -> Result<Value> {
    let (found, me) = (session::named(call, Act::Update)?, call.caller.user_id);
    let chat = chat_of(&found);
    if let Some(message) = message {
        let messages = messenger::messages(call)?;
        let there = noun::again(call, messages, message)?.and_then(|row| row.int("chatId"));
        if there != Some(chat) {
            return Err(refuse("MESSAGE_ID", "The specified message identifier is incorrect").into());
        }
    }
    if is_open(&found) {
        if operator(&found) != me {
            session::take(call, &found, me)?;
        }
        return Ok(true.into());
    }
    let line = noun::again(call, &LINE, line_of(&found))?.ok_or_else(denied)?;
    let code = found.text("userCode").to_owned();
    let start = match message {
        Some(message) => message,
        None => session::last_message(call, chat)? + 1,
    };
    session::begin(call, &line, (chat, &code), Some(me), start)?;
    Ok(true.into())
}

fn enter(call: &mut Call<'_, '_>) -> Result<Value> {
    let found = session::named(call, Act::Update)?;
    let me = call.caller.user_id;
    join(call, chat_of(&found), me)?;
    Ok(true.into())
}

fn intercept(call: &mut Call<'_, '_>) -> Result<Value> {
    require_chat(call)?;
    let wrong = || refuse("OPERATOR_WRONG", "You can not redirect to this operator");
    let found = session::named(call, Act::Update).map_err(|error| error.reworded(|_| wrong()))?;
    if !is_open(&found) {
        return Err(wrong().into());
    }
    let me = call.caller.user_id;
    session::take(call, &found, me)?;
    Ok(true.into())
}

/// Whether the caller may rate the work of an operator.
///
/// # Errors
/// Those of the store.
pub fn may_rate(call: &Call<'_, '_>, session: &Row) -> bool {
    let me = call.caller.user_id;
    call.caller.is_admin || call.meta.directory.is_above(me, operator(session))
}

fn vote(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = number(call, "SESSION_ID");
    let id = id.ok_or_else(|| refuse("EMPTY_SESSION_ID", "Session ID can't be empty"))?;
    let rating = call.param("RATING").filter(|value| !value.is_empty());
    let (rating, comment) = (rating.cloned(), call.text("COMMENT"));
    if rating.is_none() && comment.is_none() {
        let text = "At least one of the parameters RATING or COMMENT must be specified";
        return Err(refuse("EMPTY_VOTE_PARAMS", text).into());
    }
    let scope = SESSION.grant(call, Act::Read)?;
    let found = noun::one(call, &SESSION, &scope, id)?.ok_or_else(denied)?;
    if !may_rate(call, &found) {
        return Err(denied().into());
    }
    if let Some(rating) = rating {
        let rating = rating.as_int().filter(|rating| (1..=5).contains(rating));
        let wrong = || Fault::new(400, "EMPTY_VOTE_PARAMS", "A rating is a number from 1 to 5");
        session::change(call, id, [("VOTE_HEAD", rating.ok_or_else(wrong)?.into())])?;
    }
    if let Some(comment) = comment {
        let comment: String = comment.chars().take(10_000).collect();
        session::change(call, id, [("COMMENT_HEAD", comment.into())])?;
    }
    Ok(true.into())
}

fn dialog(call: &mut Call<'_, '_>) -> Result<Value> {
    let foreign = || Fault::new(400, "ACCESS_ERROR", "You do not have access to the specified dialog");
    let dialog = call.text("DIALOG_ID").unwrap_or_default();
    let mut chat = number(call, "CHAT_ID").or_else(|| dialog.strip_prefix("chat")?.parse().ok());
    if chat.is_none()
        && let Some(id) = number(call, "SESSION_ID")
    {
        let scope = SESSION.grant(call, Act::Read)?;
        chat = noun::one(call, &SESSION, &scope, id)?.map(|found| chat_of(&found));
    }
    if chat.is_none()
        && let Some(code) = call.text("USER_CODE")
    {
        chat = chat_by_code(call, code.trim())?;
    }
    let chat = chat.ok_or_else(foreign)?;
    let (found, me) = (messenger::chat(call, chat)?, call.caller.user_id);
    if found.is_none_or(|found| found.text("entityType") != KIND) || !messenger::is_in(call, chat, me)? {
        return Err(foreign().into());
    }
    messenger::ask_as(call, me, "im.dialog.get", json!({"DIALOG_ID": format!("chat{chat}")}))
}
