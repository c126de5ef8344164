//! `portreeve clock`: shows the portal's clock and shifts it, for tests.

use anyhow::{Context, Result};
use portal::audit::{self, Action, By};
use portal::clock::{self as portal_clock, Shift};
use portal::settings::Settings;
use portal::{Portal, moment};
use store::Tx;

use crate::cli::{ClockCommand, refusal, say};
use crate::clock;
use crate::place::Place;

/// Runs one of the commands, and shows what the clock says then.
pub fn run(place: &Place, command: Option<&ClockCommand>) -> Result<()> {
    let portal = place.open_existing(Settings::new(""))?;
    let before = portal.core().clock().seconds();
    let after = match command {
        None => before,
        Some(ClockCommand::Move { by }) => before.saturating_add(span(by)?),
        Some(ClockCommand::Set { to }) => {
            let to = moment::parse(&portal.core().zone(), to)
                .with_context(|| format!("{to:?} is no moment; write 2027-01-01 or 2027-01-01T12:00:00Z"))?;
            to.saturating_sub(clock::machine().seconds())
        }
        Some(ClockCommand::Reset) => 0,
    };
    if after != before {
        shift(&portal, before, after)?;
    }
    say(format_args!("time\t{}", moment::print(&portal.core().zone(), clock::now(portal.core()).seconds())));
    say(format_args!("shift\t{after}"));
    Ok(())
}

fn shift(portal: &Portal, before: i64, after: i64) -> Result<()> {
    let shift = Shift::by(after).context("the clock can be shifted by at most a hundred years")?;
    let (core, now) = (portal.core().clone(), clock::now(portal.core()));
    let job = move |tx: &mut Tx<'_>| {
        portal_clock::set(tx, shift)?;
        let detail = format!("{before} -> {after}");
        audit::note(tx, &By::OPERATOR, Action::SettingChanged, "setting:clock", detail, now)?;
        core.current(tx).map(drop)
    };
    portal.core().store.write(job).wait().map_err(refusal)
}

/// `2h`, `-3d`: in seconds.
pub fn span(text: &str) -> Result<i64> {
    let text = text.trim();
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let seconds =
        moment::span(rest).with_context(|| format!("{text:?} is no time; write 90s, 30m, 2h or -3d"))?;
    Ok(sign * seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_goes_either_way() {
        for (text, seconds) in [("2h", 7_200), ("+90s", 90), (" -3d ", -259_200)] {
            assert_eq!(span(text).unwrap(), seconds, "{text}");
        }
        for text in ["", "-", "--1h", "2", "soon", "-1y"] {
            assert!(span(text).is_err(), "{text}");
        }
    }
}
