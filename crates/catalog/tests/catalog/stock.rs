//! Stock documents move stock exactly, or not at all.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use testportal::{Hook, portals};

const SCOPES: &str = "crm,catalog";

/// A draft with one product: type, product, stores and amount.
fn draft(hook: &Hook, kind: &str, product: i64, from: Option<i64>, to: Option<i64>, amount: &Json) -> i64 {
    let fields = json!({"docType": kind, "responsibleId": 1, "currency": "USD"});
    let document = hook.get("catalog.document.add", json!({"fields": fields}))["document"].clone();
    assert_eq!(document["dateStatus"], document["dateCreate"], "it is a draft since then");
    let id = document["id"].as_i64().unwrap();
    let line = json!({
        "docId": id, "elementId": product, "storeFrom": from, "storeTo": to, "amount": amount, "purchasingPrice": 2.5,
    });
    hook.get("catalog.document.element.add", json!({"fields": line}));
    id
}

fn conducted(
    hook: &Hook,
    kind: &str,
    product: i64,
    from: Option<i64>,
    to: Option<i64>,
    amount: &Json,
) -> i64 {
    let id = draft(hook, kind, product, from, to, amount);
    assert_eq!(hook.get("catalog.document.conduct", json!({"id": id})), true);
    id
}

/// What lies where, in ten-thousandths, where there is something.
fn remains(hook: &Hook) -> BTreeMap<(i64, i64), i64> {
    let rows = hook.get("catalog.storeproduct.list", json!({}));
    let rows = rows["storeProducts"].as_array().unwrap().iter();
    let all = rows.map(|row| {
        let place = (row["productId"].as_i64().unwrap(), row["storeId"].as_i64().unwrap());
        (place, units(&row["amount"]))
    });
    all.filter(|(_, amount)| *amount != 0).collect()
}

#[allow(clippy::cast_possible_truncation, reason = "amounts of tests are small")]
fn units(amount: &Json) -> i64 {
    (amount.as_f64().unwrap() * 10_000.0).round() as i64
}

fn quantity(hook: &Hook, product: i64) -> Json {
    hook.get("catalog.product.get", json!({"id": product}))["product"]["quantity"].clone()
}

fn prepare(hook: &Hook, products: i64, stores: i64) {
    (0..products).for_each(|_| _ = hook.get("crm.product.add", json!({"fields": {"NAME": "Chair"}})));
    // The first store is there from the start.
    (1..stores).for_each(|_| _ = hook.get("catalog.store.add", json!({"fields": {"address": "x"}})));
}

#[test]
fn documents_move_stock_by_their_type_and_take_it_back() {
    for portal in portals(SCOPES) {
        prepare(&portal, 1, 2);
        let receipt = conducted(&portal, "A", 1, None, Some(1), &json!(10.5));
        assert_eq!(remains(&portal), BTreeMap::from([((1, 1), 105_000)]));
        assert_eq!(quantity(&portal, 1), 10.5);
        let document =
            portal.get("catalog.document.list", json!({"filter": {"id": receipt}}))["documents"][0].clone();
        for (name, value) in [
            ("status", json!("Y")),
            ("total", json!(26.25)),
            ("statusBy", json!(1)),
            ("docNumber", json!(receipt.to_string())),
        ] {
            assert_eq!(document[name], value, "{name}");
        }
        let product = portal.get("catalog.product.list", json!({
            "filter": {"iblockId": 1, "id": 1}, "select": ["id", "iblockId", "purchasingPrice", "purchasingCurrency"],
        }));
        assert_eq!(product["products"][0]["purchasingPrice"], 2.5);
        assert_eq!(product["products"][0]["purchasingCurrency"], "USD");
        let transfer = conducted(&portal, "M", 1, Some(1), Some(2), &json!(4));
        conducted(&portal, "D", 1, Some(2), None, &json!("1.25"));
        conducted(&portal, "R", 1, None, Some(2), &json!(0.5));
        conducted(&portal, "R", 1, Some(1), None, &json!(1));
        conducted(&portal, "S", 1, None, Some(1), &json!(2));
        assert_eq!(remains(&portal), BTreeMap::from([((1, 1), 75_000), ((1, 2), 32_500)]));
        assert_eq!(quantity(&portal, 1), 10.75);
        // Not as much is left in the second store as the transfer brought there.
        let refused = portal.refused("catalog.document.cancel", json!({"id": transfer}));
        assert_eq!(
            refused.2,
            "Error cancelling document conduct: There is not enough of product #1 (Chair) in store #2"
        );
        assert_eq!(remains(&portal), BTreeMap::from([((1, 1), 75_000), ((1, 2), 32_500)]));
        conducted(&portal, "S", 1, None, Some(2), &json!(1));
        assert_eq!(portal.get("catalog.document.unconfirm", json!({"id": transfer})), true);
        assert_eq!(remains(&portal), BTreeMap::from([((1, 1), 115_000), ((1, 2), 2_500)]));
        let status =
            portal.get("catalog.document.list", json!({"filter": {"id": transfer}, "select": ["status"]}));
        assert_eq!(status["documents"], json!([{"status": "C"}]));
    }
}

