//! `log.blogpost.list`, Portreeve's own: the feed as a page shows it, with names of people and recipients.

use std::collections::HashMap;

use engine::access::Act;
use engine::call::Call;
use engine::directory;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read};
use engine::moment;
use engine::noun::{self, Asked, Row};
use serde_json::json;
use store::Param;
use wire::{Map, Value};

use super::{POST, uf};
use crate::files::{self, Attached, POSTS};
use crate::{SCOPE, dest, tag};

/// The method.
pub fn methods() -> Vec<Method> {
    vec![
        read("log.blogpost.list", SCOPE, list)
            .own_words()
            .about("Lists the posts that the caller sees with names and read marks, newest first, 50 per page. Only in Portreeve.")
            .param(optional("POST_ID", Kind::Id, "Only this post"))
            .param(optional("UNREAD", Kind::Flag, "Only important posts that the caller has not read"))
            .param(optional("start", Kind::Int, "Offset of the first row"))
            .example(
                json!({"POST_ID": 1}),
                json!([{"id": 1, "title": "Opening hours in December", "important": true, "read": true}]),
            ),
    ]
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let scope = POST.grant(call, Act::Read)?;
    let (mut condition, mut params) = ("1 = 1".to_owned(), Vec::new());
    let post = call.id("POST_ID");
    if post > 0 {
        condition.push_str(" AND t.id = ?");
        params.push(Param::from(post));
    }
    if call.flag("UNREAD") {
        condition.push_str(
            " AND t.important = 'Y' AND (t.important_until IS NULL OR t.important_until > ?) AND t.author_id <> ? \
             AND NOT EXISTS (SELECT 1 FROM feed_read r WHERE r.post_id = t.id AND r.user_id = ?)",
        );
        params.extend([call.now.seconds().into(), call.caller.user_id.into(), call.caller.user_id.into()]);
    }
    let order = Some(noun::Order::default().by("t.date_publish", "DESC").by("t.id", "DESC"));
    let rows = noun::asked(
        call,
        &POST,
        &scope,
        Asked { within: Some((condition, params)), order, ..Asked::default() },
    )?;
    shown(call, &rows)
}

fn shown(call: &mut Call<'_, '_>, rows: &[Row]) -> Result<Value> {
    let numbers: Vec<i64> = rows.iter().map(|row| row.number).collect();
    let attached = files::shown(call, POSTS, &numbers)?;
    let read = read_by_caller(call, &numbers)?;
    let polls = uf::polls(call, &numbers)?;
    let tags = tag::of_all(call, rows)?;
    let names = Names::of(call, rows)?;
    let mut shown = Vec::with_capacity(rows.len());
    for row in rows {
        let author = row.int("authorId").unwrap_or(0);
        let date = |name: &str| row.int(name).map(|at| moment::print(&call.caller.zone, at));
        let is_over = row.int("importantUntil").is_some_and(|until| until <= call.now.seconds());
        let mut post = Map::with_capacity(18);
        post.push("id", row.number);
        post.push("title", (row.text("micro") != "Y").then(|| row.text("title")));
        post.push("text", row.text("message"));
        post.push("authorId", author);
        post.push("authorName", names.people.get(&author).map_or("", String::as_str));
        post.push("published", date("datePublish"));
        post.push("changed", date("dateChange").filter(|_| row.int("dateChange") != row.int("datePublish")));
        post.push("important", row.text("important") == "Y" && !is_over);
        post.push("importantUntil", date("importantUntil"));
        post.push("read", read.contains(&row.number) || author == call.caller.user_id);
        post.push("comments", row.int("numComments").unwrap_or(0));
        post.push("recipients", names.recipients(row));
        post.push("mayChange", call.caller.is_admin || author == call.caller.user_id);
        post.push("attachId", polls.get(&row.number).copied());
        let own = attached.get(&row.number).map_or(&[][..], Vec::as_slice);
        post.push("files", own.iter().map(file_of).collect::<Vec<_>>());
        let own = tag::of(row).into_iter().filter_map(|number| tags.get(&number));
        post.push("tags", own.map(|tag| Value::from(tag.text("name"))).collect::<Vec<_>>());
        shown.push(Value::from(post));
    }
    Ok(shown.into())
}

/// An attachment as a page shows it.
pub fn file_of(file: &Attached) -> Value {
    let mut map = Map::with_capacity(5);
    map.push("id", file.id);
    map.push("objectId", file.object);
    map.push("name", file.name.as_str());
    map.push("size", file.size);
    map.push("url", file.link.as_str());
    map.into()
}

/// Those of these posts that the caller has read.
fn read_by_caller(call: &mut Call<'_, '_>, posts: &[i64]) -> Result<Vec<i64>> {
    let sql = "SELECT r.post_id FROM feed_read r WHERE r.user_id = ? AND r.post_id IN (#)";
    Ok(call.tx.all_among(sql, &[call.caller.user_id.into()], posts, |row| row.int(0))?)
}

/// What those are called who wrote posts and whom these are for.
struct Names {
    people: HashMap<i64, String>,
    groups: HashMap<i64, String>,
    departments: HashMap<i64, String>,
}

impl Names {
    fn of(call: &mut Call<'_, '_>, rows: &[Row]) -> Result<Self> {
        let mut wanted: HashMap<&str, Vec<i64>> = HashMap::new();
        for row in rows {
            wanted.entry("U").or_default().extend(row.int("authorId"));
            for (kind, id) in dest::of(row).into_iter().filter_map(dest::parted) {
                wanted.entry(if kind == "DR" { "D" } else { kind }).or_default().push(id);
            }
        }
        let mut take = |kind: &str| {
            let mut ids = wanted.remove(kind).unwrap_or_default();
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        let (users, groups, departments) = (take("U"), take("SG"), take("D"));
        let people = directory::people(call.tx, &users)?;
        let people = people.into_iter().map(|(id, person)| (id, person.name)).collect();
        let departments = named(call, "department", &departments)?;
        let noun = call.core.modules.noun("groups.group").map(|shape| shape.noun);
        let groups = match noun.filter(|_| !groups.is_empty()) {
            Some(noun) => {
                // A name is for those who see the group; others read its number.
                let scope = noun.grant(call, Act::Read)?;
                let condition = format!("t.id IN ({})", store::placeholders(groups.len()));
                let params = groups.into_iter().map(Param::from).collect();
                let rows = noun::select(call, noun, &scope, &condition, params, "")?;
                rows.iter().map(|row| (row.number, row.text("name").to_owned())).collect()
            }
            None => HashMap::new(),
        };
        Ok(Names { people, groups, departments })
    }

    fn recipients(&self, post: &Row) -> Vec<Value> {
        let one = |code: &str| {
            let name = match dest::parted(code) {
                Some(("U", id)) => self.people.get(&id),
                Some(("SG", id)) => self.groups.get(&id),
                Some((_, id)) => self.departments.get(&id),
                None => None,
            };
            let mut map = Map::with_capacity(2);
            map.push("code", code);
            map.push("name", name.map_or("", String::as_str));
            Value::from(map)
        };
        dest::of(post).into_iter().map(one).collect()
    }
}

/// What the rows of a table with these numbers are called.
fn named(call: &mut Call<'_, '_>, table: &str, ids: &[i64]) -> Result<HashMap<i64, String>> {
    let sql = format!("SELECT id, name FROM {table} WHERE id IN (#)");
    let names = call.tx.all_among(&sql, &[], ids, |row| Ok((row.int(0)?, row.text(1)?.to_owned())))?;
    Ok(names.into_iter().collect())
}
