//! What operators do with dialogs: `imopenlines.operator.*`.

use engine::access::Act;
use engine::call::Call;
use engine::directory;
use engine::error::Result;
use engine::method::{Kind as Given, Method, Param, optional, required, write};
use engine::noun::{self, Row};
use serde_json::json;
use wire::Value;

use crate::SCOPE;
use crate::line::LINE;
use crate::messenger::leave;
use crate::session::{self, CLOSED, SPAM, chat_of, is_open, line_of, operator};
use crate::words::{denied, number, refuse};

/// The parameter that names a dialog.
pub const CHAT: Param = required("CHAT_ID", Given::Id, "Chat of the dialog");

/// A method about one dialog of the demo portal that answers `true`.
pub fn simple(
    name: &'static str,
    handler: fn(&mut Call<'_, '_>) -> Result<Value>,
    about: &'static str,
) -> Method {
    write(name, SCOPE, handler).own_words().about(about).param(CHAT)
}

/// The methods.
pub fn methods() -> Vec<Method> {
    let example = || json!({"CHAT_ID": crate::DEMO_CHAT});
    vec![
        simple("imopenlines.operator.answer", answer, "Takes a dialog up.").example(example(), json!(true)),
        simple("imopenlines.operator.finish", finish, "Ends the caller's dialog.")
            .example(example(), json!(true)),
        simple("imopenlines.operator.another.finish", finish_another, "Ends a dialog of another operator.")
            .example(example(), json!(true)),
        simple("imopenlines.operator.skip", skip, "Passes a dialog on to the next operator.")
            .example(example(), json!(true)),
        simple("imopenlines.operator.spam", spam, "Ends a dialog as spam.").example(example(), json!(true)),
        simple("imopenlines.operator.transfer", transfer, "Transfers a dialog to a user or an open channel.")
            .param(optional("TRANSFER_ID", Given::Any, "7, a user, or queue3, an open channel"))
            .param(optional("USER_ID", Given::Id, "User"))
            .param(optional("QUEUE_ID", Given::Id, "Open channel"))
            .example(json!({"CHAT_ID": crate::DEMO_CHAT, "TRANSFER_ID": 2}), json!(true)),
    ]
}

/// The open session that a call names, on which the caller works.
///
/// # Errors
/// `ACCESS_DENIED`, and those of [`session::named`].
pub fn open_one(call: &mut Call<'_, '_>) -> Result<Row> {
    let found = session::named(call, Act::Update)?;
    if is_open(&found) { Ok(found) } else { Err(denied().into()) }
}

/// The same where the caller is the operator.
///
/// # Errors
/// As [`open_one`] has them.
pub fn own(call: &mut Call<'_, '_>) -> Result<Row> {
    let found = open_one(call)?;
    if operator(&found) == call.caller.user_id { Ok(found) } else { Err(denied().into()) }
}

fn answer(call: &mut Call<'_, '_>) -> Result<Value> {
    let (found, me) = (open_one(call)?, call.caller.user_id);
    let is_taken = found.int("status").is_some_and(|status| status >= session::ANSWERED);
    if is_taken && operator(&found) != me {
        return Err(denied().into());
    }
    session::take(call, &found, me)?;
    Ok(true.into())
}

fn finish(call: &mut Call<'_, '_>) -> Result<Value> {
    let found = own(call)?;
    session::close(call, &found, CLOSED)?;
    Ok(true.into())
}

fn finish_another(call: &mut Call<'_, '_>) -> Result<Value> {
    let found = open_one(call)?;
    session::close(call, &found, CLOSED)?;
    Ok(true.into())
}

fn spam(call: &mut Call<'_, '_>) -> Result<Value> {
    let found = open_one(call)?;
    session::close(call, &found, SPAM)?;
    Ok(true.into())
}

fn skip(call: &mut Call<'_, '_>) -> Result<Value> {
    let (found, me) = (own(call)?, call.caller.user_id);
    let line = noun::again(call, &LINE, line_of(&found))?.ok_or_else(denied)?;
    leave(call, chat_of(&found), me)?;
    session::pass(call, &found, &line, Some(me))?;
    Ok(true.into())
}

/// To whom a dialog goes.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// A user
    User(i64),
    /// A line
    Line(i64),
}

impl Target {
    /// Reads `TRANSFER_ID`, `USER_ID` or `QUEUE_ID`.
    ///
    /// # Errors
    /// `TRANSFER_ID_EMPTY`
    pub fn of(call: &Call<'_, '_>) -> Result<Self> {
        let given = call.text("TRANSFER_ID").unwrap_or_default();
        let of_line = given.strip_prefix("queue").and_then(|id| id.parse().ok()).map(Target::Line);
        let found = of_line
            .or_else(|| number(call, "TRANSFER_ID").map(Target::User))
            .or_else(|| number(call, "USER_ID").map(Target::User))
            .or_else(|| number(call, "QUEUE_ID").map(Target::Line));
        found.ok_or_else(|| refuse("TRANSFER_ID_EMPTY", "Queue ID or User ID can't be empty").into())
    }
}

/// Gives a session to another operator, or to another line.
///
/// # Errors
/// `OPERATOR_WRONG`
pub fn hand_on(call: &mut Call<'_, '_>, found: &Row, target: Target, leaves: bool) -> Result<()> {
    let wrong = || refuse("OPERATOR_WRONG", "You cannot redirect to this operator");
    let from = operator(found);
    match target {
        Target::User(user) => {
            if user == from || !directory::is_active(call.tx, user)? {
                return Err(wrong().into());
            }
            session::give(call, found, user)?;
        }
        Target::Line(id) => {
            let line = noun::again(call, &LINE, id)?.filter(|line| line.text("active") == "Y");
            let line = line.ok_or_else(wrong)?;
            let moved = session::change(call, found.number, [("LINE_ID", line.number.into())])?;
            session::pass(call, &moved, &line, Some(from))?;
        }
    }
    if leaves && from > 0 {
        leave(call, chat_of(found), from)?;
    }
    Ok(())
}

/// Refuses a call that names no chat, in the words of some methods.
///
/// # Errors
/// `CHAT_ID_EMPTY`
pub fn require_chat(call: &Call<'_, '_>) -> Result<()> {
    match number(call, "CHAT_ID") {
        Some(_) => Ok(()),
        None => Err(refuse("CHAT_ID_EMPTY", "Chat ID can't be empty").into()),
    }
}

fn transfer(call: &mut Call<'_, '_>) -> Result<Value> {
    require_chat(call)?;
    let target = Target::of(call)?;
    let found = own(call)?;
    hand_on(call, &found, target, true)?;
    Ok(true.into())
}
