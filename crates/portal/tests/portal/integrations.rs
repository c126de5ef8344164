//! Integrations: whose they are, what saving one does to secrets, and the list.

#![allow(clippy::unwrap_used)]

use portal::audit::{self, Action};
use portal::hooks;
use portal::integration::scenario::{IN_HOOK, OUT_HOOK};
use portal::integration::{
    self, EditContext, Filter, Fresh, Input, Integration, Kind, SaveOptions, Shown, Sort, State,
};
use portal::outbound::listen;
use portal::outbound::manage::Actor;
use portal::settings::{Licence, Settings};
use portal::{Error, Moment, user};
use serde_json::json;
use store::Tx;
use testportal::{Bench, Hook, NOW, context, input, named, portals, portals_with};

const NOW_MOMENT: Moment = Moment(NOW * 1_000_000);
const ADMIN: Actor = Actor { user_id: 1, is_admin: true };

/// What these tests do with a portal.
trait Integrations {
    fn try_create(&self, actor: Actor, input: Input) -> Result<i64, Error>;
    fn try_update(&self, actor: Actor, id: i64, input: Input, options: SaveOptions) -> Result<(), Error>;
    fn try_delete(&self, actor: Actor, id: i64) -> Result<(), Error>;
    fn shown(&self, actor: Actor, id: i64) -> Result<Shown, Error>;
    fn one(&self, id: i64) -> Option<Integration>;
    fn page(&self, filter: Filter) -> (Vec<i64>, i64);
}

impl Integrations for Bench {
    fn try_create(&self, actor: Actor, input: Input) -> Result<i64, Error> {
        let (core, fresh) = (self.portal.core().clone(), Fresh::random());
        let job = move |tx: &mut Tx<'_>| {
            integration::create(tx, EditContext { actor, ..context(&core, 1, NOW_MOMENT) }, &input, &fresh)
        };
        self.portal.core().store.write(job).wait()
    }

    fn try_update(&self, actor: Actor, id: i64, input: Input, options: SaveOptions) -> Result<(), Error> {
        let (core, fresh) = (self.portal.core().clone(), Fresh::random());
        let job = move |tx: &mut Tx<'_>| {
            integration::update(
                tx,
                EditContext { actor, ..context(&core, 1, NOW_MOMENT) },
                id,
                &input,
                options,
                &fresh,
            )
        };
        self.portal.core().store.write(job).wait()
    }

    fn try_delete(&self, actor: Actor, id: i64) -> Result<(), Error> {
        let core = self.portal.core().clone();
        let job = move |tx: &mut Tx<'_>| {
            integration::delete(tx, EditContext { actor, ..context(&core, 1, NOW_MOMENT) }, id)
        };
        self.portal.core().store.write(job).wait()
    }

    fn shown(&self, actor: Actor, id: i64) -> Result<Shown, Error> {
        let core = self.portal.core().clone();
        let job = move |tx: &mut Tx<'_>| {
            integration::reveal(
                tx,
                EditContext { actor, ..context(&core, 1, NOW_MOMENT) },
                id,
                integration::Wanted::All,
                Action::SecretShown,
            )
        };
        self.portal.core().store.write(job).wait()
    }

    fn one(&self, id: i64) -> Option<Integration> {
        self.read(move |tx| integration::find(tx, id))
    }

    fn page(&self, filter: Filter) -> (Vec<i64>, i64) {
        let keys = self.portal.core().keys.clone();
        let (rows, total) = self.read(move |tx| integration::page(tx, &keys, &filter, 0, 20, NOW_MOMENT));
        (rows.iter().map(|row| row.id).collect(), total)
    }
}

/// An integration with both parts.
fn both(scopes: &str, events: &[&str]) -> Input {
    let scopes = scopes.split(',').map(str::to_owned).collect();
    let inbound = Some(hooks::Input { scopes, ..hooks::Input::default() });
    Input { inbound, outbound: Some(input(events)), ..named(IN_HOOK) }
}

