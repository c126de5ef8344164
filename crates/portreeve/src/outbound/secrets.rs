//! `portreeve outbound reveal` and `rotate`: the application token and the signing secret of one.

use anyhow::{Context, Result};
use jiff::tz::TimeZone;
use portal::audit::Action;
use portal::integration::{self, EditContext, Fresh, Integration, SaveOptions, Shown, Wanted};
use portal::outbound::Secrets;
use portal::{Portal, moment};
use serde_json::{Value, json};
use store::Tx;

use super::find;
use crate::cli::{Format, refusal, say};
use crate::clock;
use crate::hook::in_name_of;

/// Prints them, and notes in the audit log that they were shown.
///
/// # Errors
/// When there is no such webhook, and when its secrets may not be shown.
pub fn reveal(portal: &Portal, id: i64, format: Format) -> Result<()> {
    let whole = find(portal, id)?.whole;
    show(portal, id, whole, format, |_, _, _| Ok(()))
}

/// Gives it new ones and prints them; those of before hold for so many seconds, or as long as the settings say.
///
/// # Errors
/// When there is no such webhook, and while older ones still hold.
pub fn rotate(portal: &Portal, id: i64, overlap: Option<i64>, format: Format) -> Result<()> {
    let whole = find(portal, id)?.whole;
    let overlap = overlap.unwrap_or_else(|| portal.core().settings().secret_overlap_hours * 3600);
    let (fresh, options) =
        (Fresh::random(), SaveOptions { renew_token: true, overlap, ..SaveOptions::default() });
    show(portal, id, whole, format, move |tx, context, whole| {
        integration::update(tx, context, whole.id, &whole.input(), options, &fresh)
    })
}

/// Ends the time in which old ones hold.
///
/// # Errors
/// When there is no such webhook, and when none hold.
pub fn end(portal: &Portal, id: i64) -> Result<()> {
    let whole = find(portal, id)?.whole;
    let (core, now) = (portal.core().clone(), clock::now(portal.core()));
    let job =
        move |tx: &mut Tx<'_>| integration::end_overlap(tx, in_name_of(whole.user_id, &core, now), whole.id);
    portal.core().store.write(job).wait().map_err(refusal)
}

/// Does something, and prints the secrets that there are then.
fn show(
    portal: &Portal,
    id: i64,
    whole: Integration,
    format: Format,
    first: impl Fn(&mut Tx<'_>, EditContext<'_>, &Integration) -> portal::Result<()> + Send + 'static,
) -> Result<()> {
    let (core, now) = (portal.core().clone(), clock::now(portal.core()));
    let job = move |tx: &mut Tx<'_>| {
        let context = in_name_of(whole.user_id, &core, now);
        first(tx, context, &whole)?;
        integration::reveal(tx, context, whole.id, Wanted::Outbound, Action::SecretShown)
    };
    let shown = portal.core().store.write(job).wait().map_err(refusal)?;
    print(id, &shown, &portal.core().zone(), format)
}

fn print(id: i64, shown: &Shown, zone: &TimeZone, format: Format) -> Result<()> {
    let secrets = shown.secrets.as_ref().context("the webhook is gone again")?;
    if format.json {
        say(whole(id, secrets, shown, zone));
        return Ok(());
    }
    tell(id, secrets, format);
    for (name, value) in shown.extras.lines() {
        say(format_args!("header\t{name}: {value}"));
    }
    let Some(old) = &shown.old else { return Ok(()) };
    let until = moment::print(zone, old.until).into_string();
    let (token, signing) = (&old.secrets.application_token, &old.secrets.signing_secret);
    say(format_args!("old_application_token\t{token}\nold_signing_secret\t{signing}\nold_until\t{until}"));
    Ok(())
}

/// Everything that is secret of it.
fn whole(id: i64, secrets: &Secrets, shown: &Shown, zone: &TimeZone) -> Value {
    let mut shape = shape(id, secrets);
    if !shown.extras.is_empty() {
        let headers =
            shown.extras.lines().into_iter().map(|(name, value)| json!({"name": name, "value": value}));
        shape["headers"] = headers.collect();
    }
    if let Some(old) = &shown.old {
        let Secrets { application_token, signing_secret } = &old.secrets;
        let until = moment::print(zone, old.until).into_string();
        shape["old"] =
            json!({"application_token": application_token, "signing_secret": signing_secret, "until": until});
    }
    shape
}

fn shape(id: i64, secrets: &Secrets) -> Value {
    json!({
        "id": id, "application_token": secrets.application_token, "signing_secret": secrets.signing_secret,
    })
}

/// Prints them.
pub fn tell(id: i64, secrets: &Secrets, format: Format) {
    if format.json {
        say(shape(id, secrets));
    } else {
        let Secrets { application_token, signing_secret } = secrets;
        say(format_args!(
            "id\t{id}\napplication_token\t{application_token}\nsigning_secret\t{signing_secret}"
        ));
    }
}
