//! `/faults`: rules by which calls and deliveries fail.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use portal::audit::By;
use portal::faults::Rule;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Operator;
use crate::api::ask::{Body, Id};
use crate::api::faults::{self, Rules};
use crate::api::refusal::Refusal;
use crate::clock;

pub fn router() -> OpenApiRouter<Operator> {
    OpenApiRouter::new().routes(routes!(list, add, clear)).routes(routes!(remove))
}

/// Lists fault rules, in the order in which they are asked
#[utoipa::path(get, path = "/faults", operation_id = "listFaults", tag = "faults", responses((status = 200, body = Rules)))]
async fn list(State(operator): State<Operator>) -> Result<Json<Rules>, Refusal> {
    Ok(Json(faults::list(&operator.portal).await?))
}

/// Adds a fault rule
///
/// It holds from the next call on, on every node, until it is removed or a server starts.
#[utoipa::path(post, path = "/faults", operation_id = "addFault", tag = "faults", request_body = Rule,
    responses((status = 200, body = Rule), (status = 400, description = "The rule makes no sense, or there are 100")))]
async fn add(State(operator): State<Operator>, Body(rule): Body<Rule>) -> Result<Json<Rule>, Refusal> {
    let now = clock::now(operator.portal.core());
    Ok(Json(operator.portal.add_fault(rule, By::OPERATOR, now).await?))
}

/// Removes all fault rules
#[utoipa::path(delete, path = "/faults", operation_id = "clearFaults", tag = "faults", responses((status = 204)))]
async fn clear(State(operator): State<Operator>) -> Result<StatusCode, Refusal> {
    operator.portal.clear_faults(By::OPERATOR, clock::now(operator.portal.core())).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a fault rule
#[utoipa::path(delete, path = "/faults/{id}", operation_id = "removeFault", tag = "faults", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, description = "There is no such rule")))]
async fn remove(State(operator): State<Operator>, Id(id): Id) -> Result<StatusCode, Refusal> {
    Ok(faults::remove(&operator.portal, id, By::OPERATOR).await?)
}
