//! Who may do what in a process. Administrators do everything, and only they make processes; others do what the rights of the
//! process give them.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::noun::{Grant, Row, Rule};
use store::Param;

use crate::kept::Processes;

/// Changes the process itself, its stages and what of fields is shown.
pub const MODIFY: &str = "MODIFY";
/// Adds items, and changes, moves and deletes them.
pub const ITEMS: &str = "ITEMS_CREATE";
/// Sees the process and its items.
const VIEW: &str = "VIEW";

/// Whoever may do anything sees the process.
pub const SEE: &[&str] = &[MODIFY, ITEMS, VIEW];

/// A right in a process.
#[derive(Debug)]
pub struct Allowed {
    /// The process.
    pub process: i64,
    /// Whose it is: `U1`, `DR3`, `UA` for everybody.
    pub code: String,
    /// The right.
    pub action: String,
}

/// Which rows an act is allowed on whose column is a process in which the caller has one of these rights.
fn within(call: &Call<'_, '_>, column: &str, rights: &[&str]) -> Grant {
    if call.caller.is_admin {
        return Grant::All;
    }
    let open = open(call, rights);
    if open.is_empty() {
        return Grant::Where("1 = 0".to_owned(), Vec::new());
    }
    let among = format!("t.{column} IN ({})", store::placeholders(open.len()));
    Grant::Where(among, open.into_iter().map(Param::from).collect())
}

/// The processes in which somebody who is no administrator has one of these rights.
fn open(call: &Call<'_, '_>, rights: &[&str]) -> Vec<i64> {
    let codes = call.meta.directory.access_codes(call.caller.user_id);
    let processes = &call.meta.section::<Processes>().allowed;
    let is_ours = |allowed: &&Allowed| {
        rights.contains(&allowed.action.as_str()) && (allowed.code == "UA" || codes.contains(&allowed.code))
    };
    let mut open: Vec<i64> = processes.iter().filter(is_ours).map(|allowed| allowed.process).collect();
    open.sort_unstable();
    open.dedup();
    open
}

/// Whether the caller has one of these rights in a process.
pub fn has(call: &Call<'_, '_>, process: i64, rights: &[&str]) -> bool {
    call.caller.is_admin || open(call, rights).contains(&process)
}

/// Processes.
#[derive(Debug)]
pub struct OfProcess;

impl Rule for OfProcess {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        Ok(match act {
            Act::Read | Act::Export => within(call, "id", SEE),
            Act::Update | Act::Delete => within(call, "id", &[MODIFY]),
            Act::Add | Act::Import if call.caller.is_admin => Grant::All,
            Act::Add | Act::Import => Grant::Nothing,
        })
    }
}

/// Their items.
#[derive(Debug)]
pub struct OfItem;

impl Rule for OfItem {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        Ok(within(call, "type_id", if act == Act::Read { SEE } else { &[ITEMS] }))
    }
}

/// Timelines of items. Whoever sees an item adds to its timeline, and changes what is his own there.
#[derive(Debug)]
pub struct OfTimeline;

impl Rule for OfTimeline {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let seen = within(call, "type_id", SEE);
        if !matches!(act, Act::Update | Act::Delete) {
            return Ok(seen);
        }
        let own = "t.user_id = ?".to_owned();
        let me = Param::from(call.caller.user_id);
        Ok(match seen {
            Grant::Where(sql, mut params) => {
                params.push(me);
                Grant::Where(format!("({sql} AND {own})"), params)
            }
            _ => Grant::Where(own, vec![me]),
        })
    }
}

/// Whose process a row is.
pub fn process_of(row: &Row) -> i64 {
    row.int("typeId").unwrap_or(0)
}
