//! Signing in: who is let in, and how whoever guesses is slowed down.

use std::net::IpAddr;

use axum::http::header::HeaderValue;
use portal::Moment;
use portal::limits::{Bucket, Buckets};
use portal::user::session::{self, NewSession};
use portal::user::{self, Credentials};
use store::Tx;
use tokio::sync::Semaphore;

use super::Console;
use super::visit::{SESSION, Visit};
use crate::clock;

/// Tries from one address: 30, and one more every ten seconds.
const BY_ADDRESS: Bucket = Bucket { capacity: 30.0, drain: 0.1 };
/// Tries for one e-mail address: 10, and one more every thirty seconds.
const BY_EMAIL: Bucket = Bucket { capacity: 10.0, drain: 1.0 / 30.0 };
/// Passwords checked at once: each takes 19 MiB and some of a processor's time.
const CHECKS: usize = 2;

/// Slows down whoever guesses.
#[derive(Debug)]
pub struct Guard {
    addresses: Buckets,
    emails: Buckets<String>,
    checks: Semaphore,
}

impl Default for Guard {
    fn default() -> Self {
        Guard { addresses: Buckets::default(), emails: Buckets::default(), checks: Semaphore::new(CHECKS) }
    }
}

impl Guard {
    /// Counts a try of a password; false when there were too many.
    pub fn admit(&self, address: IpAddr, email: &str, now: Moment) -> bool {
        self.admit_from(address, now) && self.emails.admit(BY_EMAIL, email.to_lowercase(), now)
    }

    /// Counts a try from an address.
    pub fn admit_from(&self, address: IpAddr, now: Moment) -> bool {
        self.addresses.admit(BY_ADDRESS, network(address), now)
    }

    /// Does what takes as much time and memory as a password does, with few others at once; `None` after a
    /// panic, which was logged where it happened.
    pub async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let _turn = self.checks.acquire().await;
        tokio::task::spawn_blocking(work).await.ok()
    }
}

/// Whoever has one IPv6 address has the 2⁶⁴ of its network.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::from((u128::from(v6) >> 64 << 64).to_be_bytes()),
        v4 => v4,
    }
}

/// The user with that address and password.
pub async fn check(console: &Console, email: String, password: String) -> portal::Result<Option<i64>> {
    let job = move |tx: &mut Tx<'_>| user::credentials(tx, &email);
    let credentials = console.portal.core().store.read(job).await?;
    Ok(compare(console, credentials, password).await)
}

/// Compares a password with what was read.
pub async fn compare(console: &Console, credentials: Credentials, password: String) -> Option<i64> {
    console.guard.in_turn(move || credentials.check(&password)).await.flatten()
}

/// A sign-in that has begun: its token, and the cookie that holds it.
pub struct Begun {
    /// The token.
    pub token: String,
    /// The value of `Set-Cookie`.
    pub cookie: HeaderValue,
}

/// Signs a user in, and forgets sign-ins that are over. Unless it is to be remembered, the cookie ends with the
/// browser.
pub async fn begin(console: &Console, visit: &Visit, user_id: i64, remember: bool) -> portal::Result<Begun> {
    let (core, token, now) = (console.portal.core().clone(), session::token(), clock::now());
    let lifetime = if remember { session::LIFETIME } else { session::SHORT_LIFETIME };
    let (address, agent) = (visit.origin.address.to_string(), visit.agent.clone());
    let (stored, new) = (token.clone(), NewSession { user_id, address, agent, lifetime });
    let job = move |tx: &mut Tx<'_>| {
        session::expire(tx, now)?;
        session::create(tx, &core, &new, &stored, now)
    };
    console.portal.core().store.write(job).await?;
    tracing::info!(user = user_id, address = %visit.origin.address, "signed in");
    let cookie = visit.cookie(SESSION, &token, remember.then_some(lifetime));
    Ok(Begun { token, cookie })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_is_slowed_down_by_address_and_by_email() {
        let (guard, now) = (Guard::default(), Moment(0));
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        let tries = |from: &dyn Fn(usize) -> IpAddr, email: &dyn Fn(usize) -> String| {
            (0..100).take_while(|number| guard.admit(from(*number), &email(*number), now)).count()
        };
        let everywhere = |number: usize| address(&format!("10.0.0.{number}"));
        assert_eq!(tries(&everywhere, &|_| "ada@example.com".into()), 10);
        assert!(!guard.admit(address("10.0.1.1"), "ADA@example.com", now));
        let one_network = |number: usize| address(&format!("2001:db8::{number}"));
        assert_eq!(tries(&one_network, &|number| format!("{number}@example.com")), 30);
        assert!(guard.admit(address("2001:db8:0:1::1"), "0@example.com", now));
    }
}
