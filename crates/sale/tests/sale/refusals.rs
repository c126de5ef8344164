//! Who may do what, and in which words everything else is refused.

use serde_json::{Value as Json, json};
use testportal::portals;

use crate::{SCOPES, item, order, payment, shipment};

/// Every family is for administrators; only platforms and what invoices name are for everybody.
#[test]
fn employees_see_no_orders() {
    for portal in portals(SCOPES) {
        let id = order(&portal);
        item(&portal, id, &json!(10), &json!(1), (&Json::Null, "N"));
        payment(&portal, id, &json!(10), "N");
        shipment(&portal, id, &json!(1));
        let otto = portal.employee("otto@example.com", SCOPES);
        let read = "200040300010";
        let edit = "200040300020";
        for (method, code) in [
            ("sale.order.list", read),
            ("sale.basketitem.list", read),
            ("sale.payment.list", read),
            ("sale.shipment.list", read),
            ("sale.propertyvalue.list", read),
            ("sale.status.list", read),
            ("sale.statusLang.getListLangs", read),
            ("sale.persontype.list", read),
            ("sale.property.list", read),
            ("sale.paysystem.list", "ACCESS_DENIED"),
            ("sale.paysystem.handler.list", "ACCESS_DENIED"),
            ("sale.cashbox.list", "ACCESS_DENIED"),
            ("sale.delivery.getlist", "ACCESS_DENIED"),
            ("crm.orderentity.list", read),
        ] {
            assert_eq!(otto.refused(method, json!({})).1, code, "{method}");
        }
        for (method, code) in [
            ("sale.order.get", read),
            ("sale.order.delete", edit),
            ("sale.payment.delete", edit),
            ("sale.shipment.delete", edit),
            ("sale.basketitem.delete", read),
        ] {
            assert_eq!(otto.refused(method, json!({"id": 1})).1, code, "{method}");
        }
        let fields = json!({"lid": "s1", "personTypeId": 1, "currency": "USD"});
        assert_eq!(otto.refused("sale.order.add", json!({"fields": fields})).1, edit);
        let values = json!({"order": {"id": id, "propertyValues": []}});
        assert_eq!(otto.refused("sale.propertyvalue.modify", json!({"fields": values})).1, edit);
        assert_eq!(
            otto.refused("sale.paysystem.pay.payment", json!({"PAYMENT_ID": 1, "PAY_SYSTEM_ID": 3})).0,
            403
        );
        assert!(otto.ask("sale.tradePlatform.list", json!({})).is_ok());
        assert_eq!(portal.get("sale.order.get", json!({"id": id}))["order"]["payed"], "N");
    }
}

