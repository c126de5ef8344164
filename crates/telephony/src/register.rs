//! `telephony.externalCall.register`, `show`, `hide` and `searchCrmEntities`: what an exchange tells while a call goes on.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{self, Method, optional, read, required, write};
use engine::moment;
use engine::noun::{self, Row};
use serde_json::json;
use store::Param;
use wire::{Fault, Map, Value, fault};

use crate::crm::{self, NewLead};
use crate::live::{self, CALL};
use crate::{SCOPE, event, line, number, person};

/// How long the same call is taken for the same one, in seconds.
const SAME: i64 = 1_800;

/// The methods.
pub fn methods() -> Vec<Method> {
    let sample = json!({
        "USER_ID": 1, "PHONE_NUMBER": "+4930111002", "TYPE": 2, "CRM_CREATE": 1, "LINE_NUMBER": "+49305550000",
        "EXTERNAL_CALL_ID": "pbx-7",
    });
    let call_id = || required("CALL_ID", method::Kind::Text, "Call");
    let users = || optional("USER_ID", method::Kind::Any, "User, or a list of users");
    vec![
        describe(write("telephony.externalCall.register", SCOPE, register))
            .own_words()
            .about("Registers a call of a telephone exchange, finds or adds the client, and returns its ID.")
            .example(sample, json!({"CALL_ID": "*", "CRM_ENTITY_TYPE": "CONTACT", "CRM_ENTITY_ID": 2})),
        read("telephony.externalCall.show", SCOPE, known)
            .own_words()
            .about("Returns whether a call goes on, for which a card could be shown.")
            .param(call_id())
            .param(users())
            .example(json!({"CALL_ID": crate::DEMO_LIVE}), json!(true)),
        read("telephony.externalCall.hide", SCOPE, known)
            .own_words()
            .about("Returns whether a call goes on, of which a card could be hidden.")
            .param(call_id())
            .param(users())
            .example(json!({"CALL_ID": crate::DEMO_LIVE, "USER_ID": 1}), json!(true)),
        read("telephony.externalCall.searchCrmEntities", SCOPE, crm::search)
            .own_words()
            .about("Finds contacts, companies and leads by a phone number, with who is responsible for each.")
            .param(required("PHONE_NUMBER", method::Kind::Text, "Phone number"))
            .example(
                json!({"PHONE_NUMBER": "+4930111002"}),
                json!([{"CRM_ENTITY_TYPE": "CONTACT", "CRM_ENTITY_ID": 2, "NAME": "*", "ASSIGNED_BY": {"ID": "*"}}]),
            ),
    ]
}

fn describe(method: Method) -> Method {
    use method::Kind::{Flag, Int, Text};
    method
        .param(required("USER_ID", Int, "User, or USER_PHONE_INNER"))
        .param(optional("USER_PHONE_INNER", Text, "Extension of the user"))
        .param(required("PHONE_NUMBER", Text, "Phone number"))
        .param(required("TYPE", Int, "1 outgoing, 2 incoming, 3 redirected, 4 callback, 5 informational"))
        .param(optional("CALL_START_DATE", Text, "Start in ISO 8601; by default now"))
        .param(optional("CRM_CREATE", Flag, "Whether an unknown number adds a lead"))
        .param(optional("CRM_SOURCE", Text, "Source of the lead"))
        .param(optional("CRM_ENTITY_TYPE", Text, "CONTACT, COMPANY or LEAD"))
        .param(optional("CRM_ENTITY_ID", Int, "Item ID"))
        .param(optional("SHOW", Flag, "Whether a card is shown; there is none"))
        .param(optional("ADD_TO_CHAT", Flag, "Whether the employee is told of a missed call"))
        .param(optional("CALL_LIST_ID", Int, "Call list"))
        .param(optional("LINE_NUMBER", Text, "Number of the external line"))
        .param(optional("EXTERNAL_CALL_ID", Text, "ID of the call at the exchange"))
}

/// Refuses webhooks where what the newest documentation keeps for applications is refused.
///
/// # Errors
/// That refusal.
pub fn require_context(call: &Call<'_, '_>) -> Result<()> {
    let refused = call.settings.strict && !call.caller.is_hookless();
    if refused { Err(fault::WRONG_AUTH_TYPE.into()) } else { Ok(()) }
}

/// Whether a type of calls is one of those that come in.
pub fn is_incoming(call_type: i64) -> bool {
    matches!(call_type, 2 | 3)
}

/// What a call is told to be.
struct Asked {
    user: i64,
    call_type: i64,
    start: i64,
    number: String,
    line: Option<String>,
    external: Option<String>,
}

impl Asked {
    fn read(call: &mut Call<'_, '_>) -> Result<Self> {
        if call.id("USER_ID") <= 0 && call.text("USER_PHONE_INNER").is_none() {
            return Err(Fault::core("USER_ID or USER_PHONE_INNER should be set").into());
        }
        let call_type = call.param("TYPE").and_then(Value::as_int).filter(|kind| (1..=5).contains(kind));
        let call_type = call_type.ok_or_else(|| Fault::core("Unknown TYPE"))?;
        let start = match call.text("CALL_START_DATE") {
            Some(text) => read_start(call, &text)?,
            None => call.now.seconds(),
        };
        let number = call.text("PHONE_NUMBER").and_then(|text| number::read(&text));
        let number = number.ok_or_else(|| Fault::core("Unsupported phone number format"))?;
        let user = person::named(call)?;
        let short = |name: &str| call.text(name).map(|text| text.chars().take(255).collect::<String>());
        Ok(Asked {
            user,
            call_type,
            start,
            number,
            line: short("LINE_NUMBER"),
            external: short("EXTERNAL_CALL_ID"),
        })
    }

