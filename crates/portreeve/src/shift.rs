//! `portreeve clock`: shows the portal's clock, shifts and freezes it, for tests.

use anyhow::{Context, Result};
use jiff::tz::TimeZone;
use portal::audit::By;
use portal::clock::{Place as To, Turn};
use portal::moment;
use portal::settings::Settings;

use crate::cli::{ClockCommand, refusal, say};
use crate::clock;
use crate::place::Place;
use crate::when;

/// Runs one of the commands, and shows what the clock says then.
pub fn run(place: &Place, command: Option<&ClockCommand>) -> Result<()> {
    let portal = place.open_existing(Settings::new(""))?;
    let core = portal.core();
    let mut shift = core.clock();
    if let Some(command) = command {
        let turn = turn(command, &core.zone())?;
        shift = portal.turn_clock(turn, clock::machine(), By::OPERATOR).wait().map_err(refusal)?;
    }
    let machine = clock::machine();
    say(format_args!("time\t{}", moment::print(&core.zone(), shift.at(machine).seconds())));
    say(format_args!("frozen\t{}", if shift.is_frozen() { "yes" } else { "no" }));
    say(format_args!("shift\t{}", shift.seconds(machine)));
    Ok(())
}

fn turn(command: &ClockCommand, zone: &TimeZone) -> Result<Turn> {
    let at = |text: &str| {
        when::moment(zone, text)
            .with_context(|| format!("{text:?} is no moment; write 2027-01-01 or 2027-01-01T12:00:00Z"))
    };
    Ok(match command {
        ClockCommand::Move { by } => {
            let by =
                when::way(by).with_context(|| format!("{by:?} is no time; write 90s, 30m, 2h or -3d"))?;
            Turn::to(To::By(by))
        }
        ClockCommand::Set { to } => Turn::to(To::At(at(to)?)),
        ClockCommand::Freeze { at: None } => Turn { place: To::Here, frozen: Some(true) },
        ClockCommand::Freeze { at: Some(text) } => Turn { place: To::At(at(text)?), frozen: Some(true) },
        ClockCommand::Thaw => Turn { place: To::Here, frozen: Some(false) },
        ClockCommand::Reset => Turn::RESET,
    })
}
