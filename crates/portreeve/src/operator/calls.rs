//! `/calls`: the log of calls, for tests that assert what was called.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use portal::calls as log;
use portal::texts::Language;
use store::Tx;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Operator;
use crate::api::ask::{Id, Query};
use crate::api::calls::{self, Call, Calls};
use crate::api::refusal::Refusal;
use crate::usage;

/// What `GET /calls` takes.
const PARAMETERS: [&str; 9] =
    ["method", "integration", "failed", "error", "search", "since", "after", "before", "limit"];

pub fn router() -> OpenApiRouter<Operator> {
    OpenApiRouter::new().routes(routes!(list, clear)).routes(routes!(one))
}

/// Lists calls, newest first
///
/// Every call that was answered before this request is found.
#[utoipa::path(get, path = "/calls", operation_id = "listCalls", tag = "calls", responses((status = 200, body = Calls)), params(
    ("method" = Option<String>, Query, description = "Part of the method's name"),
    ("integration" = Option<i64>, Query, description = "Number of the integration whose webhook was used"),
    ("failed" = Option<bool>, Query, description = "Only those that failed, or only those that did not"),
    ("error" = Option<String>, Query, description = "Only those refused with this error code"),
    ("search" = Option<String>, Query, description = "Words in the parameters"),
    ("since" = Option<String>, Query, description = "Moment, or how long ago: 2h"),
    ("after" = Option<i64>, Query, description = "Only calls with a higher number"),
    ("before" = Option<i64>, Query, description = "Only calls with a lower number: the next page"),
    ("limit" = Option<i64>, Query, description = "Calls on a page, 50 unless given, at most 500"),
))]
async fn list(State(operator): State<Operator>, query: Query) -> Result<Json<Calls>, Refusal> {
    query.only(&PARAMETERS)?;
    let filter = calls::filter(&query, None, &operator.portal)?;
    Ok(Json(calls::page(&operator.portal, filter, query.limit()?, Language::English).await?))
}

/// Shows a call
#[utoipa::path(get, path = "/calls/{id}", operation_id = "getCall", tag = "calls", responses(
    (status = 200, body = Call), (status = 404, description = "There is no such call"),
), params(("id" = i64, Path)))]
async fn one(State(operator): State<Operator>, Id(id): Id) -> Result<Json<Call>, Refusal> {
    Ok(Json(calls::one(&operator.portal, id, None, Language::English).await?))
}

/// Clears the log of calls
#[utoipa::path(delete, path = "/calls", operation_id = "clearCalls", tag = "calls", responses((status = 204)))]
async fn clear(State(operator): State<Operator>) -> Result<StatusCode, Refusal> {
    usage::flush_calls(&operator.portal).await?;
    operator.portal.core().store.write(|tx: &mut Tx<'_>| log::clear(tx)).await?;
    Ok(StatusCode::NO_CONTENT)
}
