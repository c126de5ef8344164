//! Messages to people on their way: alerts that are posted, and e-mails. They are written with what they tell of,
//! leased by the worker of a node, and tried again for a day.

use serde::{Deserialize, Serialize};
use store::Tx;

use crate::delays::Delays;
use crate::error::Result;
use crate::keys::Keys;
use crate::moment::Moment;

/// Letters are sealed as this owner's.
const LETTERS: i64 = -5;
/// Seconds from a try that failed to the next; the last one is for all that follow.
const DELAYS: Delays = Delays(&[30, 120, 600, 1_800, 3_600, 10_800]);
/// No message is leased for longer, in microseconds.
const LONGEST_LEASE: i64 = 600 * SECOND;
/// Microseconds after which a message is news no more.
const LIFETIME: i64 = 24 * 3600 * SECOND;
const SECOND: i64 = 1_000_000;

/// The right to send messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// A random number of the holder's; to be made before the transaction, since that may run twice.
    pub number: i64,
    /// When it ends.
    pub until: Moment,
}

/// A message to people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "channel", rename_all = "lowercase")]
pub enum Message {
    /// To the alert URL.
    Post {
        /// The body, JSON.
        body: String,
    },
    /// By e-mail.
    Mail {
        /// The address.
        to: String,
        /// The subject.
        subject: String,
        /// The text.
        text: String,
    },
}

impl Message {
    /// `post` or `mail`.
    pub fn channel(&self) -> &'static str {
        match self {
            Message::Post { .. } => "post",
            Message::Mail { .. } => "mail",
        }
    }
}

/// A message that its holder alone sends until the lease ends.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its number.
    pub id: i64,
    /// What is to be sent; `None` when the portal's key does not open it.
    pub letter: Option<Message>,
    /// When it was written.
    pub created: Moment,
    /// Tries before this one.
    pub tries: i64,
    lease: i64,
}

/// What becomes of a message that could not be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is tried again then.
    Again(Moment),
    /// It is too old.
    GivenUp,
}

/// Writes a message, to be sent at once, and gives its number.
pub fn put(tx: &mut Tx<'_>, keys: &Keys, letter: &Message, now: Moment) -> Result<i64> {
    let sealed = keys.seal(LETTERS, &serde_json::to_string(letter).expect("a letter is JSON"));
    let sql = "INSERT INTO outbox (channel, letter, created, due, tries) VALUES (?, ?, ?, ?, 0)";
    Ok(tx.insert(sql, &[letter.channel().into(), sealed.as_slice().into(), now.0.into(), now.0.into()])?)
}

/// Whether something is due.
pub fn is_due(tx: &mut Tx<'_>, now: Moment) -> Result<bool> {
    Ok(tx.one("SELECT id FROM outbox WHERE due <= ? LIMIT 1", &[now.0.into()], |row| row.int(0))?.is_some())
}

/// Leases up to so many messages that are due.
pub fn claim(tx: &mut Tx<'_>, keys: &Keys, most: usize, lease: Lease, now: Moment) -> Result<Vec<Item>> {
    let sql = format!(
        "UPDATE outbox SET due = ?, lease = ? WHERE id IN (\
         SELECT id FROM outbox WHERE due <= ? ORDER BY due, id LIMIT {most}{}) \
         RETURNING id, letter, created, tries",
        tx.dialect().for_update_skip_locked()
    );
    let mut items = Vec::new();
    tx.query(&sql, &[lease.until.0.into(), lease.number.into(), now.0.into()], |row| {
        let opened = keys.open(LETTERS, row.blob(1)?);
        items.push(Item {
            id: row.int(0)?,
            letter: opened.and_then(|text| serde_json::from_str(&text).ok()),
            created: Moment(row.int(2)?),
            tries: row.int(3)?,
            lease: lease.number,
        });
        Ok(())
    })?;
    items.sort_unstable_by_key(|item| item.id);
    Ok(items)
}

/// Forgets a message that was sent, or that nobody can send.
pub fn done(tx: &mut Tx<'_>, item: &Item) -> Result<()> {
    tx.execute("DELETE FROM outbox WHERE id = ? AND lease = ?", &[item.id.into(), item.lease.into()])?;
    Ok(())
}

/// Has a message that could not be sent tried again, or gives it up.
pub fn failed(tx: &mut Tx<'_>, item: &Item, why: &str, now: Moment) -> Result<Fate> {
    let at = Moment(now.0 + DELAYS.after(item.tries));
    if at.0 - item.created.0 > LIFETIME {
        done(tx, item)?;
        return Ok(Fate::GivenUp);
    }
    let sql = "UPDATE outbox SET due = ?, tries = tries + 1, error = ? WHERE id = ? AND lease = ?";
    tx.execute(sql, &[at.0.into(), why.into(), item.id.into(), item.lease.into()])?;
    Ok(Fate::Again(at))
}

/// Has no message wait longer than after a try that fails now, since the clock was set back. What is on its way may be sent twice.
pub fn set_back(tx: &mut Tx<'_>, now: Moment) -> Result<()> {
    let sql = format!(
        "UPDATE outbox SET due = ? WHERE due - {LONGEST_LEASE} > ? AND due - {} > ?",
        DELAYS.sql("tries")
    );
    tx.execute(&sql, &[now.0.into(), now.0.into(), now.0.into()])?;
    Ok(())
}

/// How a message fares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fare {
    /// It was sent, or given up.
    Gone,
    /// It was not tried yet.
    Waiting,
    /// It was tried in vain.
    Failed(String),
}

/// How a message fares.
pub fn fare(tx: &mut Tx<'_>, id: i64) -> Result<Fare> {
    let found = tx.one("SELECT error FROM outbox WHERE id = ?", &[id.into()], |row| {
        Ok(row.opt_text(0)?.map_or(Fare::Waiting, |why| Fare::Failed(why.to_owned())))
    })?;
    Ok(found.unwrap_or(Fare::Gone))
}

/// Takes a message back.
pub fn withdraw(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    tx.execute("DELETE FROM outbox WHERE id = ?", &[id.into()])?;
    Ok(())
}
