//! `portreeve deliveries forward`: sends one once to another address.

use anyhow::{Result, ensure};
use portal::Portal;
use portal::audit::By;
use portal::outbound::find;
use portal::outbound::manage::Actor;
use portal::outbound::{forward, log};
use store::Tx;

use super::{find, outcome};
use crate::cli::{Forwarding, refusal, say};
use crate::clock;
use crate::courier;
use crate::outbound::json;

/// Sends it, prints the answer, and remembers that it was sent.
///
/// # Errors
/// When it is refused, and when the address does not take it.
pub fn run(portal: &Portal, wanted: Forwarding) -> Result<()> {
    let Forwarding { id, to: url, with_secrets, format, sending } = wanted;
    let outbound = find(portal, id)?.0.outbound_id;
    let (core, now) = (portal.core().clone(), clock::now(portal.core()));
    let request = forward::Request { id, url: url.clone(), with_secrets };
    let job = move |tx: &mut Tx<'_>| {
        // The operator acts in the owner's name.
        let owner = find::find(tx, outbound)?.map_or(0, |webhook| webhook.user_id);
        let actor = Actor { user_id: owner, is_admin: true };
        forward::admit(tx, &core, &request, (actor, &By::OPERATOR), now)
    };
    let admitted = portal.core().store.write(job).wait().map_err(refusal)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let sent = runtime.block_on(courier::forward_once(portal, &sending, &admitted, &url))?;
    let noted = log::Forwarded {
        host: admitted.host,
        with_secrets,
        status: sent.attempt.status,
        error: sent.attempt.error.clone(),
    };
    let at = sent.attempt.started;
    portal.core().store.write(move |tx: &mut Tx<'_>| log::note_forwarded(tx, id, &noted, None, at)).wait()?;
    let tried = log::Tried { number: 1, attempt: sent.attempt };
    let is_taken = tried.attempt.status.is_some_and(|status| status / 100 == 2);
    if format.json {
        let mut shape = json::tried(&tried, &portal.core().zone());
        if let Some(own) = &sent.secrets {
            shape["application_token"] = own.application_token.as_str().into();
            shape["signing_secret"] = own.signing_secret.as_str().into();
        }
        say(shape);
    } else {
        say(outcome(&tried));
        if let Some(own) = &sent.secrets {
            say(format_args!(
                "application_token\t{}\nsigning_secret\t{}",
                own.application_token, own.signing_secret
            ));
        }
        for (name, value) in json::header_lines(&tried.attempt.headers) {
            say(format_args!("{name}: {value}"));
        }
        say(&tried.attempt.answer);
    }
    ensure!(is_taken, "the address did not take it");
    Ok(())
}
