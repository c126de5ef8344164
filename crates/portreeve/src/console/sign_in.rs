//! Signing in: who is let in, and how whoever guesses is slowed down.

use std::net::IpAddr;

use axum::http::header::HeaderValue;
use portal::audit::{self, Action, By};
use portal::clock::Now;
use portal::keys::{Keys, Lookup};
use portal::limits::{Bucket, Shared};
use portal::user::factor::{self, Step};
use portal::user::notice::{self, Notice};
use portal::user::people::object;
use portal::user::session::{self, NewSession};
use portal::user::{self, Credentials, device};
use portal::{Core, Moment};
use store::Tx;
use tokio::sync::Semaphore;

use super::Console;
use super::visit::{DEVICE, SESSION, Visit};
use crate::clock;
use crate::http::network;

/// Tries from one address: 30, and one more every ten seconds.
const BY_ADDRESS: Bucket = Bucket { capacity: 30.0, drain: 0.1 };
/// Tries for one account from one address, or from a browser that was signed in to it before: 10, and one more every
/// thirty seconds. Whoever guesses elsewhere does not lock the person out.
const BY_BOTH: Bucket = Bucket { capacity: 10.0, drain: 1.0 / 30.0 };
/// Tries for one account from everywhere, but for those browsers: 60, and one more every ninety seconds, which is no more than a
/// hundred in any hour.
const BY_ACCOUNT: Bucket = Bucket { capacity: 60.0, drain: 1.0 / 90.0 };
/// Codes of a second factor for one account, and the same again from a browser that was signed in to it before: 10, and one
/// more every five minutes. There are a million codes, of which three hold at a time.
const BY_CODE: Bucket = Bucket { capacity: 10.0, drain: 1.0 / 300.0 };
/// Links by e-mail for one account: 3, and one every ten minutes.
const BY_LETTER: Bucket = Bucket { capacity: 3.0, drain: 1.0 / 600.0 };
/// Passwords checked at once: each takes 19 MiB and some of a processor's time.
const CHECKS: usize = 2;

/// Slows down whoever guesses, whichever node is asked.
#[derive(Debug)]
pub struct Guard {
    addresses: Shared,
    both: Shared,
    accounts: Shared,
    devices: Shared,
    letters: Shared,
    codes: Shared,
    checks: Semaphore,
}

impl Default for Guard {
    fn default() -> Self {
        Guard {
            addresses: Shared::new("tries by address"),
            both: Shared::new("tries by account and address"),
            accounts: Shared::new("tries by account"),
            devices: Shared::new("tries by browser"),
            letters: Shared::new("letters"),
            codes: Shared::new("tries of codes"),
            checks: Semaphore::new(CHECKS),
        }
    }
}

impl Guard {
    /// Counts a try of the password of an account; false when there were too many.
    pub async fn admit(
        &self,
        core: &Core,
        address: IpAddr,
        account: &str,
        now: Moment,
    ) -> portal::Result<bool> {
        let account = account.to_lowercase();
        let both = format!("{} {account}", network(address));
        Ok(self.admit_from(core, address, now).await?
            && self.both.admit(core, BY_BOTH, &both, now).await?
            && self.accounts.admit(core, BY_ACCOUNT, &account, now).await?)
    }

    /// The same from a browser in which the account's user signed in before.
    pub async fn admit_known(&self, core: &Core, device: Lookup, now: Moment) -> portal::Result<bool> {
        self.devices.admit(core, BY_BOTH, &format!("{device:02x?}"), now).await
    }

    /// Counts a link by e-mail for an account; false when there were too many.
    pub async fn admit_letter(&self, core: &Core, account: &str, now: Moment) -> portal::Result<bool> {
        self.letters.admit(core, BY_LETTER, &account.to_lowercase(), now).await
    }

    /// Counts a code of a user's second factor, from a browser in which the user signed in before or from elsewhere; false
    /// when there were too many.
    pub async fn admit_code(
        &self,
        core: &Core,
        user_id: i64,
        device: Option<Lookup>,
        now: Moment,
    ) -> portal::Result<bool> {
        self.codes.admit(core, BY_CODE, &format!("{user_id} {device:02x?}"), now).await
    }

