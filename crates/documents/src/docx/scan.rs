//! Looking a template through for its placeholders.

use std::collections::BTreeSet;

use wire::Fault;

use super::{Package, find, paragraph, picture, refused, xml};

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
