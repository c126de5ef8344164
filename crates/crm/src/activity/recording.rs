//! What telephony keeps of a call that an activity stands for: its recording, of which the activity has a copy, and what was
//! said. Without telephony there is neither.

use engine::call::Call;
use engine::error::Result;
use engine::files;
use engine::noun::{self, Asked, Saved, Watch};
use store::{Param, Tx};

use super::{fields, write};

/// Copies the recording of a finished call to its activity.
pub const WATCH: Watch = Watch { saved: follow, ..Watch::new("telephony.statistic") };

fn follow(call: &mut Call<'_, '_>, saved: &Saved<'_>) -> Result<()> {
    let before = saved.old.and_then(|old| old.int("recordFile"));
    let (Some(file), Some(activity)) = (saved.row.int("recordFile"), saved.row.int("crmActivityId")) else {
        return Ok(());
    };
    if before == Some(file) {
        return Ok(());
    }
    let Some(mut kept) = files_of(call.tx, activity)? else { return Ok(()) };
    let Some(copy) = files::copy(call, file)? else { return Ok(()) };
    if let Some(gone) = before.map(|before| same(call, &kept, before)).transpose()?.flatten() {
        kept.retain(|id| *id != gone);
        files::delete(call.tx, &[gone])?;
    }
    kept.push(copy);
    let kept = serde_json::Value::from(kept).to_string();
    let sql = "UPDATE crm_activity SET files = ?, last_updated = ?, editor_id = ? WHERE id = ?";
    let by = call.caller.user_id;
    call.tx.execute(sql, &[kept.into(), call.now.seconds().into(), by.into(), activity.into()])?;
    write::happened(call, "UPDATE", activity)
}

/// The files of an activity; `None` if there is no such activity.
fn files_of(tx: &mut Tx<'_>, activity: i64) -> Result<Option<Vec<i64>>> {
    let sql = format!("SELECT {} FROM crm_activity WHERE id = ?", fields::files().column());
    let list = tx.one(&sql, &[activity.into()], |row| Ok(row.opt_text(0)?.unwrap_or_default().to_owned()))?;
    Ok(list.map(|list| serde_json::from_str(&list).unwrap_or_default()))
}

/// The one of these files that is a copy of that one.
fn same(call: &mut Call<'_, '_>, kept: &[i64], file: i64) -> Result<Option<i64>> {
    let Some(old) = files::find(call.tx, file)? else { return Ok(None) };
    for id in kept {
        let found = files::find(call.tx, *id)?;
        if found.is_some_and(|found| found.hash == old.hash && found.name == old.name) {
            return Ok(Some(*id));
        }
    }
    Ok(None)
}

/// What was said in a call, by its activity: a line for each message, with who said it.
pub fn transcript(call: &mut Call<'_, '_>, activity: i64) -> Result<Option<String>> {
    let Some(transcripts) = call.core.modules.noun("telephony.transcript").map(|shape| shape.noun) else {
        return Ok(None);
    };
    let within = Some(("t.activity_id = ?".to_owned(), vec![Param::from(activity)]));
    let found = noun::belonging(call, transcripts, Asked { within, whole: true, ..Asked::default() })?;
    let said = found.last().map(|row| row.json("messages")).unwrap_or_default();
    let line = |message: &serde_json::Value| {
        Some(format!("{}: {}", message["SIDE"].as_str()?, message["MESSAGE"].as_str()?))
    };
    let lines: Vec<String> = said.as_array().into_iter().flatten().filter_map(line).collect();
    Ok((!lines.is_empty()).then(|| lines.join("\n")))
}
