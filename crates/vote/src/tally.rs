//! What a poll consists of, and who chose what.

use std::collections::HashMap;

use engine::call::Call;
use engine::error::Result;
use engine::noun::Row;

/// A question with its answers.
#[derive(Clone, Debug)]
pub struct Question {
    /// Its number.
    pub id: i64,
    /// What is asked.
    pub text: String,
    /// Whether several answers may be chosen.
    pub multiple: bool,
    /// Its place.
    pub sort: i64,
    /// Ballots on which it was answered.
    pub counter: i64,
    /// The answers in their order.
    pub answers: Vec<Answer>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its number.
    pub id: i64,
    /// The text.
    pub text: String,
    /// Its place.
    pub sort: i64,
    /// Ballots on which it was chosen.
    pub counter: i64,
}

impl Answer {
    /// How many of hundred chose it.
    pub fn percent(&self, question: &Question) -> i64 {
        match question.counter {
            0 => 0,
            all => (self.counter * 100 + all / 2) / all,
        }
    }
}

/// The questions of a poll in their order.
///
/// # Errors
/// Those of the store.
pub fn questions(call: &mut Call<'_, '_>, attach: i64) -> Result<Vec<Question>> {
    let sql =
        "SELECT id, text, multiple, sort, counter FROM vote_question WHERE attach_id = ? ORDER BY sort, id";
    let mut questions: Vec<Question> = call.tx.all(sql, &[attach.into()], |row| {
        Ok(Question {
            id: row.int(0)?,
            text: row.opt_text(1)?.unwrap_or_default().to_owned(),
            multiple: row.opt_int(2)? == Some(1),
            sort: row.opt_int(3)?.unwrap_or(0),
            counter: row.opt_int(4)?.unwrap_or(0),
            answers: Vec::new(),
        })
    })?;
    let sql =
        "SELECT id, question_id, text, sort, counter FROM vote_answer WHERE attach_id = ? ORDER BY sort, id";
    call.tx.query(sql, &[attach.into()], |row| {
        let question = row.int(1)?;
        let answer = Answer {
            id: row.int(0)?,
            text: row.opt_text(2)?.unwrap_or_default().to_owned(),
            sort: row.opt_int(3)?.unwrap_or(0),
            counter: row.opt_int(4)?.unwrap_or(0),
        };
        let own = questions.iter_mut().find(|one| one.id == question);
        own.into_iter().for_each(|one| one.answers.push(answer.clone()));
        Ok(())
    })?;
    Ok(questions)
}

/// What somebody chose: question, answer, and the numbers of the ballot and of the choice.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// The question.
    pub question: i64,
    /// The answer.
    pub answer: i64,
    /// The ballot.
    pub ballot: i64,
    /// The choice itself.
    pub id: i64,
}

/// What the caller chose.
///
/// # Errors
/// Those of the store.
pub fn own(call: &mut Call<'_, '_>, attach: i64) -> Result<Vec<Choice>> {
    let sql = "SELECT question_id, answer_id, ballot_id, id FROM vote_choice WHERE attach_id = ? AND user_id = ? ORDER BY id";
    Ok(call.tx.all(sql, &[attach.into(), call.caller.user_id.into()], |row| {
        Ok(Choice { question: row.int(0)?, answer: row.int(1)?, ballot: row.int(2)?, id: row.int(3)? })
    })?)
}

/// Whether the caller has voted.
///
/// # Errors
/// Those of the store.
pub fn has_voted(call: &mut Call<'_, '_>, attach: i64) -> Result<bool> {
    let sql = "SELECT 1 FROM vote_ballot WHERE attach_id = ? AND user_id = ?";
    Ok(call.tx.one(sql, &[attach.into(), call.caller.user_id.into()], |row| row.int(0))?.is_some())
}

/// Who chose what, by the answer, in the order of votes; nothing of an anonymous poll. At most so many of each.
///
/// # Errors
/// Those of the store.
pub fn voters(call: &mut Call<'_, '_>, attach: &Row, most: usize) -> Result<HashMap<i64, Vec<i64>>> {
    let mut voters: HashMap<i64, Vec<i64>> = HashMap::new();
    if attach.int("anonymity") == Some(1) {
        return Ok(voters);
    }
    let sql = "SELECT answer_id, user_id FROM vote_choice WHERE attach_id = ? ORDER BY id";
    call.tx.query(sql, &[attach.number.into()], |row| {
        let of = voters.entry(row.int(0)?).or_default();
        if of.len() < most {
            of.push(row.int(1)?);
        }
        Ok(())
    })?;
    Ok(voters)
}
