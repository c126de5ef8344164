//! HTML of blocks: elements are found by selector, and what changes is replaced in the text itself, so that everything
//! else stays as it was given.

mod edit;
mod select;
mod tag;
mod tree;

pub use edit::{Edits, escape};
pub use select::Selector;
pub use tag::{classes, renamed, set_style, with_attribute};
pub use tree::{Element, Tree};

/// Bytes that the HTML of a block has at most: what a text field holds.
pub const LENGTH: usize = 65_535;
