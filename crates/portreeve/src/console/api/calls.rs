//! The log of calls.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use portal::calls::Filter;
use portal::texts::Language;

use super::ask::{Caller, Id, Query};
use super::refusal::Refusal;
use super::stream::{self, Look};
use crate::api::calls::{self, Call, Calls};
use crate::console::Console;
use crate::console::visit::{SignedIn, Visit};

/// A page. Administrators see all calls, employees those by their own webhooks.
pub async fn list(State(console): State<Console>, who: Caller, query: Query) -> Result<Json<Calls>, Refusal> {
    let limit = query.limit()?;
    let filter = calls::filter(&query, who.sees(), &console.portal)?;
    Ok(Json(calls::page(&console.portal, filter, limit, who.1.language).await?))
}

/// One call.
pub async fn one(State(console): State<Console>, who: Caller, Id(id): Id) -> Result<Json<Call>, Refusal> {
    Ok(Json(calls::one(&console.portal, id, who.sees(), who.1.language).await?))
}

/// `event: calls` with the first page of what [`list`] gives for the same query.
pub async fn live(
    State(console): State<Console>,
    who: Caller,
    visit: Visit,
    query: Query,
) -> Result<Response, Refusal> {
    let limit = query.limit()?;
    let filter = calls::filter(&query, None, &console.portal)?;
    stream::open(console, who.0.user_id, visit, Live { filter, limit, language: who.1.language })
}

struct Live {
    filter: Filter,
    limit: usize,
    language: Language,
}

impl Look for Live {
    const EVENT: &'static str = "calls";
    const TICK: Duration = Duration::from_secs(1);

    async fn page(&self, console: &Console, who: SignedIn) -> Option<String> {
        let owner = (!who.user.is_admin).then_some(who.user.id);
        let filter = Filter { owner, ..self.filter.clone() };
        let page = calls::page(&console.portal, filter, self.limit, self.language).await.ok()?;
        serde_json::to_string(&page).ok()
    }
}
