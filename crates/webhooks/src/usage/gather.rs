//! Counts that are not written yet.

use std::collections::HashMap;

use parking_lot::Mutex;

use super::{Kind, hour};
use engine::moment::Moment;

/// Counts since they were last written.
#[derive(Debug, Default)]
pub struct Counts(Mutex<HashMap<Key, i64>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    integration_id: i64,
    hour: i64,
    kind: Kind,
    name: &'static str,
}

/// A count to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Counted {
    /// The integration.
    pub integration_id: i64,
    /// The hour since 1970, UTC.
    pub hour: i64,
    /// The kind of thing that is counted.
    pub kind: Kind,
    /// The method or the event.
    pub name: &'static str,
    /// How many.
    pub count: i64,
}

impl Counts {
    /// Counts one: a call of a method, or a delivery of an event, by the name under which it is declared.
    pub fn note(&self, integration_id: i64, kind: Kind, name: &'static str, now: Moment) {
        let key = Key { integration_id, hour: hour(now), kind, name };
        *self.0.lock().entry(key).or_default() += 1;
    }

    /// Takes all counts out, to be written.
    pub fn take(&self) -> Vec<Counted> {
        // Its room stays: tomorrow's keys are much like today's.
        let mut gathered: Vec<Counted> = self.0.lock().drain().map(Counted::from).collect();
        gathered.sort_unstable();
        gathered
    }
}

impl From<(Key, i64)> for Counted {
    fn from((key, count): (Key, i64)) -> Self {
        let Key { integration_id, hour, kind, name } = key;
        Counted { integration_id, hour, kind, name, count }
    }
}
