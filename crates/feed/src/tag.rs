//! Tags of posts.

use std::collections::HashMap;

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{self, ID, Noun, Row, field, noun};

use crate::SCOPE;

/// Tags that one post has at most.
const MOST: usize = 50;
/// Letters of one.
const LENGTH: usize = 255;

/// Tags, each once.
pub static TAG: Noun = Noun {
    fields: &[ID, field("name", Kind::String, "Name").required().unique().indexed()],
    ..noun("feed.tag", "feed_tag", SCOPE, ["tag of a post", "tags of posts"])
};

/// The numbers of the tags that a text names, separated by commas; those that are new are added.
///
/// # Errors
/// Those of the store.
pub fn numbers(call: &mut Call<'_, '_>, given: &str) -> Result<String> {
    let mut numbers: Vec<i64> = Vec::new();
    for name in given.split(',').map(str::trim).filter(|name| !name.is_empty()).take(MOST) {
        let name: String = name.chars().take(LENGTH).collect();
        let sql = "SELECT id FROM feed_tag WHERE name = ? ORDER BY id LIMIT 1";
        let there = call.tx.one(sql, &[name.as_str().into()], |row| row.int(0))?;
        let number = match there {
            Some(number) => number,
            None => call.tx.insert("INSERT INTO feed_tag (name) VALUES (?)", &[name.into()])?,
        };
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    Ok(numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
}

/// The tags of posts, by their numbers.
///
/// # Errors
/// Those of the store.
pub fn of_all(call: &mut Call<'_, '_>, posts: &[Row]) -> Result<HashMap<i64, Row>> {
    noun::again_all(call, &TAG, posts.iter().flat_map(of))
}

/// The numbers of the tags of a post, in their order.
pub fn of(post: &Row) -> Vec<i64> {
    let mut numbers: Vec<i64> = post.text("tagIds").split(',').filter_map(|one| one.parse().ok()).collect();
    numbers.sort_unstable();
    numbers
}