/// An employee, and what reaches the portal by an integration's URL.
fn employee(portal: &Bench) -> Actor {
    Actor { user_id: portal.employee("bo@portal.test", "crm").user, is_admin: false }
}

fn by_url(portal: &Bench, shown: &Shown) -> Hook {
    portal.with(shown.user_id, shown.secret.clone().unwrap())
}

fn refusal<T: std::fmt::Debug>(outcome: Result<T, Error>) -> (u16, String) {
    let fault = outcome.unwrap_err().into_fault();
    (fault.status, fault.code.into_owned())
}

#[test]
fn an_administrator_who_saves_anothers_takes_it_over() {
    for portal in portals("crm") {
        let owner = employee(&portal);
        let id = portal.try_create(owner, both("crm,task", &["ONCRMLEADADD"])).unwrap();
        let before = portal.shown(owner, id).unwrap();
        assert_eq!(
            refusal(portal.shown(ADMIN, id)),
            (403, "ACCESS_DENIED".into()),
            "not even administrators"
        );
        let old = by_url(&portal, &before);
        assert_eq!(old.get("profile", json!({}))["ID"], owner.user_id.to_string());

        let changed = both("crm", &["ONCRMLEADADD"]);
        let plain = portal.try_update(ADMIN, id, changed.clone(), SaveOptions::default());
        assert_eq!(refusal(plain), (409, "ERROR_TAKE_OVER".into()));
        assert_eq!(portal.shown(owner, id).unwrap(), before, "nothing has changed");
        let options = SaveOptions { take_over: true, ..SaveOptions::default() };
        portal.try_update(ADMIN, id, changed, options).unwrap();

        assert_eq!(old.refused("profile", json!({})).1, "INVALID_CREDENTIALS");
        let after = portal.shown(ADMIN, id).unwrap();
        assert_ne!(after.secret, before.secret);
        assert_eq!(after.user_id, 1);
        let (token, old_token) = (after.secrets.clone().unwrap(), before.secrets.clone().unwrap());
        assert_ne!(token.application_token, old_token.application_token);
        assert_ne!(token.signing_secret, old_token.signing_secret);
        let new = by_url(&portal, &after);
        assert_eq!(new.get("scope", json!({})), json!(["crm"]));
        assert_eq!(refusal(portal.shown(owner, id)), (403, "ACCESS_DENIED".into()));
        new.get("crm.lead.add", json!({"fields": {"TITLE": "told"}}));
        assert_eq!(portal.raised(portal.one(id).unwrap().outbound.unwrap().id).len(), 1);
        let noted = portal.read(|tx| audit::list(tx, &audit::Filter::default(), 2));
        let actions: Vec<_> = noted.iter().map(|entry| entry.action.as_str()).collect();
        assert_eq!(actions, ["secret.shown", "secret.renewed"]);
    }
}

#[test]
fn an_owners_save_keeps_the_secret_unless_it_is_to_be_renewed() {
    for portal in portals("crm") {
        let owner = employee(&portal);
        let id = portal.try_create(owner, both("crm", &["ONCRMLEADADD"])).unwrap();
        let before = portal.shown(owner, id).unwrap();
        portal.try_update(owner, id, both("task", &["ONCRMDEALADD"]), SaveOptions::default()).unwrap();
        assert_eq!(portal.shown(owner, id).unwrap(), before);
        assert_eq!(by_url(&portal, &before).get("scope", json!({})), json!(["task"]));
        let options = SaveOptions { renew_secret: true, ..SaveOptions::default() };
        portal.try_update(owner, id, both("crm", &["ONCRMLEADADD"]), options).unwrap();
        let after = portal.shown(owner, id).unwrap();
        assert_ne!(after.secret, before.secret);
        assert_eq!(after.secrets, before.secrets);
        assert_eq!(by_url(&portal, &before).refused("profile", json!({})).1, "INVALID_CREDENTIALS");
        by_url(&portal, &after).get("profile", json!({}));
        let options = SaveOptions { renew_token: true, ..SaveOptions::default() };
        portal.try_update(owner, id, both("crm", &["ONCRMLEADADD"]), options).unwrap();
        let told = portal.shown(owner, id).unwrap();
        assert_eq!(told.secret, after.secret, "the URL is kept");
        let [old, new] = [after, told].map(|shown| shown.secrets.unwrap());
        assert_ne!(new.application_token, old.application_token);
        assert_ne!(new.signing_secret, old.signing_secret);
        let noted = portal.read(|tx| audit::list(tx, &audit::Filter::default(), 2));
        assert_eq!(noted[1].action, "secret.renewed");
    }
}

