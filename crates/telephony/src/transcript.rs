//! `telephony.call.attachTranscription`: what was said in a finished call.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, Method, optional, required, write};
use engine::noun::{self, Access, Face, ID, Noun, field, noun};
use serde_json::json;
use wire::{Fault, Map, Value};

use crate::{SCOPE, live, statistic};

/// Lines of a transcript.
const MOST: usize = 5_000;

/// Transcripts.
pub static TRANSCRIPT: Noun = Noun {
    access: Access::Through("statisticId"),
    fields: &[
        ID,
        field("statisticId", Kind::Noun("telephony.statistic"), "Finished call").required().indexed(),
        field("activityId", Kind::Integer, "Activity").indexed(),
        field("cost", Kind::Decimal(4), "Cost").default("0"),
        field("costCurrency", Kind::String, "Currency of the cost"),
        field("messages", Kind::Json, "What was said"),
    ],
    faces: &[Face { verbs: &[], ..Face::controller("telephony.transcript", "transcript", "transcripts") }],
    ..noun("telephony.transcript", "telephony_transcript", SCOPE, ["transcript", "transcripts"])
};

/// The method.
pub fn method() -> Method {
    use method::Kind::{Any, List, Text};
    let said = json!([
        {"SIDE": "User", "START_TIME": 1, "STOP_TIME": 3, "MESSAGE": "Good afternoon"},
        {"SIDE": "Client", "START_TIME": 4, "STOP_TIME": 7, "MESSAGE": "Hello"},
    ]);
    write("telephony.call.attachTranscription", SCOPE, attach)
        .own_words()
        .about("Attaches a transcript to a finished call and returns its ID.")
        .param(required("CALL_ID", Text, "Call"))
        .param(required(
            "MESSAGES",
            List,
            "SIDE (User or Client), START_TIME, STOP_TIME and MESSAGE of each line",
        ))
        .param(optional("COST", Any, "Cost"))
        .param(optional("COST_CURRENCY", Text, "Currency of the cost"))
        .example(json!({"CALL_ID": crate::DEMO_FINISHED, "MESSAGES": said}), json!({"TRANSCRIPT_ID": "*"}))
}

fn attach(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = match call.param("CALL_ID") {
        Some(_) => live::id_of(call).map_err(|_| Fault::core("CALL_ID should be set"))?,
        None => return Err(Fault::core("CALL_ID should be set").into()),
    };
    let messages = messages(call)?;
    let missing = || Fault::core(format!("Call {id} is not found. Is it finished?"));
    let row = statistic::find(call, &id, Act::Update)?.ok_or_else(missing)?;
    noun::clear(call, &TRANSCRIPT, &[("statisticId", row.number.into())])?;
    let mut fields = Map::with_capacity(5);
    fields.push("statisticId", row.number);
    fields.push("activityId", row.int("crmActivityId"));
    fields.push("cost", call.param("COST").cloned());
    fields.push("costCurrency", call.text("COST_CURRENCY"));
    fields.push("messages", messages);
    let transcript = noun::put(call, &TRANSCRIPT, &fields)?.number;
    statistic::amend(call, &row, [("transcriptId", transcript.into())])?;
    Ok(Value::under("TRANSCRIPT_ID", transcript))
}

/// The lines, each as it is kept.
fn messages(call: &Call<'_, '_>) -> Result<Vec<Value>> {
    let given = call.param("MESSAGES").filter(|given| given.is_array());
    let given = given.ok_or_else(|| Fault::core("MESSAGES should be an array"))?;
    let lines: Vec<Value> =
        given.items().take(MOST).enumerate().map(|(at, line)| message(at, line)).collect::<Result<_>>()?;
    Ok(lines)
}

fn message(at: usize, line: &Value) -> Result<Value> {
    let wrong = |what: &str| Fault::core(format!("MESSAGES[{at}]{what}"));
    let text = |name: &str| line.get(name).and_then(Value::text).unwrap_or_default().into_owned();
    let time = |name: &str| line.get(name).and_then(Value::as_float);
    let side = ["User", "Client"].into_iter().find(|side| side.eq_ignore_ascii_case(&text("SIDE")));
    let side = side.ok_or_else(|| wrong("[SIDE] should be either Client or User"))?;
    let start = time("START_TIME").filter(|start| *start >= 0.0);
    let start = start.ok_or_else(|| wrong("[START_TIME] should be greater or equal to zero"))?;
    let stop = time("STOP_TIME").filter(|stop| *stop > 0.0);
    let stop = stop.ok_or_else(|| wrong("[STOP_TIME] should be greater than zero"))?;
    let said = text("MESSAGE");
    if said.trim().is_empty() {
        return Err(wrong("[MESSAGE] is empty").into());
    }
    let mut map = Map::with_capacity(4);
    map.push("SIDE", side);
    map.push("START_TIME", start);
    map.push("STOP_TIME", stop);
    map.push("MESSAGE", said);
    Ok(map.into_value())
}
