//! What is in an order: `sale.basketitem.*`. A product of the catalogue brings its name, price, unit and tax along.

pub mod product;
pub mod property;
pub mod reserve;
pub mod rules;

use engine::entity::Kind;
use engine::noun::{Access, Face, Faults, Field, ID, Noun, Refusal, Stamp, Verb, field, noun};

use crate::SCOPE;
use crate::kit::{DIGITS, faults};

/// Whoever may not change a basket is refused as whoever may not read it.
pub const FAULTS: Faults = Faults {
    unwritable: Refusal::Numbered(200_040_300_010, "Access Denied"),
    ..faults(200_140_400_001, "basket item does not exist")
};

/// How baskets are shown and written.
pub const FACE: Face = Face::controller("sale.basketitem", "basketItem", "basketItems").faults(FAULTS);

/// The verbs that take a product as the catalogue has it.
const OF_CATALOG: &[(Verb, &str)] = &[
    (Verb::Add, "addCatalogProduct"),
    (Verb::Update, "updateCatalogProduct"),
    (Verb::Fields, "getFieldsCatalogProduct"),
];

/// Whether a method takes a product as the catalogue has it.
pub fn is_of_catalog(face: &Face) -> bool {
    face.verbs.iter().any(|(_, name)| name.ends_with("CatalogProduct"))
}

/// Items of baskets.
pub static BASKET: Noun = Noun {
    example: "3",
    access: Access::Administrators,
    fields: FIELDS,
    faces: &[
        FACE,
        Face {
            about: &[
                (Verb::Add, "Adds a product of the catalogue to an order and returns it."),
                (Verb::Update, "Updates how many of a product of the catalogue an order has."),
                (Verb::Fields, "Describes the fields of a product of the catalogue in an order."),
            ],
            ..FACE
        }
        .verbs(OF_CATALOG),
    ],
    hooks: &rules::Baskets,
    ..noun("sale.basketItem", "sale_basket", SCOPE, ["basket item", "basket items"])
};

const FIELDS: &[Field] = &[
    ID,
    field("orderId", Kind::Integer, "Order").required().immutable().indexed().sample("1"),
    field("sort", Kind::Integer, "Sort order").default("100"),
    field("productId", Kind::Integer, "Product; 0 for what is not in the catalogue")
        .required()
        .immutable()
        .indexed()
        .sample("1"),
    field("price", Kind::Decimal(DIGITS), "Price"),
    field("basePrice", Kind::Decimal(DIGITS), "Price without the discount"),
    field("discountPrice", Kind::Decimal(DIGITS), "Discount"),
    field("customPrice", Kind::Char, "Has a price of its own").described_as("string").default("N"),
    field("currency", Kind::String, "Currency").required().immutable().sample("EUR"),
    field("quantity", Kind::Decimal(DIGITS), "Quantity").required().sample("2"),
    field("name", Kind::String, "Name"),
    field("weight", Kind::Double, "Weight, g"),
    field("dimensions", Kind::String, "Dimensions"),
    field("measureCode", Kind::String, "Code of the unit"),
    field("measureName", Kind::String, "Unit"),
    field("canBuy", Kind::Char, "Can be bought").described_as("string").default("Y"),
    field("vatRate", Kind::Decimal(DIGITS), "Rate of the VAT, as a fraction"),
    field("vatIncluded", Kind::Char, "The price includes VAT").described_as("string").default("N"),
    field("type", Kind::Integer, "Type: 1 set, 2 service"),
    field("catalogXmlId", Kind::String, "External ID of the catalogue").immutable(),
    field("productXmlId", Kind::String, "External ID of the product").immutable(),
    field("xmlId", Kind::String, "External ID").indexed(),
    field("dateInsert", Kind::DateTime, "Added").stamped(Stamp::Created),
    field("dateUpdate", Kind::DateTime, "Changed").stamped(Stamp::Changed),
    field("properties", Kind::Json, "Properties").computed(),
    field("reservations", Kind::Json, "Reserved stock").computed(),
];
