//! The feed: posts with their recipients, comments, files, tags and read marks: `log.*`.
//!
//! Two nouns, which other modules may read: `feed.post` and `feed.comment`. Who may see a post is one condition on rows, see
//! [`rights`], and a comment is as its post.

mod comment;
pub mod copy;
mod dest;
mod files;
mod mark;
mod notice;
mod post;
mod rights;
mod tag;
mod words;

use wire::Fault;

use engine::method::Method;
use engine::modules::Module;
use engine::noun::{Noun, Seed, Watch};
use engine::scopes::offered;

/// The scope of the methods.
const SCOPE: &str = "log";

/// The module of this crate.
pub static MODULE: Module = Module {
    scopes: &[offered("log", "Feed", "Feed posts and comments.")],
    nouns,
    methods,
    indexes: INDEXES,
    seeds: &[NAMES],
    watches: &[Watch { deleted: dest::group_gone, ..Watch::new("groups.group") }],
    russian: include_str!("ru.toml"),
    ..Module::new("feed")
};

/// Indexes over several columns, as they follow `CREATE`.
const INDEXES: &[&str] = &[
    "UNIQUE INDEX IF NOT EXISTS feed_recipient_of ON feed_recipient (post_id, code)",
    // Whose posts: what the access rule asks for.
    "INDEX IF NOT EXISTS feed_recipient_posts ON feed_recipient (code, post_id)",
    "UNIQUE INDEX IF NOT EXISTS feed_read_of ON feed_read (post_id, user_id)",
    "INDEX IF NOT EXISTS feed_post_newest ON feed_post (date_publish, id)",
    "INDEX IF NOT EXISTS feed_comment_by ON feed_comment (author_id, id)",
];

/// Texts that the portal itself writes; there is nothing to be seeded.
const NAMES: Seed = Seed { name: "feed.names", names: post::names, seed: |_, _, _| Ok(()) };

fn nouns() -> Vec<&'static Noun> {
    vec![&post::POST, &dest::RECIPIENT, &mark::MARK, &tag::TAG, &comment::COMMENT]
}

fn methods() -> Vec<Method> {
    [post::methods(), mark::methods(), comment::methods()].into_iter().flatten().collect()
}

/// Demo data: calls in their order. Post 1 of user 1 for everybody, which is important, with
/// comment 1; post 2 for user 2.
pub const DEMO: &str = include_str!("demo.json");

/// A refusal, which has no code here.
fn refusal(text: &'static str) -> Fault {
    Fault::crm(text)
}
