//! Finished calls: `voximplant.statistic.get`.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, optional};
use engine::noun::{self, Access, Face, Hooks, ID, Noun, Row, Verb, field, noun};
use serde_json::json;
use store::Param;
use wire::{Map, Value};

use crate::SCOPE;
use crate::rights::OfCalls;

/// What finished calls are written with.
pub const FACE: Face = Face { verbs: &[], ..Face::controller("telephony.statistic", "call", "calls") };

const LIST: Face = Face {
    verbs: &[(Verb::List, "get")],
    beside: true,
    asks: &["filter"],
    params: &[
        (&[Verb::List], optional("SORT", method::Kind::Text, "Field to sort by")),
        (&[Verb::List], optional("ORDER", method::Kind::Text, "ASC or DESC")),
    ],
    samples: || json!({"filter": {"CALL_TYPE": 2, ">CALL_START_DATE": "2026-01-01"}, "SORT": "ID", "ORDER": "DESC"}),
    about: &[(Verb::List, "Lists finished calls by filter, 50 per page.")],
    ..Face::legacy("voximplant.statistic")
};

/// Finished calls.
pub static STATISTIC: Noun = Noun {
    access: Access::Rule(&OfCalls),
    fields: &[
        ID,
        field("portalUserId", Kind::User, "Employee").indexed(),
        field("portalNumber", Kind::String, "Line"),
        field("phoneNumber", Kind::String, "Phone number").indexed(),
        field("callId", Kind::String, "Call").required().unique().indexed(),
        field("externalCallId", Kind::String, "Call at the exchange").indexed(),
        field("callCategory", Kind::String, "Category").default("external"),
        field("callLog", Kind::String, "Log"),
        field("callDuration", Kind::Integer, "Duration in seconds").default("0"),
        field("callStartDate", Kind::DateTime, "Start").indexed(),
        field("callRecordUrl", Kind::Text, "Address of the recording"),
        field("callVote", Kind::Integer, "Rating"),
        field("cost", Kind::Decimal(4), "Cost").default("0"),
        field("costCurrency", Kind::String, "Currency of the cost"),
        field("callFailedCode", Kind::String, "Result code"),
        field("callFailedReason", Kind::String, "Reason of a failure"),
        field("crmEntityType", Kind::String, "Kind of the client"),
        field("crmEntityId", Kind::Integer, "Client"),
        field("crmActivityId", Kind::Integer, "Activity").indexed(),
        field("restAppId", Kind::Integer, "Application"),
        field("restAppName", Kind::String, "Name of the application"),
        field("transcriptId", Kind::Integer, "Transcript"),
        field("transcriptPending", Kind::Char, "Transcript under way").default("N"),
        field("sessionId", Kind::Integer, "Session"),
        field("redialAttempt", Kind::Integer, "Attempts to redial"),
        field("comment", Kind::Text, "Comment"),
        field("recordDuration", Kind::Integer, "Duration of the recording"),
        field("recordFileId", Kind::Integer, "Recording on the drive"),
        field("callType", Kind::Integer, "Type"),
        // The content of the recording, for who keeps a copy.
        field("recordFile", Kind::Integer, "Content of the recording").camel_only(),
        field("createdById", Kind::User, "Registered by").camel_only().indexed(),
    ],
    faces: &[FACE, LIST],
    hooks: &Hook,
    ..noun("telephony.statistic", "telephony_statistic", SCOPE, ["finished call", "finished calls"])
};

struct Hook;

impl Hooks for Hook {
    fn show(&self, _: &mut Call<'_, '_>, _: &Face, rows: &[Row], shown: &mut [Map], _: bool) -> Result<()> {
        for (row, map) in rows.iter().zip(shown) {
            for name in ["COST_CURRENCY", "CALL_FAILED_REASON"] {
                if map.get(name) == Some(&Value::Null) {
                    map.insert(name, "");
                }
            }
            map.insert("RECORD_FILE_ID", row.int("recordFileId"));
        }
        Ok(())
    }
}

/// The finished call with that identifier, as far as the caller may do this to it.
///
/// # Errors
/// Those of the store.
pub fn find(call: &mut Call<'_, '_>, id: &str, act: Act) -> Result<Option<Row>> {
    let scope = STATISTIC.grant(call, act)?;
    Ok(noun::rows(call, &STATISTIC, &scope, &[("callId", Param::from(id.to_owned()))])?.pop())
}

/// Changes a finished call that the caller was found to may change.
///
/// # Errors
/// Those of the store.
pub fn amend<const N: usize>(call: &mut Call<'_, '_>, row: &Row, fields: [(&str, Value); N]) -> Result<()> {
    let fields: Map = fields.into_iter().map(|(name, value)| (name.into(), value)).collect();
    noun::amend(call, &STATISTIC, &FACE, row.number, &fields).map(drop)
}

/// The line of a call, as statistics call it.
pub fn line_of(row: &Row) -> String {
    match row.text("lineNumber") {
        "" => "REST_APP:".to_owned(),
        line => line.to_owned(),
    }
}
