//! Who is told of what happens: events go by the rights of the webhook's owner at the moment.

#![allow(clippy::unwrap_used)]

use portal::Moment;
use portal::access::{Act, Level, roles};
use portal::meta::Meta;
use portal::outbound::manage::Actor;
use portal::outbound::queue::{self, Lane, Lease, Want};
use portal::outbound::trial;
use portal::user::session::{self, NewSession};
use portal::user::{self, NewUser};
use serde_json::{Value, json};

use testportal::{Bench, NOW, input, portals};

const LEADS: [&str; 3] = ["ONCRMLEADADD", "ONCRMLEADUPDATE", "ONCRMLEADDELETE"];

/// Gives everybody in the role of a new portal a level for reading leads and deals.
fn let_read(portal: &Bench, level: Level) {
    portal.write(move |tx| {
        let role = roles::find(tx, "Manager")?.expect("a new portal has this role");
        for entity in ["LEAD", "DEAL"] {
            roles::allow(tx, role, entity, Act::Read, level)?;
        }
        Meta::outdate(tx)
    });
}

/// The events that a webhook was told of, with the number of what they are about.
fn told(portal: &Bench, outbound: i64) -> Vec<(String, String)> {
    let number = |data: &Value| data["FIELDS"]["ID"].as_str().unwrap_or_default().to_owned();
    portal
        .raised(outbound)
        .iter()
        .map(|(event, data)| (event["ONCRMLEAD".len()..].to_owned(), number(data)))
        .collect()
}

fn sign_in(portal: &Bench, user_id: i64) {
    let (core, token) = (portal.portal.core().clone(), session::token());
    let new = NewSession { user_id, address: String::new(), agent: String::new(), lifetime: 60 };
    portal.write(move |tx| session::create(tx, &core, &new, &token, Moment(NOW * 1_000_000)));
}

/// What of a webhook's a courier gets.
fn claimed(portal: &Bench, outbound_id: i64) -> usize {
    let due = portal.read(queue::due);
    if !due.iter().any(|due| due.outbound_id == outbound_id) {
        return 0;
    }
    let (want, now) = (Want { outbound_id, lane: Lane::First, count: 100 }, Moment(NOW * 1_000_000));
    let lease = Lease { number: 7, until: Moment((NOW + 60) * 1_000_000) };
    portal.write(move |tx| queue::claim(tx, &[want], lease, now)).len()
}

#[test]
fn who_was_dismissed_is_told_nothing() {
    for portal in portals("crm,user") {
        let boss = portal.write(|tx| {
            let new = NewUser { email: "boss@example.com".into(), is_admin: true, ..NewUser::default() };
            user::create(tx, &new, Moment(NOW * 1_000_000))
        });
        let id = portal.try_told(boss, input(&["ONCRMLEADADD", "ONUSERADD"])).unwrap();
        let add = |title: &str| portal.get("crm.lead.add", json!({"fields": {"TITLE": title}}));
        add("before");
        portal.write(move |tx| user::set_active(tx, boss, false));
        add("meanwhile");
        portal.get("batch", json!({"cmd": ["crm.lead.add?fields[TITLE]=meanwhile"]}));
        let otto = portal.get("user.add", json!({"EMAIL": "otto@example.com"})).as_i64().unwrap();
        sign_in(&portal, otto);
        assert_eq!(portal.raised(id).len(), 1, "{}: nothing is raised", portal.engine);
        assert_eq!(claimed(&portal, id), 0, "what waited is not sent");
        assert_eq!(portal.read(queue::depth)[0].waiting, 1, "it waits, and nobody is to be alarmed");
        assert_eq!(portal.read(queue::depth)[0].oldest, None);

        let (core, admin) = (portal.portal.core().clone(), Actor { user_id: 1, is_admin: true });
        let job = move |tx: &mut store::Tx<'_>| {
            trial::send(tx, &core, id, "ONCRMLEADADD", admin, Moment(NOW * 1_000_000))
        };
        let refused: portal::Result<i64> = portal.portal.core().store.write(job).wait();
        assert_eq!(refused.unwrap_err().into_fault().code, "ERROR_DISMISSED");

        portal.write(move |tx| user::set_active(tx, boss, true));
        add("after");
        assert_eq!(portal.raised(id).len(), 2, "what happened meanwhile stays untold");
        assert_eq!(claimed(&portal, id), 2, "what waited is sent");
    }
}

