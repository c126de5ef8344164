//! Polls come into being with what they are attached to, and go with it.

use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Row, Saved};
use wire::{Fault, Map, Value};

use crate::attach::{ATTACH, MESSAGES, POSTS};

/// Answers to one question, at least and at most.
const ANSWERS: (usize, usize) = (2, 10);
/// Letters of a question or an answer.
const LENGTH: usize = 2000;
/// Questions of a poll in a post.
pub const QUESTIONS: usize = 20;

/// A poll as a request describes it.
#[derive(Debug)]
pub struct Plan {
    /// Its questions.
    pub questions: Vec<Question>,
    anonymity: i64,
    options: i64,
}

/// A question.
#[derive(Debug)]
pub struct Question {
    /// What is asked.
    pub text: String,
    /// The answers to choose from.
    pub answers: Vec<String>,
    multiple: bool,
}

fn unfit(text: impl Into<std::borrow::Cow<'static, str>>) -> Fault {
    Fault::new(400, "400", text)
}

impl Plan {
    /// Reads it; it may have so many questions.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(given: &Value, most: usize) -> Result<Self> {
        let empty = || unfit("Please enter a question and answer options");
        let asked: Vec<&Value> = given.get("QUESTIONS").into_iter().flat_map(Value::items).collect();
        if asked.is_empty() {
            return Err(empty().into());
        }
        if asked.len() > most {
            return Err(unfit(format!("Maximum number of questions: {most}")).into());
        }
        let mut questions = Vec::with_capacity(asked.len());
        for question in asked {
            let text = text(question.get("QUESTION"))?;
            let given = question.get("ANSWERS").into_iter().flat_map(Value::items);
            let answers: Vec<String> =
                given.map(|answer| self::text(answer.get("MESSAGE"))).collect::<Result<_>>()?;
            let answers: Vec<String> = answers.into_iter().filter(|answer| !answer.is_empty()).collect();
            if text.is_empty() || answers.is_empty() {
                return Err(empty().into());
            }
            if answers.len() < ANSWERS.0 {
                return Err(unfit(format!("Minimum number of answers: {}", ANSWERS.0)).into());
            }
            if answers.len() > ANSWERS.1 {
                return Err(unfit(format!("Maximum number of answers: {}", ANSWERS.1)).into());
            }
            let multiple = question.get("FIELD_TYPE").and_then(Value::as_int) == Some(1);
            questions.push(Question { text, answers, multiple });
        }
        let flag =
            |name: &str| i64::from(given.get(name).and_then(Value::as_int).is_some_and(|flag| flag & 1 == 1));
        Ok(Plan { questions, anonymity: flag("ANONYMITY"), options: flag("OPTIONS") })
    }

    /// Makes the poll, and gives its number.
    ///
    /// # Errors
    /// Those of the store.
    pub fn make(
        &self,
        call: &mut Call<'_, '_>,
        host: &'static str,
        entity: i64,
        request: &str,
    ) -> Result<i64> {
        let mut row = Map::with_capacity(5);
        row.push("HOST", host);
        row.push("ENTITY_ID", entity);
        row.push("ANONYMITY", self.anonymity);
        row.push("OPTIONS", self.options);
        row.push("TEMPLATE_ID", Some(request).filter(|request| !request.is_empty()));
        let attach = noun::put(call, &ATTACH, &row)?.number;
        for (at, question) in (1_i64..).zip(&self.questions) {
            let sql =
                "INSERT INTO vote_question (attach_id, text, multiple, sort, counter) VALUES (?, ?, ?, ?, 0)";
            let multiple = i64::from(question.multiple);
            let params = [attach.into(), question.text.as_str().into(), multiple.into(), (at * 10).into()];
            let number = call.tx.insert(sql, &params)?;
            let sql = "INSERT INTO vote_answer (attach_id, question_id, text, sort, counter) VALUES (?, ?, ?, ?, 0)";
            for (at, answer) in (1_i64..).zip(&question.answers) {
                let params = [attach.into(), number.into(), answer.as_str().into(), (at * 10).into()];
                call.tx.execute(sql, &params)?;
            }
        }
        Ok(attach)
    }
}

fn text(given: Option<&Value>) -> Result<String> {
    let text = given.and_then(Value::text).unwrap_or_default().trim().to_owned();
    if text.chars().count() > LENGTH {
        return Err(unfit("Failed to save survey data. Please try again").into());
    }
    Ok(text)
}

/// Follows a post that comes with a poll; a new poll takes the place of the one before.
///
/// # Errors
/// What is wrong with the poll.
pub fn follow_post(call: &mut Call<'_, '_>, saved: &Saved<'_>) -> Result<()> {
    let Some(given) = saved.given.get("POLL") else { return Ok(()) };
    let plan = Plan::read(given, QUESTIONS)?;
    drop_of(call, POSTS, saved.row.number)?;
    plan.make(call, POSTS, saved.row.number, "").map(drop)
}

/// Follows a message that is shown as deleted from now on.
///
/// # Errors
/// Those of the store.
pub fn follow_message(call: &mut Call<'_, '_>, saved: &Saved<'_>) -> Result<()> {
    match saved.old.is_some() && saved.row.text("isDeleted") == "Y" {
        true => drop_of(call, MESSAGES, saved.row.number),
        false => Ok(()),
    }
}

/// Follows a message that is gone.
///
/// # Errors
/// Those of the store.
pub fn message_gone(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    drop_of(call, MESSAGES, row.number)
}

/// Follows a post that is gone.
///
/// # Errors
/// Those of the store.
pub fn post_gone(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    drop_of(call, POSTS, row.number)
}

fn drop_of(call: &mut Call<'_, '_>, host: &'static str, entity: i64) -> Result<()> {
    noun::clear(call, &ATTACH, &[("host", host.into()), ("entityId", entity.into())])
}
