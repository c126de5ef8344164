//! Passwords for the console: argon2id, made and checked outside transactions, as each takes time and memory
//! that no lane of the store should wait for.

use std::fmt;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use store::Tx;

use super::{device, session, welcome};
use engine::error::Result;
use engine::keys::Keys;

/// 19 MiB, two passes, one lane: the least that OWASP's password storage guide asks of argon2id.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);

/// The hash of a password that nobody has, at the same cost. An unknown address is checked against it, so
/// that the time a sign-in takes does not tell which addresses are known.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$jZWEwjBXXgX50yHXgNji8Q$eHpRhI9yEXtyul5MPdjMfucQEjWuEr9/KBl/Sa/Tlz0";

/// A password as it is stored. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Hashed(String);

impl Hashed {
    /// Hashes a password with a random salt; takes tens of milliseconds.
    pub fn new(password: &str) -> Self {
        let hash = argon2().hash_password(password.as_bytes());
        Hashed(hash.expect("the cost is valid and the system gives random bytes").to_string())
    }
}

impl fmt::Debug for Hashed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("******")
    }
}

/// The fewest characters of a password that a person chooses, and the most: a longer one would only take time.
pub const SHORTEST: usize = 12;
/// See [`SHORTEST`].
pub const LONGEST: usize = 128;

/// Sets or replaces the password of a user, and signs the user out everywhere: whoever knew the old one is out.
/// A one-time link ends, too.
pub fn set_password(tx: &mut Tx<'_>, user_id: i64, password: &Hashed) -> Result<()> {
    store(tx, user_id, password)?;
    session::end_all(tx, user_id)
}

/// The same by the user, who stays signed in here, under a new token: whoever knows the one of before is out, too.
pub fn change_password(
    tx: &mut Tx<'_>,
    keys: &Keys,
    password: &Hashed,
    here: session::Found,
    token: &str,
) -> Result<()> {
    store(tx, here.user_id, password)?;
    session::end_others(tx, here.user_id, here.id)?;
    session::renew(tx, keys, here.id, token)
}

fn store(tx: &mut Tx<'_>, user_id: i64, password: &Hashed) -> Result<()> {
    let sql = "INSERT INTO portal_account (user_id, password) VALUES (?, ?) \
               ON CONFLICT (user_id) DO UPDATE SET password = excluded.password";
    tx.execute(sql, &[user_id.into(), password.0.as_str().into()])?;
    device::forget_all(tx, user_id)?;
    welcome::withdraw(tx, user_id)
}

/// Whether a user has chosen a password.
pub fn has_password(tx: &mut Tx<'_>, user_id: i64) -> Result<bool> {
    let sql = "SELECT user_id FROM portal_account WHERE user_id = ?";
    Ok(tx.one(sql, &[user_id.into()], |row| row.int(0))?.is_some())
}

/// Reads what a user's own password is checked against; nobody's for who has none.
pub fn credentials_of(tx: &mut Tx<'_>, user_id: i64) -> Result<Credentials> {
    let sql = "SELECT password FROM portal_account WHERE user_id = ?";
    let found = tx.one(sql, &[user_id.into()], |row| {
        Ok(Credentials { user_id: Some(user_id), password: Hashed(row.text(0)?.to_owned()) })
    })?;
    Ok(found.unwrap_or_else(Credentials::nobodys))
}

/// The data to check a password against; it exists for every address, also unknown ones.
#[derive(Debug)]
pub struct Credentials {
    user_id: Option<i64>,
    password: Hashed,
}

/// Reads what a sign-in with that address is checked against: an active user with a password, or nobody.
pub fn credentials(tx: &mut Tx<'_>, email: &str) -> Result<Credentials> {
    let sql = "SELECT u.id, a.password FROM portal_user u JOIN portal_account a ON a.user_id = u.id \
               WHERE u.email = ? AND u.active = 'Y'";
    let found = tx.one(sql, &[email.trim().to_lowercase().into()], |row| {
        Ok(Credentials { user_id: Some(row.int(0)?), password: Hashed(row.text(1)?.to_owned()) })
    })?;
    Ok(found.unwrap_or_else(Credentials::nobodys))
}

impl Credentials {
    fn nobodys() -> Self {
        Credentials { user_id: None, password: Hashed(NOBODYS.to_owned()) }
    }

    /// The user whose password this is; `None` for a wrong password as for an unknown address. Takes tens of
    /// milliseconds in each case: call it outside the transaction, on a thread that may wait.
    pub fn check(&self, password: &str) -> Option<i64> {
        let hash = PasswordHash::new(&self.password.0).ok()?;
        argon2().verify_password(password.as_bytes(), &hash).ok()?;
        self.user_id
    }
}

fn argon2() -> Argon2<'static> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).expect("the cost is within argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_again_and_no_other() {
        let credentials = Credentials { user_id: Some(7), password: Hashed::new("ships in the night") };
        assert_eq!(credentials.check("ships in the night"), Some(7));
        assert_eq!(credentials.check("ships in the nigh"), None);
        assert_eq!(format!("{credentials:?}"), "Credentials { user_id: Some(7), password: ****** }");
    }

    #[test]
    fn nobody_costs_as_much_as_somebody() {
        let somebody = Hashed::new("x").0;
        let cost = |hash: &str| hash.split('$').take(4).collect::<Vec<_>>().join("$");
        assert_eq!(cost(NOBODYS), cost(&somebody));
        assert_eq!(NOBODYS.len(), somebody.len());
        assert!(PasswordHash::new(NOBODYS).is_ok());
        let nobody = Credentials { user_id: None, password: Hashed(NOBODYS.to_owned()) };
        assert_eq!(nobody.check("x"), None);
    }
}
