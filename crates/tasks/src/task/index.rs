//! What tasks are found by: who has a part in them, their tags, their links to the CRM, and what people noted about them.

use std::collections::HashMap;

use engine::call::Call;
use engine::error::Result;
use engine::noun::Row;
use store::{Param, Tx};

use super::rights::ids;

/// Brings it in line with a task that was written.
pub fn write(tx: &mut Tx<'_>, row: &Row, old: Option<&Row>) -> Result<()> {
    let changed = |name: &str| old.is_none_or(|old| old.get(name) != row.get(name));
    let task = row.number;
    if ["createdBy", "responsibleId", "accomplices", "auditors"].into_iter().any(changed) {
        forget(tx, "tasks_member", task)?;
        let one = |name: &str| row.int(name).into_iter().collect::<Vec<i64>>();
        for (role, users) in [
            ("O", one("createdBy")),
            ("R", one("responsibleId")),
            ("A", ids(row, "accomplices")),
            ("U", ids(row, "auditors")),
        ] {
            for user in users {
                let sql = "INSERT INTO tasks_member (task_id, user_id, role) VALUES (?, ?, ?)";
                tx.execute(sql, &[task.into(), user.into(), role.into()])?;
            }
        }
    }
    if changed("tags") {
        forget(tx, "tasks_tagged", task)?;
        for name in texts(row, "tags") {
            let tag = tag(tx, &name)?;
            let sql = "INSERT INTO tasks_tagged (task_id, tag_id) VALUES (?, ?)";
            tx.execute(sql, &[task.into(), tag.into()])?;
        }
    }
    if changed("ufCrmTask") {
        forget(tx, "tasks_crm", task)?;
        for code in texts(row, "ufCrmTask") {
            let sql = "INSERT INTO tasks_crm (task_id, code) VALUES (?, ?)";
            tx.execute(sql, &[task.into(), code.into()])?;
        }
    }
    Ok(())
}

/// Takes a task out of it.
pub fn remove(call: &mut Call<'_, '_>, task: i64) -> Result<()> {
    ["tasks_member", "tasks_tagged", "tasks_crm", "tasks_mark"]
        .into_iter()
        .try_for_each(|table| forget(call.tx, table, task))
}

fn forget(tx: &mut Tx<'_>, table: &str, task: i64) -> Result<()> {
    tx.execute(&format!("DELETE FROM {table} WHERE task_id = ?"), &[task.into()])?;
    Ok(())
}

/// The texts that a list field holds.
pub fn texts(row: &Row, name: &str) -> Vec<String> {
    serde_json::from_value(row.json(name)).unwrap_or_default()
}

/// The number of a tag, which is made if need be.
fn tag(tx: &mut Tx<'_>, name: &str) -> Result<i64> {
    let found = tx.one("SELECT id FROM tasks_tag WHERE name = ?", &[name.into()], |row| row.int(0))?;
    match found {
        Some(id) => Ok(id),
        None => Ok(tx.insert("INSERT INTO tasks_tag (name) VALUES (?)", &[name.into()])?),
    }
}

/// The numbers and names of the tags of tasks.
pub fn tags(tx: &mut Tx<'_>, tasks: &[i64]) -> Result<HashMap<i64, Vec<(i64, String)>>> {
    let mut tags: HashMap<i64, Vec<(i64, String)>> = HashMap::new();
    let sql = format!(
        "SELECT g.task_id, t.id, t.name FROM tasks_tagged g JOIN tasks_tag t ON t.id = g.tag_id \
         WHERE g.task_id IN ({}) ORDER BY t.id",
        store::placeholders(tasks.len())
    );
    let params: Vec<Param<'_>> = tasks.iter().map(|task| (*task).into()).collect();
    tx.query(&sql, &params, |row| {
        tags.entry(row.int(0)?).or_default().push((row.int(1)?, row.text(2)?.to_owned()));
        Ok(())
    })?;
    Ok(tags)
}

/// What somebody noted about a task for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// It is a favorite.
    Favorite,
    /// It stands above the others.
    Pinned,
    /// It stands above the others of its workgroup.
    PinnedInGroup,
    /// It shall not be counted.
    Muted,
    /// It was looked at.
    Viewed,
}

impl Mark {
    const ALL: [Mark; 5] = [Mark::Favorite, Mark::Pinned, Mark::PinnedInGroup, Mark::Muted, Mark::Viewed];

    /// The letter under which it is kept.
    pub const fn code(self) -> &'static str {
        match self {
            Mark::Favorite => "F",
            Mark::Pinned => "P",
            Mark::PinnedInGroup => "G",
            Mark::Muted => "M",
            Mark::Viewed => "V",
        }
    }

    /// Notes it, or takes the note away; false when it was so already.
    pub fn set(self, call: &mut Call<'_, '_>, task: i64, user: i64, on: bool) -> Result<bool> {
        let key: [Param<'_>; 3] = [user.into(), task.into(), self.code().into()];
        if !on {
            let sql = "DELETE FROM tasks_mark WHERE user_id = ? AND task_id = ? AND kind = ?";
            return Ok(call.tx.execute(sql, &key)? > 0);
        }
        let sql = "INSERT INTO tasks_mark (user_id, task_id, kind, moment) VALUES (?, ?, ?, ?) \
                   ON CONFLICT (user_id, kind, task_id) DO NOTHING";
        let values = [&key[..], &[call.now.seconds().into()]].concat();
        Ok(call.tx.execute(sql, &values)? > 0)
    }
}

/// What a user noted about these tasks, and when.
pub fn marks(tx: &mut Tx<'_>, user: i64, tasks: &[i64]) -> Result<HashMap<(i64, Mark), i64>> {
    let mut marks = HashMap::new();
    let sql = format!(
        "SELECT task_id, kind, moment FROM tasks_mark WHERE user_id = ? AND task_id IN ({})",
        store::placeholders(tasks.len())
    );
    let params: Vec<Param<'_>> =
        std::iter::once(user.into()).chain(tasks.iter().map(|task| (*task).into())).collect();
    tx.query(&sql, &params, |row| {
        let code = row.text(1)?;
        if let Some(mark) = Mark::ALL.into_iter().find(|mark| mark.code() == code) {
            marks.insert((row.int(0)?, mark), row.int(2)?);
        }
        Ok(())
    })?;
    Ok(marks)
}
