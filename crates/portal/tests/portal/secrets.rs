//! Secrets of webhooks, and of what stands before them: sign-in addresses, browsers, the audit log.

#![allow(clippy::unwrap_used)]

use portal::audit::{self, Action, By};
use portal::integration::{self, EditContext, Fresh, Integration, SaveOptions, Shown, Wanted};
use portal::outbound::manage::Actor;
use portal::settings::Settings;
use portal::user::{self, Hashed, NewUser, device, people, welcome};
use portal::{Error, Moment};
use serde_json::json;
use store::Tx;

use testportal::{Bench, NOW, context, input, named, portals, portals_with};

const NOW_MOMENT: Moment = Moment(NOW * 1_000_000);

/// Sets a user's password by a link that somebody made.
fn reset(portal: &Bench, user: i64, by: By, password: &Hashed) {
    let (core, code, password) = (portal.portal.core().clone(), welcome::code(), password.clone());
    portal.write(move |tx| {
        people::link(tx, &core.keys, &by, user, &code, NOW_MOMENT)?;
        welcome::accept(tx, &core.keys, &code, &password, NOW_MOMENT).map(drop)
    });
}

fn shown(portal: &Bench, user: i64, id: i64, wanted: Wanted) -> Result<Shown, (u16, String, String)> {
    let core = portal.portal.core().clone();
    let job = move |tx: &mut Tx<'_>| {
        integration::reveal(tx, context(&core, user, NOW_MOMENT), id, wanted, Action::SecretShown)
    };
    let shown: Result<Shown, Error> = portal.portal.core().store.write(job).wait();
    shown.map_err(|error| {
        let fault = error.into_fault();
        (fault.status, fault.code.into_owned(), fault.message.into_owned())
    })
}

fn save(portal: &Bench, user: i64, id: i64, change: fn(&mut integration::Input), options: SaveOptions) {
    let (core, fresh) = (portal.portal.core().clone(), Fresh::random());
    portal.write(move |tx| {
        let mut input = integration::find(tx, id)?.unwrap().input();
        change(&mut input);
        integration::update(tx, context(&core, user, NOW_MOMENT), id, &input, options, &fresh)
    });
}

fn of_outbound(portal: &Bench, outbound: i64) -> Integration {
    portal.read(move |tx| integration::of_outbound(tx, outbound)).unwrap()
}

#[test]
fn secrets_of_before_are_not_shown_after_a_reset_by_somebody_else() {
    let password = Hashed::new("another password");
    for portal in portals("crm") {
        let ada = portal.employee("ada@example.com", "crm").user;
        let told = portal.both(ada, "crm", &["ONCRMLEADADD"]);
        let id = of_outbound(&portal, told).id;
        let before = shown(&portal, ada, id, Wanted::All).unwrap();
        let works = || {
            let hook = portal.with(ada, before.secret.clone().unwrap());
            hook.get("profile", json!({}))["ID"] == json!(ada.to_string())
        };

        reset(&portal, ada, By { user_id: Some(ada), address: None }, &password);
        reset(&portal, ada, By::OPERATOR, &password);
        assert_eq!(
            shown(&portal, ada, id, Wanted::All).unwrap(),
            before,
            "one's own link, and the operator's"
        );

        reset(&portal, ada, By { user_id: Some(1), address: None }, &password);
        for wanted in [Wanted::All, Wanted::Inbound, Wanted::Outbound] {
            let (status, code, text) = shown(&portal, ada, id, wanted).unwrap_err();
            assert_eq!((status, code.as_str()), (409, "ERROR_SECRET_HIDDEN"), "{}", portal.engine);
            assert!(text.contains("reset by Ada Berg") && text.contains("generate a new one"), "{text}");
        }
        assert!(works(), "they are not shown, and work");
        assert_eq!(of_outbound(&portal, told).hidden_by(), Some(1));

        save(&portal, ada, id, |_| {}, SaveOptions { renew_secret: true, ..SaveOptions::default() });
        let half = shown(&portal, ada, id, Wanted::All).unwrap();
        assert!(half.secret.is_some() && half.secret != before.secret && half.secrets.is_none());
        assert_eq!(shown(&portal, ada, id, Wanted::Outbound).unwrap_err().1, "ERROR_SECRET_HIDDEN");
        save(&portal, ada, id, |_| {}, SaveOptions { renew_token: true, ..SaveOptions::default() });
        let whole = shown(&portal, ada, id, Wanted::All).unwrap();
        assert!(whole.secrets.is_some() && whole.secrets != before.secrets);
        assert_eq!(of_outbound(&portal, told).hidden_by(), None);
    }
}

