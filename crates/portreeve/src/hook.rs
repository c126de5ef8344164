//! `portreeve hook`: what nothing over HTTP may do but a signed-in person.

use anyhow::{Context, Result, bail, ensure};
use portal::audit::{self, Action, By};
use portal::hooks::{self, Hook, Secret};
use portal::integration::{self, EditContext, Fresh, Input, Integration, Part, scenario};
use portal::outbound::manage::Actor;
use portal::settings::Settings;
use portal::{Core, Moment, Portal, moment};
use store::Tx;

use crate::cli::{self, HookCommand, NewHook, refusal, say};
use crate::place::Place;
use crate::{clock, near, user};

/// Runs one of the commands.
pub fn run(place: &Place, command: HookCommand) -> Result<()> {
    let portal = place.open_existing(Settings::new(""))?;
    match command {
        HookCommand::Create(new) => create(place, &portal, new),
        HookCommand::List => list(&portal),
        HookCommand::Revoke { id } => revoke(&portal, id),
    }
}

fn create(place: &Place, portal: &Portal, new: NewHook) -> Result<()> {
    let base_url = place.base_url(portal)?;
    check_scopes(&new.scope)?;
    let expires = new.expires.as_deref().map(|text| expiry(portal, text)).transpose()?;
    let hook =
        hooks::Input { scopes: new.scope, expires, read_only: new.read_only, ..hooks::Input::default() };
    let url = make(portal, new.owner, input(new.name, new.comment, hook), &base_url)?;
    say(url);
    Ok(())
}

/// An integration with nothing but an inbound webhook.
pub fn input(title: String, comment: String, hook: hooks::Input) -> Input {
    Input { scenario: scenario::IN_HOOK.to_owned(), title, comment, inbound: Some(hook), ..Input::default() }
}

/// Makes an integration with an inbound webhook and gives its URL. The owner must exist and be active.
pub fn make(portal: &Portal, owner: i64, input: Input, base_url: &str) -> Result<String> {
    user::check_owner(portal, owner)?;
    let (core, fresh, now) = (portal.core().clone(), Fresh::random(), clock::now(portal.core()));
    let url = url(base_url, owner, &fresh.secret);
    let job = move |tx: &mut Tx<'_>| integration::make(tx, in_name_of(owner, &core, now), &input, &fresh);
    portal.core().store.write(job).wait().map_err(refusal)?;
    Ok(url)
}

/// The operator acts in the owner's name, so that a change does not make somebody else the owner.
pub fn in_name_of(owner: i64, core: &Core, now: Moment) -> EditContext<'_> {
    let actor = Actor { user_id: owner, is_admin: false };
    EditContext { core, actor, by: By::OPERATOR, now }
}

/// The URL of a webhook, to be shown to its owner alone.
pub fn url(base_url: &str, owner: i64, secret: &Secret) -> String {
    format!("{base_url}/rest/{owner}/{}/", secret.reveal())
}

fn list(portal: &Portal) -> Result<()> {
    let found = portal.core().store.read(integration::all).wait()?;
    say("ID\tOWNER\tNAME\tSCOPES\tACTIVE\tCREATED\tEXPIRES\tLAST USED\tFROM");
    let zone = &portal.core().zone();
    let date = |seconds: Option<i64>| seconds.map_or("-".into(), |at| moment::print(zone, at).into_string());
    let mut hooks: Vec<(Integration, Hook)> = found
        .into_iter()
        .filter_map(|mut integration| integration.inbound.take().map(|hook| (integration, hook)))
        .collect();
    hooks.sort_unstable_by_key(|(_, hook)| hook.id);
    for (integration, hook) in hooks {
        let row = [
            integration.title,
            hook.input.scopes.join(","),
            if hook.input.active { "yes".into() } else { "no".into() },
            date(Some(integration.created)),
            date(hook.input.expires),
            date(hook.last_used),
            hook.last_address.unwrap_or_else(|| "-".into()),
        ];
        say(format_args!("{}\t{}\t{}", hook.id, integration.user_id, cli::columns(&row)));
    }
    Ok(())
}

fn revoke(portal: &Portal, id: i64) -> Result<()> {
    let now = clock::now(portal.core());
    let job = move |tx: &mut Tx<'_>| {
        let Some(integration) = integration::remove_part(tx, Part::Inbound(id))? else { return Ok(false) };
        let (object, detail) = (format!("integration:{integration}"), format!("inbound webhook {id}"));
        audit::note(tx, &By::OPERATOR, Action::IntegrationDeleted, object, detail, now)?;
        portal::Result::Ok(true)
    };
    let gone = portal.core().store.write(job).wait()?;
    ensure!(gone, "there is no webhook {id}; `portreeve hook list` shows which there are");
    Ok(())
}

/// When a webhook is to expire: the beginning of a day, or a moment.
fn expiry(portal: &Portal, text: &str) -> Result<i64> {
    let expires = moment::parse(&portal.core().zone(), text)
        .with_context(|| format!("{text:?} is no date; write it as 2027-01-01"))?;
    if expires <= clock::now(portal.core()).seconds() {
        cli::note(format_args!("{text} is over: the webhook expired before it was made"));
    }
    Ok(expires)
}

/// Refuses scopes that do not exist, naming what may have been meant. Those that the console does not offer
/// open methods that then refuse webhooks by themselves; integrations are tested for that, too.
pub fn check_scopes(wanted: &[String]) -> Result<()> {
    let unknown = wanted.iter().find(|scope| !codes().any(|code| code == scope.trim()));
    match unknown {
        Some(scope) => {
            let all = || format!("the scopes are {}", codes().collect::<Vec<_>>().join(", "));
            bail!("there is no scope {scope:?}; {}", near::suggestion(scope, codes()).unwrap_or_else(all))
        }
        None => Ok(()),
    }
}

/// Every scope that a webhook can be granted.
pub fn offered_scopes() -> Vec<String> {
    portal::modules()
        .scopes()
        .iter()
        .filter(|scope| scope.offered)
        .map(|scope| scope.code.to_owned())
        .collect()
}

fn codes() -> impl Iterator<Item = &'static str> {
    portal::modules().scopes().iter().map(|scope| scope.code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_scopes_are_refused_with_what_was_meant() {
        let check = |scopes: &[&str]| {
            check_scopes(&scopes.iter().map(|scope| (*scope).to_owned()).collect::<Vec<_>>())
        };
        assert!(check(&["crm", "user_basic", "task"]).is_ok());
        let said = |scope: &str| check(&["crm", scope]).unwrap_err().to_string();
        assert!(said("cmr").ends_with("did you mean crm?"), "{}", said("cmr"));
        assert!(said("User").contains("did you mean user"), "{}", said("User"));
        assert!(said("zzzzzzzz").contains("the scopes are ai_admin, appform"), "{}", said("zzzzzzzz"));
    }
}
