//! Settings of the portal, for administrators.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use portal::meta::Meta;
use portal::seen::{self, Mark};
use portal::settings::{Chosen, Name, Settings, chosen};
use portal::state;
use portal::texts::{Language, Topic};
use serde_json::{Map, Value, json};
use store::Tx;

use super::ask::{Body, Caller};
use super::ok;
use super::refusal::Refusal;
use crate::api::settings::input;
use crate::clock;
use crate::console::Console;
use crate::place::BASE_URL;

/// What tells what somebody saw from what was chosen since; no setting is called so.
const VERSION: &str = "version";

/// `{"settings": [..], "version": ..}`
pub async fn list(State(console): State<Console>, who: Caller) -> Result<Response, Refusal> {
    who.administers()?;
    Ok(ok(&shape(&console, who.1.language).await?))
}

/// Changes those that the body names; null is the usual value. All of them or none. With the `version` that was seen, only
/// if nothing was chosen since.
pub async fn change(
    State(console): State<Console>,
    who: Caller,
    Body(mut wanted): Body<Map<String, Value>>,
) -> Result<Response, Refusal> {
    who.administers()?;
    let version = wanted.remove(VERSION).and_then(|version| version.as_str().map(str::to_owned));
    let wanted = wanted.iter().map(|(name, value)| input(name, value)).collect::<Result<Vec<_>, _>>()?;
    let (core, now) = (Arc::clone(console.portal.core()), clock::now(console.portal.core()));
    let job = move |tx: &mut Tx<'_>| {
        if let Some(version) = &version {
            let chosen = chosen::load(tx)?;
            seen::check(tx, version, &chosen, "setting:%", who.0.user_id)?;
        }
        for (name, value) in &wanted {
            chosen::choose(tx, (&core.started, &core.keys), &who.by(), *name, value.as_deref(), now)?;
        }
        // The commands beside the server print URLs, too.
        let base_url = core.started.under(&chosen::load(tx)?).base_url;
        state::set(tx, BASE_URL, &base_url)?;
        Meta::outdate(tx)
    };
    console.portal.core().store.write(job).await?;
    tracing::info!(by = who.0.user_id, "settings were changed");
    Ok(ok(&shape(&console, who.1.language).await?))
}

async fn shape(console: &Console, language: Language) -> Result<Value, Refusal> {
    let job = |tx: &mut Tx<'_>| Ok::<_, portal::Error>((chosen::load(tx)?, Mark::now(tx)?));
    let (chosen, mark) = console.portal.core().store.read(job).await?;
    let started = &console.portal.core().started;
    let settings = started.under(&chosen);
    let all: Vec<Value> =
        Name::ALL.iter().map(|name| one(*name, (&settings, started), &chosen, language)).collect();
    Ok(json!({"settings": all, VERSION: mark.version(&chosen)}))
}

fn one(
    name: Name,
    (settings, started): (&Settings, &Settings),
    chosen: &Chosen,
    language: Language,
) -> Value {
    let source = if started.given.contains(&name) {
        "flag"
    } else if chosen.iter().any(|(known, _)| *known == name) {
        "console"
    } else {
        "default"
    };
    let mut shape = json!({
        "name": name.code(),
        "value": value(name, settings),
        "default": value(name, started),
        "source": source,
        "kind": kind(name),
        "about": portal::locale(language).text(Topic::Settings, name.about()),
    });
    if name.is_secret() {
        // What is kept is shown to nobody; whether there is something, to administrators.
        shape["set"] = json!(!settings.text(name).is_empty());
    }
    if !name.choices().is_empty() {
        shape["choices"] = json!(name.choices());
    }
    shape
}

fn kind(name: Name) -> &'static str {
    match name {
        Name::BaseUrl => "url",
        Name::Edition
        | Name::Licence
        | Name::Limits
        | Name::Language
        | Name::DateFormat
        | Name::RequireTotp
        | Name::SmtpTls => "choice",
        Name::RetentionDays
        | Name::OutboundPerEmployee
        | Name::SecretOverlap
        | Name::AlertAfter
        | Name::SmtpPort => "number",
        Name::AlertUrl | Name::SmtpPassword => "secret",
        Name::AlertMail => "addresses",
        Name::AlertFormat => "template",
        Name::SmtpHost | Name::SmtpUser | Name::SmtpFrom => "text",
        Name::AllowHandlers => "networks",
        Name::HandlerCa => "certificates",
        Name::TimeZone => "time_zone",
    }
}

fn value(name: Name, settings: &Settings) -> Value {
    match name {
        Name::RetentionDays => settings.retention_days.into(),
        Name::OutboundPerEmployee => settings.outbound_per_employee.into(),
        Name::SecretOverlap => settings.secret_overlap_hours.into(),
        Name::AlertUrl | Name::SmtpPassword => Value::Null,
        Name::AlertAfter => settings.alerts.after.into(),
        Name::AlertMail => settings.alerts.mail.clone().into(),
        Name::SmtpPort => settings.mail.port.into(),
        Name::AllowHandlers => settings.guard.allowed().iter().map(ToString::to_string).collect(),
        _ => settings.text(name).into(),
    }
}
