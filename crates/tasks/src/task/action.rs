//! What may be done with a task: one table of actions, with the states in which and the people by whom each may be done.
//! Every method that does one asks it, and so do `getaccess` and the `action` of a task.

use engine::noun::Row;

use super::rights::{
    ACCOMPLICE, ADMINISTRATOR, AUDITOR, CREATOR, HEAD_OF_CREATOR, HEAD_OF_RESPONSIBLE, MEMBER, MODERATOR,
    RESPONSIBLE, Roles, TEAM,
};
use super::status::{AWAITING, COMPLETED, DEFERRED, IN_PROGRESS, PENDING};

/// An action.
#[derive(Clone, Copy, Debug)]
pub struct Action {
    /// Its name in a task's `action`: `changeDeadline`.
    pub name: &'static str,
    /// The states in which it may be done.
    states: &'static [i64],
    /// Who may do it.
    who: u16,
    /// Who may do it as well while the task allows it.
    also: u16,
    /// What must be true beside that.
    when: When,
}

/// What else an action depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    Always,
    /// Time is tracked.
    Tracked,
    /// It is among one's favorites.
    Favorite,
    /// It is not.
    NotFavorite,
    /// It is to be taken out of a flow.
    InFlow,
}

/// The states of a task that is not done.
const OPEN: &[i64] = &[PENDING, IN_PROGRESS, DEFERRED];
const ANY: &[i64] = &[PENDING, IN_PROGRESS, AWAITING, COMPLETED, DEFERRED];

/// Those who change what a task says.
const EDITORS: u16 = ADMINISTRATOR | CREATOR | HEAD_OF_CREATOR | MODERATOR;
/// Those who are above the ones who do it, and these.
const DOERS: u16 = EDITORS | RESPONSIBLE | HEAD_OF_RESPONSIBLE;
const WORKERS: u16 = DOERS | ACCOMPLICE;
const EVERYBODY: u16 = WORKERS | AUDITOR | MEMBER;

const fn action(name: &'static str, states: &'static [i64], who: u16) -> Action {
    Action { name, states, who, also: 0, when: When::Always }
}

impl Action {
    const fn when(self, when: When) -> Self {
        Action { when, ..self }
    }

    const fn also(self, also: u16) -> Self {
        Action { also, ..self }
    }
}

/// All actions, in the order in which answers have them.
pub const ACTIONS: [Action; 27] = [
    action("accept", &[], 0),
    action("decline", &[], 0),
    action("complete", OPEN, WORKERS),
    action("approve", &[AWAITING], ADMINISTRATOR | CREATOR | HEAD_OF_CREATOR),
    action("disapprove", &[AWAITING], ADMINISTRATOR | CREATOR | HEAD_OF_CREATOR),
    action("start", &[PENDING, DEFERRED], WORKERS),
    action("pause", &[IN_PROGRESS], WORKERS),
    action("delegate", OPEN, DOERS),
    action("remove", ANY, EDITORS),
    action("edit", ANY, EDITORS),
    action("defer", &[PENDING, IN_PROGRESS], WORKERS),
    action("renew", &[AWAITING, COMPLETED, DEFERRED], WORKERS),
    action("create", ANY, EVERYBODY),
    action("changeDeadline", ANY, EDITORS).also(RESPONSIBLE | HEAD_OF_RESPONSIBLE),
    action("checklistAddItems", ANY, WORKERS),
    action("addFavorite", ANY, EVERYBODY).when(When::NotFavorite),
    action("deleteFavorite", ANY, EVERYBODY).when(When::Favorite),
    action("rate", ANY, EDITORS | HEAD_OF_RESPONSIBLE),
    action("take", &[PENDING], TEAM).when(When::InFlow),
    action("edit.originator", &[], 0),
    action("checklist.reorder", ANY, WORKERS),
    action("elapsedtime.add", ANY, WORKERS),
    action("dayplan.timer.toggle", OPEN, RESPONSIBLE | ACCOMPLICE).when(When::Tracked),
    action("edit.plan", ANY, EDITORS).also(RESPONSIBLE | HEAD_OF_RESPONSIBLE),
    action("checklist.add", ANY, WORKERS),
    action("favorite.add", ANY, EVERYBODY).when(When::NotFavorite),
    action("favorite.delete", ANY, EVERYBODY).when(When::Favorite),
];

/// What decides about actions, of one task and one person.
#[derive(Clone, Copy, Debug)]
pub struct Stand<'r> {
    /// The task.
    pub task: &'r Row,
    /// What the person is to it.
    pub roles: Roles,
    /// Whether it is among the person's favorites.
    pub favorite: bool,
}

impl Stand<'_> {
    /// Whether the person may do this now.
    pub fn may(&self, name: &str) -> bool {
        ACTIONS.iter().find(|action| action.name == name).is_some_and(|action| self.allows(action))
    }

    /// Whether the person may do this now.
    pub fn allows(&self, action: &Action) -> bool {
        let flag = |name: &str| self.task.text(name) == "Y";
        let opened = flag("allowChangeDeadline") && self.roles.has(action.also);
        let state = self.task.int("status").unwrap_or(PENDING);
        (self.roles.has(action.who) || opened)
            && action.states.contains(&state)
            && match action.when {
                When::Always => true,
                When::Tracked => flag("allowTimeTracking"),
                When::Favorite => self.favorite,
                When::NotFavorite => !self.favorite,
                When::InFlow => {
                    self.task.int("flowId").is_some_and(|flow| flow > 0) && !self.roles.has(RESPONSIBLE)
                }
            }
    }
}

/// The name of an action in `getaccess`: `CHANGE_DEADLINE` of `changeDeadline`, `EDIT.PLAN` of `edit.plan`.
pub fn upper(name: &str) -> String {
    let mut upper = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            upper.push('_');
        }
        upper.push(letter.to_ascii_uppercase());
    }
    upper
}
