//! Accounts, passwords and sign-ins: what the console and the command line use.

#![allow(clippy::unwrap_used, reason = "everything here is a test")]

use portal::user::session::NewSession;
use portal::user::{self, Hashed, NewUser, session};
use portal::{Error, Moment};

use testportal::{Hook, NOW, portals};

fn new(email: &str) -> NewUser {
    NewUser { email: email.to_owned(), ..NewUser::default() }
}

fn at(seconds: i64) -> Moment {
    Moment(seconds * 1_000_000)
}

#[test]
fn the_first_user_is_number_one_and_addresses_are_unique() {
    for portal in portals("") {
        assert_eq!(portal.user, 1);
        let job = |tx: &mut store::Tx<'_>| user::create(tx, &new("ADMIN@localhost"), at(NOW));
        let refused: Result<i64, Error> = portal.portal.core().store.write(job).wait();
        assert_eq!(refused.unwrap_err().into_fault().message, "A user with this email already exists");
        let otto = portal.write(|tx| user::create(tx, &new(" Otto@example.com"), at(NOW)));
        let all = portal.read(user::list);
        assert_eq!(
            all.iter().map(|user| user.email.as_str()).collect::<Vec<_>>(),
            ["admin@localhost", "otto@example.com"]
        );
        assert_eq!(
            portal.read(|tx| user::find_by_email(tx, "OTTO@example.com")),
            portal.read(move |tx| user::find(tx, otto))
        );
        assert!(all[0].is_admin && !all[1].is_admin && all[1].active);
        assert_eq!(portal.read(|tx| user::find(tx, 99)), None);
    }
}

#[test]
fn passwords_are_checked_for_the_active_only() {
    let (first, second) = (Hashed::new("first password"), Hashed::new("second password"));
    for portal in portals("") {
        let check = |email: &'static str, password: &str| {
            portal.read(move |tx| user::credentials(tx, email)).check(password)
        };
        assert_eq!(check("admin@localhost", "first password"), None);
        let (one, two) = (first.clone(), second.clone());
        portal.write(move |tx| user::set_password(tx, 1, &one));
        assert_eq!(check("Admin@localhost", "first password"), Some(1));
        assert_eq!(check("admin@localhost", "First password"), None);
        assert_eq!(check("nobody@localhost", "first password"), None);
        portal.write(move |tx| user::set_password(tx, 1, &two));
        assert_eq!(check("admin@localhost", "first password"), None);
        assert_eq!(check("admin@localhost", "second password"), Some(1));
        let boss = NewUser { is_admin: true, ..new("boss@example.com") };
        portal.write(move |tx| user::create(tx, &boss, at(NOW)));
        assert!(portal.write(|tx| user::set_active(tx, 1, false)));
        assert_eq!(check("admin@localhost", "second password"), None);
        assert!(!portal.write(|tx| user::set_active(tx, 99, false)));
    }
}

fn find(portal: &Hook, token: &str, seconds: i64) -> Option<i64> {
    let (core, token) = (portal.portal.core().clone(), token.to_owned());
    let found = portal.read(move |tx| session::find(tx, &core.keys, &token, at(seconds)));
    found.map(|session| session.user_id)
}

fn sign_in(portal: &Hook) -> String {
    let (core, token) = (portal.portal.core().clone(), session::token());
    let given = token.clone();
    let new = NewSession {
        user_id: 1,
        address: "192.0.2.7".into(),
        agent: "Firefox".into(),
        lifetime: session::LIFETIME,
    };
    portal.write(move |tx| session::create(tx, &core, &new, &given, at(NOW)));
    token
}

#[test]
fn a_sign_in_lasts_its_time_and_no_longer() {
    for portal in portals("") {
        let token = sign_in(&portal);
        assert_eq!(token.len(), 32);
        assert_eq!(find(&portal, &token, NOW), Some(1));
        assert_eq!(find(&portal, &token, NOW + session::LIFETIME - 1), Some(1));
        assert_eq!(find(&portal, &token, NOW + session::LIFETIME), None);
        assert_eq!(find(&portal, "another token", NOW), None);
        portal.write(|tx| session::expire(tx, at(NOW + session::LIFETIME - 1)));
        assert_eq!(find(&portal, &token, NOW), Some(1));
        portal.write(|tx| session::expire(tx, at(NOW + session::LIFETIME)));
        assert_eq!(find(&portal, &token, NOW), None);
    }
}

#[test]
fn sign_ins_end_one_by_one_or_all_at_once() {
    let password = Hashed::new("a new one");
    for portal in portals("") {
        let (first, second) = (sign_in(&portal), sign_in(&portal));
        let listed = portal.read(|tx| session::list(tx, 1, at(NOW)));
        assert_eq!((listed.len(), listed[1].address.as_str()), (2, "192.0.2.7"));
        let ended = listed[1].id;
        assert!(!portal.write(move |tx| session::end(tx, 2, ended)), "another user's");
        assert!(portal.write(move |tx| session::end(tx, 1, ended)));
        assert_eq!((find(&portal, &first, NOW), find(&portal, &second, NOW)), (None, Some(1)));
        let boss = NewUser { is_admin: true, ..new("boss@example.com") };
        portal.write(move |tx| user::create(tx, &boss, at(NOW)));
        portal.write(|tx| user::set_active(tx, 1, false));
        portal.write(|tx| user::set_active(tx, 1, true));
        assert_eq!(find(&portal, &second, NOW), None);

        let (third, password) = (sign_in(&portal), password.clone());
        portal.write(move |tx| user::set_password(tx, 1, &password));
        assert_eq!(find(&portal, &third, NOW), None);
    }
}

#[test]
fn tokens_are_not_stored_as_they_are() {
    for portal in portals("") {
        let token = sign_in(&portal);
        let stored = portal.read(|tx| {
            Ok(tx.one("SELECT lookup FROM portal_session", &[], |row| Ok(row.blob(0)?.to_vec()))?)
        });
        assert_ne!(stored.unwrap(), token.as_bytes());
    }
}
