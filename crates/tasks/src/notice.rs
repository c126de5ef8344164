//! Notifications of those who have a part in a task.

use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Row};
use wire::Map;

use crate::chat::participants;

/// What happened to a task, as notifications call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happened {
    /// It was given to somebody, or somebody else was drawn in.
    Given,
    /// It came into another state.
    Moved,
    /// Somebody commented on it.
    Commented,
}

impl Happened {
    fn event(self) -> &'static str {
        match self {
            Happened::Given => "manage",
            Happened::Moved => "task_update",
            Happened::Commented => "comment",
        }
    }
}

/// Notifies these people, but not the one who did it; nobody where there are no notifications.
pub fn tell(call: &mut Call<'_, '_>, task: &Row, people: &[i64], what: Happened) -> Result<()> {
    let own = call.caller.user_id;
    for user in people.iter().filter(|user| **user != own) {
        let link = format!("/company/personal/user/{user}/tasks/task/view/{}/", task.number);
        let given = Map::from([
            ("USER_ID", (*user).into()),
            ("AUTHOR_ID", own.into()),
            // From a person.
            ("TYPE", 2.into()),
            ("MESSAGE", format!("[URL={link}]{}[/URL]", task.text("title")).into()),
            ("MODULE", "tasks".into()),
            ("EVENT", what.event().into()),
            ("TAG", format!("TASKS|TASK|{}|{user}|{}", task.number, what.event()).into()),
            ("SUB_TAG", format!("TASKS|TASK|{}", task.number).into()),
        ]);
        noun::put_there(call, "im.notification", &given)?;
    }
    Ok(())
}

/// Follows a task that was written: who is new in it is told, and of a new state all others.
pub fn follow(call: &mut Call<'_, '_>, row: &Row, old: Option<&Row>) -> Result<()> {
    let Some(old) = old else {
        let people: Vec<i64> = participants(row);
        return tell(call, row, &people, Happened::Given);
    };
    let (before, now) = (participants(old), participants(row));
    let new: Vec<i64> = now.iter().copied().filter(|user| !before.contains(user)).collect();
    tell(call, row, &new, Happened::Given)?;
    if old.int("status") != row.int("status") {
        let others: Vec<i64> = now.into_iter().filter(|user| !new.contains(user)).collect();
        tell(call, row, &others, Happened::Moved)?;
    }
    Ok(())
}
