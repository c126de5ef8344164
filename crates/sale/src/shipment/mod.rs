//! Shipments of orders: `sale.shipment.*`. Shipping one moves the stock of what is in it.

pub mod item;
pub mod rules;
pub mod stock;

use engine::entity::Kind;
use engine::noun::{Access, EventData, Events, Face, Faults, Field, ID, Noun, Stamp, field, noun};

use crate::SCOPE;
use crate::kit::{DIGITS, faults};

pub const FAULTS: Faults = faults(201_140_400_001, "shipment does not exist");

/// How shipments are shown and written.
pub const FACE: Face = Face::controller("sale.shipment", "shipment", "shipments").faults(FAULTS);

/// Shipments.
pub static SHIPMENT: Noun = Noun {
    example: "1",
    access: Access::Administrators,
    fields: FIELDS,
    faces: &[FACE],
    events: Some(Events {
        verbs: ["ENTITYSAVED", "ENTITYSAVED", "DELETED"],
        data: EventData::Fields,
        ..Events::new("ONSHIPMENT")
    }),
    hooks: &rules::Shipments,
    ..noun("sale.shipment", "sale_shipment", SCOPE, ["shipment", "shipments"])
};

/// Texts that are shown empty where there is none.
const TEXTS: &[&str] = &[
    "comments",
    "deliveryDocNum",
    "deliveryXmlId",
    "id1c",
    "reasonMarked",
    "reasonUndoDeducted",
    "statusXmlId",
    "trackingDescription",
    "trackingLastCheck",
    "trackingNumber",
    "trackingStatus",
    "version1c",
    "xmlId",
];

const FIELDS: &[Field] = &[
    ID,
    field("orderId", Kind::Integer, "Order").required().immutable().indexed().sample("1"),
    field("accountNumber", Kind::String, "Number").read_only().indexed(),
    field("deliveryId", Kind::Integer, "Delivery").required().indexed().sample("2"),
    field("deliveryName", Kind::String, "Name of the delivery").computed(),
    field("deliveryXmlId", Kind::String, "External ID of the delivery").computed(),
    field("statusId", Kind::String, "Status").described_as("char").default("DN").indexed(),
    field("statusXmlId", Kind::Char, "External ID of the status").computed(),
    field("allowDelivery", Kind::Char, "May be delivered").required().sample("Y"),
    field("dateAllowDelivery", Kind::DateTime, "May be delivered since").read_only(),
    field("empAllowDeliveryId", Kind::User, "Delivery allowed by").described_as("integer").read_only(),
    field("deducted", Kind::Char, "Shipped").required().sample("N"),
    field("dateDeducted", Kind::DateTime, "Shipped at").read_only(),
    field("empDeductedId", Kind::User, "Shipped by").described_as("integer").read_only(),
    field("reasonUndoDeducted", Kind::Text, "Why shipping was undone").read_only(),
    field("system", Kind::Char, "Is the portal's own").default("N").read_only(),
    field("canceled", Kind::Char, "Canceled").default("N").read_only(),
    field("dateCanceled", Kind::DateTime, "Canceled at").read_only(),
    field("empCanceledId", Kind::User, "Canceled by").described_as("integer").read_only(),
    field("marked", Kind::Char, "Has a problem").default("N").read_only(),
    field("dateMarked", Kind::DateTime, "Problem since").read_only(),
    field("empMarkedId", Kind::User, "Problem noted by").described_as("integer").read_only(),
    field("reasonMarked", Kind::Text, "Problem").read_only(),
    field("deliveryDocNum", Kind::String, "Number of the waybill"),
    field("deliveryDocDate", Kind::DateTime, "Date of the waybill"),
    field("trackingNumber", Kind::String, "Tracking number").indexed().sample("1Z999"),
    field("trackingStatus", Kind::String, "Tracking status").read_only(),
    field("trackingDescription", Kind::Text, "Description of the tracking status").read_only(),
    field("trackingLastCheck", Kind::String, "Tracked at").read_only(),
    field("currency", Kind::String, "Currency").read_only(),
    field("basePriceDelivery", Kind::Decimal(DIGITS), "Price without the discount").sample("9.5"),
    field("priceDelivery", Kind::Decimal(DIGITS), "Price"),
    field("discountPrice", Kind::Decimal(DIGITS), "Discount").read_only(),
    field("customPriceDelivery", Kind::Char, "Has a price of its own").default("N").read_only(),
    field("comments", Kind::Text, "Comment"),
    field("companyId", Kind::Integer, "Company"),
    field("responsibleId", Kind::User, "Responsible").described_as("integer"),
    field("dateResponsibleId", Kind::DateTime, "Responsible since").read_only(),
    field("empResponsibleId", Kind::User, "Made responsible by").described_as("integer").read_only(),
    field("externalDelivery", Kind::Char, "Comes from another system").default("N").read_only(),
    field("updated1c", Kind::Char, "Changed by another system").default("N").read_only(),
    field("id1c", Kind::String, "ID in another system").read_only(),
    field("version1c", Kind::String, "Version in another system").read_only(),
    field("dateInsert", Kind::DateTime, "Added").stamped(Stamp::Created),
    field("xmlId", Kind::String, "External ID").indexed(),
];
