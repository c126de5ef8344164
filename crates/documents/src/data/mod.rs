//! What documents are filled with: values by the code of their field, and lists of rows. They come from an item of the CRM
//! ([`item`]) or with the request ([`given`]).

mod fields;
mod format;
mod given;
mod item;
mod mine;
mod money;
mod picture;
mod product;
mod requisite;

pub use fields::{Choice, DOCUMENT, Data, Field, List, camel, inner, named};
pub use format::{Datum, Person, php_format};
pub use given::{given, overlay};
pub use item::{STAMPS, item, products};
pub use mine::named as my_company;

/// The titles of fields and of their groups, in English.
pub fn titles() -> Vec<&'static str> {
    let own = ["Number", "Document title", "Created", DOCUMENT];
    own.into_iter().chain(item::titles()).chain(product::titles()).collect()
}
