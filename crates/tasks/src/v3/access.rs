//! `tasks.task.access.get`: what the caller may do with a task.

use engine::call::Call;
use engine::dto::{Dto, Type, described, property};
use engine::error::Result;
use engine::method::{Kind, Method, read, required};
use serde_json::json;
use wire::{Map, Value};

use super::SCOPE;
use crate::task::rights::ADMINISTRATOR;
use crate::task::{action::Stand, seen, stand};

static ACCESS: Dto =
    Dto { name: "AccessDto", properties: &[property("id", Type::Int).filterable().sortable()] };

/// What a right asks of the one who has it.
#[derive(Clone, Copy)]
enum Needs {
    /// To see the task
    Sight,
    /// To be allowed one of these actions
    Actions(&'static [&'static str]),
    /// To be an administrator
    Administration,
    /// What nobody has: it belongs to a result
    Never,
}

use Needs::{Actions, Administration, Never, Sight};

/// The rights, in the order in which answers have them.
const RIGHTS: [(&str, Needs); 45] = [
    ("read", Sight),
    ("watch", Sight),
    ("mute", Sight),
    ("createSubtask", Actions(&["create"])),
    ("createResult", Actions(&["checklist.add"])),
    ("edit", Actions(&["edit"])),
    ("remove", Actions(&["remove"])),
    ("complete", Actions(&["complete"])),
    ("approve", Actions(&["approve"])),
    ("disapprove", Actions(&["disapprove"])),
    ("start", Actions(&["start"])),
    ("take", Actions(&["take"])),
    ("delegate", Actions(&["delegate"])),
    ("defer", Actions(&["defer"])),
    ("renew", Actions(&["renew"])),
    ("deadline", Actions(&["changeDeadline"])),
    ("datePlan", Actions(&["edit.plan"])),
    ("changeDirector", Actions(&["edit.originator"])),
    ("changeResponsible", Actions(&["edit", "delegate"])),
    ("changeAccomplices", Actions(&["edit"])),
    ("pause", Actions(&["pause"])),
    ("timeTracking", Actions(&["dayplan.timer.toggle"])),
    ("mark", Actions(&["rate"])),
    ("changeStatus", Actions(&["start", "pause", "complete", "renew", "defer"])),
    ("reminder", Sight),
    ("addAuditors", Actions(&["create"])),
    ("elapsedTime", Actions(&["elapsedtime.add"])),
    ("favorite", Sight),
    ("checklistAdd", Actions(&["checklist.add"])),
    ("checklistEdit", Actions(&["checklist.add"])),
    ("checklistSave", Actions(&["checklist.add"])),
    ("checklistToggle", Actions(&["checklist.add"])),
    ("automate", Actions(&["edit"])),
    ("resultEdit", Never),
    ("completeResult", Actions(&["complete"])),
    ("removeResult", Never),
    ("resultRead", Never),
    ("admin", Administration),
    ("copy", Actions(&["create"])),
    ("saveAsTemplate", Sight),
    ("attachFile", Actions(&["checklist.add"])),
    ("detachFile", Actions(&["checklist.add"])),
    ("detachParent", Actions(&["edit"])),
    ("createGanttDependence", Actions(&["edit"])),
    ("sort", Actions(&["checklist.reorder"])),
];

/// The methods.
pub fn methods() -> Vec<Method> {
    let mut methods = vec![
        read("tasks.task.access.get", SCOPE, get)
            .v3(Some(&ACCESS))
            .about("Returns what the user may do with a task.")
            .param(required("id", Kind::Int, "ID of the task"))
            .example(json!({"id": 1}), json!({"read": true, "edit": true, "approve": false})),
    ];
    methods.extend(described("tasks.task.access", SCOPE, &ACCESS));
    methods
}

/// A task that the caller does not see is one that the caller may do nothing with.
fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    match seen(call, call.id("id"))? {
        Some(task) => Ok(rights(&stand(call, &task)?)),
        None => Ok(RIGHTS.iter().map(|(name, _)| ((*name).into(), false.into())).collect::<Map>().into()),
    }
}

/// What somebody may do with a task that is seen.
pub fn rights(stand: &Stand<'_>) -> Value {
    let one = |(name, needs): &(&str, Needs)| ((*name).into(), has(stand, *needs).into());
    RIGHTS.iter().map(one).collect::<Map>().into()
}

fn has(stand: &Stand<'_>, needs: Needs) -> bool {
    match needs {
        Sight => true,
        Never => false,
        Administration => stand.roles.has(ADMINISTRATOR),
        Actions(any_of) => any_of.iter().any(|action| stand.may(action)),
    }
}