#[test]
fn employees_have_their_own_alone() {
    for portal in portals("crm") {
        let owner = employee(&portal);
        let own = portal.try_create(owner, both("crm", &["ONCRMLEADADD"])).unwrap();
        let other = portal.try_create(ADMIN, both("crm", &["ONCRMLEADADD"])).unwrap();
        let denied = || (403, "ACCESS_DENIED".to_owned());
        let options = SaveOptions { take_over: true, ..SaveOptions::default() };
        assert_eq!(
            refusal(portal.try_update(owner, other, both("crm", &["ONCRMLEADADD"]), options)),
            denied()
        );
        assert_eq!(refusal(portal.try_delete(owner, other)), denied());
        assert_eq!(refusal(portal.shown(owner, other)), denied());
        let scenario = Input { scenario: "lead-add".into(), ..both("crm", &["ONCRMLEADADD"]) };
        assert_eq!(refusal(portal.try_create(owner, scenario.clone())), denied());
        let external = Input { scenario: "contact-sync".into(), ..scenario.clone() };
        assert_eq!(refusal(portal.try_create(owner, external)), denied());
        portal.try_create(ADMIN, scenario).unwrap();

        let mine = Filter { asker: owner.user_id, ..Filter::default() };
        assert!(portal.page(mine.clone()).0.contains(&own));
        assert!(!portal.page(mine.clone()).0.contains(&other));
        assert_eq!(portal.page(Filter { owner: Some(1), ..mine }).1, 0);
        portal.try_delete(ADMIN, own).unwrap();
        assert_eq!(portal.one(own), None);
    }
}

#[test]
fn deleting_one_deletes_all_of_it() {
    for portal in portals("crm") {
        let id = portal.try_create(ADMIN, both("crm", &["ONCRMLEADADD"])).unwrap();
        let (url, told) =
            (by_url(&portal, &portal.shown(ADMIN, id).unwrap()), portal.one(id).unwrap().outbound);
        portal.try_delete(ADMIN, id).unwrap();
        assert_eq!(url.refused("profile", json!({})).1, "INVALID_CREDENTIALS");
        portal.get("crm.lead.add", json!({"fields": {"TITLE": "untold"}}));
        assert_eq!(portal.raised(told.unwrap().id), []);
        assert_eq!(refusal(portal.try_delete(ADMIN, id)), (400, "ERROR_NOT_FOUND".into()));
    }
}

#[test]
fn parts_come_and_go() {
    for portal in portals("crm") {
        let whole = both("crm", &["ONCRMLEADADD"]);
        let id = portal.try_create(ADMIN, Input { outbound: None, ..whole.clone() }).unwrap();
        let options = SaveOptions::default();
        portal.try_update(ADMIN, id, whole.clone(), options).unwrap();
        let with = portal.one(id).unwrap();
        assert!(with.inbound.is_some() && with.outbound.is_some());
        portal.try_update(ADMIN, id, Input { inbound: None, ..whole.clone() }, options).unwrap();
        let without = portal.one(id).unwrap();
        assert_eq!((without.inbound, without.outbound), (None, with.outbound));
        let nothing = Input { inbound: None, outbound: None, ..whole };
        assert_eq!(refusal(portal.try_update(ADMIN, id, nothing, options)), (400, "ERROR_ARGUMENT".into()));
    }
}

