//! Writes of modules where nodes could get in each other's way, and what must have come of them.

use crate::durability::{self, Written};
use it::{Hook, Server};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Slots that everybody wants.
const SLOTS: i64 = 40;
/// When the first begins: years ahead.
const FIRST: i64 = 1_900_000_000;
/// Products and stores that goods are moved between.
const PLACES: i64 = 3;

/// What is there before the load.
pub struct Stage {
    contacts: [Value; 2],
    room: i64,
    chat: i64,
    /// The webhook of somebody in the chat who reads nothing.
    pub listener: Hook,
    unread: i64,
}

/// What was acknowledged.
pub enum Done {
    Written(Written),
    Booking { id: i64, slot: i64 },
    Order { id: i64, number: String },
    Measure { code: i64 },
    Message { id: i64, writer: usize, number: usize },
    Document { id: i64 },
}

impl Stage {
    pub fn new(server: &Server, hook: &Hook) -> Stage {
        let contacts = [0, 1].map(|_| hook.result("crm.contact.add", json!({"fields": {"NAME": "Ines"}})));
        let kind =
            hook.result("booking.v1.resourceType.add", json!({"fields": {"name": "Room", "code": "room"}}));
        let fields = json!({"name": "Room", "typeId": id_of(&kind, "resourceType"), "isMain": "Y"});
        let room = id_of(&hook.result("booking.v1.resource.add", json!({"fields": fields})), "resource");
        for _ in 0..PLACES {
            let fields = json!({"NAME": "Chair", "PRICE": 10, "CURRENCY_ID": "USD"});
            hook.result("crm.product.add", json!({"fields": fields}));
        }
        (1..PLACES).for_each(|_| _ = hook.result("catalog.store.add", json!({"fields": {"address": "x"}})));
        server.portal().ask(&["user", "add", "--email", "ada@example.com", "--name", "Ada"]);
        let listener = server.hook_of("2", "im");
        let chat = hook.result("im.chat.add", json!({"USERS": [2], "TITLE": "Showroom"})).as_i64().unwrap();
        let unread = unread(&listener, chat);
        Stage { contacts, room, chat, listener, unread }
    }

    /// One write, by a number that nobody else has; `None` where it was refused or nobody knows.
    pub fn write(&self, hook: &Hook, writer: usize, number: usize, tag: &str) -> Option<Done> {
        let tag = format!("{tag}-{writer}-{number}");
        let at = i64::try_from(number * 7 + writer).unwrap();
        match number % 8 {
            0 => durability::add_lead(hook, &tag).map(Done::Written),
            1 => durability::add_batch(hook, &tag).map(Done::Written),
            2 => durability::add_deal(hook, &tag, &self.contacts).map(Done::Written),
            3 => self.book(hook, at % SLOTS),
            4 => order(hook),
            5 => measure(hook, 10_000 + i64::try_from(number / 8).unwrap()),
            6 => self.say(hook, writer, number),
            _ => conduct(hook, at),
        }
    }

    fn book(&self, hook: &Hook, slot: i64) -> Option<Done> {
        let moment = |slot: i64| json!({"timestamp": FIRST + slot * 3600, "timezone": "UTC"});
        let period = json!({"from": moment(slot), "to": moment(slot + 1)});
        let fields = json!({"name": "Visit", "resourceIds": [self.room], "datePeriod": period});
        let booked = result(hook, "booking.v1.booking.add", &json!({"fields": fields}), &["422"])?;
        Some(Done::Booking { id: id_of(&booked, "booking"), slot })
    }

    fn say(&self, hook: &Hook, writer: usize, number: usize) -> Option<Done> {
        let said =
            json!({"DIALOG_ID": format!("chat{}", self.chat), "MESSAGE": format!("{writer} {number}")});
        let id = result(hook, "im.message.add", &said, &[])?.as_i64().unwrap();
        Some(Done::Message { id, writer, number })
    }

