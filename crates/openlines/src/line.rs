//! Lines, and who answers on each: rows of two nouns.

use engine::call::Call;
use engine::directory;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{self, Access, Asked, Face, Hooks, ID, Noun, Row, Stamp, field, noun};
use store::Param;
use wire::{Fault, Map, Value};

use crate::SCOPE;
use crate::words::FAULTS;

/// What lines are written with. It has no methods.
pub const FACE: Face = Face { verbs: &[], faults: FAULTS, ..Face::legacy("imopenlines.config") };
/// How dialogs are given to operators: to the least busy one, to the first one, or to all of them.
pub const QUEUE_TYPES: &[&str] = &["evenly", "strictly", "all"];
/// Operators that a line has, at most.
const MOST: usize = 500;

/// Lines. Everybody reads them, administrators write.
pub static LINE: Noun = Noun {
    access: Access::Shared,
    fields: &[
        ID,
        field("lineName", Kind::String, "Name").required(),
        field("active", Kind::Char, "Active").default("Y"),
        field("queueType", Kind::Choice(QUEUE_TYPES), "How dialogs are given to operators").default("evenly"),
        field("settings", Kind::Json, "Settings"),
        field("revision", Kind::Integer, "Revision").read_only(),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("dateModify", Kind::DateTime, "Changed").stamped(Stamp::Changed),
        field("modifyUserId", Kind::User, "Changed by").stamped(Stamp::ChangedBy),
    ],
    faces: &[FACE],
    hooks: &Hook,
    ..noun("openlines.line", "imopenlines_line", SCOPE, ["open channel", "open channels"])
};

/// Operators of lines, in their order.
pub static OPERATOR: Noun = Noun {
    access: Access::Shared,
    fields: &[
        ID,
        field("lineId", Kind::Integer, "Open channel").required().immutable(),
        field("userId", Kind::User, "Operator").required().immutable(),
        field("sort", Kind::Integer, "Place").default("0"),
    ],
    faces: &[FACE],
    ..noun("openlines.operator", "imopenlines_operator", SCOPE, ["operator", "operators"])
};

struct Hook;

impl Hooks for Hook {
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        let sql = "SELECT id FROM imopenlines_session WHERE line_id = ? AND closed = 'N' LIMIT 1";
        if call.tx.one(sql, &[row.number.into()], |row| row.int(0))?.is_some() {
            let text = "The open channel has dialogs that have not ended";
            return Err(Fault::new(400, "CONFIG_HAS_DIALOGS", text).into());
        }
        noun::clear(call, &OPERATOR, &[("lineId", row.number.into())])
    }
}

/// The operators of a line in their order: rows with `userId` and `sort`.
///
/// # Errors
/// Those of the store.
pub fn operators(call: &mut Call<'_, '_>, line: i64) -> Result<Vec<Row>> {
    let within = Some(("t.line_id = ?".to_owned(), vec![Param::from(line)]));
    let order = Some(noun::Order::default().by("t.sort", "ASC").by("t.id", "ASC"));
    noun::belonging(call, &OPERATOR, Asked { within, order, whole: true, ..Asked::default() })
}

/// Those of them who were not dismissed, by their numbers and in the same order.
///
/// # Errors
/// Those of the store.
pub fn active(call: &mut Call<'_, '_>, line: i64) -> Result<Vec<i64>> {
    let sql = "SELECT o.user_id FROM imopenlines_operator o JOIN portal_user u ON u.id = o.user_id \
               WHERE o.line_id = ? AND u.active = 'Y' ORDER BY o.sort, o.id";
    Ok(call.tx.all(sql, &[line.into()], |row| row.int(0))?)
}

/// Whether the caller answers on a line, or is an administrator.
///
/// # Errors
/// Those of the store.
pub fn is_mine(call: &mut Call<'_, '_>, line: i64) -> Result<bool> {
    if call.caller.is_admin {
        return Ok(true);
    }
    let sql = "SELECT id FROM imopenlines_operator WHERE line_id = ? AND user_id = ?";
    let me = call.caller.user_id;
    Ok(call.tx.one(sql, &[line.into(), me.into()], |row| row.int(0))?.is_some())
}

/// Makes whoever changes what dialogs a line has wait for each other.
///
/// # Errors
/// Those of the store.
pub fn claim(call: &mut Call<'_, '_>, line: i64) -> Result<()> {
    noun::claim(call, &LINE, line)
}

/// Makes these the operators of a line: `[{"ENTITY_TYPE": "user", "ENTITY_ID": "1"}, ..]`, or their numbers alone.
///
/// # Errors
/// `INVALID_FORMAT` for anybody who is not there.
pub fn set_operators(call: &mut Call<'_, '_>, line: i64, given: &Value) -> Result<()> {
    let wrong = || Fault::new(400, "INVALID_FORMAT", "A wrong value of the field 'QUEUE' is passed");
    let mut users: Vec<i64> = Vec::new();
    for one in given.items() {
        let of_user = one.get("ENTITY_TYPE").and_then(Value::as_str).is_none_or(|kind| kind == "user");
        let user = one.get("ENTITY_ID").unwrap_or(one).as_int().filter(|_| of_user).ok_or_else(wrong)?;
        if users.len() >= MOST || !directory::is_active(call.tx, user)? {
            return Err(wrong().into());
        }
        if !users.contains(&user) {
            users.push(user);
        }
    }
    claim(call, line)?;
    noun::clear(call, &OPERATOR, &[("lineId", line.into())])?;
    for (user, sort) in users.into_iter().zip(0_i64..) {
        let mut row = Map::with_capacity(3);
        row.push("LINE_ID", line);
        row.push("USER_ID", user);
        row.push("SORT", sort);
        noun::put(call, &OPERATOR, &row)?;
    }
    Ok(())
}