#[test]
fn input_is_checked() {
    for portal in portals("crm") {
        let good = both("crm", &["ONCRMLEADADD"]);
        let scoped = |scope: &str| both(scope, &["ONCRMLEADADD"]);
        for (input, word) in [
            (Input { title: " ".into(), ..good.clone() }, "1 to 256"),
            (Input { title: "ü".repeat(257), ..good.clone() }, "1 to 256"),
            (Input { comment: "c".repeat(2001), ..good.clone() }, "2000"),
            (Input { scenario: "nonsense".into(), ..good.clone() }, "nonsense"),
            (Input { scenario: "bot-notify-staff".into(), ..good.clone() }, "bot"),
            (Input { scenario: "application".into(), ..good.clone() }, "application"),
            (scoped("crm,nonsense"), "nonsense"),
            (scoped("placement"), "placement"),
        ] {
            let fault = portal.try_create(ADMIN, input).unwrap_err().into_fault();
            assert_eq!((fault.status, &*fault.code), (400, "ERROR_ARGUMENT"));
            assert!(fault.message.contains(word), "{}", fault.message);
        }
        let mut far = good.clone();
        far.outbound.as_mut().unwrap().handler_url = format!("https://h.example/{}", "x".repeat(2048));
        assert_eq!(refusal(portal.try_create(ADMIN, far)), (400, "ERROR_WRONG_HANDLER_URL".into()));
        portal.try_create(ADMIN, Input { title: "ü".repeat(256), ..good }).unwrap();
    }
}

#[test]
fn without_a_licence_only_the_outbound_part_is_refused() {
    let settings = Settings { licence: Licence::Expired, ..Settings::new("https://portal.test") };
    for portal in portals_with("crm", settings) {
        let whole = both("crm", &["ONCRMLEADADD"]);
        assert_eq!(refusal(portal.try_create(ADMIN, whole.clone())), (403, "ACCESS_DENIED".into()));
        portal.try_create(ADMIN, Input { outbound: None, ..whole }).unwrap();
    }
}

#[test]
fn a_webhook_may_be_bound_to_networks_and_to_reading() {
    for portal in portals("crm") {
        let scopes = vec!["crm".to_owned()];
        let bound = |networks: &[&str], read_only| {
            let networks = networks.iter().map(|network| network.parse().unwrap()).collect();
            let inbound =
                hooks::Input { scopes: scopes.clone(), networks, read_only, ..hooks::Input::default() };
            let id = portal.try_create(ADMIN, Input { inbound: Some(inbound), ..named(IN_HOOK) }).unwrap();
            by_url(&portal, &portal.shown(ADMIN, id).unwrap())
        };
        let elsewhere = bound(&["10.0.0.0/8", "2001:db8::/32"], false);
        assert_eq!(elsewhere.refused("profile", json!({})).1, "INVALID_CREDENTIALS");
        elsewhere.from("10.1.2.3").get("profile", json!({}));
        elsewhere.from("::ffff:10.1.2.3").get("profile", json!({}));
        elsewhere.from("2001:db8::7").get("profile", json!({}));
        bound(&["127.0.0.1/32"], false).get("profile", json!({}));

        let reader = bound(&[], true);
        reader.get("crm.lead.list", json!({}));
        let refused = reader.refused("crm.lead.add", json!({"fields": {"TITLE": "no"}}));
        assert_eq!((refused.0, refused.1.as_str()), (401, "insufficient_scope"));
        let batch =
            reader.get("batch", json!({"cmd": {"w": "crm.lead.add?fields[TITLE]=x", "r": "crm.lead.list"}}));
        assert_eq!(batch["result_error"]["w"]["error"], "insufficient_scope");
        assert_eq!(batch["result"]["r"], json!([]));
        assert_eq!(reader.get("method.get", json!({"name": "crm.lead.add"}))["isAvailable"], false);
        assert_eq!(portal.get("crm.lead.list", json!({})), json!([]));
    }
}

