//! One-time links: with one, a person who is not signed in chooses a password and is. The first person of a new
//! portal also chooses name and address, and whether there is to be something to play with.

use axum::extract::State;
use axum::response::Response;
use portal::audit::{self, Action, By};
use portal::clock::Now;
use portal::user::notice::{self, Notice};
use portal::user::people::{self, Change, object};
use portal::user::{self, User, factor, welcome};
use portal::{Portal, demo};
use serde::Deserialize;
use serde_json::json;
use store::Tx;
use wire::Fault;

use super::account::hashed;
use super::ask::{Body, foreign};
use super::ok;
use super::refusal::{Refusal, too_many};
use super::session::enter;
use crate::clock;
use crate::console::Console;
use crate::console::sign_in::Second;
use crate::console::visit::Visit;

/// A link's code.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    code: String,
}

/// What somebody chooses who came by a link.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accept {
    code: String,
    password: String,
    /// A code of the second factor, where the account has one: a link takes the place of a password alone.
    second: Option<String>,
    /// These are taken in the set-up only.
    email: Option<String>,
    name: Option<String>,
    last_name: Option<String>,
    /// Whether to fill the portal with demo data.
    #[serde(default)]
    demo: bool,
}

/// Whom a link is for: `{"email", "name", "last_name", "setup", "factor"}`, where `factor` says whether a code is asked for.
pub async fn look(
    State(console): State<Console>,
    visit: Visit,
    Body(Look { code }): Body<Look>,
) -> Result<Response, Refusal> {
    let Guest { user, setup, factor } = guest(&console, &visit, code).await?;
    Ok(ok(&json!({
        "email": user.email,
        "name": user.name,
        "last_name": user.last_name,
        "setup": setup,
        "factor": factor,
    })))
}

/// Uses a link up, and signs in. Without the code of a second factor that the account has, the link stays as it is.
pub async fn accept(
    State(console): State<Console>,
    visit: Visit,
    Body(chosen): Body<Accept>,
) -> Result<Response, Refusal> {
    let Guest { user, setup, .. } = guest(&console, &visit, chosen.code.clone()).await?;
    let chosen_names = [&chosen.email, &chosen.name, &chosen.last_name].into_iter().flatten().cloned();
    let about = [user.email.clone(), user.name.clone(), user.last_name.clone()];
    let about = about.into_iter().chain(chosen_names).collect();
    let password = hashed(&console, chosen.password, "password", about).await?;
    if setup && chosen.demo {
        load_demo(&console.portal).await?;
    }
    let (core, code) = (console.portal.core().clone(), chosen.code);
    let change =
        Change { email: chosen.email, name: chosen.name, last_name: chosen.last_name, ..Change::default() };
    let second = Second { user_id: user.id, code: chosen.second };
    let also = move |tx: &mut Tx<'_>, by: &By, now| {
        let had_one = user::has_password(tx, user.id)?;
        let user = welcome::accept(tx, &core.keys, &code, &password, now)?;
        if setup {
            people::change(tx, by, user.id, &change, now)?;
        }
        if had_one {
            notice::tell(tx, &core, user.id, Notice::Password, now)?;
        }
        audit::note(tx, by, Action::PasswordSet, object(user.id), "by a one-time link", now)
    };
    enter(&console, &visit, second, false, also).await
}

/// Who comes by a link.
struct Guest {
    user: User,
    /// Whether the link begins the portal.
    setup: bool,
    /// Whether a code of a second factor is asked for.
    factor: bool,
}

async fn guest(console: &Console, visit: &Visit, code: String) -> Result<Guest, Refusal> {
    let core = console.portal.core().clone();
    let Now { portal: now, machine } = clock::both(&core);
    if ![&visit.session, &visit.visitor].into_iter().any(|token| visit.carries(&core.keys, token.as_ref())) {
        return Err(foreign());
    }
    if !console.guard.admit_from(&core, visit.origin.address, machine).await? {
        return Err(too_many());
    }
    let job = move |tx: &mut Tx<'_>| {
        let user = welcome::look(tx, &core.keys, &code, now)?;
        let (setup, factor) = (welcome::is_setup(tx)?, factor::standing(tx, user.id)?.is_some());
        Ok::<_, portal::Error>(Guest { user, setup, factor })
    };
    Ok(console.portal.core().store.read(job).await?)
}

async fn load_demo(portal: &Portal) -> Result<(), Refusal> {
    let (portal, now) = (portal.clone(), clock::now(portal.core()));
    let loaded = tokio::task::spawn_blocking(move || demo::load(&portal, now)).await;
    let failed = |_| Fault::new(500, "INTERNAL_SERVER_ERROR", "The demo data could not be loaded.");
    loaded.map_err(failed)??;
    Ok(())
}
