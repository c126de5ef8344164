//! The whole portal, brought back: whatever was done since is undone, and nothing of it is left anywhere.

use std::net::{IpAddr, Ipv4Addr};

use portal::files::collect::Collected;
use portal::limits::{Bucket, Limits};
use portal::settings::Settings;
use portal::{Moment, SnapshotName};
use serde_json::{Value, json};
use testkit::{Whole, differences, whole};
use testportal::{Hook, NOW, collect, input, portals, portals_with};

const SCOPES: &str = "crm,user,userfieldconfig,disk,lists,department,im,task,rpa,catalog,log";

fn name(text: &str) -> SnapshotName {
    text.parse().unwrap()
}

pub fn save(hook: &Hook, text: &str) {
    hook.portal.save_snapshot(&name(text)).unwrap();
}

pub fn restore(hook: &Hook, text: &str) {
    assert!(hook.portal.restore(&name(text), &[], Moment(NOW * 1_000_000)).unwrap());
}

/// Everything, without what tells one state from another.
pub fn all(hook: &Hook) -> Whole {
    let mut all = hook.read(|tx| Ok(whole(tx)?));
    let marks = ["'version'", "'era'", "(version,", "(era,"];
    all.get_mut("portal_state").unwrap().retain(|row| !marks.iter().any(|mark| row.starts_with(mark)));
    all
}

/// Writes what has gathered.
pub fn flush(hook: &Hook) {
    hook.portal.flush_calls().wait().unwrap();
    hook.portal.flush_usage().for_each(|step| step.wait().unwrap());
}

#[track_caller]
pub fn same(before: &Whole, hook: &Hook, what: &str) {
    assert_eq!(differences(before, &all(hook)), [""; 0], "{what}");
}

/// Numbers that are the same for the same seed.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as i64 % end
    }
}

const PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";

/// Does something; much of it may be refused.
fn disturb(hook: &Hook, dice: &mut Dice) {
    let (some, other) = (dice.below(9) + 1, dice.below(1000));
    let field = json!({"FIELD_NAME": format!("F{some}"), "USER_TYPE_ID": "string"});
    let made = 1030 + 2 * dice.below(3);
    let (method, params) = match dice.below(20) {
        0 => (
            "crm.lead.add",
            json!({"fields": {"TITLE": format!("Lead {other}"), "PHONE": [{"VALUE": "+4930123"}]}}),
        ),
        1 => ("crm.lead.update", json!({"id": some, "fields": {"TITLE": format!("Other {other}")}})),
        2 => ("crm.lead.delete", json!({"id": some})),
        3 => (
            "crm.contact.add",
            json!({"fields": {"NAME": "Clara", "PHOTO": {"fileData": [format!("{other}.png"), PIXEL]}}}),
        ),
        4 => ("crm.contact.delete", json!({"id": some})),
        5 => ("crm.deal.add", json!({"fields": {"TITLE": format!("Deal {other}"), "CONTACT_ID": some}})),
        6 => ("crm.deal.userfield.add", json!({"fields": field})),
        7 => ("crm.deal.userfield.delete", json!({"id": some})),
        8 => {
            ("crm.type.add", json!({"fields": {"title": format!("Process {other}"), "isStagesEnabled": "Y"}}))
        }
        9 => ("crm.type.delete", json!({"id": some % 3 + 1})),
        10 => ("crm.item.add", json!({"entityTypeId": made, "fields": {"title": format!("Item {other}")}})),
        11 => ("crm.item.delete", json!({"entityTypeId": made, "id": some})),
        12 => ("department.add", json!({"NAME": format!("Department {other}"), "PARENT": 1})),
        13 => ("user.add", json!({"EMAIL": format!("u{other}@example.com"), "UF_DEPARTMENT": [1]})),
        14 => (
            "lists.add",
            json!({"IBLOCK_TYPE_ID": "lists", "IBLOCK_CODE": format!("list{other}"), "FIELDS": {"NAME": "List"}}),
        ),
        15 => ("lists.delete", json!({"IBLOCK_TYPE_ID": "lists", "IBLOCK_ID": some})),
        16 => ("tasks.task.add", json!({"fields": {"TITLE": format!("Task {other}"), "RESPONSIBLE_ID": 1}})),
        17 => ("im.message.add", json!({"DIALOG_ID": "1", "MESSAGE": format!("Note {other}")})),
        18 => ("rpa.type.add", json!({"fields": {"title": format!("Process {other}")}})),
        _ => (
            "crm.status.add",
            json!({"fields": {"ENTITY_ID": "SOURCE", "STATUS_ID": format!("S{other}"), "NAME": "Source"}}),
        ),
    };
    drop(hook.ask(method, params));
}

