//! `/snapshots` and `/reset`: the whole portal, kept and brought back.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use portal::{Snapshot, moment};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::Fault;

use super::Operator;
use crate::api::ask::Body;
use crate::api::refusal::Refusal;
use crate::snapshot::{self, Target};

pub fn router() -> OpenApiRouter<Operator> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(save, delete)).routes(routes!(reset))
}

/// A snapshot.
#[derive(Serialize, ToSchema)]
struct Saved {
    /// Its name
    name: String,
    /// When it was saved
    saved: String,
    /// Bytes on the disk
    size: u64,
    /// Rows in all tables
    rows: u64,
}

/// All snapshots.
#[derive(Serialize, ToSchema)]
struct AllSaved {
    /// By name
    snapshots: Vec<Saved>,
}

/// What to reset the portal to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// What the portal keeps by itself; start unless a snapshot is named
    to: Option<Own>,
    /// Name of a snapshot
    snapshot: Option<String>,
}

/// What the portal keeps by itself.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Own {
    /// How it was when this server became ready
    Start,
    /// A new portal
    Empty,
    /// A portal with demo data
    Demo,
}

/// What the portal is now.
#[derive(Serialize, ToSchema)]
struct Reset {
    /// The snapshot that was restored
    snapshot: String,
}

/// Lists snapshots by name
#[utoipa::path(get, path = "/snapshots", operation_id = "listSnapshots", tag = "state", responses((status = 200, body = AllSaved)))]
async fn list(State(operator): State<Operator>) -> Result<Json<AllSaved>, Refusal> {
    let portal = operator.portal.clone();
    let all = blocking(move || Ok(portal.snapshots()?)).await?;
    Ok(Json(AllSaved { snapshots: all.iter().map(|one| shown(&operator, one)).collect() }))
}

/// Saves a snapshot, in the place of an earlier one of that name
#[utoipa::path(put, path = "/snapshots/{name}", operation_id = "saveSnapshot", tag = "state", responses(
    (status = 200, body = Saved), (status = 400, description = "That is no name, or there are too many"),
), params(("name" = String, Path, description = "1 to 40 of a-z, 0-9, '-', '_' and '.'")))]
async fn save(State(operator): State<Operator>, Path(name): Path<String>) -> Result<Json<Saved>, Refusal> {
    let (portal, name) = (operator.portal.clone(), snapshot::name(&name)?);
    let saved = blocking(move || snapshot::save(&portal, &name)).await?;
    Ok(Json(shown(&operator, &saved)))
}

/// Deletes a snapshot
#[utoipa::path(delete, path = "/snapshots/{name}", operation_id = "deleteSnapshot", tag = "state", responses(
    (status = 204), (status = 400, description = "That is no name"), (status = 404, description = "There is no such snapshot"),
), params(("name" = String, Path)))]
async fn delete(State(operator): State<Operator>, Path(name): Path<String>) -> Result<StatusCode, Refusal> {
    let (portal, name) = (operator.portal.clone(), snapshot::name(&name)?);
    blocking(move || snapshot::delete(&portal, &name)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Resets the portal: to how it was when this server became ready, unless another state is named
///
/// The whole database is brought back at once, with logs, clock and everything else; calls are before it or after it.
#[utoipa::path(post, path = "/reset", operation_id = "reset", tag = "state", request_body = Wanted, responses(
    (status = 200, body = Reset), (status = 400, description = "Both or something else is named"),
    (status = 404, description = "There is no such snapshot"),
))]
async fn reset(State(operator): State<Operator>, Body(wanted): Body<Wanted>) -> Result<Json<Reset>, Refusal> {
    let target = match (wanted.to, wanted.snapshot) {
        (None | Some(Own::Start), None) => Target::Start,
        (Some(Own::Empty), None) => Target::Empty,
        (Some(Own::Demo), None) => Target::Demo,
        (None, Some(name)) => Target::Saved(snapshot::name(&name)?),
        (Some(_), Some(_)) => {
            return Err(Fault::argument("Name either to or snapshot.".to_owned(), "to").into());
        }
    };
    let (portal, templates) = (operator.portal.clone(), operator.templates.clone());
    let name = blocking(move || snapshot::reach(&portal, &templates, &target)).await?;
    operator.courier.look();
    Ok(Json(Reset { snapshot: name.to_string() }))
}

fn shown(operator: &Operator, one: &Snapshot) -> Saved {
    Saved {
        name: one.name.to_string(),
        saved: moment::print(&operator.portal.core().zone(), snapshot::seconds(one.saved)).to_string(),
        size: one.size,
        rows: one.rows,
    }
}

/// Runs what blocks.
async fn blocking<T: Send + 'static>(
    job: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> Result<T, Refusal> {
    let done = tokio::task::spawn_blocking(job).await;
    let done = done.unwrap_or_else(|error| Err(error.into()));
    done.map_err(|error| match error.downcast::<Fault>() {
        Ok(fault) => fault.into(),
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "a snapshot failed");
            let text = "The snapshot could not be saved or restored; the log says why.";
            Fault::new(500, "ERROR_CORE", text).into()
        }
    })
}
