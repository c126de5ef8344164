//! A poll, and the rows that belong to it.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::files;
use engine::noun::{
    Access, Face, Faults, Grant, Hooks, ID, LEGACY_FAULTS, Noun, Refusal, Row, Rule, Stamp, field, noun,
};
use store::Param;

use crate::SCOPE;

const FAULTS: Faults = Faults {
    missing: Refusal::Coded("ATTACH_NOT_FOUND", "Attach not found"),
    unreadable: Refusal::Coded("ATTACH_READ_ACCESS_DENIED", "Access denied"),
    unwritable: Refusal::Coded("ATTACH_READ_ACCESS_DENIED", "Access denied"),
    ..LEGACY_FAULTS
};

/// What polls are written with. It has no methods.
pub const FACE: Face = Face { verbs: &[], faults: FAULTS, ..Face::legacy("vote.AttachedVote") };

/// What polls are attached to, as requests and as modules call it.
pub const HOSTS: [(&str, &str); 2] = [("im", MESSAGES), ("blog", POSTS)];
/// Messages of chats.
pub const MESSAGES: &str = "im.message";
/// Posts of the feed.
pub const POSTS: &str = "feed.post";

/// Polls. `host` is the noun of what one is attached to.
pub static ATTACH: Noun = Noun {
    access: Access::Rule(&AsHost),
    fields: &[
        ID,
        field("host", Kind::String, "Noun of what it is attached to").required().immutable(),
        field("entityId", Kind::Integer, "What it is attached to").required().immutable(),
        field("authorId", Kind::User, "Author").stamped(Stamp::CreatedBy),
        field("anonymity", Kind::Integer, "Anonymous").default("0"),
        field("options", Kind::Integer, "May be voted in again").default("0"),
        field("active", Kind::Char, "Open").default("Y"),
        field("counter", Kind::Integer, "Votes").default("0").read_only(),
        field("templateId", Kind::String, "ID of the request").immutable(),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("timestampX", Kind::DateTime, "Changed").stamped(Stamp::Changed),
        field("report", Kind::Integer, "File with the results").read_only(),
    ],
    faces: &[FACE],
    hooks: &Hook,
    ..noun("vote.attach", "vote_attach", SCOPE, ["poll", "polls"])
};

/// Questions of polls.
pub static QUESTION: Noun = Noun {
    fields: &[
        ID,
        field("attachId", Kind::Integer, "Poll").required().indexed(),
        field("text", Kind::Text, "Question"),
        field("multiple", Kind::Integer, "Several answers"),
        field("sort", Kind::Integer, "Sort order"),
        field("counter", Kind::Integer, "Votes"),
    ],
    ..noun("vote.question", "vote_question", SCOPE, ["question of a poll", "questions of polls"])
};

/// Answers to them.
pub static ANSWER: Noun = Noun {
    fields: &[
        ID,
        field("attachId", Kind::Integer, "Poll").required().indexed(),
        field("questionId", Kind::Integer, "Question").required(),
        field("text", Kind::Text, "Answer"),
        field("sort", Kind::Integer, "Sort order"),
        field("counter", Kind::Integer, "Votes"),
    ],
    ..noun("vote.answer", "vote_answer", SCOPE, ["answer of a poll", "answers of polls"])
};

/// Who has voted.
pub static BALLOT: Noun = Noun {
    fields: &[
        ID,
        field("attachId", Kind::Integer, "Poll").required(),
        field("userId", Kind::User, "User").required(),
        field("dateVote", Kind::DateTime, "Voted"),
    ],
    ..noun("vote.ballot", "vote_ballot", SCOPE, ["ballot", "ballots"])
};

/// What was chosen on ballots.
pub static CHOICE: Noun = Noun {
    fields: &[
        ID,
        field("ballotId", Kind::Integer, "Ballot").required().indexed(),
        field("attachId", Kind::Integer, "Poll").required().indexed(),
        field("questionId", Kind::Integer, "Question").required(),
        field("answerId", Kind::Integer, "Answer").required(),
        field("userId", Kind::User, "User").required(),
    ],
    ..noun("vote.choice", "vote_choice", SCOPE, ["choice on a ballot", "choices on ballots"])
};

/// Whoever reads what a poll is attached to reads it; of those its author, and administrators, stop and resume it.
#[derive(Debug)]
struct AsHost;

impl Rule for AsHost {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let (mut parts, mut params) = (Vec::new(), Vec::<Param<'static>>::new());
        for (_, host) in HOSTS {
            let Some(noun) = call.core.modules.noun(host).map(|shape| shape.noun) else { continue };
            let (leads, values) = noun.leads(call, Act::Read, "entity_id")?;
            parts.push(format!("(t.host = '{host}' AND {leads})"));
            params.extend(values);
        }
        if parts.is_empty() {
            return Ok(Grant::Nothing);
        }
        let mut sql = format!("({})", parts.join(" OR "));
        if matches!(act, Act::Update | Act::Delete) && !call.caller.is_admin {
            sql = format!("({sql} AND t.author_id = ?)");
            params.push(call.caller.user_id.into());
        }
        Ok(Grant::Where(sql, params))
    }
}

struct Hook;

impl Hooks for Hook {
    /// Everything that a poll consists of goes with it.
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        for table in [&CHOICE, &BALLOT, &ANSWER, &QUESTION] {
            let sql = format!("DELETE FROM {} WHERE attach_id = ?", table.table);
            call.tx.execute(&sql, &[row.number.into()])?;
        }
        files::delete(call.tx, row.int("report").as_slice())
    }
}