#[test]
fn whatever_was_done_is_undone() {
    for bench in portals(SCOPES) {
        let (node, mut dice) = (bench.another_node(), Dice(24));
        bench.told(input(&["ONCRMLEADADD"]));
        for _ in 0..60 {
            disturb(&bench, &mut dice);
        }
        flush(&bench);
        save(&bench, "one");
        let one = all(&bench);
        for round in 0..8 {
            for _ in 0..dice.below(40) {
                disturb(if dice.below(2) == 0 { &bench } else { &node }, &mut dice);
            }
            if round % 3 == 0 {
                flush(&node);
            }
            restore(if dice.below(2) == 0 { &bench } else { &node }, "one");
            // What the nodes counted and logged before is not of this state.
            flush(&bench);
            flush(&node);
            same(&one, &bench, &format!("round {round} on {}", bench.engine));
            same(&one, &node, &format!("round {round} on {}, elsewhere", bench.engine));
        }
    }
}

#[test]
fn every_node_knows_what_holds_at_once() {
    for bench in portals("crm,user") {
        let node = bench.another_node();
        bench.get("crm.type.add", json!({"fields": {"title": "Of before"}}));
        let item = |hook: &Hook, process: i64, title: &str| {
            hook.ask("crm.item.add", json!({"entityTypeId": process, "fields": {"title": title}}))
        };
        item(&bench, 1030, "kept").unwrap();
        save(&bench, "start");
        bench.get("crm.item.delete", json!({"entityTypeId": 1030, "id": 1}));
        bench.get("crm.type.delete", json!({"id": 1}));
        bench.get("crm.type.add", json!({"fields": {"title": "Of after"}}));
        bench.get(
            "crm.lead.userfield.add",
            json!({"fields": {"FIELD_NAME": "LATER", "USER_TYPE_ID": "string"}}),
        );
        let late = node.hook_of(1, "crm");
        late.get("crm.lead.fields", json!({}));
        item(&node, 1032, "of after").unwrap();
        for _ in 0..3 {
            restore(&bench, "start");
            for hook in [&node, &*bench] {
                let listed = hook.get("crm.item.list", json!({"entityTypeId": 1030}));
                assert_eq!(listed["items"][0]["title"], "kept", "on {}", bench.engine);
                assert!(item(hook, 1032, "no such process").is_err());
                assert_eq!(hook.get("crm.lead.fields", json!({}))["UF_CRM_LATER"], Value::Null);
            }
            assert_eq!(late.refused("crm.lead.fields", json!({})).0, 401, "its webhook is gone");
            let again = bench.get("crm.type.add", json!({"fields": {"title": "Anew"}}))["type"].clone();
            assert_eq!(
                (&again["id"], &again["entityTypeId"]),
                (&json!(2), &json!(1032)),
                "numbers begin where they were"
            );
            item(&node, 1032, "of now").unwrap();
        }
    }
}

#[test]
fn contents_live_as_long_as_a_snapshot_names_them() {
    for bench in portals("crm") {
        let fields = json!({"NAME": "x", "PHOTO": {"fileData": ["me.txt", "aGVsbG8="]}});
        let id = bench.get("crm.contact.add", json!({"fields": fields}));
        save(&bench, "with");
        bench.get("crm.contact.delete", json!({"id": id}));
        save(&bench, "without");
        assert_eq!((collect(&bench, 2), collect(&bench, 4)), (Collected::default(), Collected::default()));
        restore(&bench, "with");
        let found = bench.read(|tx| Ok(portal::files::find(tx, 1)?.unwrap()));
        assert_eq!(testportal::content(&bench.portal, &found.key), b"hello", "on {}", bench.engine);
        restore(&bench, "without");
        collect(&bench, 6);
        assert_eq!(collect(&bench, 8), Collected::default());
        assert!(bench.portal.delete_snapshot(&name("with")).unwrap());
        // The other one has the content's row as well.
        assert_eq!(collect(&bench, 10), Collected::default());
        assert!(bench.portal.delete_snapshot(&name("without")).unwrap());
        assert_eq!(collect(&bench, 12).orphans, 1, "on {}", bench.engine);
    }
}

