//! The table.

use super::load::{CONNECTIONS, Round};
use super::subjects::{COUNTED, Subject, UNCOUNTED};
use crate::table::{Beside, SHARE_COLUMNS, verdict, within};
use std::fmt;

/// What the rounds of one subject came to.
pub(crate) struct Figure {
    name: &'static str,
    floor: Option<f64>,
    size: usize,
    /// Answers a second, beside the bare server's.
    rates: Beside,
    /// How long each took, in microseconds.
    latencies: Vec<u32>,
}

/// Everything that was found out.
pub(crate) struct Report {
    pub(crate) leads: usize,
    pub(crate) figures: Vec<Figure>,
    /// Resident megabytes, just started.
    pub(crate) idle: f64,
    /// Resident megabytes, after all the rounds.
    pub(crate) loaded: f64,
    /// Milliseconds from the start of the process to its ready line.
    pub(crate) ready: f64,
}

impl Figure {
    pub(crate) fn of(subject: &Subject) -> Figure {
        let Subject { name, floor, size, .. } = *subject;
        Figure { name, floor, size, rates: Beside::default(), latencies: Vec::new() }
    }

    /// A round of ours, and the one of the bare server beside it.
    pub(crate) fn push(&mut self, ours: Round, bare: &Round) {
        self.rates.push(ours.rate, bare.rate);
        self.latencies.extend(ours.latencies);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            out,
            "\n{CONNECTIONS} connections, {} leads; medians of {} rounds\n",
            self.leads,
            self.figures[0].rates.rounds()
        )?;
        let (name, bytes, rate, p50, p99) = ("", "bytes", "requests/s", "p50 ms", "p99 ms");
        writeln!(out, "{name:<36}{bytes:>7}{rate:>12}{p50:>8}{p99:>8}{:>10}{SHARE_COLUMNS}", "bare/s")?;
        for figure in &self.figures {
            row(out, figure)?;
        }
        let smallest = self.figures[0].rates.less();
        writeln!(out, "\nAs a share of the bare server with the body of crm.contact.get ({smallest:.0}/s):")?;
        for figure in &self.figures {
            writeln!(out, "  {:<40}{:>5.1}%", figure.name, 100.0 * figure.rates.ours() / smallest)?;
        }
        let kept = self.figures[COUNTED].rates.share_of(&self.figures[UNCOUNTED].rates).middle;
        writeln!(
            out,
            "\nlist with count, of without            {:>6.1}%       {}",
            100.0 * kept,
            verdict(kept >= 0.60, "60%")
        )?;
        writeln!(
            out,
            "memory, just started                   {:>6.1} MB     {}",
            self.idle,
            verdict(self.idle <= 25.0, "25 MB")
        )?;
        writeln!(out, "memory, after the load                 {:>6.1} MB", self.loaded)?;
        write!(
            out,
            "ready after start on this store        {:>6.1} ms     {}",
            self.ready,
            verdict(self.ready <= 100.0, "100 ms")
        )
    }
}

fn row(out: &mut fmt::Formatter<'_>, figure: &Figure) -> fmt::Result {
    let Figure { name, size, rates, latencies, .. } = figure;
    let share = rates.share();
    let floor = figure
        .floor
        .map_or(String::new(), |floor| verdict(share.middle >= floor, &format!("{:.0}%", 100.0 * floor)));
    let [p50, p99] = [0.50, 0.99].map(|share| within(latencies.clone(), share));
    let (ours, bare) = (rates.ours(), rates.less());
    writeln!(out, "{name:<36}{size:>7}{ours:>12.0}{p50:>8.2}{p99:>8.2}{bare:>10.0}  {share}  {floor}")
}