    /// Counts a try from an address.
    pub async fn admit_from(&self, core: &Core, address: IpAddr, now: Moment) -> portal::Result<bool> {
        self.addresses.admit(core, BY_ADDRESS, &network(address).to_string(), now).await
    }

    /// Does what takes as much time and memory as a password does, with few others at once; `None` after a
    /// panic, which was logged where it happened.
    pub async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let _turn = self.checks.acquire().await;
        tokio::task::spawn_blocking(work).await.ok()
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

/// A sign-in that has begun: its token, and the cookies that hold it and the browser's.
pub struct Begun {
    /// The token.
    pub token: String,
    /// Values of `Set-Cookie`.
    pub cookies: [HeaderValue; 2],
}

/// What a person who has the password gives beside it.
pub struct Second {
    /// The user.
    pub user_id: i64,
    /// A code of the app, or a recovery code.
    pub code: Option<String>,
}

impl Second {
    /// Whether one more code may be tried for this user from this browser.
    pub async fn may_try(&self, console: &Console, visit: &Visit) -> portal::Result<bool> {
        if self.code.is_none() {
            return Ok(true);
        }
        let (core, user_id) = (console.portal.core().clone(), self.user_id);
        let (token, Now { portal: now, machine }) = (visit.device.clone(), clock::both(&core));
        let job = move |tx: &mut Tx<'_>| match &token {
            Some(token) => device::find_of(tx, &core.keys, token, user_id, now),
            None => Ok(None),
        };
        let device = console.portal.core().store.read(job).await?;
        console.guard.admit_code(console.portal.core(), user_id, device, machine).await
    }

    /// The second step, in the transaction of what it is for. A recovery code that was used, and a code that is wrong, are
    /// noted: whoever gives one has the password.
    pub fn pass(
        &self,
        tx: &mut Tx<'_>,
        core: &Core,
        by: &By,
        Now { portal: now, machine }: Now,
    ) -> portal::Result<Step> {
        let step = factor::pass(tx, &core.keys, self.user_id, self.code.as_deref(), machine)?;
        let action = match step {
            Step::Recovered => Action::FactorRecovered,
            Step::Wrong => Action::FactorRefused,
            Step::NotAsked | Step::Passed | Step::Missing => return Ok(step),
        };
        if step == Step::Recovered {
            notice::tell(tx, core, self.user_id, Notice::Recovered, now)?;
        }
        audit::note(tx, by, action, object(self.user_id), "", now)?;
        Ok(step)
    }
}

/// Signs a user in who passes the second step, and does what comes with it in the same transaction. Unless it is to be
/// remembered, the cookie ends with the browser.
pub async fn begin(
    console: &Console,
    visit: &Visit,
    second: Second,
    remember: bool,
    also: impl Fn(&mut Tx<'_>, &By, Moment) -> portal::Result<()> + Send + 'static,
) -> portal::Result<Result<Begun, Step>> {
    let (core, token, machine) = (console.portal.core().clone(), session::token(), clock::machine());
    let lifetime = if remember { session::LIFETIME } else { session::SHORT_LIFETIME };
    let (address, agent) = (visit.origin.address.to_string(), visit.agent.clone());
    let user_id = second.user_id;
    let (stored, new) = (token.clone(), NewSession { user_id, address, agent, lifetime });
    let by = By { user_id: Some(user_id), address: Some(visit.origin.address) };
    let device = Device::of(visit);
    let renewed = device.clone();
    let job = move |tx: &mut Tx<'_>| {
        let now = core.current(tx)?.meta.clock.at(machine);
        let step = second.pass(tx, &core, &by, Now { portal: now, machine })?;
        if step.is_passed() {
            also(tx, &by, now)?;
            session::create(tx, &core, &new, &stored, now)?;
            renewed.remember(tx, &core.keys, user_id, now)?;
        }
        Ok::<_, portal::Error>(step)
    };
    let step = console.portal.core().store.write(job).await?;
    if !step.is_passed() {
        return Ok(Err(step));
    }
    tracing::info!(user = user_id, address = %visit.origin.address, "signed in");
    let cookie = visit.cookie(SESSION, &token, remember.then_some(lifetime));
    Ok(Ok(Begun { token, cookies: [cookie, device.cookie(visit)] }))
}

