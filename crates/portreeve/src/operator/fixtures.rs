//! `/fixtures`: contents for a portal that runs, for tests.

use std::sync::Arc;

use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use portal::Portal;
use serde::Serialize;
use tokio::task::spawn_blocking;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::Fault;

use super::Operator;
use crate::api::refusal::Refusal;
use crate::fixtures::{self, LARGEST, Mistake, Ready, Summary, Trouble};

pub fn router() -> OpenApiRouter<Operator> {
    OpenApiRouter::new().routes(routes!(load)).layer(DefaultBodyLimit::max(LARGEST))
}

/// How much was loaded.
#[derive(Serialize, ToSchema)]
struct Loaded {
    /// Settings, and the clock
    settings: usize,
    /// Departments that were made or found
    departments: usize,
    /// Users that were made or changed
    users: usize,
    /// Calls that were made
    records: usize,
}

/// Loads fixtures
///
/// Everything, or nothing. Webhooks, handlers, passwords and other secrets are refused here.
#[utoipa::path(post, path = "/fixtures", operation_id = "loadFixtures", tag = "fixtures",
    request_body(content((String = "application/yaml"), (Object = "application/json"))),
    responses(
        (status = 200, body = Loaded),
        (status = 400, description = "The line of the mistake, what it is about, and what is wrong"),
    ))]
async fn load(State(operator): State<Operator>, source: String) -> Result<Json<Loaded>, Refusal> {
    let portal = operator.portal.clone();
    let loaded = spawn_blocking(move || in_words(brought(&portal, &source))).await;
    let failed = |_| Fault::new(500, "INTERNAL_SERVER_ERROR", "The fixtures could not be loaded.");
    let Summary { settings, departments, users, records, .. } = loaded.map_err(failed)??;
    Ok(Json(Loaded { settings, departments, users, records }))
}

fn brought(portal: &Portal, source: &str) -> Result<Summary, Trouble> {
    let fixtures = fixtures::parse(source)?;
    fixtures::without_secrets(&fixtures)?;
    fixtures::load(portal, Arc::new(Ready::new(fixtures)), |_, _| Ok(()))
}

fn in_words(outcome: Result<Summary, Trouble>) -> portal::Result<Summary> {
    outcome.map_err(|trouble| match trouble {
        Trouble::Mistake(mistake) => refused(&mistake).into(),
        Trouble::Portal(error) => error,
        Trouble::Tried(_) => Fault::core("Nothing was kept.").into(),
    })
}

fn refused(mistake: &Mistake) -> Fault {
    Fault::new(400, "ERROR_FIXTURES", mistake.to_string())
}
