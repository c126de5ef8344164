//! `portreeve outbound`: the operator makes and looks after outbound webhooks, each in its owner's name.

pub mod data;
pub mod json;
mod resume;
mod secrets;
mod test;

use anyhow::{Context, Result, bail};
use jiff::tz::TimeZone;
use portal::audit::{self, Action, By};
use portal::describe::event_json;
use portal::integration::{self, Fresh, Input, Integration, Part, SaveOptions, scenario};
use portal::modules;
use portal::outbound::headers::Extras;
use portal::outbound::limits::Limits;
use portal::outbound::manage::{self, Outbound};
use portal::outbound::only::Only;
use portal::outbound::pace::{self, Pace};
use portal::outbound::queue::held;
use portal::texts::Language;
use portal::{Moment, Portal, moment};
use store::Tx;

use crate::cli::{self, ChangedOutbound, Format, NewOutbound, OutboundCommand, refusal, say};
use crate::hook::in_name_of;
use crate::place::Place;
use crate::rules::Rules;
use crate::when::exact;
use crate::{clock, near, user};

/// Runs one of the commands.
pub fn run(place: &Place, rules: &Rules, command: OutboundCommand) -> Result<()> {
    let portal = || rules.open_existing(place);
    match command {
        OutboundCommand::Create(new) => create(&portal()?, new),
        OutboundCommand::List { format } => list(&portal()?, format),
        OutboundCommand::Show { id, format } => show(&portal()?, id, format),
        OutboundCommand::Update(changed) => update(&portal()?, changed),
        OutboundCommand::Delete { id } => delete(&portal()?, id),
        OutboundCommand::Resume(resuming) => resume::run(&portal()?, &resuming),
        OutboundCommand::Pause { id } => pause(&portal()?, id),
        OutboundCommand::Reveal { id, format } => secrets::reveal(&portal()?, id, format),
        OutboundCommand::Rotate { id, end: true, .. } => secrets::end(&portal()?, id),
        OutboundCommand::Rotate { id, overlap, format, .. } => {
            secrets::rotate(&portal()?, id, overlap, format)
        }
        OutboundCommand::Test { id, event, format } => test::run(&portal()?, id, event, format),
        OutboundCommand::Events { format } => {
            events(format);
            Ok(())
        }
    }
}

fn create(portal: &Portal, new: NewOutbound) -> Result<()> {
    user::check_owner(portal, new.owner)?;
    check_events(&new.events)?;
    let owner = new.owner;
    let told = manage::Input {
        handler_url: new.handler,
        events: new.events,
        retries: new.retries,
        ordered: !new.unordered,
        active: true,
        extras: Extras { headers: new.headers, basic: new.basic_auth },
        pickup: new.pickup,
        skip_own: new.skip_own,
        only: new.only_fields.into_iter().collect(),
        tell_changed: new.tell_changed,
        limits: Limits { rate: chosen(new.rate), concurrency: chosen(new.concurrency) },
    };
    let input = Input {
        scenario: scenario::OUT_HOOK.to_owned(),
        title: new.name,
        comment: new.comment,
        outbound: Some(told),
        ..Input::default()
    };
    let (core, fresh, now) = (portal.core().clone(), Fresh::random(), clock::now(portal.core()));
    let secrets = fresh.secrets.clone();
    let job = move |tx: &mut Tx<'_>| {
        let id = integration::make(tx, in_name_of(owner, &core, now), &input, &fresh)?;
        Ok(integration::find(tx, id)?.and_then(|made| made.outbound).map(|outbound| outbound.id))
    };
    let id = portal.core().store.write(job).wait().map_err(refusal)?;
    let id = id.context("the webhook is gone again")?;
    secrets::tell(id, &secrets, new.format);
    Ok(())
}

/// A limit; 0 is the server's.
fn chosen(number: u32) -> Option<u32> {
    Some(number).filter(|number| *number > 0)
}

fn list(portal: &Portal, format: Format) -> Result<()> {
    let found = portal.core().store.read(integration::all).wait()?;
    let (zone, now) = (&portal.core().zone(), clock::now(portal.core()));
    let mut found: Vec<Found> = found.into_iter().filter_map(Found::of).collect();
    found.sort_unstable_by_key(|told| told.outbound.id);
    if format.json {
        found.iter().for_each(|told| say(json::outbound(&told.whole, &told.outbound, zone, now)));
        return Ok(());
    }
    say("ID\tOWNER\tNAME\tHANDLER\tEVENTS\tSTATE\tRETRIES\tORDERED\tCREATED");
    for Found { whole, outbound } in found {
        let row = [
            whole.title,
            handler(&outbound).to_owned(),
            names(&outbound),
            state(&outbound),
            outbound.retries.to_string(),
            yes(outbound.ordered).to_owned(),
            moment::print(zone, whole.created).into_string(),
        ];
        say(format_args!("{}\t{}\t{}", outbound.id, outbound.user_id, cli::columns(&row)));
    }
    Ok(())
}

