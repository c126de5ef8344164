//! Integrations: one's own, and everybody's for administrators (protocol 8).

mod list;
mod missed;
mod pace;
mod shape;
mod wanted;

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use portal::audit::Action;
use portal::integration::{self, EditContext, Fresh, Integration};
use portal::outbound::queue::Lane;
use portal::outbound::queue::held::{self, Choice};
use portal::outbound::trial;
use portal::seen::Mark;
use portal::{Core, Moment, user};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Tx;
use wire::Fault;

use super::ask::{Body, Caller, Id, moment};
use super::refusal::Refusal;
use super::{answer, ok};
use crate::clock;
use crate::console::Console;
use crate::hook::url;

pub use list::list;
pub use missed::{held as held_of, missed as missed_of, replay_missed};
pub use pace::show as pace_of;
use shape::Frame;
use wanted::Wanted;

/// Whether it is to work.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    active: bool,
    /// What becomes of the events that were held while it was off: `send`, `drop`, or a moment since which they are sent.
    #[serde(default)]
    held: Option<String>,
}

/// Which event to send as a test.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    event: String,
}

/// The author of changes by this caller.
pub(super) fn context<'a>(who: &Caller, core: &'a Core, now: Moment) -> EditContext<'a> {
    EditContext { core, actor: who.0, by: who.by(), now }
}

/// One of them.
pub async fn one(State(console): State<Console>, who: Caller, Id(id): Id) -> Result<Response, Refusal> {
    Ok(ok(&read(&console, &who, id).await?.1))
}

/// Makes one of the caller's own: 201, with the integration as it became.
pub async fn create(
    State(console): State<Console>,
    who: Caller,
    Body(wanted): Body<Wanted>,
) -> Result<Response, Refusal> {
    let (core, now) = (Arc::clone(console.portal.core()), clock::now(console.portal.core()));
    let (input, fresh) = (wanted.input(&core.zone())?, Fresh::random());
    let job = move |tx: &mut Tx<'_>| integration::create(tx, context(&who, &core, now), &input, &fresh);
    let id = console.portal.core().store.write(job).await?;
    tracing::info!(integration = id, owner = who.0.user_id, "an integration was made");
    let made = read(&console, &who, id).await?.1;
    let location = [(LOCATION, format!("/api/integrations/{id}"))];
    Ok((location, answer(StatusCode::CREATED, &made)).into_response())
}

/// Changes one; what is not given becomes the usual. With the `version` that was seen, only if that is still the one.
pub async fn update(
    State(console): State<Console>,
    who: Caller,
    Id(id): Id,
    Body(mut wanted): Body<Wanted>,
) -> Result<Response, Refusal> {
    let (core, now) = (Arc::clone(console.portal.core()), clock::now(console.portal.core()));
    let (options, seen) = (wanted.options(&core.settings())?, wanted.version());
    let (input, fresh) = (wanted.input(&core.zone())?, Fresh::random());
    let job = move |tx: &mut Tx<'_>| {
        if let Some(seen) = &seen {
            integration::check_version(tx, who.0, id, seen)?;
        }
        integration::update(tx, context(&who, &core, now), id, &input, options, &fresh)
    };
    console.portal.core().store.write(job).await?;
    tracing::info!(integration = id, by = who.0.user_id, "an integration was changed");
    let (saved, shape) = read(&console, &who, id).await?;
    wake(&console, &saved);
    Ok(ok(&shape))
}

/// Deletes one with all its parts: 204.
pub async fn delete(State(console): State<Console>, who: Caller, Id(id): Id) -> Result<Response, Refusal> {
    let (core, now) = (Arc::clone(console.portal.core()), clock::now(console.portal.core()));
    let job = move |tx: &mut Tx<'_>| integration::delete(tx, context(&who, &core, now), id);
    console.portal.core().store.write(job).await?;
    tracing::info!(integration = id, by = who.0.user_id, "an integration was deleted");
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Pauses one, or lets it work again. What waited is sent then, and of what was held what the caller wants: all of it
/// where that is not said.
pub async fn set_active(
    State(console): State<Console>,
    who: Caller,
    Id(id): Id,
    Body(Switch { active, held }): Body<Switch>,
) -> Result<Response, Refusal> {
    let (core, now) = (Arc::clone(console.portal.core()), clock::now(console.portal.core()));
    let held = held.map_or(Ok(Choice::Send), |text| choice(&text, &console))?;
    let job = move |tx: &mut Tx<'_>| {
        let context = context(&who, &core, now);
        if active {
            integration::resume(tx, context, id, held)
        } else {
            integration::set_active(tx, context, id, false)
        }
    };
    console.portal.core().store.write(job).await?;
    if active {
        console.courier.release(&console.portal).await?;
    }
    tracing::info!(integration = id, by = who.0.user_id, active, "an integration was switched");
    let (saved, shape) = read(&console, &who, id).await?;
    wake(&console, &saved);
    Ok(ok(&shape))
}

