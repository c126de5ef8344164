//! Outbound webhooks, events and deliveries as JSON: one shape for the command line and the console.

use jiff::tz::TimeZone;
use portal::integration::Integration;
use portal::outbound::log::{Action, Addressee, Delivery, Forwarded, Kind, State, Tried};
use portal::outbound::manage::Outbound;
use portal::outbound::pace::Pace;
use portal::{Moment, moment};
use serde_json::{Value, json};

use super::data;
use crate::when::exact;

/// The outbound webhook of an integration, without its secrets.
pub fn outbound(whole: &Integration, outbound: &Outbound, zone: &TimeZone, now: Moment) -> Value {
    let events = outbound.events.iter().map(|(name, id)| json!({"name": name, "event_handler_id": id}));
    let time = |seconds| moment::print(zone, seconds).into_string();
    json!({
        "id": outbound.id,
        "integration_id": whole.id,
        "owner": outbound.user_id,
        "title": whole.title,
        "comment": whole.comment,
        "handler_url": outbound.handler_url,
        "events": events.collect::<Value>(),
        "retries": outbound.retries.to_string(),
        "ordered": outbound.ordered,
        "active": outbound.active,
        "pickup": outbound.pickup,
        "skip_own": outbound.skip_own,
        "only_fields": outbound.only,
        "tell_changed": outbound.tell_changed,
        "rate": outbound.limits.rate,
        "concurrency": outbound.limits.concurrency,
        "headers": outbound.extras.headers.iter().map(|header| json!(header.name)).collect::<Value>(),
        "basic_user": outbound.extras.basic.as_ref().map(|basic| &basic.user),
        "disabled_because": outbound.disabled_because,
        "failing_since": outbound.failing_since.map(time),
        "old_secrets_until": outbound.old_until.filter(|until| *until > now.seconds()).map(time),
        "created": time(whole.created),
        "listens": outbound.listens,
    })
}

/// How fast a courier sends.
pub fn pace(pace: &Pace, zone: &TimeZone) -> Value {
    json!({
        "room": pace.room,
        "most": pace.most,
        "sending": pace.sending,
        "ready": pace.ready,
        "rate": pace.rate,
        "busy": pace.is_busy,
        "paused_until": pace.paused.map(|until| exact(zone, until)),
    })
}

/// A delivery. What is given as `tries` stands under that name.
pub fn delivery(delivery: &Delivery, tries: (&str, Value), zone: &TimeZone) -> Value {
    let due = exact(zone, delivery.due);
    let mut shape = json!({
        "id": delivery.id,
        "outbound_id": delivery.outbound_id,
        "integration": delivery.addressee.as_ref().map(|to| json!({"id": to.integration_id, "title": to.title})),
        "handler_host": delivery.addressee.as_ref().and_then(Addressee::handler_host),
        "event": delivery.event,
        "object": delivery.object,
        "state": delivery.state.name(),
        "raised": exact(zone, delivery.raised),
        "due": (delivery.state == State::Waiting).then_some(&due),
        "ended": matches!(delivery.state, State::Delivered | State::Failed | State::Cancelled).then_some(&due),
        "attempts": delivery.attempts,
        "slowed": delivery.is_slowed,
        "data": data::json(&delivery.data),
    });
    shape[tries.0] = tries.1;
    shape
}

/// A try.
pub fn tried(tried: &Tried, zone: &TimeZone) -> Value {
    let attempt = &tried.attempt;
    json!({
        "number": tried.number,
        "started": exact(zone, attempt.started),
        "took_ms": attempt.took as f64 / 1e3,
        "status": attempt.status,
        "error": attempt.error,
        "answer": attempt.answer,
        "headers": header_lines(&attempt.headers).map(|(name, value)| json!([name, value])).collect::<Value>(),
    })
}

/// The headers of an answer, by name.
pub fn header_lines(headers: &str) -> impl Iterator<Item = (&str, &str)> {
    headers.lines().filter_map(|line| line.split_once(": "))
}

/// What somebody did to a delivery: `replayed`, `cancelled`, or `forwarded` with the host, whether secrets went along, and the
/// answer. `by` is null for the command line.
pub fn action(action: &Action, zone: &TimeZone) -> Value {
    let by = action.by.as_ref().map(|(id, name)| json!({"id": id, "name": name}));
    let mut shape = json!({"at": exact(zone, action.at), "by": by});
    match &action.kind {
        Kind::Replayed => shape["action"] = "replayed".into(),
        Kind::Cancelled => shape["action"] = "cancelled".into(),
        Kind::Forwarded(Forwarded { host, with_secrets, status, error }) => {
            shape["action"] = "forwarded".into();
            shape["host"] = host.as_str().into();
            shape["with_secrets"] = (*with_secrets).into();
            shape["status"] = (*status).into();
            shape["error"] = error.as_deref().into();
        }
    }
    shape
}
