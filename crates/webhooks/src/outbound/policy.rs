//! When a delivery that failed is tried again: pure functions of what happened.

use std::fmt;
use std::time::Duration;

use engine::moment::{self, Moment};

/// The delays before the second, third, .. try. `Display` gives the text that [`Policy::parse`] reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    delays: Vec<Duration>,
}

/// Seconds of the usual schedule: 5 s, 1 min, 5 min, 30 min, 2 h, 6 h, 12 h, 18 h, 24 h, 24 h. It outlives a weekend.
const USUAL: [u64; 10] = [5, 60, 300, 1_800, 7_200, 21_600, 43_200, 64_800, 86_400, 86_400];
/// A schedule has so many delays at most, each no longer than a week.
const MAX: usize = 20;
const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);
/// A handler may ask for so much patience at most.
const PATIENCE: Duration = Duration::from_secs(24 * 3600);
/// For so long after its event a delivery to a busy handler uses up no tries.
const BUSY_FOR: Duration = Duration::from_secs(24 * 3600);
/// Such a delivery waits for this share of its event's age, but no less and no longer than that.
const BUSY_SHARE: i64 = 16;
const BUSY_WAIT: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(300)];
/// A delay is spread by this share of it, half of it to each side, so that what failed together does not
/// come back together.
const SPREAD: f64 = 0.2;

/// Why a text is no policy.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "{0:?} is not a retry policy; use \"default\", \"once\" or up to 20 delays like \"5s,1m,30m,2h,1d\", each at most 7d"
)]
pub struct PolicyError(String);

impl Default for Policy {
    fn default() -> Self {
        Policy { delays: USUAL.map(Duration::from_secs).to_vec() }
    }
}

impl Policy {
    /// One try and no more, as Bitrix24 does (protocol 9.3).
    pub fn once() -> Self {
        Policy { delays: Vec::new() }
    }

    /// Reads `default`, `once`, or delays like `5s,1m,30m,2h,1d`.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        let told = || PolicyError(text.to_owned());
        match text.trim() {
            "" | "default" => Ok(Policy::default()),
            "once" => Ok(Policy::once()),
            list => {
                let delays: Option<Vec<Duration>> = list.split(',').map(|part| delay(part.trim())).collect();
                let delays = delays.filter(|delays| delays.len() <= MAX).ok_or_else(told)?;
                Ok(Policy { delays })
            }
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Policy::default() {
            return f.write_str("default");
        }
        if self.delays.is_empty() {
            return f.write_str("once");
        }
        for (index, delay) in self.delays.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            write!(f, "{comma}{}s", delay.as_secs())?;
        }
        Ok(())
    }
}

fn delay(text: &str) -> Option<Duration> {
    let seconds = moment::span(text).and_then(|seconds| u64::try_from(seconds).ok());
    seconds.map(Duration::from_secs).filter(|delay| *delay <= LONGEST)
}

/// How a try ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The handler answered with this status.
    Status(u16),
    /// There was no answer.
    Failed,
}

/// The outcome of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The handler has it: a status of 200 to 299.
    Delivered,
    /// It is tried again then.
    Retry {
        /// When.
        at: Moment,
    },
    /// The handler is busy: it is tried again then, and this try does not count.
    Later {
        /// When.
        at: Moment,
    },
    /// It is given up; a person may send it again.
    Dead,
    /// The handler said 410: it wants nothing more, and is disabled.
    Gone,
}

/// A try of a delivery.
#[derive(Clone, Copy, Debug)]
pub struct Try {
    /// When the event was raised.
    pub raised: Moment,
    /// The tries before it that count.
    pub attempts: u32,
    /// What the handler asked for: it lengthens a delay, and never shortens one.
    pub retry_after: Option<Duration>,
    /// A random number from 0 to 1.
    pub jitter: f64,
    /// When it ended.
    pub now: Moment,
}

/// Whether a status says that the handler has too much to do, or that whoever stands before it does not reach it.
pub fn is_busy(status: u16) -> bool {
    matches!(status, 429 | 502 | 503 | 504)
}

/// Judges a try.
pub fn verdict(outcome: Outcome, tried: &Try, policy: &Policy) -> Verdict {
    let Try { attempts, retry_after, jitter, now, .. } = *tried;
    match outcome {
        Outcome::Status(200..=299) => return Verdict::Delivered,
        Outcome::Status(410) => return Verdict::Gone,
        Outcome::Status(status) if is_busy(status) && !policy.delays.is_empty() => {
            if let Some(at) = tried.later() {
                return Verdict::Later { at };
            }
        }
        Outcome::Status(_) | Outcome::Failed => {}
    }
    let Some(delay) = policy.delays.get(attempts as usize) else { return Verdict::Dead };
    let spread = delay.mul_f64(1.0 + SPREAD * (jitter.clamp(0.0, 1.0) - 0.5));
    let wait = retry_after.map_or(spread, |asked| spread.max(asked.min(PATIENCE)));
    Verdict::Retry { at: after(now, wait) }
}

