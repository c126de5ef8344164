//! The people of the portal: seen by everybody who is signed in, added and changed by administrators.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use jiff::tz::TimeZone;
use portal::seen::Mark;
use portal::user::letter::{self, Occasion};
use portal::user::notice::{self, Notice};
use portal::user::people::{self, Change, Person, Search};
use portal::user::{self, NewUser, welcome};
use portal::{Core, moment};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Tx;
use wire::{Fault, fault};

use super::account::prove;
use super::ask::{Body, Caller, Id, Query};
use super::refusal::Refusal;
use super::{answer, ok};
use crate::clock;
use crate::console::Console;

/// People on a page, unless another number is asked for, and at most.
const PAGE: i64 = 20;
const LONGEST_PAGE: i64 = 200;
/// Integrations that are shown with a user.
const INTEGRATIONS: usize = 100;

/// Somebody to be invited.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guest {
    email: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    last_name: String,
    #[serde(default)]
    position: String,
    #[serde(default)]
    is_admin: bool,
    #[serde(default)]
    departments: Vec<i64>,
}

/// Changes to a user; anything left out stays unchanged.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changed {
    name: Option<String>,
    last_name: Option<String>,
    position: Option<String>,
    email: Option<String>,
    departments: Option<Vec<i64>>,
    is_admin: Option<bool>,
    active: Option<bool>,
    /// The version that was seen; without it, whatever was saved since is overwritten.
    version: Option<String>,
    /// One's own password, which the own e-mail is not changed without.
    password: Option<String>,
}

impl Changed {
    /// Whether it asks for no more than people may change of themselves.
    fn is_modest(&self) -> bool {
        self.email.is_none() && self.departments.is_none() && self.is_admin.is_none() && self.active.is_none()
    }
}

/// `{"users": [..], "total": n}` by number.
pub async fn list(State(console): State<Console>, who: Caller, query: Query) -> Result<Response, Refusal> {
    let (page, size) = (query.number("page")?.unwrap_or(1), query.number("size")?.unwrap_or(PAGE));
    if !(1..=1_000_000).contains(&page) {
        return Err(Fault::argument("page must be 1 or more.", "page").into());
    }
    if !(1..=LONGEST_PAGE).contains(&size) {
        return Err(Fault::argument(format!("size must be from 1 to {LONGEST_PAGE}."), "size").into());
    }
    let search = Search {
        text: query.text("search"),
        active: query.text("active").map(|flag| flag.eq_ignore_ascii_case("Y")),
        skip: usize::try_from((page - 1) * size).unwrap_or(usize::MAX),
        take: usize::try_from(size).unwrap_or(0),
    };
    let job = move |tx: &mut Tx<'_>| people::search(tx, &search);
    let (found, total) = console.portal.core().store.read(job).await?;
    let zone = &console.portal.core().zone();
    let users: Value = found.iter().map(|person| shape(person, &who, zone)).collect();
    Ok(ok(&json!({"users": users, "total": total})))
}

/// One with its `version`, and with `integrations` as far as the caller may see them.
pub async fn one(State(console): State<Console>, who: Caller, Id(id): Id) -> Result<Response, Refusal> {
    Ok(ok(&read(&console, who, id).await?))
}

/// Invites somebody: 201 `{"id": n, "link": url, "mailed": bool}`. The link is shown this once; whoever has it chooses the
/// password. It goes out by e-mail, too, where the portal sends any.
pub async fn create(
    State(console): State<Console>,
    who: Caller,
    Body(guest): Body<Guest>,
) -> Result<Response, Refusal> {
    who.administers()?;
    let (core, code, now) =
        (Arc::clone(console.portal.core()), welcome::code(), clock::now(console.portal.core()));
    let new = NewUser {
        email: guest.email,
        name: guest.name.trim().to_owned(),
        last_name: guest.last_name.trim().to_owned(),
        is_admin: guest.is_admin,
        departments: guest.departments,
    };
    let link = link_of(&core, &code);
    let job = move |tx: &mut Tx<'_>| {
        let id = people::invite(tx, &core.keys, &who.by(), &new, &guest.position, &code, now)?;
        Ok::<_, portal::Error>((id, letter::send(tx, &core, Occasion::Invitation, id, &code, now)?))
    };
    let (id, mailed) = console.portal.core().store.write(job).await?;
    tracing::info!(user = id, by = who.0.user_id, "a user was invited");
    let location = [(LOCATION, format!("/api/users/{id}"))];
    Ok((
        location,
        answer(
            StatusCode::CREATED,
            &json!({"id": id, "link": link, "mailed": mailed && console.sends_mail()}),
        ),
    )
        .into_response())
}

/// Makes another link: `{"link": url, "mailed": bool}`. The one of before is worth nothing any more.
pub async fn link(State(console): State<Console>, who: Caller, Id(id): Id) -> Result<Response, Refusal> {
    who.administers()?;
    let (core, code, now) =
        (Arc::clone(console.portal.core()), welcome::code(), clock::now(console.portal.core()));
    let link = link_of(&core, &code);
    let job = move |tx: &mut Tx<'_>| {
        people::link(tx, &core.keys, &who.by(), id, &code, now)?;
        letter::send(tx, &core, Occasion::Renewal, id, &code, now)
    };
    let mailed = console.portal.core().store.write(job).await?;
    Ok(ok(&json!({"link": link, "mailed": mailed && console.sends_mail()})))
}