    /// Everything that was acknowledged is there, on each of the nodes, and nothing is there twice or by half.
    pub fn check(&self, nodes: &[Hook], done: &[Done]) {
        let one = &nodes[0];
        let orders = table(one, "sale.order.list", "orders", &["id", "accountNumber"]);
        let numbers: BTreeSet<&str> =
            orders.values().filter_map(|row| row["accountNumber"].as_str()).collect();
        assert_eq!(numbers.len(), orders.len(), "two orders have one number");
        let measures = table(one, "catalog.measure.list", "measures", &["id", "code"]);
        let codes: BTreeSet<i64> = measures.values().filter_map(|row| number(&row["code"])).collect();
        assert_eq!(codes.len(), measures.len(), "two measures have one code");
        let bookings = self.bookings(one);
        let documents = table(one, "catalog.document.list", "documents", &["id", "status"]);
        let messages = self.messages(one);
        for what in done {
            let (there, name) = match what {
                Done::Written(_) => continue,
                Done::Booking { id, slot } => {
                    (bookings.get(slot) == Some(id), format!("booking {id} of {slot}"))
                }
                Done::Order { id, number } => {
                    (orders.get(id).is_some_and(|row| row["accountNumber"] == *number), format!("order {id}"))
                }
                Done::Measure { code } => (codes.contains(code), format!("measure {code}")),
                Done::Message { id, writer, number } => {
                    (messages.get(id) == Some(&format!("{writer} {number}")), format!("message {id}"))
                }
                Done::Document { id } => {
                    (documents.get(id).is_some_and(|row| row["status"] == "Y"), format!("document {id}"))
                }
            };
            assert!(there, "{name} was acknowledged and is gone");
        }
        in_order(&messages);
        stock_is_exact(one, &documents);
        for node in nodes {
            assert_eq!(self.messages(node), messages, "{} shows another chat", node.base());
            let listener = self.listener.replaced(self.listener.base(), node.base());
            let expected = self.unread + i64::try_from(messages.len()).unwrap();
            assert_eq!(unread(&listener, self.chat), expected, "unread on {}", node.base());
            assert_eq!(self.bookings(node), bookings, "{} shows other bookings", node.base());
        }
    }

    /// The bookings by their slots, no two of which are one.
    fn bookings(&self, hook: &Hook) -> BTreeMap<i64, i64> {
        let mut slots = BTreeMap::new();
        let mut start = 0;
        loop {
            let asked = json!({"filter": {"within": {"dateFrom": FIRST - 3600, "dateTo": FIRST + (SLOTS + 1) * 3600}}, "start": start});
            let answer = hook.call("booking.v1.booking.list", asked).success();
            let page = answer["result"]["booking"].as_array().unwrap();
            for row in page {
                let from = number(&row["datePeriod"]["from"]["timestamp"]).unwrap();
                let before = slots.insert((from - FIRST) / 3600, number(&row["id"]).unwrap());
                assert!(before.is_none(), "two bookings share the slot of {row}");
            }
            match answer["next"].as_i64() {
                Some(next) => start = next,
                None => return slots,
            }
        }
    }

    /// What was said in the chat, by number.
    fn messages(&self, hook: &Hook) -> BTreeMap<i64, String> {
        let (mut messages, mut last) = (BTreeMap::new(), 0);
        loop {
            let asked = json!({"DIALOG_ID": format!("chat{}", self.chat), "FIRST_ID": last, "LIMIT": 50});
            let page = hook.result("im.dialog.messages.get", asked);
            let page = page["messages"].as_array().unwrap();
            for row in page {
                let id = number(&row["id"]).unwrap();
                last = last.max(id);
                if number(&row["author_id"]) != Some(0) {
                    messages.insert(id, row["text"].as_str().unwrap().to_owned());
                }
            }
            if page.len() < 50 {
                return messages;
            }
        }
    }
}

/// What each writer said comes in the order in which it said it.
fn in_order(messages: &BTreeMap<i64, String>) {
    let mut last = BTreeMap::<&str, usize>::new();
    for text in messages.values() {
        let (writer, number) = text.split_once(' ').unwrap();
        let number = number.parse().unwrap();
        let before = last.insert(writer, number);
        assert!(before.is_none_or(|before| before < number), "{text} comes after {before:?}");
    }
}

fn order(hook: &Hook) -> Option<Done> {
    let fields = json!({"lid": "s1", "personTypeId": 1, "currency": "USD"});
    let added = result(hook, "sale.order.add", &json!({"fields": fields}), &[])?["order"].take();
    let number = added["accountNumber"].as_str().unwrap().to_owned();
    Some(Done::Order { id: added["id"].as_i64().unwrap(), number })
}

/// Every writer wants the same codes.
fn measure(hook: &Hook, code: i64) -> Option<Done> {
    let fields = json!({"code": code, "measureTitle": "Dozen", "isDefault": "N"});
    result(hook, "catalog.measure.add", &json!({"fields": fields}), &["*"])?;
    Some(Done::Measure { code })
}

