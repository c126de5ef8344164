//! How much a handler gets at most, as its owner decides within the limits of the operator.

use engine::error::Result;
use engine::settings::HandlerLimits;
use store::Row;
use wire::Fault;

/// The highest rate that can be set where the operator sets none.
const HIGHEST_RATE: u32 = 100_000;

/// The limits of one webhook. What is empty is as the operator decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Requests within any second.
    pub rate: Option<u32>,
    /// Requests at once, first tries and retries together.
    pub concurrency: Option<u32>,
}

impl Limits {
    /// Whether nothing is limited beyond what the operator decides.
    pub fn is_empty(self) -> bool {
        self == Limits::default()
    }

    /// Refuses what is beyond the operator's limits. What stays as it was `before` is not refused when those fell since: the
    /// lower limit counts.
    pub(super) fn check(self, before: Limits, most: HandlerLimits) -> Result<()> {
        let most_rate = if most.rate == 0 { HIGHEST_RATE } else { most.rate };
        if self.rate != before.rate && self.rate.is_some_and(|rate| !(1..=most_rate).contains(&rate)) {
            let text = format!("Requests per second must be between 1 and {most_rate}.");
            return Err(Fault::argument(text, "rate").into());
        }
        let most = most.concurrency;
        let given = self.concurrency;
        if given != before.concurrency && given.is_some_and(|count| !(1..=most).contains(&count)) {
            let text = format!("Concurrent requests must be between 1 and {most}.");
            return Err(Fault::argument(text, "concurrency").into());
        }
        Ok(())
    }

    /// From two columns, of which this is the first.
    pub(super) fn read(row: &Row<'_>, first: usize) -> std::result::Result<Self, store::Error> {
        let number = |at| Ok(row.opt_int(at)?.and_then(|number| u32::try_from(number).ok()));
        Ok(Limits { rate: number(first)?, concurrency: number(first + 1)? })
    }
}
