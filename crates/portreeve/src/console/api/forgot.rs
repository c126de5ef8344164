//! The way back in for who forgot a password: a link by e-mail. Nobody learns from the answer whether an address is
//! known.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use portal::audit::By;
use portal::clock::Now;
use portal::user::{letter, welcome};
use serde::Deserialize;
use store::Tx;
use wire::Fault;

use super::ask::{Body, Language, foreign};
use super::refusal::{Refusal, too_many};
use crate::clock;
use crate::console::Console;
use crate::console::visit::Visit;

/// No address is longer.
const EMAIL: usize = 254;

/// Who wants back in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forgotten {
    email: String,
}

/// Sends a link to whoever has that address: 202, whether anybody has or not.
pub async fn ask(
    State(console): State<Console>,
    visit: Visit,
    Language(language): Language,
    Body(Forgotten { email }): Body<Forgotten>,
) -> Result<Response, Refusal> {
    let core = Arc::clone(console.portal.core());
    let Now { portal: now, machine } = clock::both(&core);
    if ![&visit.session, &visit.visitor].into_iter().any(|token| visit.carries(&core.keys, token.as_ref())) {
        return Err(foreign());
    }
    if !console.sends_mail() {
        let text = "The portal does not send e-mail. Ask an administrator for a link.";
        return Err(Fault::new(409, "ERROR_NO_MAIL", text).into());
    }
    if !console.guard.admit_from(&core, visit.origin.address, machine).await? {
        return Err(too_many());
    }
    let email: String = email.trim().to_lowercase().chars().take(EMAIL).collect();
    // Too many for one account are answered like any other, and so is what goes wrong from here on: the answer comes
    // before anybody looks.
    if console.guard.admit_letter(&core, &email, machine).await? {
        let (code, by) = (welcome::code(), By { user_id: None, address: Some(visit.origin.address) });
        let store = core.store.clone();
        let job = move |tx: &mut Tx<'_>| letter::forgot(tx, &core, &email, &code, (&by, language), now);
        tokio::spawn(async move {
            if let Err(error) = store.write(job).await {
                tracing::warn!(%error, "a link for a forgotten password could not be made");
            }
        });
    }
    Ok(StatusCode::ACCEPTED.into_response())
}