fn show(portal: &Portal, id: i64, format: Format) -> Result<()> {
    let Found { whole, outbound } = find(portal, id)?;
    let (zone, now) = (&portal.core().zone(), clock::now(portal.core()));
    let job = move |tx: &mut Tx<'_>| {
        Ok::<_, portal::Error>((held::count(tx, id, Moment(0))?, pace::of(tx, id, now)?))
    };
    let (count, paces) = portal.core().store.read(job).wait()?;
    if format.json {
        let mut shape = json::outbound(&whole, &outbound, zone, now);
        shape["pace"] = paces.iter().map(|(_, pace)| json::pace(pace, zone)).collect();
        say(shape);
        return Ok(());
    }
    let time = |seconds| moment::print(zone, seconds).into_string();
    let lines = [
        ("id", outbound.id.to_string()),
        ("owner", outbound.user_id.to_string()),
        ("name", whole.title.clone()),
        ("comment", whole.comment.clone()),
        ("handler", handler(&outbound).to_owned()),
        ("state", state(&outbound)),
        ("failing since", outbound.failing_since.map_or("-".to_owned(), time)),
        ("retries", outbound.retries.to_string()),
        ("ordered", yes(outbound.ordered).to_owned()),
        ("skips own changes", yes(outbound.skip_own).to_owned()),
        ("tells changed fields", yes(outbound.tell_changed).to_owned()),
        ("most requests a second", limit(outbound.limits.rate)),
        ("most requests at once", limit(outbound.limits.concurrency)),
        ("old secrets until", old_until(&outbound, now).map_or("-".to_owned(), time)),
        ("created", time(whole.created)),
    ];
    for (name, value) in lines {
        say(cli::columns(&[name.to_owned(), value]));
    }
    say(format_args!("waiting\t{}\nheld\t{}\ndropped\t{}", count.waiting, count.held, count.dropped));
    paces.iter().for_each(|(_, one)| say(format_args!("pace\t{}", in_words(one, zone))));
    for header in &outbound.extras.headers {
        say(cli::columns(&["header".to_owned(), header.name.clone()]));
    }
    if let Some(basic) = &outbound.extras.basic {
        say(cli::columns(&["basic auth".to_owned(), basic.user.clone()]));
    }
    for (event, event_handler_id) in &outbound.events {
        let only = outbound.only.get(event).map(|fields| {
            let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
            format!("\tonly when {} changed", fields.join(","))
        });
        let only = only.unwrap_or_default();
        say(format_args!("event\t{event}\tevent_handler_id {event_handler_id}{only}"));
    }
    Ok(())
}

fn limit(own: Option<u32>) -> String {
    own.map_or("as the server says".to_owned(), |number| number.to_string())
}

/// What the courier of one node does for a webhook.
fn in_words(pace: &Pace, zone: &TimeZone) -> String {
    let Pace { room, most, sending, ready, rate, .. } = pace;
    let mut words = format!(
        "{sending} under way, {room} at once now (at most {most}), {ready} ready, {rate:.1} requests a second lately"
    );
    if pace.is_busy {
        words.push_str(", the handler says that it is busy");
    }
    if let Some(until) = pace.paused {
        words.push_str(&format!(", paused until {}", exact(zone, until)));
    }
    words
}

fn update(portal: &Portal, changed: ChangedOutbound) -> Result<()> {
    check_events(changed.events.as_deref().unwrap_or_default())?;
    let (core, id) = (portal.core().clone(), changed.id);
    let (fresh, now) = (Fresh::random(), clock::now(portal.core()));
    let job = move |tx: &mut Tx<'_>| {
        let Some(Found { whole, outbound }) = integration::of_outbound(tx, id)?.and_then(Found::of) else {
            return Ok(None);
        };
        let before = outbound.input();
        let told = manage::Input {
            handler_url: changed.handler.clone().unwrap_or(before.handler_url),
            events: changed.events.clone().unwrap_or(before.events),
            retries: changed.retries.clone().unwrap_or(before.retries),
            ordered: changed.ordered.unwrap_or(before.ordered),
            active: true,
            extras: changed.extras(before.extras),
            pickup: before.pickup,
            skip_own: changed.skip_own.unwrap_or(before.skip_own),
            only: changed.only(before.only),
            tell_changed: changed.tell_changed.unwrap_or(before.tell_changed),
            limits: Limits {
                rate: changed.rate.map_or(before.limits.rate, chosen),
                concurrency: changed.concurrency.map_or(before.limits.concurrency, chosen),
            },
        };
        let before = whole.input();
        let input = Input {
            title: changed.name.clone().unwrap_or(before.title),
            comment: changed.comment.clone().unwrap_or(before.comment),
            outbound: Some(told),
            ..before
        };
        let context = in_name_of(whole.user_id, &core, now);
        integration::update(tx, context, whole.id, &input, SaveOptions::default(), &fresh).map(Some)
    };
    portal.core().store.write(job).wait().map_err(refusal)?.with_context(|| missing(id))
}

