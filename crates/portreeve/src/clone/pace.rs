//! How fast the other portal is asked: within the bucket that the cloud has, of which others drink, too.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Requests that may come at once.
const AT_ONCE: f64 = 40.0;
/// A bucket that runs out at the pace of the other portal's.
#[derive(Debug)]
pub struct Pace {
    level: f64,
    /// Requests that the bucket lets through in a second.
    rate: f64,
    seen: Instant,
}

impl Pace {
    /// An empty one, which lets so many requests through in a second.
    pub fn new(rate: u32) -> Self {
        Pace { level: 0.0, rate: rate.into(), seen: Instant::now() }
    }

    /// Waits for one's turn.
    pub async fn turn(&mut self) {
        sleep_until(Instant::now() + self.take(Instant::now())).await;
    }

    /// Takes a place, and gives how long it is to be waited for.
    fn take(&mut self, now: Instant) -> Duration {
        let ran = now.saturating_duration_since(self.seen).as_secs_f64() * self.rate;
        self.level = (self.level - ran).max(0.0) + 1.0;
        self.seen = now;
        Duration::from_secs_f64((self.level - AT_ONCE).max(0.0) / self.rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_the_bucket_two_requests_go_in_a_second() {
        let (mut pace, now) = (Pace::new(2), Instant::now());
        let waits: Vec<f64> = (0..44).map(|_| pace.take(now).as_secs_f64()).collect();
        assert_eq!((waits[39], waits[40], waits[43]), (0.0, 0.5, 2.0));
        assert_eq!(pace.take(now + Duration::from_secs(60)), Duration::ZERO);
    }
}
