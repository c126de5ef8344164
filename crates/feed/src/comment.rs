//! Comments on posts: `log.blogcomment.*`. Whoever sees a post sees and writes its comments.

use std::collections::HashMap;

use engine::access::Act;
use engine::call::{Call, Caller};
use engine::directory;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, Method, optional, read, required, write};
use engine::moment;
use engine::noun::{self, Access, Face, Grant, Hooks, ID, Noun, Row, Rule, Saved, Stamp, field, noun};
use serde_json::json;
use store::Param;
use wire::{Map, Value};

use crate::files::{self, Attached, COMMENTS};
use crate::notice;
use crate::post::{POST, as_author};
use crate::{SCOPE, refusal};

/// What other modules write comments with. It has no methods.
pub const FACE: Face = Face { verbs: &[], ..Face::legacy("log.blogcomment") };

/// Comments on one post that the console gets at once.
const WHOLE: i64 = 500;

/// Comments.
pub static COMMENT: Noun = Noun {
    access: Access::Rule(&OfPost),
    fields: &[
        ID,
        field("postId", Kind::Noun("feed.post"), "Post").required().immutable().indexed(),
        field("authorId", Kind::User, "Author").stamped(Stamp::CreatedBy),
        field("text", Kind::Text, "Text").required(),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
    ],
    faces: &[FACE],
    hooks: &Hook,
    ..noun("feed.comment", "feed_comment", SCOPE, ["comment on a post", "comments on posts"])
};

/// Whoever sees the post reads and writes; authors change their own, and administrators take away what they see.
#[derive(Debug)]
struct OfPost;

impl Rule for OfPost {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let (sql, mut params) = POST.leads(call, Act::Read, "post_id")?;
        if matches!(act, Act::Read | Act::Export | Act::Add | Act::Import) || call.caller.is_admin {
            return Ok(Grant::Where(sql, params));
        }
        params.push(call.caller.user_id.into());
        Ok(Grant::Where(format!("({sql} AND t.author_id = ?)"), params))
    }
}

struct Hook;

impl Hooks for Hook {
    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        if saved.old.is_none() { count(call, saved.row, 1) } else { Ok(()) }
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        files::clear(call, COMMENTS, row.number)
    }

    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        count(call, row, -1)
    }
}

/// Keeps the number of comments with their post: there are so many more now.
fn count(call: &mut Call<'_, '_>, comment: &Row, more: i64) -> Result<()> {
    let sql = "UPDATE feed_post SET num_comments = num_comments + ? WHERE id = ?";
    call.tx.execute(sql, &[more.into(), comment.int("postId").into()])?;
    Ok(())
}

const AUTHOR: method::Param = optional("USER_ID", method::Kind::Id, "Author; administrators only");

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        write("log.blogcomment.add", SCOPE, add)
            .own_words()
            .about("Adds a comment to a post and returns its ID.")
            .param(required("POST_ID", method::Kind::Id, "Post"))
            .param(required("TEXT", method::Kind::Text, "Text"))
            .param(optional("FILES", method::Kind::Any, "Files, each as name and content in base64"))
            .param(AUTHOR)
            .example(json!({"POST_ID": 1, "TEXT": "Thank you!"}), json!("*")),
        write("log.blogcomment.delete", SCOPE, delete)
            .own_words()
            .about("Deletes a comment.")
            .param(required("COMMENT_ID", method::Kind::Id, "Comment"))
            .param(AUTHOR)
            .example(json!({"COMMENT_ID": 1}), json!(true)),
        read("log.blogcomment.user.get", SCOPE, of_user)
            .own_words()
            .about("Lists the comments of a user on posts that the caller sees, with their files.")
            .param(optional("USER_ID", method::Kind::Id, "User; the caller by default"))
            .param(optional("FIRST_ID", method::Kind::Int, "Only comments with greater IDs"))
            .param(optional("LAST_ID", method::Kind::Int, "Only comments with smaller IDs"))
            .param(optional("LIMIT", method::Kind::Int, "Comments to return, 1 to 100"))
            .example(
                json!({"USER_ID": 1}),
                json!({"comments": [{"text": "I will put it on the door."}], "files": "*"}),
            ),
        read("log.blogcomment.list", SCOPE, of_post)
            .own_words()
            .about("Lists the comments on a post with their authors and files. Only in Portreeve.")
            .param(required("POST_ID", method::Kind::Id, "Post"))
            .example(json!({"POST_ID": 1}), json!([{"id": 1, "text": "I will put it on the door."}])),
    ]
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    if let Some(done) = as_author(call)? {
        return Ok(done);
    }
    let id = call.id("POST_ID");
    let scope = POST.grant(call, Act::Read)?;
    let post = noun::one(call, &POST, &scope, id)?.ok_or_else(|| refusal("No post found"))?;
    let text = call.text("TEXT").unwrap_or_default();
    let given = files::Given::read(call.param("FILES").unwrap_or(&Value::Null));
    let failed = || refusal("Blog comment hasn't been added");
    if (text.trim().is_empty() && given.new.is_empty()) || given.new.len() > files::MOST {
        return Err(failed().into());
    }
    if given.new.is_empty() && is_there(call, id, &text)? {
        return Err(refusal("Duplicate comment").into());
    }
    let mut row = Map::with_capacity(2);
    row.push("POST_ID", id);
    row.push("TEXT", if text.trim().is_empty() { " " } else { text.as_str() });
    let comment = noun::add(call, &COMMENT, &FACE, &row)?;
    files::bring(call, COMMENTS, comment.number, &given.new)?;
    notice::of_comment(call, &post, &text)?;
    Ok(comment.number.into())
}

