//! What orders come to, and the moves that they make by themselves.

use serde_json::{Value as Json, json};
use testportal::portals;

use crate::{SCOPES, item, order, payment, shipment, shown};

/// Numbers that look random, the same every time.
fn numbers() -> impl FnMut(i128) -> i128 {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        i128::from(state) % below
    }
}

/// A quotient, rounded half away from zero.
fn rounded(dividend: i128, divisor: i128) -> i128 {
    (2 * dividend + divisor) / (2 * divisor)
}

/// A number as a request writes it: so many ten-thousandths.
fn written(units: i128) -> Json {
    json!(format!("{}.{:04}", units / 10_000, units % 10_000))
}

#[allow(clippy::cast_possible_truncation, reason = "sums of tests are small")]
fn cents(value: &Json) -> i128 {
    i128::from((value.as_f64().unwrap() * 100.0).round() as i64)
}

#[test]
fn sums_are_exact_whatever_is_added_changed_and_deleted() {
    for portal in portals(SCOPES) {
        let mut any = numbers();
        for _ in 0..6 {
            let id = order(&portal);
            let (mut lines, mut deliveries) = (Vec::new(), Vec::new());
            for _ in 0..5 {
                let (price, quantity) = (any(9_000_000), any(300_000) + 1);
                let rate = (any(3) > 0).then(|| any(2_500));
                let included = any(2) == 0;
                let vat = (rate.map_or(Json::Null, written), if included { "Y" } else { "N" });
                let number = item(&portal, id, &written(price), &written(quantity), (&vat.0, vat.1));
                lines.push((number, price, quantity, rate.unwrap_or_default(), included));
            }
            for _ in 0..2 {
                let price = any(500_000);
                deliveries.push((shipment(&portal, id, &written(price)), price));
            }
            let (changed, quantity) = (lines[0].0, any(300_000) + 1);
            let fields = json!({"quantity": written(quantity)});
            let answer =
                portal.page("sale.basketitem.update", json!({"id": changed, "fields": fields})).unwrap();
            assert_eq!(answer.total, Some(1), "as lists have it");
            lines[0].2 = quantity;
            portal.get("sale.basketitem.delete", json!({"id": lines.pop().unwrap().0}));
            portal.get("sale.shipment.delete", json!({"id": deliveries.pop().unwrap().0}));
            let (mut price, mut tax) = (0, 0);
            for (_, unit, quantity, rate, included) in &lines {
                let sum = rounded(unit * quantity, 1_000_000);
                let part =
                    if *included { rounded(sum * rate, 10_000 + rate) } else { rounded(sum * rate, 10_000) };
                tax += part;
                price += if *included { sum } else { sum + part };
            }
            price += deliveries.iter().map(|(_, price)| rounded(*price, 100)).sum::<i128>();
            let found = shown(&portal, id);
            assert_eq!((cents(&found["price"]), cents(&found["taxValue"])), (price, tax), "{lines:?}");
        }
    }
}

#[test]
fn an_order_is_paid_once_payments_cover_it() {
    for portal in portals(SCOPES) {
        let id = order(&portal);
        item(&portal, id, &json!(100), &json!(1), (&Json::Null, "N"));
        assert_eq!(shown(&portal, id)["payed"], "N");
        payment(&portal, id, &json!(60), "Y");
        assert_eq!(shown(&portal, id)["payed"], "N");
        let second = payment(&portal, id, &json!(40), "N");
        assert_eq!(shown(&portal, id)["payed"], "N");
        let paid =
            portal.get("sale.paysystem.pay.payment", json!({"PAYMENT_ID": second, "PAY_SYSTEM_ID": 3}));
        assert_eq!(paid, true);
        let found = shown(&portal, id);
        assert_eq!(found["payed"], "Y");
        let payments = found["payments"].as_array().unwrap();
        assert_eq!(payments[1]["accountNumber"], format!("{id}/2"));
        assert_eq!((&payments[1]["empPaidId"], payments[1]["datePaid"].is_string()), (&json!(1), true));
        // What was returned is not paid, and a dearer order is not paid either.
        portal
            .get("sale.payment.update", json!({"id": second, "fields": {"paySystemId": 3, "isReturn": "Y"}}));
        assert_eq!(shown(&portal, id)["payed"], "N");
        portal
            .get("sale.payment.update", json!({"id": second, "fields": {"paySystemId": 3, "isReturn": "N"}}));
        assert_eq!(shown(&portal, id)["payed"], "Y");
        item(&portal, id, &json!(0.01), &json!(1), (&Json::Null, "N"));
        assert_eq!(shown(&portal, id)["payed"], "N");
    }
}