#[test]
fn limits_begin_anew() {
    let bucket = Some(Bucket { capacity: 2.0, drain: 0.001 });
    let settings =
        Settings { limits: Limits { bucket, operating: None }, ..Settings::new("https://portal.test") };
    for bench in portals_with("crm", settings) {
        save(&bench, "start");
        let full = |hook: &Hook| (0..3).map(|_| hook.ask("profile", json!({})).is_ok()).collect::<Vec<_>>();
        for _ in 0..3 {
            assert_eq!(full(&bench), [true, true, false]);
            restore(&bench, "start");
        }
    }
}

#[test]
fn many_resets_leave_nothing() {
    for bench in portals("crm") {
        let rounds = if bench.engine == "sqlite" { 200 } else { 40 };
        for number in 0..50 {
            bench.get("crm.lead.add", json!({"fields": {"TITLE": format!("Lead {number}")}}));
        }
        flush(&bench);
        save(&bench, "start");
        let start = all(&bench);
        for round in 0..rounds {
            let id = bench.get("crm.lead.add", json!({"fields": {"TITLE": format!("Round {round}")}}));
            assert_eq!(id, json!(51), "round {round} on {}", bench.engine);
            bench.get("crm.lead.delete", json!({"id": 1 + round % 50}));
            restore(&bench, "start");
        }
        flush(&bench);
        same(&start, &bench, bench.engine);
    }
}

#[test]
fn what_was_sent_at_another_time_is_written_nowhere() {
    use portal::outbound::queue::{self, Attempt, Lane, Lease, Settled, Want};
    for bench in portals("crm") {
        let told = bench.told(input(&["ONCRMLEADADD"]));
        bench.get("crm.lead.add", json!({"fields": {"TITLE": "x"}}));
        let now = Moment(NOW * 1_000_000);
        let claim = |number: i64| {
            let lease = Lease { number, until: Moment(now.0 + 60_000_000) };
            let want = [Want { outbound_id: told, lane: Lane::First, count: 9 }];
            bench.write(move |tx| queue::claim(tx, &want, lease, now))
        };
        // Saved while it is being sent.
        assert_eq!(claim(1).len(), 1);
        save(&bench, "start");
        restore(&bench, "start");
        let again = claim(2);
        assert_eq!(again.len(), 1, "it is due again");
        let settled = Settled {
            id: again[0].id,
            outbound_id: told,
            lease: 1,
            is_first: true,
            is_test: false,
            attempt: Attempt::at(now),
            verdict: portal::outbound::policy::Verdict::Delivered,
        };
        let core = bench.portal.core().clone();
        bench.write(move |tx| queue::settle(tx, &core, std::slice::from_ref(&settled), now).map(drop));
        let state = bench.read(|tx| Ok(tx.one("SELECT state FROM delivery", &[], |row| row.int(0))?));
        assert_eq!(state, Some(1), "on {}: whoever holds it now settles it", bench.engine);
    }
}

#[test]
fn what_an_earlier_version_saved_is_brought_up_to_date() {
    for bench in portals("crm") {
        let age = |tx: &mut store::Tx<'_>| {
            tx.execute("DROP TABLE note_collection", &[])?;
            portal::state::set(tx, "nouns", "of an earlier version")
        };
        bench.write(age);
        save(&bench, "old");
        // Whoever opens it brings it up to date.
        bench.another_node();
        let complete = all(&bench);
        restore(&bench, "old");
        same(&complete, &bench, bench.engine);
    }
}

#[test]
fn a_new_portal_is_a_template() {
    for bench in portals("crm,user") {
        bench.get("crm.lead.add", json!({"fields": {"TITLE": "x"}}));
        bench.get("crm.type.add", json!({"fields": {"title": "Process"}}));
        let machine = Moment(NOW * 1_000_000);
        let fill = |new: &portal::Portal| {
            let ada = portal::user::NewUser {
                email: "new@example.com".into(),
                is_admin: true,
                ..Default::default()
            };
            new.core().store.write(move |tx| portal::user::create(tx, &ada, machine)).wait()?;
            portal::demo::load(new, machine).map(drop)
        };
        bench.portal.make_snapshot::<portal::Error>(&name("new"), machine, fill).unwrap();
        restore(&bench, "new");
        let leads = bench.portal.call_as(portal::OwnRequest {
            user_id: 1,
            method: "crm.lead.list".into(),
            params: Default::default(),
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            received: machine,
            language: Default::default(),
            basis: None,
        });
        assert_eq!(leads.wait().unwrap().reply.total, Some(131), "on {}", bench.engine);
        assert_eq!(bench.refused("profile", json!({})).0, 401);
    }
}
