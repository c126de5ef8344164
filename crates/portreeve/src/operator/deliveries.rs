//! `/deliveries`: the log of deliveries to handlers, for tests that assert which events went out.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use portal::Portal;
use portal::outbound::queue;
use portal::texts::Language;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::Tx;
use tokio::time::{Instant, timeout_at};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::Fault;

use super::Operator;
use crate::api::ask::{Body, Query};
use crate::api::deliveries;
use crate::api::refusal::Refusal;
use crate::clock;

/// The longest wait, in milliseconds.
const LONGEST: u32 = 60_000;
/// How often one looks, unless deliveries move before.
const LOOK: Duration = Duration::from_millis(50);

/// What `GET /deliveries` takes.
const PARAMETERS: [&str; 10] =
    ["integration", "event", "state", "status", "object", "search", "since", "until", "before", "limit"];

pub fn router() -> OpenApiRouter<Operator> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(settle))
}

/// Lists deliveries, newest first, each with its last try
///
/// A page may be short, or empty, and not the last: go on while `before` is not null.
#[utoipa::path(get, path = "/deliveries", operation_id = "listDeliveries", tag = "deliveries", responses((status = 200, body = Object)), params(
    ("integration" = Option<i64>, Query, description = "Number of the integration whose handler is meant"),
    ("event" = Option<String>, Query, description = "Name of the event: ONCRMLEADADD"),
    ("state" = Option<String>, Query, description = "waiting, sending, delivered, failed, held or cancelled"),
    ("status" = Option<String>, Query, description = "How the last try was answered: 2xx, 3xx, 4xx, 5xx or none"),
    ("object" = Option<String>, Query, description = "The object that the event is about: lead:17"),
    ("search" = Option<String>, Query, description = "Words in the event's data"),
    ("since" = Option<String>, Query, description = "Moment, or how long ago: 2h"),
    ("until" = Option<String>, Query, description = "Moment, or how long ago: 2h"),
    ("before" = Option<i64>, Query, description = "Only deliveries with a lower number: the next page"),
    ("limit" = Option<i64>, Query, description = "Deliveries on a page, 50 unless given, at most 500"),
))]
async fn list(State(operator): State<Operator>, query: Query) -> Result<Json<Value>, Refusal> {
    query.only(&PARAMETERS)?;
    Ok(Json(deliveries::list(&operator.portal, &query, None, Language::English).await?))
}

/// How long to wait.
#[derive(Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct Patience {
    /// Milliseconds to wait at most, up to 60,000
    timeout_ms: u32,
}

impl Default for Patience {
    fn default() -> Self {
        Patience { timeout_ms: 5_000 }
    }
}

/// Whether deliveries are settled.
#[derive(Serialize, ToSchema)]
struct Settled {
    /// Whether nothing is being sent or due any more
    settled: bool,
    /// Deliveries that still are
    at_work: i64,
}

/// Waits until no delivery is being sent or due
///
/// Retries that are due later are not waited for: move the clock to bring them about.
#[utoipa::path(post, path = "/deliveries/settle", operation_id = "settleDeliveries", tag = "deliveries", request_body = Patience,
    responses((status = 200, body = Settled)))]
async fn settle(
    State(operator): State<Operator>,
    Body(patience): Body<Patience>,
) -> Result<Json<Settled>, Refusal> {
    if patience.timeout_ms > LONGEST {
        let text = format!("timeout_ms must be from 0 to {LONGEST}.");
        return Err(Fault::argument(text, "timeout_ms").into());
    }
    let end = Instant::now() + Duration::from_millis(patience.timeout_ms.into());
    let mut observer = operator.courier.look_on();
    loop {
        let at_work = at_work(&operator.portal).await?;
        if at_work == 0 || Instant::now() >= end {
            return Ok(Json(Settled { settled: at_work == 0, at_work }));
        }
        let moved = timeout_at(end, observer.wait(LOOK)).await;
        if moved == Ok(false) {
            return Ok(Json(Settled { settled: false, at_work }));
        }
    }
}

async fn at_work(portal: &Portal) -> portal::Result<i64> {
    let now = clock::now(portal.core());
    portal.core().store.read(move |tx: &mut Tx<'_>| queue::at_work(tx, now)).await
}
