//! Polls as answers show them: `vote.AttachedVote.get`, `getMany`, `getWithVoted` and `getAnswerVoted`.

use std::collections::HashMap;

use engine::access::Act;
use engine::call::Call;
use engine::directory::{self, Person};
use engine::error::Result;
use engine::files;
use engine::keys;
use engine::method::{Kind, Method, optional, read, required};
use engine::moment;
use engine::noun::{self, Row};
use serde_json::json;
use wire::{Fault, Map, Value};

use crate::SCOPE;
use crate::attach::ATTACH;
use crate::find::{find, host, named, of, signed};
use crate::tally::{self, Choice, Question};

/// Polls that one answer has at most.
const MANY: usize = 50;
/// People that are named for each answer, by default and at most.
const VOTED: (i64, i64) = (10, 50);

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        named(read("vote.AttachedVote.get", SCOPE, get))
            .about("Returns a poll.")
            .example(json!({"attachId": 1}), json!({"attach": {"ID": 1, "COUNTER": 1}})),
        read("vote.AttachedVote.getMany", SCOPE, get_many)
            .own_words()
            .about("Returns the polls of several messages or posts, 50 at most.")
            .param(required("moduleId", Kind::Text, "im or blog"))
            .param(required("entityType", Kind::Text, "Type of what they are attached to"))
            .param(required("entityId", Kind::List, "Messages or posts, also as entityIds"))
            .example(
                json!({"moduleId": "blog", "entityType": "Bitrix\\Vote\\Attachment\\BlogPostConnector", "entityId": [3]}),
                json!({"items": [{"entityId": 3}]}),
            ),
        named(read("vote.AttachedVote.getWithVoted", SCOPE, get_with_voted))
            .about("Returns a poll with those who voted, by answer.")
            .param(optional("pageSize", Kind::Int, "People to name for each answer, 10 by default and 50 at most"))
            .param(optional("userForMobileFormat", Kind::Flag, "It makes no difference"))
            .example(json!({"attachId": 1}), json!({"attach": {"ID": 1}, "voted": {"1": [{"ID": 1}]}})),
        named(read("vote.AttachedVote.getAnswerVoted", SCOPE, get_answer_voted))
            .about("Lists those who chose an answer.")
            .param(required("answerId", Kind::Id, "Answer"))
            .param(optional("pageNavigation", Kind::Fields, "pageSize and currentPage"))
            .param(optional("userForMobileFormat", Kind::Flag, "It makes no difference"))
            .example(json!({"attachId": 1, "answerId": 1}), json!({"items": [{"ID": 1}]})),
    ]
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let attach = find(call, Act::Read, 400)?;
    Ok(Value::under("attach", shown(call, &attach, None)?))
}

fn get_many(call: &mut Call<'_, '_>) -> Result<Value> {
    let given = call.param("entityIds").or_else(|| call.param("entityId")).cloned().unwrap_or_default();
    let mut entities: Vec<i64> = Vec::new();
    for entity in given.each().map(|entity| entity.as_int().unwrap_or(0)) {
        if !entities.contains(&entity) {
            entities.push(entity);
        }
        if entities.len() > MANY {
            return Err(Fault::crm("Too many entity ids").into());
        }
    }
    let host = call.text("moduleId").and_then(|module| host(&module));
    let scope = ATTACH.grant(call, Act::Read)?;
    let mut items = Vec::with_capacity(entities.len());
    for entity in entities {
        let missing = || Fault::crm(format!("Attach with entityId {entity} not found"));
        let number = match host {
            Some(host) => of(call, host, entity)?.ok_or_else(missing)?,
            None => return Err(missing().into()),
        };
        let found = noun::one(call, &ATTACH, &scope, number)?;
        let denied = || Fault::crm(format!("Attach with entityId {entity} read access denied"));
        let attach = found.ok_or_else(denied)?;
        items.push(Value::from(shown(call, &attach, None)?));
    }
    Ok(Value::under("items", items))
}

