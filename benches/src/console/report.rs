//! The table.

use crate::table::{verdict, within};
use std::fmt;

/// How long a question's answer may take, in milliseconds.
const LIMIT: f64 = 100.0;

/// How long one question's answers took.
pub(super) struct Figure {
    pub(super) who: &'static str,
    pub(super) asked: String,
    pub(super) micros: Vec<u32>,
}

impl Figure {
    /// Of the first answer, the one in the middle, and nearly the slowest of the others, in milliseconds.
    fn told(&self) -> [f64; 3] {
        let first = self.micros.first().map_or(f64::NAN, |micros| f64::from(*micros) / 1000.0);
        let others = self.micros.get(1..).unwrap_or_default().to_vec();
        [first, within(others.clone(), 0.5), within(others, 0.95)]
    }
}

/// Everything that was found out on one engine.
pub(super) struct Report {
    engine: &'static str,
    pub(super) figures: Vec<Figure>,
}

impl Report {
    pub(super) fn new(engine: &'static str) -> Report {
        Report { engine, figures: Vec::new() }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = format!("{}, slowest first", self.engine);
        writeln!(out, "\n{title:<76}{:>9}{:>9}{:>9}  p95", "first", "p50", "p95")?;
        let mut figures: Vec<&Figure> = self.figures.iter().collect();
        figures.sort_by(|a, b| b.told()[2].total_cmp(&a.told()[2]));
        for figure in figures {
            let [first, p50, p95] = figure.told();
            let asked: String = format!("{:<14}{}", figure.who, figure.asked).chars().take(75).collect();
            let verdict = verdict(p95 <= LIMIT, "100 ms");
            writeln!(out, "{asked:<76}{first:>9.1}{p50:>9.1}{p95:>9.1}  {verdict}")?;
        }
        Ok(())
    }
}