#[test]
fn an_order_is_shipped_once_everything_in_it_is() {
    for portal in portals(SCOPES) {
        let id = order(&portal);
        let basket = item(&portal, id, &json!(10), &json!(3), (&Json::Null, "N"));
        let add = |shipment: i64, quantity: i64| {
            let fields = json!({"orderDeliveryId": shipment, "basketId": basket, "quantity": quantity});
            portal.ask("sale.shipmentitem.add", json!({"fields": fields}))
        };
        let ship = |id: i64, deducted: &str| {
            let fields = json!({"allowDelivery": "Y", "deducted": deducted, "deliveryId": 2});
            portal.get("sale.shipment.update", json!({"id": id, "fields": fields}))["shipment"].clone()
        };
        let first = shipment(&portal, id, &json!(0));
        add(first, 2).unwrap();
        assert_eq!(ship(first, "Y")["empDeductedId"], 1);
        assert_eq!(shown(&portal, id)["deducted"], "N");
        let second = shipment(&portal, id, &json!(0));
        assert!(add(second, 2).is_err(), "only one is left");
        add(second, 1).unwrap();
        assert_eq!(shown(&portal, id)["deducted"], "N");
        ship(second, "Y");
        assert_eq!(shown(&portal, id)["deducted"], "Y");
        ship(second, "N");
        assert_eq!(shown(&portal, id)["deducted"], "N");
        // What was shipped can be neither deleted nor changed.
        let refused = portal.refused("sale.shipment.delete", json!({"id": first}));
        assert_eq!(refused.1, "SALE_SHIPMENT_EXIST_SHIPPED");
        assert!(portal.ask("sale.basketitem.delete", json!({"id": basket})).is_err());
        portal.refused("sale.basketitem.update", json!({"id": basket, "fields": {"quantity": 1}}));
        assert!(shown(&portal, id)["shipments"].as_array().unwrap().iter().all(|one| one["system"] == "N"));
    }
}

#[test]
fn canceling_and_deleting_need_what_was_done_to_be_undone() {
    for portal in portals(SCOPES) {
        let id = order(&portal);
        item(&portal, id, &json!(10), &json!(1), (&Json::Null, "N"));
        let paid = payment(&portal, id, &json!(10), "Y");
        let cancel = json!({"id": id, "fields": {"canceled": "Y", "reasonCanceled": "Changed my mind"}});
        let code = "SALE_ORDER_CANCEL_PAYMENT_EXIST_ACTIVE";
        assert_eq!(portal.refused("sale.order.update", cancel.clone()).1, code);
        assert_eq!(portal.refused("sale.order.delete", json!({"id": id})).1, code);
        portal.get("sale.payment.update", json!({"id": paid, "fields": {"paySystemId": 3, "paid": "N"}}));
        let found = portal.get("sale.order.update", cancel)["order"].clone();
        assert_eq!((&found["canceled"], &found["empCanceledId"]), (&json!("Y"), &json!(1)));
        assert!(found["dateCanceled"].is_string());
        assert_eq!(portal.get("sale.order.delete", json!({"id": id})), true);
        for (method, name) in
            [("basketitem", "basketItems"), ("payment", "payments"), ("shipment", "shipments")]
        {
            let left = portal.get(&format!("sale.{method}.list"), json!({"filter": {"orderId": id}}));
            assert_eq!(left[name], json!([]), "{method}");
        }
        assert_eq!(portal.refused("sale.order.get", json!({"id": id})).1, "200540400001");
    }
}

#[test]
fn an_order_has_a_number_an_external_id_and_a_version() {
    for portal in portals(SCOPES) {
        let id = order(&portal);
        let found = shown(&portal, id);
        assert_eq!((&found["accountNumber"], &found["statusId"]), (&json!(id.to_string()), &json!("N")));
        assert!(found["xmlId"].as_str().unwrap().starts_with("bx_"));
        assert_eq!((&found["version"], &found["price"], &found["lid"]), (&json!(0), &json!(0), &json!("s1")));
        let list = portal.get("sale.order.list", json!({"filter": {"accountNumber": id.to_string()}}));
        assert_eq!(list["orders"][0]["id"], id);
        assert!(list["orders"][0].get("basketItems").is_none(), "lists are flat");
        let changed =
            portal.get("sale.order.update", json!({"id": id, "fields": {"statusId": "P"}}))["order"].clone();
        assert_eq!((&changed["version"], &changed["empStatusId"]), (&json!(1), &json!(1)));
        let unknown = portal.refused("sale.order.update", json!({"id": id, "fields": {"statusId": "DN"}}));
        assert_eq!(unknown.1, "0", "a status of shipments is none of orders");
    }
}

#[test]
fn clients_platforms_and_requisites_come_with_the_order() {
    for portal in portals(SCOPES) {
        let contact = portal.get("crm.contact.add", json!({"fields": {"NAME": "Ada"}})).as_i64().unwrap();
        let fields = json!({
            "lid": "s1", "personTypeId": 1, "currency": "USD",
            "clients": [{"entityTypeId": 3, "entityId": contact, "isPrimary": "Y"}],
            "tradeBindings": [{"tradingPlatformId": 1, "externalOrderId": "A-7"}],
        });
        let added = portal.get("sale.order.add", json!({"fields": fields}))["order"].clone();
        assert_eq!(added["clients"][0]["entityId"], contact);
        assert_eq!(added["tradeBindings"][0]["tradingPlatformId"], "1");
        assert_eq!(added["requisiteLink"], json!([]));
        let bad = json!({"clients": [{"entityTypeId": 3, "entityId": 999_999}]});
        portal.refused("sale.order.update", json!({"id": added["id"], "fields": bad}));
        let bad = json!({"requisiteLink": {"requisiteId": 999_999}});
        portal.refused("sale.order.update", json!({"id": added["id"], "fields": bad}));
        assert_eq!(shown(&portal, added["id"].as_i64().unwrap())["clients"][0]["entityId"], contact);
    }
}
