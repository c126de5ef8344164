//! `kill -9` while 64 documents are conducted and taken back side by side and baskets reserve: afterwards the stores hold to
//! the last unit what the conducted documents say, and keep what the baskets reserve. `PORTREEVE_KILLS` sets how often (`cargo
//! xtask soak` says 50).

use it::{Hook, Portal, Reply};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::mpsc::{Sender, channel};

const DOCUMENTS: usize = 64;
const BASKETS: usize = 8;
const PRODUCTS: i64 = 3;
const STORES: i64 = 3;

/// What lies where, by product and store, in ten-thousandths.
type Stock = BTreeMap<(i64, i64), i64>;

/// A document and what it moves while it is conducted.
struct Document {
    id: i64,
    moves: Vec<((i64, i64), i64)>,
    /// As far as answers said.
    is_conducted: bool,
    /// Whether a call had no answer.
    is_open: bool,
}

#[test]
fn stock_agrees_to_the_last_unit_after_kills() {
    let kills: usize = std::env::var("PORTREEVE_KILLS").map_or(3, |text| text.parse().unwrap());
    for (engine, portal) in Portal::on_each_engine() {
        println!("{kills} kills on {engine}");
        let server = portal.start();
        let hook = server.hook("crm,catalog,sale");
        let receipts = prepare(&hook);
        let mut documents: Vec<Document> = (0..DOCUMENTS).map(|number| draft(&hook, number)).collect();
        let baskets: Vec<i64> = (0..BASKETS).map(|number| basket(&hook, number)).collect();
        let (mut portal, mut acknowledged) = (server.stop(), 0);
        for round in 0..kills {
            let server = portal.start();
            let hook = server.same_hook(&hook);
            let (acknowledge, moves) = channel();
            // Not always at the same point of the load.
            let enough = 40 + (round * 37) % 150;
            let (killed, done) = std::thread::scope(|scope| {
                for document in &mut documents {
                    let (hook, acknowledge) = (hook.clone(), acknowledge.clone());
                    scope.spawn(move || move_until_it_breaks(&hook, document, &acknowledge));
                }
                for basket in &baskets {
                    let hook = hook.clone();
                    scope.spawn(move || reserve_until_it_breaks(&hook, *basket));
                }
                drop(acknowledge);
                let done = moves.iter().take(enough).count();
                let killed = server.kill();
                (killed, done + moves.iter().count())
            });
            assert!(done >= enough, "the writers gave up after {done}");
            acknowledged += done;
            let server = killed.start();
            check(&server.same_hook(&hook), &receipts, &mut documents, &baskets, round);
            portal = server.stop();
        }
        println!("{acknowledged} moves acknowledged, all there");
    }
}

/// Products and stores, and what receipts brought there from the start.
fn prepare(hook: &Hook) -> Vec<Document> {
    for _ in 0..PRODUCTS {
        hook.result(
            "crm.product.add",
            json!({"fields": {"NAME": "Chair", "PRICE": 10, "CURRENCY_ID": "USD"}}),
        );
    }
    // The first store is there from the start.
    (1..STORES).for_each(|_| _ = hook.result("catalog.store.add", json!({"fields": {"address": "x"}})));
    let places = (1..=PRODUCTS).flat_map(|product| (1..=STORES).map(move |store| (product, store)));
    let receipts = places.map(|(product, store)| {
        let receipt = add(hook, "A", &[(product, None, Some(store), 60_000)]);
        assert_eq!(hook.result("catalog.document.conduct", json!({"id": receipt.id})), true);
        Document { is_conducted: true, ..receipt }
    });
    receipts.collect()
}

/// Receipts, deductions and transfers, every other with two products, of few products and stores: everybody meets everybody.
fn draft(hook: &Hook, number: usize) -> Document {
    let at = i64::try_from(number).unwrap();
    let (store, amount) = (1 + at % STORES, 7_001 + 1_003 * (at % 5));
    let (kind, from, to) = match number % 3 {
        0 => ("A", None, Some(store)),
        1 => ("D", Some(store), None),
        _ => ("M", Some(store), Some(1 + (at + 1) % STORES)),
    };
    let lines =
        [(1 + (at / 2) % PRODUCTS, from, to, amount), (1 + (at / 2 + 1) % PRODUCTS, from, to, amount + 1)];
    add(hook, kind, &lines[..1 + number % 2])
}

/// A product, the stores that it moves between and the amount in ten-thousandths.
type Line = (i64, Option<i64>, Option<i64>, i64);

fn add(hook: &Hook, kind: &str, lines: &[Line]) -> Document {
    let fields = json!({"docType": kind, "responsibleId": 1, "currency": "USD"});
    let added = hook.result("catalog.document.add", json!({"fields": fields}));
    let id = added["document"]["id"].as_i64().unwrap();
    let mut moves = Vec::new();
    for (product, from, to, amount) in lines {
        let text = format!("{}.{:04}", amount / 10_000, amount % 10_000);
        let line =
            json!({"docId": id, "elementId": product, "storeFrom": from, "storeTo": to, "amount": text});
        hook.result("catalog.document.element.add", json!({"fields": line}));
        moves.extend(from.map(|store| ((*product, store), -amount)));
        moves.extend(to.map(|store| ((*product, store), *amount)));
    }
    Document { id, moves, is_conducted: false, is_open: false }
}

