//! Activities: what is to be done with a client, or was done: calls, meetings, e-mails, to-dos. An activity is bound to
//! items, one of which is its owner. Who may read one of them may read the activity, who may change the owner may
//! change it.

mod binding;
mod bindings;
mod call_list;
mod classic;
mod communication;
mod complete;
pub mod copy;
mod fields;
mod kind;
mod read;
mod recording;
mod task;
mod todo;
mod write;

pub use binding::{hand_over, is_bound};
pub use call_list::{SUBJECT as CALL_LIST, stand_for_call_list};
pub use recording::WATCH as RECORDINGS;
pub use task::{deleted as task_deleted, follow as follow_task};
pub use todo::UNTITLED;
pub use write::forget;

use engine::entity::schema::{Table, sync_tables};
use engine::event::{Event, event};
use engine::method::Method;
use serde_json::json;
use store::Tx;

use crate::SCOPE;

/// The methods.
pub fn methods() -> Vec<Method> {
    let parts = [classic::methods(), bindings::methods(), todo::methods()];
    parts.into_iter().flatten().collect()
}

/// The events.
pub fn events() -> Vec<Event> {
    let declared = |(verb, done): (&str, &str)| {
        let about = format!("An activity was {done}.");
        event(format!("{}{verb}", write::EVENT), SCOPE, about, json!({"FIELDS": {"ID": 1}}))
    };
    [("ADD", "added"), ("UPDATE", "changed"), ("DELETE", "deleted")].map(declared).into()
}

/// Brings the table of activities up to date.
pub fn sync(tx: &mut Tx<'_>) -> engine::Result<()> {
    let table = fields::table();
    sync_tables(tx, "activities", &[Table { name: table.table().to_owned(), fields: &table.fields }])
}
