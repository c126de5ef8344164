//! `vote.Integration.Im.send`: a poll as a message of a chat.

use engine::call::Call;
use engine::error::{Error, Result};
use engine::keys;
use engine::method::{Kind, Method, optional, required, write};
use engine::noun;
use serde_json::json;
use wire::{Fault, Map, Value};

use crate::SCOPE;
use crate::attach::MESSAGES;
use crate::make::Plan;

/// Letters of the ID of a request.
const REQUEST: usize = 255;

/// The method.
pub fn methods() -> Vec<Method> {
    let answer = optional("ANSWERS", Kind::List, "Answers, 2 to 10, each with MESSAGE");
    let question = vec![
        optional("QUESTION", Kind::Text, "Question"),
        optional("FIELD_TYPE", Kind::Int, "0 one answer, 1 several"),
        answer,
    ];
    let data = vec![
        required("QUESTIONS", Kind::List, "Questions, one at most").with_members(question),
        optional("ANONYMITY", Kind::Int, "1 anonymous"),
        optional("OPTIONS", Kind::Int, "1 to allow voting again"),
    ];
    vec![
        write("vote.Integration.Im.send", SCOPE, send)
            .own_words()
            .about("Sends a poll to a chat, and returns the IDs of the message and the poll.")
            .param(required("chatId", Kind::Id, "Chat"))
            .param(required("IM_MESSAGE_VOTE_DATA", Kind::Fields, "The poll").with_members(data))
            .param(optional("templateId", Kind::Text, "ID of the request: the same one sends no second poll"))
            .example(
                json!({
                    "chatId": 3,
                    "IM_MESSAGE_VOTE_DATA": {"QUESTIONS": [{
                        "QUESTION": "Tea or coffee?", "ANSWERS": [{"MESSAGE": "Tea"}, {"MESSAGE": "Coffee"}],
                    }]},
                }),
                json!({"messageId": "*", "voteId": "*"}),
            ),
    ]
}

fn send(call: &mut Call<'_, '_>) -> Result<Value> {
    let messages = call.core.modules.noun(MESSAGES).map(|shape| shape.noun);
    let messages = messages.ok_or_else(|| Fault::new(400, "403", "Creating a survey is not available"))?;
    let plan = Plan::read(call.param("IM_MESSAGE_VOTE_DATA").unwrap_or(&Value::Null), 1)?;
    let request: String = call.text("templateId").unwrap_or_default().chars().take(REQUEST).collect();
    if let Some((message, attach)) = sent(call, &request)? {
        return Ok(answer(message, attach));
    }
    let mut row = Map::with_capacity(3);
    row.push("CHAT_ID", call.id("chatId"));
    row.push("TEXT", text(&plan));
    row.push("UUID", keys::uuid());
    let denied = || Fault::new(400, "403", "Insufficient rights to create a survey");
    let added = noun::add(call, messages, &messages.faces[0], &row).map_err(|error| match error {
        Error::Fault(_) => Error::Fault(denied()),
        other => other,
    })?;
    let attach = plan.make(call, MESSAGES, added.number, &request)?;
    Ok(answer(added.number, attach))
}

fn answer(message: i64, attach: i64) -> Value {
    let mut map = Map::with_capacity(2);
    map.push("messageId", message);
    map.push("voteId", attach);
    map.into()
}

/// What was sent with the same ID by the same caller.
fn sent(call: &mut Call<'_, '_>, request: &str) -> Result<Option<(i64, i64)>> {
    if request.is_empty() {
        return Ok(None);
    }
    let sql =
        "SELECT entity_id, id FROM vote_attach WHERE author_id = ? AND template_id = ? AND host = ? LIMIT 1";
    let params = [call.caller.user_id.into(), request.into(), MESSAGES.into()];
    Ok(call.tx.one(sql, &params, |row| Ok((row.int(0)?, row.int(1)?)))?)
}

/// A poll as the text of a message, for those who see no more of it.
fn text(plan: &Plan) -> String {
    let mut lines = Vec::new();
    for question in &plan.questions {
        lines.push(question.text.clone());
        lines.extend(question.answers.iter().map(|answer| format!("- {answer}")));
    }
    lines.join("\n")
}
