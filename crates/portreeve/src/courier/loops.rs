//! Circles: a handler that changes what it is told of is told again. Above so many events a minute of one object to one
//! handler that object is slowed down, more the longer it goes on. Pure; each courier counts what it sends itself.
//!
//! A burst is no circle: what was raised before anything of a round was sent was not caused by that round. So it goes
//! within the round, one shortly after the other. What was raised since may be caused by it, and begins the next round after a
//! pause, which grows from round to round.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::time::Duration;

use portal::clock::Now;
use portal::outbound::queue::{Lane, Leased};

/// Events of one object to one handler within a minute that are not remarkable.
const MAX: u32 = 60;
const MINUTE: i64 = 60_000_000;
/// Microseconds between events of one round.
const STEP: i64 = 50_000;
/// Microseconds before a round, at first and at most. They double after so many rounds.
const GAP: i64 = 1_000_000;
const LONGEST_GAP: i64 = 10_000_000;
const ROUNDS: u32 = 10;
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
    /// When the first event of this round was, or is to be, sent.
    begun: i64,
    /// How many rounds there were.
    rounds: u32,
}

impl Slow {
    /// When an event may be sent that was raised then.
    fn due(&mut self, raised: i64, now: i64) -> i64 {
        if raised <= self.begun {
            self.last = self.last.saturating_add(STEP).max(now);
            return self.last;
        }
        let gap = GAP.saturating_mul(1 << (self.rounds / ROUNDS).min(8)).min(LONGEST_GAP);
        let due = self.last + gap;
        self.rounds += u32::from(due > now);
        self.last = due.max(now);
        self.begun = self.last;
        self.last
    }
}

/// Whether a delivery may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Now.
    Now,
    /// After so long.
    After {
        /// How long.
        wait: Duration,
        /// Whether it is the first of its object to be slowed down.
        is_first: bool,
    },
}

impl Turn {
    fn after(micros: i64, is_first: bool) -> Self {
        Turn::After { wait: Duration::from_micros(micros.max(0).unsigned_abs()), is_first }
    }
}

impl Loops {
    /// Counts a delivery that is about to be sent. Later tries do not count, nor do test events, nor what had to wait already.
    /// What is counted happens on a clock that nobody sets.
    pub fn turn(&mut self, leased: &Leased, now: Now) -> Turn {
        if leased.lane != Lane::First || leased.attempts > 0 || leased.is_slowed || leased.is_test {
            return Turn::Now;
        }
        let object = self.hasher.hash_one((leased.outbound_id, leased.object.as_str()));
        let age = now.portal.0.saturating_sub(leased.raised.0);
        self.count(object, now.machine.0.saturating_sub(age), now.machine.0)
    }

    fn count(&mut self, object: u64, raised: i64, now: i64) -> Turn {
        if now.abs_diff(self.begun) >= MINUTE.unsigned_abs() || self.counts.len() >= COUNTED {
            self.begun = now;
            self.counts.clear();
            // An object that was quiet for a minute is as any other.
            self.slow.retain(|_, slow| now - slow.last < MINUTE);
        }
        if let Some(slow) = self.slow.get_mut(&object) {
            let due = slow.due(raised, now);
            return if due <= now { Turn::Now } else { Turn::after(due - now, false) };
        }
        let count = self.counts.entry(object).or_default();
        *count += 1;
        if *count <= MAX {
            return Turn::Now;
        }
        let due = now + GAP;
        self.slow.insert(object, Slow { last: due, begun: due, rounds: 1 });
        Turn::after(GAP, true)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;

    const SECOND: i64 = 1_000_000;
    const START: i64 = 1_800_000_000 * SECOND;

    /// How long a handler takes to cause the next event.
    const ANSWER: i64 = 20_000;

    /// The microseconds, since the start, at which the events of some circles on one object are sent, each of which causes the
    /// next of its circle.
    fn circles(loops: &mut Loops, from: i64, circles: usize, events: usize) -> Vec<i64> {
        let mut now = from;
        let mut raised: VecDeque<i64> = vec![from; circles].into();
        let mut sent = Vec::new();
        for _ in 0..events {
            let one = raised.pop_front().unwrap();
            now = now.max(one);
            if let Turn::After { wait, .. } = loops.count(1, one, now) {
                now += wait.as_micros() as i64;
            }
            sent.push(now - START);
            raised.push_back(now + ANSWER);
        }
        sent
    }

    #[test]
    fn a_circle_slows_down_more_and_more() {
        let sent = circles(&mut Loops::default(), START, 1, 200);
        assert!(sent[59] < 2 * SECOND, "sixty are nothing remarkable");
        let gap = |at: usize| (sent[at] - sent[at - 1]) / SECOND;
        assert_eq!((gap(61), gap(75), gap(85), gap(95), gap(199)), (1, 2, 4, 8, 10));
    }

    #[test]
    fn many_circles_on_one_object_slow_down_as_one() {
        let sent = circles(&mut Loops::default(), START, 10, 2000);
        let last_minute = sent.iter().filter(|at| **at > sent[1999] - 60 * SECOND).count();
        assert!(last_minute <= 70, "{last_minute}");
    }

    #[test]
    fn a_burst_drains() {
        let mut loops = Loops::default();
        let (mut now, mut waited) = (START, 0);
        for change in 0..1000 {
            // The changes come every two milliseconds; in order, the next is looked at when the one before was sent.
            let raised = START + change * 2000;
            now = now.max(raised);
            if let Turn::After { wait, .. } = loops.count(1, raised, now) {
                now += wait.as_micros() as i64;
                waited += 1;
            }
        }
        assert!(waited > 900);
        assert!(now - START < 70 * SECOND, "{}", now - START);
    }

    #[test]
    fn what_comes_together_is_spread() {
        let mut loops = Loops::default();
        let dues: Vec<Turn> = (0..62).map(|_| loops.count(1, START, START)).collect();
        assert!(dues[..60].iter().all(|turn| *turn == Turn::Now));
        assert_eq!(dues[60..], [Turn::after(SECOND, true), Turn::after(SECOND + STEP, false)]);
    }

    #[test]
    fn other_objects_go_on_and_a_quiet_one_begins_anew() {
        let mut loops = Loops::default();
        circles(&mut loops, START, 1, 100);
        assert_eq!(loops.count(2, START, START), Turn::Now);
        let later = START + 400 * SECOND;
        assert_eq!(
            (0..60).map(|_| loops.count(1, later, later)).filter(|turn| *turn != Turn::Now).count(),
            0
        );
    }

    #[test]
    fn an_event_a_second_is_no_circle() {
        let mut loops = Loops::default();
        let at = |second: i64| START + second * SECOND;
        let all = (0..600).map(|second| loops.count(1, at(second), at(second)));
        assert_eq!(all.filter(|turn| *turn != Turn::Now).count(), 0);
    }

    #[test]
    fn what_is_counted_is_bounded() {
        let mut loops = Loops::default();
        (0..200_000).for_each(|object| _ = loops.count(object, START, START));
        assert!(loops.counts.len() <= COUNTED);
    }
}
