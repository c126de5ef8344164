//! `portreeve outbound resume`: a webhook works again, and what was held meanwhile is sent or dropped.

use anyhow::{Result, bail};
use portal::integration;
use portal::outbound::queue::held::{self, Choice};
use portal::{Moment, Portal};
use store::Tx;

use super::find;
use crate::cli::{HeldChoice, Resuming, refusal, say};
use crate::hook::in_name_of;
use crate::{clock, when};

/// Held events that are released in one transaction.
const STEP: i64 = 1000;

/// Switches it on, once it is said what becomes of held events, or prints how many there are.
pub fn run(portal: &Portal, resuming: &Resuming) -> Result<()> {
    let (id, zone, now) = (resuming.id, &portal.core().zone(), clock::now(portal.core()));
    let told = find(portal, id)?;
    let choice = match &resuming.held {
        None => None,
        Some(HeldChoice::Send) => Some(Choice::Send),
        Some(HeldChoice::Drop) => Some(Choice::Drop),
        Some(HeldChoice::Since(text)) => Some(Choice::Since(when::past(zone, text, now)?)),
    };
    let since = choice.unwrap_or(Choice::Send).since(now);
    let count = portal.core().store.read(move |tx: &mut Tx<'_>| held::count(tx, id, since)).wait()?;
    if resuming.dry_run {
        tell(&count, choice, zone);
        return Ok(());
    }
    let Some(choice) = choice.or_else(|| (count.held == 0).then_some(Choice::Send)) else {
        bail!(
            "{} events were held while the webhook was off; say what becomes of them: --held send, --held drop, or \
             --held since=WHEN to send only those raised since then (--dry-run prints the numbers)",
            count.held
        )
    };
    let (core, whole) = (portal.core().clone(), told.whole);
    let job = move |tx: &mut Tx<'_>| {
        integration::resume(tx, in_name_of(whole.user_id, &core, now), whole.id, choice)
    };
    portal.core().store.write(job).wait().map_err(refusal)?;
    while release(portal)? {}
    tell(&count, Some(choice), zone);
    Ok(())
}

fn release(portal: &Portal) -> Result<bool> {
    let (core, now) = (portal.core().clone(), clock::now(portal.core()));
    let job = move |tx: &mut Tx<'_>| held::release(tx, &core, STEP, now);
    Ok(portal.core().store.write(job).wait().map_err(refusal)?.more)
}

/// How much is sent, how much dropped, and what else there is to know; without a choice, what there is.
fn tell(count: &held::Count, choice: Option<Choice>, zone: &jiff::tz::TimeZone) {
    let number = |name: &str, number: i64| say(format_args!("{name}\t{number}"));
    number("held", count.held);
    let time = |name: &str, at: Moment| say(format_args!("{name}\t{}", when::exact(zone, at)));
    if let Some((first, last)) = count.span {
        time("first", first);
        time("last", last);
    }
    if choice.is_some() {
        number("sent", count.since);
        number("dropped", count.held - count.since);
    }
    number("dropped before", count.dropped);
    number("waiting", count.waiting);
}