#[test]
fn a_webhook_that_was_called_before_follows_every_change_at_once() {
    for portal in portals("crm,user") {
        let owner = employee(&portal);
        let id = portal.try_create(owner, both("crm", &["ONCRMLEADADD"])).unwrap();
        let url = by_url(&portal, &portal.shown(owner, id).unwrap());
        let code = || match url.ask("user.admin", json!({})) {
            Ok(is_admin) => is_admin.to_string(),
            Err(fault) => fault.code.into_owned(),
        };
        let zoned = || url.get("crm.lead.get", json!({"id": 1}))["DATE_CREATE"].to_string();
        let account = |of: fn(&mut Tx<'_>, i64, bool) -> portal::Result<bool>, yes| {
            portal.write(move |tx| of(tx, owner.user_id, yes))
        };
        let edited = |change: fn(&mut hooks::Input)| {
            let mut input = portal.one(id).unwrap().input();
            change(input.inbound.as_mut().unwrap());
            portal.try_update(owner, id, input, SaveOptions::default()).unwrap();
        };
        url.get("crm.lead.add", json!({"fields": {"TITLE": "one"}}));
        assert_eq!((code(), zoned().contains("12:00:00+00:00")), ("false".to_owned(), true));

        account(user::set_admin, true);
        assert_eq!(code(), "true");
        account(user::set_admin, false);
        assert_eq!(code(), "false");
        account(user::set_active, false);
        assert_eq!(code(), "authorization_error");
        account(user::set_active, true);
        portal.get("user.update", json!({"ID": owner.user_id, "TIME_ZONE": "Asia/Tokyo"}));
        assert!(zoned().contains("21:00:00+09:00"), "{}", zoned());

        edited(|hook| hook.scopes = vec!["task".into()]);
        assert_eq!(url.refused("crm.lead.list", json!({})).1, "insufficient_scope");
        edited(|hook| hook.read_only = true);
        edited(|hook| hook.scopes = vec!["crm".into()]);
        assert_eq!(url.refused("crm.lead.add", json!({"fields": {}})).1, "insufficient_scope");
        edited(|hook| hook.networks = vec!["10.0.0.0/8".parse().unwrap()]);
        assert_eq!(
            (code(), url.from("10.1.1.1").get("user.admin", json!({}))),
            ("INVALID_CREDENTIALS".to_owned(), json!(false))
        );
        edited(|hook| (hook.networks, hook.expires) = (Vec::new(), Some(NOW)));
        assert_eq!(
            (code(), url.at(NOW - 1).get("user.admin", json!({}))),
            ("INVALID_CREDENTIALS".to_owned(), json!(false))
        );
        edited(|hook| hook.expires = None);
        assert_eq!(code(), "false");
        let core = portal.portal.core().clone();
        portal.write(move |tx| {
            integration::set_active(tx, context(&core, owner.user_id, NOW_MOMENT), id, false)
        });
        assert_eq!(code(), "INVALID_CREDENTIALS");
        let core = portal.portal.core().clone();
        portal.write(move |tx| {
            integration::set_active(tx, context(&core, owner.user_id, NOW_MOMENT), id, true)
        });
        assert_eq!(code(), "false");
        portal
            .try_update(
                owner,
                id,
                portal.one(id).unwrap().input(),
                SaveOptions { renew_secret: true, ..SaveOptions::default() },
            )
            .unwrap();
        assert_eq!(code(), "INVALID_CREDENTIALS");
        let again = by_url(&portal, &portal.shown(owner, id).unwrap());
        again.get("user.admin", json!({}));
        portal.try_delete(owner, id).unwrap();
        assert_eq!(again.refused("user.admin", json!({})).1, "INVALID_CREDENTIALS");
    }
}

