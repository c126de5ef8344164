//! The fields whose changes events tell, user fields included: what "only when these fields changed" can be about.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use portal::texts::{Language, Topic};
use portal::{event_fields, locale, modules};
use serde_json::{Value, json};
use store::Tx;

use super::ask::Caller;
use super::ok;
use super::refusal::Refusal;
use crate::console::Console;

/// `{"ONCRMLEADUPDATE": [{"name": "TITLE", "title": "Lead title"}, ..]}`
pub async fn show(State(console): State<Console>, who: Caller) -> Result<Response, Refusal> {
    let core = Arc::clone(console.portal.core());
    let shared = console.portal.core().store.read(move |tx: &mut Tx<'_>| core.current(tx)).await?;
    let of = |name: &str| event_fields::fields_of(modules(), &shared.meta, name);
    let told = modules().events().map(|event| (event.name.clone(), of(&event.name)));
    let shape = told
        .filter(|(_, fields)| !fields.is_empty())
        .map(|(name, fields)| (name, titled(&fields, who.1.language)));
    Ok(ok(&shape.collect::<Value>()))
}

fn titled(fields: &[(String, String)], language: Language) -> Value {
    let locale = locale(language);
    fields
        .iter()
        .map(|(name, title)| json!({"name": name, "title": locale.text(Topic::Fields, title)}))
        .collect()
}
