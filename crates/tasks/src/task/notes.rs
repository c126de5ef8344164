//! What people note about a task for themselves (`tasks.task.favorite.*`, `pin`, `mute`), whether they observe it
//! (`startwatch`), and what they may do with it (`getaccess`).

use engine::call::Call;
use engine::directory;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read, required, write};
use serde_json::json;
use wire::{Fault, Map, Value};

use super::action::{ACTIONS, upper};
use super::index::Mark;
use super::methods::array;
use super::moves::judged;
use super::reach::{TASK_ID, named, seen, stand_of, task_id};
use super::rights::{Person, ids};
use super::show;
use crate::SCOPE;

/// The methods.
pub fn methods() -> Vec<Method> {
    let marks = [
        ("pin", Mark::Pinned, true, "Pins a task above the others for the user, and returns it."),
        ("unpin", Mark::Pinned, false, "Unpins a task for the user, and returns it."),
        ("mute", Mark::Muted, true, "Stops counting what is new in a task for the user, and returns it."),
        ("unmute", Mark::Muted, false, "Counts again what is new in a task for the user, and returns it."),
    ];
    let mark = |(name, mark, on, about): (&str, Mark, bool, &str)| {
        write(format!("tasks.task.{name}"), SCOPE, move |call| note(call, mark, on))
            .own_words()
            .about(about)
            .param(required("id", Kind::Id, "ID of the task"))
            .example(json!({"id": 1}), json!({"task": {"id": "1"}}))
    };
    let favorite = |name: &str, on: bool, about: &str| {
        write(format!("tasks.task.favorite.{name}"), SCOPE, move |call| favorite(call, on))
            .own_words()
            .about(about)
            .param(TASK_ID)
            .example(json!({"taskId": 1}), json!(true))
    };
    let watch = |name: &str, on: bool, about: &str| {
        write(format!("tasks.task.{name}"), SCOPE, move |call| watch(call, on))
            .own_words()
            .about(about)
            .param(TASK_ID)
            .example(json!({"taskId": 1}), json!({"task": {"id": "1"}}))
    };
    let access = read("tasks.task.getaccess", SCOPE, access)
        .own_words()
        .about("Returns what users may do with a task now.")
        .param(TASK_ID)
        .param(optional("users", Kind::List, "IDs of users; the one who asks when left out"))
        .example(
            json!({"taskId": 1, "users": [1]}),
            json!({"allowedActions": {"1": {"EDIT": true, "APPROVE": false}}}),
        );
    let mut methods: Vec<Method> = marks.into_iter().map(mark).collect();
    methods.extend([
        favorite("add", true, "Adds a task, with those below it, to the user's favorites."),
        favorite("remove", false, "Removes a task, with those below it, from the user's favorites."),
        watch("startwatch", true, "Makes the user an observer of a task, and returns it."),
        watch("stopwatch", false, "Has the user observe a task no longer, and returns it."),
        access,
    ]);
    methods
}

fn note(call: &mut Call<'_, '_>, mark: Mark, on: bool) -> Result<Value> {
    let id = named(call, "id")?;
    let Some(task) = seen(call, id)? else { return Ok(Value::List(Vec::new())) };
    let user = call.caller.user_id;
    mark.set(call, id, user, on)?;
    Ok(Value::under("task", show::whole(call, &task)?))
}

fn favorite(call: &mut Call<'_, '_>, on: bool) -> Result<Value> {
    let id = task_id(call)?;
    set_favorite(call, id, on)?;
    Ok(true.into())
}

/// Takes a task, with those below it, into the caller's favorites or out of them.
///
/// # Errors
/// The refusal of a task that the caller does not see.
pub fn set_favorite(call: &mut Call<'_, '_>, id: i64, on: bool) -> Result<()> {
    if seen(call, id)?.is_none() {
        return Err(Fault::numbered(400, 1, "Task not found or not accessible").into());
    }
    let user = call.caller.user_id;
    for task in with_those_below(call, id)? {
        Mark::Favorite.set(call, task, user, on)?;
    }
    Ok(())
}

/// A task and all below it.
fn with_those_below(call: &mut Call<'_, '_>, id: i64) -> Result<Vec<i64>> {
    let sql = "WITH RECURSIVE below (id) AS (SELECT id FROM tasks_task WHERE id = ? \
               UNION SELECT t.id FROM tasks_task t JOIN below b ON t.parent_id = b.id) SELECT id FROM below ORDER BY id";
    Ok(call.tx.all(sql, &[id.into()], |row| row.int(0))?)
}

fn watch(call: &mut Call<'_, '_>, on: bool) -> Result<Value> {
    let id = task_id(call)?;
    let Some(task) = seen(call, id)? else {
        // The text is on the wire.
        return Err(Fault::numbered(400, 1_048_584, "a:0:{}").into());
    };
    let (user, mut auditors) = (call.caller.user_id, ids(&task, "auditors"));
    if auditors.contains(&user) == on {
        return Ok(Value::under("task", show::whole(call, &task)?));
    }
    auditors.retain(|auditor| *auditor != user);
    auditors.extend(on.then_some(user));
    let auditors = auditors.into_iter().map(Value::Int).collect::<Vec<_>>();
    let task = judged(call, id, [("AUDITORS", auditors.into())])?;
    Ok(Value::under("task", show::whole(call, &task)?))
}

/// People whose rights are told at once.
const MOST: usize = 500;

fn access(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = task_id(call)?;
    let users: Vec<i64> = match array(call, "users")? {
        Some(users) => users.items().filter_map(Value::as_int).take(MOST).collect(),
        None => vec![call.caller.user_id],
    };
    let mut allowed = Map::with_capacity(users.len());
    if let Some(task) = seen(call, id)? {
        let people = directory::people(call.tx, &users)?;
        for user in users {
            let actions = match people.get(&user) {
                Some(person) => {
                    let stand = stand_of(call, Person { id: user, is_admin: person.is_admin }, &task)?;
                    show::actions(&stand, upper)
                }
                None => ACTIONS
                    .iter()
                    .map(|action| (upper(action.name).into(), false.into()))
                    .collect::<Map>()
                    .into(),
            };
            allowed.insert(user.to_string(), actions);
        }
    }
    Ok(Value::under("allowedActions", allowed.into_value()))
}