#[test]
fn the_list_is_searched_filtered_and_sorted() {
    for portal in portals("crm") {
        let owner = employee(&portal);
        let told = |title: &str, events: &[&str]| Input {
            title: title.into(),
            outbound: Some(input(events)),
            ..named(OUT_HOOK)
        };
        let sales = portal.try_create(ADMIN, told("Übergabe 50%", &["ONCRMLEADADD"])).unwrap();
        let stock = portal.try_create(ADMIN, both("crm,user_basic", &["ONCRMDEALADD"])).unwrap();
        let late = {
            let inbound = hooks::Input { expires: Some(NOW), ..hooks::Input::default() };
            portal.try_create(owner, Input { inbound: Some(inbound), ..named(IN_HOOK) }).unwrap()
        };
        let off = portal.try_create(owner, told("off", &["ONCRMLEADADD"])).unwrap();
        let core = portal.portal.core().clone();
        portal.write(move |tx| {
            integration::set_active(tx, context(&core, owner.user_id, NOW_MOMENT), off, false)
        });

        let all = Filter { asker: 1, sees_all: true, ..Filter::default() };
        let found = |filter: Filter| portal.page(filter).0;
        let search = |text: &str| found(Filter { search: Some(text.into()), ..all.clone() });
        assert_eq!(search("übergabe 50%"), [sales]);
        assert_eq!(search("50_"), Vec::<i64>::new());
        assert_eq!(search("user_basic"), [stock]);
        assert_eq!(search("crmdeal"), [stock]);
        assert_eq!(search("handler.example ONCRMLEADADD"), [sales, off]);
        assert!(search(&late.to_string()).contains(&late));
        let secret = portal.shown(ADMIN, stock).unwrap().secret.unwrap();
        assert_eq!(search(&format!("https://portal.test/rest/1/{}/", secret.reveal())), [stock]);
        assert_eq!(search(secret.reveal()), [stock]);
        let theirs = portal.shown(owner, late).unwrap().secret.unwrap();
        let url = format!("/rest/{}/{}/", owner.user_id, theirs.reveal());
        assert_eq!(search(&url), [late]);
        let from_others =
            Filter { asker: owner.user_id, search: Some(secret.reveal().into()), ..Filter::default() };
        assert_eq!(found(from_others), Vec::<i64>::new());

        assert_eq!(found(Filter { kind: Some(Kind::Both), ..all.clone() }), [stock]);
        assert_eq!(found(Filter { kind: Some(Kind::Out), ..all.clone() }), [sales, off]);
        assert_eq!(found(Filter { scope: Some("user_basic".into()), ..all.clone() }), [stock]);
        assert_eq!(found(Filter { scope: Some("user".into()), ..all.clone() }), Vec::<i64>::new());
        assert_eq!(found(Filter { event: Some("ONCRMLEADADD".into()), ..all.clone() }), [sales, off]);
        assert_eq!(found(Filter { state: Some(State::Expired), ..all.clone() }), [late]);
        assert_eq!(found(Filter { state: Some(State::Paused), ..all.clone() }), [off]);
        let owned = Filter { owner: Some(owner.user_id), ..all.clone() };
        let by_title = Filter { sort: Sort::Title, descending: true, ..owned.clone() };
        assert_eq!(found(by_title).last(), Some(&off));
        let by_state = Filter { sort: Sort::State, descending: true, ..owned };
        assert_eq!(found(by_state)[..2], [late, off]);
        for sort in Sort::ALL {
            assert_eq!(portal.page(Filter { sort, ..all.clone() }).1, 6);
        }
        portal.write(move |tx| portal::user::set_active(tx, owner.user_id, false));
        assert!(found(Filter { state: Some(State::Dismissed), ..all }).contains(&late));
    }
}

#[test]
fn a_listener_is_seen_and_left_alone() {
    for portal in portals("crm") {
        let core = portal.portal.core().clone();
        let secrets = Fresh::random().secrets;
        let listening = portal.write(move |tx| {
            listen::open(tx, &core, 1, vec!["ONCRMLEADADD".into()], &secrets, NOW_MOMENT, NOW_MOMENT)
        });
        let whole = portal.read(move |tx| integration::of_outbound(tx, listening)).unwrap();
        let changed = portal.try_update(ADMIN, whole.id, whole.input(), SaveOptions::default());
        assert_eq!(refusal(changed), (409, "ERROR_LISTENS".into()));
        portal.write(move |tx| listen::close(tx, listening));
        assert_eq!(portal.one(whole.id), None);
    }
}
