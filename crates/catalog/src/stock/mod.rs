//! Stock: what lies in which store, and the documents that move it. `conduct` is where stock moves; everything else is rows.

mod conduct;
mod contractor;
mod document;
mod element;
mod methods;
mod remain;
mod sold;
mod store;
mod values;

use engine::noun::Noun;

pub use methods::methods;
pub use remain::{delete_all, keep as keep_quantities};
pub use sold::WATCHES;
pub use store::SEED;
pub use values::{CONFIGURED, SEED as OF_BEFORE, VALUES, methods as value_methods};

/// The nouns.
pub const NOUNS: [&Noun; 5] =
    [&store::STORE, &remain::REMAIN, &document::DOCUMENT, &element::ELEMENT, &contractor::CONTRACTOR];

/// Indexes over several columns.
pub const INDEXES: &[&str] =
    &["UNIQUE INDEX IF NOT EXISTS catalog_store_product_of ON catalog_store_product (product_id, store_id)"];
