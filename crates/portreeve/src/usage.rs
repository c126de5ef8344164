//! Writes what gathers about the portal's use every few seconds, and the log of calls more often.

use std::time::Duration;

use portal::{Error, Portal};
use tokio::sync::Mutex;
use tokio::time::{MissedTickBehavior, interval};

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

/// Does so for ever.
pub async fn keep(portal: Portal) {
    let mut ticks = interval(FLUSH);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = flush(&portal).await {
            tracing::warn!(%error, "stamps and counts of use could not be written");
        }
    }
}

/// Writes what has gathered.
pub async fn flush(portal: &Portal) -> Result<(), Error> {
    for step in portal.flush_usage() {
        step.await?;
    }
    Ok(())
}
