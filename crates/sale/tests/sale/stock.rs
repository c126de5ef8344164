//! Orders keep stock, and shipments take it.

use serde_json::{Value as Json, json};
use testportal::{Hook, portals};

use crate::{SCOPES, order, shipment, shown};

/// A product with so many pieces in store 1, which is not sold without.
fn product(hook: &Hook, pieces: i64) -> i64 {
    let fields = json!({"NAME": "Chair", "PRICE": 250, "CURRENCY_ID": "USD"});
    let id = hook.get("crm.product.add", json!({"fields": fields})).as_i64().unwrap();
    let traced = json!({"quantityTrace": "Y", "canBuyZero": "N"});
    hook.get("catalog.product.update", json!({"id": id, "fields": traced}));
    receive(hook, id, 1, pieces);
    id
}

fn receive(hook: &Hook, product: i64, store: i64, pieces: i64) {
    let fields = json!({"docType": "A", "responsibleId": 1, "currency": "USD"});
    let document = hook.get("catalog.document.add", json!({"fields": fields}))["document"]["id"].clone();
    let line = json!({"docId": document, "elementId": product, "storeTo": store, "amount": pieces});
    hook.get("catalog.document.element.add", json!({"fields": line}));
    assert_eq!(hook.get("catalog.document.conduct", json!({"id": document})), true);
}

fn put(hook: &Hook, order: i64, product: i64, quantity: i64) -> Result<i64, String> {
    let fields = json!({"orderId": order, "productId": product, "quantity": quantity, "currency": "USD"});
    match hook.ask("sale.basketitem.addCatalogProduct", json!({"fields": fields})) {
        Ok(answer) => Ok(answer["basketItem"]["id"].as_i64().unwrap()),
        Err(fault) => Err(fault.code.into_owned()),
    }
}

/// What lies in the stores and what of it is reserved.
fn stock(hook: &Hook, product: i64) -> (f64, f64) {
    let rows = hook.get("catalog.storeproduct.list", json!({"filter": {"productId": product}}));
    let sum = |name: &str| {
        rows["storeProducts"].as_array().unwrap().iter().map(|row| row[name].as_f64().unwrap_or(0.0)).sum()
    };
    (sum("amount"), sum("quantityReserved"))
}

#[test]
fn two_hundred_baskets_side_by_side_sell_the_last_ten() {
    for portal in portals(SCOPES) {
        let id = product(&portal, 10);
        let orders: Vec<i64> = (0..200).map(|_| order(&portal)).collect();
        let sold: Vec<bool> = std::thread::scope(|scope| {
            let hook: &Hook = &portal;
            let runs: Vec<_> = orders
                .iter()
                .map(|order| {
                    scope.spawn(move || match put(hook, *order, id, 1) {
                        Ok(_) => true,
                        Err(code) => {
                            assert_eq!(code, "200140400007");
                            false
                        }
                    })
                })
                .collect();
            runs.into_iter().map(|run| run.join().unwrap()).collect()
        });
        assert_eq!(sold.iter().filter(|sold| **sold).count(), 10, "on {}", portal.engine);
        assert_eq!(stock(&portal, id), (10.0, 10.0));
        // What was not sold left nothing behind.
        let items = portal.get("sale.basketitem.list", json!({"filter": {"productId": id}}));
        assert_eq!(items["basketItems"].as_array().unwrap().len(), 10);
        let sums = orders.iter().map(|order| shown(&portal, *order)["price"].as_f64().unwrap()).sum::<f64>();
        assert_eq!(sums, 2_500.0);
    }
}

#[test]
fn stock_follows_an_order_from_the_basket_to_the_shipment_and_back() {
    for portal in portals(SCOPES) {
        let id = product(&portal, 10);
        let number = order(&portal);
        let basket = put(&portal, number, id, 4).unwrap();
        assert_eq!(stock(&portal, id), (10.0, 4.0));
        let kept = portal.get("sale.basketitem.get", json!({"id": basket}))["basketItem"].clone();
        assert_eq!(
            (&kept["reservations"][0]["quantity"], &kept["reservations"][0]["storeId"]),
            (&json!(4), &json!(1))
        );
        // More than there is is refused, and changes nothing.
        let update = |quantity: i64| {
            portal.ask(
                "sale.basketitem.updateCatalogProduct",
                json!({"id": basket, "fields": {"quantity": quantity}}),
            )
        };
        assert_eq!(update(11).unwrap_err().code, "200140400007");
        assert_eq!(stock(&portal, id), (10.0, 4.0));
        update(6).unwrap();
        assert_eq!(stock(&portal, id), (10.0, 6.0));
        // A canceled order keeps nothing; one that is taken up again does.
        let cancel =
            |flag: &str| portal.ask("sale.order.update", json!({"id": number, "fields": {"canceled": flag}}));
        cancel("Y").unwrap();
        assert_eq!(stock(&portal, id), (10.0, 0.0));
        let rival = order(&portal);
        let theirs = put(&portal, rival, id, 7).unwrap();
        assert!(cancel("N").is_err(), "six are no longer there");
        portal.get("sale.basketitem.delete", json!({"id": theirs}));
        cancel("N").unwrap();
        assert_eq!(stock(&portal, id), (10.0, 6.0));
        ship(&portal, number, basket, id);
    }
}

