//! `portreeve demo`: a portal with something in it, and everything needed to call it.

use anyhow::{Context, Result};
use portal::hooks;
use portal::integration::{self, Integration};
use portal::scopes::SCOPES;
use portal::{Portal, demo, state};
use store::Tx;

use crate::place::Place;
use crate::settings::{Settings, Tls};
use crate::user::ADMINISTRATOR;
use crate::{clock, hook, user};

/// Name of the webhook, and of the mark that a portal was made by this command.
const NAME: &str = "demo";

/// Fills an empty portal, and gives the lines that show a newcomer around.
pub fn prepare(place: &Place, settings: &Settings, portal: &Portal, base_url: &str) -> Result<Vec<String>> {
    let password = sign_in(portal)?;
    demo::load(portal, clock::now(portal.core())).context("the demo data could not be loaded")?;
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
    if core.store.read(|tx: &mut Tx<'_>| state::get(tx, NAME)).wait()?.is_none() {
        return Ok("(with your own password)".to_owned());
    }
    let password = user::random_password();
    user::set_password(portal, ADMINISTRATOR, &password)?;
    Ok(password)
}

/// The URL of the webhook "demo", which is made when it is missing.
fn webhook(portal: &Portal, base_url: &str) -> Result<String> {
    let core = portal.core().clone();
    let usable = |found: &Integration| {
        let mine = found.user_id == ADMINISTRATOR && found.title == NAME;
        mine && found.inbound.as_ref().is_some_and(|hook| hook.input.active && hook.input.expires.is_none())
    };
    let find = move |tx: &mut Tx<'_>| match integration::all(tx)?.into_iter().find(usable) {
        Some(found) => integration::secret(tx, &core.keys, &found),
        None => Ok(None),
    };
    if let Some(secret) = portal.core().store.read(find).wait()? {
        return Ok(hook::url(base_url, ADMINISTRATOR, &secret));
    }
    // Everything is there to be tried.
    let scopes = SCOPES.iter().filter(|scope| scope.offered).map(|scope| scope.code.to_owned()).collect();
    let input = hook::input(
        NAME.to_owned(),
        "Made by `portreeve demo`".to_owned(),
        hooks::Input { scopes, ..hooks::Input::default() },
    );
    hook::make(portal, ADMINISTRATOR, input, base_url)
}