impl ChangedOutbound {
    /// The fields whose changes it is told, by event: those of the given events are others now.
    fn only(&self, before: Only) -> Only {
        before.into_iter().chain(self.only_fields.iter().cloned()).collect()
    }

    /// What the handler wants beside the form, where it wanted that before.
    fn extras(&self, before: Extras) -> Extras {
        let keep_headers = self.headers.is_empty() && !self.no_headers;
        let keep_basic = self.basic_auth.is_none() && !self.no_basic_auth;
        Extras {
            headers: if keep_headers { before.headers } else { self.headers.clone() },
            basic: if keep_basic { before.basic } else { self.basic_auth.clone() },
        }
    }
}

fn delete(portal: &Portal, id: i64) -> Result<()> {
    let now = clock::now(portal.core());
    let job = move |tx: &mut Tx<'_>| {
        let Some(integration) = integration::remove_part(tx, Part::Outbound(id))? else { return Ok(None) };
        let (object, detail) = (format!("integration:{integration}"), format!("outbound webhook {id}"));
        audit::note(tx, &By::OPERATOR, Action::IntegrationDeleted, object, detail, now).map(Some)
    };
    portal.core().store.write(job).wait().map_err(refusal)?.with_context(|| missing(id))
}

fn pause(portal: &Portal, id: i64) -> Result<()> {
    let core = portal.core().clone();
    let (fresh, now) = (Fresh::random(), clock::now(portal.core()));
    let job = move |tx: &mut Tx<'_>| {
        let Some(Found { whole, outbound }) = integration::of_outbound(tx, id)?.and_then(Found::of) else {
            return Ok(None);
        };
        let told = manage::Input { active: false, ..outbound.input() };
        let input = Input { outbound: Some(told), ..whole.input() };
        let context = in_name_of(whole.user_id, &core, now);
        integration::update(tx, context, whole.id, &input, SaveOptions::default(), &fresh).map(Some)
    };
    portal.core().store.write(job).wait().map_err(refusal)?.with_context(|| missing(id))
}

/// Refuses events that do not exist, naming what may have been meant.
pub fn check_events(wanted: &[String]) -> Result<()> {
    let known =
        |name: &str| modules().event(&name.trim().to_ascii_uppercase()).is_some_and(|event| !event.addressed);
    let Some(unknown) = wanted.iter().find(|name| !known(name)) else { return Ok(()) };
    let names = offered().map(|event| event.name.as_str());
    let all = || "`portreeve outbound events` lists those that there are".to_owned();
    bail!("there is no event {unknown:?}; {}", near::suggestion(unknown.trim(), names).unwrap_or_else(all))
}

/// The events that can be chosen.
pub fn offered() -> impl Iterator<Item = &'static portal::event::Event> {
    modules().events().filter(|event| !event.addressed)
}

fn events(format: Format) {
    if format.json {
        offered().for_each(|event| say(event_json(event, Language::English)));
        return;
    }
    say("NAME\tSCOPE\tABOUT");
    offered().for_each(|event| say(format_args!("{}\t{}\t{}", event.name, event.scope, event.about)));
}

/// An outbound webhook, and the integration whose part it is.
pub struct Found {
    /// The integration.
    pub whole: Integration,
    /// Its outbound part.
    pub outbound: Outbound,
}

impl Found {
    /// `None` for an integration without an outbound part.
    fn of(whole: Integration) -> Option<Self> {
        let outbound = whole.outbound.clone()?;
        Some(Found { whole, outbound })
    }
}

/// A webhook that must be there.
fn find(portal: &Portal, id: i64) -> Result<Found> {
    let found = portal.core().store.read(move |tx: &mut Tx<'_>| integration::of_outbound(tx, id)).wait()?;
    found.and_then(Found::of).with_context(|| missing(id))
}

fn missing(id: i64) -> String {
    format!("there is no outbound webhook {id}; `portreeve outbound list` shows which there are")
}

/// `active`, `failing`, `paused`, or `disabled` with the reason.
fn state(outbound: &Outbound) -> String {
    match &outbound.disabled_because {
        Some(reason) => format!("disabled: {reason}"),
        None if !outbound.active => "paused".to_owned(),
        None if outbound.failing_since.is_some() => "failing".to_owned(),
        None => "active".to_owned(),
    }
}

/// Until when old secrets hold, if they still do.
fn old_until(outbound: &Outbound, now: Moment) -> Option<i64> {
    outbound.old_until.filter(|until| *until > now.seconds())
}

fn handler(outbound: &Outbound) -> &str {
    match outbound {
        Outbound { listens: true, .. } => "-",
        Outbound { pickup: true, .. } => "(kept for pick-up)",
        told => &told.handler_url,
    }
}

fn names(outbound: &Outbound) -> String {
    outbound.events.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(",")
}

fn yes(flag: bool) -> &'static str {
    if flag { "yes" } else { "no" }
}