#[test]
fn what_cannot_be_moved_is_refused_and_nothing_moves() {
    for portal in portals(SCOPES) {
        prepare(&portal, 2, 2);
        conducted(&portal, "A", 1, None, Some(1), &json!(5));
        let refused = |id: i64| portal.refused("catalog.document.conduct", json!({"id": id})).2;
        let more = draft(&portal, "D", 1, Some(1), None, &json!(5.0001));
        let said = "Document conducting error: There is not enough of product #1 (Chair) in store #1";
        assert_eq!(refused(more), said);
        // All of a document, or nothing: the receipt of the other product is not kept either.
        let both = draft(&portal, "M", 1, Some(1), Some(2), &json!(5));
        let line = json!({"docId": both, "elementId": 2, "storeFrom": 1, "storeTo": 2, "amount": 1});
        portal.get("catalog.document.element.add", json!({"fields": line}));
        assert!(refused(both).ends_with("There is not enough of product #2 (Chair) in store #1"));
        let list = portal.refused("catalog.document.conductList", json!({"documentIds": [both]}));
        assert!(
            list.2.starts_with(&format!("An error occurred while conducting the document \"#{both}\": "))
        );
        assert_eq!(remains(&portal), BTreeMap::from([((1, 1), 50_000)]));
        let empty = json!({"docType": "A", "responsibleId": 1, "currency": "USD"});
        let empty =
            portal.get("catalog.document.add", json!({"fields": empty}))["document"]["id"].as_i64().unwrap();
        assert_eq!(refused(empty), "Document conducting error: The document has no products");
        assert!(refused(draft(&portal, "A", 1, Some(1), None, &json!(1))).contains("No receiving store"));
        assert!(refused(draft(&portal, "A", 1, None, Some(1), &json!(-1))).contains("Incorrect quantity"));
        assert!(refused(draft(&portal, "M", 1, Some(1), Some(1), &json!(1))).contains("within one store"));
        // Amounts beyond all measure are refused, alone and together, and stock stays exact.
        let huge = json!(922_337_203_685_477_i64);
        assert!(refused(draft(&portal, "S", 1, None, Some(1), &huge)).contains("Incorrect quantity"));
        let most = json!(99_999_999_999_990_i64);
        let large = draft(&portal, "S", 1, None, Some(1), &most);
        portal.get("catalog.document.conduct", json!({"id": large}));
        assert!(refused(draft(&portal, "S", 1, None, Some(1), &most)).contains("Incorrect quantity"));
        portal.get("catalog.document.cancel", json!({"id": large}));
        assert_eq!(remains(&portal), BTreeMap::from([((1, 1), 50_000)]));
        assert_eq!(refused(999), "Document not found");
        let wrong = json!({"fields": {"docType": "Q", "responsibleId": 1, "currency": "USD"}});
        assert_eq!(portal.refused("catalog.document.add", wrong).2, "DOC_TYPE isn't available");
        let service = json!({"fields": {"iblockId": 1, "name": "Delivery"}});
        let service = portal.get("catalog.product.service.add", service)["service"]["id"].clone();
        let line = json!({"fields": {"docId": empty, "elementId": service, "storeTo": 1, "amount": 1}});
        assert_eq!(
            portal.refused("catalog.document.element.add", line).2,
            "Error of adding new document element"
        );
    }
}

