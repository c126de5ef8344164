//! Who has read an important post: `log.blogpost.getusers.important`, and `log.blogpost.read`, Portreeve's own, which marks it.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, Method, read, required, write};
use engine::noun::{self, ID, Noun, field, noun};
use serde_json::json;
use wire::Value;

use crate::post::POST;
use crate::{SCOPE, refusal};

/// Users that one answer names at most.
const MOST: i64 = 500;

/// Marks that somebody has read an important post.
pub static MARK: Noun = Noun {
    fields: &[
        ID,
        field("postId", Kind::Integer, "Post").required(),
        field("userId", Kind::User, "User").required(),
        field("dateRead", Kind::DateTime, "Read"),
    ],
    ..noun("feed.read", "feed_read", SCOPE, ["read mark of a post", "read marks of posts"])
};

/// The methods.
pub fn methods() -> Vec<Method> {
    let post = || required("POST_ID", method::Kind::Id, "Post");
    vec![
        read("log.blogpost.getusers.important", SCOPE, users)
            .own_words()
            .about("Lists the users who have read an important post, 500 at most.")
            .param(post())
            .example(json!({"POST_ID": 1}), json!(["1"])),
        write("log.blogpost.read", SCOPE, mark)
            .own_words()
            .about("Marks an important post as read by the caller. Only in Portreeve.")
            .param(post())
            .example(json!({"POST_ID": 1}), json!(true)),
    ]
}

/// The post that a call names and that its caller sees.
fn named(call: &mut Call<'_, '_>) -> Result<noun::Row> {
    let id = call.id("POST_ID");
    let scope = POST.grant(call, Act::Read)?;
    Ok(noun::one(call, &POST, &scope, id)?.ok_or_else(|| refusal("Wrong post ID"))?)
}

fn users(call: &mut Call<'_, '_>) -> Result<Value> {
    let post = named(call)?;
    let sql = "SELECT r.user_id FROM feed_read r WHERE r.post_id = ? ORDER BY r.id LIMIT ?";
    let users = call
        .tx
        .all(sql, &[post.number.into(), MOST.into()], |row| Ok(Value::from(row.int(0)?.to_string())))?;
    Ok(users.into())
}

fn mark(call: &mut Call<'_, '_>) -> Result<Value> {
    let post = named(call)?;
    if post.text("important") != "Y" {
        return Err(refusal("The post is not important").into());
    }
    let sql = "INSERT INTO feed_read (post_id, user_id, date_read) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
    let params = [post.number.into(), call.caller.user_id.into(), call.now.seconds().into()];
    call.tx.execute(sql, &params)?;
    Ok(true.into())
}
