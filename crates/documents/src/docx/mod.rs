//! Word documents: a zip archive of XML parts. A template is read for its placeholders, and filled.
//!
//! Templates come from anybody, so everything is bounded: parts, bytes, depth, placeholders; and document types, which
//! external entities would need, are refused.

mod fill;
mod package;
mod paragraph;
mod picture;
mod scan;
mod xml;

pub use fill::{Plan, fill};
pub use package::Package;
pub use picture::Picture;
pub use scan::placeholders;

use wire::Fault;

/// The type of such files.
pub const MIME: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

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
