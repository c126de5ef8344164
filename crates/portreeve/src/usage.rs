//! Writes what gathers about the portal's use every few seconds, and the log of calls more often.

use std::time::Duration;

use portal::clock::Now;
use portal::{Error, Portal, limits};
use store::Tx;
use tokio::sync::Mutex;
use tokio::time::{MissedTickBehavior, interval};

use crate::clock;

/// How often stamps of last use and counts are written.
pub const FLUSH: Duration = Duration::from_secs(5);

/// How often calls are written into their log.
const LOG: Duration = Duration::from_millis(250);

/// Writes calls into their log for ever.
pub async fn log_calls(portal: Portal) {
    let mut ticks = interval(LOG);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = flush_calls(&portal).await {
            tracing::warn!(%error, "calls could not be written into their log");
        }
    }
}

/// Writes the calls that have gathered into their log, and waits for those that another is writing: what was answered
/// before is there afterwards.
pub async fn flush_calls(portal: &Portal) -> Result<(), Error> {
    static WRITING: Mutex<()> = Mutex::const_new(());
    let _alone = WRITING.lock().await;
    portal.flush_calls().await
}

/// Looks from one for limits that count no more to the next: a minute.
const SWEEPS: u32 = 12;

/// Does so for ever, and removes what nodes count together and counts no more.
pub async fn keep(portal: Portal) {
    let mut ticks = interval(FLUSH);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for round in 1_u32.. {
        ticks.tick().await;
        if let Err(error) = flush(&portal).await {
            tracing::warn!(%error, "stamps and counts of use could not be written");
        }
        if round.is_multiple_of(SWEEPS)
            && portal.core().store.is_shared()
            && let Err(error) = sweep(&portal).await
        {
            tracing::warn!(%error, "what counts no more of rate limits could not be removed");
        }
    }
}

async fn sweep(portal: &Portal) -> Result<(), Error> {
    let Now { portal: now, machine } = clock::both(portal.core());
    portal.core().store.write_lightly(move |tx: &mut Tx<'_>| limits::sweep(tx, now, machine)).await
}

/// Writes what has gathered.
pub async fn flush(portal: &Portal) -> Result<(), Error> {
    for step in portal.flush_usage() {
        step.await?;
    }
    Ok(())
}
