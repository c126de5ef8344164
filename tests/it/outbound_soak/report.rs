//! What a run came to.

use super::Done;
use super::ledger::{Book, Event, Ledger};
use std::fmt;
use std::time::{Duration, Instant};

/// One handler's row.
struct Row {
    name: &'static str,
    well: bool,
    takes: bool,
    requests: u64,
    /// Events that it has.
    served: usize,
    /// Deliveries for it.
    deliveries: usize,
    /// Deliveries that it took more than once.
    twice: usize,
    /// Events that it took before what happened earlier to the same lead.
    disorder: usize,
    /// From the answer to a change to the first arrival of its event; those under way at a kill are left out.
    p50: Duration,
    p99: Duration,
}

pub struct Report {
    engine: &'static str,
    rows: Vec<Row>,
}

impl Report {
    /// From what the handlers and the writers wrote down.
    pub fn new(engine: &'static str, book: &Book, done: &Done) -> Report {
        Report { engine, rows: book.ledgers().iter().map(|ledger| Row::new(ledger, done)).collect() }
    }

    /// Everything arrived everywhere, as one delivery for each handler, in its order, and little of it twice.
    pub fn check(&self, events: usize, twice: f64) {
        for row in &self.rows {
            assert_eq!((row.served, row.deliveries), (events, events), "{}\n{self}", row.name);
            assert_eq!(row.disorder, 0, "{}\n{self}", row.name);
        }
        let share = self.twice() as f64 / (events * self.rows.len()) as f64;
        assert!(share < twice, "{:.2}% came twice\n{self}", 100.0 * share);
    }

    /// The p99 of the slowest handler that is well, in seconds.
    pub fn slowest(&self) -> f64 {
        let well = self.rows.iter().filter(|row| row.well);
        well.map(|row| row.p99.as_secs_f64()).fold(0.0, f64::max)
    }

    fn twice(&self) -> usize {
        self.rows.iter().map(|row| row.twice).sum()
    }
}

impl Row {
    fn new(ledger: &Ledger, done: &Done) -> Row {
        let late = |(event, at): (&Event, &Instant)| {
            let answered = done.acknowledged.get(&event.lead).filter(|_| !event.is_change)?;
            let killed = done.kills.iter().any(|kill| answered <= kill && kill <= at);
            // It may be there before the answer is.
            (!killed).then(|| at.saturating_duration_since(*answered))
        };
        let mut late: Vec<Duration> = ledger.first.iter().filter_map(late).collect();
        late.sort_unstable();
        let within = |percent: usize| late.get(late.len() * percent / 100).copied().unwrap_or_default();
        Row {
            name: ledger.part.name,
            well: ledger.part.well,
            takes: ledger.part.takes,
            requests: ledger.requests,
            served: ledger.served(),
            deliveries: ledger.deliveries.len(),
            twice: ledger.twice(),
            // What is given up with 410 comes again later than what was behind it.
            disorder: if ledger.part.leaves { 0 } else { ledger.disorder },
            p50: within(50),
            p99: within(99),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ("requests", "events", "twice", "p50 ms", "p99 ms");
        writeln!(
            out,
            "\n{:<28}{:>10}{:>9}{:>7}{:>11}{:>11}",
            self.engine, head.0, head.1, head.2, head.3, head.4
        )?;
        for row in &self.rows {
            let Row { name, requests, served, twice, .. } = row;
            let [p50, p99] = [row.p50, row.p99].map(|late| late.as_secs_f64() * 1000.0);
            let note = if row.takes { "" } else { "  arrived and refused to follow" };
            writeln!(out, "{name:<28}{requests:>10}{served:>9}{twice:>7}{p50:>11.1}{p99:>11.1}{note}")?;
        }
        let events: usize = self.rows.iter().map(|row| row.served).sum();
        let share = 100.0 * self.twice() as f64 / events.max(1) as f64;
        let disorder: usize = self.rows.iter().map(|row| row.disorder).sum();
        let twice = self.twice();
        write!(out, "{events} events for handlers, {disorder} out of order, {twice} twice ({share:.3}%)")
    }
}
