//! Notifications of those whom a post or a comment is for.

use engine::call::Call;
use engine::directory;
use engine::error::Result;
use engine::noun::{self, Row};
use store::Param;
use wire::Map;

use crate::dest;
use crate::rights;
use crate::words;

/// People whom one post notifies at most.
const MOST: usize = 100;

/// Tells the users among these recipients, and whom the text mentions, of a post.
///
/// # Errors
/// Those of the store.
pub fn of_post(call: &mut Call<'_, '_>, post: &Row, recipients: &[&str]) -> Result<()> {
    let named = recipients.iter().filter_map(|code| dest::parted(code));
    let mut people: Vec<i64> = named.filter(|(kind, _)| *kind == "U").map(|(_, user)| user).collect();
    people.extend(words::mentioned(post.text("message")));
    tell(call, post, &people, "post", post.text("title"))
}

/// Tells the author of a post, and whom the text mentions, of a comment.
///
/// # Errors
/// Those of the store.
pub fn of_comment(call: &mut Call<'_, '_>, post: &Row, text: &str) -> Result<()> {
    let mut people: Vec<i64> = post.int("authorId").into_iter().collect();
    people.extend(words::mentioned(text));
    tell(call, post, &people, "comment", &words::title(text))
}

/// Notifies these people as far as they see the post, but not the one who did it; nobody where there are no notifications.
fn tell(call: &mut Call<'_, '_>, post: &Row, people: &[i64], event: &str, text: &str) -> Result<()> {
    let own = call.caller.user_id;
    let mut told = vec![own];
    for user in people.iter().take(MOST) {
        if told.contains(user) || !directory::is_active(call.tx, *user)? || !sees(call, post.number, *user)? {
            continue;
        }
        told.push(*user);
        let link = format!("/company/personal/user/{user}/blog/{}/", post.number);
        let mut given = Map::with_capacity(8);
        given.push("USER_ID", *user);
        given.push("AUTHOR_ID", own);
        // From a person.
        given.push("TYPE", 2);
        given.push("MESSAGE", format!("[URL={link}]{text}[/URL]"));
        given.push("MODULE", "blog");
        given.push("EVENT", event);
        given.push("TAG", format!("BLOG|{}|{}|{user}|{event}", event.to_ascii_uppercase(), post.number));
        given.push("SUB_TAG", format!("BLOG|POST|{}", post.number));
        noun::put_there(call, "im.notification", &given)?;
    }
    Ok(())
}

fn sees(call: &mut Call<'_, '_>, post: i64, user: i64) -> Result<bool> {
    let (condition, values) = rights::readable(call, user);
    let params: Vec<Param<'static>> = [Param::from(post)].into_iter().chain(values).collect();
    let sql = format!("SELECT 1 FROM feed_post t WHERE t.id = ? AND {condition}");
    Ok(call.tx.one(&sql, &params, |row| row.int(0))?.is_some())
}
