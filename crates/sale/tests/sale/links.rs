//! Public links to payments, and what is left to be paid for of an item.

use portal::Moment;
use portal::access::{Act, Level, roles};
use portal::meta::Meta;
use portal::page::{self, Page};
use serde_json::{Value as Json, json};
use testportal::{Bench, NOW, portals};

use crate::{order, payment};

/// What the page behind a link says, or the code of its refusal.
fn read(portal: &Bench, link: &str) -> Result<Page, String> {
    let token = link.split_once("?token=").unwrap().1.replace("%7C", "|");
    let opened = page::open(portal.portal.core(), &token, Moment(NOW * 1_000_000)).wait();
    opened.map_err(|error| error.into_fault().code.into_owned())
}

#[test]
fn a_payment_has_a_page_that_says_what_is_to_be_paid() {
    for portal in portals("sale,crm,salescenter") {
        let of = order(&portal);
        let id = payment(&portal, of, &json!(12.5), "N");
        let method = "salescenter.payment.getPublicUrl";
        let urls = portal.get(method, json!({"id": id}))["payment"].clone();
        let link = urls["url"].as_str().unwrap();
        assert_eq!(urls["shortUrl"], urls["url"]);
        assert!(urls["qr"].as_str().unwrap().starts_with("iVBORw0KGgo"), "the code is a PNG picture: {urls}");
        let page = read(&portal, link).unwrap();
        assert!(page.title.starts_with("Payment "), "{page:?}");
        let said = ["To be paid: 12.50 USD", "No pay system is connected, so it cannot be paid here."];
        assert_eq!(page.lines, said);
        portal.get(
            "sale.payment.update",
            json!({"id": id, "fields": {"orderId": of, "paySystemId": 3, "paid": "Y"}}),
        );
        assert_eq!(read(&portal, link).unwrap().lines[1], "The payment has been made.");
        let ines = portal.employee("ines@example.com", "salescenter");
        let missing = (400, "200640400001".to_owned(), "payment does not exist".to_owned());
        assert_eq!(
            ines.refused(method, json!({"id": id})),
            missing,
            "an order of nobody is for administrators"
        );
        assert_eq!(portal.refused(method, json!({"id": 9_999})), missing);
        assert_eq!(portal.refused(method, json!({})).1, "100");
        portal.get("sale.payment.delete", json!({"id": id}));
        assert_eq!(read(&portal, link).unwrap_err(), "ERROR_NOT_FOUND");
        assert_eq!(read(&portal, &link.replace("payment", "folder")).unwrap_err(), "ACCESS_DENIED");
    }
}

#[test]
fn rows_that_payments_pay_for_are_not_available_any_more() {
    for portal in portals("sale,crm") {
        let deal = portal.get("crm.deal.add", json!({"fields": {"TITLE": "Chairs", "CURRENCY_ID": "USD"}}));
        let rows = json!([
            {"productName": "Chair", "price": 80, "quantity": 3}, {"productName": "Desk", "price": 300, "quantity": 1},
        ]);
        let set = json!({"ownerType": "D", "ownerId": deal, "productRows": rows});
        let rows = portal.get("crm.item.productrow.set", set)["productRows"].clone();
        let left = |kind: &str| -> Vec<(Json, Json)> {
            let params = json!({"ownerType": kind, "ownerId": deal});
            let rows =
                portal.get("crm.item.productrow.getAvailableForPayment", params)["productRows"].clone();
            rows.as_array()
                .unwrap()
                .iter()
                .map(|row| (row["productName"].clone(), row["quantity"].clone()))
                .collect()
        };
        let (chair, desk) = (json!("Chair"), json!("Desk"));
        assert_eq!(left("D"), [(chair.clone(), json!(3)), (desk.clone(), json!(1))]);
        let payment = portal.get("crm.item.payment.add", json!({"entityId": deal, "entityTypeId": 2}));
        let pay = |row: usize, quantity: Json| {
            let params = json!({"paymentId": payment, "rowId": rows[row]["id"], "quantity": quantity});
            portal.get("crm.item.payment.product.add", params)
        };
        pay(0, json!(1.5));
        let whole = pay(1, json!(1));
        assert_eq!(left("D"), [(chair.clone(), json!(1.5))]);
        portal.get("crm.item.payment.product.delete", json!({"id": whole}));
        assert_eq!(left("D"), [(chair, json!(1.5)), (desk, json!(1))]);
        // For whoever may read the item.
        let method = "crm.item.productrow.getAvailableForPayment";
        let ines = portal.employee("ines@example.com", "crm");
        let named = json!({"ownerType": "D", "ownerId": deal});
        let employees_read = |level| {
            portal.write(move |tx| {
                let role = roles::find(tx, "Manager")?.unwrap();
                roles::allow(tx, role, "DEAL", Act::Read, level)?;
                Meta::outdate(tx)
            });
        };
        employees_read(Level::All);
        assert_eq!(ines.get(method, named.clone())["productRows"].as_array().unwrap().len(), 2);
        employees_read(Level::Own);
        assert_eq!(ines.refused(method, named).1, "ACCESS_DENIED");
        for wrong in [json!({"ownerType": "D", "ownerId": 9_999}), json!({"ownerType": "X", "ownerId": 1})] {
            assert_eq!(portal.refused(method, wrong).1, "ACCESS_DENIED");
        }
    }
}