/// Every delivery carries the token: who may not see it may not have it sent elsewhere, either.
#[test]
fn a_hidden_token_goes_to_no_other_handler() {
    let password = Hashed::new("another password");
    for portal in portals("crm") {
        let ada = portal.employee("ada@example.com", "crm").user;
        let told = portal.try_told(ada, input(&["ONCRMLEADADD"])).unwrap();
        let id = of_outbound(&portal, told).id;
        let before = shown(&portal, ada, id, Wanted::All).unwrap().secrets;
        reset(&portal, ada, By { user_id: Some(1), address: None }, &password);
        save(&portal, ada, id, |input| input.comment = "the same handler".into(), SaveOptions::default());
        assert_eq!(shown(&portal, ada, id, Wanted::All).unwrap_err().1, "ERROR_SECRET_HIDDEN");
        let elsewhere = |input: &mut integration::Input| {
            input.outbound.as_mut().unwrap().handler_url = "https://elsewhere.example/".into();
        };
        save(&portal, ada, id, elsewhere, SaveOptions::default());
        assert_ne!(shown(&portal, ada, id, Wanted::All).unwrap().secrets, before, "{}", portal.engine);
    }
}

#[test]
fn an_employee_has_so_many_outbound_webhooks_and_no_more() {
    let settings = Settings { outbound_per_employee: 2, ..Settings::new("https://portal.test") };
    for portal in portals_with("crm", settings) {
        let ada = portal.employee("ada@example.com", "crm").user;
        let create = |actor: Actor, outbound: bool| {
            let (core, fresh) = (portal.portal.core().clone(), Fresh::random());
            let told = outbound.then(|| input(&["ONCRMLEADADD"]));
            let inbound = Some(portal::hooks::Input::default());
            let input = integration::Input { outbound: told, inbound, ..named("in-hook") };
            let job = move |tx: &mut Tx<'_>| {
                integration::create(
                    tx,
                    EditContext { actor, ..context(&core, actor.user_id, NOW_MOMENT) },
                    &input,
                    &fresh,
                )
            };
            let made: Result<i64, Error> = portal.portal.core().store.write(job).wait();
            made.map_err(|error| error.into_fault().code.into_owned())
        };
        let employee = Actor { user_id: ada, is_admin: false };
        let plain = create(employee, false).unwrap();
        create(employee, true).unwrap();
        create(employee, true).unwrap();
        let too_many = Err("ERROR_TOO_MANY".to_owned());
        assert_eq!(create(employee, true), too_many, "{}", portal.engine);
        create(employee, false).expect("inbound webhooks are not counted");
        let (core, fresh) = (portal.portal.core().clone(), Fresh::random());
        let job = move |tx: &mut Tx<'_>| {
            let mut changed = integration::find(tx, plain)?.unwrap().input();
            changed.outbound = Some(input(&["ONCRMLEADADD"]));
            integration::update(
                tx,
                context(&core, ada, NOW_MOMENT),
                plain,
                &changed,
                SaveOptions::default(),
                &fresh,
            )
        };
        let added: Result<(), Error> = portal.portal.core().store.write(job).wait();
        assert_eq!(added.unwrap_err().into_fault().code, "ERROR_TOO_MANY", "nor by adding a part");
        let admin = Actor { user_id: 1, is_admin: true };
        (0..4).for_each(|_| _ = create(admin, true).unwrap());
    }
}

#[test]
fn a_webhook_leaves_its_owners_sign_in_address_alone() {
    for portal in portals("user") {
        let otto = portal.employee("otto@example.com", "user");
        for (hook, user) in [(&*portal, 1), (&otto, otto.user)] {
            let refused = hook.refused("user.update", json!({"ID": user, "EMAIL": "stolen@example.com"}));
            assert_eq!((refused.0, refused.1.as_str()), (400, "ERROR_CORE"), "{}", portal.engine);
            let batch = hook
                .get("batch", json!({"cmd": [format!("user.update?ID={user}&EMAIL=stolen@example.com")]}));
            assert_eq!(batch["result_error"][0]["error"], "ERROR_CORE", "{batch}");
        }
        // A program that writes back what it read disturbs nothing, and administrators keep others in step.
        portal.get("user.update", json!({"ID": 1, "EMAIL": "Admin@localhost", "NAME": "Ada"}));
        portal.get("user.update", json!({"ID": otto.user, "EMAIL": "otto@example.org"}));
        let emails = portal.read(user::list).into_iter().map(|user| user.email).collect::<Vec<_>>();
        assert_eq!(emails, ["admin@localhost", "otto@example.org"]);
    }
}

#[test]
fn what_a_webhook_does_to_users_is_noted_with_its_address() {
    for portal in portals("user") {
        let hook = portal.from("203.0.113.7");
        hook.get("user.add", json!({"EMAIL": "otto@example.com"}));
        hook.get("batch", json!({"cmd": ["user.update?ID=2&ACTIVE=N"]}));
        let noted = portal.read(|tx| audit::list(tx, &audit::Filter::default(), 3));
        let noted: Vec<_> = noted.iter().map(|one| (one.action.as_str(), one.address.as_str())).collect();
        let from = |action| (action, "203.0.113.7");
        assert_eq!(noted, ["user.dismissed", "user.changed", "user.added"].map(from), "{}", portal.engine);
    }
}

