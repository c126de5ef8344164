//! Signing in and out.

use std::net::IpAddr;

use axum::extract::State;
use axum::http::header::{HeaderValue, RETRY_AFTER, SET_COOKIE};
use axum::http::{StatusCode, Uri};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use maud::{Markup, html};
use portal::Moment;
use portal::limits::{Bucket, Buckets};
use portal::user::{self, session};
use store::Tx;
use tokio::sync::Semaphore;

use super::form::Form;
use super::visit::{SESSION, VISITOR, Visit, form_token, user_of};
use super::{Console, Failure, hooks, page};
use crate::clock;

/// Where it happens.
pub const PATH: &str = "/sign-in";

/// Tries from one address: 30, and one more every ten seconds.
const BY_ADDRESS: Bucket = Bucket { capacity: 30.0, drain: 0.1 };
/// Tries for one e-mail address: 10, and one more every thirty seconds.
const BY_EMAIL: Bucket = Bucket { capacity: 10.0, drain: 1.0 / 30.0 };
/// Seconds after which it is worth another try.
const WAIT: u16 = 30;
/// Passwords checked at once: each takes 19 MiB and some of a processor's time.
const CHECKS: usize = 2;

/// Slows down whoever guesses.
#[derive(Debug)]
pub struct Guard {
    addresses: Buckets,
    emails: Buckets<String>,
    checks: Semaphore,
}

impl Default for Guard {
    fn default() -> Self {
        Guard { addresses: Buckets::default(), emails: Buckets::default(), checks: Semaphore::new(CHECKS) }
    }
}

impl Guard {
    /// Counts a try; false when there were too many.
    fn admit(&self, address: IpAddr, email: &str, now: Moment) -> bool {
        self.addresses.admit(BY_ADDRESS, network(address), now)
            && self.emails.admit(BY_EMAIL, email.to_lowercase(), now)
    }
}

/// Whoever has one IPv6 address has the 2⁶⁴ of its network.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::from((u128::from(v6) >> 64 << 64).to_be_bytes()),
        v4 => v4,
    }
}

/// The sign-in page that leads on to a page of ours.
pub fn path_back_to(path: &str) -> String {
    format!("{PATH}?next={path}")
}

/// Where to go after the sign-in: a path of ours, and nothing that leads elsewhere.
fn next(uri: &Uri) -> &str {
    let given = uri.query().and_then(|query| query.strip_prefix("next=")).unwrap_or_default();
    let own = given.starts_with("/devops/")
        && given.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_".contains(&byte));
    if own { given } else { hooks::LIST }
}

/// The sign-in page; whoever is signed in is led on.
pub async fn page(State(console): State<Console>, visit: Visit, uri: Uri) -> Result<Response, Failure> {
    if let Some(token) = visit.session.clone()
        && user_of(&console, token).await?.is_some()
    {
        return Ok(Redirect::to(next(&uri)).into_response());
    }
    Ok(show(&console, &visit, &uri, StatusCode::OK, "", ""))
}

/// Checks a password and signs in.
pub async fn submit(
    State(console): State<Console>,
    visit: Visit,
    uri: Uri,
    form: Form,
) -> Result<Response, Failure> {
    let (email, now) = (form.text("email"), clock::now());
    // No address is longer; what is longer would only fill the memory of tries.
    let email: String = email.chars().take(254).collect();
    let refuse = |status, text| Ok(show(&console, &visit, &uri, status, &email, text));
    if !console.guard.admit(visit.origin.address, &email, now) {
        tracing::warn!(address = %visit.origin.address, "too many tries to sign in");
        let mut response =
            refuse(StatusCode::TOO_MANY_REQUESTS, "Too many tries. Wait a minute and try again.")?;
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(WAIT));
        return Ok(response);
    }
    let Some(user) = check(&console, email.clone(), form.raw("password")).await? else {
        tracing::warn!(address = %visit.origin.address, "a sign-in failed");
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, "The e-mail address or the password is wrong.");
    };
    let token = begin(&console, user, now).await?;
    tracing::info!(user, address = %visit.origin.address, "signed in");
    let cookies =
        [(SET_COOKIE, visit.cookie(SESSION, Some(&token))), (SET_COOKIE, visit.cookie(VISITOR, None))];
    Ok((AppendHeaders(cookies), Redirect::to(next(&uri))).into_response())
}

