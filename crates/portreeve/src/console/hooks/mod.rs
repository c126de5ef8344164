//! A user's own inbound webhooks, and the page that lists what a user has.

mod draft;
mod view;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use portal::hooks::{self, Hook, Secret};
use portal::outbound::manage;
use store::Tx;

use super::form::Form;
use super::visit::SignedIn;
use super::{Console, Failure, outbound, page};
use crate::clock;
use draft::Draft;

/// The list of webhooks, which is the start of the console.
pub const LIST: &str = "/devops/list/";

/// The page of a webhook; 0 is a new one.
pub fn path(id: i64) -> String {
    format!("/devops/edit/in-hook/{id}/")
}

/// All of one's own, the outbound ones after them.
pub async fn list(State(console): State<Console>, who: SignedIn) -> Result<Response, Failure> {
    let owner = who.user.id;
    let job = move |tx: &mut Tx<'_>| {
        portal::Result::Ok((hooks::list(tx, Some(owner))?, manage::list(tx, Some(owner))?))
    };
    let (hooks, outbound) = console.portal.core().store.read(job).await?;
    let zone = &console.portal.core().settings.zone;
    let body = html! { (view::list(&hooks, zone)) (outbound::list(&outbound, zone)) };
    Ok(page::whole("Webhooks", Some(&who), &body).into_response())
}

/// The form of a new one.
pub async fn blank(who: SignedIn) -> Response {
    let body = view::form(&Draft::default(), &who.form_token, None);
    page::whole("New inbound webhook", Some(&who), &body).into_response()
}

/// Makes one, and leads to its page.
pub async fn create(State(console): State<Console>, who: SignedIn, form: Form) -> Result<Response, Failure> {
    let (core, now) = (console.portal.core().clone(), clock::now());
    let draft = Draft::of(&form);
    let new = match draft.checked(who.user.id, &core.settings.zone, now) {
        Ok(new) => new,
        Err(complaint) => {
            let body = view::form(&draft, &who.form_token, Some(complaint));
            let page = page::whole("New inbound webhook", Some(&who), &body);
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let secret = Secret::random();
    let job = move |tx: &mut Tx<'_>| hooks::create(tx, &core.keys, &new, &secret, now);
    let id = console.portal.core().store.write(job).await?;
    tracing::info!(hook = id, owner = who.user.id, "a webhook was made");
    Ok(Redirect::to(&path(id)).into_response())
}

/// One of one's own, its secret under asterisks.
pub async fn one(
    State(console): State<Console>,
    who: SignedIn,
    Path(id): Path<i64>,
) -> Result<Response, Failure> {
    let Some(hook) = own(&console, &who, id).await? else { return Ok(gone()) };
    Ok(show_one(&console, &who, &hook, None))
}

/// The same with its secret: only a form of that page leads here, so that the URL in the browser's history
/// shows nothing.
pub async fn show(
    State(console): State<Console>,
    who: SignedIn,
    Path(id): Path<i64>,
    _: Form,
) -> Result<Response, Failure> {
    let Some(hook) = own(&console, &who, id).await? else { return Ok(gone()) };
    let (core, owner) = (console.portal.core().clone(), who.user.id);
    let job = move |tx: &mut Tx<'_>| hooks::reveal(tx, &core.keys, id, owner);
    let secret = console.portal.core().store.read(job).await?;
    Ok(show_one(&console, &who, &hook, secret.as_ref()))
}

/// Revokes one; the page asked before.
pub async fn delete(
    State(console): State<Console>,
    who: SignedIn,
    Path(id): Path<i64>,
    _: Form,
) -> Result<Response, Failure> {
    let owner = who.user.id;
    let job = move |tx: &mut Tx<'_>| match hooks::find(tx, id)? {
        Some(hook) if hook.user_id == owner => hooks::revoke(tx, id),
        _ => Ok(false),
    };
    if !console.portal.core().store.write(job).await? {
        return Ok(gone());
    }
    tracing::info!(hook = id, owner, "a webhook was revoked");
    Ok(Redirect::to(LIST).into_response())
}

/// A webhook, if it is the signed-in user's.
async fn own(console: &Console, who: &SignedIn, id: i64) -> Result<Option<Hook>, Failure> {
    let owner = who.user.id;
    let job = move |tx: &mut Tx<'_>| hooks::find(tx, id);
    let found = console.portal.core().store.read(job).await?;
    Ok(found.filter(|hook| hook.user_id == owner))
}

fn show_one(console: &Console, who: &SignedIn, hook: &Hook, secret: Option<&Secret>) -> Response {
    let settings = &console.portal.core().settings;
    let body = view::one(hook, &settings.base_url, secret, &settings.zone, &who.form_token);
    page::whole(&hook.title, Some(who), &body).into_response()
}

/// Somebody else's webhook is not told from one that does not exist.
fn gone() -> Response {
    page::message(StatusCode::NOT_FOUND, "You have no such webhook; perhaps it was deleted.")
}
