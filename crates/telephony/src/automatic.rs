//! Calls that the portal is to make by itself: `voximplant.callback.start` and `voximplant.infocall.*`. An exchange is asked
//! to call back over its external line; over a SIP line, which no provider serves, the call fails, and is in the statistics.

use engine::call::Call;
use engine::error::Result;
use engine::method::{self, Method, required, write};
use engine::noun;
use serde_json::json;
use wire::{Fault, Map, Value};

use crate::event::{self, Callback};
use crate::finish::{self, Outcome};
use crate::live::{self, CALL};
use crate::{SCOPE, crm, line, number, sip, voices};

/// A client is to be called back.
const CALLBACK: i64 = 4;
/// Something is to be told.
const INFORMATION: i64 = 5;

/// The methods.
pub fn methods() -> Vec<Method> {
    use method::Kind::Text;
    let from = || required("FROM_LINE", Text, "Line");
    let to = || required("TO_NUMBER", Text, "Phone number");
    let text = || required("TEXT_TO_PRONOUNCE", Text, "Text that is read out");
    let voice = || method::optional("VOICE", Text, "Voice");
    let answer = || json!({"RESULT": true, "CALL_ID": "*"});
    vec![
        write("voximplant.callback.start", SCOPE, call_back)
            .own_words()
            .about("Has a client called back: over an external line, its exchange is asked to by an event.")
            .param(from())
            .param(to())
            .param(text())
            .param(voice())
            .example(
                json!({"FROM_LINE": "+49305550000", "TO_NUMBER": "+4930111001", "TEXT_TO_PRONOUNCE": "A callback"}),
                answer(),
            ),
        write("voximplant.infocall.startwithtext", SCOPE, inform)
            .own_words()
            .about("Has a text read out to a client. No provider serves the line, so the call fails.")
            .param(from())
            .param(to())
            .param(text())
            .param(voice())
            .example(
                json!({"FROM_LINE": "reg150001", "TO_NUMBER": "+4930111001", "TEXT_TO_PRONOUNCE": "Good afternoon"}),
                answer(),
            ),
        write("voximplant.infocall.startwithsound", SCOPE, inform)
            .own_words()
            .about("Has a sound played to a client. No provider serves the line, so the call fails.")
            .param(from())
            .param(to())
            .param(required("URL", Text, "Address of the sound"))
            .example(
                json!({"FROM_LINE": "reg150001", "TO_NUMBER": "+4930111001", "URL": "https://example.com/a.mp3"}),
                answer(),
            ),
    ]
}

/// The line that a request names, and whether it is an external one with the user who added it.
fn from(call: &mut Call<'_, '_>, complaint: &str) -> Result<(String, Option<i64>)> {
    let name = call.text("FROM_LINE").unwrap_or_default();
    if let Some(row) = line::find(call, &name)? {
        return Ok((name, Some(row.int("createdById").unwrap_or(0))));
    }
    match sip::all(call)?.iter().any(|row| sip::line_id(row) == name) {
        true => Ok((name, None)),
        false => Err(Fault::core(format!("{complaint} {name}")).into()),
    }
}

fn to(call: &Call<'_, '_>) -> Result<String> {
    let number = call.text("TO_NUMBER").and_then(|text| number::read(&text));
    Ok(number.ok_or_else(|| Fault::core("Phone number is not correct"))?)
}

fn call_back(call: &mut Call<'_, '_>) -> Result<Value> {
    let (line, owner) = from(call, "Could not find line")?;
    let number = to(call)?;
    let Some(owner) = owner else { return fail(call, "callback", CALLBACK, &line, &number) };
    let text = call.text("TEXT_TO_PRONOUNCE").unwrap_or_default();
    let voice = call.text("VOICE").filter(|voice| voices::is_one(voice));
    let client = crm::find(call, &number)?.into_iter().next();
    let id = identifier(call, "callback", CALLBACK, &line, &number)?;
    let wanted = Callback {
        id: &id,
        number: &number,
        text: &text,
        voice: voice.as_deref().unwrap_or(voices::USUAL),
        line: &line,
        client: client.as_ref().map(|client| (client.kind, client.id)),
    };
    event::call_back(call, &wanted, owner);
    Ok(started(&id))
}

fn inform(call: &mut Call<'_, '_>) -> Result<Value> {
    if call.text("FROM_LINE").as_deref() == Some("LINK_BASE_NUMBER") {
        return Err(Fault::core("Making infocall using LINK_BASE_NUMBER is not allowed").into());
    }
    let (line, owner) = from(call, "Could not find config for number")?;
    let number = to(call)?;
    // There is no event by which an exchange could be asked to.
    if owner.is_some() {
        return Err(Fault::core("Infocall failure").into());
    }
    if let Some(url) = call.text("URL") {
        crate::record::Address::read(call, &url)?;
    }
    fail(call, "infocall", INFORMATION, &line, &number)
}

fn identifier(call: &mut Call<'_, '_>, prefix: &str, kind: i64, line: &str, number: &str) -> Result<String> {
    let about = format!("{}|{}|{number}|{kind}|{line}", call.caller.hook_id, call.caller.user_id);
    let now = call.now.seconds();
    live::new_id(call, prefix, &about, now)
}

/// A call over a line that no provider serves begins and fails.
fn fail(call: &mut Call<'_, '_>, prefix: &str, kind: i64, line: &str, number: &str) -> Result<Value> {
    let id = identifier(call, prefix, kind, line, number)?;
    let client = crm::find(call, number)?.into_iter().next();
    let (user, now) = (call.caller.user_id, call.now.seconds());
    let mut fields = Map::with_capacity(10);
    fields.push("callId", id.as_str());
    fields.push("hookId", call.caller.hook_id);
    fields.push("portalUserId", user);
    fields.push("phoneNumber", number);
    fields.push("folded", number::fold(number));
    fields.push("callType", kind);
    fields.push("lineNumber", line);
    fields.push("startDate", now);
    fields.push("crmEntityType", client.as_ref().map(|client| client.kind));
    fields.push("crmEntityId", client.as_ref().map(|client| client.id));
    let row = noun::put(call, &CALL, &fields)?;
    event::began(call, &row);
    let outcome = Outcome {
        user,
        duration: 0,
        code: sip::UNCONNECTED.0,
        reason: sip::UNCONNECTED.1.to_owned(),
        cost: Value::Null,
        currency: None,
        vote: None,
        record: None,
        unfit: None,
        tells: false,
    };
    finish::end(call, &row, &outcome)?;
    Ok(started(&id))
}

fn started(id: &str) -> Value {
    let mut map = Map::with_capacity(2);
    map.push("RESULT", true);
    map.push("CALL_ID", id);
    map.into_value()
}
