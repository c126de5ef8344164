//! `/clock`: shows, moves and freezes the portal's clock.

use axum::Json;
use axum::extract::State;
use portal::audit::By;
use portal::clock::Turn;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Operator;
use crate::api::ask::Body;
use crate::api::clock::{self, Clock, Turned};
use crate::api::refusal::Refusal;

pub fn router() -> OpenApiRouter<Operator> {
    OpenApiRouter::new().routes(routes!(show, turn, reset))
}

/// Shows the portal's clock
#[utoipa::path(get, path = "/clock", operation_id = "getClock", tag = "clock", responses((status = 200, body = Clock)))]
async fn show(State(operator): State<Operator>) -> Result<Json<Clock>, Refusal> {
    Ok(Json(clock::show(&operator.portal).await?))
}

/// Moves, freezes or thaws the portal's clock
///
/// Deadlines, expiries, retries, limits and jobs of the timetable follow. A frozen clock can be moved, and goes on from where it
/// stands when it thaws.
#[utoipa::path(put, path = "/clock", operation_id = "turnClock", tag = "clock", request_body = Turned,
    responses((status = 200, body = Clock), (status = 400, description = "It cannot be read, or is more than a hundred years away")))]
async fn turn(State(operator): State<Operator>, Body(wanted): Body<Turned>) -> Result<Json<Clock>, Refusal> {
    let turn = wanted.turn(&operator.portal)?;
    Ok(Json(clock::turn(&operator.portal, turn, By::OPERATOR).await?))
}

/// Sets the portal's clock to the machine's time, and has it go on
#[utoipa::path(delete, path = "/clock", operation_id = "resetClock", tag = "clock", responses((status = 200, body = Clock)))]
async fn reset(State(operator): State<Operator>) -> Result<Json<Clock>, Refusal> {
    Ok(Json(clock::turn(&operator.portal, Turn::RESET, By::OPERATOR).await?))
}
