//! Messages: a tenth of them in one chat, the others in chats of about a hundred; Ann is in every tenth chat, the
//! administrator in all.

use serde_json::json;

use super::answer;
use super::database::{people, series};
use super::part::{Bar, Hooks, Part, Question, Who, ask};

/// Messages in a chat, about.
const IN_CHAT: u64 = 100;
/// The number of the first of them.
const FIRST: u64 = 101;
/// Chats in which Ann has something unread.
const UNREAD: u64 = 10;

pub(super) const PART: Part = Part {
    name: "messages",
    rows: "messages",
    first,
    multiply: |from, to, rows| vec![messages(from, to, rows), notifications(from, to, rows)],
    complete: |rows| vec![people(rows), chats(rows), members(rows, 1, 1), members(rows, 2, 10)],
    tables: &["im_message", "im_chat", "im_member", "im_notification", "portal_user"],
    questions,
};

fn first(hooks: &Hooks) -> Result<(), String> {
    answer(&hooks.admin, "im.chat.add", &json!({"TYPE": "CHAT", "TITLE": "Talk 1", "USERS": [2]}))?;
    answer(&hooks.admin, "im.message.add", &json!({"DIALOG_ID": "chat1", "MESSAGE": "Message 0"}))?;
    answer(&hooks.admin, "im.notify.personal.add", &json!({"USER_ID": 2, "MESSAGE": "Note 0"})).map(drop)
}

/// The first two are that the chat was made, and what was said there.
fn messages(from: u64, to: u64, rows: u64) -> String {
    let others = rows / IN_CHAT - 1;
    format!(
        "INSERT INTO im_message (id, chat_id, author_id, text, date_create, is_deleted) {} \
         SELECT n, CASE n % 10 WHEN 0 THEN 1 ELSE {FIRST} + n % {others} END, 1 + n % 2, 'Message ' || n, date_create + n, 'N' \
         FROM s CROSS JOIN (SELECT date_create FROM im_message WHERE id = 2) t",
        series(from.max(3), to)
    )
}

fn notifications(from: u64, to: u64, rows: u64) -> String {
    let people = rows / super::database::PEOPLE;
    format!(
        "INSERT INTO im_notification (id, user_id, author_id, type, message, module, event, read, created_by, date_create) {} \
         SELECT n, 1 + n % {people}, 1, type, 'Note ' || n, module, event, CASE (n / {people}) % 100 WHEN 0 THEN 'N' ELSE 'Y' END, \
         created_by, date_create + n FROM s CROSS JOIN (SELECT * FROM im_notification WHERE id = 1) t",
        series(from.max(2), to)
    )
}

fn chats(rows: u64) -> String {
    let same = "type, owner_id, author_id, date_create, text_field, user_count";
    format!(
        "INSERT INTO im_chat (id, title, last_message_id, message_count, {same}) {} \
         SELECT n, 'Talk ' || n, 0, {IN_CHAT}, {same} FROM s CROSS JOIN (SELECT * FROM im_chat WHERE id = 1) t; \
         CREATE TEMPORARY TABLE newest AS SELECT chat_id, MAX(id) AS id FROM im_message GROUP BY chat_id; \
         CREATE INDEX newest_of ON newest (chat_id); \
         UPDATE im_chat SET last_message_id = (SELECT n.id FROM newest n WHERE n.chat_id = im_chat.id) \
         WHERE id IN (SELECT chat_id FROM newest)",
        series(FIRST, FIRST + rows / IN_CHAT - 2)
    )
}

fn members(rows: u64, user: u64, every: u64) -> String {
    let same = "manager, muted, pinned, unread, start_id, date_joined, by_department";
    let unread = rows / IN_CHAT / UNREAD;
    format!(
        "INSERT INTO im_member (chat_id, user_id, counter, last_read_id, recent_id, {same}) \
         SELECT c.id, {user}, CASE c.id % {unread} WHEN 0 THEN 3 ELSE 0 END, c.last_message_id, c.last_message_id, {same} \
         FROM im_chat c CROSS JOIN (SELECT * FROM im_member WHERE chat_id = 1 AND user_id = 1) t \
         WHERE c.id >= {FIRST} AND c.id % {every} = 0; \
         UPDATE im_member SET recent_id = (SELECT c.last_message_id FROM im_chat c WHERE c.id = 1) WHERE chat_id = 1 AND user_id = {user}",
    )
}

