//! The syntax of a list's `filter` (protocol 5.2, 5.3). What the fields are, and what a test means for each,
//! is for the portal to say.

use crate::{Fault, Text, Value};

/// How a field is compared, written as a prefix of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// none or `=`; equal, or one of several
    Eq,
    /// `!` or `!=`
    Ne,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `@`
    In,
    /// `!@`
    NotIn,
    /// `%`
    Contains,
    /// `!%`
    NotContains,
    /// `=%` or `%=`; the value brings its own `%`
    Like,
    /// `!=%` or `!%=`
    NotLike,
    /// `><`
    Between,
    /// `!><`
    NotBetween,
    /// `?`
    Search,
}

/// Every prefix, a longer one before those it begins with.
const PREFIXES: [(&str, Op); 19] = [
    ("!=%", Op::NotLike),
    ("!%=", Op::NotLike),
    ("!><", Op::NotBetween),
    ("!=", Op::Ne),
    ("!%", Op::NotContains),
    ("!@", Op::NotIn),
    ("!", Op::Ne),
    ("=%", Op::Like),
    ("=", Op::Eq),
    ("%=", Op::Like),
    ("%", Op::Contains),
    ("><", Op::Between),
    (">=", Op::Ge),
    (">", Op::Gt),
    ("<=", Op::Le),
    ("<", Op::Lt),
    ("@", Op::In),
    ("?", Op::Search),
    ("", Op::Eq),
];

/// Splits a filter key into its operation and its field.
///
/// Any key is taken: of an unknown prefix such as `<>`, what is left over goes to the name, which then is
/// nobody's.
pub fn split(key: &str) -> (Op, &str) {
    let found = PREFIXES.iter().find_map(|(prefix, op)| Some((*op, key.strip_prefix(prefix)?)));
    found.unwrap_or((Op::Eq, key))
}

/// A filter as written.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All of these hold; with none of them, always.
    All(Vec<Filter>),
    /// At least one of these holds.
    Any(Vec<Filter>),
    /// One field against one value, or a list of them.
    Test {
        /// How to compare.
        op: Op,
        /// The field's name as written.
        field: Text,
        /// The value to compare with.
        value: Value,
    },
}

/// Reads a filter of tests only, all of which must hold, as product rows in `crm.item` have it. No filter is the empty
/// one.
///
/// # Errors
///
/// `ERROR_ARGUMENT` when it is no array.
pub fn parse_flat(filter: &Value) -> Result<Filter, Fault> {
    array(filter)?;
    Ok(Filter::All(filter.entries().map(|(key, value)| test(&key, value)).collect()))
}

/// Reads the filter of `crm.item.list`: an array under an integer key is a group within, and the key `logic`
/// says whether all (`AND`) or any (`OR`) of a group's members must hold.
///
/// # Errors
///
/// `ERROR_ARGUMENT` when it is no array; `INVALID_ARG_VALUE` when a `logic` is neither, or when groups nest
/// more than `max_depth` deep.
pub fn parse_nested(filter: &Value, max_depth: usize) -> Result<Filter, Fault> {
    array(filter)?;
    group(filter, max_depth)
}

fn array(filter: &Value) -> Result<(), Fault> {
    if filter.is_array() || filter.is_empty() {
        return Ok(());
    }
    Err(Fault::argument("The filter is not an array.", "filter"))
}

fn group(filter: &Value, depth: usize) -> Result<Filter, Fault> {
    let mut any = false;
    let mut members = Vec::new();
    for (key, value) in filter.entries() {
        if key.eq_ignore_ascii_case("logic") {
            any = is_any(value).ok_or_else(|| invalid(&key))?;
        } else if value.is_array() && key.bytes().all(|b| b.is_ascii_digit()) {
            let depth = depth.checked_sub(1).ok_or_else(|| invalid(&key))?;
            members.push(group(value, depth)?);
        } else {
            members.push(test(&key, value));
        }
    }
    Ok(if any { Filter::Any(members) } else { Filter::All(members) })
}

fn is_any(logic: &Value) -> Option<bool> {
    let logic = logic.as_str()?;
    let is = |word| logic.eq_ignore_ascii_case(word);
    (is("AND") || is("OR")).then(|| is("OR"))
}

/// Reads one test: its prefix and field, and the value.
pub fn test(key: &str, value: &Value) -> Filter {
    let (op, field) = split(key);
    Filter::Test { op, field: Text::new(field), value: value.clone() }
}

fn invalid(field: &str) -> Fault {
    Fault::invalid_value(format!("Invalid filter: field '{field}' has invalid value"))
}
