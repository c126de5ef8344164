//! The second step of signing in: a code that an app on the person's phone makes of a secret and the time (TOTP,
//! RFC 6238), or one of ten recovery codes. The secret is sealed like a webhook's; of recovery codes only keyed hashes are
//! stored.
//!
//! Codes go by the machine's clock, as the phone's do, and not by the portal's, which may stand or be shifted.

use store::Tx;
use totp_rs::{Builder, Secret, Totp};
use wire::Fault;

use super::{device, session};
use engine::error::Result;
use engine::keys::{Keys, random};
use engine::moment::Moment;

/// How many recovery codes there are at first.
pub const CODES: usize = 10;
/// Steps before and after the current one whose codes are taken, for clocks that differ.
const SKEW: u16 = 1;
/// Digits of a code.
const DIGITS: usize = 6;
/// A longer text is no code, and not looked at.
const LONGEST: usize = 64;
/// Recovery codes are hashed as this owner's, so that none can pass for a session or a webhook.
const RECOVERY: i64 = -7;

/// Where somebody's second factor stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Since when it is on, Unix seconds.
    pub since: i64,
    /// Recovery codes that are left.
    pub recovery: i64,
}

/// What the second step of a sign-in came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The person has no second factor.
    NotAsked,
    /// There was a code of the app, which is used up.
    Passed,
    /// There was a recovery code, which is used up.
    Recovered,
    /// There was no code.
    Missing,
    /// It is wrong, or was used before.
    Wrong,
}

impl Step {
    /// Whether the person may go on.
    pub fn is_passed(self) -> bool {
        matches!(self, Step::NotAsked | Step::Passed | Step::Recovered)
    }
}

/// A new secret in Base32, as apps take it: 160 bits. To be made before the transaction that stores it, as codes are, since
/// that may run twice.
pub fn secret() -> String {
    Secret::new_stack(random()).to_base32()
}

/// New recovery codes, 120 bits each: `k5qxxa-7yzbtd-obn3fw-qm2h4p`. Base32 has no two letters that look alike.
pub fn codes() -> Vec<String> {
    let code = || Secret::new(Box::new(random::<15>())).to_base32().to_lowercase();
    let grouped = |code: String| [&code[..6], &code[6..12], &code[12..18], &code[18..]].join("-");
    std::iter::repeat_with(code).take(CODES).map(grouped).collect()
}

/// The second factor of a user; `None` while there is none that holds.
pub fn standing(tx: &mut Tx<'_>, user_id: i64) -> Result<Option<Standing>> {
    let sql = "SELECT t.since, (SELECT COUNT(*) FROM portal_recovery r WHERE r.user_id = t.user_id) \
               FROM portal_totp t WHERE t.user_id = ? AND t.since IS NOT NULL";
    Ok(tx.one(sql, &[user_id.into()], |row| Ok(Standing { since: row.int(0)?, recovery: row.int(1)? }))?)
}

/// Keeps a secret for a user who is about to turn the second factor on. Nothing is asked for until [`confirm`].
///
/// # Errors
/// 409 `ERROR_FACTOR_ON` where it is on.
pub fn begin(tx: &mut Tx<'_>, keys: &Keys, user_id: i64, secret: &str) -> Result<()> {
    let sealed = keys.seal(user_id, secret);
    let sql = "INSERT INTO portal_totp (user_id, secret, step) VALUES (?, ?, 0) \
               ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret WHERE portal_totp.since IS NULL";
    if tx.execute(sql, &[user_id.into(), sealed.as_slice().into()])? > 0 {
        return Ok(());
    }
    Err(Fault::new(409, "ERROR_FACTOR_ON", "Two-factor sign-in is on already.").into())
}

/// Turns the second factor on for who has a code of the secret that [`begin`] kept. As with a new password, sign-ins
/// elsewhere end, and this one goes on under a new token.
///
/// # Errors
/// 422 `ERROR_CODE` about `code`.
pub fn confirm(
    tx: &mut Tx<'_>,
    keys: &Keys,
    here: session::Found,
    (code, token): (&str, &str),
    codes: &[String],
    (machine, now): (Moment, Moment),
) -> Result<()> {
    let sql = "SELECT secret FROM portal_totp WHERE user_id = ? AND since IS NULL";
    let sealed = tx.one(sql, &[here.user_id.into()], |row| Ok(row.blob(0)?.to_vec()))?;
    let totp = sealed.and_then(|sealed| open(keys, here.user_id, &sealed));
    let step = totp.and_then(|totp| matched(&totp, &plain(code), machine)).ok_or_else(wrong)?;
    let sql = "UPDATE portal_totp SET since = ?, step = ? WHERE user_id = ? AND since IS NULL";
    tx.execute(sql, &[now.seconds().into(), step.into(), here.user_id.into()])?;
    renew(tx, keys, here.user_id, codes)?;
    others_out(tx, keys, here, token)
}

