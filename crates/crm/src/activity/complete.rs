//! Completes and checks what is about to be written of an activity.

use engine::call::Call;
use engine::directory;
use engine::entity::{Draft, codec};
use engine::error::Result;
use store::Param;
use wire::{Fault, Map};

use super::read::Current;
use super::{fields, kind};

/// How long a call or a meeting takes that does not say, in seconds.
const HOUR: i64 = 3600;

/// Refuses a subject or a responsible user that is not there: on a change, one that is given so.
pub fn require(call: &mut Call<'_, '_>, draft: &Draft<'_>, given: &Map, adding: bool) -> Result<()> {
    if draft.text("SUBJECT").is_none() && (adding || given.get("SUBJECT").is_some()) {
        return Err(Fault::crm("The field SUBJECT is not defined or empty").into());
    }
    if adding || given.get("RESPONSIBLE_ID").is_some() {
        let user = draft.int("RESPONSIBLE_ID").filter(|id| *id > 0).unwrap_or(0);
        if directory::name_of(call.tx, user)?.is_none() {
            return Err(Fault::crm("The field RESPONSIBLE_ID is not defined or invalid").into());
        }
    }
    Ok(())
}

/// Takes the fields that keep whatever they are given, and has texts be empty instead of missing.
pub fn take_free(draft: &mut Draft<'_>, given: &Map) -> Result<()> {
    for name in fields::FREE {
        if let Some(value) = given.get(name) {
            draft.set(name, fields::keep(name, value)?);
        }
    }
    for name in ["DESCRIPTION", "LOCATION"] {
        if draft.get(name) == Some(&Param::Null) {
            draft.set(name, "");
        }
    }
    Ok(())
}

/// Codes that a list does not have are the usual ones; `STATUS` and `COMPLETED` follow each other.
pub fn normalize(draft: &mut Draft<'_>) {
    for (name, codes, usual) in [
        ("PRIORITY", 1..=3, 2),
        ("DESCRIPTION_TYPE", 1..=3, 1),
        ("DIRECTION", 0..=2, 0),
        ("NOTIFY_TYPE", 0..=3, 0),
    ] {
        if draft.get(name).is_some() && !draft.int(name).is_some_and(|code| codes.contains(&code)) {
            draft.set(name, usual);
        }
    }
    let status = draft.int("STATUS").filter(|status| (1..=3).contains(status));
    let completed = draft.text("COMPLETED").map(|flag| flag == "Y").or(status.map(|status| status > 1));
    let Some(completed) = completed else {
        draft.leave("COMPLETED");
        draft.leave("STATUS");
        return;
    };
    let fits = |status: &i64| (*status > 1) == completed;
    draft.set("COMPLETED", if completed { "Y" } else { "N" });
    draft.set("STATUS", status.filter(fits).unwrap_or(if completed { 2 } else { 1 }));
}

/// When a new activity begins and ends, and until when it is to be done.
pub fn set_times(call: &Call<'_, '_>, draft: &mut Draft<'_>, type_id: i64) {
    let now = call.now.seconds();
    let (end, asked) = (draft.int("END_TIME"), draft.int("DEADLINE"));
    let start = draft.int("START_TIME").unwrap_or_else(|| end.map_or(now, |end| end.min(now)));
    let length = if matches!(type_id, kind::CALL | kind::MEETING) { HOUR } else { 0 };
    draft.set("START_TIME", start);
    draft.set("END_TIME", end.unwrap_or(start + length).max(start));
    draft.set("DEADLINE", if type_id == kind::PROVIDED { end.or(asked) } else { Some(start) });
}

/// The same when it is changed.
pub fn move_times(draft: &mut Draft<'_>, current: &Current) {
    let (start, end) = (draft.int("START_TIME"), draft.int("END_TIME"));
    if current.type_id == kind::PROVIDED {
        if let Some(end) = end {
            draft.set("DEADLINE", end);
        }
    } else {
        draft.leave("DEADLINE");
        if let Some(start) = start {
            draft.set("DEADLINE", start);
        }
    }
    let start = start.or(current.start);
    if let (Some(start), Some(after)) = (start, end.or(current.end))
        && after < start
    {
        draft.set("END_TIME", start);
    }
}

/// Values of fields that a new activity does not name.
pub fn fill(call: &Call<'_, '_>, draft: &mut Draft<'_>) {
    let (user, now) = (call.caller.user_id, call.now.seconds());
    for (name, value) in [("CREATED", now), ("LAST_UPDATED", now), ("AUTHOR_ID", user), ("EDITOR_ID", user)] {
        draft.set(name, value);
    }
    draft.set_if_empty("DESCRIPTION", "");
    draft.set_if_empty("LOCATION", "");
    draft.fill(|field| Some(codec::sought(field, &field.default?.into(), &call.clock())));
}
