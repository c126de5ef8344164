//! Rate limits: the leaky bucket by source address and the operating time by webhook and method
//! (protocol 10). Off by default; kept in memory, per process.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;

use hashlink::LinkedHashMap;
use parking_lot::Mutex;

use crate::moment::Moment;

/// Which limits hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// Requests by source address.
    pub bucket: Option<Bucket>,
    /// Seconds that a method of one webhook may run within ten minutes.
    pub operating: Option<f64>,
}

/// A leaky bucket: holds `capacity` requests and loses `drain` of them a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    /// Requests that fit.
    pub capacity: f64,
    /// Requests a second that flow off.
    pub drain: f64,
}

impl Limits {
    /// None.
    pub fn off() -> Self {
        Limits { bucket: None, operating: None }
    }

    /// The figures of the Bitrix24 cloud on its common plans (protocol 10.1 and 10.2).
    pub fn bitrix24() -> Self {
        Limits { bucket: Some(Bucket { capacity: 50.0, drain: 2.0 }), operating: Some(480.0) }
    }

    /// The code of the limits: `off`, `bitrix24`, or `own` for any others.
    pub fn code(&self) -> &'static str {
        if *self == Self::off() {
            "off"
        } else if *self == Self::bitrix24() {
            "bitrix24"
        } else {
            "own"
        }
    }
}

/// Sources remembered at the most.
const SOURCES: usize = 100_000;
/// Sources whose bucket has run dry that are forgotten with each request, so that they never pile up and none pays for all.
const SWEPT: usize = 2;

/// The buckets of all sources: addresses, unless something else is counted. Those that asked last come last.
#[derive(Debug)]
pub struct Buckets<Source: Eq + Hash = IpAddr>(Mutex<LinkedHashMap<Source, (f64, Moment)>>);

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
        let mut levels = self.0.lock();
        let known = levels.remove(&source).map_or(0.0, |(level, at)| leaked(bucket, level, at, now));
        for _ in 0..SWEPT {
            let dry = |(level, at): &(f64, Moment)| leaked(bucket, *level, *at, now) <= 0.0;
            let full = levels.len() >= SOURCES;
            if !levels.front().is_some_and(|(_, longest)| full || dry(longest)) {
                break;
            }
            levels.pop_front();
        }
        // What flowed off is a sum of fractions.
        let admitted = known + 1.0 <= bucket.capacity + 1e-6;
        levels.insert(source, (if admitted { known + 1.0 } else { known }, now));
        admitted
    }
}

fn leaked(bucket: Bucket, level: f64, at: Moment, now: Moment) -> f64 {
    let seconds = (now.0 - at.0).max(0) as f64 / 1e6;
    (level - seconds * bucket.drain).max(0.0)
}

/// Length of one slot of the sliding window, in seconds.
const SLOT: i64 = 60;
/// Number of slots: the window is ten minutes.
const SLOTS: usize = 10;
/// Calls up to this many seconds are not recorded, as Bitrix24 does.
const UNCOUNTED: f64 = 0.1;

/// The operating time in the `time` block.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Operating {
    /// Seconds used within the window.
    pub seconds: f64,
    /// Unix second at which the oldest slot falls out of the window.
    pub reset_at: i64,
}

impl Operating {
    /// Nothing used: the window ends ten minutes from now.
    pub fn unused(now: Moment) -> Self {
        Window::default().operating(now.seconds())
    }
}

#[derive(Debug, Default, Clone)]
struct Window {
    /// (start of the slot, first call in it, seconds used), oldest first.
    slots: Vec<(i64, i64, f64)>,
}

impl Window {
    /// Forgets what fell out of the window, and what lies ahead because the clock was set back.
    fn forget(&mut self, now: i64) {
        self.slots.retain(|(start, _, _)| (0..SLOT * SLOTS as i64).contains(&(now - start)));
    }

    fn operating(&self, now: i64) -> Operating {
        let seconds = self.slots.iter().map(|(_, _, used)| used).sum();
        let first = self.slots.first().map_or(now, |(_, first, _)| *first);
        Operating { seconds, reset_at: first + SLOT * SLOTS as i64 }
    }
}

/// The operating time of all webhooks and methods.
#[derive(Debug, Default)]
pub struct OperatingTimes(Mutex<HashMap<(i64, &'static str), Window>>);

impl OperatingTimes {
    /// Forgets all of it.
    pub fn clear(&self) {
        self.0.lock().clear();
    }

    /// Time used so far.
    pub fn used(&self, hook: i64, method: &'static str, now: Moment) -> Operating {
        match self.0.lock().get_mut(&(hook, method)) {
            Some(window) => {
                window.forget(now.seconds());
                window.operating(now.seconds())
            }
            None => Operating::unused(now),
        }
    }

    /// Records a call that took `seconds`, and gives the time used including it.
    pub fn record(&self, hook: i64, method: &'static str, seconds: f64, now: Moment) -> Operating {
        if seconds <= UNCOUNTED {
            return self.used(hook, method, now);
        }
        let now = now.seconds();
        let mut windows = self.0.lock();
        let window = windows.entry((hook, method)).or_default();
        window.forget(now);
        let start = now - now.rem_euclid(SLOT);
        match window.slots.last_mut() {
            Some((last, _, used)) if *last == start => *used += seconds,
            _ => window.slots.push((start, now, seconds)),
        }
        window.operating(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn operating_time_adds_up_and_falls_out_of_the_window() {
        let times = OperatingTimes::default();
        assert_eq!(times.record(1, "crm.lead.list", 0.05, Moment(0)).seconds, 0.0);
        times.record(1, "crm.lead.list", 300.0, Moment(5 * SECOND));
        let used = times.record(1, "crm.lead.list", 200.0, Moment(65 * SECOND));
        assert_eq!(used, Operating { seconds: 500.0, reset_at: 605 });
        assert_eq!(times.used(2, "crm.lead.list", Moment(65 * SECOND)).seconds, 0.0);
        assert_eq!(times.used(1, "crm.lead.list", Moment(601 * SECOND)).seconds, 200.0);
    }
}