#[test]
fn a_browser_is_known_until_the_password_is_reset() {
    let password = Hashed::new("another password");
    for portal in portals("") {
        let otto = portal.employee("otto@example.com", "").user;
        let remember = |user: i64, before: Option<&'static str>, token: &'static str| {
            let core = portal.portal.core().clone();
            portal.write(move |tx| device::remember(tx, &core.keys, user, before, token, NOW_MOMENT));
        };
        let known = |token: &'static str, email: &'static str, seconds: i64| {
            let core = portal.portal.core().clone();
            let now = Moment((NOW + seconds) * 1_000_000);
            portal.read(move |tx| device::find(tx, &core.keys, token, email, now)).is_some()
        };
        remember(1, None, "first");
        remember(1, Some("first"), "second");
        remember(otto, Some("second"), "third");
        assert!(!known("first", "admin@localhost", 0), "{}: a token is renewed", portal.engine);
        assert!(known("second", "ADMIN@localhost ", 0) && known("third", "otto@example.com", 0));
        assert!(!known("second", "otto@example.com", 0) && !known("third", "admin@localhost", 0));
        assert!(!known("second", "admin@localhost", device::LIFETIME));
        let stored = portal.read(|tx| {
            Ok(tx.one("SELECT lookup FROM portal_device WHERE user_id = 1", &[], |row| {
                Ok(row.blob(0)?.to_vec())
            })?)
        });
        assert_ne!(stored.unwrap(), b"second");
        for token in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]
            .into_iter()
            .chain(["k", "l", "m", "n", "o", "p", "q", "r", "s", "t"])
        {
            remember(1, None, token);
        }
        assert!(!known("second", "admin@localhost", 0), "the latest ones are remembered");
        assert!(known("a", "admin@localhost", 0) && known("t", "admin@localhost", 0));
        let password = password.clone();
        portal.write(move |tx| user::set_password(tx, 1, &password));
        assert!(!known("t", "admin@localhost", 0));
        portal.write(move |tx| user::set_active(tx, otto, false));
        portal.write(move |tx| user::set_active(tx, otto, true));
        assert!(!known("third", "otto@example.com", 0), "a dismissal ends it");
    }
}

/// Whoever is new has no password yet, and is let in by an administrator's link.
#[test]
fn an_invited_person_sees_what_she_makes() {
    let password = Hashed::new("another password");
    for portal in portals("crm") {
        let (core, code, password) = (portal.portal.core().clone(), welcome::code(), password.clone());
        let by = By { user_id: Some(1), address: None };
        let ines = portal.write(move |tx| {
            let new = NewUser { email: "ines@example.com".into(), ..NewUser::default() };
            let id = people::invite(tx, &core.keys, &by, &new, "", &code, NOW_MOMENT)?;
            welcome::accept(tx, &core.keys, &code, &password, NOW_MOMENT)?;
            Ok(id)
        });
        let told = portal.both(ines, "crm", &["ONCRMLEADADD"]);
        let id = of_outbound(&portal, told).id;
        let shown = shown(&portal, ines, id, Wanted::All).unwrap();
        assert!(shown.secret.is_some() && shown.secrets.is_some());
    }
}

/// Old secrets go on being sent during an overlap: not those that their sender may not see, and not to another's handler.
#[test]
fn what_may_not_be_shown_does_not_overlap() {
    let password = Hashed::new("another password");
    let day = SaveOptions { renew_token: true, overlap: 86_400, ..SaveOptions::default() };
    for portal in portals("crm") {
        let ada = portal.employee("ada@example.com", "crm").user;
        let told = portal.try_told(ada, input(&["ONCRMLEADADD"])).unwrap();
        let id = of_outbound(&portal, told).id;
        let before = shown(&portal, ada, id, Wanted::All).unwrap().secrets;
        save(&portal, ada, id, |_| {}, day);
        let both = shown(&portal, ada, id, Wanted::All).unwrap();
        assert_eq!(both.old.map(|old| (Some(old.secrets), old.until)), Some((before, NOW + 86_400)));
        assert_ne!(both.secrets, None);

        reset(&portal, ada, By { user_id: Some(1), address: None }, &password);
        assert_eq!(shown(&portal, ada, id, Wanted::All).unwrap_err().1, "ERROR_SECRET_HIDDEN");
        let elsewhere = |input: &mut integration::Input| {
            input.outbound.as_mut().unwrap().handler_url = "https://elsewhere.example/".into();
        };
        save(&portal, ada, id, elsewhere, day);
        assert_eq!(
            shown(&portal, ada, id, Wanted::All).unwrap().old,
            None,
            "neither goes to another handler"
        );

        reset(&portal, ada, By { user_id: Some(1), address: None }, &password);
        let (core, fresh) = (portal.portal.core().clone(), Fresh::random());
        let refused = portal.portal.core().store.write(move |tx: &mut Tx<'_>| {
            let input = integration::find(tx, id)?.unwrap().input();
            integration::update(tx, context(&core, ada, NOW_MOMENT), id, &input, day, &fresh)
        });
        let fault = refused.wait().map_err(Error::into_fault).unwrap_err();
        assert_eq!((fault.status, &*fault.code), (409, "ERROR_SECRET_HIDDEN"), "{}", portal.engine);
    }
}
