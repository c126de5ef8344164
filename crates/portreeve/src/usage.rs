//! Writes what gathers about the portal's use every few seconds, and forgets what is too old.

use std::time::Duration;

use portal::usage::{self, Swept};
use portal::{Error, Portal};
use store::Tx;
use tokio::time::{MissedTickBehavior, interval};

use crate::clock;

/// How often stamps of last use and counts are written.
pub const FLUSH: Duration = Duration::from_secs(5);
/// Flushes from one sweep through old counts to the next: an hour.
const REST: u32 = 720;
/// Integrations that a step of the sweep looks at.
const STEP: usize = 200;

/// Does so for ever.
pub async fn keep(portal: Portal) {
    let mut ticks = interval(FLUSH);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut rest = 0;
    loop {
        ticks.tick().await;
        if let Err(error) = flush(&portal).await {
            tracing::warn!(%error, "stamps and counts of use could not be written");
        }
        rest = match rest {
            0 => {
                if let Err(error) = sweep(&portal).await {
                    tracing::warn!(%error, "old counts of use could not be forgotten");
                }
                REST
            }
            left => left - 1,
        };
    }
}

/// Writes what has gathered.
pub async fn flush(portal: &Portal) -> Result<(), Error> {
    for step in portal.flush_usage() {
        step.await?;
    }
    Ok(())
}

async fn sweep(portal: &Portal) -> Result<(), Error> {
    let (now, mut swept) = (clock::now(), Swept::UpTo(-1));
    while let Swept::UpTo(after) = swept {
        let job = move |tx: &mut Tx<'_>| usage::sweep(tx, now, after, STEP);
        swept = portal.core().store.write(job).await?;
    }
    Ok(())
}
