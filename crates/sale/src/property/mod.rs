//! Properties of orders and shipments: `sale.property.*` and `sale.shipmentproperty.*`. They are rows of one table; their
//! groups, variants, relations and values stand beside them.

pub mod describe;
pub mod group;
pub mod relation;
pub mod rules;
pub mod value;
pub mod variant;
pub mod worth;

use engine::entity::Kind;
use engine::noun::{Access, CRUD, Face, Faults, Field, ID, Noun, field, noun};
use wire::Fault;

use crate::SCOPE;
use crate::kit::faults;

const FAULTS: Faults = Faults {
    required: |names| match names.first().map(String::as_str) {
        Some("personTypeId") if names.len() == 1 => {
            Fault::numbered(400, 200_850_000_005, "Required fields: personTypeId")
        }
        _ => (engine::noun::CONTROLLER_FAULTS.required)(names),
    },
    ..faults(200_840_400_001, "property does not exist")
};

/// What a property belongs to, as `registry` names it.
pub const ORDERS: &str = "ORDER";
/// The same for shipments.
pub const SHIPMENTS: &str = "SHIPMENT";

/// The types of values.
pub const TYPES: &[&str] = &["STRING", "Y/N", "NUMBER", "ENUM", "FILE", "DATE", "LOCATION", "ADDRESS"];

/// Properties.
pub static PROPERTY: Noun = Noun {
    example: "4",
    access: Access::Administrators,
    fields: FIELDS,
    faces: &[
        Face::controller("sale.property", "property", "properties")
            .verbs(CRUD)
            .within(&[("registry", ORDERS)])
            .faults(FAULTS),
        Face { example: Some("6"), ..Face::controller("sale.shipmentproperty", "property", "properties") }
            .verbs(CRUD)
            .within(&[("registry", SHIPMENTS)])
            .faults(FAULTS),
    ],
    hooks: &rules::Properties,
    ..noun("sale.property", "sale_property", SCOPE, ["property of orders", "properties of orders"])
};

const FIELDS: &[Field] = &[
    ID,
    field("registry", Kind::String, "Belongs to").upper_only().indexed(),
    field("personTypeId", Kind::Noun("sale.personType"), "Payer type")
        .required()
        .immutable()
        .indexed()
        .sample("1"),
    field("propsGroupId", Kind::Noun("sale.propertyGroup"), "Group")
        .required()
        .immutable()
        .indexed()
        .sample("1"),
    field("name", Kind::String, "Name").required().sample("Phone for the courier"),
    field("type", Kind::Choice(TYPES), "Type").required().immutable().sample("STRING"),
    field("code", Kind::String, "Code").indexed().sample("COURIER_PHONE"),
    field("active", Kind::Char, "Active").default("Y"),
    field("util", Kind::Char, "Hidden from customers").default("N"),
    field("userProps", Kind::Char, "Kept in the customer's profile").default("N"),
    field("isFiltered", Kind::Char, "In the filter of orders").default("N").sample("N"),
    field("sort", Kind::Integer, "Sort order").default("100").sample("500"),
    field("description", Kind::Text, "Description"),
    field("required", Kind::Char, "Required").default("N").sample("N"),
    field("multiple", Kind::Char, "Holds several values").default("N").sample("N"),
    field("xmlId", Kind::String, "External ID").indexed(),
    field("defaultValue", Kind::Json, "Default value").described_as("any"),
    field("settings", Kind::Json, "Settings of the type").described_as("datatype"),
    flag("isProfileName", "Name of the customer's profile"),
    flag("isPayer", "Name of the payer"),
    flag("isEmail", "E-mail address"),
    flag("isPhone", "Phone number"),
    flag("isZip", "Postal code"),
    flag("isAddress", "Address"),
    flag("isLocation", "Place of delivery"),
    flag("isLocation4tax", "Place for taxes"),
    field("inputFieldLocation", Kind::String, "Field of the place").default("0"),
    flag("isAddressFrom", "Address of pick-up"),
    flag("isAddressTo", "Address of delivery"),
];

const fn flag(name: &'static str, title: &'static str) -> Field {
    field(name, Kind::Char, title).default("N")
}
