//! How fast a handler that says it is busy is served: the scheduler and the policy with a handler and a clock of the test's own.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use portal::Moment;
use portal::outbound::policy::{Outcome, Policy, Try, Verdict, verdict};
use portal::outbound::queue::Lane;

use super::{Ended, Queue, Rules, Scheduler};

const START: i64 = 1_000_000_000_000_000;
const SECOND: i64 = 1_000_000;
const ID: i64 = 1;

/// What a handler answers to a request that comes then: after how many microseconds, and with which status; and how
/// many seconds it asks for.
type Handler = Box<dyn FnMut(i64) -> (i64, u16, Option<u64>)>;

/// What comes to pass in the order of time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// An answer to a delivery.
    Answer(usize, u16, Option<u64>),
    /// The courier looks for what is due.
    Look,
    /// Time to send something.
    Wake,
}

struct Simulation {
    scheduler: Scheduler<usize>,
    handler: Handler,
    events: BinaryHeap<Reverse<(i64, Event)>>,
    /// What waits in the queue, by when it is due.
    waiting: BTreeMap<(i64, usize), ()>,
    attempts: Vec<u32>,
    left: usize,
    requests: usize,
}

/// How it went.
#[derive(Debug)]
struct Report {
    seconds: i64,
    requests: usize,
    /// The most tries that count of any delivery.
    attempts: u32,
}

/// Delivers so many events that were all raised at the start.
fn deliver(count: usize, handler: Handler) -> Report {
    let rules = Rules { concurrency: 64, in_all: usize::MAX, rate: 500 };
    let mut simulation = Simulation {
        scheduler: Scheduler::new(rules),
        handler,
        events: BinaryHeap::from([Reverse((START, Event::Look))]),
        waiting: (0..count).map(|one| ((START, one), ())).collect(),
        attempts: vec![0; count],
        left: count,
        requests: 0,
    };
    while let Some((now, event)) = simulation.next() {
        simulation.pass(now, event);
        if simulation.left == 0 {
            let attempts = simulation.attempts.into_iter().max().unwrap_or_default();
            return Report { seconds: (now - START) / SECOND, requests: simulation.requests, attempts };
        }
        assert!(now < START + 24 * 3600 * SECOND, "{} are left after a day", simulation.left);
    }
    unreachable!("the courier looks for ever");
}

impl Simulation {
    /// What comes next: an event, or a moment for which the scheduler waits.
    fn next(&mut self) -> Option<(i64, Event)> {
        let Reverse((at, _)) = self.events.peek()?;
        match self.scheduler.wakes().filter(|wakes| wakes.0 < *at) {
            Some(wakes) => Some((wakes.0, Event::Wake)),
            None => self.events.pop().map(|Reverse(next)| next),
        }
    }

    fn pass(&mut self, now: i64, event: Event) {
        match event {
            Event::Answer(one, status, asked) => self.answered(one, status, asked, now),
            Event::Look => {
                if self.waiting.first_key_value().is_some_and(|((due, _), ())| *due <= now) {
                    self.scheduler.hear(ID, Lane::First);
                }
                self.events.push(Reverse((now + SECOND, Event::Look)));
            }
            Event::Wake => {}
        }
        for queue in [Queue::Prompt, Queue::Patient] {
            self.send(queue, now);
            for want in self.scheduler.wants(queue, usize::MAX, Moment(now)) {
                let due: Vec<(i64, usize)> = self
                    .waiting
                    .keys()
                    .take_while(|(due, _)| *due <= now)
                    .take(want.count)
                    .copied()
                    .collect();
                due.iter().for_each(|one| _ = self.waiting.remove(one));
                self.scheduler.stock(want, due.into_iter().map(|(_, one)| one).collect());
            }
            self.send(queue, now);
        }
    }

    fn send(&mut self, queue: Queue, now: i64) {
        while let Some(one) = self.scheduler.next(queue, Moment(now)) {
            self.requests += 1;
            let (took, status, asked) = (self.handler)(now);
            self.events.push(Reverse((now + took, Event::Answer(one, status, asked))));
        }
    }

    /// As `worker` has it.
    fn answered(&mut self, one: usize, status: u16, asked: Option<u64>, now: i64) {
        self.scheduler.ended(ID, Lane::First, Ended::of(status), Moment(now));
        let retry_after = asked.map(std::time::Duration::from_secs);
        if let Some(seconds) = asked {
            let until = Moment(now + seconds.cast_signed() * SECOND);
            for back in self.scheduler.pause(ID, until, Moment(now)) {
                self.waiting.insert((now, back), ());
            }
        }
        let tried = Try {
            raised: Moment(START),
            attempts: self.attempts[one],
            retry_after,
            jitter: 0.5,
            now: Moment(now),
        };
        let due = match verdict(Outcome::Status(status), &tried, &Policy::default()) {
            Verdict::Delivered => {
                self.left -= 1;
                return;
            }
            Verdict::Later { at } => at,
            Verdict::Retry { at } => {
                self.attempts[one] += 1;
                at
            }
            verdict => panic!("{verdict:?}"),
        };
        self.waiting.insert((due.0, one), ());
    }
}

/// One that takes so many in each second and answers 429 to more.
fn limited(rate: usize, asks: Option<u64>) -> Handler {
    let (mut second, mut taken) = (0, 0);
    Box::new(move |now| {
        if now / SECOND != second {
            (second, taken) = (now / SECOND, 0);
        }
        taken += 1;
        if taken <= rate { (2_000, 200, None) } else { (2_000, 429, asks) }
    })
}

/// So many workers of 200 ms each; 503 when all of them are busy.
fn workers(count: usize) -> Handler {
    let mut free_at = vec![0; count];
    Box::new(move |now| match free_at.iter_mut().find(|at| **at <= now) {
        Some(at) => {
            *at = now + 200_000;
            (200_000, 200, None)
        }
        None => (1_000, 503, None),
    })
}

#[test]
fn a_handler_of_five_a_second_that_says_so_gets_five_hundred_within_twice_the_time() {
    let report = deliver(500, limited(5, Some(1)));
    assert!(report.seconds <= 200 && report.requests < 1000 && report.attempts == 0, "{report:?}");
}

#[test]
fn one_that_says_429_alone_is_served_nearly_as_well() {
    let report = deliver(500, limited(5, None));
    assert!(report.seconds <= 200 && report.requests < 1500 && report.attempts == 0, "{report:?}");
}

#[test]
fn four_workers_of_200_ms_get_five_hundred_within_three_times_the_time() {
    let report = deliver(500, workers(4));
    assert!(report.seconds <= 75 && report.requests < 1000 && report.attempts == 0, "{report:?}");
}

/// 502 for two hours, from a proxy whose application is down.
#[test]
fn what_waited_for_an_application_goes_fast_when_it_is_back() {
    let back = START + 7200 * SECOND;
    let handler = move |now| if now < back { (1_000, 502, None) } else { (10_000, 200, None) };
    let report = deliver(20_000, Box::new(handler));
    // A minute until it is asked again, and at most five for what it refused last.
    assert!((7200..7200 + 420).contains(&report.seconds), "{report:?}");
    assert!(report.requests < 20_000 + 300, "it is asked once a minute meanwhile: {report:?}");
    assert_eq!(report.attempts, 0);
}
