//! Sessions: one inquiry in the chat of a dialog, from its first message until it is closed. The operator, and what is known of
//! the client in the CRM, are written into the chat, where programs look for them.

use engine::access::Act;
use engine::call::Call;
use engine::directory;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{self, Access, Face, Grant, ID, Noun, Row, Rule, Stamp, field, has_member, noun};
use store::Param;
use wire::{Map, Value};

use crate::SCOPE;
use crate::crm;
use crate::line::{self, LINE};
use crate::messenger::{self, KIND, join, say};
use crate::settings;
use crate::words::{FAULTS, denied, number, refuse};

const FACE: Face = Face { verbs: &[], faults: FAULTS, ..Face::legacy("imopenlines.session") };

/// Nobody has answered yet.
pub const NEW: i64 = 0;
/// An operator passed it on.
pub const SKIPPED: i64 = 5;
/// An operator answers.
pub const ANSWERED: i64 = 10;
/// It is over.
pub const CLOSED: i64 = 60;
/// It was nothing.
pub const SPAM: i64 = 65;

/// Sessions.
pub static SESSION: Noun = Noun {
    access: Access::Rule(&OfOperators),
    fields: &[
        ID,
        field("chatId", Kind::Integer, "Chat").required().immutable().indexed(),
        field("lineId", Kind::Integer, "Open channel").required(),
        field("userCode", Kind::String, "Connector, open channel, chat and client").required().immutable(),
        field("operatorId", Kind::User, "Operator").default("0"),
        field("status", Kind::Integer, "Status").default("0"),
        field("closed", Kind::Char, "Closed").default("N"),
        field("pinned", Kind::Char, "Pinned to its operator").default("N"),
        field("silent", Kind::Char, "Messages stay among operators").default("N"),
        field("startId", Kind::Integer, "First message").default("0"),
        field("endId", Kind::Integer, "Last message"),
        field("voteHead", Kind::Integer, "Rating by the head").default("0"),
        field("commentHead", Kind::Text, "Comment by the head"),
        field("dateCreate", Kind::DateTime, "Began").stamped(Stamp::Created),
        field("dateClose", Kind::DateTime, "Closed at"),
    ],
    faces: &[FACE],
    ..noun("openlines.session", "imopenlines_session", SCOPE, ["session", "sessions"])
};

/// Sessions are for their operator, for the other operators of the line, and to be read for who is in the chat.
#[derive(Debug)]
struct OfOperators;

impl Rule for OfOperators {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        if call.caller.is_admin {
            return Ok(Grant::All);
        }
        let me: Param<'static> = call.caller.user_id.into();
        let mut sql = "(t.operator_id = ? OR EXISTS (SELECT 1 FROM imopenlines_operator o \
                       WHERE o.line_id = t.line_id AND o.user_id = ?)"
            .to_owned();
        let mut params = vec![me.clone(), me.clone()];
        let in_chat = has_member(call, "im.member", "chatId", "t.chat_id", "1 = 1");
        if let Some(in_chat) = in_chat.filter(|_| act == Act::Read) {
            sql.push_str(&format!(" OR {in_chat}"));
            params.push(me);
        }
        sql.push(')');
        Ok(Grant::Where(sql, params))
    }
}

/// What names a dialog: `livechat|1|17|5`.
#[derive(Debug)]
pub struct Code {
    /// The whole of it.
    pub whole: String,
    /// The channel, such as `livechat`.
    pub connector: String,
    /// The line.
    pub line: i64,
}

impl Code {
    /// Reads it.
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('|').collect();
        let [connector, line, chat, user] = parts.as_slice() else { return None };
        let fits = |part: &&str| {
            let letters = |letter: char| letter.is_ascii_alphanumeric() || "_-.:@+".contains(letter);
            (1..=100).contains(&part.len()) && part.chars().all(letters)
        };
        let line = line.parse().ok().filter(|line: &i64| *line > 0)?;
        [connector, chat, user].into_iter().all(fits).then(|| Code {
            whole: text.to_owned(),
            connector: (*connector).to_owned(),
            line,
        })
    }
}

/// The latest session of a chat that the caller may do this to.
///
/// # Errors
/// Those of the store.
pub fn latest(call: &mut Call<'_, '_>, chat: i64, act: Act) -> Result<Option<Row>> {
    let scope = SESSION.grant(call, act)?;
    let rest = " ORDER BY t.id DESC LIMIT 1";
    Ok(noun::select(call, &SESSION, &scope, "t.chat_id = ?", vec![chat.into()], rest)?.pop())
}

