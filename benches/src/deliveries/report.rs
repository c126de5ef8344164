//! The table.

use super::{BEGINNING, Load};
use crate::table::{verdict, within};
use std::fmt;

/// Everything that was found out.
pub(super) struct Report {
    pub(super) loads: [Load; 2],
    /// Microseconds from a call to the arrival of its event.
    pub(super) latencies: Vec<u32>,
    /// Deliveries of the long backlog.
    pub(super) backlog: usize,
    /// Deliveries a second at the beginning of a short backlog, and of the long one.
    pub(super) beginnings: [f64; 2],
}

/// The least share of the bare client that is promised.
const SHARE: f64 = 0.35;

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, ours, bare) = ("", "deliveries/s", "bare client/s");
        writeln!(out, "\n{name:<36}{ours:>14}{bare:>15}{:>8}  floor", "share")?;
        for load in &self.loads {
            let Load { handlers, at_once, ours, bare } = load;
            let (name, share) = (format!("to {handlers} handlers, {at_once} at once"), ours / bare);
            let floor = verdict(share >= SHARE, "35%");
            writeln!(out, "{name:<36}{ours:>14.0}{bare:>15.0}{:>7.1}%  {floor}", 100.0 * share)?;
        }
        let [p50, p99] = [0.50, 0.99].map(|share| within(self.latencies.clone(), share));
        writeln!(
            out,
            "\ncall to arrival at 20 a second, p50    {p50:>6.2} ms     {}",
            verdict(p50 <= 2.0, "2 ms")
        )?;
        writeln!(
            out,
            "call to arrival at 20 a second, p99    {p99:>6.2} ms     {}",
            verdict(p99 <= 6.0, "6 ms")
        )?;
        let [short, long] = self.beginnings;
        writeln!(out, "\nthe first {BEGINNING} deliveries of {BEGINNING:<8} {short:>14.0}/s")?;
        let kept = long / short;
        let backlog = self.backlog;
        write!(
            out,
            "the first {BEGINNING} deliveries of {backlog:<8} {long:>14.0}/s{:>7.1}%  {}",
            100.0 * kept,
            verdict(kept >= 0.80, "80%")
        )
    }
}
