//! The log of deliveries, sending again, and cancelling.

mod action;
mod cancel;
mod condition;
mod place;
mod replay;
mod search;
mod tally;

pub use action::{Action, Forwarded, Kind, actions, note_forwarded};
pub use cancel::{Cancelled, cancel, cancel_found};
pub use replay::{Missed, Replayed, Step, count_missed, replay, replay_found, replay_missed};
pub use search::{Answered, Filter, MAX_COUNTED, MAX_WORDS, Page, count_open, search};
pub use tally::{Tallied, Tally, oldest, tally};

use store::{Row, Tx};
use wire::Fault;

use super::find;
use super::manage::Actor;
use super::queue;
use engine::error::Result;
use engine::moment::Moment;

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It waits for its first or next try, or for an earlier event of its object.
    Waiting,
    /// It is being sent.
    Sending,
    /// The handler has it.
    Delivered,
    /// It was given up.
    Failed,
    /// It happened while the webhook was off, and is kept until that works again.
    Held,
    /// A person cancelled it before it was delivered or given up.
    Cancelled,
}

impl State {
    /// All.
    pub const ALL: [State; 6] =
        [State::Waiting, State::Sending, State::Delivered, State::Failed, State::Held, State::Cancelled];

    /// `waiting`, `sending`, `delivered`, `failed`, `held` or `cancelled`.
    pub fn name(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Sending => "sending",
            State::Delivered => "delivered",
            State::Failed => "failed",
            State::Held => "held",
            State::Cancelled => "cancelled",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        State::ALL.into_iter().find(|state| state.name() == name)
    }

    /// The condition on `delivery d`.
    fn condition(self) -> &'static str {
        match self {
            State::Waiting => "d.state IN (0, 5, 6)",
            State::Sending => "d.state = 1",
            State::Delivered => "d.state = 2",
            State::Failed => "d.state = 3 AND d.cancelled = 0",
            State::Held => "d.state = 4",
            State::Cancelled => "d.state = 3 AND d.cancelled = 1",
        }
    }

    /// Whether it lies in the indexes of what was given up.
    fn is_given_up(self) -> bool {
        matches!(self, State::Failed | State::Cancelled)
    }

    fn of(code: i64, is_cancelled: bool) -> Self {
        match code {
            1 => State::Sending,
            2 => State::Delivered,
            3 if is_cancelled => State::Cancelled,
            3 => State::Failed,
            4 => State::Held,
            // What has a higher code stands in the line of its object.
            _ => State::Waiting,
        }
    }
}

/// A delivery in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its number.
    pub id: i64,
    /// The webhook.
    pub outbound_id: i64,
    /// The event's name.
    pub event: String,
    /// The object: `lead:17`.
    pub object: String,
    /// Where it stands.
    pub state: State,
    /// When it was raised.
    pub raised: Moment,
    /// When it is due, if it waits; when its lease ends, if it is being sent; or else when it ended.
    pub due: Moment,
    /// Tries since it was raised or a person last sent it again.
    pub attempts: u32,
    /// The event's data as it is sent, in the spelling of a form.
    pub data: String,
    /// The number of the webhook's subscription to this event; 0 when it had none.
    pub event_handler_id: i64,
    /// How many events lie before it in its chain.
    pub hop: u8,
    /// Whether it had to wait, since there were too many events of its object.
    pub is_slowed: bool,
    /// The webhook as it is today; `None` when it was deleted.
    pub addressee: Option<Addressee>,
}

/// The webhook that a delivery is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    /// The integration that it belongs to.
    pub integration_id: i64,
    /// Its name.
    pub title: String,
    /// Where it is posted to; may hold a secret of the handler's. Empty for a listener.
    pub handler_url: String,
}

impl Addressee {
    /// The host of the handler, with its port where that is not the usual one: no secret is in there.
    pub fn handler_host(&self) -> Option<String> {
        host_of(&self.handler_url)
    }
}

/// The host of a URL, with its port where that is not the usual one.
pub fn host_of(url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// A try in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// 1 for the first.
    pub number: u32,
    /// What happened.
    pub attempt: super::queue::Attempt,
}

/// What [`delivery`] reads of `delivery d` and what [`ADDRESSEE`] joins.
const COLUMNS: &str = "d.id, d.outbound_id, d.event, d.object, d.state, d.raised, d.due, d.attempts, d.data, \
                       d.event_handler_id, d.hop, i.id, i.title, o.handler_url, d.slowed, \
                       d.cancelled";
/// How many they are.
const WIDTH: usize = 16;
const ADDRESSEE: &str =
    "LEFT JOIN outbound o ON o.id = d.outbound_id LEFT JOIN integration i ON i.id = o.integration_id";