fn get_with_voted(call: &mut Call<'_, '_>) -> Result<Value> {
    let attach = find(call, Act::Read, 400)?;
    let size = call.param("pageSize").and_then(Value::as_int).filter(|size| *size > 0).unwrap_or(VOTED.0);
    let most = usize::try_from(size.min(VOTED.1)).unwrap_or(0);
    let voters = tally::voters(call, &attach, most)?;
    let users: Vec<i64> = voters.values().flatten().copied().collect();
    let people = directory::people(call.tx, &users)?;
    let mut answers: Vec<(&i64, &Vec<i64>)> = voters.iter().collect();
    answers.sort_unstable();
    let mut voted = Map::with_capacity(answers.len());
    for (answer, users) in answers {
        let cards: Vec<Value> = users.iter().filter_map(|user| card(call, &people, *user)).collect();
        voted.push(answer.to_string(), cards);
    }
    let mut answer = Map::with_capacity(2);
    answer.push("attach", shown(call, &attach, None)?);
    answer.push("voted", voted.into_value());
    Ok(answer.into())
}

fn get_answer_voted(call: &mut Call<'_, '_>) -> Result<Value> {
    let attach = find(call, Act::Read, 400)?;
    let answer = call.id("answerId");
    let asked = call.fields("pageNavigation");
    let part = |name: &str| asked.get_any_case(name).and_then(Value::as_int).filter(|part| *part > 0);
    let size = part("pageSize").unwrap_or(VOTED.0).min(VOTED.1);
    let skipped = part("currentPage").map_or(0, |page| (page - 1).min(1 << 30) * size);
    let mut users = Vec::new();
    let mut total = 0;
    if attach.int("anonymity") != Some(1) {
        let which = "FROM vote_choice WHERE attach_id = ? AND answer_id = ?";
        let params = [attach.number.into(), answer.into()];
        total = call.tx.one(&format!("SELECT COUNT(*) {which}"), &params, |row| row.int(0))?.unwrap_or(0);
        let sql = format!("SELECT user_id {which} ORDER BY id LIMIT {size} OFFSET {skipped}");
        call.tx.query(&sql, &params, |row| {
            users.push(row.int(0)?);
            Ok(())
        })?;
    }
    let people = directory::people(call.tx, &users)?;
    call.total = Some(total);
    let cards: Vec<Value> = users.into_iter().filter_map(|user| card(call, &people, user)).collect();
    Ok(Value::under("items", cards))
}

/// Somebody who voted.
fn card(call: &Call<'_, '_>, people: &HashMap<i64, Person>, user: i64) -> Option<Value> {
    let person = people.get(&user)?;
    let mut card = Map::with_capacity(4);
    card.push("ID", user);
    card.push("NAME", person.name.as_str());
    card.push(
        "IMAGE",
        person.photo.map_or_else(String::new, |photo| files::link(call.core, photo, call.now)),
    );
    card.push("WORK_POSITION", person.position.as_str());
    Some(card.into())
}

/// A poll as answers show it. The counts that a call has `changed` are numbers, others are text: those of these answers, and of
/// their questions.
///
/// # Errors
/// Those of the store.
pub fn shown(call: &mut Call<'_, '_>, attach: &Row, changed: Option<&[i64]>) -> Result<Map> {
    let number = attach.number;
    let questions = tally::questions(call, number)?;
    let own = tally::own(call, number)?;
    let is_voted = tally::has_voted(call, number)?;
    let is_open = attach.text("active") == "Y";
    let again = attach.int("options").unwrap_or(0);
    let changes = call.caller.is_admin || attach.int("authorId") == Some(call.caller.user_id);
    let stamp = moment::print(&call.caller.zone, attach.int("timestampX").unwrap_or(0));
    let sign = signed(call, number);
    let mark = keys::hex(&call.core.keys.sign(format!("vote result|{number}").as_bytes()));
    let shown: Map = questions
        .iter()
        .map(|one| (one.id.to_string().into(), question(number, one, &stamp, changed).into()))
        .collect();
    let mut map = Map::with_capacity(16);
    map.push("ID", number);
    map.push("VOTE_ID", number);
    map.push("COUNTER", attach.int("counter").unwrap_or(0));
    map.push("QUESTIONS", shown.into_value());
    map.push("ANONYMITY", attach.int("anonymity").unwrap_or(0));
    map.push("OPTIONS", again);
    map.push("userAnswerMap", chosen(&own));
    map.push("canEdit", changes);
    map.push("canVote", is_open && !is_voted);
    map.push("canRevote", is_open && again == 1);
    map.push("isVoted", is_voted);
    map.push("signedAttachId", sign.as_str());
    map.push("resultUrl", format!("/vote-result/{}", &mark[..16]));
    let action =
        "/bitrix/services/main/ajax.php?action=vote.AttachedVote.download&SITE_ID=s1&signedAttachId=";
    map.push("downloadUrl", format!("{action}{sign}"));
    map.push("entityId", attach.int("entityId").unwrap_or(0));
    map.push("isFinished", !is_open);
    Ok(map)
}

