//! The caller and the request.

use std::net::IpAddr;

use axum::body::Bytes;
use axum::extract::{FromRef, FromRequest, FromRequestParts, Path, Request};
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use portal::Moment;
use portal::audit::By;
use portal::outbound::manage::Actor;
use portal::texts;
use portal::user::session::Found;
use serde::de::DeserializeOwned;
use wire::{Fault, Limits, Map, Value, fault, form};

use super::nowhere;
use super::refusal::Refusal;
use crate::console::Console;
use crate::console::visit::{SignedIn, TOKEN, Visit, user_of};
use crate::{clock, when};

/// A signed-in user, and how this one asks. For anything but reading, the request also had the token that no
/// other site knows.
#[derive(Clone, Copy)]
pub struct Caller(pub Actor, pub Way);

/// How somebody asks.
#[derive(Clone, Copy)]
pub struct Way {
    /// The sign-in.
    pub session: Found,
    /// From where.
    pub address: IpAddr,
    /// The language that the page is in.
    pub language: texts::Language,
}

impl<S> FromRequestParts<S> for Caller
where
    S: Sync,
    Console: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let console = Console::from_ref(state);
        let Ok(visit) = Visit::from_request_parts(parts, state).await;
        let found = match visit.session.clone() {
            Some(token) => {
                user_of(&console, token).await.map_err(|error| Refusal::from(error).into_response())?
            }
            None => None,
        };
        let unknown = || Refusal::from(Fault::from(fault::NO_AUTH_FOUND)).into_response();
        let SignedIn { user, session } = found.ok_or_else(unknown)?;
        if !parts.method.is_safe() && !visit.carries(&console.portal.core().keys, visit.session.as_ref()) {
            return Err(foreign().into_response());
        }
        let actor = Actor { user_id: user.id, is_admin: user.is_admin };
        Ok(Caller(actor, Way { session, address: visit.origin.address, language: language(&parts.headers) }))
    }
}

/// The language that a page asks for.
pub fn language(headers: &HeaderMap) -> texts::Language {
    let wanted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    wanted.and_then(texts::Language::wanted).unwrap_or_default()
}

/// The language that a page asks for, of whoever is there.
pub struct Language(pub texts::Language);

impl<S: Sync> FromRequestParts<S> for Language {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Language(language(&parts.headers)))
    }
}

/// The answer to a request without the token.
pub fn foreign() -> Refusal {
    Fault::new(403, "INVALID_TOKEN", format!("The header {TOKEN} must hold the token of this session."))
        .into()
}

impl Caller {
    /// Refuses everybody but administrators.
    pub fn administers(&self) -> Result<(), Fault> {
        if self.0.is_admin { Ok(()) } else { Err(fault::ACCESS_DENIED.into()) }
    }

    /// The author for the audit log.
    pub fn by(&self) -> By {
        By { user_id: Some(self.0.user_id), address: Some(self.1.address) }
    }

    /// Whose things are meant where all that one may see are asked for: `None` is everybody's.
    pub fn sees(&self) -> Option<i64> {
        (!self.0.is_admin).then_some(self.0.user_id)
    }
}

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
        if !is_json(request.headers()) {
            let fault = Fault::new(415, "ERROR_CONTENT_TYPE", "The request body must be application/json.");
            return Err(Refusal::from(fault).into_response());
        }
        let body = Bytes::from_request(request, state).await.map_err(IntoResponse::into_response)?;
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

    /// A moment, or how long ago it was.
    pub fn moment(&self, name: &str, console: &Console) -> Result<Option<Moment>, Fault> {
        self.text(name).map(|text| moment(&text, name, console)).transpose()
    }
}

/// A moment, or how long ago it was: see [`when::past`].
pub fn moment(text: &str, name: &str, console: &Console) -> Result<Moment, Fault> {
    let zone = &console.portal.core().zone();
    when::past(zone, text, clock::now(console.portal.core()))
        .map_err(|error| Fault::argument(format!("{error}."), name))
}
