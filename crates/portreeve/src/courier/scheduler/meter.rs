//! How many requests a second a handler gets, for people: counted over ten seconds, and over less while that is the first time.

use portal::Moment;

/// Microseconds over which requests are counted.
const SPAN: i64 = 10_000_000;

/// A counter of requests.
#[derive(Default)]
pub(super) struct Meter {
    begun: i64,
    count: u32,
    /// Those of the span before.
    before: u32,
}

impl Meter {
    /// Counts one that has ended.
    pub(super) fn note(&mut self, now: Moment) {
        self.turn(now);
        self.count += 1;
    }

    /// Requests a second.
    pub(super) fn rate(&mut self, now: Moment) -> f64 {
        self.turn(now);
        // The part of the span before that lies within the last ten seconds.
        let left = 1.0 - (now.0 - self.begun) as f64 / SPAN as f64;
        (f64::from(self.count) + f64::from(self.before) * left) / (SPAN as f64 / 1e6)
    }

    fn turn(&mut self, now: Moment) {
        let spans = now.0.saturating_sub(self.begun) / SPAN;
        if spans != 0 {
            self.before = if spans == 1 { self.count } else { 0 };
            self.count = 0;
            self.begun = if spans == 1 { self.begun + SPAN } else { now.0 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: i64 = 1_800_000_000_000_000;

    #[test]
    fn a_steady_rate_is_found_and_falls_when_it_ends() {
        let mut meter = Meter::default();
        let at = |tenths: i64| Moment(START + tenths * 100_000);
        // Five a second for half a minute.
        (0..150).for_each(|request| meter.note(at(request * 2)));
        let rate = meter.rate(at(300));
        assert!((4.0..=6.0).contains(&rate), "{rate}");
        assert!(meter.rate(at(350)) < rate);
        assert!(meter.rate(at(1000)).abs() < f64::EPSILON);
    }
}
