//! The life of a sprint: `tasks.api.scrum.sprint.start` and `complete`.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, required, write};
use engine::moment;
use engine::noun::{self, Row};
use serde_json::json;
use wire::{Map, Value};

use super::entity::{ACTIVE, COMPLETED, ENTITY, PLANNED, SPRINTS, active};
use super::{backlog, item, kanban, lock, refusal, require_member, scrum};
use crate::SCOPE;

/// How long a sprint takes that does not say when it ends, in seconds.
const USUAL: i64 = 14 * 86_400;

/// The methods.
pub fn methods() -> Vec<Method> {
    let controller = |mut method: Method| {
        method.style = engine::method::Style::Controller;
        method
    };
    vec![
        controller(write("tasks.api.scrum.sprint.start", SCOPE, start))
            .about("Starts a planned sprint and returns it. A scrum has one active sprint at most.")
            .param(required("id", Kind::Id, "ID of the sprint"))
            .example(json!({"id": 4}), json!({"id": 4, "status": "active"})),
        controller(write("tasks.api.scrum.sprint.complete", SCOPE, complete))
            .about("Completes the active sprint of a scrum and returns it. What is not done goes to the backlog.")
            .param(required("id", Kind::Id, "ID of the workgroup"))
            .example(json!({"id": 3}), json!({"groupId": 3, "status": "completed"})),
    ]
}

fn start(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = call.id("id");
    let sprint = noun::find(call, &ENTITY, &SPRINTS, Act::Update, &[id.into()])?;
    if sprint.text("status") != PLANNED {
        return Err(refusal("Sprint must be planned").into());
    }
    let start = sprint.int("dateStart").unwrap_or(call.now.seconds());
    let end = sprint.int("dateEnd").unwrap_or(start + USUAL);
    let shown = change(call, &sprint, ACTIVE, &[("dateStart", start), ("dateEnd", end)])?;
    kanban::start(call, id)?;
    Ok(shown)
}

fn complete(call: &mut Call<'_, '_>) -> Result<Value> {
    let group = call.id("id");
    if scrum(call, group)?.is_none() {
        return Err(refusal("Sprint not found").into());
    }
    require_member(call, group)?;
    lock(call, group)?;
    let Some(id) = active(call, group)? else { return Err(refusal("Sprint not found").into()) };
    let sprint = noun::find(call, &ENTITY, &SPRINTS, Act::Update, &[id.into()])?;
    let backlog = backlog::open(call, group)?;
    item::move_all(call, id, backlog, true)?;
    kanban::leave(call, id, None)?;
    let now = call.now.seconds();
    change(call, &sprint, COMPLETED, &[("dateEnd", now)])
}

fn change(call: &mut Call<'_, '_>, sprint: &Row, status: &str, dates: &[(&str, i64)]) -> Result<Value> {
    let mut given: Map = Map::from([("status", status.into())]);
    for (name, seconds) in dates {
        given.insert(*name, Value::Str(moment::print(&call.caller.zone, *seconds)));
    }
    let row = noun::update(call, &ENTITY, &SPRINTS, &[sprint.number.into()], &given)?;
    Ok(noun::show(call, &ENTITY, &SPRINTS, &row)?.into_value())
}
