//! Who looks at a page: cookies, the signed-in user, and the token that ties forms to a browser.

use std::convert::Infallible;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::header::{COOKIE, HeaderValue};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use portal::keys::Keys;
use portal::user::{self, User, session};
use store::Tx;

use super::{Console, Failure, sign_in};
use crate::clock;
use crate::http::Origin;

/// Holds the token of a sign-in.
pub const SESSION: &str = "portreeve_session";
/// Holds a token before there is a sign-in, for the form that makes one.
pub const VISITOR: &str = "portreeve_visitor";

/// Form tokens are hashed as this owner's, so that they can be told from everything else that is hashed.
const FORMS: i64 = -1;

/// A browser.
pub struct Visit {
    /// Where the request came from.
    pub origin: Origin,
    /// The token of its sign-in, which may be over.
    pub session: Option<String>,
    /// The token it has otherwise.
    pub visitor: Option<String>,
}

impl Visit {
    /// What a form of this browser must carry; `None` for a browser that was shown no form yet.
    pub fn form_token(&self, keys: &Keys) -> Option<String> {
        self.session.as_ref().or(self.visitor.as_ref()).map(|token| form_token(keys, token))
    }

    /// The value of a `Set-Cookie` header that sets a cookie for the life of a sign-in, or removes it.
    pub fn cookie(&self, name: &str, token: Option<&str>) -> HeaderValue {
        let age = if token.is_some() { session::LIFETIME } else { 0 };
        let secure = if self.origin.https { "; Secure" } else { "" };
        let token = token.unwrap_or_default();
        let text = format!("{name}={token}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::from_str(&text).expect("names and tokens are letters and digits")
    }
}

/// The form token that belongs to a browser's token.
pub fn form_token(keys: &Keys, token: &str) -> String {
    portal::keys::hex(&keys.lookup(FORMS, token))
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let origin = parts.extensions.get::<Origin>().copied();
        Ok(Visit {
            origin: origin.expect("the server notes the origin of every request"),
            session: cookie(parts, SESSION),
            visitor: cookie(parts, VISITOR),
        })
    }
}

/// A cookie that may be a token of ours.
fn cookie(parts: &Parts, wanted: &str) -> Option<String> {
    let lines = parts.headers.get_all(COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(name, _)| *name == wanted)?;
    let plausible =
        (16..=64).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    plausible.then(|| value.to_owned())
}

/// A signed-in user. A page that asks for one sends everybody else to the sign-in.
pub struct SignedIn {
    /// The user.
    pub user: User,
    /// What the forms on the page carry.
    pub form_token: String,
}

impl<S> FromRequestParts<S> for SignedIn
where
    S: Sync,
    Console: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let console = Console::from_ref(state);
        let Ok(visit) = Visit::from_request_parts(parts, state).await;
        let found = match visit.session {
            Some(token) => user_of(&console, token).await.map_err(IntoResponse::into_response)?,
            None => None,
        };
        found.ok_or_else(|| Redirect::to(&sign_in::path_back_to(parts.uri.path())).into_response())
    }
}

/// The user signed in under a token.
pub async fn user_of(console: &Console, token: String) -> Result<Option<SignedIn>, Failure> {
    let (core, now) = (console.portal.core().clone(), clock::now());
    let job = move |tx: &mut Tx<'_>| {
        let Some(id) = session::find(tx, &core.keys, &token, now)? else { return Ok(None) };
        let form_token = form_token(&core.keys, &token);
        Ok::<_, portal::Error>(user::find(tx, id)?.map(|user| SignedIn { user, form_token }))
    };
    Ok(console.portal.core().store.read(job).await?)
}
