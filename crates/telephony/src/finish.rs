//! `telephony.externalCall.finish`: a call goes into the statistics, and becomes an activity of the client.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{self, Method, optional, required, write};
use engine::noun::{self, Row};
use serde_json::json;
use store::Param;
use wire::{Fault, Map, Value};

use crate::crm::{self, Talk};
use crate::live::{self, CALL};
use crate::record::{self, Address};
use crate::register::{is_incoming, require_context};
use crate::saying::{self, said};
use crate::statistic::{self, STATISTIC};
use crate::{SCOPE, event, person};

/// The codes that a call may end with.
const CODES: [&str; 13] =
    ["200", "304", "603", "603-S", "403", "404", "486", "484", "503", "480", "402", "423", "OTHER"];

/// The longest call, in seconds.
const LONGEST: i64 = 31 * 24 * 3_600;

/// The method.
pub fn method() -> Method {
    use method::Kind::{Any, Flag, Int, Text};
    write("telephony.externalCall.finish", SCOPE, finish)
        .own_words()
        .about("Finishes a call: it goes into the statistics, and becomes an activity of the client.")
        .param(required("CALL_ID", Text, "Call"))
        .param(required("USER_ID", Int, "User, or USER_PHONE_INNER"))
        .param(optional("USER_PHONE_INNER", Text, "Extension of the user"))
        .param(optional("DURATION", Int, "Duration in seconds"))
        .param(optional("COST", Any, "Cost"))
        .param(optional("COST_CURRENCY", Text, "Currency of the cost"))
        .param(optional("STATUS_CODE", Text, "Result code; by default 200, or 304 of a call without a duration"))
        .param(optional("FAILED_REASON", Text, "Reason of a failure"))
        .param(optional("RECORD_URL", Text, "Address of the recording"))
        .param(optional("VOTE", Int, "Rating from 1 to 5"))
        .param(optional("ADD_TO_CHAT", Flag, "Whether the employee is told of a missed call"))
        .example(
            json!({"CALL_ID": crate::DEMO_LIVE, "USER_ID": 1, "DURATION": 61, "VOTE": 5}),
            json!({"CALL_DURATION": 61, "CALL_STATUS": 1, "CALL_FAILED_CODE": "200", "CRM_ENTITY_TYPE": "CONTACT"}),
        )
}

/// How a call ended.
pub struct Outcome {
    /// Who had it.
    pub user: i64,
    /// Its seconds.
    pub duration: i64,
    /// One of the result codes.
    pub code: &'static str,
    /// Why it failed.
    pub reason: String,
    /// What it cost.
    pub cost: Value,
    /// In which currency.
    pub currency: Option<String>,
    /// How it was rated.
    pub vote: Option<i64>,
    /// Where the exchange keeps the recording.
    pub record: Option<Address>,
    /// Why the address that was given is not kept.
    pub unfit: Option<String>,
    /// Whether the employee is told when nobody answered.
    pub tells: bool,
}

impl Outcome {
    fn read(call: &mut Call<'_, '_>) -> Result<Self> {
        let duration = call.param("DURATION").and_then(Value::as_int).unwrap_or(0).clamp(0, LONGEST);
        let usual = if duration > 0 { "200" } else { "304" };
        let code = call.text("STATUS_CODE").map_or(usual, |code| {
            CODES.into_iter().find(|known| known.eq_ignore_ascii_case(code.trim())).unwrap_or("OTHER")
        });
        let record = call.text("RECORD_URL").map(|url| Address::read(call, &url));
        let (record, unfit) = match record {
            Some(Ok(address)) => (Some(address), None),
            // The call counts all the same.
            Some(Err(error)) => (None, Some(error.into_fault().message.into_owned())),
            None => (None, None),
        };
        Ok(Outcome {
            user: person::named(call)?,
            duration,
            code,
            reason: call.text("FAILED_REASON").unwrap_or_default(),
            cost: call.param("COST").cloned().unwrap_or_default(),
            currency: call.text("COST_CURRENCY").map(|code| code.chars().take(3).collect()),
            vote: call.param("VOTE").and_then(Value::as_int).filter(|vote| (1..=5).contains(vote)),
            record,
            unfit,
            tells: call.param("ADD_TO_CHAT").and_then(Value::as_flag).unwrap_or(true),
        })
    }

    /// Whether nobody answered.
    fn is_missed(&self) -> bool {
        self.code != "200"
    }
}

fn finish(call: &mut Call<'_, '_>) -> Result<Value> {
    require_context(call)?;
    let id = live::id_of(call)?;
    let Some(row) = live::named(call, Act::Update)? else {
        // An exchange that did not hear the answer asks again.
        return match statistic::find(call, &id, Act::Update)? {
            Some(row) => Ok(answer(call, &row, &[])),
            None => {
                Err(Fault::core("Call is not found (call should be registered prior to finishing)").into())
            }
        };
    };
    let outcome = Outcome::read(call)?;
    let (row, errors) = end(call, &row, &outcome)?;
    Ok(answer(call, &row, &errors))
}

