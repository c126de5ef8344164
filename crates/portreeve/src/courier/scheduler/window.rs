//! A cap on requests within any second: what a handler asks for, and what stops one whose own calls raise the events that
//! call it.

use std::collections::VecDeque;

use portal::Moment;

const SECOND: i64 = 1_000_000;

/// The requests of the last second.
pub(super) struct Window {
    most: usize,
    sent: VecDeque<Moment>,
}

impl Window {
    /// An empty one; `None` for a rate of 0, which is no limit.
    pub(super) fn new(rate: u32) -> Option<Self> {
        (rate > 0).then(|| Window { most: rate as usize, sent: VecDeque::new() })
    }

    /// Counts one, or says when there may be one.
    pub(super) fn take(&mut self, now: Moment) -> Result<(), Moment> {
        while self.sent.front().is_some_and(|first| first.0 + SECOND <= now.0) {
            self.sent.pop_front();
        }
        if let Some(first) = self.sent.front().filter(|_| self.sent.len() >= self.most) {
            return Err(Moment(first.0 + SECOND));
        }
        self.sent.push_back(now);
        Ok(())
    }
}
