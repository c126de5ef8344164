//! A portal of before integrations, brought up to date.

#![allow(clippy::unwrap_used)]

use std::net::{IpAddr, Ipv4Addr};

use portal::files::Blobs;
use portal::hooks::Secret;
use portal::integration::{self, scenario};
use portal::keys::Keys;
use portal::outbound::find;
use portal::outbound::queue::{self, Lane, Lease, Want};
use portal::settings::Settings;
use portal::{Moment, Portal, Request};
use store::{Migration, Options, Store, Tx};
use testportal::NOW;
use wire::Map;

/// The history up to integrations; a step that was released never changes.
const BEFORE: [Migration; 2] = [
    Migration { version: 1, name: "foundation", sql: include_str!("../../migrations/0001_foundation.sql") },
    Migration { version: 2, name: "outbound", sql: include_str!("../../migrations/0002_outbound.sql") },
];

/// Two users; inbound webhooks 3 and 7, and an outbound one, 2.
fn fill(tx: &mut Tx<'_>, keys: &Keys) -> Result<(), store::Error> {
    for email in ["ada@portal.test", "bo@portal.test"] {
        tx.insert("INSERT INTO portal_user (active, is_admin, email) VALUES ('Y', 1, ?)", &[email.into()])?;
    }
    for (id, user, secret) in [(3, 1, "third"), (7, 2, "seventh")] {
        let (lookup, sealed) = (keys.lookup(user, secret), keys.seal(user, secret));
        let sql = "INSERT INTO hook (id, user_id, title, comment, lookup, sealed, scopes, active, created) \
                   VALUES (?, ?, ?, 'why', ?, ?, 'crm', 'Y', 12)";
        let params = [
            i64::from(id).into(),
            user.into(),
            secret.into(),
            lookup.as_slice().into(),
            sealed.as_slice().into(),
        ];
        tx.execute(sql, &params)?;
    }
    let [token, signing] = ["token", "whsec_c2lnbmluZw=="].map(|secret| keys.seal(2, secret));
    let sql = "INSERT INTO outbound (id, user_id, title, comment, handler_url, token, signing, retries, ordered, active, created) \
               VALUES (2, 2, 'told', '', 'https://h.example/', ?, ?, 'once', 'N', 'Y', 13)";
    tx.execute(sql, &[token.as_slice().into(), signing.as_slice().into()])?;
    tx.execute("INSERT INTO outbound_event (outbound_id, event) VALUES (2, 'ONCRMLEADADD')", &[])?;
    Ok(())
}

#[test]
fn webhooks_become_parts_of_integrations_and_work_on() {
    for bed in testkit::engines() {
        let keys = Keys::derive(&[7; 32]);
        let store = Store::open(&bed.location, &Options::default(), &BEFORE).unwrap();
        let filling = keys.clone();
        store.write(move |tx: &mut Tx<'_>| fill(tx, &filling)).wait().unwrap();
        drop(store);

        let (settings, now) = (Settings::new("https://portal.test"), Moment(NOW * 1_000_000));
        let portal =
            Portal::open(&bed.location, &Options::default(), keys, settings, Blobs::in_memory(), now)
                .unwrap();
        let all = portal.core().store.read(integration::all).wait().unwrap();
        let told: Vec<_> =
            all.iter().map(|one| (one.id, one.user_id, &*one.title, &*one.scenario, one.created)).collect();
        let (inbound, outbound) = (scenario::IN_HOOK, scenario::OUT_HOOK);
        assert_eq!(
            told,
            [(3, 1, "third", inbound, 12), (7, 2, "seventh", inbound, 12), (9, 2, "told", outbound, 13)],
            "on {}",
            bed.engine
        );
        assert_eq!(all[0].inbound.as_ref().map(|hook| hook.id), Some(3));
        assert_eq!(all[2].outbound.as_ref().map(|told| told.id), Some(2));

        let request = Request {
            credentials: Some(("2".into(), Secret::from("seventh"))),
            version: Default::default(),
            method: "profile".into(),
            key: None,
            params: Map::new(),
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            https: true,
            received: now,
            hop: 0,
            seen: std::sync::Arc::default(),
        };
        portal.call(request).wait().unwrap();
        let core = portal.core().clone();
        let secrets =
            portal.core().store.read(move |tx: &mut Tx<'_>| find::reveal(tx, &core.keys, 2, 2)).wait();
        assert_eq!(secrets.unwrap().unwrap().application_token, "token");

        let core = portal.core().clone();
        let fresh = integration::Fresh::random();
        let input = integration::Input {
            inbound: Some(portal::hooks::Input::default()),
            ..testportal::named(inbound)
        };
        let job =
            move |tx: &mut Tx<'_>| integration::make(tx, testportal::context(&core, 1, now), &input, &fresh);
        assert_eq!(portal.core().store.write(job).wait().unwrap(), 10, "numbers go on on {}", bed.engine);
    }
}

/// What waited when order became the rule stands in lines, and comes in its order.
#[test]
fn what_waits_is_lined_up() {
    for bed in testkit::engines() {
        let keys = Keys::derive(&[7; 32]);
        let store = Store::open(&bed.location, &Options::default(), &BEFORE).unwrap();
        let filling = keys.clone();
        let job = move |tx: &mut Tx<'_>| {
            fill(tx, &filling)?;
            for (object, state) in [("lead:1", 2), ("lead:1", 0), ("lead:1", 0), ("lead:2", 0), ("test", 0)] {
                let sql = "INSERT INTO delivery (outbound_id, event_handler_id, event, object, data, hop, raised, ordered, \
                           state, lane, due, attempts) VALUES (2, 1, 'ONCRMLEADADD', ?, '', 0, 1, 0, ?, 0, 1, 0)";
                tx.execute(sql, &[object.into(), i64::from(state).into()])?;
            }
            Ok::<_, store::Error>(())
        };
        store.write(job).wait().unwrap();
        drop(store);

        let (settings, now) = (Settings::new("https://portal.test"), Moment(NOW * 1_000_000));
        let portal =
            Portal::open(&bed.location, &Options::default(), keys, settings, Blobs::in_memory(), now)
                .unwrap();
        let job = move |tx: &mut Tx<'_>| {
            assert!(find::find(tx, 2)?.unwrap().ordered);
            queue::line_up(tx, now)?;
            let want = Want { outbound_id: 2, lane: Lane::First, count: 10 };
            let lease = Lease { number: 7, until: Moment(now.0 + 1) };
            let leased = queue::claim(tx, &[want], lease, now)?;
            portal::Result::Ok(leased.into_iter().map(|one| one.object.to_string()).collect::<Vec<_>>())
        };
        let objects = portal.core().store.write(job).wait().unwrap();
        assert_eq!(objects, ["lead:1", "lead:2", "test"], "on {}", bed.engine);
    }
}