/// The session that `CHAT_ID` names, which the caller may do this to.
///
/// # Errors
/// `CHAT_ID`, `CHAT_TYPE` or `ACCESS_DENIED`
pub fn named(call: &mut Call<'_, '_>, act: Act) -> Result<Row> {
    let wrong = || refuse("CHAT_ID", "The specified chat identifier is incorrect");
    let chat = number(call, "CHAT_ID").ok_or_else(wrong)?;
    if let Some(found) = latest(call, chat, act)? {
        return Ok(found);
    }
    let chats = messenger::chats(call)?;
    let scope = chats.grant(call, Act::Read)?;
    match noun::one(call, chats, &scope, chat)? {
        Some(row) if row.text("entityType") != KIND => {
            Err(refuse("CHAT_TYPE", "The specified chat is not an open line").into())
        }
        _ => Err(denied().into()),
    }
}

/// Whether it goes on.
pub fn is_open(session: &Row) -> bool {
    session.text("closed") != "Y"
}

/// Who answers; 0 for nobody yet.
pub fn operator(session: &Row) -> i64 {
    session.int("operatorId").unwrap_or(0)
}

/// The chat of a session.
pub fn chat_of(session: &Row) -> i64 {
    session.int("chatId").unwrap_or(0)
}

/// The line of a session.
pub fn line_of(session: &Row) -> i64 {
    session.int("lineId").unwrap_or(0)
}

/// The last message of a chat; 0 where nothing was said.
///
/// # Errors
/// Those of the store.
pub fn last_message(call: &mut Call<'_, '_>, chat: i64) -> Result<i64> {
    Ok(messenger::chat(call, chat)?.and_then(|chat| chat.int("lastMessageId")).unwrap_or(0))
}

/// Changes a session, and what its chat tells of it.
///
/// # Errors
/// Those of the store.
pub fn change<const N: usize>(
    call: &mut Call<'_, '_>,
    session: i64,
    values: [(&str, Value); N],
) -> Result<Row> {
    let values: Map = values.into_iter().map(|(name, value)| (name.into(), value)).collect();
    let changed = noun::amend(call, &SESSION, &FACE, session, &values)?.ok_or_else(denied)?;
    tell(call, &changed)?;
    Ok(changed)
}

/// Writes into the chat who answers and what of the CRM it is about.
///
/// # Errors
/// Those of the store.
pub fn tell(call: &mut Call<'_, '_>, session: &Row) -> Result<()> {
    let chat = chat_of(session);
    let links = crm::of_chat(call, chat)?;
    let of = |code: &str| links.iter().find(|(known, _)| known == code).map_or(0, |(_, id)| *id);
    let main = links.iter().find(|(code, _)| ["LEAD", "DEAL"].contains(&code.as_str())).or(links.first());
    let (code, id) = main.map_or(("NONE", 0), |(code, id)| (code.as_str(), *id));
    let mut values = Map::with_capacity(4);
    let data = format!(
        "{}|{code}|{id}|{}|N|{}|{}|0|0|0",
        if main.is_some() { "Y" } else { "N" },
        session.text("pinned"),
        session.number,
        session.int("dateCreate").unwrap_or(0)
    );
    values.push("ENTITY_DATA_1", data);
    let data = format!(
        "LEAD|{}|COMPANY|{}|CONTACT|{}|DEAL|{}",
        of("LEAD"),
        of("COMPANY"),
        of("CONTACT"),
        of("DEAL")
    );
    values.push("ENTITY_DATA_2", data);
    values.push("ENTITY_DATA_3", session.text("silent"));
    values.push("OWNER_ID", operator(session));
    messenger::change(call, chat, &values)
}