fn ship(portal: &Hook, number: i64, basket: i64, id: i64) {
    let shipment = shipment(portal, number, &json!(0));
    let fields = json!({"orderDeliveryId": shipment, "basketId": basket, "quantity": 5});
    let item = portal.get("sale.shipmentitem.add", json!({"fields": fields}))["shipmentItem"].clone();
    assert_eq!(item["reservedQuantity"], 5);
    let deduct = |flag: &str| {
        let fields = json!({"allowDelivery": "Y", "deducted": flag, "deliveryId": 2});
        portal.get("sale.shipment.update", json!({"id": shipment, "fields": fields}));
    };
    deduct("Y");
    assert_eq!(stock(portal, id), (5.0, 1.0));
    let quantity = portal.get("catalog.product.get", json!({"id": id}))["product"]["quantity"].clone();
    assert_eq!(quantity.as_f64(), Some(5.0));
    deduct("N");
    assert_eq!(stock(portal, id), (10.0, 6.0));
    deduct("Y");
    deduct("N");
    portal.get("sale.order.delete", json!({"id": number}));
    assert_eq!(stock(portal, id), (10.0, 0.0));
}

#[test]
fn an_order_takes_from_several_stores_and_untraced_products_as_they_are() {
    for portal in portals(SCOPES) {
        let id = product(&portal, 3);
        let store =
            portal.get("catalog.store.add", json!({"fields": {"address": "x"}}))["store"]["id"].clone();
        receive(&portal, id, store.as_i64().unwrap(), 4);
        put(&portal, order(&portal), id, 6).unwrap();
        assert_eq!(stock(&portal, id), (7.0, 6.0));
        assert_eq!(put(&portal, order(&portal), id, 2), Err("200140400007".to_owned()));
        // Without a trace it is sold beyond what there is, and what there is is kept for it.
        let fields = json!({"quantityTrace": "N"});
        portal.get("catalog.product.update", json!({"id": id, "fields": fields}));
        put(&portal, order(&portal), id, 5).unwrap();
        assert_eq!(stock(&portal, id), (7.0, 7.0));
        let service =
            portal.get("catalog.product.service.add", json!({"fields": {"iblockId": 1, "name": "Delivery"}}));
        let service = service["service"]["id"].as_i64().unwrap();
        assert!(put(&portal, order(&portal), service, 5).is_ok());
    }
}

#[test]
fn a_product_brings_what_the_catalogue_knows() {
    for portal in portals(SCOPES) {
        let id = product(&portal, 10);
        let number = order(&portal);
        let basket = put(&portal, number, id, 2).unwrap();
        let found = portal.get("sale.basketitem.get", json!({"id": basket}))["basketItem"].clone();
        for (name, value) in [
            ("name", json!("Chair")),
            ("price", json!(250)),
            ("basePrice", json!(250)),
            ("discountPrice", json!(0)),
            ("customPrice", json!("N")),
            ("currency", json!("USD")),
            ("productXmlId", json!(id.to_string())),
        ] {
            assert_eq!(found[name], value, "{name}");
        }
        // A price that is given is the item's own; the base price is always the price and the discount.
        let fields = json!({"price": 10, "discountPrice": 240});
        let found =
            portal.get("sale.basketitem.update", json!({"id": basket, "fields": fields}))["basketItem"]
                .clone();
        assert_eq!((&found["basePrice"], &found["customPrice"]), (&json!(250), &json!("Y")));
        let wrong = json!({"price": 10, "discountPrice": 1, "basePrice": 250});
        assert_eq!(portal.refused("sale.basketitem.update", json!({"id": basket, "fields": wrong})).1, "0");
        inactive(&portal, number, id);
    }
}

fn inactive(portal: &Hook, order: i64, id: i64) {
    portal.get("catalog.product.update", json!({"id": id, "fields": {"active": "N"}}));
    assert_eq!(put(portal, order, id, 1), Err("200140400007".to_owned()));
    assert_eq!(put(portal, order, 999_999, 1), Err("200140400007".to_owned()));
    let other: Json =
        json!({"orderId": order, "productId": 0, "name": "x", "quantity": 1, "price": 1, "currency": "EUR"});
    assert_eq!(portal.refused("sale.basketitem.add", json!({"fields": other})).1, "200140400011");
}