#[test]
fn what_is_missing_or_unfit_has_a_number() {
    for portal in portals(SCOPES) {
        let id = order(&portal);
        let basket = item(&portal, id, &json!(10), &json!(1), (&Json::Null, "N"));
        let (payment, shipment) = (payment(&portal, id, &json!(1), "N"), shipment(&portal, id, &json!(1)));
        let other = order(&portal);
        let foreign = item(&portal, other, &json!(10), &json!(1), (&Json::Null, "N"));
        let fields = |fields: Json| json!({"fields": fields});
        let cases = [
            ("sale.order.get", json!({"id": 999}), "200540400001"),
            ("sale.order.add", fields(json!({"lid": "s1"})), "0"),
            ("sale.order.add", json!({}), "100"),
            ("sale.order.add", fields(json!({"lid": "s1", "personTypeId": 99, "currency": "USD"})), "0"),
            ("sale.order.add", fields(json!({"lid": "s1", "personTypeId": 1, "currency": "XXX"})), "0"),
            ("sale.basketitem.add", fields(json!({"productId": 0, "quantity": 1})), "200140400008"),
            (
                "sale.basketitem.add",
                fields(json!({"orderId": 999, "productId": 0, "quantity": 1})),
                "200140400009",
            ),
            ("sale.basketitem.add", fields(json!({"orderId": id, "productId": 0, "quantity": 0})), "0"),
            (
                "sale.basketitem.add",
                fields(json!({"orderId": id, "productId": 0, "quantity": 1, "price": -1})),
                "0",
            ),
            (
                "sale.basketproperties.add",
                fields(json!({"name": "x", "value": "x", "code": "x"})),
                "200240400004",
            ),
            ("sale.basketproperties.get", json!({"id": 999}), "200240400003"),
            ("sale.payment.get", json!({"id": 999}), "200640400001"),
            ("sale.payment.add", fields(json!({"orderId": id, "paySystemId": 999})), "0"),
            ("sale.payment.update", json!({"id": payment, "fields": {"sum": 1}}), "0"),
            ("sale.shipment.get", json!({"id": 999}), "201140400001"),
            (
                "sale.shipment.add",
                fields(json!({"orderId": id, "deliveryId": 999, "allowDelivery": "N", "deducted": "N"})),
                "SALE_SHIPMENT_WRONG_DELIVERY_SERVICE",
            ),
            (
                "sale.shipmentitem.add",
                fields(json!({"orderDeliveryId": shipment, "basketId": foreign, "quantity": 1})),
                "201240400003",
            ),
            (
                "sale.paymentitembasket.add",
                fields(json!({"paymentId": 999, "basketId": basket, "quantity": 1})),
                "201240400002",
            ),
            (
                "sale.paymentItemShipment.add",
                fields(json!({"paymentId": payment, "shipmentId": 999})),
                "201240400003",
            ),
            ("sale.status.add", fields(json!({"id": "N", "type": "O"})), "201350000001"),
            ("sale.status.add", fields(json!({"id": "ABC", "type": "O"})), "201350000005"),
            ("sale.status.add", fields(json!({"id": "A", "type": "X"})), "201350000003"),
            ("sale.status.delete", json!({"id": "DF"}), "201350000002"),
            ("sale.status.update", json!({"id": "F", "fields": {"type": "D"}}), "201350000006"),
            (
                "sale.statusLang.add",
                fields(json!({"statusId": "N", "lid": "xx", "name": "x"})),
                "201750000004",
            ),
            (
                "sale.statusLang.add",
                fields(json!({"statusId": "N", "lid": "en", "name": "x"})),
                "201750000003",
            ),
            ("sale.persontype.delete", json!({"id": 1}), "200750000003"),
            ("sale.persontype.add", fields(json!({"name": "x", "code": "CRM_COMPANY"})), "200750000005"),
            ("sale.propertyvalue.get", json!({"id": 999}), "201040400001"),
            ("sale.paysystem.settings.get", json!({"ID": 999, "PERSON_TYPE_ID": 1}), "ERROR_CHECK_FAILURE"),
            ("sale.paysystem.add", json!({"NAME": "x", "PERSON_TYPE_ID": 1}), "ERROR_CHECK_FAILURE"),
            (
                "sale.paysystem.add",
                json!({"NAME": "x", "PERSON_TYPE_ID": 1, "BX_REST_HANDLER": "none"}),
                "ERROR_HANDLER_NOT_FOUND",
            ),
            ("sale.cashbox.delete", json!({"ID": 99}), "ERROR_CASHBOX_NOT_FOUND"),
            ("sale.cashbox.delete", json!({}), "ERROR_CHECK_FAILURE"),
            ("sale.cashbox.check.apply", json!({"UUID": "none"}), "ERROR_CHECK_NOT_FOUND"),
            ("sale.delivery.delete", json!({"ID": 99}), "ERROR_DELIVERY_NOT_FOUND"),
            (
                "sale.delivery.request.update",
                json!({"DELIVERY_ID": 2, "REQUEST_ID": "none"}),
                "REQUEST_NOT_FOUND",
            ),
        ];
        for (method, params, code) in cases {
            assert_eq!(portal.refused(method, params.clone()).1, code, "{method} {params}");
        }
    }
}

#[test]
fn payments_pay_for_rows_of_their_own_item() {
    for portal in portals(SCOPES) {
        let item = json!({"fields": {"TITLE": "Chairs"}});
        let deal = portal.get("crm.deal.add", item.clone());
        assert_eq!(portal.get("crm.lead.add", item), deal, "two items with one number");
        let payment = portal.get("crm.item.payment.add", json!({"entityId": deal, "entityTypeId": 2}));
        let row = |kind: &str| {
            let fields = json!({
                "ownerType": kind, "ownerId": deal, "productName": "Chair", "price": 10, "quantity": 2,
            });
            portal.get("crm.item.productrow.add", json!({"fields": fields}))["productRow"]["id"].clone()
        };
        let params = |row: Json| json!({"paymentId": payment, "rowId": row, "quantity": 1});
        let refused = portal.refused("crm.item.payment.product.add", params(row("L")));
        assert_eq!(refused, (400, "0".into(), "Product row has not been found".into()));
        let paid = row("D");
        let line = portal.get("crm.item.payment.product.add", params(paid.clone()));
        // One of the two chairs is left, and none of what is paid for as a whole.
        let asked = |kind: &str| json!({"ownerId": deal, "ownerType": kind});
        let left =
            || portal.get("crm.item.productrow.getAvailableForPayment", asked("D"))["productRows"].clone();
        assert_eq!((&left()[0]["id"], left()[0]["quantity"].as_f64()), (&paid, Some(1.0)));
        portal.get("crm.item.payment.product.setQuantity", json!({"id": line, "quantity": 2}));
        assert_eq!(left(), json!([]));
        let otto = portal.employee("otto@example.com", SCOPES);
        for asked in [asked("X"), asked("D"), json!({"ownerId": 999, "ownerType": "D"})] {
            let refused = otto.refused("crm.item.productrow.getAvailableForPayment", asked);
            assert_eq!((refused.0, refused.1.as_str()), (400, "ACCESS_DENIED"));
        }
    }
}
