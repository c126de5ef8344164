//! Secrets that change without an outage. For some days the old ones hold beside the new ones: deliveries carry two
//! signatures, as Standard Webhooks lists them, and the old application token, since a body has room for one only. At the
//! planned moment the new token takes its place, and the old signature ends.

use store::Tx;
use wire::Fault;

use super::handler::Secrets;
use super::manage::Outbound;
use engine::error::Result;
use engine::keys::Keys;
use engine::moment::{self, Moment};
use engine::settings::chosen::LONGEST_OVERLAP;
use engine::timetable::{self, Job, Next, Task};

/// The longest overlap, in seconds: a week.
pub const LONGEST: i64 = LONGEST_OVERLAP * 3600;

/// Forgets the old secrets of the webhook whose number is the key, when their time is over.
pub const END: Job = Job { kind: "webhooks.overlap", run: forget, every: None };

/// Secrets that are on their way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Old {
    /// Them.
    pub secrets: Secrets,
    /// Until when they hold, Unix seconds.
    pub until: i64,
}

/// The same, sealed.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Sealed {
    pub token: Vec<u8>,
    pub signing: Vec<u8>,
    pub until: i64,
}

impl Sealed {
    pub(super) fn open(&self, keys: &Keys, owner: i64) -> Option<Old> {
        let secrets = Secrets::open(keys, owner, &self.token, &self.signing)?;
        Some(Old { secrets, until: self.until })
    }
}

/// Reads an overlap, `24h`, `7d`, or `0` for none; in seconds.
///
/// # Errors
/// `ERROR_ARGUMENT` about `overlap` when it is none, or longer than a week.
pub fn parse(text: &str) -> std::result::Result<i64, Fault> {
    let seconds = if text.trim() == "0" { Some(0) } else { moment::span(text.trim()) };
    let wrong = || {
        Fault::argument("The overlap must be 0, or a time like 30m, 24h or 7d, at most 7 days.", "overlap")
    };
    seconds.filter(|seconds| (0..=LONGEST).contains(seconds)).ok_or_else(wrong)
}

/// Gives a webhook new secrets of `owner`'s; those of before hold for so many seconds.
///
/// # Errors
/// 409 `ERROR_OVERLAP` while others are still on their way out, and `ERROR_SECRET_HIDDEN` when those of before may not be
/// shown to whoever asks: they would go on being sent.
pub(crate) fn begin(
    tx: &mut Tx<'_>,
    keys: &Keys,
    found: &Outbound,
    secrets: &Secrets,
    seconds: i64,
    now: Moment,
) -> Result<()> {
    if found.old_until.is_some_and(|until| until > now.seconds()) {
        let text = "The secrets of before the last change still hold. End that overlap first, or replace the secrets at once.";
        return Err(Fault::new(409, "ERROR_OVERLAP", text).into());
    }
    if found.hidden_by.is_some() {
        let text = "Secrets that are not shown cannot overlap with new ones. Replace them at once.";
        return Err(Fault::new(409, "ERROR_SECRET_HIDDEN", text).into());
    }
    let (token, signing) = secrets.seal(keys, found.user_id);
    let sql = "UPDATE outbound SET old_token = token, old_signing = signing, old_until = ?, token = ?, signing = ? \
               WHERE id = ?";
    let until = now.seconds().saturating_add(seconds);
    tx.execute(sql, &[until.into(), token.as_slice().into(), signing.as_slice().into(), found.id.into()])?;
    let due = Moment(until.saturating_mul(1_000_000));
    timetable::schedule(tx, &END, &found.id.to_string(), due, "")
}

/// Ends an overlap: from now on the new secrets alone hold.
///
/// # Errors
/// `ERROR_NOT_FOUND` when there is none.
pub(crate) fn end(tx: &mut Tx<'_>, id: i64, now: Moment) -> Result<()> {
    let sql = "UPDATE outbound SET old_token = NULL, old_signing = NULL, old_until = NULL WHERE id = ? AND old_until > ?";
    if tx.execute(sql, &[id.into(), now.seconds().into()])? == 0 {
        return Err(Fault::not_found("No secrets of before hold any more.").into());
    }
    timetable::cancel(tx, &END, &id.to_string())?;
    Ok(())
}

fn forget(task: &mut Task<'_, '_>) -> Result<Next> {
    let sql = "UPDATE outbound SET old_token = NULL, old_signing = NULL, old_until = NULL \
               WHERE id = ? AND old_until <= ?";
    let id: i64 = task.key.parse().unwrap_or(0);
    task.tx.execute(sql, &[id.into(), task.now.seconds().into()])?;
    Ok(Next::Done)
}

/// The old secrets of a webhook while they hold, for its owner alone.
pub fn reveal(tx: &mut Tx<'_>, keys: &Keys, id: i64, owner: i64, now: Moment) -> Result<Option<Old>> {
    let sql = "SELECT old_token, old_signing, old_until FROM outbound WHERE id = ? AND old_until > ?";
    let sealed = tx.one(sql, &[id.into(), now.seconds().into()], |row| {
        Ok(Sealed { token: row.blob(0)?.to_vec(), signing: row.blob(1)?.to_vec(), until: row.int(2)? })
    })?;
    Ok(sealed.and_then(|sealed| sealed.open(keys, owner)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overlap_is_a_time_of_at_most_a_week() {
        for (text, seconds) in [("0", 0), (" 90s ", 90), ("24h", 86_400), ("7d", LONGEST), ("1w", LONGEST)] {
            assert_eq!(parse(text).unwrap(), seconds, "{text}");
        }
        for text in ["", "8d", "-1h", "soon", "24"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
