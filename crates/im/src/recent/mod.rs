//! A person's recent list: `im.recent.*`. A dialog stands in it by the message for which it came there; pinned ones come
//! first. Its order is that of an index, so a page costs what it shows.

mod change;
mod entry;

use serde_json::json;
use store::Param;
use wire::{Map, Value};

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read};
use engine::noun::{self, Row};

use crate::SCOPE;
use crate::dialog::limit;
use crate::member::MEMBER;

/// Entries of a page, unless a call says otherwise.
const USUAL: i64 = 50;
/// At most.
const MOST: i64 = 200;

/// The methods.
pub fn methods() -> Vec<Method> {
    let flag = |name: &'static str, about: &'static str| optional(name, Kind::Flag, about);
    let list = read("im.recent.list", SCOPE, list)
        .own_words()
        .about("Lists the recent dialogs of the caller, the pinned ones first, in pages.")
        .param(flag("SKIP_OPENLINES", "Whether open channels are left out"))
        .param(flag("SKIP_DIALOG", "Whether dialogs with users are left out"))
        .param(flag("SKIP_CHAT", "Whether chats are left out"))
        .param(optional("LAST_MESSAGE_DATE", Kind::Text, "Only dialogs whose last message is older"))
        .param(flag("UNREAD_ONLY", "Only dialogs with something unread"))
        .param(flag("PARSE_TEXT", "Whether texts come without tags"))
        .param(flag("GET_ORIGINAL_TEXT", "Whether texts come with their tags"))
        .param(flag(
            "SKIP_UNDISTRIBUTED_OPENLINES",
            "Whether waiting open channels are left out; there are none",
        ))
        .param(flag("ONLY_COPILOT", "Only chats with an AI assistant; there are none"))
        .param(flag("ONLY_CHANNEL", "Only channels; there are none"))
        .param(flag("CAN_MANAGE_MESSAGES", "Only chats whose messages the caller may manage"))
        .param(optional("OFFSET", Kind::Int, "Entries to skip"))
        .param(optional("LIMIT", Kind::Int, "Entries, at most 200"))
        .example(
            json!({"SKIP_CHAT": "Y"}),
            json!({"items": [{"id": "*", "type": "user"}], "hasMore": false}),
        );
    let get = read("im.recent.get", SCOPE, get)
        .own_words()
        .about("Returns the recent dialogs of the caller, the pinned ones first, or those since a moment.")
        .param(flag("SKIP_OPENLINES", "Whether open channels are left out"))
        .param(flag("SKIP_CHAT", "Whether chats are left out"))
        .param(flag("SKIP_DIALOG", "Whether dialogs with users are left out"))
        .param(optional("LAST_UPDATE", Kind::Text, "Only dialogs that changed since"))
        .param(flag("ONLY_OPENLINES", "Only open channels"))
        .param(optional("LAST_SYNC_DATE", Kind::Text, "Only dialogs that changed since"))
        .example(
            json!({}),
            json!([{"id": "chat13"}, {"id": "chat12"}, {"id": "*"}, {"id": "chat4"}, {"id": "chat3"}, {"id": 2}]),
        );
    [list, get].into_iter().chain(change::methods()).collect()
}

/// Which entries a call wants.
#[derive(Default)]
struct Wanted {
    conditions: Vec<String>,
    values: Vec<Param<'static>>,
}

impl Wanted {
    fn of(call: &Call<'_, '_>) -> Self {
        let mut wanted = Wanted::default();
        wanted.and("t.user_id = ? AND t.recent_id IS NOT NULL", call.caller.user_id);
        let of_type =
            |test: &str| format!("EXISTS (SELECT 1 FROM im_chat c WHERE c.id = t.chat_id AND c.type {test})");
        let of_lines = |test: &str| {
            format!("{test} (SELECT 1 FROM im_chat c WHERE c.id = t.chat_id AND c.entity_type = 'LINES')")
        };
        if call.flag("SKIP_DIALOG") {
            wanted.conditions.push(of_type("<> 'PRIVATE'"));
        }
        if call.flag("SKIP_CHAT") {
            wanted.conditions.push(of_type("= 'PRIVATE'"));
        }
        if call.flag("SKIP_OPENLINES") {
            wanted.conditions.push(of_lines("NOT EXISTS"));
        }
        if call.flag("ONLY_OPENLINES") {
            wanted.conditions.push(of_lines("EXISTS"));
        }
        if ["ONLY_COPILOT", "ONLY_CHANNEL"].iter().any(|name| call.flag(name)) {
            wanted.conditions.push("1 = 0".to_owned());
        }
        if call.flag("UNREAD_ONLY") {
            wanted.conditions.push("(t.counter > 0 OR t.unread = 'Y')".to_owned());
        }
        let sent = |test: &str| {
            format!("EXISTS (SELECT 1 FROM im_message x WHERE x.id = t.recent_id AND x.date_create {test} ?)")
        };
        let moment = |name: &str| call.param(name).and_then(|given| call.clock().read(given));
        if let Some(before) = moment("LAST_MESSAGE_DATE") {
            wanted.and(sent("<"), before);
        }
        if let Some(since) = moment("LAST_SYNC_DATE").or_else(|| moment("LAST_UPDATE")) {
            wanted.and(sent(">="), since);
        }
        wanted
    }

    fn and(&mut self, condition: impl Into<String>, value: impl Into<Param<'static>>) {
        self.conditions.push(condition.into());
        self.values.push(value.into());
    }

    /// Reads so many behind so many.
    fn read(self, call: &mut Call<'_, '_>, limit: i64, offset: i64) -> Result<Vec<Row>> {
        let scope = MEMBER.grant(call, Act::Read)?;
        let order = format!(
            " ORDER BY t.user_id DESC, t.pinned DESC, t.recent_id DESC LIMIT {limit} OFFSET {offset}"
        );
        noun::select(call, &MEMBER, &scope, &self.conditions.join(" AND "), self.values, &order)
    }
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let limit = limit(call, USUAL, MOST);
    let offset = call.param("OFFSET").and_then(Value::as_int).filter(|offset| *offset > 0).unwrap_or(0);
    let mut rows = Wanted::of(call).read(call, limit + 1, offset)?;
    let has_more = i64::try_from(rows.len()).is_ok_and(|count| count > limit);
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    // The real system does not count them either.
    call.total = Some(-1);
    let items = entry::entries(call, &rows)?;
    let mut answer = Map::new();
    answer.push("items", items);
    answer.push("hasMorePages", has_more);
    answer.push("hasMore", has_more);
    answer.push(
        "copilot",
        Value::from(json!({"chats": null, "messages": null, "roles": {}, "recommendedRoles": []})),
    );
    answer.push("messagesAutoDeleteConfigs", Vec::<Value>::new());
    Ok(answer.into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let rows = Wanted::of(call).read(call, USUAL, 0)?;
    Ok(entry::entries(call, &rows)?.into())
}
