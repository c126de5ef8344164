//! Circles: a handler that changes what it is told of is told again. Above so many events a minute of one object to one
//! handler that object is slowed down, more the longer it goes on. Pure; each courier counts what it sends itself.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use portal::Moment;
use portal::outbound::queue::{Lane, Leased};

/// Events of one object to one handler within a minute that are not remarkable.
const MAX: u32 = 60;
const MINUTE: i64 = 60_000_000;
/// Microseconds between events of an object that is slowed down, at first and at most. They double after each `MAX`.
const GAP: i64 = 1_000_000;
const LONGEST_GAP: i64 = 10_000_000;
/// Objects that are counted at once; beyond that counting begins anew.
const COUNTED: usize = 1 << 16;

/// What happens to the objects of handlers.
#[derive(Default)]
pub struct Loops {
    hasher: RandomState,
    /// When the minute began that is counted.
    begun: i64,
    /// First tries in that minute, by the hash of webhook and object.
    counts: HashMap<u64, u32>,
    slow: HashMap<u64, Slow>,
}

/// An object that is slowed down.
struct Slow {
    /// When its last event was, or is to be, sent.
    last: i64,
    /// How many were slowed down.
    times: u32,
}

/// Whether a delivery may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Now.
    Now,
    /// Not before that moment.
    At {
        /// When.
        due: Moment,
        /// Whether it is the first of its object to be slowed down.
        is_first: bool,
    },
}

impl Loops {
    /// Counts a delivery that is about to be sent. Later tries do not count, nor do test events, nor what had to wait already.
    pub fn turn(&mut self, leased: &Leased, now: Moment) -> Turn {
        if leased.lane != Lane::First || leased.attempts > 0 || leased.is_slowed || leased.is_test {
            return Turn::Now;
        }
        self.count(self.hasher.hash_one((leased.outbound_id, leased.object.as_str())), now.0)
    }

    fn count(&mut self, object: u64, now: i64) -> Turn {
        if now.abs_diff(self.begun) >= MINUTE.unsigned_abs() || self.counts.len() >= COUNTED {
            self.begun = now;
            self.counts.clear();
            // An object that was quiet for a minute is as any other.
            self.slow.retain(|_, slow| now - slow.last < MINUTE);
        }
        if let Some(slow) = self.slow.get_mut(&object) {
            let due = slow.last + GAP.saturating_mul(1 << (slow.times / MAX).min(8)).min(LONGEST_GAP);
            slow.last = due.max(now);
            if due <= now {
                return Turn::Now;
            }
            slow.times += 1;
            return Turn::At { due: Moment(due), is_first: false };
        }
        let count = self.counts.entry(object).or_default();
        *count += 1;
        if *count <= MAX {
            return Turn::Now;
        }
        self.slow.insert(object, Slow { last: now + GAP, times: 1 });
        Turn::At { due: Moment(now + GAP), is_first: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;
    const START: i64 = 1_800_000_000 * SECOND;

    /// The seconds, since the start, at which the events of a circle are sent, each of which causes the next.
    fn circle(loops: &mut Loops, from: i64, events: usize) -> Vec<i64> {
        let mut now = from;
        let mut sent = Vec::new();
        for _ in 0..events {
            if let Turn::At { due, .. } = loops.count(1, now) {
                now = due.0;
            }
            sent.push((now - START) / SECOND);
        }
        sent
    }

    #[test]
    fn a_circle_slows_down_more_and_more() {
        let sent = circle(&mut Loops::default(), START, 400);
        assert_eq!(sent[59], 0, "sixty are nothing remarkable");
        assert_eq!(sent[60..63], [1, 2, 3]);
        assert_eq!(sent[130] - sent[129], 2);
        assert_eq!(sent[399] - sent[398], 10);
    }

    #[test]
    fn what_comes_together_is_spread() {
        let mut loops = Loops::default();
        let dues: Vec<Turn> = (0..62).map(|_| loops.count(1, START)).collect();
        assert!(dues[..60].iter().all(|turn| *turn == Turn::Now));
        let at = |seconds, is_first| Turn::At { due: Moment(START + seconds * SECOND), is_first };
        assert_eq!(dues[60..], [at(1, true), at(2, false)]);
    }

    #[test]
    fn other_objects_go_on_and_a_quiet_one_begins_anew() {
        let mut loops = Loops::default();
        circle(&mut loops, START, 100);
        assert_eq!(loops.count(2, START), Turn::Now);
        let later = START + 200 * SECOND;
        assert_eq!((0..60).map(|_| loops.count(1, later)).filter(|turn| *turn != Turn::Now).count(), 0);
    }

    #[test]
    fn an_event_a_second_is_no_circle() {
        let mut loops = Loops::default();
        let all = (0..600).map(|second| loops.count(1, START + second * SECOND));
        assert_eq!(all.filter(|turn| *turn != Turn::Now).count(), 0);
    }

    #[test]
    fn what_is_counted_is_bounded() {
        let mut loops = Loops::default();
        (0..200_000).for_each(|object| _ = loops.count(object, START));
        assert!(loops.counts.len() <= COUNTED);
    }
}
