//! What the demo portal has of orders.
//!
//! Order 1 has two shelves and a service of the catalogue's, is paid in part and may be shipped; order 2 has a piece that is not in the
//! catalogue. Payments 1 and 2 and shipments 1 and 2 are theirs; shipment 2 is a request of the parcel service, `P-1001`. Payer type 3, status
//! `S`, properties 1 to 5 of orders, 6 of shipments and 7, a list of colors; pay systems 1 and 2 of invoices, 3 and 4 of orders and 5 of handler 1;
//! deliveries 1 to 3, and 4 with the profile 5 of handler 1. Order 3 belongs to deal 2; its payment 3 pays for a chair of the deal.

use serde_json::{Value as Json, json};

/// Demo data: methods with their parameters.
pub fn demo() -> Vec<(&'static str, Json)> {
    [settings(), orders(), contents()].concat()
}

fn settings() -> Vec<(&'static str, Json)> {
    let handler = json!({
        "NAME": "Till", "CODE": "till", "SETTINGS": {
            "CURRENCY": ["EUR"], "CLIENT_TYPE": "b2c",
            "FORM_DATA": {"ACTION_URI": "https://pay.example.com/form", "METHOD": "POST"},
            "CODES": {
                "REST_SERVICE_ID_IFRAME": {"NAME": "Shop"}, "REST_SERVICE_KEY_IFRAME": {"NAME": "Key"},
                "PS_WORK_MODE_IFRAME": {"NAME": "Mode"},
            },
        },
    });
    let register = json!({
        "PRINT_URL": "https://till.example.com/print", "CHECK_URL": "https://till.example.com/check", "CONFIG": {},
    });
    let parcels = json!({
        "CALCULATE_URL": "https://ship.example.com/calculate", "HAS_CALLBACK_TRACKING_SUPPORT": "Y",
        "CREATE_DELIVERY_REQUEST_URL": "https://ship.example.com/create",
        "CANCEL_DELIVERY_REQUEST_URL": "https://ship.example.com/cancel",
        "CONFIG": [{"TYPE": "STRING", "CODE": "ACCOUNT", "NAME": "Account"}],
    });
    vec![
        ("sale.persontype.add", json!({"fields": {"name": "Reseller", "code": "RESELLER"}})),
        ("sale.propertygroup.add", json!({"fields": {"personTypeId": 3, "name": "About the reseller"}})),
        (
            "sale.property.add",
            json!({"fields": {"personTypeId": 1, "propsGroupId": 1, "name": "Wrapping", "type": "ENUM", "code": "WRAPPING"}}),
        ),
        ("sale.propertyvariant.add", json!({"fields": {"orderPropsId": 7, "name": "Red", "value": "red"}})),
        ("sale.propertyRelation.add", json!({"fields": {"entityId": 2, "entityType": "D", "propertyId": 2}})),
        ("sale.paysystem.handler.add", handler.clone()),
        ("sale.paysystem.handler.add", with(handler, "CODE", "spare")),
        (
            "sale.paysystem.add",
            json!({
                "NAME": "Till", "BX_REST_HANDLER": "till", "PERSON_TYPE_ID": 1, "ACTIVE": "Y", "ENTITY_REGISTRY_TYPE": "ORDER",
                "SETTINGS": {"REST_SERVICE_ID_IFRAME": {"TYPE": "VALUE", "VALUE": "100"}},
            }),
        ),
        ("sale.cashbox.handler.add", json!({"CODE": "till", "NAME": "Till", "SETTINGS": register})),
        ("sale.cashbox.handler.add", json!({"CODE": "spare", "NAME": "Spare till", "SETTINGS": register})),
        (
            "sale.cashbox.add",
            json!({"NAME": "Till", "REST_CODE": "till", "EMAIL": "till@example.com", "ACTIVE": "Y"}),
        ),
        (
            "sale.delivery.handler.add",
            json!({
                "CODE": "parcels", "NAME": "Parcels", "SETTINGS": parcels,
                "PROFILES": [{"NAME": "Parcel", "CODE": "PARCEL", "DESCRIPTION": "Up to 30 kg"}],
            }),
        ),
        (
            "sale.delivery.handler.add",
            json!({"CODE": "spare", "NAME": "Spare parcels", "SETTINGS": parcels, "PROFILES": []}),
        ),
        ("sale.delivery.add", json!({"REST_CODE": "parcels", "NAME": "Parcel service", "CURRENCY": "EUR"})),
        (
            "sale.delivery.add",
            json!({"REST_CODE": "parcels", "NAME": "Parcel service abroad", "CURRENCY": "EUR", "ACTIVE": "N"}),
        ),
        (
            "sale.delivery.extra.service.add",
            json!({"DELIVERY_ID": 2, "TYPE": "checkbox", "NAME": "To the door", "CODE": "door", "PRICE": 5}),
        ),
    ]
}

