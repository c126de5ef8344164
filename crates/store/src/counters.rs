//! What the engines tell of, and [`Store::gauges`](crate::Store::gauges) and [`Store::check`](crate::Store::check) read.

use std::sync::atomic::AtomicU64;

use crate::trouble::Trouble;

/// See [`Gauges`](crate::Gauges).
#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) groups: AtomicU64,
    pub(crate) grouped: AtomicU64,
    pub(crate) retries: AtomicU64,
    pub(crate) long_reads: AtomicU64,
    pub(crate) refused: AtomicU64,
    pub(crate) connections: AtomicU64,
    pub(crate) connects: AtomicU64,
    pub(crate) busy: AtomicU64,
    pub(crate) trouble: Trouble,
}
