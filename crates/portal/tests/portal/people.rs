//! People as administrators look after them, links that let somebody in, and what is remembered of it.

#![allow(clippy::unwrap_used, reason = "everything here is a test")]

use portal::audit::{self, Action, By, Filter};
use portal::user::people::{self, Change, Search};
use portal::user::session::{self, NewSession};
use portal::user::{self, Hashed, NewUser, welcome};
use portal::{Error, Moment};
use wire::Fault;

use testportal::{Bench, NOW, portals};

const ADA: By = By { user_id: Some(1), address: None };

fn at(seconds: i64) -> Moment {
    Moment(seconds * 1_000_000)
}

fn invite(bench: &Bench, email: &str, is_admin: bool) -> (i64, String) {
    let (core, code) = (bench.portal.core().clone(), welcome::code());
    let new = NewUser { email: email.into(), name: "Ines".into(), is_admin, ..NewUser::default() };
    let given = code.clone();
    let id = bench.write(move |tx| people::invite(tx, &core.keys, &ADA, &new, "Sales", &given, at(NOW)));
    (id, code)
}

fn change(bench: &Bench, id: i64, wanted: Change) -> Result<(), Fault> {
    let job = move |tx: &mut store::Tx<'_>| people::change(tx, &ADA, id, &wanted, at(NOW));
    let changed: Result<(), Error> = bench.portal.core().store.write(job).wait();
    changed.map_err(Error::into_fault)
}

/// Action and object of what was noted about users, in order.
fn noted(bench: &Bench) -> Vec<(String, String)> {
    let mut entries = bench.read(|tx| audit::list(tx, &Filter::default(), 100));
    entries.reverse();
    let about_users = entries.into_iter().filter(|entry| entry.object.starts_with("user:"));
    about_users.map(|entry| (entry.action, entry.object)).collect()
}

#[test]
fn people_are_found_by_name_address_and_position() {
    for bench in portals("") {
        let (ines, _) = invite(&bench, "ines@example.com", false);
        let (otto, _) = invite(&bench, "otto_x@example.com", false);
        change(
            &bench,
            otto,
            Change { last_name: Some("Größer".into()), active: Some(false), ..Change::default() },
        )
        .unwrap();
        let found = |text: &str, active: Option<bool>| -> Vec<i64> {
            let search =
                Search { text: (!text.is_empty()).then(|| text.to_owned()), active, skip: 0, take: 10 };
            let (people, total) = bench.read(move |tx| people::search(tx, &search));
            assert_eq!(people.len() as i64, total);
            people.iter().map(|person| person.user.id).collect()
        };
        assert_eq!(found("", None), [1, ines, otto], "{}", bench.engine);
        assert_eq!(found("INES G", None), [otto], "over both names");
        assert_eq!(found("ines grösser", None), [] as [i64; 0], "ß is no ss");
        assert_eq!(found("ines größ", None), [otto]);
        assert_eq!(found("r_x@", None), [] as [i64; 0], "_ stands for itself");
        assert_eq!(found("o_x@", None), [otto]);
        assert_eq!(found("sale", Some(true)), [ines]);
        assert_eq!(found("", Some(false)), [otto]);
        let page = Search { skip: 1, take: 1, ..Search::default() };
        let (page, total) = bench.read(move |tx| people::search(tx, &page));
        assert_eq!((page[0].user.id, total), (ines, 3));
        assert_eq!(page[0].departments, [(1, "Company".to_owned())]);
        assert_eq!(page[0].position, "Sales");
    }
}

#[test]
fn a_link_works_once_and_for_its_time() {
    let password = Hashed::new("correct horse");
    for bench in portals("") {
        let (ines, code) = invite(&bench, "ines@example.com", false);
        let look = |code: &str, seconds: i64| {
            let (core, code) = (bench.portal.core().clone(), code.to_owned());
            let job = move |tx: &mut store::Tx<'_>| welcome::look(tx, &core.keys, &code, at(seconds));
            let found: Result<_, Error> = bench.portal.core().store.read(job).wait();
            found.map(|user| user.id).map_err(|error| error.into_fault().code.into_owned())
        };
        let gone = Err("ERROR_NOT_FOUND".to_owned());
        assert_eq!(look(&code, NOW), Ok(ines));
        assert_eq!(look(&code, NOW + welcome::LIFETIME), gone);
        assert_eq!(look("another code", NOW), gone);
        let (core, password, used) = (bench.portal.core().clone(), password.clone(), code.clone());
        bench.write(move |tx| welcome::accept(tx, &core.keys, &used, &password, at(NOW)));
        assert_eq!(look(&code, NOW), gone);
        assert_eq!(
            bench.read(|tx| user::credentials(tx, "ines@example.com")).check("correct horse"),
            Some(ines)
        );

        let new_link = |code: &str| {
            let (core, code) = (bench.portal.core().clone(), code.to_owned());
            bench.write(move |tx| people::link(tx, &core.keys, &ADA, ines, &code, at(NOW)));
        };
        let (first, second) = (welcome::code(), welcome::code());
        new_link(&first);
        new_link(&second);
        assert_eq!((look(&first, NOW), look(&second, NOW)), (gone.clone(), Ok(ines)), "the newest counts");
        change(&bench, ines, Change { active: Some(false), ..Change::default() }).unwrap();
        change(&bench, ines, Change { active: Some(true), ..Change::default() }).unwrap();
        assert_eq!(look(&second, NOW), gone, "a dismissal ends it");
    }
}

