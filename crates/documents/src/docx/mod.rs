//! Word documents: a zip archive of XML parts. A template is read for its placeholders, and filled.
//!
//! Templates come from anybody, so everything is bounded: parts, bytes, depth, placeholders; and document types, which
//! external entities would need, are refused.

mod fill;
mod package;
mod paragraph;
mod picture;
mod xml;

pub use fill::{Plan, fill};
pub use package::Package;
pub use picture::Picture;

use std::collections::BTreeSet;

use wire::Fault;

/// The type of such files.
pub const MIME: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// The most different placeholders that a template may have.
const MAX_PLACEHOLDERS: usize = 2000;

/// The placeholders of a template, in order: what stands between the braces. Drawings have theirs in their names.
///
/// # Errors
/// What is wrong with the file.
pub fn placeholders(package: &Package) -> Result<Vec<String>, Fault> {
    let mut found = BTreeSet::new();
    let mut order = Vec::new();
    for part in package.texts() {
        xml::parse(part?)?.iter_mut().try_for_each(|node| {
            picture::each(node, &mut |code| {
                if found.insert(code.to_owned()) {
                    order.push(code.to_owned());
                }
            });
            paragraph::each(node, &mut |paragraph| {
                for (_, inside) in find(&paragraph.text()) {
                    if found.insert(inside.to_owned()) {
                        order.push(inside.to_owned());
                    }
                }
                if order.len() > MAX_PLACEHOLDERS { Err(refused("it has too many fields")) } else { Ok(()) }
            })
        })?;
    }
    Ok(order)
}

/// The longest placeholder, in bytes.
const LONGEST: usize = 300;

/// The placeholders in a text: where they stand, and what is between the braces.
pub fn find(text: &str) -> impl Iterator<Item = (std::ops::Range<usize>, &str)> {
    let opened = text.match_indices('{').map(|(at, _)| at);
    opened.filter_map(|at| {
        let rest = &text[at + 1..];
        let length = rest.find(['{', '}']).filter(|length| rest.as_bytes()[*length] == b'}')?;
        let inside = &rest[..length];
        let code = code_of(inside);
        let is_code =
            !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        (is_code && length <= LONGEST).then(|| (at..at + length + 2, inside))
    })
}

/// The code of a field, without what says how it is written: `Total` of `Total~case=1`.
pub fn code_of(inside: &str) -> &str {
    inside.split_once('~').map_or(inside, |(code, _)| code)
}

/// The refusal of a file.
fn refused(why: &str) -> Fault {
    Fault::numbered(400, 0, format!("The file is not a usable Word document: {why}"))
}
