//! Orders: `sale.order.*`. What they consist of stands in families of its own, and what they come to follows from that.

pub mod client;
pub mod entity;
pub mod payer;
pub mod rules;
pub mod show;
pub mod totals;

use engine::entity::Kind;
use engine::event::{Event, event};
use engine::noun::{Access, EventData, Events, Face, Faults, Field, ID, Noun, Stamp, field, noun};
use serde_json::json;

use crate::SCOPE;
use crate::kit::{DIGITS, faults};

pub const FAULTS: Faults = faults(200_540_400_001, "order does not exist");

/// How orders are shown and written.
pub const FACE: Face = Face::controller("sale.order", "order", "orders").faults(FAULTS);

/// Writes of the module itself: an order follows what it consists of.
pub static INNER: Face = Face { verbs: &[], ..FACE };

/// Orders.
pub static ORDER: Noun = Noun {
    example: "2",
    access: Access::Administrators,
    fields: FIELDS,
    faces: &[FACE],
    events: Some(Events {
        verbs: ["ENTITYSAVED", "ENTITYSAVED", "DELETED"],
        data: EventData::Fields,
        ..Events::new("ONORDER")
    }),
    hooks: &rules::Orders,
    ..noun("sale.order", "sale_order", SCOPE, ["order", "orders"])
};

/// Texts that are shown empty where there is none.
const TEXTS: &[&str] = &[
    "additionalInfo",
    "comments",
    "id1c",
    "lockedBy",
    "orderTopic",
    "personTypeXmlId",
    "reasonCanceled",
    "reasonMarked",
    "recurringId",
    "statusXmlId",
    "userDescription",
    "version1c",
    "xmlId",
];

const FIELDS: &[Field] = &[
    ID,
    field("lid", Kind::String, "Site").required().immutable().sample("s1"),
    field("accountNumber", Kind::String, "Number").read_only().indexed(),
    field("personTypeId", Kind::Noun("sale.personType"), "Payer type")
        .required()
        .immutable()
        .indexed()
        .sample("1"),
    field("personTypeXmlId", Kind::String, "External ID of the payer type").computed(),
    field("statusId", Kind::String, "Status").described_as("char").default("N").indexed().sample("P"),
    field("statusXmlId", Kind::String, "External ID of the status").computed(),
    field("dateStatus", Kind::DateTime, "Status since").read_only(),
    field("empStatusId", Kind::User, "Status set by").described_as("integer"),
    field("price", Kind::Decimal(DIGITS), "Sum").default("0"),
    field("discountValue", Kind::Decimal(DIGITS), "Discount").default("0"),
    field("taxValue", Kind::Decimal(DIGITS), "Tax").default("0").read_only(),
    field("currency", Kind::String, "Currency").required().immutable().sample("EUR"),
    field("payed", Kind::Char, "Paid").default("N").read_only(),
    field("deducted", Kind::Char, "Shipped").default("N").read_only(),
    field("canceled", Kind::Char, "Canceled").default("N"),
    field("dateCanceled", Kind::DateTime, "Canceled at").read_only(),
    field("empCanceledId", Kind::User, "Canceled by").described_as("integer"),
    field("reasonCanceled", Kind::Text, "Why it was canceled"),
    field("marked", Kind::Char, "Has a problem").default("N"),
    field("dateMarked", Kind::DateTime, "Problem since").read_only(),
    field("empMarkedId", Kind::User, "Problem noted by").described_as("integer"),
    field("reasonMarked", Kind::Text, "Problem"),
    field("userId", Kind::User, "Customer").described_as("integer").immutable().indexed(),
    field("responsibleId", Kind::User, "Responsible").described_as("integer").indexed(),
    field("companyId", Kind::Integer, "Company"),
    field("userDescription", Kind::Text, "Comment of the customer").sample("Please call before"),
    field("comments", Kind::Text, "Comment of the manager"),
    field("additionalInfo", Kind::String, "More about it"),
    field("orderTopic", Kind::String, "Topic"),
    field("recurringId", Kind::String, "Subscription").described_as("char"),
    field("lockedBy", Kind::String, "Locked by").described_as("char"),
    field("dateLock", Kind::DateTime, "Locked at").read_only(),
    field("recountFlag", Kind::Char, "Is recounted").default("Y"),
    field("affiliateId", Kind::Integer, "Affiliate"),
    field("externalOrder", Kind::Char, "Comes from another system").default("N"),
    field("updated1c", Kind::Char, "Changed by another system").default("N"),
    field("id1c", Kind::String, "ID in another system").indexed(),
    field("version1c", Kind::String, "Version in another system"),
    field("version", Kind::Integer, "Version").default("0").read_only(),
    field("dateInsert", Kind::DateTime, "Added"),
    field("dateUpdate", Kind::DateTime, "Changed").stamped(Stamp::Changed),
    field("xmlId", Kind::String, "External ID").indexed(),
    field("requisiteLink", Kind::Json, "Requisites"),
    // Counts that make the numbers of payments and shipments.
    field("payments", Kind::Integer, "Payments so far").default("0").hidden(),
    field("shipments", Kind::Integer, "Shipments so far").default("0").hidden(),
];

/// The events beyond those of rows.
pub fn events() -> Vec<Event> {
    let of = |name: &str, about: &str, action: &str| {
        event(
            name.to_owned(),
            SCOPE,
            about.to_owned(),
            json!({"FIELDS": {"ID": 1, "XML_ID": "", "ACTION": action}}),
        )
    };
    vec![
        of("ONSALEORDERSAVED", "An order was added or changed.", "save"),
        of("ONSALEBEFOREORDERDELETE", "An order is about to be deleted.", "delete"),
    ]
}