#[test]
fn somebody_is_left_who_may_do_everything() {
    for bench in portals("user") {
        let refused = |change: Result<(), Fault>| {
            let fault = change.unwrap_err();
            assert_eq!((fault.status, &*fault.code), (409, "ERROR_LAST_ADMINISTRATOR"));
        };
        let demote = Change { is_admin: Some(false), ..Change::default() };
        let dismiss = Change { active: Some(false), ..Change::default() };
        refused(change(&bench, 1, demote.clone()));
        refused(change(&bench, 1, dismiss.clone()));
        let by_rest = bench.refused("user.update", serde_json::json!({"ID": 1, "ACTIVE": "N"}));
        assert_eq!(by_rest.1, "ERROR_LAST_ADMINISTRATOR");
        let (second, _) = invite(&bench, "second@example.com", true);
        change(&bench, second, dismiss.clone()).unwrap();
        refused(change(&bench, 1, dismiss.clone()));
        change(&bench, second, Change { active: Some(true), ..Change::default() }).unwrap();
        change(&bench, 1, demote).unwrap();
        refused(change(&bench, second, dismiss));
    }
}

#[test]
fn what_is_done_is_noted() {
    for bench in portals("") {
        let (ines, _) = invite(&bench, "ines@example.com", false);
        let position = Change { position: Some("Head of sales".into()), ..Change::default() };
        change(&bench, ines, position.clone()).unwrap();
        change(&bench, ines, Change { is_admin: Some(true), active: Some(true), ..Change::default() })
            .unwrap();
        let taken = Change { email: Some("ADMIN@localhost".into()), ..Change::default() };
        let fault = change(&bench, ines, taken).unwrap_err();
        assert_eq!(fault.extra.get("argument").and_then(wire::Value::as_str), Some("email"));
        change(&bench, ines, Change { is_admin: Some(false), active: Some(false), ..Change::default() })
            .unwrap();
        let object = format!("user:{ines}");
        let wanted = [
            Action::UserAdded,
            Action::UserChanged,
            Action::UserPromoted,
            Action::UserDemoted,
            Action::UserDismissed,
        ];
        let wanted: Vec<_> = wanted.iter().map(|action| (action.code().to_owned(), object.clone())).collect();
        assert_eq!(noted(&bench), wanted);
        let one = |filter: Filter| bench.read(move |tx| audit::list(tx, &filter, 2));
        let last = one(Filter::default());
        assert_eq!((last.len(), last[0].user.clone()), (2, Some((1, "Ada Berg".to_owned()))));
        let earlier = one(Filter { before: Some(last[1].id), ..Filter::default() });
        assert_eq!(earlier[0].action, "user.promoted");
        let added = one(Filter { action: Some("user.added".into()), user_id: Some(1), ..Filter::default() });
        assert_eq!((added.len(), added[0].detail.as_str()), (1, "ines@example.com"));
        assert!(one(Filter { user_id: Some(2), ..Filter::default() }).is_empty());
    }
}

#[test]
fn a_changed_password_ends_other_sign_ins() {
    let password = Hashed::new("another password");
    for bench in portals("") {
        let begin = |token: &str| {
            let (core, token) = (bench.portal.core().clone(), token.to_owned());
            let new = NewSession { user_id: 1, address: String::new(), agent: "x".repeat(9000), lifetime: 9 };
            bench.write(move |tx| session::create(tx, &core, &new, &token, at(NOW)));
        };
        let find = |token: &'static str| {
            let core = bench.portal.core().clone();
            bench.read(move |tx| session::find(tx, &core.keys, token, at(NOW)))
        };
        begin("here");
        begin("elsewhere");
        let (here, password, core) = (find("here").unwrap(), password.clone(), bench.portal.core().clone());
        bench.write(move |tx| user::change_password(tx, &core.keys, &password, here, "anew"));
        assert_eq!((find("anew"), find("here"), find("elsewhere")), (Some(here), None, None));
        assert!(bench.read(|tx| user::credentials_of(tx, 1)).check("another password").is_some());
        assert!(bench.read(|tx| user::credentials_of(tx, 99)).check("another password").is_none());
        assert_eq!(bench.read(|tx| session::list(tx, 1, at(NOW)))[0].agent.len(), 300);
    }
}
