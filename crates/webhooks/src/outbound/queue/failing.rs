//! How long a handler has done nothing but fail, and whether that is known of the whole time. Pure.

const HOUR: i64 = 3600;
/// Failures that lie closer together than this, or than a twelfth of the time, count as one.
const APART: i64 = 6 * HOUR;
/// So many that count are needed.
const ENOUGH: i64 = 4;
/// After so long without a failure nobody knows how the handler was meanwhile. It is more than the longest delay of the
/// usual schedule, so that one delivery alone can tell.
const SILENCE: i64 = 36 * HOUR;

/// Failures without a success among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Failing {
    /// Unix seconds of the first one.
    pub(super) since: i64,
    /// How many count.
    pub(super) times: i64,
    /// Unix seconds of the last one that counts.
    pub(super) last: i64,
}

impl Failing {
    /// After another failure. `limit` is after how many seconds of failures a webhook is switched off.
    pub(super) fn next(before: Option<Failing>, limit: i64, now: i64) -> Failing {
        let anew = Failing { since: now, times: 1, last: now };
        // What lies ahead is of before the clock was set back.
        let before = before.map(|its| Failing { since: its.since.min(now), last: its.last.min(now), ..its });
        match before {
            Some(its) if now - its.last > SILENCE => anew,
            Some(its) if now - its.last < APART.min(limit / 12) => its,
            Some(its) => Failing { times: its.times + 1, last: now, ..its },
            None => anew,
        }
    }

    /// Whether the handler has failed for that time, as far as one can know.
    pub(super) fn is_enough(&self, limit: i64, now: i64) -> bool {
        now - self.since >= limit && self.times >= ENOUGH
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: i64 = 72 * HOUR;

    /// Whether failures at these hours switch a webhook off with the last one.
    fn ends(hours: &[i64]) -> bool {
        let mut failing = None;
        let mut ended = Vec::new();
        for now in hours.iter().map(|hour| hour * HOUR) {
            let next = Failing::next(failing, LIMIT, now);
            ended.push(next.is_enough(LIMIT, now));
            failing = Some(next);
        }
        let (last, before) = ended.split_last().unwrap();
        assert!(!before.contains(&true), "{hours:?}");
        *last
    }

    #[test]
    fn failures_over_the_whole_time_are_enough() {
        assert!(ends(&[0, 9, 21, 39, 63, 87]), "a single delivery by the usual schedule");
        assert!(ends(&(0..=72).collect::<Vec<_>>()), "one in every hour");
    }

    #[test]
    fn what_was_noted_ahead_of_the_clock_counts_from_now() {
        let ahead = Some(Failing { since: 900 * HOUR, times: 3, last: 999 * HOUR });
        let next = Failing::next(ahead, LIMIT, 10 * HOUR);
        assert_eq!((next.since, next.last), (10 * HOUR, 10 * HOUR));
        assert!(Failing::next(Some(next), LIMIT, 90 * HOUR).since == 90 * HOUR, "after a silence");
    }

    #[test]
    fn two_outages_are_not() {
        assert!(!ends(&[0, 80]));
        assert!(!ends(&[0, 6, 12, 18, 100, 101]), "nobody knows how it was in between");
        assert!(!ends(&[0, 1, 2, 35, 71]), "not long enough");
        assert!(!ends(&[0, 36, 72]), "too few");
    }
}
