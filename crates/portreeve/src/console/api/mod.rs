//! The console's interface for programs in the browser: JSON under `/api/`, for whoever is signed in.
//!
//! A request that changes something carries the token of the sign-in, which `GET /api/session` tells, in the header
//! `x-portreeve-token`. Errors are `{"error": code, "error_description": text}`, with `"argument": name` where
//! one field is at fault.

mod account;
mod alerts;
mod archive;
mod ask;
mod audit;
mod backup;
mod call;
mod calls;
mod catalogue;
mod deliveries;
mod event_fields;
mod examples;
mod factor;
mod forgot;
mod integrations;
mod kinds;
mod messages;
mod openapi;
mod people;
mod records;
mod roles;
mod sandbox;
mod scenarios;
mod session;
mod settings;
mod statistics;
mod stream;
mod welcome;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{any, delete, get, patch, post, put};

use super::Console;
use crate::api::{answer, json, nowhere, ok, refusal};
pub use ask::language;
pub use refusal::{in_language, refuse};
pub use stream::Streams;

/// Where the database is copied, which may take long.
pub const BACKUP: &str = "/api/backup";

/// What the paths begin with under which methods are called.
pub const CALLS: &str = "/api/call/";

/// Everything under `/api/`.
pub fn router() -> Router<Console> {
    Router::new()
        .route("/api/session", get(session::show).post(session::sign_in).delete(session::sign_out))
        .route("/api/sessions", get(account::sessions).delete(account::end_all))
        .route("/api/sessions/{id}", delete(account::end))
        .route("/api/password", post(account::password))
        .route("/api/factor", get(factor::show).post(factor::begin))
        .route("/api/factor/confirm", post(factor::confirm))
        .route("/api/factor/codes", post(factor::renew))
        .route("/api/factor/off", post(factor::end))
        .route("/api/forgot", post(forgot::ask))
        .route("/api/welcome", post(welcome::accept))
        .route("/api/welcome/look", post(welcome::look))
        .route("/api/users", get(people::list).post(people::create))
        .route("/api/users/{id}", get(people::one).patch(people::change))
        .route("/api/users/{id}/link", post(people::link))
        .route("/api/users/{id}/factor", delete(people::reset_factor))
        .route("/api/roles", get(roles::list).post(roles::create))
        .route("/api/roles/{id}", put(roles::update).delete(roles::delete))
        .route("/api/settings", get(settings::list).put(settings::change))
        .route("/api/alerts", get(alerts::list))
        .route("/api/alerts/test", post(alerts::test))
        .route("/api/alerts/secret", post(alerts::secret))
        .route("/api/audit", get(audit::list))
        .route("/api/sandbox", get(sandbox::show))
        .route("/api/clock", put(sandbox::turn).delete(sandbox::reset))
        .route("/api/faults", get(sandbox::list).post(sandbox::add).delete(sandbox::clear))
        .route("/api/faults/{id}", delete(sandbox::remove))
        .route("/api/fault-codes", get(sandbox::codes))
        .route(BACKUP, post(backup::make))
        .route("/api/call/{method}", post(call::call))
        .route("/api/records/{kind}/{id}", patch(records::change))
        .route("/api/crm/kinds", get(kinds::list))
        .route("/api/catalogue", get(catalogue::show))
        .route("/api/openapi", get(openapi::show))
        .route("/api/openapi/modules", get(openapi::list))
        .route("/api/event-fields", get(event_fields::show))
        .route("/api/scenarios", get(scenarios::list))
        .route("/api/integrations", get(integrations::list).post(integrations::create))
        .route(
            "/api/integrations/{id}",
            get(integrations::one).put(integrations::update).delete(integrations::delete),
        )
        .route("/api/integrations/{id}/active", post(integrations::set_active))
        .route("/api/integrations/{id}/pace", get(integrations::pace_of))
        .route("/api/integrations/{id}/held", get(integrations::held_of))
        .route(
            "/api/integrations/{id}/missed",
            get(integrations::missed_of).post(integrations::replay_missed),
        )
        .route("/api/integrations/{id}/secrets", post(integrations::secrets))
        .route("/api/integrations/{id}/overlap", delete(integrations::end_overlap))
        .route("/api/integrations/{id}/test", post(integrations::test))
        .route("/api/integrations/{id}/example", post(examples::show))
        .route("/api/integrations/{id}/example/archive", post(examples::download))
        .route("/api/deliveries", get(deliveries::list))
        .route("/api/deliveries/summary", get(deliveries::strip))
        .route("/api/deliveries/stream", get(stream::deliveries))
        .route("/api/deliveries/replay", post(deliveries::replay_many))
        .route("/api/deliveries/cancel", post(deliveries::cancel_many))
        .route("/api/deliveries/{id}", get(deliveries::one))
        .route("/api/deliveries/{id}/replay", post(deliveries::replay))
        .route("/api/deliveries/{id}/cancel", post(deliveries::cancel))
        .route("/api/deliveries/{id}/forward", post(deliveries::forward))
        .route("/api/calls", get(calls::list))
        .route("/api/calls/stream", get(calls::live))
        .route("/api/calls/{id}", get(calls::one))
        .route("/api/messages/stream", get(messages::stream))
        .route("/api/statistics", get(statistics::show))
        .route("/api/statistics/methods", get(statistics::methods))
        .route("/api/{*nothing}", any(async || nowhere()))
        .method_not_allowed_fallback(async || {
            refuse(
                StatusCode::METHOD_NOT_ALLOWED,
                "ERROR_METHOD_NOT_ALLOWED",
                "The path does not support this method.",
            )
        })
}
