//! `im.search.*`: people, chats and departments by the beginnings of words.

mod last;

use serde_json::json;
use store::{Dialect, Param};
use wire::{Fault, Map, Value};

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read, required};
use engine::noun;

use crate::chat::CHAT;
use crate::chat::show::{self, Named};
use crate::department::{self, USER_DATA};
use crate::dialog::Room;
use crate::{SCOPE, page, person};

/// The methods.
pub fn methods() -> Vec<Method> {
    let find = || required("FIND", Kind::Text, "Beginnings of words, at least 2 letters");
    let found = vec![
        read("im.search.user.list", SCOPE, users)
            .own_words()
            .about("Finds users by the beginnings of their names and positions.")
            .param(find())
            .param(optional("BUSINESS", Kind::Flag, "Only users of business tools; all are"))
            .param(page::OFFSET)
            .param(page::LIMIT)
            .example(json!({"FIND": "Ine"}), json!({"2": {"id": 2, "name": "Ines Vogel"}})),
        read("im.search.chat.list", SCOPE, chats)
            .own_words()
            .about("Finds chats of the caller, and open ones, by the beginnings of words of their titles.")
            .param(optional("FIND", Kind::Text, "Beginnings of words, at least 2 letters"))
            .param(optional("FIND_LINES", Kind::Text, "The same for open channels; there are none"))
            .param(page::OFFSET)
            .param(page::LIMIT)
            .example(json!({"FIND": "Show"}), json!([{"id": 3, "name": "Showroom"}])),
        read("im.search.department.list", SCOPE, departments)
            .own_words()
            .about("Finds departments by the beginnings of words of their names.")
            .param(find())
            .param(USER_DATA)
            .param(page::OFFSET)
            .param(page::LIMIT)
            .example(json!({"FIND": "Sal", "USER_DATA": "Y"}), json!([{"id": 2, "name": "Sales"}])),
    ];
    found.into_iter().chain(last::methods()).collect()
}

/// Words that a search looks for.
const WORDS: usize = 10;

/// The words that a call looks for.
fn words(call: &Call<'_, '_>, name: &str) -> Result<Vec<String>> {
    let given = call.text(name).unwrap_or_default();
    if given.trim().chars().count() < 2 {
        return Err(Fault::new(400, "FIND_SHORT", "Too short a search phrase").into());
    }
    Ok(given.split_whitespace().take(WORDS).map(str::to_owned).collect())
}

/// That each of these words begins a word of one of these columns.
fn begins(columns: &[&str], words: &[String]) -> (String, Vec<Param<'static>>) {
    let (mut tests, mut values) = (Vec::new(), Vec::new());
    for word in words {
        let word = Dialect::escape(word);
        let of_one = columns.iter().map(|column| {
            values.push(Param::from(format!("{word}%")));
            values.push(Param::from(format!("% {word}%")));
            format!("{} OR {}", Dialect::like(column), Dialect::like(column))
        });
        let test = of_one.collect::<Vec<_>>().join(" OR ");
        tests.push(format!("({test})"));
    }
    (tests.join(" AND "), values)
}

fn users(call: &mut Call<'_, '_>) -> Result<Value> {
    let words = words(call, "FIND")?;
    let (condition, values) = begins(&["u.name", "u.last_name", "u.work_position"], &words);
    let sql = format!(
        "SELECT u.id FROM portal_user u WHERE u.active = 'Y' AND u.bot <> 'H' AND {condition} ORDER BY u.last_name, u.name, u.id"
    );
    let ids = call.tx.all(&sql, &values, |row| row.int(0))?;
    let shown = page::of(call, &ids);
    let people = person::list(call, &shown)?;
    let keyed: Map = shown.iter().map(|id| id.to_string().into()).zip(people).collect();
    Ok(if keyed.is_empty() { Vec::new().into() } else { Value::Map(keyed) })
}

fn chats(call: &mut Call<'_, '_>) -> Result<Value> {
    if call.text("FIND").is_none() && call.text("FIND_LINES").is_some() {
        page::tell(call, 0);
        return Ok(Vec::new().into());
    }
    let words = words(call, "FIND")?;
    let (condition, values) = begins(&["t.title"], &words);
    let scope = CHAT.grant(call, Act::Read)?;
    // Of the chats that somebody has and the open ones, not of all that there are.
    let condition = format!(
        "t.type IN ('CHAT', 'OPEN') AND t.id IN (SELECT o.chat_id FROM im_member o WHERE o.user_id = ? \
         UNION ALL SELECT c.id FROM im_chat c WHERE c.type = 'OPEN') AND {condition}"
    );
    let params = std::iter::once(Param::from(call.caller.user_id)).chain(values).collect();
    let order = " ORDER BY t.last_message_id DESC, t.id DESC";
    let found = noun::numbers(call, &CHAT, &scope, &condition, params, order)?;
    let ids = page::of(call, &found);
    let named = Named::of(call, &ids)?;
    let mut answer = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(room) = Room::find(call, id)? {
            answer.push(Value::from(show::whole(call, &room, &named)));
        }
    }
    Ok(answer.into())
}

fn departments(call: &mut Call<'_, '_>) -> Result<Value> {
    department::require_employee(call)?;
    let words: Vec<String> = words(call, "FIND")?.iter().map(|word| word.to_lowercase()).collect();
    let all = department::all(call)?;
    let has = |name: &str, word: &str| {
        let name = name.to_lowercase();
        name.starts_with(word) || name.contains(&format!(" {word}"))
    };
    let found: Vec<_> = all
        .iter()
        .filter(|department| words.iter().all(|word| has(&department.name, word)))
        .cloned()
        .collect();
    let mut shown = Vec::new();
    for department in page::of(call, &found) {
        shown.push(Value::from(department.show(call, &all)?));
    }
    Ok(shown.into())
}