/// Its secrets, for its owner alone; not even for administrators. POST, so that no link and no other site can ask
/// for them.
pub async fn secrets(State(console): State<Console>, who: Caller, Id(id): Id) -> Result<Response, Refusal> {
    let (core, now) = (Arc::clone(console.portal.core()), clock::now(console.portal.core()));
    let job = move |tx: &mut Tx<'_>| {
        integration::reveal(tx, context(&who, &core, now), id, integration::Wanted::All, Action::SecretShown)
    };
    let shown = console.portal.core().store.write(job).await?;
    let mut shape = json!({});
    if let Some(secret) = &shown.secret {
        shape["url"] = url(&console.portal.core().settings().base_url, shown.user_id, secret).into();
    }
    if let Some(secrets) = shown.secrets {
        shape["application_token"] = secrets.application_token.into();
        shape["signing_secret"] = secrets.signing_secret.into();
    }
    let headers = shown.extras.headers.iter().map(|one| json!({"name": one.name, "value": one.value}));
    shape["headers"] = headers.collect();
    shape["basic_password"] = shown.extras.basic.and_then(|basic| basic.password).into();
    if let Some(old) = shown.old {
        shape["old"] = json!({
            "application_token": old.secrets.application_token,
            "signing_secret": old.secrets.signing_secret,
        });
    }
    Ok(ok(&shape))
}

/// Ends the time in which the old secrets of its outbound part hold beside the new ones.
pub async fn end_overlap(
    State(console): State<Console>,
    who: Caller,
    Id(id): Id,
) -> Result<Response, Refusal> {
    let (core, now) = (Arc::clone(console.portal.core()), clock::now(console.portal.core()));
    let job = move |tx: &mut Tx<'_>| integration::end_overlap(tx, context(&who, &core, now), id);
    console.portal.core().store.write(job).await?;
    tracing::info!(integration = id, by = who.0.user_id, "the old secrets of an integration were ended");
    Ok(ok(&read(&console, &who, id).await?.1))
}

/// Sends the example of an event to its outbound part: 202, with the number under which the log tells what came of it.
pub async fn test(
    State(console): State<Console>,
    who: Caller,
    Id(id): Id,
    Body(Trial { event }): Body<Trial>,
) -> Result<Response, Refusal> {
    let (core, now) = (Arc::clone(console.portal.core()), clock::now(console.portal.core()));
    let job = move |tx: &mut Tx<'_>| {
        let found = integration::reachable(tx, id, who.0)?;
        let silent = || Fault::argument("The integration has no outbound webhook.", "event");
        let told = found.outbound.ok_or_else(silent)?.id;
        Ok::<_, portal::Error>((told, trial::send(tx, &core, told, &event, who.0, now)?))
    };
    let (told, delivery) = console.portal.core().store.write(job).await?;
    console.courier.poke(Lane::First, &[told]);
    Ok(answer(StatusCode::ACCEPTED, &json!({"delivery": delivery})))
}

fn choice(text: &str, console: &Console) -> Result<Choice, Fault> {
    match text {
        "send" => Ok(Choice::Send),
        "drop" => Ok(Choice::Drop),
        since => moment(since, "held", &console.portal).map(Choice::Since),
    }
}

/// What waited for a webhook may go on.
fn wake(console: &Console, integration: &Integration) {
    let told: Vec<i64> = integration.outbound.iter().map(|outbound| outbound.id).collect();
    Lane::ALL.into_iter().for_each(|lane| console.courier.poke(lane, &told));
}

/// One that the caller may see, and how it looks.
async fn read(console: &Console, who: &Caller, id: i64) -> Result<(Integration, Value), Refusal> {
    let actor = who.0;
    let job = move |tx: &mut Tx<'_>| {
        let found = integration::reachable(tx, id, actor)?;
        let mut name = |id: i64| {
            Ok::<_, portal::Error>(user::find(tx, id)?.map(|user| user.whole_name()).unwrap_or_default())
        };
        let owner = name(found.user_id)?;
        let hidden_by = found.hidden_by().map(name).transpose()?;
        let version = Mark::now(tx)?.version(&found.decided());
        let held = found.outbound.as_ref().map(|told| held::count(tx, told.id, Moment(0))).transpose()?;
        let held = held.map_or(0, |count| count.held);
        Ok::<_, portal::Error>((found, version, owner, hidden_by, held))
    };
    let (found, version, owner, hidden_by, held) = console.portal.core().store.read(job).await?;
    let settings = &*console.portal.core().settings();
    let (asker, language) = (actor.user_id, who.1.language);
    let (base_url, zone, now) =
        (&settings.base_url, &settings.zone, clock::now(console.portal.core()).seconds());
    let frame = Frame { base_url, zone, now, asker, language };
    let shape = frame.whole(&found, &version, &owner, hidden_by.as_deref(), held);
    Ok((found, shape))
}