#[test]
fn a_webhook_is_told_of_what_its_owner_may_read() {
    for portal in portals("crm") {
        let ada = portal.employee("ada@example.com", "crm").user;
        let hers = portal.try_told(ada, input(&LEADS)).unwrap();
        let all = portal.told(input(&LEADS));
        let add = |owner: i64| {
            let fields = json!({"fields": {"TITLE": "x", "ASSIGNED_BY_ID": owner, "OPENED": "N"}});
            portal.get("crm.lead.add", fields).to_string()
        };
        let give = |id: &str, owner: i64| {
            portal.get("crm.lead.update", json!({"id": id, "fields": {"ASSIGNED_BY_ID": owner}}));
        };

        let_read(&portal, Level::Own);
        let (theirs, own) = (add(1), add(ada));
        give(&own, 1);
        give(&own, 1);
        portal.get(
            "crm.item.update",
            json!({"entityTypeId": 1, "id": theirs, "fields": {"assignedById": ada}}),
        );
        portal.get("crm.lead.productrows.set", json!({"id": theirs, "rows": [{"PRODUCT_NAME": "Chair"}]}));
        portal.get("crm.lead.productrows.set", json!({"id": own, "rows": [{"PRODUCT_NAME": "Chair"}]}));
        portal.get("crm.lead.delete", json!({"id": own}));
        portal.get("batch", json!({"cmd": [format!("crm.lead.delete?id={theirs}")]}));
        let event = |what: &str, id: &str| (what.to_owned(), id.to_owned());
        let expected = [
            event("ADD", &own),
            event("UPDATE", &own),
            event("UPDATE", &theirs),
            event("UPDATE", &theirs),
            event("DELETE", &theirs),
        ];
        assert_eq!(told(&portal, hers), expected, "{}", portal.engine);
        assert_eq!(told(&portal, all).len(), 9, "an administrator is told of everything");

        let before = told(&portal, hers).len();
        let_read(&portal, Level::None);
        add(ada);
        let_read(&portal, Level::All);
        let last = add(1);
        assert_eq!(told(&portal, hers)[before..], [event("ADD", &last)], "rights of the moment");
    }
}

#[test]
fn a_deal_that_moves_is_told_to_who_may_read_it() {
    for portal in portals("crm") {
        let ada = portal.employee("ada@example.com", "crm").user;
        let hers = portal.try_told(ada, input(&["ONCRMDEALMOVETOCATEGORY"])).unwrap();
        let_read(&portal, Level::Own);
        let category =
            portal.get("crm.category.add", json!({"entityTypeId": 2, "fields": {"name": "Second"}}));
        let category = &category["category"]["id"];
        for owner in [1, ada] {
            let id = portal.get(
                "crm.deal.add",
                json!({"fields": {"TITLE": "x", "ASSIGNED_BY_ID": owner, "OPENED": "N"}}),
            );
            portal.get(
                "crm.item.update",
                json!({"entityTypeId": 2, "id": id, "fields": {"categoryId": category}}),
            );
        }
        assert_eq!(portal.raised(hers).len(), 1, "{}", portal.engine);
    }
}

/// An employee could read this much of a colleague by the inbound webhook beside the outbound one.
#[test]
fn of_a_new_colleague_employees_are_told_what_their_scopes_show() {
    for portal in portals("user") {
        let ada = portal.employee("ada@example.com", "crm").user;
        let told: Vec<i64> = ["crm", "user_brief", "user_basic", "user"]
            .into_iter()
            .map(|scopes| portal.both(ada, scopes, &["ONUSERADD"]))
            .chain([portal.try_told(ada, input(&["ONUSERADD"])).unwrap(), portal.told(input(&["ONUSERADD"]))])
            .collect();
        let new = json!({"EMAIL": "otto@example.com", "NAME": "Otto", "WORK_POSITION": "Sales"});
        let otto = portal.get("user.add", new).as_i64().unwrap();
        sign_in(&portal, otto);
        let seen: Vec<Value> = told
            .into_iter()
            .map(|id| {
                let mut raised = portal.raised(id);
                assert_eq!(raised.len(), 1);
                let (_, data) = raised.pop().unwrap();
                json!([data["ID"], data["NAME"], data["EMAIL"]])
            })
            .collect();
        let (otto, email) = (otto.to_string(), "otto@example.com");
        let expected = json!([
            [otto, null, null],
            [otto, "Otto", null],
            [otto, "Otto", email],
            [otto, "Otto", email],
            [otto, null, null],
            [otto, "Otto", email],
        ]);
        assert_eq!(json!(seen), expected, "{}", portal.engine);
    }
}
