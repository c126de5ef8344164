//! The table.

use super::{BEGINNING, Load};
use crate::table::{Beside, SHARE_COLUMNS, verdict, within};
use std::fmt;

/// Everything that was found out.
pub(super) struct Report {
    pub(super) loads: [Load; 2],
    /// Microseconds from a call to the arrival of its event.
    pub(super) latencies: Vec<u32>,
    /// Deliveries of the long backlog.
    pub(super) backlog: usize,
    /// Deliveries a second at the beginning of the long one, beside those of a short one.
    pub(super) beginnings: Beside,
}

/// The least share of the bare client that is promised.
const SHARE: f64 = 0.35;

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "\n{:<36}{:>14}{:>15}{SHARE_COLUMNS}", "", "deliveries/s", "bare client/s")?;
        for Load { handlers, at_once, rates } in &self.loads {
            let (name, share) = (format!("to {handlers} handlers, {at_once} at once"), rates.share());
            let floor = verdict(share.middle >= SHARE, "35%");
            let (ours, bare) = (rates.ours(), rates.less());
            writeln!(out, "{name:<36}{ours:>14.0}{bare:>15.0}  {share}  {floor}")?;
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
        let (long, short, kept) = (self.beginnings.ours(), self.beginnings.less(), self.beginnings.share());
        let backlog = self.backlog;
        writeln!(out, "\nthe first {BEGINNING} deliveries of {BEGINNING:<8} {short:>14.0}/s")?;
        let floor = verdict(kept.middle >= 0.80, "80%");
        write!(out, "the first {BEGINNING} deliveries of {backlog:<8} {long:>14.0}/s  {kept}  {floor}")
    }
}
