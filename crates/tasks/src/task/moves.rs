//! Moves from state to state: `tasks.task.start`, `pause`, `defer`, `complete`, `approve`, `disapprove`, `renew` and
//! `delegate`. Who may do which of them when stands in [`action`](super::action).

use engine::call::Call;
use engine::directory;
use engine::error::Result;
use engine::method::{Kind, Method, required, write};
use engine::noun::{self, Row};
use serde_json::json;
use wire::{Fault, Map, Value};

use super::reach::{FORBIDDEN, NOT_ALLOWED, TASK_ID, reached, stand, task_id};
use super::rights::ids;
use super::status::{AWAITING, COMPLETED, DEFERRED, IN_PROGRESS, PENDING};
use super::{JUDGED, TASK, show};
use crate::SCOPE;

/// A move: the last word of its method, the state that it leads to, what it does, and the code of its refusal.
pub struct Move {
    /// The last word of its method, and its action.
    pub name: &'static str,
    to: i64,
    about: &'static str,
    refusal: i64,
}

const fn to(name: &'static str, to: i64, about: &'static str) -> Move {
    Move { name, to, about, refusal: FORBIDDEN }
}

/// One that is refused without a code.
const fn plainly(name: &'static str, to: i64, about: &'static str) -> Move {
    Move { name, to, about, refusal: 0 }
}

/// All of them.
pub const MOVES: [Move; 7] = [
    plainly("start", IN_PROGRESS, "Begins a task and returns it."),
    to("pause", PENDING, "Interrupts a task and returns it."),
    to("defer", DEFERRED, "Puts a task off and returns it."),
    plainly("complete", COMPLETED, "Completes a task, or hands it in to be accepted, and returns it."),
    to("approve", COMPLETED, "Accepts a task that was handed in, and returns it."),
    to("disapprove", PENDING, "Sends back a task that was handed in, and returns it."),
    to("renew", PENDING, "Takes up a task again that was done or put off, and returns it."),
];

/// The methods.
pub fn methods() -> Vec<Method> {
    let one = |step: &'static Move| {
        // Of the demo portal, one in a state from which it goes there.
        let example = match step.name {
            "pause" => 3,
            "approve" | "disapprove" => 4,
            "renew" => 5,
            _ => 1,
        };
        write(format!("tasks.task.{}", step.name), SCOPE, move |call| run(call, step))
            .own_words()
            .about(step.about)
            .param(TASK_ID)
            .example(
                json!({"taskId": example}),
                json!({"task": {"id": example.to_string(), "status": step.to.to_string()}}),
            )
    };
    let delegate = write("tasks.task.delegate", SCOPE, delegate)
        .own_words()
        .about("Gives a task to somebody else and returns it. Who had it before observes it.")
        .param(TASK_ID)
        .param(required("userId", Kind::Id, "Who is to do it"))
        .example(
            json!({"taskId": 1, "userId": 2}),
            json!({"task": {"id": "1", "responsibleId": "2", "status": "2"}}),
        );
    MOVES.iter().map(one).chain([delegate]).collect()
}

fn run(call: &mut Call<'_, '_>, step: &Move) -> Result<Value> {
    let id = task_id(call)?;
    let task = make(call, id, step)?;
    Ok(Value::under("task", show::whole(call, &task)?))
}

/// Moves a task, when the caller may.
///
/// # Errors
/// The refusal of a move that is not the caller's to make, or that the state does not allow.
pub fn make(call: &mut Call<'_, '_>, id: i64, step: &Move) -> Result<Row> {
    let refused = || Fault::numbered(400, step.refusal, NOT_ALLOWED);
    let task = reached(call, id).map_err(|error| error.reworded(|_| refused()))?;
    let stand = stand(call, &task)?;
    if !stand.may(step.name) {
        return Err(refused().into());
    }
    // Who may not accept the work hands it in.
    let own = task.int("createdBy") == Some(call.caller.user_id);
    let hands_in = step.name == "complete" && task.text("taskControl") == "Y" && !own;
    judged(call, id, [("STATUS", Value::Int(if hands_in { AWAITING } else { step.to }))])
}

/// Writes what was judged already.
///
/// # Errors
/// The refusals of a task that would not be right.
pub fn judged<const N: usize>(call: &mut Call<'_, '_>, id: i64, fields: [(&str, Value); N]) -> Result<Row> {
    let given: Map = fields.into_iter().map(|(name, value)| (name.into(), value)).collect();
    noun::update(call, &TASK, &JUDGED, &[Value::Int(id)], &given)
}

fn delegate(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = task_id(call)?;
    let Some(given) = call.param("userId").filter(|given| !given.is_empty()) else {
        return Err(Fault::missing_parameter("userId").into());
    };
    let user = given.as_int().unwrap_or(0);
    let task = give(call, id, user)?;
    Ok(Value::under("task", show::whole(call, &task)?))
}

/// Gives a task to somebody else, when the caller may.
///
/// # Errors
/// The refusals of `tasks.task.delegate`.
pub fn give(call: &mut Call<'_, '_>, id: i64, user: i64) -> Result<Row> {
    let refused = || Fault::numbered(400, 0, NOT_ALLOWED);
    let task = reached(call, id).map_err(|error| error.reworded(|_| refused()))?;
    let (stand, own) = (stand(call, &task)?, user == call.caller.user_id);
    let takes = own && stand.may("take");
    if !takes && !stand.may("delegate") {
        return Err(refused().into());
    }
    if user <= 0 || directory::name_of(call.tx, user)?.is_none() {
        return Err(Fault::core("The user specified in the \"Responsible\" field was not found<br>").into());
    }
    let (former, mut auditors) = (task.int("responsibleId").unwrap_or(0), ids(&task, "auditors"));
    if !takes && former != user && !auditors.contains(&former) {
        auditors.push(former);
    }
    auditors.retain(|auditor| *auditor != user);
    let auditors = auditors.into_iter().map(Value::Int).collect::<Vec<_>>();
    let fields = [
        ("RESPONSIBLE_ID", Value::Int(user)),
        ("AUDITORS", auditors.into()),
        // Who takes a task out of a flow begins it.
        ("STATUS", Value::Int(if takes { IN_PROGRESS } else { PENDING })),
    ];
    judged(call, id, fields)
}