/// Takes somebody's second factor away, who lost it: 204. Their sign-ins end.
pub async fn reset_factor(
    State(console): State<Console>,
    who: Caller,
    Id(id): Id,
) -> Result<Response, Refusal> {
    who.administers()?;
    if id == who.0.user_id {
        let text = "Turn your own two-factor sign-in off on the page Account.";
        return Err(Fault::new(409, "ERROR_OWN_FACTOR", text).into());
    }
    let now = clock::now(console.portal.core());
    let core = Arc::clone(console.portal.core());
    let job = move |tx: &mut Tx<'_>| {
        people::reset_factor(tx, &who.by(), id, now)?;
        notice::tell(tx, &core, id, Notice::FactorReset, now)
    };
    console.portal.core().store.write(job).await?;
    tracing::info!(user = id, by = who.0.user_id, "a second factor was reset");
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Changes a user. Everybody may change the own name and position; the rest is for administrators, and one's own e-mail
/// for who says the password again.
pub async fn change(
    State(console): State<Console>,
    who: Caller,
    Id(id): Id,
    Body(changed): Body<Changed>,
) -> Result<Response, Refusal> {
    if !(who.0.is_admin || (id == who.0.user_id && changed.is_modest())) {
        return Err(Fault::from(fault::ACCESS_DENIED).into());
    }
    if id == who.0.user_id
        && let Some(email) = &changed.email
        && is_other(&console, id, email).await?
    {
        prove(&console, &who, changed.password.unwrap_or_default(), "password").await?;
    }
    let now = clock::now(console.portal.core());
    let change = Change {
        name: changed.name,
        last_name: changed.last_name,
        position: changed.position,
        email: changed.email,
        departments: changed.departments,
        is_admin: changed.is_admin,
        active: changed.active,
    };
    let (version, core) = (changed.version, Arc::clone(console.portal.core()));
    let job = move |tx: &mut Tx<'_>| {
        if let Some(version) = &version {
            people::check_version(tx, id, version, who.0.user_id)?;
        }
        let before = user::find(tx, id)?;
        people::change(tx, &who.by(), id, &change, now)?;
        let after = user::find(tx, id)?;
        match before.filter(|before| after.is_some_and(|after| after.email != before.email)) {
            Some(before) => notice::tell_at(tx, &core, &before, Notice::Address, now),
            None => Ok(()),
        }
    };
    console.portal.core().store.write(job).await?;
    tracing::info!(user = id, by = who.0.user_id, "a user was changed");
    Ok(ok(&read(&console, who, id).await?))
}

/// Whether a user signs in with another e-mail than this.
async fn is_other(console: &Console, id: i64, email: &str) -> Result<bool, Refusal> {
    let user = console.portal.core().store.read(move |tx: &mut Tx<'_>| user::find(tx, id)).await?;
    Ok(user.is_some_and(|user| user.email != email.trim().to_lowercase()))
}

/// Where somebody chooses a password.
fn link_of(core: &Core, code: &str) -> String {
    format!("{}{}", core.settings().base_url, welcome::path(code))
}

async fn read(console: &Console, who: Caller, id: i64) -> Result<Value, Refusal> {
    let owner = who.sees();
    let job = move |tx: &mut Tx<'_>| {
        let unknown = || Fault::not_found("The user does not exist.");
        let person = people::find(tx, id)?.ok_or_else(unknown)?;
        let shown = if owner.is_none_or(|own| own == id) { INTEGRATIONS } else { 0 };
        let version = Mark::now(tx)?.version(&person.decided());
        Ok::<_, portal::Error>((person, version, people::integrations(tx, id, shown)?))
    };
    let (person, version, titles) = console.portal.core().store.read(job).await?;
    let mut shape = shape(&person, &who, &console.portal.core().zone());
    shape["version"] = version.into();
    shape["integrations"] = titles.iter().map(|(id, title)| json!({"id": id, "title": title})).collect();
    Ok(shape)
}

fn shape(person: &Person, who: &Caller, zone: &TimeZone) -> Value {
    let user = &person.user;
    let departments = person.departments.iter().map(|(id, name)| json!({"id": id, "name": name}));
    // How many integrations others have is no business of an employee's, nor is how they sign in.
    let is_theirs = who.sees().is_none_or(|own| own == user.id);
    let hooks = is_theirs.then_some(person.integrations);
    json!({
        "id": user.id,
        "name": user.name,
        "last_name": user.last_name,
        "email": user.email,
        "position": person.position,
        "departments": departments.collect::<Value>(),
        "is_admin": user.is_admin,
        "active": user.active,
        "last_login": person.last_login.map(|at| moment::print(zone, at).to_string()),
        "hooks": hooks,
        "factor": is_theirs.then_some(person.factor),
    })
}
