//! `call.followup.*` of REST 3.0: what an AI service makes of calls between employees in chats. Chats here have no calls, so
//! there is nothing to list and no call has a follow-up; requests are checked as they are where there are some.

use engine::call::Call;
use engine::dto::{Dto, Type, described, property};
use engine::error::Result;
use engine::method::{Kind, Method, Param, optional, read, required};
use engine::moment;
use serde_json::json;
use wire::{Fault, Map, Value, exception};

/// The scope of the methods.
const SCOPE: &str = "call";

/// What follow-ups look like.
static DTO: Dto = Dto {
    name: "FollowUpDto",
    properties: &[
        property("callId", Type::Int),
        property("callType", Type::Int),
        property("initiatorId", Type::Int),
        property("startDate", Type::String),
        property("endDate", Type::String),
        property("durationSeconds", Type::Int),
        property("uuid", Type::String),
        property("language", Type::String),
        property("version", Type::Int),
        property("participants", Type::Array),
        property("outcomes", Type::Array),
        property("createdAt", Type::String),
        property("tracks", Type::Array),
        property("transcription", Type::Object),
        property("overview", Type::Object),
        property("summary", Type::Object),
        property("insights", Type::Object),
        property("evaluation", Type::Object),
    ],
};

/// What may be selected of the parts that an AI service makes.
const PARTS: [(&str, &[&str]); 4] = [
    ("transcription", &["language", "segments"]),
    (
        "overview",
        &["topic", "detailedTakeaways", "meetingType", "agenda", "agreements", "actionItems", "meetings"],
    ),
    (
        "insights",
        &[
            "speakerEvaluationAvailable",
            "speakerAnalysis",
            "meetingStrengths",
            "meetingWeaknesses",
            "speechStyleInfluence",
            "engagementLevel",
            "areasOfResponsibility",
            "finalRecommendations",
        ],
    ),
    ("evaluation", &["efficiencyValue", "calendar", "criteria"]),
];

/// How people are named in texts.
const FORMATS: [&str; 3] = ["bb", "html", "none"];

/// The methods.
pub fn methods() -> Vec<Method> {
    let select = || optional("select", Kind::Select, "Fields to return");
    let format = || optional("mentionFormat", Kind::Text, "How people are named in texts: bb, html or none");
    let mut methods = vec![
        read("call.followup.get", SCOPE, get)
            .v3(Some(&DTO))
            .about("Returns the follow-up of a call. There are no calls in chats.")
            .param(required("callId", Kind::Int, "ID of the call"))
            .param(select())
            .param(format()),
        read("call.followup.list", SCOPE, list)
            .v3(Some(&DTO))
            .about("Lists the follow-ups of calls in a period. There are no calls in chats, so the list is empty.")
            .param(period())
            .param(select())
            .param(
                optional("order", Kind::Any, "Order")
                    .with_members(vec![optional("startDate", Kind::Text, "asc or desc")]),
            )
            .param(pagination())
            .param(format())
            .example(
                json!({"filter": {"startDate": {"from": "2026-06-01T00:00:00Z", "to": "2026-06-30T23:59:59Z"}}}),
                json!({"items": [], "hasMore": false, "afterCursor": null}),
            ),
    ];
    methods.extend(described("call.followup", SCOPE, &DTO));
    methods
}

fn period() -> Param {
    required("filter", Kind::Any, "Which calls").with_members(vec![
        required("startDate", Kind::Any, "When they began").with_members(vec![
            required("from", Kind::Text, "Not before that time"),
            required("to", Kind::Text, "Not after that time"),
        ]),
        optional("participantId", Kind::Int, "A user who took part"),
    ])
}

fn pagination() -> Param {
    optional("pagination", Kind::Any, "The page").with_members(vec![
        optional("limit", Kind::Int, "Rows on a page"),
        optional("afterCursor", Kind::Any, "Where the previous page ended").with_members(vec![
            required("startDate", Kind::Text, "Start of its last call"),
            required("id", Kind::Int, "ID of its last call"),
        ]),
    ])
}

