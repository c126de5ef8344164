//! A cap on requests a second: what stops a handler whose own calls raise the events that call it.

use portal::Moment;

/// A bucket that holds the requests of one second and fills at that rate.
pub(super) struct Tokens {
    rate: f64,
    left: f64,
    at: Moment,
}

impl Tokens {
    /// A full bucket; `None` for a rate of 0, which is no limit.
    pub(super) fn new(rate: u32) -> Option<Self> {
        (rate > 0).then_some(Tokens { rate: rate.into(), left: rate.into(), at: Moment(0) })
    }

    /// Takes one, or says when there will be one.
    pub(super) fn take(&mut self, now: Moment) -> Result<(), Moment> {
        // A clock that was set back fills nothing.
        let elapsed = now.0.saturating_sub(self.at.0).max(0) as f64 / 1e6;
        self.left = (self.left + elapsed * self.rate).min(self.rate);
        self.at = now;
        if self.left >= 1.0 {
            self.left -= 1.0;
            return Ok(());
        }
        let missing = (1.0 - self.left) / self.rate;
        Err(Moment(now.0 + (missing * 1e6).ceil() as i64))
    }
}
