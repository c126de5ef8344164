//! `im.notify.history.search` and `im.notify.schema.get`.

use serde_json::{Map as Json, Value as JsonValue, json};
use store::{Dialect, Param};
use wire::{Fault, Map, Value};

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read};
use engine::noun;
use engine::texts::Topic;

use super::list::put_rows;
use super::{NOTIFICATION, count};
use crate::dialog::{cursor, limit};
use crate::{SCOPE, person};

const USUAL: i64 = 50;

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        read("im.notify.history.search", SCOPE, search)
            .own_words()
            .about("Finds notifications of the caller by text, kind, date and author.")
            .param(optional("SEARCH_TEXT", Kind::Text, "Part of the text, at least 3 letters"))
            .param(optional(
                "SEARCH_TYPE",
                Kind::Text,
                "Kind: a module, or a module and an event, tasks|task_update",
            ))
            .param(optional("SEARCH_TYPES", Kind::List, "Kinds"))
            .param(optional("SEARCH_DATE", Kind::Text, "Sent on this day"))
            .param(optional("SEARCH_DATE_FROM", Kind::Text, "Sent at this moment or later"))
            .param(optional("SEARCH_DATE_TO", Kind::Text, "Sent at this moment or before"))
            .param(optional("SEARCH_AUTHORS", Kind::List, "IDs of authors"))
            .param(optional("LAST_ID", Kind::Int, "Only notifications before this one"))
            .param(optional("LIMIT", Kind::Int, "Notifications, at most 50"))
            .param(optional("CONVERT_TEXT", Kind::Flag, "Whether texts are written as HTML"))
            .param(optional("GROUP_TAG", Kind::Text, "Tag"))
            .example(
                json!({"SEARCH_TEXT": "won"}),
                json!({"total_results": 1, "notifications": [{"id": 1}]}),
            ),
        read("im.notify.schema.get", SCOPE, schema)
            .own_words()
            .about("Returns the kinds of notifications by module.")
            .example(json!({}), json!({"rest": {"MODULE_ID": "rest", "LIST": [{"ID": "rest|rest_notify"}]}})),
    ]
}

/// Conditions with their values.
#[derive(Default)]
struct Conditions {
    texts: Vec<String>,
    values: Vec<Param<'static>>,
}

impl Conditions {
    fn add(&mut self, text: impl Into<String>, values: impl IntoIterator<Item = Param<'static>>) {
        self.texts.push(text.into());
        self.values.extend(values);
    }
}

fn search(call: &mut Call<'_, '_>) -> Result<Value> {
    let last = cursor(call, "LAST_ID", ("LAST_ID_STRING", "Last notification ID can't be string"))?;
    let mut asked = Conditions::default();
    ask(call, &mut asked)?;
    let mut conditions = Conditions::default();
    conditions.add("t.user_id = ?", [call.caller.user_id.into()]);
    conditions.add(asked.texts.join(" AND "), asked.values);
    let scope = NOTIFICATION.grant(call, Act::Read)?;
    let total = {
        let sql = format!("SELECT COUNT(*) FROM im_notification t WHERE {}", conditions.texts.join(" AND "));
        call.tx.one(&sql, &conditions.values, |row| row.int(0))?.unwrap_or(0)
    };
    if let Some(last) = last {
        conditions.add("t.id < ?", [last.into()]);
    }
    let rest = format!(" ORDER BY t.id DESC LIMIT {}", limit(call, USUAL, USUAL));
    let condition = conditions.texts.join(" AND ");
    let rows = noun::select(call, &NOTIFICATION, &scope, &condition, conditions.values, &rest)?;
    let chat = count::of(call, call.caller.user_id)?.map_or(0, |(chat, ..)| chat);
    let mut answer = Map::new();
    answer.push("chat_id", chat);
    answer.push("total_results", total);
    put_rows(call, &mut answer, chat, &rows)?;
    Ok(answer.into())
}

