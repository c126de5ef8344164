//! Tags of posts.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{ID, Noun, Row, field, noun};
use store::Param;

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

/// The tags of a post.
///
/// # Errors
/// Those of the store.
pub fn of(call: &mut Call<'_, '_>, post: &Row) -> Result<Vec<String>> {
    let numbers: Vec<Param<'static>> = post
        .text("tagIds")
        .split(',')
        .filter_map(|number| number.parse::<i64>().ok().map(Param::from))
        .collect();
    let mut names = Vec::with_capacity(numbers.len());
    if !numbers.is_empty() {
        let sql = format!(
            "SELECT name FROM feed_tag WHERE id IN ({}) ORDER BY id",
            store::placeholders(numbers.len())
        );
        call.tx.query(&sql, &numbers, |row| {
            names.push(row.text(0)?.to_owned());
            Ok(())
        })?;
    }
    Ok(names)
}
