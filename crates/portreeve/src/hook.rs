//! `portreeve hook`: what nothing over HTTP may do but a signed-in person.

use anyhow::{Context, Result, bail, ensure};
use portal::hooks::{self, Hook, Secret};
use portal::system::scopes::SCOPES;
use portal::{Portal, moment};
use store::Tx;

use crate::cli::{HookCommand, NewHook, say};
use crate::clock;
use crate::place::Place;

/// Runs one of the commands.
pub fn run(place: &Place, command: HookCommand) -> Result<()> {
    let portal = place.open_existing()?;
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
    let new = hooks::NewHook {
        user_id: new.owner,
        title: new.name,
        comment: new.comment,
        scopes: new.scope,
        expires,
    };
    let url = make(portal, new, &base_url)?;
    say(url);
    Ok(())
}

/// Makes a webhook and gives its URL. The owner must exist and be active.
pub fn make(portal: &Portal, new: hooks::NewHook, base_url: &str) -> Result<String> {
    let (core, secret, now) = (portal.core().clone(), Secret::random(), clock::now());
    let url = format!("{base_url}/rest/{}/{}/", new.user_id, secret.reveal());
    let owner = new.user_id;
    let job = move |tx: &mut Tx<'_>| {
        let sql = "SELECT active FROM portal_user WHERE id = ?";
        let active = tx.one(sql, &[new.user_id.into()], |row| Ok(row.text(0)? == "Y"))?;
        if active == Some(true) {
            hooks::create(tx, &core.keys, &new, &secret, now)?;
        }
        Ok::<_, portal::Error>(active)
    };
    match portal.core().store.write(job).wait()? {
        Some(true) => Ok(url),
        Some(false) => bail!("user {owner} is dismissed: a webhook would be refused"),
        None => bail!("there is no user {owner}; `portreeve user list` shows who there is"),
    }
}

fn list(portal: &Portal) -> Result<()> {
    let hooks: Vec<Hook> = portal.core().store.read(|tx: &mut Tx<'_>| hooks::list(tx, None)).wait()?;
    say("ID\tOWNER\tNAME\tSCOPES\tACTIVE\tCREATED\tEXPIRES\tLAST USED\tFROM");
    let zone = &portal.core().settings.zone;
    let date = |seconds: Option<i64>| seconds.map_or("-".into(), |at| moment::print(zone, at));
    for hook in hooks {
        let Hook { id, user_id, title, .. } = &hook;
        let (scopes, active) = (hook.scopes.join(","), if hook.active { "yes" } else { "no" });
        let (created, expires, used) = (date(Some(hook.created)), date(hook.expires), date(hook.last_used));
        let from = hook.last_address.as_deref().unwrap_or("-");
        // A name may hold anything; a line of the list is one line all the same.
        let title = title.replace(char::is_control, " ");
        say(format_args!(
            "{id}\t{user_id}\t{title}\t{scopes}\t{active}\t{created}\t{expires}\t{used}\t{from}"
        ));
    }
    Ok(())
}

fn revoke(portal: &Portal, id: i64) -> Result<()> {
    let gone = portal.core().store.write(move |tx: &mut Tx<'_>| hooks::revoke(tx, id)).wait()?;
    ensure!(gone, "there is no webhook {id}; `portreeve hook list` shows which there are");
    Ok(())
}

/// When a webhook is to expire: the beginning of a day, or a moment.
fn expiry(portal: &Portal, text: &str) -> Result<i64> {
    let expires = moment::parse(&portal.core().settings.zone, text)
        .with_context(|| format!("{text:?} is no date; write it as 2027-01-01"))?;
    ensure!(expires > clock::now().seconds(), "{text} is over: the webhook would never work");
    Ok(expires)
}

/// Refuses scopes that no webhook can have, naming what may have been meant.
pub fn check_scopes(wanted: &[String]) -> Result<()> {
    for scope in wanted {
        let known = SCOPES.iter().find(|known| known.code == scope.trim());
        match known {
            Some(known) if known.offered => {}
            Some(_) => bail!("the scope {scope} is for applications; no webhook can have it"),
            None => bail!("there is no scope {scope:?}; {}", suggestion(scope)),
        }
    }
    Ok(())
}

fn suggestion(scope: &str) -> String {
    let offered = || SCOPES.iter().filter(|known| known.offered).map(|known| known.code);
    let near: Vec<&str> = offered().filter(|code| is_near(&scope.to_ascii_lowercase(), code)).collect();
    if near.is_empty() {
        format!("the scopes are {}", offered().collect::<Vec<_>>().join(", "))
    } else {
        format!("did you mean {}?", near.join(" or "))
    }
}

/// Whether one is part of the other, or two letters or fewer make one of the other.
fn is_near(a: &str, b: &str) -> bool {
    let part = a.len() > 2 && (a.contains(b) || b.contains(a));
    part || distance(a, b) <= 2.min(b.len() / 2)
}

/// Letters to add, remove or replace to make one text of the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
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
        assert!(said("zzzzzzzz").contains("the scopes are ai_admin, biconnector"), "{}", said("zzzzzzzz"));
        assert!(said("placement").contains("for applications"), "{}", said("placement"));
    }

    #[test]
    fn distances_count_letters() {
        for (a, b, letters) in [("crm", "crm", 0), ("crm", "cm", 1), ("crm", "cmr", 2), ("", "abc", 3)] {
            assert_eq!(distance(a, b), letters, "{a} {b}");
        }
    }
}