#[test]
fn a_conducted_document_stays_as_it_is() {
    for portal in portals(SCOPES) {
        prepare(&portal, 1, 1);
        let id = conducted(&portal, "A", 1, None, Some(1), &json!(5));
        let line = json!({"fields": {"docId": id, "elementId": 1, "storeTo": 1, "amount": 1}});
        let refused = portal.refused("catalog.document.element.add", line);
        assert_eq!((refused.1.as_str(), refused.2.as_str()), ("ERROR_DOCUMENT_STATUS", "Conducted document"));
        assert_eq!(
            portal.refused("catalog.document.element.delete", json!({"id": 1})).1,
            "ERROR_DOCUMENT_STATUS"
        );
        let twice = portal.refused("catalog.document.confirm", json!({"id": id}));
        assert_eq!(twice.2, "Document conducting error: The document has already been conducted");
        assert_eq!(portal.get("catalog.document.delete", json!({"id": id})), Json::Null);
        let several = portal.refused("catalog.document.deleteList", json!({"documentIds": [id]}));
        assert_eq!(several.2, format!("You cannot delete document \"#{id}\" as it is processed"));
        // What lies in stores is changed by documents alone.
        portal.get("catalog.product.update", json!({"id": 1, "fields": {"quantity": 99}}));
        assert_eq!(quantity(&portal, 1), 5.0);
        assert_eq!(portal.refused("catalog.store.delete", json!({"id": 1})).0, 400);
        portal.get("catalog.document.cancel", json!({"id": id}));
        assert_eq!(portal.get("catalog.document.delete", json!({"id": id})), true);
        assert_eq!(portal.get("catalog.document.element.list", json!({}))["documentElements"], json!([]));
        assert_eq!(quantity(&portal, 1), 0.0);
    }
}

#[test]
fn a_receipt_has_contacts_and_one_company_as_contractors() {
    for portal in portals(SCOPES) {
        prepare(&portal, 1, 1);
        portal.get("crm.contact.add", json!({"fields": {"NAME": "Otto"}}));
        (0..2).for_each(|_| _ = portal.get("crm.company.add", json!({"fields": {"TITLE": "Nordlicht"}})));
        let document = draft(&portal, "A", 1, None, Some(1), &json!(1));
        let bind = |document: i64, kind: i64, id: i64| json!({"fields": {"documentId": document, "entityTypeId": kind, "entityId": id}});
        let refused = |params: Json| portal.refused("catalog.documentcontractor.add", params).2;
        let added = portal.get("catalog.documentcontractor.add", bind(document, 3, 1));
        assert_eq!(added["documentContractor"]["entityId"], 1);
        portal.get("catalog.documentcontractor.add", bind(document, 4, 1));
        assert_eq!(refused(bind(document, 3, 1)), "This contractor has been already bound to this document");
        assert_eq!(refused(bind(document, 4, 2)), "This document already has a Company contractor");
        assert_eq!(refused(bind(document, 2, 1)), "Wrong entity type id");
        assert_eq!(refused(bind(document, 3, 9)), "Wrong entity id");
        let transfer = draft(&portal, "M", 1, Some(1), Some(1), &json!(1));
        assert_eq!(refused(bind(transfer, 3, 1)), "Type of store document is wrong");
        let list = portal.get("catalog.documentcontractor.list", json!({"filter": {"documentId": document}}));
        assert_eq!(list["documentContractor"].as_array().unwrap().len(), 2);
        assert_eq!(portal.get("catalog.documentcontractor.delete", json!({"id": 1})), true);
        assert_eq!(
            portal.refused("catalog.documentcontractor.delete", json!({"id": 1})).2,
            "Binding was not found"
        );
    }
}

/// What a document does where it is conducted: products, stores and ten-thousandths.
type Moves = Vec<((i64, i64), i64)>;

