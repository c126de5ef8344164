//! Form data and query strings, as PHP reads and writes them (protocol 1.5).

mod encode;
mod tree;

use std::borrow::Cow;

use percent_encoding::percent_decode;

use crate::{Limits, Map};

pub use encode::encode;
pub(crate) use tree::Tree;

/// Decodes `a=1&b[c]=2`. Nothing is an error: what PHP drops is dropped, and bytes that are not UTF-8
/// become U+FFFD.
pub fn decode(bytes: &[u8], limits: &Limits) -> Map {
    let mut tree = Tree::new(limits);
    for pair in bytes.split(|b| *b == b'&').filter(|pair| !pair.is_empty()).take(limits.vars) {
        let equals = memchr::memchr(b'=', pair);
        let (name, value) = equals.map_or((pair, &[][..]), |at| (&pair[..at], &pair[at + 1..]));
        tree.set(&unescape(name), &unescape(value));
    }
    tree.into_map()
}

/// `+` is a space and `%41` an `A`; a `%` without two hex digits stands for itself.
fn unescape(bytes: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr2(b'+', b'%', bytes).is_none() {
        return Cow::Borrowed(bytes);
    }
    let spaced: Vec<u8> = bytes.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
    Cow::Owned(percent_decode(&spaced).collect())
}
