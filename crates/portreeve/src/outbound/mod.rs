//! `portreeve outbound`: the operator makes and looks after outbound webhooks, each in its owner's name.

pub mod data;
pub mod json;
mod test;

use anyhow::{Context, Result, bail};
use portal::describe::event_json;
use portal::outbound::Secrets;
use portal::outbound::manage::{self, Actor, Outbound, Wish};
use portal::registry::registry;
use portal::{Portal, moment};
use serde_json::json;
use store::Tx;

use crate::cli::{self, ChangedOutbound, Format, NewOutbound, OutboundCommand, refusal, say};
use crate::place::Place;
use crate::rules::Rules;
use crate::{clock, near, user};

/// Runs one of the commands.
pub fn run(place: &Place, rules: &Rules, command: OutboundCommand) -> Result<()> {
    let portal = || place.open_existing(rules.portal(""));
    match command {
        OutboundCommand::Create(new) => create(&portal()?, new),
        OutboundCommand::List { format } => list(&portal()?, format),
        OutboundCommand::Show { id, format } => show(&portal()?, id, format),
        OutboundCommand::Update(changed) => update(&portal()?, changed),
        OutboundCommand::Delete { id } => delete(&portal()?, id),
        OutboundCommand::Enable { id } => set_active(&portal()?, id, true),
        OutboundCommand::Disable { id } => set_active(&portal()?, id, false),
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
    let (owner, json) = (new.owner, new.format.json);
    let wish = Wish {
        title: new.name,
        comment: new.comment,
        handler_url: new.handler,
        events: new.events,
        retries: new.retries,
        ordered: new.ordered,
    };
    let (core, secrets, now) = (portal.core().clone(), Secrets::random(), clock::now());
    let made = secrets.clone();
    let job = move |tx: &mut Tx<'_>| manage::create(tx, &core, owner, &wish, &made, now);
    let id = portal.core().store.write(job).wait().map_err(refusal)?;
    let Secrets { application_token, signing_secret } = secrets;
    if json {
        say(json!({"id": id, "application_token": application_token, "signing_secret": signing_secret}));
    } else {
        say(format_args!(
            "id\t{id}\napplication_token\t{application_token}\nsigning_secret\t{signing_secret}"
        ));
    }
    Ok(())
}

fn list(portal: &Portal, format: Format) -> Result<()> {
    let found = portal.core().store.read(|tx: &mut Tx<'_>| manage::list(tx, None)).wait()?;
    let zone = &portal.core().settings.zone;
    if format.json {
        found.iter().for_each(|outbound| say(json::outbound(outbound, zone)));
        return Ok(());
    }
    say("ID\tOWNER\tNAME\tHANDLER\tEVENTS\tSTATE\tRETRIES\tORDERED\tCREATED");
    for outbound in found {
        let row = [
            outbound.title.clone(),
            handler(&outbound).to_owned(),
            names(&outbound),
            state(&outbound),
            outbound.retries.to_string(),
            yes(outbound.ordered).to_owned(),
            moment::print(zone, outbound.created).into_string(),
        ];
        say(format_args!("{}\t{}\t{}", outbound.id, outbound.user_id, cli::columns(&row)));
    }
    Ok(())
}

fn show(portal: &Portal, id: i64, format: Format) -> Result<()> {
    let outbound = find(portal, id)?;
    let zone = &portal.core().settings.zone;
    if format.json {
        say(json::outbound(&outbound, zone));
        return Ok(());
    }
    let time = |seconds| moment::print(zone, seconds).into_string();
    let lines = [
        ("id", outbound.id.to_string()),
        ("owner", outbound.user_id.to_string()),
        ("name", outbound.title.clone()),
        ("comment", outbound.comment.clone()),
        ("handler", handler(&outbound).to_owned()),
        ("state", state(&outbound)),
        ("failing since", outbound.failing_since.map_or("-".to_owned(), time)),
        ("retries", outbound.retries.to_string()),
        ("ordered", yes(outbound.ordered).to_owned()),
        ("created", time(outbound.created)),
    ];
    for (name, value) in lines {
        say(cli::columns(&[name.to_owned(), value]));
    }
    for (event, event_handler_id) in &outbound.events {
        say(format_args!("event\t{event}\tevent_handler_id {event_handler_id}"));
    }
    Ok(())
}

fn update(portal: &Portal, changed: ChangedOutbound) -> Result<()> {
    check_events(changed.events.as_deref().unwrap_or_default())?;
    let (core, id) = (portal.core().clone(), changed.id);
    let job = move |tx: &mut Tx<'_>| {
        let Some(found) = manage::find(tx, id)? else { return Ok(None) };
        let actor = owner_of(&found);
        let names = || found.events.iter().map(|(name, _)| name.clone()).collect();
        let wish = Wish {
            title: changed.name.clone().unwrap_or_else(|| found.title.clone()),
            comment: changed.comment.clone().unwrap_or_else(|| found.comment.clone()),
            handler_url: changed.handler.clone().unwrap_or_else(|| found.handler_url.clone()),
            events: changed.events.clone().unwrap_or_else(names),
            retries: changed.retries.clone().unwrap_or_else(|| found.retries.clone()),
            ordered: changed.ordered.unwrap_or(found.ordered),
        };
        manage::update(tx, &core, id, &wish, actor).map(Some)
    };
    portal.core().store.write(job).wait().map_err(refusal)?.with_context(|| missing(id))
}

fn delete(portal: &Portal, id: i64) -> Result<()> {
    let actor = owner_of(&find(portal, id)?);
    let job = move |tx: &mut Tx<'_>| manage::delete(tx, id, actor);
    portal.core().store.write(job).wait().map_err(refusal)
}

fn set_active(portal: &Portal, id: i64, active: bool) -> Result<()> {
    let (core, actor) = (portal.core().clone(), owner_of(&find(portal, id)?));
    let job = move |tx: &mut Tx<'_>| manage::set_active(tx, &core, id, active, actor);
    portal.core().store.write(job).wait().map_err(refusal)
}

/// Refuses events that do not exist, naming what may have been meant.
pub fn check_events(wanted: &[String]) -> Result<()> {
    let known = |name: &str| registry().event(&name.trim().to_ascii_uppercase()).is_some();
    let Some(unknown) = wanted.iter().find(|name| !known(name)) else { return Ok(()) };
    let names = registry().events().map(|event| event.name.as_str());
    let all = || "`portreeve outbound events` lists those that there are".to_owned();
    bail!("there is no event {unknown:?}; {}", near::suggestion(unknown.trim(), names).unwrap_or_else(all))
}

fn events(format: Format) {
    if format.json {
        registry().events().for_each(|event| say(event_json(event)));
        return;
    }
    say("NAME\tSCOPE\tABOUT");
    registry()
        .events()
        .for_each(|event| say(format_args!("{}\t{}\t{}", event.name, event.scope, event.about)));
}

/// A webhook that must be there.
fn find(portal: &Portal, id: i64) -> Result<Outbound> {
    let found = portal.core().store.read(move |tx: &mut Tx<'_>| manage::find(tx, id)).wait()?;
    found.with_context(|| missing(id))
}

fn missing(id: i64) -> String {
    format!("there is no outbound webhook {id}; `portreeve outbound list` shows which there are")
}

/// The operator acts in the owner's name, so that a change does not make somebody else the owner.
fn owner_of(outbound: &Outbound) -> Actor {
    Actor { user_id: outbound.user_id, is_admin: false }
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

fn handler(outbound: &Outbound) -> &str {
    if outbound.listens { "-" } else { &outbound.handler_url }
}

fn names(outbound: &Outbound) -> String {
    outbound.events.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(",")
}

fn yes(flag: bool) -> &'static str {
    if flag { "yes" } else { "no" }
}