/// The second step of a sign-in, or whatever else asks for it. A code that is right is used up.
pub fn pass(tx: &mut Tx<'_>, keys: &Keys, user_id: i64, code: Option<&str>, machine: Moment) -> Result<Step> {
    let sql = "SELECT secret FROM portal_totp WHERE user_id = ? AND since IS NOT NULL";
    let sealed = tx.one(sql, &[user_id.into()], |row| Ok(row.blob(0)?.to_vec()))?;
    let Some(sealed) = sealed else { return Ok(Step::NotAsked) };
    let Some(code) = code.map(plain).filter(|code| !code.is_empty()) else { return Ok(Step::Missing) };
    if code.len() != DIGITS {
        let lookup = keys.lookup(RECOVERY, &code);
        let sql = "DELETE FROM portal_recovery WHERE lookup = ? AND user_id = ?";
        let was_there = tx.execute(sql, &[lookup.as_slice().into(), user_id.into()])? > 0;
        return Ok(if was_there { Step::Recovered } else { Step::Wrong });
    }
    let Some(totp) = open(keys, user_id, &sealed) else {
        tracing::error!(user = user_id, "the secret of a second factor cannot be opened with this key");
        return Ok(Step::Wrong);
    };
    let Some(step) = matched(&totp, &code, machine) else { return Ok(Step::Wrong) };
    // Of two who use the same code at once, one changes a row.
    let sql = "UPDATE portal_totp SET step = ? WHERE user_id = ? AND step < ?";
    let is_first = tx.execute(sql, &[step.into(), user_id.into(), step.into()])? > 0;
    Ok(if is_first { Step::Passed } else { Step::Wrong })
}

/// Replaces a user's recovery codes.
pub fn renew(tx: &mut Tx<'_>, keys: &Keys, user_id: i64, codes: &[String]) -> Result<()> {
    tx.execute("DELETE FROM portal_recovery WHERE user_id = ?", &[user_id.into()])?;
    for code in codes {
        let lookup = keys.lookup(RECOVERY, &plain(code));
        let sql = "INSERT INTO portal_recovery (lookup, user_id) VALUES (?, ?)";
        tx.execute(sql, &[lookup.as_slice().into(), user_id.into()])?;
    }
    Ok(())
}

/// Turns a person's own second factor off; sign-ins elsewhere end, and this one goes on under a new token.
pub fn turn_off(tx: &mut Tx<'_>, keys: &Keys, here: session::Found, token: &str) -> Result<()> {
    forget(tx, here.user_id)?;
    others_out(tx, keys, here, token)
}

/// Takes a user's second factor away and ends all sign-ins; false when there was none.
pub fn reset(tx: &mut Tx<'_>, user_id: i64) -> Result<bool> {
    let was_on = standing(tx, user_id)?.is_some();
    if was_on {
        forget(tx, user_id)?;
        session::end_all(tx, user_id)?;
        device::forget_all(tx, user_id)?;
    }
    Ok(was_on)
}

/// What a code that is none is told.
pub fn wrong() -> Fault {
    Fault::new(422, "ERROR_CODE", "The code is wrong or has been used.").with("argument", "code")
}

fn forget(tx: &mut Tx<'_>, user_id: i64) -> Result<()> {
    tx.execute("DELETE FROM portal_recovery WHERE user_id = ?", &[user_id.into()])?;
    tx.execute("DELETE FROM portal_totp WHERE user_id = ?", &[user_id.into()])?;
    Ok(())
}

fn others_out(tx: &mut Tx<'_>, keys: &Keys, here: session::Found, token: &str) -> Result<()> {
    session::end_others(tx, here.user_id, here.id)?;
    device::forget_all(tx, here.user_id)?;
    session::renew(tx, keys, here.id, token)
}

/// A code without what people put between its parts.
fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).take(LONGEST).collect::<String>().to_lowercase()
}

fn open(keys: &Keys, user_id: i64, sealed: &[u8]) -> Option<Totp> {
    let secret = keys.open(user_id, sealed)?;
    totp(&secret)
}

fn totp(secret: &str) -> Option<Totp> {
    let secret = Secret::try_from_base32(secret).ok()?;
    Builder::new().with_secret(secret).with_skew(SKEW).build().ok()
}

/// The step whose code this is.
fn matched(totp: &Totp, code: &str, machine: Moment) -> Option<i64> {
    let step = totp.check(code, u64::try_from(machine.seconds()).ok()?)?;
    i64::try_from(step).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, for SHA-1: the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let totp = totp(&Secret::new_stack(*b"12345678901234567890").to_base32()).unwrap();
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let at = |seconds: i64| matched(&totp, code, Moment(seconds * 1_000_000));
            let step = seconds / 30;
            assert_eq!(at(seconds), Some(step), "{code}");
            let near = [(step - 1) * 30, (step + 2) * 30 - 1].map(at);
            assert_eq!(near, [Some(step); 2], "a step before and a step after");
            let far = [(step - 1) * 30 - 1, (step + 2) * 30].map(at);
            assert_eq!(far, [None; 2], "no more than that");
        }
    }

    #[test]
    fn codes_are_known_however_they_are_typed() {
        let codes = codes();
        assert_eq!((codes.len(), codes[0].len()), (CODES, 27));
        assert_eq!(plain(&codes[0].to_uppercase().replace('-', " ")), codes[0].replace('-', ""));
        assert_eq!(plain(" 123 456\n"), "123456");
        assert_eq!(plain(&"1".repeat(10_000)).len(), LONGEST);
        assert_ne!(codes[0], codes[1]);
        assert_eq!(secret().len(), 32);
    }
}