/// Begins a session in a chat: with this operator, or else with the bot or the operators of the line.
///
/// # Errors
/// Those of the store.
pub fn begin(
    call: &mut Call<'_, '_>,
    line: &Row,
    (chat, code): (i64, &str),
    operator: Option<i64>,
    start: i64,
) -> Result<Row> {
    line::claim(call, line.number)?;
    let mut row = Map::with_capacity(5);
    row.push("CHAT_ID", chat);
    row.push("LINE_ID", line.number);
    row.push("USER_CODE", code);
    row.push("START_ID", start);
    let session = noun::put(call, &SESSION, &row)?;
    let set = line.json("settings");
    if settings::of(&set, "WELCOME_MESSAGE") == "Y" {
        let text = settings::of(&set, "WELCOME_MESSAGE_TEXT");
        if !text.is_empty() {
            say(call, chat, &text)?;
        }
    }
    match operator {
        Some(user) => take(call, &session, user),
        None => {
            let bot = settings::of(&set, "WELCOME_BOT_ID").parse().unwrap_or(0);
            let by_bot =
                settings::of(&set, "WELCOME_BOT_ENABLE") == "Y" && directory::is_active(call.tx, bot)?;
            if by_bot { give(call, &session, bot) } else { pass(call, &session, line, None) }
        }
    }
}

/// Has somebody answer who takes a session up.
///
/// # Errors
/// Those of the store.
pub fn take(call: &mut Call<'_, '_>, session: &Row, user: i64) -> Result<Row> {
    join(call, chat_of(session), user)?;
    let values = [("OPERATOR_ID", user.into()), ("STATUS", ANSWERED.into()), ("PINNED", "N".into())];
    change(call, session.number, values)
}

/// Gives a session to somebody who has not answered yet.
///
/// # Errors
/// Those of the store.
pub fn give(call: &mut Call<'_, '_>, session: &Row, user: i64) -> Result<Row> {
    join(call, chat_of(session), user)?;
    let values = [("OPERATOR_ID", user.into()), ("STATUS", NEW.into()), ("PINNED", "N".into())];
    change(call, session.number, values)
}

/// Passes a session on to the operators of a line, but not to who had it: to the next one, or to all of them.
///
/// # Errors
/// Those of the store.
pub fn pass(call: &mut Call<'_, '_>, session: &Row, line: &Row, from: Option<i64>) -> Result<Row> {
    let mut operators = line::active(call, line.number)?;
    operators.retain(|user| Some(*user) != from);
    let next = match line.text("queueType") {
        "all" => {
            for user in &operators {
                join(call, chat_of(session), *user)?;
            }
            None
        }
        "strictly" => operators.first().copied(),
        _ => least_busy(call, line.number, &operators)?,
    };
    match next {
        Some(user) => give(call, session, user),
        None => {
            let status = if from.is_some() { SKIPPED } else { NEW };
            let values = [("OPERATOR_ID", 0.into()), ("STATUS", status.into()), ("PINNED", "N".into())];
            change(call, session.number, values)
        }
    }
}

/// The one of these with the fewest open sessions; of several, the first.
fn least_busy(call: &mut Call<'_, '_>, line: i64, operators: &[i64]) -> Result<Option<i64>> {
    let sql = "SELECT operator_id, COUNT(*) FROM imopenlines_session WHERE line_id = ? AND closed = 'N' \
               GROUP BY operator_id";
    let mut busy = std::collections::HashMap::new();
    call.tx.query(sql, &[line.into()], |row| {
        busy.insert(row.int(0)?, row.int(1)?);
        Ok(())
    })?;
    Ok(operators.iter().copied().min_by_key(|user| busy.get(user).copied().unwrap_or(0)))
}

/// Closes a session.
///
/// # Errors
/// Those of the store.
pub fn close(call: &mut Call<'_, '_>, session: &Row, status: i64) -> Result<Row> {
    let chat = chat_of(session);
    if let Some(line) = noun::again(call, &LINE, line_of(session))? {
        let set = line.json("settings");
        let text = settings::of(&set, "CLOSE_TEXT");
        if status == CLOSED && settings::of(&set, "CLOSE_RULE") == "text" && !text.is_empty() {
            say(call, chat, &text)?;
        }
    }
    let last = last_message(call, chat)?;
    let values = [
        ("STATUS", status.into()),
        ("CLOSED", "Y".into()),
        ("PINNED", "N".into()),
        ("END_ID", last.into()),
        ("DATE_CLOSE", call.now.seconds().into()),
    ];
    change(call, session.number, values)
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn codes_have_four_parts() {
        let code = Code::parse("livechat|1|17|5").unwrap();
        assert_eq!((code.connector.as_str(), code.line), ("livechat", 1));
        for wrong in ["", "livechat", "livechat|1|2", "livechat|x|1|2", "|1|2|3", "a|1|b|c|d", "a|0|b|c"] {
            assert!(Code::parse(wrong).is_none(), "{wrong}");
        }
    }
}