/// A chat of a hundred messages.
fn any(id: u64, rows: u64) -> u64 {
    FIRST + id % (rows / IN_CHAT - 1)
}

fn questions() -> Vec<Question> {
    const PAGE: &str = "im.dialog.messages.get";
    let ann = |name, method, params| ask(name, method, params).by(Who::Ann);
    let notes = |name, params| ann(name, "im.notify.get", params);
    vec![
        ann("newest page of the large chat", PAGE, |_, _| json!({"DIALOG_ID": "chat1"})),
        ann(
            "page deep in the large chat",
            PAGE,
            |_, rows| json!({"DIALOG_ID": "chat1", "LAST_ID": rows / 10}),
        ),
        ann(
            "page behind a message of the large chat",
            PAGE,
            |_, rows| json!({"DIALOG_ID": "chat1", "FIRST_ID": rows / 2}),
        ),
        ask(
            "newest page of any chat",
            PAGE,
            |id, rows| json!({"DIALOG_ID": format!("chat{}", any(id, rows))}),
        ),
        ask(
            "page deep in any chat",
            PAGE,
            |id, rows| json!({"DIALOG_ID": format!("chat{}", any(id, rows)), "LAST_ID": rows / 2}),
        ),
        ask(
            "im.dialog.get",
            "im.dialog.get",
            |id, rows| json!({"DIALOG_ID": format!("chat{}", any(id, rows))}),
        ),
        ann("im.recent.list, by Ann", "im.recent.list", |_, _| json!({"LIMIT": 10})),
        ask("im.recent.list", "im.recent.list", |_, _| json!({})),
        ask("im.recent.list, second page", "im.recent.list", |_, _| json!({"OFFSET": 50, "LIMIT": 50})),
        ask("im.recent.get", "im.recent.get", |_, _| json!({})),
        ask("im.counters.get", "im.counters.get", |_, _| json!({})),
        ann("im.counters.get, by Ann", "im.counters.get", |_, _| json!({})),
        ann("im.search.chat.list by Ann", "im.search.chat.list", |_, _| json!({"FIND": "Talk"})),
        // Parts of texts are looked for in all of them, here those of ten thousand chats and of a hundred thousand messages. An
        // index of words would find other things than parts of words, and be written with every message: shown, as `%` of the CRM.
        ask(
            "im.search.chat.list, one chat",
            "im.search.chat.list",
            |_, rows| json!({"FIND": (rows / IN_CHAT / 2 + FIRST).to_string()}),
        )
        .bar(Bar::Shown),
        ask("im.search.user.list", "im.search.user.list", |_, _| json!({"FIND": "Ann"})).bar(Bar::Shown),
        ask(
            "im.dialog.messages.search, any chat",
            "im.dialog.messages.search",
            |id, rows| json!({"CHAT_ID": any(id, rows), "SEARCH_MESSAGE": "Message"}),
        ),
        ann(
            "im.dialog.messages.search, large chat",
            "im.dialog.messages.search",
            |_, rows| json!({"CHAT_ID": 1, "SEARCH_MESSAGE": format!("Message {}", rows / 2)}),
        )
        .bar(Bar::Shown),
        notes("im.notify.get", |_, _| json!({})),
        notes("im.notify.get behind one", |_, rows| json!({"LAST_ID": rows / 2, "LAST_TYPE": 3})),
        ann("im.message.add", "im.message.add", |_, _| json!({"DIALOG_ID": "chat1", "MESSAGE": "Hello"}))
            .bar(Bar::Write),
    ]
}
