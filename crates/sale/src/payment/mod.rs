//! Payments of orders: `sale.payment.*`. What a payment pays for stands beside it. Nothing here moves money: a payment is paid when
//! a request says so.

pub mod binding;
pub mod page;
mod qr;
pub mod rules;

use engine::entity::Kind;
use engine::noun::{Access, EventData, Events, Face, Faults, Field, ID, Noun, field, noun};

use crate::SCOPE;
use crate::kit::{DIGITS, faults};

pub const FAULTS: Faults = faults(200_640_400_001, "payment does not exist");

/// How payments are shown and written.
pub const FACE: Face = Face::controller("sale.payment", "payment", "payments").faults(FAULTS);

/// Writes of the module itself.
pub static INNER: Face = Face { verbs: &[], ..FACE };

/// Payments.
pub static PAYMENT: Noun = Noun {
    example: "1",
    access: Access::Administrators,
    fields: FIELDS,
    faces: &[FACE],
    events: Some(Events {
        verbs: ["ENTITYSAVED", "ENTITYSAVED", "DELETED"],
        data: EventData::Fields,
        ..Events::new("ONPAYMENT")
    }),
    hooks: &rules::Payments,
    ..noun("sale.payment", "sale_payment", SCOPE, ["payment", "payments"])
};

/// Texts that are shown empty where there is none.
const TEXTS: &[&str] = &[
    "comments",
    "id1c",
    "payReturnComment",
    "payReturnNum",
    "payVoucherNum",
    "psCurrency",
    "psStatus",
    "psStatusCode",
    "psStatusDescription",
    "psStatusMessage",
    "reasonMarked",
    "version1c",
    "xmlId",
];

const FIELDS: &[Field] = &[
    ID,
    field("orderId", Kind::Integer, "Order").required().immutable().indexed().sample("1"),
    field("accountNumber", Kind::String, "Number").read_only().indexed(),
    field("paySystemId", Kind::Integer, "Pay system").required().indexed().sample("3"),
    field("paySystemName", Kind::String, "Name of the pay system").computed(),
    field("paySystemXmlId", Kind::String, "External ID of the pay system").computed(),
    field("paySystemIsCash", Kind::Char, "Paid in cash").computed(),
    field("paid", Kind::Char, "Paid").default("N").sample("N"),
    field("datePaid", Kind::DateTime, "Paid at"),
    field("empPaidId", Kind::User, "Paid by").described_as("integer"),
    field("sum", Kind::Decimal(DIGITS), "Sum").default("0").sample("100"),
    field("currency", Kind::String, "Currency").read_only(),
    field("psStatus", Kind::Char, "The pay system confirms it"),
    field("psStatusCode", Kind::String, "Status in the pay system"),
    field("psStatusDescription", Kind::Text, "Description of the status"),
    field("psStatusMessage", Kind::Text, "Message of the pay system"),
    field("psSum", Kind::Decimal(DIGITS), "Sum in the pay system"),
    field("psCurrency", Kind::String, "Currency in the pay system"),
    field("psResponseDate", Kind::DateTime, "Answered by the pay system at"),
    field("psInvoiceId", Kind::String, "ID in the pay system").indexed(),
    field("payVoucherNum", Kind::String, "Number of the voucher"),
    field("payVoucherDate", Kind::DateTime, "Date of the voucher"),
    field("datePayBefore", Kind::DateTime, "To be paid before"),
    field("dateBill", Kind::DateTime, "Billed at"),
    field("xmlId", Kind::String, "External ID").indexed(),
    field("companyId", Kind::Integer, "Company"),
    field("payReturnNum", Kind::String, "Number of the return"),
    field("priceCod", Kind::Decimal(DIGITS), "Fee for cash on delivery").default("0"),
    field("payReturnDate", Kind::DateTime, "Returned at"),
    field("empReturnId", Kind::User, "Returned by").described_as("integer"),
    field("payReturnComment", Kind::Text, "Comment on the return"),
    field("responsibleId", Kind::User, "Responsible").described_as("integer"),
    field("empResponsibleId", Kind::User, "Made responsible by").described_as("integer"),
    field("dateResponsibleId", Kind::DateTime, "Responsible since").read_only(),
    field("isReturn", Kind::Choice(&["N", "Y", "P"]), "Returned: Y to the account, P by the pay system")
        .described_as("char")
        .default("N"),
    field("comments", Kind::Text, "Comment"),
    field("updated1c", Kind::Char, "Changed by another system").default("N"),
    field("id1c", Kind::String, "ID in another system").indexed(),
    field("version1c", Kind::String, "Version in another system"),
    field("externalPayment", Kind::Choice(&["N", "Y", "F"]), "Comes from another system")
        .described_as("char")
        .default("N"),
    field("marked", Kind::Char, "Has a problem").default("N"),
    field("dateMarked", Kind::DateTime, "Problem since").read_only(),
    field("empMarkedId", Kind::User, "Problem noted by").described_as("integer"),
    field("reasonMarked", Kind::Text, "Problem"),
];