/// When a delivery was raised.
pub fn raised(tx: &mut Tx<'_>, id: i64) -> Result<Option<Moment>> {
    Ok(tx.one("SELECT raised FROM delivery WHERE id = ?", &[id.into()], |row| Ok(Moment(row.int(0)?)))?)
}

/// One delivery with all its tries.
pub fn show(tx: &mut Tx<'_>, id: i64) -> Result<Option<(Delivery, Vec<Tried>)>> {
    let sql = format!("SELECT {COLUMNS} FROM delivery d {ADDRESSEE} WHERE d.id = ?");
    let Some(found) = tx.one(&sql, &[id.into()], delivery)? else { return Ok(None) };
    let sql = "SELECT number, started, took, status, error, answer, headers FROM delivery_attempt \
               WHERE delivery_id = ? ORDER BY number";
    let attempts = tx.all(sql, &[id.into()], |row| tried(row, 0))?;
    Ok(Some((found, attempts)))
}

/// A delivery with its tries that the actor may see: of a webhook within reach, or any for an administrator.
///
/// # Errors
/// `ACCESS_DENIED`, `ERROR_NOT_FOUND`.
pub fn reachable(tx: &mut Tx<'_>, id: i64, actor: Actor) -> Result<(Delivery, Vec<Tried>)> {
    let found = show(tx, id)?.ok_or_else(|| Fault::not_found("The delivery does not exist."))?;
    if !actor.is_admin {
        find::reachable(tx, found.0.outbound_id, actor)?;
    }
    Ok(found)
}

/// Forgets deliveries that ended or are held, and all of deleted webhooks, when they were raised before that moment: looks
/// at `limit` deliveries after the one numbered `after`. Gives the last number looked at, to go on from, or
/// `None` when there are no older ones.
pub fn sweep(tx: &mut Tx<'_>, before: Moment, after: i64, limit: usize) -> Result<Option<i64>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let (mut last, mut old, mut held) = (None, Vec::new(), Vec::new());
    let sql = "SELECT d.id, d.state, d.raised, CASE WHEN EXISTS (SELECT 1 FROM outbound o WHERE o.id = d.outbound_id) \
               THEN 1 ELSE 0 END FROM delivery d WHERE d.id > ? ORDER BY d.id LIMIT ?";
    tx.query(sql, &[after.into(), limit.into()], |row| {
        let (id, state, kept) = (row.int(0)?, row.int(1)?, row.int(3)? != 0);
        // Numbers grow with time, but not strictly: those behind a younger one wait for the next round.
        last = (row.int(2)? < before.0).then_some(id);
        match state {
            _ if last.is_none() => {}
            4 if kept => held.push(id),
            2..=4 => old.push(id),
            _ if !kept => old.push(id),
            _ => {}
        }
        Ok(())
    })?;
    for id in old {
        for table in ["delivery_attempt", "delivery_action"] {
            tx.execute(&format!("DELETE FROM {table} WHERE delivery_id = ?"), &[id.into()])?;
        }
        tx.execute("DELETE FROM delivery WHERE id = ?", &[id.into()])?;
    }
    for id in held {
        queue::held::expire(tx, id, before)?;
    }
    Ok(last)
}

fn delivery(row: &Row<'_>) -> std::result::Result<Delivery, store::Error> {
    Ok(Delivery {
        id: row.int(0)?,
        outbound_id: row.int(1)?,
        event: row.text(2)?.to_owned(),
        object: row.text(3)?.to_owned(),
        state: State::of(row.int(4)?, row.int(15)? == 1),
        raised: Moment(row.int(5)?),
        due: Moment(row.int(6)?),
        attempts: u32::try_from(row.int(7)?).unwrap_or(u32::MAX),
        data: row.text(8)?.to_owned(),
        event_handler_id: row.int(9)?,
        hop: u8::try_from(row.int(10)?).unwrap_or(u8::MAX),
        is_slowed: row.int(14)? != 0,
        addressee: row.opt_int(11)?.map(|id| addressee(row, id)).transpose()?,
    })
}

fn addressee(row: &Row<'_>, integration_id: i64) -> std::result::Result<Addressee, store::Error> {
    Ok(Addressee { integration_id, title: row.text(12)?.to_owned(), handler_url: row.text(13)?.to_owned() })
}

/// A try, its columns beginning at `first`.
fn tried(row: &Row<'_>, first: usize) -> std::result::Result<Tried, store::Error> {
    let attempt = super::queue::Attempt {
        started: Moment(row.int(first + 1)?),
        took: row.int(first + 2)?,
        status: row.opt_int(first + 3)?.and_then(|status| u16::try_from(status).ok()),
        error: row.opt_text(first + 4)?.map(str::to_owned),
        answer: row.text(first + 5)?.to_owned(),
        headers: row.text(first + 6)?.to_owned(),
    };
    Ok(Tried { number: u32::try_from(row.int(first)?).unwrap_or(u32::MAX), attempt })
}
