//! CRM roles: who may see and change whose items. Administrators make them.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use portal::access::roles::{self, Input, Role};
use portal::access::{Act, Level};
use portal::entity::Entity;
use portal::locale;
use portal::noun::capital;
use portal::seen::Mark;
use portal::texts::{Locale, Topic};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use store::Tx;
use wire::Fault;

use super::ask::{Body, Caller, Id};
use super::refusal::Refusal;
use super::{answer, ok};
use crate::clock;
use crate::console::Console;

/// A role as it is wanted: `{"name", "members": ["D2"], "permissions": {"LEAD": {"READ": "X"}}}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    name: String,
    #[serde(default)]
    members: Vec<String>,
    #[serde(default)]
    permissions: BTreeMap<String, BTreeMap<String, String>>,
    /// The version that was seen; without it, whatever was saved since is overwritten.
    #[serde(default)]
    version: Option<String>,
}

impl Wanted {
    fn input(self) -> Result<Input, Fault> {
        let mut input = Input { name: self.name, members: self.members, ..Input::default() };
        for (entity, given) in self.permissions {
            let acts = given.iter().map(|(act_code, level_code)| Ok((act(act_code)?, level(level_code)?)));
            input.permissions.insert(entity, acts.collect::<Result<_, Fault>>()?);
        }
        Ok(input)
    }
}

fn act(code: &str) -> Result<Act, Fault> {
    Act::parse(code).ok_or_else(|| Fault::argument(format!("Unknown action: {code}."), "permissions"))
}

fn level(code: &str) -> Result<Level, Fault> {
    let known = Level::ALL.into_iter().find(|level| level.code() == code);
    known.ok_or_else(|| Fault::argument(format!("Unknown access level: {code}."), "permissions"))
}

/// `{"roles": [..]}` with the acts, levels and kinds of records that there are, `{"code": "LEAD", "title": "Leads"}`.
pub async fn list(State(console): State<Console>, who: Caller) -> Result<Response, Refusal> {
    who.administers()?;
    let core = console.portal.core().clone();
    let job = move |tx: &mut Tx<'_>| {
        let entities = roles::entities(&core.current(tx)?.meta);
        Ok::<_, portal::Error>((roles::list(tx)?, Mark::now(tx)?, entities))
    };
    let (found, mark, entities) = console.portal.core().store.read(job).await?;
    let language = locale(who.1.language);
    let levels = Level::ALL.map(|level| json!({"code": level.code(), "title": level.title()}));
    Ok(ok(&json!({
        "roles": found.iter().map(|role| shape(role, mark)).collect::<Value>(),
        "acts": Act::ALL.map(Act::code),
        "levels": levels,
        "entities": entities.iter().map(|entity| kind(entity, language)).collect::<Value>(),
    })))
}

/// A kind of records as it is called in the roles, and by people.
fn kind(entity: &Entity, language: Locale) -> Value {
    json!({"code": entity.code, "title": capital(language.text(Topic::Names, &entity.plural))})
}

/// Makes one: 201, with the role as it became.
pub async fn create(
    State(console): State<Console>,
    who: Caller,
    Body(wanted): Body<Wanted>,
) -> Result<Response, Refusal> {
    let made = save(&console, who, None, wanted).await?;
    let location = [(LOCATION, format!("/api/roles/{}", made["id"]))];
    Ok((location, answer(StatusCode::CREATED, &made)).into_response())
}

/// Changes one wholly; with the `version` that was seen, only if that is still the one.
pub async fn update(
    State(console): State<Console>,
    who: Caller,
    Id(id): Id,
    Body(wanted): Body<Wanted>,
) -> Result<Response, Refusal> {
    Ok(ok(&save(&console, who, Some(id), wanted).await?))
}

/// Deletes one: 204.
pub async fn delete(State(console): State<Console>, who: Caller, Id(id): Id) -> Result<Response, Refusal> {
    who.administers()?;
    let now = clock::now(console.portal.core());
    let job = move |tx: &mut Tx<'_>| roles::delete(tx, &who.by(), id, now);
    console.portal.core().store.write(job).await?;
    tracing::info!(role = id, by = who.0.user_id, "a role was deleted");
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn save(console: &Console, who: Caller, id: Option<i64>, mut wanted: Wanted) -> Result<Value, Refusal> {
    who.administers()?;
    let version = wanted.version.take();
    let (input, now) = (wanted.input()?, clock::now(console.portal.core()));
    let job = move |tx: &mut Tx<'_>| {
        if let (Some(id), Some(version)) = (id, &version) {
            roles::check_version(tx, id, version, who.0.user_id)?;
        }
        let id = roles::save(tx, portal::modules(), &who.by(), id, &input, now)?;
        let saved = roles::list(tx)?.into_iter().find(|role| role.id == id);
        Ok::<_, portal::Error>((saved, Mark::now(tx)?))
    };
    let (saved, mark) = console.portal.core().store.write(job).await?;
    tracing::info!(role = saved.as_ref().map(|role| role.id), by = who.0.user_id, "a role was saved");
    Ok(saved.as_ref().map(|role| shape(role, mark)).unwrap_or_default())
}

fn shape(role: &Role, mark: Mark) -> Value {
    let acts = |acts: &[(Act, Level)]| -> Map<String, Value> {
        acts.iter().map(|(act, level)| (act.code().to_owned(), level.code().into())).collect()
    };
    let permissions: Map<String, Value> =
        role.permissions.iter().map(|(entity, given)| (entity.clone(), acts(given).into())).collect();
    json!({"id": role.id, "name": role.name, "members": role.members, "permissions": permissions,
        "version": mark.version(role)})
}
