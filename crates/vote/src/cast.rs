//! `vote.AttachedVote.vote`, `recall`, `stop` and `resume`.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, required, write};
use engine::noun::{self, Row};
use serde_json::json;
use wire::{Fault, Map, Value};

use crate::SCOPE;
use crate::attach::{ATTACH, FACE};
use crate::find::{find, named};
use crate::show::shown;
use crate::tally::{self, Question};

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        named(write("vote.AttachedVote.vote", SCOPE, vote).param(required(
            "ballot",
            Kind::Fields,
            "Answers by question",
        )))
        .about("Votes in a poll, and returns it.")
        .example(
            json!({"attachId": 1, "ballot": {"1": ["2"]}}),
            json!({"attach": {"isVoted": true, "COUNTER": 1}}),
        ),
        named(write("vote.AttachedVote.recall", SCOPE, recall))
            .about("Takes the caller's vote back, and returns the poll.")
            .example(json!({"attachId": 1}), json!({"attach": {"isVoted": false, "COUNTER": 0}})),
        named(write("vote.AttachedVote.stop", SCOPE, |call| set_active(call, "N")))
            .about("Closes a poll of the caller.")
            .example(json!({"attachId": 1}), json!([])),
        named(write("vote.AttachedVote.resume", SCOPE, |call| set_active(call, "Y")))
            .about("Opens a poll of the caller that was closed.")
            .example(json!({"attachId": 1}), json!([])),
    ]
}

fn inactive() -> Fault {
    Fault::new(403, "403", "The poll is inactive.")
}

fn unsaved() -> Fault {
    Fault::new(403, "400", "Failed to save the vote")
}

/// The poll that a call names, held until the call is over, while it is open.
fn open(call: &mut Call<'_, '_>) -> Result<Row> {
    let attach = find(call, Act::Read, 403)?;
    let sql = format!("SELECT id FROM vote_attach WHERE id = ?{}", call.tx.dialect().for_update());
    call.tx.one(&sql, &[attach.number.into()], |row| row.int(0))?;
    let attach = noun::again(call, &ATTACH, attach.number)?.ok_or_else(inactive)?;
    if attach.text("active") == "Y" { Ok(attach) } else { Err(inactive().into()) }
}

fn vote(call: &mut Call<'_, '_>) -> Result<Value> {
    let attach = open(call)?;
    let questions = tally::questions(call, attach.number)?;
    let ballot = call.param("ballot").cloned().unwrap_or_default();
    let chosen = read(&questions, &ballot).ok_or_else(unsaved)?;
    let mut changed: Vec<i64> = chosen.iter().map(|(_, answer)| *answer).collect();
    if tally::has_voted(call, attach.number)? {
        if attach.int("options") != Some(1) {
            return Err(unsaved().into());
        }
        changed.extend(take_back(call, attach.number)?);
    }
    let (attach_id, user) = (attach.number, call.caller.user_id);
    let sql = "INSERT INTO vote_ballot (attach_id, user_id, date_vote) VALUES (?, ?, ?)";
    let ballot = call.tx.insert(sql, &[attach_id.into(), user.into(), call.now.seconds().into()])?;
    let sql = "INSERT INTO vote_choice (ballot_id, attach_id, question_id, answer_id, user_id) VALUES (?, ?, ?, ?, ?)";
    for (question, answer) in chosen {
        call.tx
            .execute(sql, &[ballot.into(), attach_id.into(), question.into(), answer.into(), user.into()])?;
    }
    answer(call, attach_id, &changed)
}

/// The answers that a ballot chooses; `None` for a ballot that does not fit the questions.
fn read(questions: &[Question], ballot: &Value) -> Option<Vec<(i64, i64)>> {
    let mut chosen = Vec::new();
    for (key, answers) in ballot.entries() {
        let question = questions.iter().find(|question| question.id.to_string() == key)?;
        // Answers stand in a list, or as the keys or the values of a map: {"5": {"7": true}}.
        let mut own: Vec<i64> = Vec::new();
        for (key, answer) in listed(answers) {
            let is_known = |id: &i64| question.answers.iter().any(|answer| answer.id == *id);
            let id = answer.as_int().filter(is_known).or_else(|| key.parse().ok().filter(is_known))?;
            if !own.contains(&id) {
                own.push(id);
            }
        }
        if own.len() > 1 && !question.multiple {
            return None;
        }
        chosen.extend(own.into_iter().map(|answer| (question.id, answer)));
    }
    (!chosen.is_empty()).then_some(chosen)
}

/// The members of an array with their keys, or a scalar alone.
fn listed(answers: &Value) -> Vec<(String, &Value)> {
    match answers.is_array() {
        true => answers.entries().map(|(key, value)| (key.into_owned(), value)).collect(),
        false => vec![(String::new(), answers)],
    }
}

fn recall(call: &mut Call<'_, '_>) -> Result<Value> {
    let attach = open(call)?;
    if attach.int("options") != Some(1) {
        return Err(unsaved().into());
    }
    let changed = take_back(call, attach.number)?;
    answer(call, attach.number, &changed)
}

/// Takes the caller's vote back, and gives the answers that it was for.
fn take_back(call: &mut Call<'_, '_>, attach: i64) -> Result<Vec<i64>> {
    let own = tally::own(call, attach)?;
    for table in ["vote_choice", "vote_ballot"] {
        let sql = format!("DELETE FROM {table} WHERE attach_id = ? AND user_id = ?");
        call.tx.execute(&sql, &[attach.into(), call.caller.user_id.into()])?;
    }
    Ok(own.into_iter().map(|choice| choice.answer).collect())
}

/// Counts anew, and answers with the poll.
fn answer(call: &mut Call<'_, '_>, attach: i64, changed: &[i64]) -> Result<Value> {
    for sql in [
        "UPDATE vote_answer SET counter = (SELECT COUNT(*) FROM vote_choice c WHERE c.answer_id = vote_answer.id) \
         WHERE attach_id = ?",
        "UPDATE vote_question SET counter = (SELECT COUNT(DISTINCT c.ballot_id) FROM vote_choice c \
         WHERE c.attach_id = vote_question.attach_id AND c.question_id = vote_question.id) WHERE attach_id = ?",
        "UPDATE vote_attach SET counter = (SELECT COUNT(*) FROM vote_ballot b WHERE b.attach_id = vote_attach.id) \
         WHERE id = ?",
    ] {
        call.tx.execute(sql, &[attach.into()])?;
    }
    let row = noun::again(call, &ATTACH, attach)?.ok_or_else(unsaved)?;
    Ok(Value::under("attach", shown(call, &row, Some(changed))?))
}

fn set_active(call: &mut Call<'_, '_>, active: &'static str) -> Result<Value> {
    let attach = find(call, Act::Update, 403)?;
    let mut row = Map::with_capacity(1);
    row.push("ACTIVE", active);
    noun::update(call, &ATTACH, &FACE, &[attach.number.into()], &row)?;
    Ok(Vec::new().into())
}