#[test]
fn sums_agree_after_sixty_four_documents_side_by_side() {
    for portal in portals(SCOPES) {
        prepare(&portal, 3, 3);
        (1..=3).for_each(|product| _ = conducted(&portal, "A", product, None, Some(1), &json!(10)));
        let jobs: Vec<(i64, Moves, bool)> = (0..64_i64)
            .map(|number| {
                let (product, amount) = (number % 3 + 1, 0.7 + 0.1 * (number % 5) as f64);
                let (kind, from, to) = match number % 4 {
                    0 => ("A", None, Some(number % 3 + 1)),
                    1 => ("D", Some(1), None),
                    _ => ("M", Some(number % 2 + 1), Some(3)),
                };
                let id = draft(&portal, kind, product, from, to, &json!(amount));
                let by = units(&json!(amount));
                let out = from.map(|store| ((product, store), -by));
                let moves = out.into_iter().chain(to.map(|store| ((product, store), by))).collect();
                (id, moves, number % 5 == 0)
            })
            .collect();
        let done: Vec<Moves> = std::thread::scope(|scope| {
            let runs: Vec<_> = jobs
                .into_iter()
                .map(|(id, moves, back)| {
                    let hook: &Hook = &portal;
                    scope.spawn(move || {
                        let works = |method: &str| match hook.ask(method, json!({"id": id})) {
                            Ok(answer) => answer == true,
                            Err(fault) => {
                                assert!(fault.message.contains("There is not enough"), "{}", fault.message);
                                false
                            }
                        };
                        let stays =
                            works("catalog.document.conduct") && !(back && works("catalog.document.cancel"));
                        if stays { moves } else { Vec::new() }
                    })
                })
                .collect();
            runs.into_iter().map(|run| run.join().unwrap()).collect()
        });
        assert!(done.iter().any(Vec::is_empty) && done.iter().any(|moves| !moves.is_empty()));
        let mut model: BTreeMap<(i64, i64), i64> = (1..=3).map(|product| ((product, 1), 100_000)).collect();
        done.into_iter().flatten().for_each(|(place, by)| *model.entry(place).or_default() += by);
        model.retain(|_, amount| *amount != 0);
        assert!(model.values().all(|amount| *amount > 0), "{model:?}");
        assert_eq!(remains(&portal), model, "on {}", portal.engine);
        for product in 1..=3 {
            let sum: i64 = model.iter().filter(|((of, _), _)| *of == product).map(|(_, amount)| amount).sum();
            assert_eq!(units(&quantity(&portal, product)), sum, "product {product}");
        }
    }
}

#[test]
fn of_many_who_conduct_a_document_one_does() {
    for portal in portals(SCOPES) {
        prepare(&portal, 1, 1);
        let id = draft(&portal, "A", 1, None, Some(1), &json!(1));
        let done: usize = std::thread::scope(|scope| {
            let hook: &Hook = &portal;
            let run = || scope.spawn(move || hook.ask("catalog.document.conduct", json!({"id": id})).is_ok());
            let runs: Vec<_> = (0..16).map(|_| run()).collect();
            runs.into_iter().map(|run| usize::from(run.join().unwrap())).sum()
        });
        assert_eq!((done, remains(&portal)), (1, BTreeMap::from([((1, 1), 10_000)])));
    }
}

#[test]
fn a_document_is_taken_back_without_what_was_deleted_since() {
    for portal in portals(SCOPES) {
        prepare(&portal, 2, 1);
        let receipt = conducted(&portal, "A", 1, None, Some(1), &json!(5));
        let line = json!({"docId": receipt, "elementId": 2, "storeTo": 1, "amount": 3});
        portal.refused("catalog.document.element.add", json!({"fields": line}));
        let other = conducted(&portal, "A", 2, None, Some(1), &json!(3));
        portal.get("catalog.product.delete", json!({"id": 1}));
        assert_eq!(remains(&portal).len(), 1);
        for id in [receipt, other] {
            assert_eq!(portal.get("catalog.document.cancel", json!({"id": id})), true);
            portal.get("catalog.document.delete", json!({"id": id}));
        }
        assert_eq!(remains(&portal).len(), 0);
        // One that is still to be conducted says what is missing.
        let draft = draft(&portal, "A", 2, None, Some(1), &json!(1));
        portal.get("catalog.product.delete", json!({"id": 2}));
        let text = portal.refused("catalog.document.conduct", json!({"id": draft})).2;
        assert!(text.contains("Product #2 does not exist"), "{text}");
    }
}
