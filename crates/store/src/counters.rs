//! Counters that the engines raise and [`Store::gauges`](crate::Store::gauges) reads.

use std::sync::atomic::AtomicU64;

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
}