fn with(mut value: Json, name: &str, text: &str) -> Json {
    value[name] = text.into();
    value
}

fn orders() -> Vec<(&'static str, Json)> {
    let order = |payer: i64, comment: &str| {
        (
            "sale.order.add",
            json!({"fields": {"lid": "s1", "personTypeId": payer, "currency": "EUR", "comments": comment}}),
        )
    };
    let first = json!({"fields": {
        "lid": "s1", "personTypeId": 1, "currency": "EUR", "userDescription": "The bell is broken",
        "clients": [{"entityTypeId": 3, "entityId": 1, "isPrimary": "Y"}], "tradeBindings": [{"tradingPlatformId": 1}],
    }});
    vec![
        ("sale.order.add", first),
        order(2, "Customer of the fair"),
        (
            "sale.basketitem.addCatalogProduct",
            json!({"fields": {"orderId": 1, "productId": 3, "quantity": 2, "currency": "EUR"}}),
        ),
        (
            "sale.basketitem.addCatalogProduct",
            json!({"fields": {"orderId": 1, "productId": 6, "quantity": 1, "currency": "EUR"}}),
        ),
        (
            "sale.basketitem.add",
            json!({"fields": {
                "orderId": 2, "productId": 0, "name": "Restored table", "price": 300, "quantity": 1, "currency": "EUR",
                "vatRate": 0.19, "vatIncluded": "Y",
            }}),
        ),
    ]
}

fn contents() -> Vec<(&'static str, Json)> {
    let shipment = |order: i64, delivery: i64, price: f64, number: &str| {
        let fields = json!({
            "orderId": order, "deliveryId": delivery, "allowDelivery": "Y", "deducted": "N", "basePriceDelivery": price,
            "trackingNumber": number,
        });
        ("sale.shipment.add", json!({"fields": fields}))
    };
    vec![
        (
            "sale.basketproperties.add",
            json!({"fields": {"basketId": 1, "name": "Color", "value": "Oak", "code": "COLOR"}}),
        ),
        ("sale.payment.add", json!({"fields": {"orderId": 1, "paySystemId": 3, "sum": 200}})),
        ("sale.payment.add", json!({"fields": {"orderId": 1, "paySystemId": 4, "sum": 50, "paid": "Y"}})),
        shipment(1, 2, 9.5, ""),
        shipment(1, 5, 4.5, "P-1001"),
        ("sale.shipmentitem.add", json!({"fields": {"orderDeliveryId": 1, "basketId": 1, "quantity": 1}})),
        ("sale.paymentitembasket.add", json!({"fields": {"paymentId": 1, "basketId": 1, "quantity": 1}})),
        ("sale.paymentItemShipment.add", json!({"fields": {"paymentId": 1, "shipmentId": 1}})),
        (
            "sale.propertyvalue.modify",
            json!({"fields": {"order": {"id": 1, "propertyValues": [{"orderPropsId": 2, "value": "ada@example.com"}]}}}),
        ),
        (
            "sale.shipmentpropertyvalue.modify",
            json!({"fields": {"shipment": {"id": 1, "propertyValues": [{"shipmentPropsId": 6, "value": "Hafenstr. 12"}]}}}),
        ),
        ("crm.item.payment.add", json!({"entityId": 2, "entityTypeId": 2})),
        ("crm.item.payment.add", json!({"entityId": 2, "entityTypeId": 2})),
        ("crm.item.payment.product.add", json!({"paymentId": 3, "rowId": 1, "quantity": 1})),
        // More chairs than are sold, so that the receipt of the others can be taken back.
        ("catalog.document.add", json!({"fields": {"docType": "A", "responsibleId": 1, "currency": "EUR"}})),
        (
            "catalog.document.element.add",
            json!({"fields": {"docId": 4, "elementId": 1, "storeTo": 1, "amount": 20, "purchasingPrice": 90}}),
        ),
        ("catalog.document.conduct", json!({"id": 4})),
        ("crm.orderentity.add", json!({"fields": {"orderId": 1, "ownerId": 1, "ownerTypeId": 2}})),
    ]
}
