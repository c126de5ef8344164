//! Code that calls a method through an integration's inbound webhook, or takes events of its outbound one.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use portal::audit::Action;
use portal::describe::example::{Ask, File, Handler, Language, SECRET, TOKEN};
use portal::hooks::Secret;
use portal::integration::{self, Integration, Shown};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Tx;
use wire::Fault;

use super::ask::{Body, Caller, Id};
use super::integrations::context;
use super::refusal::Refusal;
use super::{archive, ok};
use crate::clock;
use crate::console::Console;
use crate::hook::url;

/// Which example is wanted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    language: String,
    /// The called method; unused for handlers.
    #[serde(default)]
    method: String,
    /// Names and values in the spelling of a form.
    #[serde(default)]
    params: Vec<(String, String)>,
    /// With the integration's own secret instead of what stands for one: for its owner alone.
    #[serde(default)]
    secret: bool,
    /// Code that takes events instead of code that calls.
    #[serde(default)]
    handler: bool,
}

/// `{"files": [{name, text}]}`.
pub async fn show(
    State(console): State<Console>,
    who: Caller,
    Id(id): Id,
    Body(wanted): Body<Wanted>,
) -> Result<Response, Refusal> {
    let files = files(&console, &who, id, &wanted, Action::SecretShown).await?;
    let shape = |file: &File| json!({"name": file.name, "text": file.text});
    Ok(ok(&json!({"files": files.iter().map(shape).collect::<Value>()})))
}

/// The same as an archive to download.
pub async fn download(
    State(console): State<Console>,
    who: Caller,
    Id(id): Id,
    Body(wanted): Body<Wanted>,
) -> Result<Response, Refusal> {
    let files = files(&console, &who, id, &wanted, Action::SecretDownloaded).await?;
    let what = if wanted.handler { "handler" } else { &wanted.method };
    // Letters, digits and dots alone: the method was checked.
    let folder = format!("{}-{}", what.to_ascii_lowercase().replace('.', "-"), wanted.language);
    let bytes = archive::pack(&folder, &files, clock::now(console.portal.core()))
        .map_err(|error| Fault::core(format!("The archive could not be created: {error}.")))?;
    let named = HeaderValue::from_str(&format!("attachment; filename=\"{folder}.zip\""));
    let named = named.map_err(|_| Fault::core("The archive could not be named."))?;
    let headers = [(CONTENT_TYPE, HeaderValue::from_static("application/zip")), (CONTENT_DISPOSITION, named)];
    Ok((StatusCode::OK, headers, bytes).into_response())
}

/// The files; when they are to hold secrets, that is noted as `action`.
async fn files(
    console: &Console,
    who: &Caller,
    id: i64,
    wanted: &Wanted,
    action: Action,
) -> Result<Vec<File>, Refusal> {
    let names = || Language::ALL.map(Language::name).join(", ");
    let unknown = || Fault::argument(format!("The language must be one of {}.", names()), "language");
    let language = Language::parse(&wanted.language).ok_or_else(unknown)?;
    let (core, now, caller, secret) =
        (Arc::clone(console.portal.core()), clock::now(console.portal.core()), *who, wanted.secret);
    let part = if wanted.handler { integration::Wanted::Outbound } else { integration::Wanted::Inbound };
    let job = move |tx: &mut Tx<'_>| {
        let found = integration::reachable(tx, id, caller.0)?;
        let shown = if secret {
            Some(integration::reveal(tx, context(&caller, &core, now), id, part, action)?)
        } else {
            None
        };
        Ok::<_, portal::Error>((found, shown))
    };
    let store = &console.portal.core().store;
    // Only what is noted needs to be written.
    let (found, shown) = if secret { store.write(job).await? } else { store.read(job).await? };
    if wanted.handler {
        handler(&found, shown, language)
    } else {
        call(console, &found, shown, wanted, language)
    }
}

fn call(
    console: &Console,
    found: &Integration,
    shown: Option<Shown>,
    wanted: &Wanted,
    language: Language,
) -> Result<Vec<File>, Refusal> {
    if found.inbound.is_none() {
        return Err(Fault::argument("The integration has no inbound webhook.", "method").into());
    }
    let secret = shown.and_then(|shown| shown.secret).unwrap_or_else(|| Secret::from(SECRET));
    let webhook = url(&console.portal.core().settings().base_url, found.user_id, &secret);
    Ok(Ask::new(webhook, &wanted.method, &wanted.params)?.files(language))
}

fn handler(found: &Integration, shown: Option<Shown>, language: Language) -> Result<Vec<File>, Refusal> {
    let Some(outbound) = &found.outbound else {
        return Err(Fault::argument("The integration has no outbound webhook.", "handler").into());
    };
    let token = shown.and_then(|shown| shown.secrets).map_or(TOKEN.to_owned(), |own| own.application_token);
    let events: Vec<String> = outbound.events.iter().map(|(event, _)| event.clone()).collect();
    Ok(Handler::new(token, &events).files(language))
}