impl Try {
    /// When a busy handler is asked again: the older the event, the later. `None` when it is too old for that.
    fn later(&self) -> Option<Moment> {
        let age = self.now.0.saturating_sub(self.raised.0).max(0);
        if age >= micros(BUSY_FOR) {
            return None;
        }
        let [least, most] = BUSY_WAIT.map(micros);
        let own = Duration::from_micros((age / BUSY_SHARE).clamp(least, most).unsigned_abs());
        let wait = self.retry_after.map_or(own, |asked| own.max(asked.min(PATIENCE)));
        Some(after(self.now, wait.mul_f64(1.0 + SPREAD * self.jitter.clamp(0.0, 1.0))))
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

fn after(now: Moment, wait: Duration) -> Moment {
    Moment(now.0.saturating_add(micros(wait)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(1_000_000_000_000_000);

    fn judge(outcome: Outcome, attempts: u32, retry_after: Option<u64>) -> Verdict {
        verdict(outcome, &tried(attempts, retry_after, 0.5), &Policy::default())
    }

    /// A try at the moment `NOW`, of an event that is too old for a busy handler to be waited for.
    fn tried(attempts: u32, retry_after: Option<u64>, jitter: f64) -> Try {
        let raised = Moment(NOW.0 - 25 * 3_600_000_000);
        Try { raised, attempts, retry_after: retry_after.map(Duration::from_secs), jitter, now: NOW }
    }

    /// A try when the event is so many seconds old.
    fn young(seconds: i64, attempts: u32, retry_after: Option<u64>) -> Try {
        Try { raised: Moment(NOW.0 - seconds * 1_000_000), ..tried(attempts, retry_after, 0.0) }
    }

    fn later(seconds: i64) -> Verdict {
        Verdict::Later { at: Moment(NOW.0 + seconds * 1_000_000) }
    }

    #[test]
    fn a_busy_handler_costs_no_tries_for_a_day() {
        for status in [429, 502, 503, 504] {
            let at = |tried: Try| verdict(Outcome::Status(status), &tried, &Policy::default());
            for attempts in [0, 3, 10, 99] {
                assert_eq!(at(young(2, attempts, None)), later(1), "{status}");
            }
            assert_eq!(at(young(160, 0, None)), later(10), "what is older can wait for longer");
            assert_eq!(at(young(86_399, 0, None)), later(300));
            assert_eq!(at(young(2, 0, Some(7))), later(7), "it says when");
            assert_eq!(at(young(160, 0, Some(7))), later(10), "and does not hurry us");
            assert!(matches!(at(young(86_400, 0, None)), Verdict::Retry { .. }));
            assert_eq!(at(young(86_400, 10, None)), Verdict::Dead);
        }
        for outcome in [Outcome::Status(500), Outcome::Status(408), Outcome::Failed] {
            assert!(matches!(
                verdict(outcome, &young(2, 0, None), &Policy::default()),
                Verdict::Retry { .. }
            ));
        }
        let once = verdict(Outcome::Status(503), &young(2, 0, None), &Policy::once());
        assert_eq!(once, Verdict::Dead, "one try is one try");
    }

    #[test]
    fn the_usual_schedule_outlives_a_weekend() {
        let mut seconds = 0;
        for attempts in 0.. {
            match verdict(Outcome::Failed, &tried(attempts, None, 0.0), &Policy::default()) {
                Verdict::Retry { at } => seconds += (at.0 - NOW.0) / 1_000_000,
                _ => break,
            }
        }
        assert!(seconds >= 72 * 3600, "{seconds}");
    }

    fn after(seconds: i64) -> Verdict {
        Verdict::Retry { at: Moment(NOW.0 + seconds * 1_000_000) }
    }

    #[test]
    fn success_is_any_status_of_the_two_hundreds() {
        for status in [200, 201, 204, 299] {
            assert_eq!(judge(Outcome::Status(status), 0, None), Verdict::Delivered);
        }
        for status in [100, 199, 300, 301, 302, 303, 307, 308, 400, 404, 500, 503] {
            assert_eq!(judge(Outcome::Status(status), 0, None), after(5), "{status}");
        }
        assert_eq!(judge(Outcome::Failed, 0, None), after(5));
    }

    #[test]
    fn delays_grow_until_it_is_given_up() {
        let delays = [5, 60, 300, 1_800, 7_200, 21_600, 43_200, 64_800, 86_400, 86_400];
        for (attempts, seconds) in (0..).zip(delays) {
            assert_eq!(judge(Outcome::Failed, attempts, None), after(seconds));
        }
        assert_eq!(judge(Outcome::Failed, 10, None), Verdict::Dead);
        assert_eq!(verdict(Outcome::Failed, &tried(0, None, 0.5), &Policy::once()), Verdict::Dead);
    }

    #[test]
    fn a_handler_may_ask_for_more_time_but_not_for_less_nor_for_ever() {
        assert_eq!(judge(Outcome::Status(429), 0, Some(90)), after(90));
        assert_eq!(judge(Outcome::Status(503), 2, Some(1)), after(300));
        assert_eq!(judge(Outcome::Status(503), 0, Some(1_000_000)), after(86_400));
    }

    #[test]
    fn jitter_spreads_by_a_tenth_to_each_side() {
        let at = |jitter| verdict(Outcome::Failed, &tried(1, None, jitter), &Policy::default());
        assert_eq!((at(0.0), at(1.0)), (after(54), after(66)));
    }

    #[test]
    fn gone_is_gone() {
        assert_eq!(judge(Outcome::Status(410), 0, Some(5)), Verdict::Gone);
    }

    #[test]
    fn a_policy_is_read_as_it_is_written() {
        for text in ["default", "once", "5s,60s"] {
            assert_eq!(Policy::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Policy::parse(" 1m, 2h ,1d").unwrap().to_string(), "60s,7200s,86400s");
        for text in
            ["5", "s", "-1s", "5x", "8d", "5s,,6s", "ä", "99999999999999999999s", &["1s"; 21].join(",")]
        {
            assert!(Policy::parse(text).is_err(), "{text}");
        }
    }
}