/// What a call looks for; it must look for something.
fn ask(call: &Call<'_, '_>, asked: &mut Conditions) -> Result<()> {
    let text = call.text("SEARCH_TEXT").map(|text| text.trim().to_owned()).unwrap_or_default();
    if text.chars().count() >= 3 {
        asked.add(Dialect::like("t.message"), [format!("%{}%", Dialect::escape(&text)).into()]);
    }
    let one = call.text("SEARCH_TYPE");
    let many = call.param("SEARCH_TYPES").cloned().unwrap_or_default();
    let kinds: Vec<String> =
        one.into_iter().chain(many.each().filter_map(Value::text).map(|kind| kind.into_owned())).collect();
    let mut tests = Conditions::default();
    for kind in kinds.iter().filter(|kind| !kind.trim().is_empty()).take(KINDS) {
        match kind.trim().split_once('|') {
            Some((module, event)) => {
                tests.add(
                    "(t.module = ? AND t.event = ?)",
                    [module.to_owned().into(), event.to_owned().into()],
                );
            }
            None => tests.add("t.module = ?", [kind.trim().to_owned().into()]),
        }
    }
    if !tests.texts.is_empty() {
        asked.add(format!("({})", tests.texts.join(" OR ")), tests.values);
    }
    let authors = person::ids(call, "SEARCH_AUTHORS");
    if !authors.is_empty() {
        let among = format!("t.author_id IN ({})", store::placeholders(authors.len()));
        asked.add(among, authors.into_iter().map(Param::from));
    }
    if let Some(tag) = call.text("GROUP_TAG") {
        asked.add(
            "(t.tag = ? OR t.tag LIKE ? ESCAPE '\\')",
            [tag.clone().into(), format!("MP|%|{}", Dialect::escape(&tag)).into()],
        );
    }
    dates(call, asked);
    if asked.texts.is_empty() {
        return Err(Fault::new(400, "SEARCH_TEXT_ERROR", "SEARCH_TEXT can't be less than 3 symbols").into());
    }
    Ok(())
}

/// Kinds that a search names.
const KINDS: usize = 50;

fn dates(call: &Call<'_, '_>, asked: &mut Conditions) {
    let clock = call.clock();
    let moment = |name: &str| call.param(name).and_then(|given| clock.read(given));
    if let Some(from) = moment("SEARCH_DATE_FROM") {
        asked.add("t.date_create >= ?", [from.into()]);
    }
    if let Some(to) = moment("SEARCH_DATE_TO") {
        asked.add("t.date_create <= ?", [to.into()]);
    }
    let day = call.param("SEARCH_DATE").and_then(|given| clock.read_day(given));
    if let Some(start) = day.and_then(|day| clock.read(&Value::from(day))) {
        asked.add("t.date_create >= ? AND t.date_create < ?", [start.into(), (start + 24 * 3600).into()]);
    }
}

/// Codes with their names.
type Named = (&'static str, &'static str);

/// Modules with the kinds of notifications that they have.
const SCHEMA: [(&str, &str, &[Named]); 2] = [
    ("rest", "Integrations", &[("rest_notify", "Notifications of integrations")]),
    (
        "tasks",
        "Tasks",
        &[("task_add", "New tasks"), ("task_update", "Changes of tasks"), ("comment", "Comments on tasks")],
    ),
];

/// The names in it, for the translations.
pub fn names() -> Vec<&'static str> {
    let own = SCHEMA
        .iter()
        .flat_map(|(_, name, kinds)| std::iter::once(*name).chain(kinds.iter().map(|(_, name)| *name)));
    own.collect()
}

fn schema(call: &mut Call<'_, '_>) -> Result<Value> {
    let name = |text: &'static str| call.language.text(Topic::Names, text).to_owned();
    let of = |(module, title, kinds): &(&str, &'static str, &[Named])| {
        let list: Vec<JsonValue> = kinds
            .iter()
            .map(|(event, title)| json!({"ID": format!("{module}|{event}"), "NAME": name(title)}))
            .collect();
        ((*module).to_owned(), json!({"NAME": name(title), "MODULE_ID": module, "LIST": list}))
    };
    Ok(Value::from(JsonValue::from(SCHEMA.iter().map(of).collect::<Json<String, JsonValue>>())))
}
