//! `portreeve outbound reveal` and `rotate`: the application token and the signing secret of one.

use anyhow::{Context, Result};
use portal::Portal;
use portal::audit::Action;
use portal::integration::{self, Fresh, Manner, Wanted};
use portal::outbound::Secrets;
use serde_json::json;
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
    let (core, now) = (portal.core().clone(), clock::now());
    let job = move |tx: &mut Tx<'_>| {
        let deed = in_name_of(whole.user_id, &core, now);
        integration::reveal(tx, deed, whole.id, Wanted::Outbound, Action::SecretShown)
    };
    let shown = portal.core().store.write(job).wait().map_err(refusal)?;
    tell(id, &shown.secrets.context("the webhook is gone again")?, format);
    Ok(())
}

/// Gives it new ones, which hold at once, and prints them.
///
/// # Errors
/// When there is no such webhook.
pub fn rotate(portal: &Portal, id: i64, format: Format) -> Result<()> {
    let whole = find(portal, id)?.whole;
    let (core, fresh, now) = (portal.core().clone(), Fresh::random(), clock::now());
    let secrets = fresh.secrets.clone();
    let job = move |tx: &mut Tx<'_>| {
        let manner = Manner { renew_token: true, ..Manner::default() };
        let deed = in_name_of(whole.user_id, &core, now);
        integration::update(tx, deed, whole.id, &whole.wish(), manner, &fresh)
    };
    portal.core().store.write(job).wait().map_err(refusal)?;
    tell(id, &secrets, format);
    Ok(())
}

/// Prints them.
pub fn tell(id: i64, secrets: &Secrets, format: Format) {
    let Secrets { application_token, signing_secret } = secrets;
    if format.json {
        say(json!({"id": id, "application_token": application_token, "signing_secret": signing_secret}));
    } else {
        say(format_args!(
            "id\t{id}\napplication_token\t{application_token}\nsigning_secret\t{signing_secret}"
        ));
    }
}