    /// Its identifier is made of it, so that the same call has the same one wherever it is told.
    fn about(&self, hook: i64) -> String {
        let Asked { user, call_type, number, line, external, .. } = self;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        format!("{hook}|{user}|{number}|{call_type}|{}|{}", text(line), text(external))
    }
}

/// A moment in ISO 8601.
fn read_start(call: &Call<'_, '_>, text: &str) -> Result<i64> {
    let is_iso = text.len() >= 10 && text.as_bytes().get(4) == Some(&b'-');
    let start = moment::parse(&call.caller.zone, text).filter(|_| is_iso);
    Ok(start.ok_or_else(|| Fault::core("CALL_START_DATE should be in the ISO-8601 format"))?)
}

fn register(call: &mut Call<'_, '_>) -> Result<Value> {
    require_context(call)?;
    let asked = Asked::read(call)?;
    if let Some(row) = registered(call, &asked)? {
        return Ok(answer(&row, ""));
    }
    let (client, lead, error) = client(call, &asked)?;
    let id = live::new_id(call, "externalCall", &asked.about(call.caller.hook_id), asked.start)?;
    let mut fields = Map::with_capacity(14);
    fields.push("callId", id);
    fields.push("hookId", call.caller.hook_id);
    fields.push("portalUserId", asked.user);
    fields.push("folded", number::fold(&asked.number));
    fields.push("phoneNumber", asked.number);
    fields.push("callType", asked.call_type);
    fields.push("lineNumber", asked.line);
    fields.push("externalCallId", asked.external);
    fields.push("startDate", asked.start);
    fields.push("crmEntityType", client.map(|(kind, _)| kind));
    fields.push("crmEntityId", client.map(|(_, id)| id));
    fields.push("createdLead", lead);
    fields.push("callListId", call.param("CALL_LIST_ID").and_then(Value::as_int));
    let row = noun::put(call, &CALL, &fields)?;
    event::began(call, &row);
    Ok(answer(&row, &error))
}

/// The same call, registered by the same webhook a short while ago and not finished.
fn registered(call: &mut Call<'_, '_>, asked: &Asked) -> Result<Option<Row>> {
    let mut condition =
        "t.hook_id = ? AND t.portal_user_id = ? AND t.folded = ? AND t.call_type = ? AND t.created > ?"
            .to_owned();
    let mut values: Vec<Param<'static>> = vec![
        call.caller.hook_id.into(),
        asked.user.into(),
        number::fold(&asked.number).into(),
        asked.call_type.into(),
        (call.now.seconds() - SAME).into(),
    ];
    for (column, given) in [("line_number", &asked.line), ("external_call_id", &asked.external)] {
        if let Some(given) = given {
            condition += &format!(" AND t.{column} = ?");
            values.push(given.clone().into());
        }
    }
    let scope = CALL.grant(call, Act::Read)?;
    Ok(noun::select(call, &CALL, &scope, &condition, values, " ORDER BY t.id DESC LIMIT 1")?.pop())
}

/// The client of a call: given, found or added; the lead that was added, and why it was not.
type Found = (Option<(&'static str, i64)>, Option<i64>, String);

fn client(call: &mut Call<'_, '_>, asked: &Asked) -> Result<Found> {
    if let Some(given) = crm::given(call)? {
        return Ok((Some(given), None, String::new()));
    }
    if let Some(found) = crm::find(call, &asked.number)?.first() {
        return Ok((Some((found.kind, found.id)), None, String::new()));
    }
    if !call.flag("CRM_CREATE") || !adds(call, asked)? {
        return Ok((None, None, String::new()));
    }
    let source = call.text("CRM_SOURCE");
    let incoming = is_incoming(asked.call_type);
    let new = NewLead { number: &asked.number, incoming, user: asked.user, source };
    Ok(match crm::add_lead(call, &new)? {
        Ok(lead) => (Some(("LEAD", lead)), Some(lead), String::new()),
        Err(error) => (None, None, error),
    })
}

/// Whether a call over that line adds to the CRM: a line may say that outgoing ones do not.
fn adds(call: &mut Call<'_, '_>, asked: &Asked) -> Result<bool> {
    let Some(line) = asked.line.as_deref().filter(|_| !is_incoming(asked.call_type)) else { return Ok(true) };
    Ok(line::find(call, line)?.is_none_or(|line| line.text("crmAutoCreate") == "Y"))
}

fn answer(row: &Row, error: &str) -> Value {
    let lead = row.int("createdLead");
    let created = lead.map(|lead| {
        let mut map = Map::with_capacity(2);
        map.push("ENTITY_TYPE", "LEAD");
        map.push("ENTITY_ID", lead);
        map.into_value()
    });
    let mut map = Map::with_capacity(6);
    map.push("CALL_ID", row.text("callId"));
    map.push("CRM_CREATED_LEAD", lead);
    map.push("CRM_CREATED_ENTITIES", created.into_iter().collect::<Vec<_>>());
    map.push("CRM_ENTITY_TYPE", row.text("crmEntityType"));
    map.push("CRM_ENTITY_ID", row.int("crmEntityId"));
    if !error.is_empty() {
        map.push("LEAD_CREATION_ERROR", error);
    }
    map.into_value()
}

fn known(call: &mut Call<'_, '_>) -> Result<Value> {
    Ok(live::named(call, Act::Read)?.is_some().into())
}
