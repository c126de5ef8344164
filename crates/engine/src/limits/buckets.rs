//! Leaky buckets, in memory or shared by all nodes.

use std::hash::Hash;
use std::net::IpAddr;
use std::sync::Arc;

use hashlink::LinkedHashMap;
use parking_lot::Mutex;
use store::{Param, Pending, Row, Tx};

use super::Bucket;
use crate::Core;
use crate::error::{Error, Result};
use crate::keys::Lookup;
use crate::moment::Moment;

/// Sources remembered at the most.
const SOURCES: usize = 100_000;
/// Sources whose bucket has run dry that are forgotten with each request, so that they never pile up and none pays for all.
const SWEPT: usize = 2;
/// Microseconds after which every bucket that was full is dry: a day.
pub(super) const LONGEST: i64 = 86_400_000_000;

impl Bucket {
    /// Microseconds that it takes until the next request has flowed off.
    fn step(self) -> i64 {
        (1e6 / self.drain).round() as i64
    }

    /// Microseconds after which it is dry when it is full.
    fn depth(self) -> i64 {
        (self.capacity * 1e6 / self.drain).round() as i64
    }

    /// When a full one is dry.
    fn full(self, now: Moment) -> Moment {
        Moment(now.0.saturating_add(self.depth()))
    }

    /// When it is dry after one more request, if it has room for that.
    fn filled(self, dry: Moment, now: Moment) -> Option<Moment> {
        let after = dry.0.max(now.0) + self.step();
        (after - now.0 <= self.depth()).then_some(Moment(after))
    }

    /// When it is dry. One that is fuller than full shows that the clock was set back: nobody is kept waiting for that.
    fn held(self, dry: Moment, now: Moment) -> Moment {
        if dry > self.full(now) { now } else { dry }
    }
}

/// The buckets of all sources: addresses, unless something else is counted. Those that asked last come last.
#[derive(Debug)]
pub struct Buckets<Source: Eq + Hash = IpAddr>(Mutex<LinkedHashMap<Source, Moment>>);

impl<Source: Eq + Hash> Default for Buckets<Source> {
    fn default() -> Self {
        Buckets(Mutex::default())
    }
}

impl<Source: Eq + Hash> Buckets<Source> {
    /// Empties all of them.
    pub fn clear(&self) {
        self.0.lock().clear();
    }

    /// Counts a request; false when the bucket of that source has no room for it.
    pub fn admit(&self, bucket: Bucket, source: Source, now: Moment) -> bool {
        let mut all = self.0.lock();
        let dry = bucket.held(all.remove(&source).unwrap_or(now), now);
        let filled = bucket.filled(dry, now);
        keep(&mut all, source, filled.unwrap_or(dry), now);
        filled.is_some()
    }

    /// Whether a request would be let in.
    fn has_room(&self, bucket: Bucket, source: &Source, now: Moment) -> bool {
        self.0.lock().get_mut(source).is_none_or(|dry| {
            *dry = bucket.held(*dry, now);
            bucket.filled(*dry, now).is_some()
        })
    }

    /// Has the bucket of a source as another knows it.
    fn learn(&self, source: Source, dry: Moment, now: Moment) {
        let mut all = self.0.lock();
        all.remove(&source);
        keep(&mut all, source, dry, now);
    }
}

fn keep<Source: Eq + Hash>(
    all: &mut LinkedHashMap<Source, Moment>,
    source: Source,
    dry: Moment,
    now: Moment,
) {
    for _ in 0..SWEPT {
        let full = all.len() >= SOURCES;
        if !all.front().is_some_and(|(_, longest)| full || *longest <= now) {
            break;
        }
        all.pop_front();
    }
    all.insert(source, dry);
}

/// Buckets that all nodes of a portal fill together: in its database, where that is a server's. What a node learned last of a bucket is
/// kept, so that one that is full costs no question.
#[derive(Clone, Debug)]
pub struct Shared {
    /// What tells them from others in the same table.
    name: &'static str,
    near: Arc<Buckets<Lookup>>,
}

impl Shared {
    /// Those of that name, all empty as far as this node knows.
    pub fn new(name: &'static str) -> Self {
        Shared { name, near: Arc::default() }
    }

    /// Empties those of this node; [`forget`](super::forget) empties what it shares with others.
    pub fn clear(&self) {
        self.near.clear();
    }

