//! `Idempotency-Key`: a call that changes something and comes twice under one key is performed once. What it answered is kept for
//! a day, for the webhook, its owner and the method; the row is written in the transaction of the call, so that there is none
//! of a call that failed, and of two at the same time one waits for the other.

use std::mem::take;

use engine::Moment;
use engine::error::Result;
use engine::keys::{digest, hex};
use engine::method::{Method, Reply, Version};
use engine::timetable::{Job, Next, Task};
use store::{Param, Tx};
use wire::{Fault, Limits, Map, Text, Value, exception, json};

/// Removes answers that were kept for a day.
pub const EXPIRED: Job = Job { kind: "system.idempotent", run: expire, every: Some(3_600) };

/// How long answers are kept, in seconds.
const KEPT: i64 = 24 * 3600;
/// Rows that one step removes.
const STEP: i64 = 1_000;
/// Bytes of an answer that is kept.
const LARGEST: usize = 4 << 20;
/// Characters of a key.
const LONGEST: usize = 255;

/// A key as a request brings it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(Text);

impl Key {
    /// Reads a header; its bytes are those of the request.
    ///
    /// # Errors
    /// `INVALIDIDEMPOTENCYKEY`
    pub fn read(header: &[u8]) -> std::result::Result<Key, Fault> {
        let printable = header.iter().all(|byte| (b' '..=b'~').contains(byte));
        let fits = printable && (1..=LONGEST).contains(&header.len());
        let text = std::str::from_utf8(header).ok().filter(|_| fits).ok_or_else(exception::invalid_key)?;
        Ok(Key(Text::new(text)))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A call under a key, whoever makes it.
pub struct Keyed {
    /// The key.
    pub key: Key,
    method: String,
    digest: String,
}

impl Keyed {
    /// That of a method with these parameters, which stay as they are. Large ones take a moment: no transaction should wait
    /// for it.
    pub fn new(key: Key, method: &Method, params: &mut Map) -> Self {
        let whole = Value::Map(take(params));
        let digest = hex(&digest(&json::encode(&whole)));
        *params = whole.into_map().unwrap_or_default();
        let method = match method.version {
            Version::V2 => method.name.to_ascii_lowercase(),
            Version::V3 => format!("v3:{}", method.name.to_ascii_lowercase()),
        };
        Keyed { key, method, digest }
    }

    /// The same of a webhook and its owner.
    pub const fn of(&self, hook: i64, user: i64) -> Once<'_> {
        Once { keyed: self, hook, user }
    }
}

/// One call under a key.
pub struct Once<'k> {
    keyed: &'k Keyed,
    hook: i64,
    user: i64,
}

impl Once<'_> {
    fn params(&self) -> [Param<'_>; 4] {
        let Keyed { key, method, .. } = self.keyed;
        [self.hook.into(), self.user.into(), method.as_str().into(), key.as_str().into()]
    }

    /// Begins the call, unless it was answered already: then this is what it answered. Another one that is under way is awaited.
    ///
    /// # Errors
    /// `IDEMPOTENCYKEYREUSED` when the key came with another request.
    pub fn begin(&self, tx: &mut Tx<'_>, now: Moment) -> Result<Option<Reply>> {
        let mut params = self.params().to_vec();
        params.push((now.seconds() - KEPT).into());
        let of = "hook_id = ? AND user_id = ? AND method = ? AND mark = ?";
        tx.execute(&format!("DELETE FROM idempotent WHERE {of} AND at <= ?"), &params)?;
        let mut params = self.params().to_vec();
        params.extend([self.keyed.digest.as_str().into(), now.seconds().into()]);
        let sql = "INSERT INTO idempotent (hook_id, user_id, method, mark, digest, at) VALUES (?, ?, ?, ?, ?, ?) \
                   ON CONFLICT (hook_id, user_id, method, mark) DO NOTHING";
        if tx.execute(sql, &params)? > 0 {
            return Ok(None);
        }
        let sql = format!("SELECT digest, answer, total, next FROM idempotent WHERE {of}");
        let kept = tx.one(&sql, &self.params(), |row| {
            Ok((
                row.text(0)?.to_owned(),
                row.opt_text(1)?.map(str::to_owned),
                row.opt_int(2)?,
                row.opt_int(3)?,
            ))
        })?;
        let Some((digest, Some(answer), total, next)) = kept else { return Ok(None) };
        if digest != self.keyed.digest {
            return Err(exception::key_reused().into());
        }
        let limits = Limits { depth: usize::MAX, vars: usize::MAX, values: usize::MAX };
        let result = json::decode(answer.as_bytes(), &limits).unwrap_or_default();
        Ok(Some(Reply { result, total, next, sends: None, fault: None }))
    }

    /// Keeps what the call answered.
    ///
    /// # Errors
    /// For an answer too large to be kept, and those of the store.
    pub fn end(&self, tx: &mut Tx<'_>, reply: &Reply) -> Result<()> {
        let answer = String::from_utf8(json::encode(&reply.result)).unwrap_or_default();
        if answer.len() > LARGEST {
            return Err(engine::error::answer_too_large().into());
        }
        let of = "hook_id = ? AND user_id = ? AND method = ? AND mark = ?";
        let mut params = vec![answer.into(), number(reply.total), number(reply.next)];
        params.extend(self.params());
        tx.execute(&format!("UPDATE idempotent SET answer = ?, total = ?, next = ? WHERE {of}"), &params)?;
        Ok(())
    }

    /// Forgets the call, which ended with an error all the same.
    ///
    /// # Errors
    /// Those of the store.
    pub fn forget(&self, tx: &mut Tx<'_>) -> Result<()> {
        let sql = "DELETE FROM idempotent WHERE hook_id = ? AND user_id = ? AND method = ? AND mark = ?";
        tx.execute(sql, &self.params())?;
        Ok(())
    }
}

fn number(number: Option<i64>) -> Param<'static> {
    number.map_or(Param::Null, Param::from)
}

fn expire(task: &mut Task<'_, '_>) -> Result<Next> {
    let sql =
        "DELETE FROM idempotent WHERE id IN (SELECT id FROM idempotent WHERE at <= ? ORDER BY at LIMIT ?)";
    let removed = task.tx.execute(sql, &[(task.now.seconds() - KEPT).into(), STEP.into()])?;
    Ok(if removed < STEP as u64 { Next::Done } else { Next::On(String::new()) })
}
