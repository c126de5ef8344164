//! Removes the contents of files that nobody names any more, and links for uploads that nobody used.

use std::sync::Arc;
use std::time::Duration;

use portal::files::{collect, ticket};
use portal::{Error, Portal};
use store::{Tx, block_on};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::clock;

/// How often contents are looked through that had been named once.
const HOUR: Duration = Duration::from_secs(3600);
/// When they are looked through first: a start has other things to do.
const START: Duration = Duration::from_secs(300);
/// Looks from one through all that is stored to the next: a day.
const REST: u32 = 24;

/// Does so for ever, by the clock of the machine, as the store of files does. A copy of a portal, which delivers nothing, removes nothing either: it may share its store of files with
/// the original.
pub async fn keep(portal: Portal, is_copy: bool) {
    if is_copy {
        return;
    }
    let mut ticks = interval_at(Instant::now() + START, HOUR);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut rest = 0;
    loop {
        ticks.tick().await;
        match look(&portal, rest == 0).await {
            Ok(0) | Err(Error::Store(store::Error::Closed)) => {}
            Ok(removed) => tracing::info!(removed, "contents of files were removed that nobody names"),
            Err(error) => tracing::warn!(%error, "contents of files could not be removed"),
        }
        rest = if rest == 0 { REST - 1 } else { rest - 1 };
    }
}

async fn look(portal: &Portal, through_all: bool) -> Result<usize, Error> {
    let (core, now, portals) = (portal.core(), clock::machine(), clock::now(portal.core()));
    core.store.write(move |tx: &mut Tx<'_>| ticket::sweep(tx, portals)).await?;
    let core = Arc::clone(core);
    // Looking into snapshots blocks.
    let work = move || {
        block_on(async move {
            let loose = collect::loose(&core, now).await?;
            Ok(loose + if through_all { collect::orphans(&core, now).await? } else { 0 })
        })
    };
    spawn_blocking(work).await.unwrap_or(Err(Error::Store(store::Error::Closed)))
}
