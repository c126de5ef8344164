//! Polls on messages and on posts of the feed: `vote.*`.
//!
//! A poll is one noun, `vote.attach`, which is as what it is attached to: whoever reads that reads the poll and votes. Its
//! questions, answers, ballots and choices are rows without methods of their own.

mod attach;
mod cast;
mod find;
mod make;
mod report;
mod send;
mod show;
mod tally;

use engine::method::Method;
use engine::modules::Module;
use engine::noun::{Noun, Seed, Watch};
use engine::scopes::offered;

/// The scope of the methods.
const SCOPE: &str = "vote";

/// The module of this crate.
pub static MODULE: Module = Module {
    scopes: &[offered("vote", "Polls", "Polls and answers.")],
    nouns,
    methods,
    indexes: INDEXES,
    seeds: &[NAMES],
    watches: &[
        Watch { saved: make::follow_post, deleted: make::post_gone, ..Watch::new("feed.post") },
        Watch { saved: make::follow_message, deleted: make::message_gone, ..Watch::new("im.message") },
    ],
    russian: include_str!("ru.toml"),
    ..Module::new("vote")
};

/// Indexes over several columns, as they follow `CREATE`.
const INDEXES: &[&str] = &[
    "UNIQUE INDEX IF NOT EXISTS vote_attach_of ON vote_attach (host, entity_id)",
    "INDEX IF NOT EXISTS vote_attach_template ON vote_attach (author_id, template_id) WHERE template_id IS NOT NULL",
    "UNIQUE INDEX IF NOT EXISTS vote_ballot_of ON vote_ballot (attach_id, user_id)",
    "UNIQUE INDEX IF NOT EXISTS vote_choice_of ON vote_choice (answer_id, user_id)",
];

/// Texts that the portal itself writes; there is nothing to be seeded.
const NAMES: Seed = Seed { name: "vote.names", names: || report::TITLES.to_vec(), seed: |_, _, _| Ok(()) };

fn nouns() -> Vec<&'static Noun> {
    vec![&attach::ATTACH, &attach::QUESTION, &attach::ANSWER, &attach::BALLOT, &attach::CHOICE]
}

fn methods() -> Vec<Method> {
    [show::methods(), cast::methods(), report::methods(), send::methods()].into_iter().flatten().collect()
}

/// Demo data: calls in their order. Poll 1 in post 3, with question 1 and the answers 1 to 3, in which user 1 has voted
/// for answer 1.
pub const DEMO: &str = include_str!("demo.json");
