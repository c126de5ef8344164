//! Events that are kept for pick-up instead of being sent: one row for each object, with its last change. Whoever picks them up
//! gets each row once, however many ask at the same time, and says when it is done with, or the row is gone at once.

use store::{Param, Row, Tx};
use wire::Map;

use super::handler::Listener;
use super::payload;
use engine::error::Result;
use engine::event::Notice;
use engine::keys;
use engine::moment::Moment;

/// An event that waits to be picked up, or was and is not done with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its number; grows with time.
    pub id: i64,
    /// When its object changed last, Unix seconds.
    pub changed: i64,
    /// The last event.
    pub event: String,
    /// That event's data, encoded.
    pub data: String,
    /// The same for every change of one object.
    pub message_id: String,
    /// Who works on it; empty while nobody does.
    pub process_id: String,
    /// Whether whoever worked on it failed.
    pub failed: bool,
}

const COLUMNS: &str = "id, changed, event, data, message_id, process_id, failed";

/// Which are meant, in SQL over the columns, with its values; and in which order.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// What follows `AND`; empty for all.
    pub condition: String,
    /// Its values.
    pub params: Vec<Param<'static>>,
    /// What follows `ORDER BY`.
    pub order: String,
}

impl Choice {
    fn sql(&self) -> String {
        if self.condition.is_empty() { String::new() } else { format!("AND {}", self.condition) }
    }

    fn params(&self, id: i64) -> Vec<Param<'static>> {
        let mut params = vec![Param::from(id)];
        params.extend(self.params.iter().cloned());
        params
    }
}

/// Keeps an event of an object with its data, in the place of the one that waits already. Where changed fields are told, those
/// of the one that waited are told with it.
pub(super) fn put(
    tx: &mut Tx<'_>,
    listener: &Listener,
    notice: &Notice,
    data: &str,
    now: Moment,
) -> Result<()> {
    let (outbound_id, object) = (listener.outbound_id, &*notice.happening.object);
    let waiting = if listener.tell_changed { waiting(tx, outbound_id, object)? } else { None };
    let data = match waiting {
        Some(earlier) => payload::with_earlier(data, &earlier),
        None => data.to_owned(),
    };
    let sql = "INSERT INTO outbound_pickup (outbound_id, object, event, data, changed, message_id, process_id, failed) \
               VALUES (?, ?, ?, ?, ?, ?, '', 0) ON CONFLICT (outbound_id, object, process_id) DO UPDATE SET \
               event = excluded.event, data = excluded.data, changed = excluded.changed, failed = 0";
    let params = [
        outbound_id.into(),
        object.into(),
        (&*notice.event).into(),
        data.into(),
        now.seconds().into(),
        code(&format!("{outbound_id} {object}")).into(),
    ];
    tx.execute(sql, &params)?;
    Ok(())
}

/// The data of what waits of an object.
fn waiting(tx: &mut Tx<'_>, outbound_id: i64, object: &str) -> Result<Option<String>> {
    let sql = "SELECT data FROM outbound_pickup WHERE outbound_id = ? AND object = ? AND process_id = ''";
    Ok(tx.one(sql, &[outbound_id.into(), object.into()], |row| Ok(row.text(0)?.to_owned()))?)
}

/// 32 digits.
fn code(text: &str) -> String {
    keys::hex(&keys::digest(text.as_bytes())[..16])
}

/// Those on a page, and how many there are.
pub fn list(tx: &mut Tx<'_>, id: i64, choice: &Choice, offset: i64, limit: i64) -> Result<(Vec<Kept>, i64)> {
    let sql = format!("SELECT COUNT(*) FROM outbound_pickup WHERE outbound_id = ? {}", choice.sql());
    let total = tx.one(&sql, &choice.params(id), |row| row.int(0))?.unwrap_or(0);
    let sql = format!(
        "SELECT {COLUMNS} FROM outbound_pickup WHERE outbound_id = ? {} ORDER BY {} LIMIT ? OFFSET ?",
        choice.sql(),
        choice.order
    );
    let mut params = choice.params(id);
    params.extend([limit, offset].map(Param::from));
    Ok((read(tx, &sql, &params)?, total))
}

/// How they are picked up.
#[derive(Clone, Debug)]
pub enum Way {
    /// They are gone with the answer.
    Gone,
    /// They stay with this process until it says that it is done.
    With(String),
    /// They stay with a new process, whose name is given.
    WithNew,
}

/// Picks up at most so many that nobody works on. What another call picks up at the same time is left to it.
pub fn pick(
    tx: &mut Tx<'_>,
    id: i64,
    choice: &Choice,
    limit: i64,
    way: Way,
    now: Moment,
) -> Result<(Option<String>, Vec<Kept>)> {
    let sql = format!(
        "SELECT {COLUMNS} FROM outbound_pickup WHERE outbound_id = ? AND process_id = '' {} ORDER BY {} LIMIT ?{}",
        choice.sql(),
        choice.order,
        tx.dialect().for_update_skip_locked()
    );
    let mut params = choice.params(id);
    params.push(limit.into());
    let mut picked = read(tx, &sql, &params)?;
    let process = match way {
        Way::Gone => None,
        Way::With(process) => Some(process),
        // No other process has picked up the first of these at this moment.
        Way::WithNew => Some(code(&format!("{id} {:?} {}", picked.first().map(|one| one.id), now.0))),
    };
    for one in &mut picked {
        let Some(process) = &process else {
            tx.execute("DELETE FROM outbound_pickup WHERE id = ?", &[one.id.into()])?;
            continue;
        };
        // A change of the same object that it picked up before is what this one is the later of.
        let sql = "DELETE FROM outbound_pickup WHERE outbound_id = ? AND message_id = ? AND process_id = ?";
        tx.execute(sql, &[id.into(), one.message_id.as_str().into(), process.as_str().into()])?;
        let sql = "UPDATE outbound_pickup SET process_id = ? WHERE id = ?";
        tx.execute(sql, &[process.as_str().into(), one.id.into()])?;
        one.process_id.clone_from(process);
    }
    Ok((process, picked))
}

