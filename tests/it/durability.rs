//! `kill -9` in the middle of a write load: what was acknowledged is there afterwards, nothing is there by half, and the
//! portal opens at once. `PORTREEVE_KILLS` sets how often (`cargo xtask soak` says 50).

use it::{Hook, Portal};
use serde_json::{Value, json};
use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::sync::mpsc::{Sender, channel};

/// Connections that write at the same time.
const WRITERS: usize = 8;

/// How many leads one batch adds; all of them or none.
const BATCH: usize = 5;

/// What the portal said that it had written.
pub(super) enum Written {
    Lead { id: i64, title: String },
    Batch { tag: String },
    Deal { id: i64 },
}

#[test]
fn kills_under_load() {
    let kills: usize = std::env::var("PORTREEVE_KILLS").map_or(5, |text| text.parse().unwrap());
    for (engine, portal) in Portal::on_each_engine() {
        println!("{kills} kills on {engine}");
        let server = portal.start();
        let hook = server.hook("crm");
        let contacts = [0, 1].map(|_| hook.result("crm.contact.add", json!({"fields": {"NAME": "Ines"}})));
        let (mut portal, mut audit) = (server.stop(), Audit::default());
        for round in 0..kills {
            let server = portal.start();
            let hook = server.same_hook(&hook);
            let (acknowledge, acknowledged) = channel();
            // Not always at the same point: early in a connection's life, and deep in the load.
            let enough = 20 + (round * 37) % 150;
            let (killed, written) = std::thread::scope(|scope| {
                for writer in 0..WRITERS {
                    let (hook, acknowledge, tag) =
                        (hook.clone(), acknowledge.clone(), format!("{round}-{writer}"));
                    let contacts = &contacts;
                    scope.spawn(move || write_until_it_breaks(&hook, &tag, contacts, &acknowledge));
                }
                drop(acknowledge);
                let mut written: Vec<Written> = acknowledged.iter().take(enough).collect();
                let killed = server.kill();
                written.extend(acknowledged.iter());
                (killed, written)
            });
            assert!(written.len() >= enough, "the writers gave up after {}", written.len());
            let server = killed.start();
            audit.check(&server.same_hook(&hook), &written, round);
            portal = server.stop();
        }
        println!("{} writes acknowledged, all there", audit.acknowledged);
    }
}

fn write_until_it_breaks(hook: &Hook, tag: &str, contacts: &[Value; 2], acknowledge: &Sender<Written>) {
    for number in 0.. {
        let tag = format!("{tag}-{number}");
        let written = match number % 3 {
            0 => add_lead(hook, &tag),
            1 => add_batch(hook, &tag),
            _ => add_deal(hook, &tag, contacts),
        };
        let Some(written) = written else { return };
        acknowledge.send(written).unwrap();
    }
}

pub(super) fn add_lead(hook: &Hook, tag: &str) -> Option<Written> {
    let title = format!("single {tag}");
    let fields = json!({"TITLE": title, "PHONE": [{"VALUE": title, "VALUE_TYPE": "WORK"}]});
    let id = hook.attempt("crm.lead.add", json!({"fields": fields}))?.result().as_i64().unwrap();
    Some(Written::Lead { id, title })
}

pub(super) fn add_batch(hook: &Hook, tag: &str) -> Option<Written> {
    let command = |number| {
        let title = format!("batch {tag} {number}").replace(' ', "+");
        format!("crm.lead.add?fields[TITLE]={title}&fields[PHONE][0][VALUE]={title}")
    };
    let commands: Vec<String> = (0..BATCH).map(command).collect();
    let sections = hook.attempt("batch", json!({"cmd": commands, "halt": 1}))?.result();
    assert_eq!(sections["result"].as_array().map(Vec::len), Some(BATCH), "{sections}");
    Some(Written::Batch { tag: format!("batch {tag}") })
}

pub(super) fn add_deal(hook: &Hook, tag: &str, contacts: &[Value; 2]) -> Option<Written> {
    let fields = json!({"TITLE": format!("deal {tag}"), "CONTACT_IDS": contacts});
    let id = hook.attempt("crm.deal.add", json!({"fields": fields}))?.result().as_i64().unwrap();
    Some(Written::Deal { id })
}

/// Looks at what is new since it last looked.
#[derive(Default)]
pub(super) struct Audit {
    last_lead: i64,
    last_deal: i64,
    pub(super) acknowledged: usize,
}

impl Audit {
    pub(super) fn check(&mut self, hook: &Hook, written: &[impl Borrow<Written>], round: usize) {
        let leads = rows_after(hook, "crm.lead.list", self.last_lead);
        let deals = rows_after(hook, "crm.deal.list", self.last_deal);
        let mut batches: BTreeMap<&str, usize> = BTreeMap::new();
        for (id, lead) in &leads {
            let title = lead["TITLE"].as_str().unwrap();
            let phones: Vec<&Value> =
                lead["PHONE"].as_array().into_iter().flatten().map(|phone| &phone["VALUE"]).collect();
            assert_eq!(phones, [title], "round {round}: half a lead {id}");
            if let Some((tag, _)) = title.rsplit_once(' ').filter(|_| title.starts_with("batch ")) {
                *batches.entry(tag).or_default() += 1;
            }
        }
        assert!(batches.values().all(|count| *count == BATCH), "round {round}: half a batch in {batches:?}");
        both_contacts(hook, deals.keys(), round);
        for one in written {
            let (there, what) = match one.borrow() {
                Written::Lead { id, title } => {
                    (leads.get(id).is_some_and(|lead| lead["TITLE"] == *title), title.clone())
                }
                Written::Batch { tag } => (batches.contains_key(tag.as_str()), tag.clone()),
                Written::Deal { id } => (deals.contains_key(id), format!("deal {id}")),
            };
            assert!(there, "round {round}: {what} was acknowledged and is gone");
        }
        self.last_lead = leads.keys().last().copied().unwrap_or(self.last_lead);
        self.last_deal = deals.keys().last().copied().unwrap_or(self.last_deal);
        self.acknowledged += written.len();
    }
}

/// Every row with a greater ID, page after page.
pub(crate) fn rows_after(hook: &Hook, method: &str, mut last: i64) -> BTreeMap<i64, Value> {
    let mut rows = BTreeMap::new();
    loop {
        let question = json!({"filter": {">ID": last}, "order": {"ID": "ASC"}, "select": ["ID", "TITLE", "PHONE"], "start": -1});
        let page = hook.result(method, question);
        for row in page.as_array().unwrap() {
            last = row["ID"].as_str().unwrap().parse().unwrap();
            rows.insert(last, row.clone());
        }
        if page.as_array().unwrap().len() < 50 {
            return rows;
        }
    }
}

fn both_contacts<'a>(hook: &Hook, deals: impl Iterator<Item = &'a i64>, round: usize) {
    let commands: Vec<String> = deals.map(|id| format!("crm.deal.contact.items.get?id={id}")).collect();
    for chunk in commands.chunks(50) {
        let sections = hook.result("batch", json!({"cmd": chunk}));
        let links: Vec<usize> = sections["result"]
            .as_array()
            .unwrap()
            .iter()
            .map(|links| links.as_array().unwrap().len())
            .collect();
        assert_eq!(links, vec![2; chunk.len()], "round {round}: half a deal in {chunk:?}: {sections}");
    }
}