/// Ends a call that goes on; gives it as it is in the statistics, and what did not work.
///
/// # Errors
/// Those of the store.
pub fn end(call: &mut Call<'_, '_>, row: &Row, outcome: &Outcome) -> Result<(Row, Vec<String>)> {
    let mut errors: Vec<String> = outcome.unfit.iter().cloned().collect();
    if let Some(lead) = row.int("createdLead").filter(|_| row.int("portalUserId") != Some(outcome.user)) {
        crm::hand_over(call, lead, outcome.user)?;
    }
    let activity = match (crm::kind(row.text("crmEntityType")), row.int("crmEntityId")) {
        (Some(kind), Some(id)) => match activity(call, row, outcome, (kind, id))? {
            Ok(activity) => Some(activity),
            Err(error) => {
                errors.push(error);
                None
            }
        },
        _ => None,
    };
    let fields = fields(row, outcome, activity);
    noun::clear(call, &CALL, &[("id", Param::from(row.number))])?;
    let kept = noun::put(call, &STATISTIC, &fields)?;
    if outcome.tells && outcome.is_missed() && is_incoming(row.int("callType").unwrap_or(0)) {
        tell(call, &kept)?;
    }
    event::ended(call, &kept);
    Ok((kept, errors))
}

fn activity(
    call: &mut Call<'_, '_>,
    row: &Row,
    outcome: &Outcome,
    client: (&str, i64),
) -> Result<std::result::Result<i64, String>> {
    let talk = Talk {
        call_id: row.text("callId"),
        number: row.text("phoneNumber"),
        incoming: is_incoming(row.int("callType").unwrap_or(0)),
        user: outcome.user,
        client,
        time: (row.int("startDate").unwrap_or(0), outcome.duration),
        missed: outcome.is_missed(),
        reason: &outcome.reason,
    };
    crm::add_activity(call, &talk)
}

fn fields(row: &Row, outcome: &Outcome, activity: Option<i64>) -> Map {
    let text = |name: &str| Value::from(row.text(name));
    let mut fields = Map::with_capacity(20);
    fields.push("portalUserId", outcome.user);
    fields.push("portalNumber", statistic::line_of(row));
    fields.push("phoneNumber", text("phoneNumber"));
    fields.push("callId", text("callId"));
    fields.push("externalCallId", text("externalCallId"));
    fields.push("callDuration", outcome.duration);
    fields.push("callStartDate", row.int("startDate"));
    fields.push("callRecordUrl", outcome.record.as_ref().map(Address::as_str));
    fields.push("callVote", outcome.vote);
    fields.push("cost", outcome.cost.clone());
    fields.push("costCurrency", outcome.currency.clone());
    fields.push("callFailedCode", outcome.code);
    fields.push("callFailedReason", outcome.reason.as_str());
    fields.push("crmEntityType", text("crmEntityType"));
    fields.push("crmEntityId", row.int("crmEntityId"));
    fields.push("crmActivityId", activity);
    fields.push("callType", row.int("callType"));
    fields.push("createdById", row.int("createdById"));
    fields
}

/// Tells the employee of a call that nobody answered.
fn tell(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    let user = row.int("portalUserId").unwrap_or(0);
    let mut given = Map::with_capacity(6);
    given.push("USER_ID", user);
    given.push("AUTHOR_ID", 0);
    // From the system.
    given.push("TYPE", 4);
    given.push("MESSAGE", said(call, saying::MISSED, row.text("phoneNumber")));
    given.push("MODULE", "voximplant");
    given.push("EVENT", "missed_call");
    given.push("TAG", format!("VOXIMPLANT|{user}|{}", row.text("callId")));
    noun::put_there(call, "im.notification", &given)
}

fn answer(call: &Call<'_, '_>, row: &Row, errors: &[String]) -> Value {
    let number = |name: &str| row.int(name);
    let mut map = Map::with_capacity(22);
    map.push("CALL_ID", row.text("callId"));
    map.push("EXTERNAL_CALL_ID", Some(row.text("externalCallId")).filter(|id| !id.is_empty()));
    map.push("PORTAL_USER_ID", number("portalUserId"));
    map.push("PHONE_NUMBER", row.text("phoneNumber"));
    map.push("PORTAL_NUMBER", row.text("portalNumber"));
    map.push("INCOMING", number("callType").unwrap_or(0).to_string());
    map.push("CALL_DURATION", number("callDuration").unwrap_or(0));
    let start = number("callStartDate").unwrap_or(0);
    map.push("CALL_START_DATE", engine::moment::print(&call.caller.zone, start));
    map.push("CALL_STATUS", i64::from(row.text("callFailedCode") == "200"));
    map.push("CALL_VOTE", number("callVote"));
    map.push("COST", row.decimal("cost").map(|cost| cost.to_string().parse::<f64>().unwrap_or(0.0)));
    map.push("COST_CURRENCY", row.text("costCurrency"));
    map.push("CALL_FAILED_CODE", row.text("callFailedCode"));
    map.push("CALL_FAILED_REASON", row.text("callFailedReason"));
    map.push("CALL_RECORD_URL", record::address_of(row));
    map.push("REST_APP_ID", number("restAppId"));
    map.push("REST_APP_NAME", Value::Null);
    map.push("CRM_ACTIVITY_ID", number("crmActivityId"));
    map.push("COMMENT", Value::Null);
    map.push("CRM_ENTITY_TYPE", row.text("crmEntityType"));
    map.push("CRM_ENTITY_ID", number("crmEntityId"));
    map.push("ID", row.number);
    if !errors.is_empty() {
        let errors = errors.iter().map(|error| Value::from(error.as_str())).collect::<Vec<_>>();
        map.push("ERRORS", Value::under("CRM", errors));
    }
    map.into_value()
}
