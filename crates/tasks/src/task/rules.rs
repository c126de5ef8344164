//! What a task does beyond its fields.

use std::borrow::Cow;

use engine::call::Call;
use engine::copy::Copying;
use engine::error::Result;
use engine::keys;
use engine::noun::{self, Draft, Face, Hooks, Row, Saved};
use store::Param;
use wire::{Fault, Map};

use super::index::{self, Mark};
use super::reach::{FORBIDDEN, stand};
use super::rights::RESPONSIBLE;
use super::status::{AWAITING, COMPLETED};
use super::{JUDGED, check, convert, copy, family};
use crate::chat::Chats;
use crate::checklist::{tree, tree_of};
use crate::elapsed::ELAPSED;
use crate::history::{self, HISTORY};
use crate::result::{self, RESULT};
use crate::scrum::item as scrum;
use crate::stages::place;
use crate::{dependence, files, flow, notice};

pub struct Rules;

impl Hooks for Rules {
    fn read(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        given: &mut Cow<'_, Map>,
        _: Option<&Row>,
    ) -> Result<()> {
        *given = Cow::Owned(convert::values(call, given));
        Ok(())
    }

    fn copying(&self, _: &mut Copying<'_, '_>, _: &Face, row: &mut Map) -> Result<()> {
        copy::plain(row);
        Ok(())
    }

    fn copied(&self, copying: &mut Copying<'_, '_>, _: &Face, rows: &[(i64, Map)]) -> Result<()> {
        for (number, _) in rows {
            if let Some(row) = copying.row(&super::TASK, *number)? {
                index::write(copying.tx, &row, None)?;
            }
        }
        Ok(())
    }

    fn shown_beside(&self) -> &'static [&'static str] {
        copy::BESIDE
    }

    fn fill(&self, call: &mut Call<'_, '_>, draft: &mut Draft<'_>) -> Result<()> {
        let now = call.now.seconds();
        draft.set_if_empty("createdBy", call.caller.user_id);
        draft.set_if_empty("guid", format!("{{{}}}", keys::uuid()));
        draft.set("statusChangedDate", now);
        draft.set("activityDate", now);
        draft.set("outlookVersion", 1);
        Ok(())
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        if let Some(old) = old {
            judge(call, face, draft, old)?;
            draft.set("outlookVersion", old.int("outlookVersion").unwrap_or(1) + 1);
            draft.set("activityDate", call.now.seconds());
        }
        check::check(call, draft, old)
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        index::write(call.tx, saved.row, saved.old)?;
        history::write(call, saved.row, saved.old)?;
        if saved.old.is_none() {
            let user = call.caller.user_id;
            Mark::Viewed.set(call, saved.row.number, user, true)?;
        }
        if saved.row.int("status") == Some(COMPLETED) {
            result::close(call, saved.row.number)?;
        }
        if let (Some(chats), Some(old)) = (Chats::of(call), saved.old) {
            chats.follow(call, saved.row, old)?;
        }
        files::follow(call, saved.row, saved.old, saved.given)?;
        notice::follow(call, saved.row, saved.old)?;
        scrum::follow(call, saved.row, saved.old)?;
        flow::follow(call, saved.row, saved.old)?;
        family::follow(call, saved.row, saved.old)
    }

    fn deleting(&self, call: &mut Call<'_, '_>, face: &Face, row: &Row) -> Result<()> {
        match face.path == JUDGED.path || stand(call, row)?.may("remove") {
            true => Ok(()),
            false => Err(Fault::numbered(400, FORBIDDEN, "No access to delete the task").into()),
        }
    }

    /// Tasks below it stay.
    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        let sql = "UPDATE tasks_task SET parent_id = NULL WHERE parent_id = ?";
        call.tx.execute(sql, &[row.number.into()])?;
        for noun in [&HISTORY, &ELAPSED, &RESULT] {
            noun::clear(call, noun, &[("taskId", row.number.into())])?;
        }
        place::clear(call, row.number)?;
        tree::clear(call, tree_of(row.number))?;
        dependence::clear(call, row.number)?;
        scrum::clear(call, row.number)?;
        flow::deleted(call, row)?;
        files::clear(call, files::TASKS, row.number)?;
        index::remove(call, row.number)
    }
}

/// Whose change it is: the fields by which a request does something that has an action of its own.
const OWN_ACTIONS: [(&str, &str); 8] = [
    ("deadline", "changeDeadline"),
    ("startDatePlan", "edit.plan"),
    ("endDatePlan", "edit.plan"),
    ("durationPlan", "edit.plan"),
    ("durationType", "edit.plan"),
    ("mark", "rate"),
    ("responsibleId", "delegate"),
    ("dateStart", "elapsedtime.add"),
];

/// Refuses a change that is not the caller's to make.
fn judge(call: &mut Call<'_, '_>, face: &Face, draft: &mut Draft<'_>, old: &Row) -> Result<()> {
    let stand = stand(call, old)?;
    if let Some(status) = draft.int("status")
        && old.int("status") != Some(status)
    {
        // Whoever may not accept the work hands it in.
        let accepts = stand.may("approve") || old.int("createdBy") == Some(call.caller.user_id);
        if status == COMPLETED && draft.after(Some(old), "taskControl") == &Param::from("Y") && !accepts {
            draft.set("status", AWAITING);
        }
    }
    let done = |status: i64| status == AWAITING || status == COMPLETED;
    let completes = draft.int("status").is_some_and(done) && !old.int("status").is_some_and(done);
    if completes && family::has(old, family::RESULT) {
        let results = result::counted(call.tx, &[old.number])?;
        if results.get(&old.number) != Some(&true) {
            return Err(face.faults.unwritable.fault().into());
        }
    }
    if face.path == JUDGED.path || stand.may("edit") {
        return Ok(());
    }
    let changed: Vec<&'static str> = super::FIELDS
        .iter()
        .filter(|field| draft.get(field.name).is_some_and(|value| value != old.get(field.name)))
        .map(|field| field.name)
        .collect();
    let user_field = old.table().fields.iter().any(|field| {
        field.user.is_some() && draft.get(&field.code).is_some_and(|value| value != old.get(&field.code))
    });
    let works = stand.may("elapsedtime.add") || stand.roles.has(RESPONSIBLE);
    let may = |name: &&str| match OWN_ACTIONS.iter().find(|(field, _)| field == name) {
        Some((_, action)) => stand.may(action),
        None => *name == "status" && works,
    };
    match changed.iter().all(may) && !user_field {
        true => Ok(()),
        false => Err(face.faults.unwritable.fault().into()),
    }
}