/// Receives goods, or moves them on: what there is too little of stays a draft.
fn conduct(hook: &Hook, at: i64) -> Option<Done> {
    let (kind, store, product) = (if at % 2 == 0 { "A" } else { "D" }, 1 + at % PLACES, 1 + at / 2 % PLACES);
    let fields = json!({"docType": kind, "responsibleId": 1, "currency": "USD"});
    let id = result(hook, "catalog.document.add", &json!({"fields": fields}), &[])?["document"]["id"]
        .as_i64()
        .unwrap();
    let place = if kind == "A" { "storeTo" } else { "storeFrom" };
    let line = json!({"docId": id, "elementId": product, place: store, "amount": 1 + at % 5});
    result(hook, "catalog.document.element.add", &json!({"fields": line}), &[])?;
    result(hook, "catalog.document.conduct", &json!({"id": id}), &["*"])?;
    Some(Done::Document { id })
}

/// Stores hold what the conducted documents brought and took.
fn stock_is_exact(hook: &Hook, documents: &BTreeMap<i64, Value>) {
    let mut stock = BTreeMap::<(i64, i64), i64>::new();
    for row in table(
        hook,
        "catalog.document.element.list",
        "documentElements",
        &["id", "docId", "elementId", "storeTo", "storeFrom", "amount"],
    )
    .values()
    {
        let is_conducted =
            documents.get(&number(&row["docId"]).unwrap()).is_some_and(|one| one["status"] == "Y");
        if is_conducted {
            let (product, amount) = (number(&row["elementId"]).unwrap(), number(&row["amount"]).unwrap());
            number(&row["storeTo"])
                .filter(|store| *store > 0)
                .into_iter()
                .for_each(|store| *stock.entry((product, store)).or_default() += amount);
            number(&row["storeFrom"])
                .filter(|store| *store > 0)
                .into_iter()
                .for_each(|store| *stock.entry((product, store)).or_default() -= amount);
        }
    }
    for row in
        table(hook, "catalog.storeproduct.list", "storeProducts", &["id", "productId", "storeId", "amount"])
            .values()
    {
        let place = (number(&row["productId"]).unwrap(), number(&row["storeId"]).unwrap());
        assert_eq!(number(&row["amount"]), Some(stock.remove(&place).unwrap_or(0)), "stock at {place:?}");
    }
    stock.retain(|_, amount| *amount != 0);
    assert!(stock.is_empty(), "{stock:?} is nowhere");
}

/// All rows of a list by their ids.
fn table(hook: &Hook, method: &str, name: &str, select: &[&str]) -> BTreeMap<i64, Value> {
    let (mut rows, mut last) = (BTreeMap::new(), 0);
    loop {
        let asked = json!({"filter": {">id": last}, "order": {"id": "ASC"}, "select": select, "start": -1});
        let page = hook.result(method, asked);
        let page = page[name].as_array().unwrap();
        for row in page {
            last = number(&row["id"]).unwrap();
            rows.insert(last, row.clone());
        }
        if page.is_empty() {
            return rows;
        }
    }
}

fn unread(listener: &Hook, chat: i64) -> i64 {
    let counters = listener.result("im.counters.get", json!({}));
    number(&counters["CHAT"][chat.to_string()]).unwrap_or(0)
}

/// The result of a call that may be refused with these codes; `None` then, and where nobody knows.
fn result(hook: &Hook, method: &str, parameters: &Value, refused: &[&str]) -> Option<Value> {
    let reply = hook.attempt(method, parameters)?;
    if reply.status == 200 {
        return Some(reply.result());
    }
    let code = reply.json()["error"].to_string();
    // It waited for others until it was given up, which did nothing.
    let is_fine = reply.status == 429
        || refused.iter().any(|one| *one == "*" && reply.status == 400 || code.contains(one));
    assert!(is_fine, "{method}: {} {}", reply.status, reply.text());
    None
}

fn number(value: &Value) -> Option<i64> {
    value
        .as_i64()
        .or_else(|| value.as_f64().map(|real| real as i64))
        .or_else(|| value.as_str()?.parse::<f64>().ok().map(|real| real as i64))
}

fn id_of(answer: &Value, name: &str) -> i64 {
    number(&answer["id"])
        .or_else(|| number(&answer[name]["id"]))
        .unwrap_or_else(|| panic!("no id in {answer}"))
}
