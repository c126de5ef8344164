//! What a request says: the number in its path, its query and its body.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use portal::{Moment, Portal};
use serde::de::DeserializeOwned;
use wire::{Fault, Limits, Map, Value, form};

use super::nowhere;
use super::refusal::Refusal;
use crate::{clock, when};

/// Rows on a page of a log, of deliveries or of calls, unless another number is asked for, and at most.
const PAGE_SIZE: i64 = 50;
const LONGEST_PAGE: i64 = 500;

/// The number in a path.
pub struct Id(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let number = Path::from_request_parts(parts, state).await;
        number.map(|Path(id)| Id(id)).map_err(|_| nowhere())
    }
}

/// A JSON body.
pub struct Body<T>(pub T);

impl<S, T> FromRequest<S> for Body<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let is_json = is_json(request.headers());
        let mut body = Bytes::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        if body.is_empty() {
            // Where nothing has to be said, nothing need be sent.
            body = Bytes::from_static(b"{}");
        } else if !is_json {
            let fault = Fault::new(415, "ERROR_CONTENT_TYPE", "The request body must be application/json.");
            return Err(Refusal::from(fault).into_response());
        }
        let wrong = |error| {
            Refusal::from(Fault::new(
                400,
                "ERROR_ARGUMENT",
                format!("The request body is not valid: {error}."),
            ))
            .into_response()
        };
        serde_json::from_slice(&body).map(Body).map_err(wrong)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let given = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// The parameters of a query.
pub struct Query(Map);

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Query::of(&parts.uri))
    }
}

impl Query {
    fn of(uri: &Uri) -> Self {
        Query(form::decode(uri.query().unwrap_or_default().as_bytes(), &Limits::default()))
    }

    /// Refuses parameters other than these.
    pub fn only(&self, names: &[&str]) -> Result<(), Fault> {
        match self.0.iter().find(|(name, _)| !names.contains(name)) {
            Some((name, _)) => {
                let name: String = name.chars().take(100).collect();
                let text = format!("There is no parameter {name}. Use {}.", names.join(", "));
                Err(Fault::argument(text, &name))
            }
            None => Ok(()),
        }
    }

    /// A text, unless it is missing or empty.
    pub fn text(&self, name: &str) -> Option<String> {
        let text = self.0.get(name).and_then(Value::text)?.trim().to_owned();
        (!text.is_empty()).then_some(text)
    }

    /// A whole number.
    pub fn number(&self, name: &str) -> Result<Option<i64>, Fault> {
        let wrong = |_| Fault::argument(format!("{name} must be an integer."), name);
        self.text(name).map(|text| text.parse().map_err(wrong)).transpose()
    }

    /// How many rows it wants on a page of a log.
    pub fn limit(&self) -> Result<usize, Fault> {
        let limit = self.number("limit")?.unwrap_or(PAGE_SIZE);
        let fits = usize::try_from(limit).ok().filter(|_| (1..=LONGEST_PAGE).contains(&limit));
        fits.ok_or_else(|| Fault::argument(format!("limit must be from 1 to {LONGEST_PAGE}."), "limit"))
    }

    /// Yes or no.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, Fault> {
        let read = |text: String| match text.as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(Fault::argument(format!("{name} must be true or false."), name)),
        };
        self.text(name).map(read).transpose()
    }

    /// A moment, or how long ago it was.
    pub fn moment(&self, name: &str, portal: &Portal) -> Result<Option<Moment>, Fault> {
        self.text(name).map(|text| moment(&text, name, portal)).transpose()
    }
}

/// A moment, or how long ago it was: see [`when::past`].
pub fn moment(text: &str, name: &str, portal: &Portal) -> Result<Moment, Fault> {
    let zone = &portal.core().zone();
    when::past(zone, text, clock::now(portal.core()))
        .map_err(|error| Fault::argument(format!("{error}."), name))
}