    /// Counts a request; false when the bucket of that source has no room for it. Ready at once where there is one node. While the
    /// database does not answer each node counts for itself.
    pub fn admit(&self, core: &Core, bucket: Bucket, source: &str, now: Moment) -> Pending<Result<bool>> {
        let source = core.keys.lookup(0, &format!("{} {source}", self.name));
        if !core.store.is_shared() {
            return Pending::ready(Ok(self.near.admit(bucket, source, now)));
        }
        if !self.near.has_room(bucket, &source, now) {
            return Pending::ready(Ok(false));
        }
        let counted = core.store.write_lightly(move |tx: &mut Tx<'_>| count(tx, bucket, &source, now));
        let near = Arc::clone(&self.near);
        Pending::steps(async move {
            let Ok((admitted, dry)) = counted.await else { return Ok(near.admit(bucket, source, now)) };
            near.learn(source, dry, now);
            Ok::<_, Error>(admitted)
        })
    }
}

/// Counts a request in the database; whether it was let in, and when the bucket is dry. What [`Bucket::held`] and [`Bucket::filled`] do,
/// in one statement.
fn count(tx: &mut Tx<'_>, bucket: Bucket, source: &Lookup, now: Moment) -> Result<(bool, Moment)> {
    const COUNT: &str = "INSERT INTO limit_bucket AS b (source, dry) VALUES (?, ?) ON CONFLICT (source) DO UPDATE \
         SET dry = CASE WHEN b.dry BETWEEN ? AND ? THEN b.dry ELSE ? END + ? WHERE b.dry NOT BETWEEN ? AND ? RETURNING dry";
    let (step, full, source) = (bucket.step(), bucket.full(now).0, source.as_slice());
    let values = [now.0 + step, now.0, full, now.0, step, full - step + 1, full];
    let params: Vec<Param<'_>> = [source.into()].into_iter().chain(values.map(Param::from)).collect();
    let dry = |row: &Row<'_>| Ok(Moment(row.int(0)?));
    if let Some(filled) = tx.one(COUNT, &params, dry)? {
        return Ok((true, filled));
    }
    let known = tx.one("SELECT dry FROM limit_bucket WHERE source = ?", &[source.into()], dry)?;
    Ok((false, known.unwrap_or(Moment(full))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    const SECOND: i64 = 1_000_000;

    #[test]
    fn a_full_bucket_refuses_until_it_has_leaked() {
        let (buckets, bucket) = (Buckets::default(), Limits::bitrix24().bucket.unwrap());
        let (here, there) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        for _ in 0..50 {
            assert!(buckets.admit(bucket, here, Moment(0)));
        }
        assert!(!buckets.admit(bucket, here, Moment(0)));
        assert!(buckets.admit(bucket, there, Moment(0)), "another address has its own bucket");
        assert!(buckets.admit(bucket, here, Moment(SECOND)));
        assert!(buckets.admit(bucket, here, Moment(SECOND)));
        assert!(!buckets.admit(bucket, here, Moment(SECOND)));
    }

    #[test]
    fn a_bucket_never_holds_more_than_its_capacity() {
        let (buckets, bucket) = (Buckets::default(), Bucket { capacity: 3.0, drain: 1.0 });
        let here = IpAddr::from([10, 0, 0, 1]);
        let admitted = |tenths: i64| buckets.admit(bucket, here, Moment(tenths * SECOND / 10));
        assert!((0..3).all(|_| admitted(0)));
        // With half a request flown off there is no room for a whole one.
        assert!(!admitted(5));
        assert!(admitted(10));
        assert!(!admitted(11));
        // In tenths, whose sums are no whole numbers.
        assert_eq!((12..=40).filter(|tenths| admitted(*tenths)).count(), 3);
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_nobody_waiting() {
        let (buckets, bucket) = (Buckets::default(), Bucket { capacity: 2.0, drain: 1.0 });
        let later = Moment(1_000_000 * SECOND);
        assert!(buckets.admit(bucket, 1, later) && buckets.admit(bucket, 1, later));
        assert!(!buckets.admit(bucket, 1, later));
        assert!(buckets.admit(bucket, 1, Moment(0)) && buckets.admit(bucket, 1, Moment(0)));
        assert!(!buckets.admit(bucket, 1, Moment(0)), "and it holds as much as before");
    }

    #[test]
    fn sources_are_forgotten_when_they_have_run_dry_and_when_there_are_too_many() {
        let bucket = Bucket { capacity: 1.0, drain: 1.0 };
        let buckets = Buckets::default();
        for source in 0..SOURCES + 5 {
            assert!(buckets.admit(bucket, source, Moment(0)));
        }
        assert_eq!(buckets.0.lock().len(), SOURCES, "the oldest make room");
        assert!(!buckets.admit(bucket, SOURCES, Moment(0)));
        for source in 0..SOURCES {
            buckets.admit(bucket, source % 10, Moment(2 * SECOND + source as i64 * SECOND));
        }
        assert!(buckets.0.lock().len() <= 10, "{}", buckets.0.lock().len());
    }
}
