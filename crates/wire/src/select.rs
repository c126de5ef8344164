//! The syntax of a list's `select` (protocol 5.2).

use crate::{Text, Value};

/// The names asked for, in order: one text or an array of them. Masks such as `*` and `UF_*` are names here.
///
/// Empty names and inner arrays are left out, so that `select[]=`, which is how a form spells an empty list
/// (protocol 1.5), asks for nothing in particular.
pub fn parse(select: &Value) -> Vec<Text> {
    select.each().filter_map(Value::text).filter(|name| !name.is_empty()).map(Text::from).collect()
}
