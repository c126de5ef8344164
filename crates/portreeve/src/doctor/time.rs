//! Clocks: that of the database's server, those of other nodes, and the portal's own.

use super::database::Facts;
use super::report::Report;
use crate::clock;

const OF: &str = "clock";
/// Microseconds.
const SECOND: i64 = 1_000_000;
/// From here on somebody should look at it.
const APART: i64 = 2 * SECOND;
/// From here on leases end too early or too late, and handlers refuse signatures.
const FAR_APART: i64 = 60 * SECOND;
const ADVICE: &str = "keep the clocks of all machines right by NTP";

/// Looks at them.
pub fn check(report: &mut Report, facts: &Facts) {
    apart(report, "the database server's clock", facts.ahead);
    if let Some(portal) = &facts.portal {
        // Nodes say when they last did something: only a clock that is ahead can be told from one that is silent.
        apart(report, "the clock of another node", portal.node_ahead.unwrap_or(0).max(0));
        let machine = clock::machine();
        if portal.shift.is_frozen() {
            report.warn(OF, "the portal's clock is frozen", "`portreeve clock thaw` or `reset` ends that");
        } else if !portal.shift.is_none() {
            let seconds = portal.shift.seconds(machine);
            let found = format!("the portal's clock is shifted by {seconds} s");
            report.warn(OF, found, "`portreeve clock reset` ends that");
        }
    }
    report.well(OF, "the clocks agree");
}

fn apart(report: &mut Report, whose: &str, ahead: i64) {
    let (seconds, way) = (ahead.abs() / SECOND, if ahead > 0 { "ahead of" } else { "behind" });
    let found = format!("{whose} is {seconds} s {way} this machine's");
    match ahead.abs() {
        FAR_APART.. => report.fail(OF, found, ADVICE),
        APART.. => report.warn(OF, found, ADVICE),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::report::State;
    use super::*;

    #[test]
    fn seconds_are_looked_at_and_minutes_are_wrong() {
        for (ahead, warned, failed) in
            [(SECOND, 0, 0), (-3 * SECOND, 1, 0), (61 * SECOND, 0, 1), (i64::MIN + 1, 0, 1)]
        {
            let mut report = Report::default();
            apart(&mut report, "it", ahead);
            assert_eq!((report.count(State::Warn), report.count(State::Fail)), (warned, failed), "{ahead}");
        }
    }
}
