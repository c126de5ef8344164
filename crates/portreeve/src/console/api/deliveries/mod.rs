//! The log of deliveries.

mod act;
mod strip;

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use portal::outbound::find;
use portal::outbound::headers::Extras;
use portal::outbound::log::{self, Delivery, Tried};
use portal::outbound::payload::{self, Payload};
use portal::outbound::{Auth, hop, sign, trial};
use serde_json::{Value, json};
use store::Tx;

use super::ask::{Caller, Id, Query};
use super::ok;
use super::refusal::Refusal;
use crate::api::deliveries::{self, in_page};
use crate::console::Console;
use crate::courier::Parcel;
use crate::logs::MASK;
use crate::outbound::json;

pub use act::{cancel, cancel_many, forward, replay, replay_many};
pub use strip::strip;

/// A page: see [`deliveries::list`]. Administrators see all deliveries, or with `mine=true` what employees see: those of
/// their own webhooks.
pub async fn list(State(console): State<Console>, who: Caller, query: Query) -> Result<Response, Refusal> {
    Ok(ok(&deliveries::list(&console.portal, &query, who.wants(&query)?, who.1.language).await?))
}

/// One with all its tries, and the request as its handler gets it, without the token.
pub async fn one(State(console): State<Console>, who: Caller, Id(id): Id) -> Result<Response, Refusal> {
    let core = console.portal.core().clone();
    let job = move |tx: &mut Tx<'_>| {
        let found = log::reachable(tx, id, who.0)?;
        let webhook = find::find(tx, found.0.outbound_id)?;
        let may_send_secrets = webhook.as_ref().is_some_and(|webhook| webhook.user_id == who.0.user_id);
        let extras = webhook.map(|webhook| webhook.extras).unwrap_or_default();
        Ok((found, log::actions(tx, id)?, may_send_secrets, extras, Auth::of(&core.current(tx)?)))
    };
    let read: portal::Result<_> = console.portal.core().store.read(job).await;
    let ((delivery, tries), actions, may_send_secrets, extras, auth) = read?;
    let zone = &console.portal.core().zone();
    let request = request(&console, &delivery, tries.last(), (&auth, &extras));
    let tries = tries.iter().map(|tried| in_page(tried, zone, who.1.language)).collect();
    let mut shape = json::delivery(&delivery, ("tries", tries), zone);
    shape["request"] = request;
    shape["actions"] = actions.iter().map(|action| json::action(action, zone)).collect();
    shape["may_send_secrets"] = may_send_secrets.into();
    Ok(ok(&shape))
}

/// The request of the last try, or of the first one to come: `{"url", "headers": [[name, value], ..], "body"}`. The
/// token, the signature, the proof of the hop and the values of further headers stand under asterisks; `url` is `null` for a listener, and without a webhook.
fn request(
    console: &Console,
    delivery: &Delivery,
    last: Option<&Tried>,
    (auth, extras): (&Auth, &Extras),
) -> Value {
    let letter = Payload {
        event: &delivery.event,
        event_handler_id: delivery.event_handler_id,
        data: &delivery.data,
        ts: delivery.raised.seconds(),
    };
    let body = payload::body(letter, auth, MASK);
    let mask = HeaderValue::from_static(MASK);
    let names = extras.lines().into_iter().filter_map(|(name, _)| name.parse::<HeaderName>().ok());
    let further: HeaderMap = names.map(|name| (name, mask.clone())).collect();
    let timestamp = last.map_or(delivery.due, |tried| tried.attempt.started).seconds();
    let hop = hop::count(delivery.hop.saturating_add(1), delivery.id, timestamp);
    let parcel = Parcel {
        body: body.clone().into(),
        message_id: sign::message_id(&auth.member_id, delivery.id, delivery.raised),
        timestamp,
        signature: format!("v1,{MASK}"),
        hop: Some(format!("{hop}.{MASK}")),
        is_test: delivery.object == trial::OBJECT,
        traceparent: None,
        further: Arc::new(further),
    };
    let url = delivery.addressee.as_ref().map(|to| to.handler_url.as_str()).filter(|url| !url.is_empty());
    json!({"method": "POST", "url": url, "headers": console.courier.headers(&parcel), "body": body})
}