/// Signs out; the form's token was checked.
pub async fn sign_out(State(console): State<Console>, visit: Visit, _: Form) -> Result<Response, Failure> {
    let cookie = AppendHeaders([(SET_COOKIE, visit.cookie(SESSION, None))]);
    if let Some(token) = visit.session {
        let core = console.portal.core().clone();
        let job = move |tx: &mut Tx<'_>| session::end(tx, &core.keys, &token);
        console.portal.core().store.write(job).await?;
    }
    Ok((cookie, Redirect::to(PATH)).into_response())
}

/// The user with that address and password.
async fn check(console: &Console, email: String, password: String) -> Result<Option<i64>, Failure> {
    let job = move |tx: &mut Tx<'_>| user::credentials(tx, &email);
    let credentials = console.portal.core().store.read(job).await?;
    let _turn = console.guard.checks.acquire().await;
    let checked = tokio::task::spawn_blocking(move || credentials.check(&password)).await;
    // A panic was logged where it happened; nobody is signed in by it.
    Ok(checked.unwrap_or(None))
}

/// Signs a user in, and forgets sign-ins that are over.
async fn begin(console: &Console, user: i64, now: Moment) -> Result<String, Failure> {
    let (core, token) = (console.portal.core().clone(), session::token());
    let stored = token.clone();
    let job = move |tx: &mut Tx<'_>| {
        session::expire(tx, now)?;
        session::create(tx, &core, user, &stored, now)
    };
    console.portal.core().store.write(job).await?;
    Ok(token)
}

/// The page, for a browser that gets a token of its own with it unless it has one.
fn show(
    console: &Console,
    visit: &Visit,
    uri: &Uri,
    status: StatusCode,
    email: &str,
    complaint: &str,
) -> Response {
    let keys = &console.portal.core().keys;
    let (form_token, cookie) = match visit.form_token(keys) {
        Some(token) => (token, None),
        None => {
            let token = session::token();
            (form_token(keys, &token), Some((SET_COOKIE, visit.cookie(VISITOR, Some(&token)))))
        }
    };
    let body = view(&console.portal.core().settings.base_url, next(uri), &form_token, email, complaint);
    (status, AppendHeaders(cookie), page::whole("Sign in", None, &body)).into_response()
}

fn view(base_url: &str, next: &str, form_token: &str, email: &str, complaint: &str) -> Markup {
    html! {
        form .card.narrow method="post" action=(path_back_to(next)) {
            h1 { "Sign in" }
            p .quiet { (base_url) }
            @if !complaint.is_empty() { p .complaint role="alert" { (complaint) } }
            (page::token(form_token))
            label for="email" { "E-mail" }
            input #email name="email" type="email" value=(email) required autocomplete="username"
                autofocus[email.is_empty()];
            label for="password" { "Password" }
            input #password name="password" type="password" required autocomplete="current-password"
                autofocus[!email.is_empty()];
            button .main { "Sign in" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_elsewhere() {
        let led = |uri: &str| next(&uri.parse().unwrap()).to_owned();
        assert_eq!(led("/sign-in?next=/devops/edit/in-hook/7/"), "/devops/edit/in-hook/7/");
        for uri in [
            "/sign-in",
            "/sign-in?next=//evil.example/devops/",
            "/sign-in?next=https://evil.example/",
            "/sign-in?next=/devops/%0d%0aSet-Cookie:x",
            "/sign-in?next=/devops/../rest/",
            "/sign-in?next=/rest/1/x/",
        ] {
            assert_eq!(led(uri), hooks::LIST, "{uri}");
        }
    }

    #[test]
    fn guessing_is_slowed_down_by_address_and_by_email() {
        let (guard, now) = (Guard::default(), Moment(0));
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        let tries = |from: &dyn Fn(usize) -> IpAddr, email: &dyn Fn(usize) -> String| {
            (0..100).take_while(|number| guard.admit(from(*number), &email(*number), now)).count()
        };
        let everywhere = |number: usize| address(&format!("10.0.0.{number}"));
        assert_eq!(tries(&everywhere, &|_| "ada@example.com".into()), 10);
        assert!(!guard.admit(address("10.0.1.1"), "ADA@example.com", now));
        let one_network = |number: usize| address(&format!("2001:db8::{number}"));
        assert_eq!(tries(&one_network, &|number| format!("{number}@example.com")), 30);
        assert!(guard.admit(address("2001:db8:0:1::1"), "0@example.com", now));
    }
}