/// Which of a process's rows are meant.
#[derive(Clone, Debug)]
pub enum Which {
    /// All of them
    All,
    /// Those of these numbers
    Ids(Vec<i64>),
    /// Those of these `MESSAGE_ID`
    Messages(Vec<String>),
}

impl Which {
    fn sql(&self) -> (String, Vec<Param<'static>>) {
        let (column, params): (&str, Vec<Param<'static>>) = match self {
            Which::All => return (String::new(), Vec::new()),
            Which::Ids(ids) => ("id", ids.iter().map(|id| (*id).into()).collect()),
            Which::Messages(messages) => {
                ("message_id", messages.iter().map(|one| one.clone().into()).collect())
            }
        };
        if params.is_empty() {
            return (" AND 1 = 0".to_owned(), params);
        }
        (format!(" AND {column} IN ({})", store::placeholders(params.len())), params)
    }
}

/// A process is done with what it picked up.
pub fn clear(tx: &mut Tx<'_>, id: i64, process: &str, which: &Which) -> Result<()> {
    let (condition, further) = which.sql();
    let sql = format!("DELETE FROM outbound_pickup WHERE outbound_id = ? AND process_id = ?{condition}");
    tx.execute(&sql, &params(id, process, further))?;
    Ok(())
}

/// A process failed with what it picked up: that waits again, marked. Where its object changed meanwhile, that change waits
/// in its place, and tells the fields that both changed.
pub fn fail(tx: &mut Tx<'_>, id: i64, process: &str, which: &Which) -> Result<()> {
    let (condition, further) = which.sql();
    let sql = format!(
        "SELECT w.id, w.data, f.data FROM outbound_pickup w JOIN (SELECT object, data FROM outbound_pickup \
         WHERE outbound_id = ? AND process_id = ?{condition}) f ON f.object = w.object \
         WHERE w.outbound_id = ? AND w.process_id = ''"
    );
    let mut both = params(id, process, further.clone());
    both.push(id.into());
    let pairs: Vec<(i64, String, String)> =
        tx.all(&sql, &both, |row| Ok((row.int(0)?, row.text(1)?.to_owned(), row.text(2)?.to_owned())))?;
    for (waiting, data, earlier) in pairs {
        let told = payload::with_earlier(&data, &earlier);
        if told != data {
            let sql = "UPDATE outbound_pickup SET data = ? WHERE id = ?";
            tx.execute(sql, &[told.into(), waiting.into()])?;
        }
    }
    let sql = format!(
        "DELETE FROM outbound_pickup WHERE outbound_id = ? AND process_id = ?{condition} AND EXISTS (SELECT 1 \
         FROM outbound_pickup w WHERE w.outbound_id = outbound_pickup.outbound_id \
         AND w.object = outbound_pickup.object AND w.process_id = '')"
    );
    tx.execute(&sql, &params(id, process, further.clone()))?;
    let sql = format!(
        "UPDATE outbound_pickup SET process_id = '', failed = 1 WHERE outbound_id = ? AND process_id = ?{condition}"
    );
    tx.execute(&sql, &params(id, process, further))?;
    Ok(())
}

fn params(id: i64, process: &str, further: Vec<Param<'static>>) -> Vec<Param<'static>> {
    [id.into(), process.to_owned().into()].into_iter().chain(further).collect()
}

/// Forgets what changed before that moment.
pub fn sweep(tx: &mut Tx<'_>, before: Moment) -> Result<()> {
    tx.execute("DELETE FROM outbound_pickup WHERE changed < ?", &[before.seconds().into()])?;
    Ok(())
}

/// Removes all of a webhook.
pub(super) fn forget(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    tx.execute("DELETE FROM outbound_pickup WHERE outbound_id = ?", &[id.into()])?;
    Ok(())
}

/// The event's data as the event brought it.
pub fn data(kept: &Kept) -> wire::Value {
    let form: Map = wire::form::decode(kept.data.as_bytes(), &wire::Limits::default());
    form.get("data").cloned().unwrap_or(wire::Value::Bool(false))
}

fn read(tx: &mut Tx<'_>, sql: &str, params: &[Param<'_>]) -> Result<Vec<Kept>> {
    Ok(tx.all(sql, params, kept)?)
}

fn kept(row: &Row<'_>) -> std::result::Result<Kept, store::Error> {
    Ok(Kept {
        id: row.int(0)?,
        changed: row.int(1)?,
        event: row.text(2)?.to_owned(),
        data: row.text(3)?.to_owned(),
        message_id: row.text(4)?.to_owned(),
        process_id: row.text(5)?.to_owned(),
        failed: row.int(6)? != 0,
    })
}
