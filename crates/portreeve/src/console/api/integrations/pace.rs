//! How fast an outbound webhook gets its deliveries just now.

use axum::extract::State;
use axum::response::Response;
use portal::Moment;
use portal::outbound::pace;
use portal::outbound::queue::held;
use serde_json::{Value, json};
use store::Tx;

use super::super::ask::{Caller, Id};
use super::super::ok;
use super::super::refusal::Refusal;
use super::missed::told;
use crate::clock;
use crate::console::Console;
use crate::outbound::json;

/// `{"waiting": 12, "nodes": [{"here", "room", "most", "sending", "ready", "rate", "busy", "paused_until"}]}`: what waits, and
/// what the courier of each node does that has something to do; `here` is the node that answers.
pub async fn show(State(console): State<Console>, who: Caller, Id(id): Id) -> Result<Response, Refusal> {
    let now = clock::now(console.portal.core());
    let job = move |tx: &mut Tx<'_>| {
        let outbound = told(tx, id, who.0)?;
        Ok::<_, portal::Error>((held::count(tx, outbound, Moment(0))?.waiting, pace::of(tx, outbound, now)?))
    };
    let (waiting, paces) = console.portal.core().store.read(job).await?;
    let zone = &console.portal.core().zone();
    let nodes = paces.iter().map(|(node, pace)| {
        let mut shape = json::pace(pace, zone);
        shape["here"] = (*node == console.courier.node()).into();
        shape
    });
    Ok(ok(&json!({"waiting": waiting, "nodes": nodes.collect::<Value>()})))
}
