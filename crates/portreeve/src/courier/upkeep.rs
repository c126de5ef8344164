//! Periodic work, whether anything is sent or not.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use portal::outbound::{listen, pace, queue};
use portal::{Error, Portal};
use store::Tx;
use tokio::time::{MissedTickBehavior, interval};

use crate::clock;

/// How often leases that ran out and listeners that went are looked for.
const ROUND: Duration = Duration::from_secs(5);
/// Held events of a webhook that are released or dropped in one transaction.
const RELEASED: i64 = 1000;
/// Deliveries of a webhook that are put into another order in one transaction.
const REORDERED: i64 = 1000;

/// Takes back everything that is leased: no courier but us is there.
pub async fn release_all(portal: &Portal) {
    let now = clock::now(portal.core());
    let job = move |tx: &mut Tx<'_>| queue::release_all(tx, now);
    match portal.core().store.write(job).await {
        Ok(0) => {}
        Ok(count) => tracing::info!(count, "deliveries that were being sent when it ended are sent again"),
        Err(error) => tracing::warn!(%error, "leases of before could not be released; they will run out"),
    }
}

/// Gives back what was leased for a courier that has ended.
pub async fn give_back(portal: &Portal) {
    let (strays, now) = (portal.handover().strays(), clock::now(portal.core()));
    if strays.is_empty() {
        return;
    }
    let job = move |tx: &mut Tx<'_>| queue::give_back(tx, &strays, now);
    told(portal.core().store.write(job).await, "the last events wait until their leases run out");
}

/// Releases leases that ran out, ends listeners that went without a word, and sees to held events; for ever. What is
/// removed after some time is on the timetable.
pub async fn keep(portal: Portal) {
    let mut ticks = interval(ROUND);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        told(tidy(&portal).await, "the queue of deliveries could not be tidied up");
        told(release(&portal).await.map(drop), "events that were held could not be released");
        told(reorder(&portal).await, "what waits could not be put into another order");
        told(bound(&portal).await, "events that were held could not be dropped");
    }
}

/// Does with what is held of webhooks that work as was decided for them, step by step; gives those.
pub async fn release(portal: &Portal) -> Result<BTreeSet<i64>, Error> {
    let mut outbounds = BTreeSet::new();
    loop {
        let (core, now) = (Arc::clone(portal.core()), clock::now(portal.core()));
        let job = move |tx: &mut Tx<'_>| queue::held::release(tx, &core, RELEASED, now);
        let mut step = portal.core().store.write(job).await?;
        outbounds.append(&mut step.outbounds);
        if !step.more {
            return Ok(outbounds);
        }
    }
}

/// Has what waits keep to another choice of order, step by step.
async fn reorder(portal: &Portal) -> Result<(), Error> {
    while portal.core().store.write(|tx: &mut Tx<'_>| queue::reorder::step(tx, REORDERED)).await? {}
    Ok(())
}

/// Drops what is held beyond the bound.
async fn bound(portal: &Portal) -> Result<(), Error> {
    let most = portal.core().settings().max_held;
    loop {
        let now = clock::now(portal.core());
        let job = move |tx: &mut Tx<'_>| queue::held::bound(tx, most, RELEASED, now);
        let dropped = portal.core().store.write(job).await?;
        if dropped == 0 {
            return Ok(());
        }
        tracing::warn!(
            dropped,
            "the oldest events that were held for outbound webhooks were dropped: there were too many"
        );
    }
}

async fn tidy(portal: &Portal) -> Result<(), Error> {
    let (core, now, machine) = (Arc::clone(portal.core()), clock::now(portal.core()), clock::machine());
    let job = move |tx: &mut Tx<'_>| {
        // A node that nobody asks for anything learns here what was decided elsewhere.
        core.current(tx)?;
        listen::sweep(tx, machine)?;
        pace::sweep(tx, now)?;
        queue::release_expired(tx, machine, now)
    };
    let released = portal.core().store.write(job).await?;
    if released > 0 {
        tracing::warn!(released, "deliveries were leased and not settled in time; they are sent again");
    }
    Ok(())
}

fn told(outcome: Result<(), Error>, what: &str) {
    match outcome {
        Ok(()) | Err(Error::Store(store::Error::Closed)) => {}
        Err(error) => tracing::warn!(%error, "{what}"),
    }
}