/// The browser of a visit, on its way to being remembered under a new token.
#[derive(Clone)]
pub struct Device {
    before: Option<String>,
    token: String,
}

impl Device {
    /// Makes the new token.
    pub fn of(visit: &Visit) -> Self {
        Device { before: visit.device.clone(), token: session::token() }
    }

    /// Remembers that the user signed in with it.
    pub fn remember(&self, tx: &mut Tx<'_>, keys: &Keys, user_id: i64, now: Moment) -> portal::Result<()> {
        device::remember(tx, keys, user_id, self.before.as_deref(), &self.token, now)
    }

    /// The value of `Set-Cookie` that holds the token.
    pub fn cookie(&self, visit: &Visit) -> HeaderValue {
        visit.cookie(DEVICE, &self.token, Some(device::LIFETIME))
    }
}

/// Whether a browser may try a password of that account; too many tries are slowed down.
pub async fn may_try(console: &Console, visit: &Visit, email: &str) -> portal::Result<bool> {
    // Tries are forgotten by the machine's clock, so that a portal whose clock stands can be entered.
    let Now { portal: now, machine } = clock::both(console.portal.core());
    if let Some(token) = visit.device.clone() {
        let (core, email) = (console.portal.core().clone(), email.to_owned());
        let job = move |tx: &mut Tx<'_>| device::find(tx, &core.keys, &token, &email, now);
        if let Some(known) = console.portal.core().store.read(job).await? {
            return console.guard.admit_known(console.portal.core(), known, machine).await;
        }
    }
    console.guard.admit(console.portal.core(), visit.origin.address, email, machine).await
}

#[cfg(test)]
mod tests {
    use portal::Portal;
    use portal::files::Blobs;
    use portal::settings::Settings;
    use store::{Options, block_on};

    use super::*;

    /// By the guards of two nodes in turn, where there can be two.
    #[test]
    fn guessing_is_slowed_down_by_address_and_by_account() {
        for bed in testkit::engines() {
            let (now, keys, settings) =
                (Moment(0), Keys::derive(&[7; 32]), Settings::new("https://portal.test"));
            let opened =
                Portal::open(&bed.location, &Options::default(), keys, settings, Blobs::in_memory(), now);
            let portal = opened.unwrap();
            let (core, one) = (portal.core(), Guard::default());
            let other = core.store.is_shared().then(Guard::default);
            let guard = |number: usize| other.as_ref().filter(|_| number % 2 == 1).unwrap_or(&one);
            let admit = |number: usize, from: IpAddr, email: &str| {
                block_on(guard(number).admit(core, from, email, now)).unwrap()
            };
            let address = |text: &str| text.parse::<IpAddr>().unwrap();
            let tries = |from: &dyn Fn(usize) -> IpAddr, email: &dyn Fn(usize) -> String| {
                (0..100).take_while(|number| admit(*number, from(*number), &email(*number))).count()
            };
            let ada = |_: usize| "ada@example.com".to_owned();
            assert_eq!(tries(&|_| address("10.0.0.1"), &ada), 10, "{}", bed.engine);
            assert!(!admit(0, address("10.0.0.1"), "ADA@example.com"));
            assert!(admit(0, address("10.0.0.2"), "ada@example.com"), "nobody is locked out elsewhere");
            let everywhere = |number: usize| address(&format!("10.0.1.{number}"));
            assert_eq!(tries(&everywhere, &ada), 60 - 11, "not even with many addresses");
            let known = |number: &usize| block_on(guard(*number).admit_known(core, [7; 32], now)).unwrap();
            assert_eq!(
                (0..100).take_while(known).count(),
                10,
                "a browser that is known has tries of its own"
            );
            for device in [None, Some([7; 32])] {
                let code =
                    |number: &usize| block_on(guard(*number).admit_code(core, 1, device, now)).unwrap();
                assert_eq!((0..100).take_while(code).count(), 10, "of codes, too");
            }
            let one_network = |number: usize| address(&format!("2001:db8::{number}"));
            assert_eq!(tries(&one_network, &|number| format!("{number}@example.com")), 30);
            assert!(admit(0, address("2001:db8:0:1::1"), "0@example.com"));
        }
    }
}
