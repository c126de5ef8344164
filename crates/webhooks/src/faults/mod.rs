//! Faults on demand: rules by which an operator has calls fail, wait or break off, and events reach handlers late, twice or
//! not at all, to see what a program makes of that.
//!
//! A rule is a value of the shared metadata, so that all nodes obey. What it has counted is kept in memory: each node counts by
//! itself. [`decide`] says which rule hits, whoever asks does the rest: `portal::run` what the protocol answers, and
//! `portreeve::http` and the courier what happens to connections and time.

mod check;
mod decide;
mod decided;
mod hit;
mod keep;
mod pattern;
mod rule;

pub use decide::{Asked, Tally, What};
pub use decided::{Decided, Wait};
pub use hit::{Hit, Struck};
pub use keep::{Faults, add, at_start, clear, remove};
pub use rule::{Effect, Of, Rule};
