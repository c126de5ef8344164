//! `portreeve demo`: a portal with something in it, and everything needed to call it.

use std::io::{self, IsTerminal, Write};

use anyhow::{Context, Result, bail};
use portal::demo::grow::{self, Grown};
use portal::hooks;
use portal::integration::{self, Integration};
use portal::{Portal, demo, state};
use store::Tx;

use crate::cli::{self, DemoSize};
use crate::place::Place;
use crate::settings::{Settings, Tls};
use crate::user::ADMINISTRATOR;
use crate::{clock, hook, user};

/// Name of the webhook, and of the mark that a portal was made by this command.
const NAME: &str = "demo";

/// What the mark says when its administrator was given a password that stays.
const KEEPS: &str = "keeps its password";
/// What is shown in the place of a password that nobody can read.
const OWN: &str = "(with your own password)";

/// Fills an empty portal, and gives the administrator's password.
///
/// # Errors
/// When the portal has other demo records than these.
pub fn fill(portal: &Portal, size: DemoSize) -> Result<String> {
    let password = sign_in(portal)?;
    demo::load(portal, clock::now(portal.core())).context("the demo data could not be loaded")?;
    if size.records > 0 {
        grow(portal, size)?;
    }
    Ok(password)
}

/// Makes the records, and says how far it came where somebody looks on.
fn grow(portal: &Portal, size: DemoSize) -> Result<()> {
    let (wanted, watched) =
        (grow::Size { records: size.records, seed: size.seed }, io::stderr().is_terminal());
    let told = |done: u32| {
        if watched {
            let _ = write!(io::stderr(), "\r{done} of {} demo records", size.records);
        }
    };
    let grown = grow::grow(portal, wanted, clock::now(portal.core()), told);
    if watched {
        cli::note("");
    }
    match grown.context("the demo records could not be made")? {
        Grown::Whole => Ok(()),
        Grown::Other(grow::Size { records, seed }) => bail!(
            "this portal has {records} demo records of seed {seed}, not {} of seed {}: choose another --data, or the same numbers",
            size.records,
            size.seed
        ),
    }
}

/// The lines that show a newcomer around.
pub fn guide(
    place: &Place,
    settings: &Settings,
    portal: &Portal,
    base_url: &str,
    password: &str,
) -> Result<Vec<String>> {
    let password = if keeps(portal)? { OWN } else { password };
    let url = webhook(portal, base_url)?;
    let trust = match settings.tls {
        Tls::Dev => format!("--cacert {} ", place.data.join("tls/ca.pem").display()),
        Tls::Off | Tls::Files => String::new(),
    };
    Ok(vec![
        String::new(),
        format!("Console    {base_url}/"),
        format!("Sign in    {}  {password}", user::FIRST),
        format!("Webhook    {url}"),
        String::new(),
        "Try it:".to_owned(),
        format!("  curl {trust}'{url}crm.lead.list.json?select[]=ID&select[]=TITLE&start=-1' --globoff"),
    ])
}

/// The administrator's password. A portal that this command made gets a new one at every start, since nobody
/// can read the old one; any other portal keeps its own.
fn sign_in(portal: &Portal) -> Result<String> {
    let core = portal.core();
    if let Some(password) = user::make_administrator_with_password(portal)? {
        core.store.write(|tx: &mut Tx<'_>| state::set(tx, NAME, "1")).wait()?;
        return Ok(password);
    }
    let mark = core.store.read(|tx: &mut Tx<'_>| state::get(tx, NAME)).wait()?;
    if mark.is_none_or(|mark| mark == KEEPS) {
        return Ok(OWN.to_owned());
    }
    let password = user::random_password();
    user::set_password(portal, ADMINISTRATOR, &password)?;
    Ok(password)
}

/// From now on a demo portal keeps its administrator's password at its starts: somebody decided on it.
pub fn keep_password(tx: &mut Tx<'_>) -> portal::Result<()> {
    if state::get(tx, NAME)?.is_some() {
        state::set(tx, NAME, KEEPS)?;
    }
    Ok(())
}

fn keeps(portal: &Portal) -> Result<bool> {
    let mark = portal.core().store.read(|tx: &mut Tx<'_>| state::get(tx, NAME)).wait()?;
    Ok(mark.is_some_and(|mark| mark == KEEPS))
}

/// The URL of the webhook "demo", which is made when it is missing.
fn webhook(portal: &Portal, base_url: &str) -> Result<String> {
    let core = portal.core().clone();
    let usable = |found: &Integration| {
        found.inbound.as_ref().is_some_and(|hook| hook.input.active && hook.input.expires.is_none())
    };
    let find =
        move |tx: &mut Tx<'_>| match integration::titled(tx, ADMINISTRATOR, NAME)?.into_iter().find(usable) {
            Some(found) => integration::secret(tx, &core.keys, &found),
            None => Ok(None),
        };
    if let Some(secret) = portal.core().store.read(find).wait()? {
        return Ok(hook::url(base_url, ADMINISTRATOR, &secret));
    }
    // Everything is there to be tried.
    let scopes = hook::offered_scopes();
    let input = hook::input(
        NAME.to_owned(),
        "Made by `portreeve demo`".to_owned(),
        hooks::Input { scopes, ..hooks::Input::default() },
    );
    hook::make(portal, ADMINISTRATOR, input, base_url)
}