/// What somebody chose, by question and answer.
fn chosen(own: &[Choice]) -> Value {
    let mut questions = Map::new();
    for choice in own {
        let mut one = Map::with_capacity(5);
        one.push("EVENT_ID", choice.ballot.to_string());
        one.push("EVENT_QUESTION_ID", choice.ballot.to_string());
        one.push("ANSWER_ID", choice.answer.to_string());
        one.push("ID", choice.id.to_string());
        one.push("MESSAGE", "");
        let key = choice.question.to_string();
        match questions.get_mut(&key) {
            Some(Value::Map(answers)) => answers.push(choice.answer.to_string(), one),
            _ => questions.push(key, Value::under(choice.answer.to_string(), one)),
        }
    }
    questions.into_value()
}

fn question(attach: i64, one: &Question, stamp: &str, changed: Option<&[i64]>) -> Map {
    let count = |count: i64, is_number: bool| match is_number {
        true => Value::from(count),
        false => Value::from(count.to_string()),
    };
    let field = format!("bx_vote_event[{attach}][BALLOT][{}]", one.id);
    let kind = if one.multiple { "1" } else { "0" };
    let mut answers = Map::with_capacity(one.answers.len());
    for answer in &one.answers {
        let mut map = Map::with_capacity(20);
        map.push("ID", answer.id.to_string());
        map.push("ACTIVE", "Y");
        map.push("TIMESTAMP_X", stamp);
        map.push("QUESTION_ID", one.id.to_string());
        map.push("C_SORT", answer.sort.to_string());
        map.push("IMAGE_ID", Value::Null);
        map.push("MESSAGE", answer.text.as_str());
        map.push("MESSAGE_TYPE", "text");
        map.push("COUNTER", count(answer.counter, changed.is_some_and(|ids| ids.contains(&answer.id))));
        map.push("FIELD_TYPE", kind);
        map.push("FIELD_WIDTH", "0");
        map.push("FIELD_HEIGHT", "0");
        map.push("FIELD_PARAM", Value::Null);
        map.push("COLOR", "");
        map.push("REACTION", "");
        map.push("~FIELD_NAME", field.as_str());
        map.push("FIELD_NAME", field.as_str());
        map.push(
            "MESSAGE_FIELD_NAME",
            format!("bx_vote_event[{attach}][MESSAGE][{}][{}]", one.id, answer.id),
        );
        map.push("~PERCENT", answer.percent(one));
        map.push("PERCENT", answer.percent(one));
        answers.push(answer.id.to_string(), map);
    }
    let mut map = Map::with_capacity(16);
    map.push("ID", one.id.to_string());
    map.push("ACTIVE", "Y");
    map.push("TIMESTAMP_X", stamp);
    map.push("VOTE_ID", attach.to_string());
    map.push("C_SORT", one.sort.to_string());
    map.push("COUNTER", count(one.counter, changed.is_some()));
    map.push("QUESTION", one.text.as_str());
    map.push("QUESTION_TYPE", "text");
    map.push("IMAGE_ID", Value::Null);
    map.push("DIAGRAM", "Y");
    map.push("DIAGRAM_TYPE", "histogram");
    map.push("REQUIRED", "N");
    map.push("FIELD_TYPE", kind);
    map.push("FIELD_NAME", field);
    map.push("IMAGE", Value::Null);
    map.push("ANSWERS", answers);
    map
}
