//! `portreeve deliveries`: what was sent to handlers, sending it again, and cancelling what waits. All of it works beside a
//! server, which takes up what is to be sent within a second.

mod forward;

use anyhow::{Context, Result, ensure};
use jiff::tz::TimeZone;
use portal::Moment;
use portal::Portal;
use portal::outbound::log::{self, Action, Delivery, Filter, Kind, Missed, State, Tried};
use serde_json::Value;
use store::Tx;

use crate::cli::{self, Again, Cancelling, DeliveriesCommand, Format, Narrow, Wanted, note, say};
use crate::outbound::{data, json};
use crate::place::Place;
use crate::rules::Rules;
use crate::{clock, when};

/// Deliveries read or sent again in one transaction.
const STEP: usize = 1000;

/// Runs one of the commands.
pub fn run(place: &Place, rules: &Rules, command: DeliveriesCommand) -> Result<()> {
    let portal = rules.open_existing(place)?;
    match command {
        DeliveriesCommand::List(wanted) => list(&portal, &wanted),
        DeliveriesCommand::Show { id, format } => {
            let (delivery, tries) = find(&portal, id)?;
            let actions = portal.core().store.read(move |tx: &mut Tx<'_>| log::actions(tx, id)).wait()?;
            tell(&delivery, &tries, &actions, &portal.core().zone(), format);
            Ok(())
        }
        DeliveriesCommand::Replay(again) => replay(&portal, &again),
        DeliveriesCommand::Cancel(wanted) => cancel(&portal, &wanted),
        DeliveriesCommand::Forward(wanted) => forward::run(&portal, wanted),
    }
}

fn list(portal: &Portal, wanted: &Wanted) -> Result<()> {
    let zone = &portal.core().zone();
    let mut filter = Filter { state: wanted.state, ..filter(portal, &wanted.narrow)? };
    if !wanted.format.json {
        say("ID\tRAISED\tWEBHOOK\tEVENT\tOBJECT\tSTATE\tTRIES\tLAST TRY");
    }
    let mut left = wanted.limit;
    while left > 0 {
        let (step, asked) = (left.min(STEP), filter.clone());
        let found = portal.core().store.read(move |tx: &mut Tx<'_>| log::search(tx, &asked, step)).wait()?;
        found
            .deliveries
            .iter()
            .for_each(|(delivery, last)| row(delivery, last.as_ref(), zone, wanted.format));
        let Some(before) = found.before else { break };
        filter.before = Some(before);
        left -= found.deliveries.len();
    }
    Ok(())
}

fn filter(portal: &Portal, wanted: &Narrow) -> Result<Filter> {
    let (zone, now) = (&portal.core().zone(), clock::now(portal.core()));
    let moment = |text: &Option<String>| text.as_deref().map(|text| when::past(zone, text, now)).transpose();
    Ok(Filter {
        outbound_id: wanted.outbound,
        event: wanted.event.as_ref().map(|event| event.to_ascii_uppercase()),
        object: wanted.object.clone(),
        words: wanted.search.clone(),
        since: moment(&wanted.since)?,
        until: moment(&wanted.until)?,
        ..Filter::default()
    })
}

fn row(delivery: &Delivery, last: Option<&Tried>, zone: &TimeZone, format: Format) {
    if format.json {
        let last = last.map_or(Value::Null, |tried| json::tried(tried, zone));
        return say(json::delivery(delivery, ("last_try", last), zone));
    }
    let row = [
        delivery.id.to_string(),
        when::exact(zone, delivery.raised),
        delivery.outbound_id.to_string(),
        delivery.event.clone(),
        delivery.object.clone(),
        delivery.state.name().to_owned(),
        delivery.attempts.to_string(),
        last.map_or_else(|| "-".to_owned(), outcome),
    ];
    say(cli::columns(&row));
}

/// A delivery that must be there, with its tries.
pub fn find(portal: &Portal, id: i64) -> Result<(Delivery, Vec<Tried>)> {
    let found = portal.core().store.read(move |tx: &mut Tx<'_>| log::show(tx, id)).wait()?;
    found.with_context(|| {
        format!("there is no delivery {id}; `portreeve deliveries list` shows which there are")
    })
}

/// Prints a delivery with its data, decoded, its tries, and what people did to it.
pub fn tell(delivery: &Delivery, tries: &[Tried], actions: &[Action], zone: &TimeZone, format: Format) {
    if format.json {
        let tries = tries.iter().map(|tried| json::tried(tried, zone)).collect();
        let mut shape = json::delivery(delivery, ("tries", tries), zone);
        shape["actions"] = actions.iter().map(|action| json::action(action, zone)).collect();
        return say(shape);
    }
    let line = |name: &str, value: String| say(cli::columns(&[name.to_owned(), value]));
    line("id", delivery.id.to_string());
    line("webhook", delivery.outbound_id.to_string());
    line("event", delivery.event.clone());
    line("object", delivery.object.clone());
    line("state", delivery.state.name().to_owned());
    line("raised", when::exact(zone, delivery.raised));
    if delivery.is_slowed {
        line("note", "slowed down: more than 60 events a minute of this object".to_owned());
    }
    for (name, value) in data::fields(&delivery.data) {
        line(&name, value);
    }
    for tried in tries {
        let attempt = &tried.attempt;
        let cells = [
            format!("try {}", tried.number),
            when::exact(zone, attempt.started),
            when::took(attempt.took),
            outcome(tried),
            attempt.answer.clone(),
        ];
        say(cli::columns(&cells));
        for (name, value) in json::header_lines(&attempt.headers) {
            say(cli::columns(&[format!("answer {}", tried.number), format!("{name}: {value}")]));
        }
    }
    for action in actions {
        let by = action.by.as_ref().map_or("the command line", |(_, name)| name);
        let what = match &action.kind {
            Kind::Replayed => "sent again".to_owned(),
            Kind::Cancelled => "cancelled".to_owned(),
            Kind::Forwarded(to) => format!("sent once to {}", to.host),
        };
        say(cli::columns(&[what, when::exact(zone, action.at), format!("by {by}")]));
    }
}

/// How a try ended: the status, what went wrong, or both.
fn outcome(tried: &Tried) -> String {
    let status = tried.attempt.status.map(|status| status.to_string());
    let parts: Vec<String> = status.into_iter().chain(tried.attempt.error.clone()).collect();
    parts.join(" ")
}

fn replay(portal: &Portal, again: &Again) -> Result<()> {
    match again.outbound {
        Some(outbound) => replay_of(portal, outbound, again),
        None => replay_each(portal, &again.ids),
    }
}

fn replay_each(portal: &Portal, ids: &[i64]) -> Result<()> {
    let (now, mut sent) = (clock::now(portal.core()), 0);
    for id in ids.iter().copied() {
        let job = move |tx: &mut Tx<'_>| log::replay(tx, id, None, now);
        if portal.core().store.write(job).wait()? {
            sent += 1;
        } else {
            note(format_args!(
                "delivery {id} cannot be sent again: it does not exist, is being sent, or its webhook is gone"
            ));
        }
    }
    say(sent);
    ensure!(sent == ids.len(), "not all of them are sent again");
    Ok(())
}

fn replay_of(portal: &Portal, outbound_id: i64, again: &Again) -> Result<()> {
    let ended = clock::now(portal.core());
    let since =
        again.since.as_deref().map(|text| when::past(&portal.core().zone(), text, ended)).transpose()?;
    let missed =
        Missed { outbound_id, failed: again.failed, since: since.unwrap_or(Moment(i64::MIN)), ended };
    if again.dry_run {
        let count = portal.core().store.read(move |tx: &mut Tx<'_>| log::count_missed(tx, &missed)).wait()?;
        say(count);
        return Ok(());
    }
    let (mut sent, mut after) = (0, Some(0));
    while let Some(last) = after {
        let now = clock::now(portal.core());
        let job = move |tx: &mut Tx<'_>| log::replay_missed(tx, &missed, last, STEP, None, now);
        let step = portal.core().store.write(job).wait()?;
        sent += step.count;
        after = step.last;
        if after.is_some() {
            note(format_args!("{sent} so far"));
        }
    }
    say(sent);
    Ok(())
}

fn cancel(portal: &Portal, wanted: &Cancelling) -> Result<()> {
    let now = clock::now(portal.core());
    if wanted.narrow.outbound.is_none() {
        let ids = wanted.ids.clone();
        let job = move |tx: &mut Tx<'_>| log::cancel(tx, &ids, None, now);
        let cancelled = portal.core().store.write(job).wait()?.count;
        say(cancelled);
        ensure!(
            cancelled == wanted.ids.len() as u64,
            "not all of them wait: the others are being sent or have ended"
        );
        return Ok(());
    }
    let state = if wanted.held { State::Held } else { State::Waiting };
    let mut filter = Filter { state: Some(state), ..filter(portal, &wanted.narrow)? };
    let mut count = 0;
    loop {
        let asked = filter.clone();
        let before = if wanted.dry_run {
            let found =
                portal.core().store.read(move |tx: &mut Tx<'_>| log::search(tx, &asked, STEP)).wait()?;
            count += found.deliveries.len() as u64;
            found.before
        } else {
            let job = move |tx: &mut Tx<'_>| log::cancel_found(tx, &asked, STEP, None, now);
            let step = portal.core().store.write(job).wait()?;
            count += step.count;
            step.before
        };
        let Some(before) = before else { break };
        filter.before = Some(before);
    }
    say(count);
    Ok(())
}
