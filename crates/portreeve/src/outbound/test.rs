//! `portreeve outbound test`: queues the example of an event and looks on until a server has sent it.

use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use portal::Portal;
use portal::outbound::log::State;
use portal::outbound::trial;
use store::Tx;

use super::{find, state};
use crate::cli::{Format, refusal};
use crate::hook::in_name_of;
use crate::{clock, deliveries};

/// How often the log is looked at.
const POLL_INTERVAL: Duration = Duration::from_millis(50);
/// A server that runs takes up what waits within a second or so.
const TAKEN_UP: Duration = Duration::from_secs(5);
/// Nothing is longer on its way: it is more than the longest time-out of a handler and a lease.
const ON_ITS_WAY: Duration = Duration::from_secs(120);

/// Queues it, and prints the delivery once it was tried.
///
/// # Errors
/// Among others, when the handler does not take it, and when no server runs that would send it.
pub fn run(portal: &Portal, id: i64, event: Option<String>, format: Format) -> Result<()> {
    let outbound = find(portal, id)?.outbound;
    let state = state(&outbound);
    ensure!(
        outbound.active,
        "outbound webhook {id} is {state}; `portreeve outbound enable {id}` lets it work again"
    );
    let event = event.or_else(|| outbound.events.first().map(|(name, _)| name.clone()));
    let event = event.context("the webhook listens to nothing; say which event with --event")?;
    let (core, now) = (portal.core().clone(), clock::now(portal.core()));
    let actor = in_name_of(outbound.user_id, &core, now).actor;
    let job = move |tx: &mut Tx<'_>| trial::send(tx, &core, id, &event, actor, now);
    let delivery = portal.core().store.write(job).wait().map_err(refusal)?;
    watch(portal, delivery, format)
}

#[expect(clippy::disallowed_methods, reason = "the server is another process, which cannot wake this one")]
fn watch(portal: &Portal, id: i64, format: Format) -> Result<()> {
    let began = Instant::now();
    loop {
        let (delivery, tries) = deliveries::find(portal, id)?;
        if !tries.is_empty() {
            deliveries::tell(&delivery, &tries, &[], &portal.core().zone(), format);
            ensure!(delivery.state == State::Delivered, "the handler did not take the event");
            return Ok(());
        }
        let patience = if delivery.state == State::Waiting { TAKEN_UP } else { ON_ITS_WAY };
        if began.elapsed() > patience {
            bail!("delivery {id} is in the queue, but nobody sends it: it waits for `portreeve serve`");
        }
        sleep(POLL_INTERVAL);
    }
}
