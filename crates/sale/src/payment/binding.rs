//! What a payment pays for: items of the basket (`sale.paymentitembasket.*`) and shipments (`sale.paymentItemShipment.*`).

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{self, Access, Draft, Face, Faults, Hooks, ID, Noun, Refusal, Row, Stamp, field, noun};
use rust_decimal::Decimal;
use wire::Fault;

use super::PAYMENT;
use crate::SCOPE;
use crate::basket::BASKET;
use crate::kit::{self, DIGITS, VERBS, demand, faults, invalid};
use crate::shipment::SHIPMENT;

const FAULTS: Faults = faults(201_240_400_001, "payment item does not exist");

/// How items that are paid for are shown.
pub const BASKETS: Face =
    Face::controller("sale.paymentitembasket", "paymentItemBasket", "paymentItemsBasket")
        .verbs(VERBS)
        .faults(Faults {
            taken: Refusal::Numbered(201_250_000_001, "Duplicate entry for key [paymentId, basketId]"),
            ..FAULTS
        });

/// How shipments that are paid for are shown.
pub const SHIPMENTS: Face =
    Face::controller("sale.paymentItemShipment", "paymentItemShipment", "paymentItemsShipment").faults(
        Faults {
            taken: Refusal::Numbered(201_250_000_001, "Duplicate entry for key [paymentId, shipmentId]"),
            ..FAULTS
        },
    );

/// Items of baskets that payments pay for.
pub static OF_BASKETS: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID,
        field("paymentId", Kind::Integer, "Payment").required().immutable().indexed().sample("1"),
        field("basketId", Kind::Integer, "Basket item").required().immutable().indexed().sample("2"),
        field("quantity", Kind::Decimal(DIGITS), "Quantity").required().sample("1"),
        field("dateInsert", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("xmlId", Kind::String, "External ID").indexed(),
    ],
    faces: &[BASKETS],
    hooks: &Bindings(&BASKET, "basketId", "basket item not exists"),
    ..noun(
        "sale.paymentItemBasket",
        "sale_payment_basket",
        SCOPE,
        ["basket item of a payment", "basket items of payments"],
    )
};

/// Shipments that payments pay for.
pub static OF_SHIPMENTS: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID,
        field("paymentId", Kind::Integer, "Payment").required().immutable().indexed().sample("2"),
        field("shipmentId", Kind::Integer, "Shipment").required().immutable().indexed().sample("2"),
        field("dateInsert", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("xmlId", Kind::String, "External ID").indexed().sample("paid-2"),
    ],
    faces: &[SHIPMENTS],
    hooks: &Bindings(&SHIPMENT, "shipmentId", "shipment not exists"),
    ..noun(
        "sale.paymentItemShipment",
        "sale_payment_shipment",
        SCOPE,
        ["shipment of a payment", "shipments of payments"],
    )
};

/// What it pays for, the field that leads there, and the refusal.
struct Bindings(&'static Noun, &'static str, &'static str);

impl Hooks for Bindings {
    fn fill(&self, _: &mut Call<'_, '_>, draft: &mut Draft<'_>) -> Result<()> {
        kit::name(draft);
        Ok(())
    }

    /// Both are of one order, and stand together once.
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        let Bindings(noun, of, text) = *self;
        if face.path == BASKETS.path {
            demand(face, draft, old, &["quantity"])?;
            if draft.is_given("quantity")
                && draft.decimal(old, "quantity").is_some_and(|quantity| quantity <= Decimal::ZERO)
            {
                return Err(invalid(face, "quantity"));
            }
        }
        let (Some(payment), Some(id)) = (draft.int("paymentId"), draft.int(of)) else { return Ok(()) };
        let missing = |number, text: &'static str| Fault::numbered(400, number, text);
        let paid = noun::locked(call, &PAYMENT, payment)?;
        let order = paid.ok_or_else(|| missing(201_240_400_002, "payment not exists"))?.int("orderId");
        noun::again(call, noun, id)?
            .filter(|row| row.int("orderId") == order)
            .ok_or_else(|| missing(201_240_400_003, text))?;
        let column = engine::noun::column(of);
        let sql = format!("SELECT 1 FROM {} WHERE payment_id = ? AND {column} = ?", draft.table.table());
        match call.tx.one(&sql, &[payment.into(), id.into()], |row| row.int(0))? {
            None => Ok(()),
            Some(_) => Err(face.faults.taken.fault().into()),
        }
    }
}