/// An order with something in its basket.
fn basket(hook: &Hook, number: usize) -> i64 {
    let fields = json!({"lid": "s1", "personTypeId": 1, "currency": "USD"});
    let order = hook.result("sale.order.add", json!({"fields": fields}))["order"]["id"].clone();
    let product = 1 + i64::try_from(number).unwrap() % PRODUCTS;
    let fields = json!({"orderId": order, "productId": product, "quantity": 1, "currency": "USD"});
    let added = hook.result("sale.basketitem.addCatalogProduct", json!({"fields": fields}));
    added["basketItem"]["id"].as_i64().unwrap()
}

/// Conducts a document and takes it back, in turn.
fn move_until_it_breaks(hook: &Hook, document: &mut Document, acknowledge: &Sender<()>) {
    loop {
        let verb = if document.is_conducted { "cancel" } else { "conduct" };
        let reply = hook.attempt(&format!("catalog.document.{verb}"), json!({"id": document.id}));
        let Some(reply) = reply else {
            document.is_open = true;
            return;
        };
        if reply.status == 200 {
            assert_eq!(reply.result(), true);
            document.is_conducted = !document.is_conducted;
            acknowledge.send(()).unwrap();
        } else {
            let said = reply.text();
            let is_refused = said.contains("There is not enough") || is_busy(&reply);
            assert!(is_refused, "{verb} #{}: {said}", document.id);
        }
    }
}

/// Has a basket hold more and less, in turn.
fn reserve_until_it_breaks(hook: &Hook, basket: i64) {
    for turn in 0.. {
        let fields = json!({"quantity": 1 + turn % 3});
        let params = json!({"id": basket, "fields": fields});
        let Some(reply) = hook.attempt("sale.basketitem.updateCatalogProduct", params) else { return };
        assert!(reply.status == 200 || is_busy(&reply), "{}", reply.text());
    }
}

/// Whether a call waited for others until it was given up, which did nothing.
fn is_busy(reply: &Reply) -> bool {
    reply.status == 429
}

/// Documents are as was acknowledged, or a step further where nobody heard the answer; stores hold what they say.
fn check(hook: &Hook, receipts: &[Document], documents: &mut [Document], baskets: &[i64], round: usize) {
    let conducted = rows(hook, "catalog.document.list", "documents", &json!({"status": "Y"}));
    let conducted: Vec<i64> = conducted.iter().map(|row| row["id"].as_i64().unwrap()).collect();
    for document in documents.iter_mut() {
        let is_conducted = conducted.contains(&document.id);
        let is_right = is_conducted == document.is_conducted || document.is_open;
        assert!(is_right, "round {round}: what was acknowledged of document {} is gone", document.id);
        (document.is_conducted, document.is_open) = (is_conducted, false);
    }
    let mut stock = Stock::new();
    for document in receipts.iter().chain(documents.iter()).filter(|document| document.is_conducted) {
        document.moves.iter().for_each(|(place, by)| *stock.entry(*place).or_default() += by);
    }
    let mut kept = Stock::new();
    for basket in baskets {
        let item = hook.result("sale.basketitem.get", json!({"id": basket}))["basketItem"].clone();
        for row in item["reservations"].as_array().unwrap() {
            let place = (item["productId"].as_i64().unwrap(), row["storeId"].as_i64().unwrap());
            *kept.entry(place).or_default() += units(&row["quantity"]);
        }
    }
    let remains = rows(hook, "catalog.storeproduct.list", "storeProducts", &json!({}));
    for row in &remains {
        let place = (row["productId"].as_i64().unwrap(), row["storeId"].as_i64().unwrap());
        let (amount, reserved) = (units(&row["amount"]), units(&row["quantityReserved"]));
        assert_eq!(amount, stock.remove(&place).unwrap_or(0), "round {round}: {place:?}");
        assert_eq!(reserved, kept.remove(&place).unwrap_or(0), "round {round}: reserved of {place:?}");
        assert!(reserved <= amount, "round {round}: more is reserved than there is at {place:?}");
    }
    stock.retain(|_, amount| *amount != 0);
    assert!(stock.is_empty() && kept.is_empty(), "round {round}: {stock:?} and {kept:?} are nowhere");
    for product in 1..=PRODUCTS {
        let of_product = remains.iter().filter(|row| row["productId"] == product);
        let sum: i64 = of_product.map(|row| units(&row["amount"])).sum();
        let shown = hook.result("catalog.product.get", json!({"id": product}))["product"]["quantity"].clone();
        assert_eq!(units(&shown), sum, "round {round}: product {product}");
    }
}

/// All rows of a list.
fn rows(hook: &Hook, method: &str, name: &str, filter: &Value) -> Vec<Value> {
    let (mut rows, mut last) = (Vec::new(), 0);
    loop {
        let mut filter = filter.clone();
        filter[">id"] = json!(last);
        let page = hook.result(method, json!({"filter": filter, "order": {"id": "ASC"}, "start": -1}));
        let page = page[name].as_array().unwrap();
        rows.extend(page.iter().cloned());
        match page.last() {
            Some(row) => last = row["id"].as_i64().unwrap(),
            None => return rows,
        }
    }
}

#[allow(clippy::cast_possible_truncation, reason = "amounts of tests are small")]
fn units(amount: &Value) -> i64 {
    (amount.as_f64().unwrap_or(0.0) * 10_000.0).round() as i64
}
