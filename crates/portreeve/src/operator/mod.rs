//! The operator's API: what tests and tools ask of a portal beside its own protocol, on an address of its own. Whoever has the
//! token may read the logs and bend the portal; nobody can make a webhook here, and no secret is ever answered.
//!
//! Each group of paths is a file of handlers, which describe themselves: the OpenAPI document is made of them.

mod calls;
mod clock;
mod deliveries;
mod door;
mod faults;
mod fixtures;
mod state;
mod token;

use std::future::ready;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, HeaderValue};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use portal::Portal;
use tokio::net::TcpListener;
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;

use crate::api::{nowhere, refusal};
use crate::courier::Courier;
use crate::snapshot::Templates;

pub use token::Token;

/// What the handlers share.
#[derive(Clone)]
pub struct Operator {
    portal: Portal,
    courier: Courier,
    token: Arc<Token>,
    templates: Arc<Templates>,
}

impl Operator {
    /// For this portal, whose events this courier delivers. Requests have to carry the token.
    pub fn new(portal: Portal, courier: Courier, token: Token) -> Self {
        Operator { portal, courier, token: Arc::new(token), templates: Arc::default() }
    }
}

#[derive(OpenApi)]
#[openapi(info(
    title = "Portreeve operator's API",
    description = "Reads a portal's logs and bends it, for tests."
))]
struct Description;

/// Answers on this listener, for ever.
pub async fn serve(listener: TcpListener, operator: Operator) {
    if let Err(error) = axum::serve(listener, router(operator)).await {
        tracing::error!(%error, "the operator's API broke down");
    }
}

fn router(operator: Operator) -> Router {
    let (router, mut document) = described().split_for_parts();
    secure(&mut document);
    router
        .route("/openapi.json", get(move || ready(Json(document.clone()))))
        .fallback(async || nowhere())
        .method_not_allowed_fallback(async || {
            let text = "The path does not support this method.";
            refusal::refuse(StatusCode::METHOD_NOT_ALLOWED, "ERROR_METHOD_NOT_ALLOWED", text)
        })
        .layer(from_fn_with_state(operator.clone(), door::checked))
        .layer(from_fn(uncached))
        .with_state(operator)
}

/// All paths.
fn described() -> OpenApiRouter<Operator> {
    OpenApiRouter::with_openapi(Description::openapi())
        .merge(calls::router())
        .merge(deliveries::router())
        .merge(fixtures::router())
        .merge(clock::router())
        .merge(faults::router())
        .merge(state::router())
}

/// Says in the document that every path wants the token.
fn secure(document: &mut utoipa::openapi::OpenApi) {
    let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("token", scheme);
    let required = utoipa::openapi::SecurityRequirement::new("token", std::iter::empty::<String>());
    document.security = Some(vec![required]);
}

async fn uncached(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
