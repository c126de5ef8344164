//! Products: `catalog.product.*` and, in the legacy spelling, `crm.product.*`. Variants of products and services are rows
//! of the same table, told apart by their type.

mod base_price;
mod download;
mod faces;
mod images;
mod methods;
mod rules;
mod values;
mod variants;

pub(crate) use base_price::copy as copy_base_price;
pub(crate) use methods::names;

use super::property::MADE;
use super::{CRM, SCOPE};
use engine::entity::Kind;
use engine::method::Method;
use engine::noun::{Access, Counted, Events, Face, Field, ID, Noun, Stamp, field, noun};

/// The methods beyond those of its faces.
pub fn methods() -> Vec<Method> {
    [methods::methods(), images::methods(), download::methods()].into_iter().flatten().collect()
}

/// Products.
pub static PRODUCT: Noun = Noun {
    access: Access::Shared,
    fields: FIELDS,
    faces: &[
        faces::PRODUCTS,
        faces::SKUS,
        faces::OFFERS,
        faces::SERVICES,
        Face { scope: Some(CRM), ..Face::legacy("crm.product") },
    ],
    events: Some(Events::new("ONCRMPRODUCT").scoped(CRM)),
    made: Some(MADE),
    // There are few catalogues and many products: every list is one of a catalogue, and an index would only mislead.
    counted: Some(Counted { number: -2_000_000_000, by: Some("iblockId") }),
    hooks: &rules::Products,
    ..noun("catalog.product", "catalog_product", SCOPE, ["product", "products"])
};

const FIELDS: &[Field] = &[
    ID,
    field("iblockId", Kind::Noun("catalog.catalog"), "Catalogue")
        .upper("CATALOG_ID")
        .default("1")
        .required()
        .immutable()
        .sample("1"),
    field("name", Kind::String, "Name").required().indexed().sample("Lamp"),
    flag("active", "Active", "Y"),
    field("available", Kind::Char, "Can be bought").computed().camel_only(),
    field("code", Kind::String, "Code").indexed().sample("lamp"),
    field("xmlId", Kind::String, "External ID").indexed().sample("lamp-1"),
    flag("barcodeMulti", "Every piece has a bar code", "N").camel_only(),
    flag("bundle", "Has sets", "N").read_only().camel_only(),
    choice("canBuyZero", "Can be bought when out of stock", "N"),
    field("createdBy", Kind::User, "Added by").described_as("integer"),
    field("modifiedBy", Kind::User, "Changed by").described_as("integer"),
    field("dateActiveFrom", Kind::DateTime, "Sold from").camel_only(),
    field("dateActiveTo", Kind::DateTime, "Sold until").camel_only(),
    field("dateCreate", Kind::DateTime, "Added"),
    field("timestampX", Kind::DateTime, "Changed").stamped(Stamp::Changed),
    field("iblockSectionId", Kind::Noun("catalog.section"), "Section").upper("SECTION_ID").indexed(),
    field("measure", Kind::Noun("catalog.measure"), "Unit").sample("5"),
    field("previewText", Kind::Text, "Short description").camel_only(),
    field("detailText", Kind::Text, "Description").upper("DESCRIPTION"),
    field("previewPicture", Kind::File, "Small picture").described_as("product_file"),
    field("detailPicture", Kind::File, "Picture").described_as("product_file"),
    text_type("previewTextType", "Type of the short description").camel_only(),
    text_type("detailTextType", "Type of the description").upper("DESCRIPTION_TYPE"),
    field("sort", Kind::Integer, "Sort order").default("500").sample("100"),
    choice("subscribe", "Tells customers when it is back", "Y"),
    field("vatId", Kind::Noun("catalog.vat"), "VAT rate"),
    flag("vatIncluded", "The price includes VAT", "N"),
    size("height", "Height, mm"),
    size("length", "Length, mm"),
    size("weight", "Weight, g"),
    size("width", "Width, mm"),
    choice("quantityTrace", "Its stock is kept", "N"),
    field("type", Kind::Integer, "Type of the product").read_only().default("1").indexed().camel_only(),
    field("parentId", Kind::Noun("catalog.product"), "Product whose variant it is").camel_only().indexed(),
    field("purchasingCurrency", Kind::String, "Currency of the purchasing price").camel_only(),
    field("purchasingPrice", Kind::Decimal(6), "Purchasing price").camel_only(),
    size("quantity", "Stock"),
    size("quantityReserved", "Reserved stock"),
    field("recurSchemeLength", Kind::Integer, "Length of the payment period").camel_only(),
    field("recurSchemeType", Kind::String, "Unit of the payment period").default("D").camel_only(),
    field("trialPriceId", Kind::Integer, "Product that is tried first").camel_only(),
    flag("withoutOrder", "Renews without an order", "N").camel_only(),
    field("price", Kind::Decimal(2), "Price").indexed().upper_only().sample("100"),
    field("currencyId", Kind::String, "Currency").upper_only().sample("USD"),
];

const fn flag(name: &'static str, title: &'static str, default: &'static str) -> Field {
    field(name, Kind::Char, title).default(default)
}

/// A flag that may also be given as `D`, which is the default.
const fn choice(name: &'static str, title: &'static str, default: &'static str) -> Field {
    field(name, Kind::Choice(&["Y", "N"]), title).default(default).described_as("char").camel_only()
}

const fn text_type(name: &'static str, title: &'static str) -> Field {
    field(name, Kind::Choice(&["text", "html"]), title).default("text")
}

const fn size(name: &'static str, title: &'static str) -> Field {
    field(name, Kind::Double, title).camel_only()
}
