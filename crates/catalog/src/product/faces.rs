//! The spellings of products: all of them, and by type products with variants, variants and services.

use serde_json::json;

use crate::faults;
use engine::method::{Kind, Param, required};
use engine::noun::{Answer, CRUD, Face, Faults, Refusal, Verb};

const FAULTS: Faults = Faults {
    unreadable: Refusal::Numbered(200_040_300_040, "Access Denied"),
    unwritable: Refusal::Numbered(200_040_300_040, "Access Denied"),
    ..faults(0, "Product is not found.")
};

/// What tells a spelling from the others.
pub struct Variety {
    path: &'static str,
    /// The types that it knows, as a condition on the rows.
    pub types: &'static str,
    /// The type of what it adds.
    pub adds: i64,
    /// The fields that it does not have.
    pub lacks: &'static [&'static str],
}

/// A product that is sold as it is.
pub const SIMPLE: i64 = 1;
/// A product that has variants.
pub const WITH_VARIANTS: i64 = 3;
/// A variant of a product.
pub const VARIANT: i64 = 4;
/// A variant without a product.
pub const LONE_VARIANT: i64 = 5;
/// A product whose variants are still to come.
pub const WITHOUT_VARIANTS: i64 = 6;
/// A service.
const SERVICE: i64 = 7;

static VARIETIES: [Variety; 3] = [
    Variety {
        path: SKUS.path,
        types: "t.type IN (3, 6)",
        adds: WITHOUT_VARIANTS,
        lacks: &[
            "barcodeMulti",
            "quantityReserved",
            "quantityTrace",
            "recurSchemeLength",
            "recurSchemeType",
            "trialPriceId",
            "withoutOrder",
        ],
    },
    Variety { path: OFFERS.path, types: "t.type IN (4, 5)", adds: LONE_VARIANT, lacks: &[] },
    Variety {
        path: SERVICES.path,
        types: "t.type = 7",
        adds: SERVICE,
        lacks: &[
            "barcodeMulti",
            "canBuyZero",
            "subscribe",
            "height",
            "length",
            "weight",
            "width",
            "quantityTrace",
            "purchasingCurrency",
            "purchasingPrice",
            "quantity",
            "quantityReserved",
            "recurSchemeLength",
            "recurSchemeType",
            "trialPriceId",
            "withoutOrder",
            "measure",
        ],
    },
];

/// What is particular about a spelling.
pub fn variety(face: &Face) -> Option<&'static Variety> {
    VARIETIES.iter().find(|variety| variety.path == face.path)
}

/// The type of what a spelling adds.
pub fn added_type(face: &Face) -> i64 {
    variety(face).map_or(SIMPLE, |variety| variety.adds)
}

/// `catalog.product.*`
pub const PRODUCTS: Face = Face {
    added: Answer::RowUnder("element"),
    changed: Answer::RowUnder("element"),
    params: &[(&[Verb::List], SELECT), (&[Verb::List], FILTER)],
    samples: || json!({"select": ["id", "iblockId"], "filter": {"iblockId": 1}}),
    faults: FAULTS,
    ..Face::controller("catalog.product", "product", "products")
};

/// `catalog.product.sku.*`
pub const SKUS: Face = Face {
    samples: || json!({"id": 4, "select": ["id", "iblockId"], "filter": {"iblockId": 1}}),
    verbs: OF_TYPE.verbs,
    params: OF_TYPE.params,
    faults: FAULTS,
    ..Face::controller("catalog.product.sku", "sku", "units")
};

/// `catalog.product.offer.*`
pub const OFFERS: Face = Face {
    samples: || json!({"id": 5, "select": ["id", "iblockId"], "filter": {"iblockId": 2}}),
    verbs: OF_TYPE.verbs,
    params: OF_TYPE.params,
    faults: FAULTS,
    ..Face::controller("catalog.product.offer", "offer", "offers")
};

/// `catalog.product.service.*`
pub const SERVICES: Face = Face {
    samples: || json!({"id": 6, "select": ["id", "iblockId"], "filter": {"iblockId": 1}}),
    verbs: OF_TYPE.verbs,
    params: OF_TYPE.params,
    faults: FAULTS,
    ..Face::controller("catalog.product.service", "service", "services")
};

/// What is the same in the spellings of one type.
const OF_TYPE: Face = Face {
    verbs: CRUD,
    params: &[(NAMED, NUMBER), (&[Verb::List], SELECT), (&[Verb::List], FILTER)],
    faults: FAULTS,
    ..Face::controller("", "", "")
};

const NAMED: &[Verb] = &[Verb::Get, Verb::Update, Verb::Delete];
const NUMBER: Param = required("id", Kind::Id, "ID");
const SELECT: Param = required("select", Kind::Select, "Fields to return; id and iblockId are required");
const FILTER: Param =
    required("filter", Kind::Filter, "Conditions by field, with comparison prefixes; iblockId is required");
