//! Handlers of modules' own ([`engine::modules`]): integrations like those that people make, so that deliveries to a bot are
//! listed, paused and tried again like all others.

use store::Tx;
use wire::Fault;

use super::{EditContext, Fresh, Input, Part, find, make, of_outbound, remove_part, rules};
use crate::outbound::headers::Extras;
use crate::outbound::limits::Limits;
use crate::outbound::manage::{Actor, Input as Told};
use crate::outbound::only::Only;
use crate::outbound::policy::Policy;
use engine::audit::By;
use engine::call::Call;
use engine::error::Result;
use engine::modules::{Handlers, NewHandler};
use engine::timetable::{Job, Next, Task};

/// Keeps them.
#[derive(Debug)]
pub struct OfModules;

/// Removes one that is to be closed, when nothing is on its way any more.
pub const CLOSE: Job = Job { kind: "webhooks.close", run: close, every: None };

/// Microseconds until the first look, and between looks.
const LOOK: i64 = 5_000_000;

/// The scenario of an outbound webhook alone.
const SCENARIO: &str = "out-hook";

impl Handlers for OfModules {
    fn open(&self, call: &mut Call<'_, '_>, new: &NewHandler<'_>) -> Result<i64> {
        let actor = Actor { user_id: new.owner, is_admin: call.caller.is_admin };
        let by = By { user_id: Some(call.caller.user_id), address: call.address };
        let context = EditContext { core: call.core, actor, by, now: call.now };
        rules::check_count(call.tx, context)?;
        let mut fresh = Fresh::random();
        new.token.clone_into(&mut fresh.secrets.application_token);
        let input = Input {
            scenario: SCENARIO.to_owned(),
            title: new.title.to_owned(),
            outbound: Some(told(new)),
            ..Input::default()
        };
        let id = make(call.tx, context, &input, &fresh)?;
        let made = find(call.tx, id)?.and_then(|made| made.outbound);
        call.meta_changed()?;
        made.map(|made| made.id).ok_or_else(|| Fault::core("The handler was not made.").into())
    }

    fn renew(&self, call: &mut Call<'_, '_>, id: i64, token: &str) -> Result<()> {
        let Some(found) = of_outbound(call.tx, id)? else { return Ok(()) };
        let sealed = call.core.keys.seal(found.user_id, token);
        call.tx
            .execute("UPDATE outbound SET token = ? WHERE id = ?", &[sealed.as_slice().into(), id.into()])?;
        call.meta_changed()
    }

    fn close(&self, call: &mut Call<'_, '_>, id: i64) -> Result<()> {
        let due = engine::Moment(call.now.0 + LOOK);
        call.schedule(&CLOSE, &id.to_string(), due, "")
    }
}

/// Events of one chat come in their order, and are tried again as usual.
fn told(new: &NewHandler<'_>) -> Told {
    Told {
        handler_url: new.url.to_owned(),
        events: new.events.iter().map(|event| (*event).to_owned()).collect(),
        retries: Policy::default(),
        ordered: true,
        active: true,
        extras: Extras::default(),
        pickup: false,
        skip_own: false,
        only: Only::new(),
        tell_changed: false,
        limits: Limits::default(),
    }
}

fn close(task: &mut Task<'_, '_>) -> Result<Next> {
    let id: i64 = task.key.parse().unwrap_or(0);
    if is_busy(task.tx, id)? {
        return Ok(Next::At(engine::Moment(task.now.0 + LOOK)));
    }
    remove_part(task.tx, Part::Outbound(id))?;
    Ok(Next::Done)
}

/// Whether something is on its way to a handler that works: waits, is being sent, or stands in a line.
fn is_busy(tx: &mut Tx<'_>, id: i64) -> Result<bool> {
    let found = of_outbound(tx, id)?.and_then(|found| found.outbound);
    if found.is_none_or(|found| !found.active) {
        return Ok(false);
    }
    let sql = "SELECT 1 FROM (SELECT id FROM delivery WHERE state < 2 AND outbound_id = ? \
               UNION ALL SELECT id FROM delivery WHERE ordered = 1 AND state >= 5 AND outbound_id = ?) d LIMIT 1";
    Ok(tx.one(sql, &[id.into(), id.into()], |row| row.int(0))?.is_some())
}
