//! The caller.

use std::net::IpAddr;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use portal::audit::By;
use portal::outbound::manage::Actor;
use portal::texts;
use portal::user::session::Found;
use wire::{Fault, fault};

pub use crate::api::ask::{Body, Id, Query, moment};
use crate::api::refusal::Refusal;
use crate::console::Console;
use crate::console::visit::{SignedIn, TOKEN, Visit, user_of};

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
        match Entrant::from_request_parts(parts, state).await? {
            Entrant { lacks_factor: true, .. } => Err(lacks_factor().into_response()),
            Entrant { caller, .. } => Ok(caller),
        }
    }
}

/// The same for what works before a second factor that the portal asks for is set up: that, and signing out.
pub struct Entrant {
    /// Who it is.
    pub caller: Caller,
    lacks_factor: bool,
}

impl<S> FromRequestParts<S> for Entrant
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
        let SignedIn { user, session, lacks_factor } = found.ok_or_else(unknown)?;
        if !parts.method.is_safe() && !visit.carries(&console.portal.core().keys, visit.session.as_ref()) {
            return Err(foreign().into_response());
        }
        let actor = Actor { user_id: user.id, is_admin: user.is_admin };
        let way = Way { session, address: visit.origin.address, language: language(&parts.headers) };
        Ok(Entrant { caller: Caller(actor, way), lacks_factor })
    }
}

/// What whoever lacks a second factor gets.
fn lacks_factor() -> Refusal {
    let text = "The portal requires two-factor sign-in. Reload the page to set it up.";
    Fault::new(403, "ERROR_FACTOR_REQUIRED", text).into()
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

/// Whether a query asks for one's own alone.
pub fn mine(query: &Query) -> Result<bool, Fault> {
    Ok(query.flag("mine")? == Some(true))
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

    /// The same for a query, which asks for one's own alone with `mine=true`.
    pub fn wants(&self, query: &Query) -> Result<Option<i64>, Fault> {
        Ok(if mine(query)? { Some(self.0.user_id) } else { self.sees() })
    }
}
