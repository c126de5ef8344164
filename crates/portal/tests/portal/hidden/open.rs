//! What is open to everybody although no `get` says so, and what is not made.

/// What everybody sees of what these make, and why.
pub const OPEN: &[(&str, &str)] = &[];

/// What is not made, and why.
pub const NOT_MADE: &[(&str, &str)] = &[];
