//! How what belongs to a task reaches it: by its number, as far as the caller sees it, and with what the caller may do there.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::event::MayKnow;
use engine::method::{Kind, Param, required};
use engine::noun::{self, Row, Rule};
use wire::{Fault, Map};

use super::action::Stand;
use super::index::{self, Mark};
use super::rights::{Participants, Person, roles};
use super::{JUDGED, TASK};

/// The parameter that names a task.
pub const TASK_ID: Param = required("taskId", Kind::Id, "ID of the task");

/// The number of the task that a request names.
///
/// # Errors
/// The refusals of a number that is missing or none.
pub fn task_id(call: &Call<'_, '_>) -> Result<i64> {
    named(call, "taskId")
}

/// The same under another name.
pub fn named(call: &Call<'_, '_>, name: &str) -> Result<i64> {
    let Some(given) = call.param(name).filter(|given| !given.is_empty()) else {
        let text = "CTaskItem All parameters in the constructor must have real class type (internal error)";
        return Err(Fault::new(400, "100", text).into());
    };
    let whole = given.text().and_then(|text| text.trim().parse::<i64>().ok()).filter(|id| *id > 0);
    whole.ok_or_else(|| Fault::numbered(400, 0, "wrong task id").into())
}

/// The task of that number, when the caller sees it.
pub fn seen(call: &mut Call<'_, '_>, id: i64) -> Result<Option<Row>> {
    let scope = TASK.grant(call, Act::Read)?;
    noun::one(call, &TASK, &scope, id)
}

/// The task of that number, or the refusal of what may not be done with it.
pub fn reached(call: &mut Call<'_, '_>, id: i64) -> Result<Row> {
    seen(call, id)?.ok_or_else(|| Fault::numbered(400, FORBIDDEN, NOT_ALLOWED).into())
}

/// Changes a task because of what belongs to it: at least, when it was last changed.
pub fn touch(call: &mut Call<'_, '_>, task: i64, fields: &Map) -> Result<()> {
    noun::amend(call, &TASK, &JUDGED, task, fields)?;
    Ok(())
}

/// Those who may know of an event about a task.
pub fn audience(call: &mut Call<'_, '_>, task: &Row) -> Result<MayKnow> {
    Participants.audience(call, task)
}

/// The code of what may not be done.
pub const FORBIDDEN: i64 = 1_048_582;

/// The refusal of what may not be done.
pub const NOT_ALLOWED: &str = "Action on the task is not allowed";

/// What decides about what the caller may do with a task.
pub fn stand<'r>(call: &mut Call<'_, '_>, task: &'r Row) -> Result<Stand<'r>> {
    let person = Person::caller(call);
    stand_of(call, person, task)
}

/// The same for somebody else.
pub fn stand_of<'r>(call: &mut Call<'_, '_>, person: Person, task: &'r Row) -> Result<Stand<'r>> {
    let favorite = index::marks(call.tx, person.id, &[task.number])?;
    Ok(Stand {
        task,
        roles: roles(call, person, task)?,
        favorite: favorite.contains_key(&(task.number, Mark::Favorite)),
    })
}
