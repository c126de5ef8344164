//! The table.

use super::load::{CONNECTIONS, Round};
use super::subjects::{COUNTED, Subject, UNCOUNTED};
use crate::table::{median, quartiles, verdict, within};
use std::fmt;

/// The rounds of one subject and those of the bare server beside it: as many, each beside its own.
pub(crate) struct Figure {
    name: &'static str,
    floor: Option<f64>,
    size: usize,
    pub(crate) ours: Vec<Round>,
    pub(crate) bare: Vec<Round>,
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
        Figure { name, floor, size, ours: Vec::new(), bare: Vec::new() }
    }

    /// Our answers a second.
    fn rate(&self) -> f64 {
        rate(&self.ours)
    }

    /// The bare server's, next to them.
    fn bare_rate(&self) -> f64 {
        rate(&self.bare)
    }
}

/// The quarter, the middle and three quarters of what each round reached of the round beside it. The machine changes its
/// pace by a half within minutes; two rounds in one second see the same one.
fn shares(ours: &[Round], beside: &[Round]) -> [f64; 3] {
    let shares: Vec<f64> = ours.iter().zip(beside).map(|(ours, beside)| ours.rate / beside.rate).collect();
    quartiles(shares)
}

fn rate(rounds: &[Round]) -> f64 {
    median(rounds.iter().map(|round| round.rate).collect())
}

/// The latency of that share of a subject's answers, in milliseconds.
fn latency(rounds: &[Round], share: f64) -> f64 {
    within(rounds.iter().flat_map(|round| &round.latencies).copied().collect(), share)
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            out,
            "\n{CONNECTIONS} connections, {} leads; medians of {} rounds\n",
            self.leads,
            self.figures[0].ours.len()
        )?;
        let (name, bytes, rate, p50, p99) = ("", "bytes", "requests/s", "p50 ms", "p99 ms");
        let (bare, share, middle) = ("bare/s", "share", "middle half");
        writeln!(
            out,
            "{name:<36}{bytes:>7}{rate:>12}{p50:>8}{p99:>8}{bare:>10}{share:>8}{middle:>16}  floor"
        )?;
        for figure in &self.figures {
            row(out, figure)?;
        }
        let smallest = self.figures[0].bare_rate();
        writeln!(out, "\nAs a share of the bare server with the body of crm.contact.get ({smallest:.0}/s):")?;
        for figure in &self.figures {
            writeln!(out, "  {:<40}{:>5.1}%", figure.name, 100.0 * figure.rate() / smallest)?;
        }
        let [_, kept, _] = shares(&self.figures[COUNTED].ours, &self.figures[UNCOUNTED].ours);
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
    let [from, share, to] = shares(&figure.ours, &figure.bare);
    let middle = format!("{:.1} to {:.1}%", 100.0 * from, 100.0 * to);
    let floor = figure
        .floor
        .map_or(String::new(), |floor| verdict(share >= floor, &format!("{:.0}%", 100.0 * floor)));
    writeln!(
        out,
        "{:<36}{:>7}{:>12.0}{:>8.2}{:>8.2}{:>10.0}{:>7.1}%{middle:>16}  {floor}",
        figure.name,
        figure.size,
        figure.rate(),
        latency(&figure.ours, 0.50),
        latency(&figure.ours, 0.99),
        figure.bare_rate(),
        100.0 * share,
    )
}