/// There is no call that a caller may see; only administrators are told that there is none.
fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    check_common(call)?;
    if call.caller.is_admin {
        return Err(exception::not_found("Call not found").into());
    }
    Err(Fault::new(403, "access_denied", "No access to Follow-up data").into())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    check_common(call)?;
    let param = |name: &str| call.param(name).unwrap_or(&Value::Null);
    check_filter(call, param("filter"))?;
    check_order(param("order"))?;
    check_page(call, param("pagination"))?;
    let nothing = Map::from([
        ("items", Value::List(Vec::new())),
        ("hasMore", false.into()),
        ("afterCursor", Value::Null),
    ]);
    Ok(nothing.into())
}

fn check_common(call: &Call<'_, '_>) -> Result<()> {
    if call.text("mentionFormat").is_some_and(|format| !FORMATS.contains(&format.as_str())) {
        return Err(exception::of_field("mentionFormat", "Allowed values: bb, html, none").into());
    }
    let is_list = |value: &Value| matches!(value, Value::List(_));
    let select = call.param("select").filter(|select| !matches!(select, Value::Null));
    if select.is_none_or(|select| is_list(select) && select.items().all(is_selectable)) {
        return Ok(());
    }
    Err(Fault::new(400, "invalid_select_field", "Invalid field in select").into())
}

fn is_selectable(path: &Value) -> bool {
    let Some(path) = path.as_str() else { return false };
    match path.split_once('.') {
        None => DTO.property(path).is_some(),
        Some((part, name)) => PARTS.iter().any(|(one, names)| *one == part && names.contains(&name)),
    }
}

fn check_filter(call: &Call<'_, '_>, filter: &Value) -> Result<()> {
    let wrong = |why: &'static str| Fault::new(400, "invalid_date_range", why);
    let range = filter.get("startDate").unwrap_or(&Value::Null);
    let moment = |name: &str| moment::parse(&call.caller.zone, range.get(name)?.as_str()?);
    let (Some(from), Some(to)) = (moment("from"), moment("to")) else {
        return Err(wrong("Incorrect date range: both from and to are required").into());
    };
    if from > to {
        return Err(wrong("Incorrect date range: from must not be after to").into());
    }
    match filter.get("participantId") {
        None | Some(Value::Null | Value::Int(_)) => Ok(()),
        Some(_) => Err(exception::request(vec![exception::mistyped("filter.participantId", "int")]).into()),
    }
}

fn check_order(order: &Value) -> Result<()> {
    let fits = |(name, direction): (&str, &Value)| {
        let word = direction.as_str().unwrap_or_default();
        name == "startDate" && (word.eq_ignore_ascii_case("asc") || word.eq_ignore_ascii_case("desc"))
    };
    let is_map = order.is_empty() || matches!(order, Value::Map(_));
    if is_map && order.entries().all(|(name, direction)| fits((&*name, direction))) {
        return Ok(());
    }
    Err(Fault::new(400, "invalid_order", "Incorrect parameter order").into())
}

fn check_page(call: &Call<'_, '_>, page: &Value) -> Result<()> {
    let limit = matches!(page.get("limit"), None | Some(Value::Null | Value::Int(1..)));
    let cursor = page.get("afterCursor").filter(|cursor| !matches!(cursor, Value::Null));
    let ended = |cursor: &Value| {
        let at = cursor.get("startDate").and_then(Value::as_str);
        at.is_some_and(|at| moment::parse(&call.caller.zone, at).is_some())
            && matches!(cursor.get("id"), Some(Value::Int(_)))
    };
    let whole = page.is_empty() || matches!(page, Value::Map(_));
    if whole && limit && cursor.is_none_or(ended) {
        return Ok(());
    }
    Err(Fault::new(400, "invalid_pagination", "Incorrect parameter pagination").into())
}
