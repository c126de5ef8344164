//! Sending a delivery once to another address, for somebody to look at: it stays as it is, and so does its webhook.
//!
//! The other address gets a token and a signature that are made for this one request, since whoever has the webhook's own can
//! pass as this portal at its handler. Only the owner, who can see them anyway, may choose to have them sent along.

use std::sync::Arc;

use store::Tx;
use wire::Fault;

use super::find;
use super::handler::{Handler, Handlers};
use super::log::{self, Delivery};
use super::manage::{self, Actor};
use super::payload::Auth;
use engine::Core;
use engine::audit::{self, Action, By};
use engine::error::Result;
use engine::moment::Moment;

/// What is to be sent where.
#[derive(Clone, Debug)]
pub struct Request {
    /// The delivery.
    pub id: i64,
    /// The address.
    pub url: String,
    /// Whether the webhook's own token, signature and headers are to go along.
    pub with_secrets: bool,
}

/// What a sender needs.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// The delivery as it is.
    pub delivery: Delivery,
    /// The webhook whose secrets go along, if they are to.
    pub handler: Option<Arc<Handler>>,
    /// The portal's part of the body.
    pub auth: Auth,
    /// The host of the address, with its port where that is not the usual one.
    pub host: String,
}

/// Whether that may be sent by this person; notes it in the audit log.
///
/// # Errors
/// Without an active licence and for another's delivery, `ACCESS_DENIED`, and for the secrets of another's webhook to an
/// administrator, too; `ERROR_NOT_FOUND`; what the guard says of the address; 409 `ERROR_SECRET_HIDDEN` for secrets that are not
/// shown to their owner any more.
pub fn admit(
    tx: &mut Tx<'_>,
    core: &Core,
    request: &Request,
    (actor, by): (Actor, &By),
    now: Moment,
) -> Result<Admitted> {
    let delivery = log::reachable(tx, request.id, actor)?.0;
    manage::require_licence(core)?;
    manage::check_url(core, "url", &request.url)?;
    let host = log::host_of(&request.url).unwrap_or_default();
    let shared = core.current(tx)?;
    let handler = if request.with_secrets {
        may_show_secrets(tx, &delivery, actor)?;
        let gone = || Fault::not_found("The outbound webhook does not exist.");
        Some(Arc::clone(Handlers::of(&shared.meta).known(delivery.outbound_id).ok_or_else(gone)?))
    } else {
        None
    };
    let detail = if request.with_secrets { format!("{host}, with its secrets") } else { host.clone() };
    audit::note(tx, by, Action::DeliveryForwarded, format!("delivery:{}", request.id), detail, now)?;
    Ok(Admitted { delivery, handler, auth: Auth::of(&shared), host })
}

fn may_show_secrets(tx: &mut Tx<'_>, delivery: &Delivery, actor: Actor) -> Result<()> {
    let gone = || Fault::not_found("The outbound webhook does not exist.");
    let outbound = find::find(tx, delivery.outbound_id)?.ok_or_else(gone)?;
    if outbound.user_id != actor.user_id {
        let text = "Only the owner of a webhook can send its secrets to another address.";
        return Err(Fault::new(403, "ACCESS_DENIED", text).into());
    }
    if outbound.hidden_by.is_some() {
        let text = "The secrets of this webhook are no longer shown, so they are not sent to another address either. Generate new ones first.";
        return Err(Fault::new(409, "ERROR_SECRET_HIDDEN", text).into());
    }
    Ok(())
}
