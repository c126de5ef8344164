//! The viewer of a page: cookies, the signed-in user, and the token that ties requests to a browser.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::{COOKIE, HeaderValue, USER_AGENT};
use axum::http::request::Parts;
use portal::Moment;
use portal::keys::Keys;
use portal::user::session::{self, Found};
use portal::user::{self, User, factor};
use store::Tx;
use subtle::ConstantTimeEq;

use super::Console;
use crate::clock;
use crate::http::Origin;

/// Holds the token of a sign-in.
pub const SESSION: &str = "portreeve_session";
/// Holds a token before there is a sign-in, for the request that makes one.
pub const VISITOR: &str = "portreeve_visitor";
/// Holds the token of a browser in which somebody signed in before.
pub const DEVICE: &str = "portreeve_device";
/// The header that every request carries that changes something.
pub const TOKEN: &str = "x-portreeve-token";

/// Page tokens are hashed as this owner's, so that they can be told from everything else that is hashed.
const PAGES: i64 = -1;
/// A sign-in that was used is noted once in so many seconds.
const SEEN_EVERY: i64 = 60;

/// A browser.
pub struct Visit {
    /// Where the request came from.
    pub origin: Origin,
    /// The token of its sign-in, which may be over.
    pub session: Option<String>,
    /// The token it has otherwise.
    pub visitor: Option<String>,
    /// The token by which a browser is known again that was signed in before.
    pub device: Option<String>,
    /// Its User-Agent.
    pub agent: String,
    /// What the request has in the header [`TOKEN`].
    given: Vec<u8>,
}

impl Visit {
    /// Whether the request carries the page token that belongs to one of its cookies, which no other site knows.
    pub fn carries(&self, keys: &Keys, cookie: Option<&String>) -> bool {
        let expected = cookie.map(|token| page_token(keys, token));
        expected.is_some_and(|expected| self.given.ct_eq(expected.as_bytes()).into())
    }

    /// The value of a `Set-Cookie` header that sets a cookie for some seconds, or until the browser is closed.
    pub fn cookie(&self, name: &str, token: &str, seconds: Option<i64>) -> HeaderValue {
        let secure = if self.origin.https { "; Secure" } else { "" };
        let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let name = named(name, self.origin.https);
        let text = format!("{name}={token}; Path=/{age}; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::from_str(&text).expect("names and tokens are letters and digits")
    }

    /// The value of a `Set-Cookie` header that removes a cookie.
    pub fn no_cookie(&self, name: &str) -> HeaderValue {
        self.cookie(name, "", Some(0))
    }
}

/// The page token that belongs to a browser's token.
pub fn page_token(keys: &Keys, token: &str) -> String {
    portal::keys::hex(&keys.lookup(PAGES, token))
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let origin = parts.extensions.get::<Origin>().copied();
        let origin = origin.expect("the server notes the origin of every request");
        let cookie = |name| cookie(parts, &named(name, origin.https));
        let agent = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
        Ok(Visit {
            origin,
            session: cookie(SESSION),
            visitor: cookie(VISITOR),
            device: cookie(DEVICE),
            agent: agent.unwrap_or_default().to_owned(),
            given: parts.headers.get(TOKEN).map(|value| value.as_bytes().to_vec()).unwrap_or_default(),
        })
    }
}

/// The name of a cookie. Over https browsers keep to what its beginning says: it was set by this very host, over https, and
/// for all of its paths, so that no other host of the domain and nobody on the way can have put it there.
fn named(name: &str, https: bool) -> String {
    if https { format!("__Host-{name}") } else { name.to_owned() }
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

/// A signed-in user.
pub struct SignedIn {
    /// The user.
    pub user: User,
    /// The sign-in.
    pub session: Found,
    /// Whether the portal asks for a second factor that the user has not set up: nothing else works until then.
    pub lacks_factor: bool,
}

/// The user signed in under a token. That the sign-in was used is noted now and then, and nobody waits for it.
pub async fn user_of(console: &Console, token: String) -> portal::Result<Option<SignedIn>> {
    let (core, machine) = (console.portal.core().clone(), clock::machine());
    let job = move |tx: &mut Tx<'_>| {
        // Whatever is asked next goes by the settings and the clock of now.
        let shared = core.current(tx)?;
        let now = shared.meta.clock.at(machine);
        let Some(session) = session::find(tx, &core.keys, &token, now)? else { return Ok(None) };
        let Some(user) = user::find(tx, session.user_id)? else { return Ok(None) };
        let asked = shared.settings.require_totp.asks(user.is_admin);
        let lacks_factor = asked && factor::standing(tx, user.id)?.is_none();
        Ok::<_, portal::Error>(Some(SignedIn { user, session, lacks_factor }))
    };
    let (found, now) = (console.portal.core().store.read(job).await?, clock::now(console.portal.core()));
    if let Some(signed_in) = &found
        && now.seconds() - signed_in.session.seen >= SEEN_EVERY
    {
        note_seen(console, signed_in.session, now);
    }
    Ok(found)
}

fn note_seen(console: &Console, session: Found, now: Moment) {
    let noted = console.portal.core().store.write(move |tx: &mut Tx<'_>| session::seen(tx, session, now));
    tokio::spawn(async move {
        let noted: portal::Result<()> = noted.await;
        if let Err(error) = noted {
            tracing::warn!(%error, "that a sign-in was used could not be noted");
        }
    });
}