/// Whether the caller has said the same of that post.
fn is_there(call: &mut Call<'_, '_>, post: i64, text: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM feed_comment WHERE post_id = ? AND author_id = ? AND text = ? LIMIT 1";
    let params = [post.into(), call.caller.user_id.into(), text.into()];
    Ok(call.tx.one(sql, &params, |row| row.int(0))?.is_some())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = call.id("COMMENT_ID");
    if id <= 0 {
        return Err(refusal("Wrong comment ID").into());
    }
    let scope = COMMENT.grant(call, Act::Read)?;
    noun::one(call, &COMMENT, &scope, id)?.ok_or_else(|| refusal("No comment found"))?;
    let scope = COMMENT.grant(call, Act::Delete)?;
    noun::one(call, &COMMENT, &scope, id)?.ok_or_else(|| refusal("No delete perms"))?;
    noun::delete(call, &COMMENT, &FACE, &[id.into()])?;
    Ok(true.into())
}

fn of_user(call: &mut Call<'_, '_>) -> Result<Value> {
    let user = Some(call.id("USER_ID")).filter(|user| *user > 0).unwrap_or(call.caller.user_id);
    let number = |name: &str| call.param(name).and_then(Value::as_int);
    let limit = number("LIMIT").filter(|limit| (1..=100).contains(limit)).unwrap_or(100);
    let (mut condition, mut params) = ("t.author_id = ?".to_owned(), vec![Param::from(user)]);
    for (name, test) in [("FIRST_ID", " AND t.id > ?"), ("LAST_ID", " AND t.id < ?")] {
        if let Some(id) = number(name).filter(|id| *id > 0) {
            condition.push_str(test);
            params.push(id.into());
        }
    }
    let order = if number("FIRST_ID").is_some() { "" } else { " DESC" };
    let scope = COMMENT.grant(call, Act::Read)?;
    let rest = format!(" ORDER BY t.id{order} LIMIT {limit}");
    let rows = noun::select(call, &COMMENT, &scope, &condition, params, &rest)?;
    let attached = attached(call, &rows)?;
    let name = directory::name_of(call.tx, user)?.unwrap_or_default();
    let mut described = Map::new();
    let mut comments = Vec::with_capacity(rows.len());
    for row in &rows {
        let own = attached.get(&row.number).map_or(&[][..], Vec::as_slice);
        for file in own {
            described.insert(file.object.to_string(), file_of(call, file, &name));
        }
        let mut comment = Map::with_capacity(6);
        comment.push("id", row.number);
        comment.push("comment_id", row.number);
        comment.push("log_id", row.int("postId").unwrap_or(0));
        comment.push("date", moment::print(&call.caller.zone, row.int("dateCreate").unwrap_or(0)));
        comment.push("text", row.text("text"));
        comment.push("attach", own.iter().map(|file| Value::from(file.object)).collect::<Vec<_>>());
        comments.push(Value::from(comment));
    }
    let mut answer = Map::with_capacity(2);
    answer.push("comments", comments);
    answer.push("files", described);
    Ok(answer.into())
}

fn attached(call: &mut Call<'_, '_>, rows: &[Row]) -> Result<HashMap<i64, Vec<Attached>>> {
    let numbers: Vec<i64> = rows.iter().map(|row| row.number).collect();
    files::shown(call, COMMENTS, &numbers)
}

/// A file as answers about comments describe it.
fn file_of(call: &Call<'_, '_>, file: &Attached, author: &str) -> Map {
    let is_image = files::is_image(&file.name);
    let seen = if is_image { file.link.as_str() } else { "" };
    let mut map = Map::with_capacity(11);
    map.push("id", file.object);
    map.push("date", moment::print(&call.caller.zone, file.created));
    map.push("type", if is_image { "image" } else { "file" });
    map.push("name", file.name.as_str());
    map.push("size", file.size);
    map.push("image", false);
    map.push("authorId", file.author);
    map.push("authorName", author);
    map.push("urlPreview", seen);
    map.push("urlShow", seen);
    map.push("urlDownload", file.link.as_str());
    map
}

fn of_post(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = call.id("POST_ID");
    let scope = POST.grant(call, Act::Read)?;
    noun::one(call, &POST, &scope, id)?.ok_or_else(|| refusal("No post found"))?;
    let scope = COMMENT.grant(call, Act::Read)?;
    let rest = format!(" ORDER BY t.id LIMIT {WHOLE}");
    let rows = noun::select(call, &COMMENT, &scope, "t.post_id = ?", vec![id.into()], &rest)?;
    let attached = attached(call, &rows)?;
    let authors: Vec<i64> = rows.iter().filter_map(|row| row.int("authorId")).collect();
    let people = directory::people(call.tx, &authors)?;
    let Caller { user_id, is_admin, zone, .. } = call.caller;
    let shown = |row: &Row| {
        let author = row.int("authorId").unwrap_or(0);
        let mut comment = Map::with_capacity(8);
        comment.push("id", row.number);
        comment.push("authorId", author);
        comment.push("authorName", people.get(&author).map_or("", |person| person.name.as_str()));
        comment.push("date", moment::print(zone, row.int("dateCreate").unwrap_or(0)));
        comment.push("text", row.text("text"));
        let own = attached.get(&row.number).map_or(&[][..], Vec::as_slice);
        comment.push("files", own.iter().map(crate::post::file_of).collect::<Vec<_>>());
        comment.push("mayDelete", *is_admin || author == *user_id);
        Value::from(comment)
    };
    Ok(rows.iter().map(shown).collect::<Vec<_>>().into())
}
