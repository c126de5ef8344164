//! An operator turns the portal's clock.

use engine::audit::{self, Action, By};
use engine::clock::{self, Now, Shift, Turn};
use engine::{Error, Moment, Result, moment, timetable};
use jiff::tz::TimeZone;
use store::{Pending, Tx};
use webhooks::outbound::queue;
use wire::Fault;

use crate::portal::Portal;

impl Portal {
    /// Turns the clock on all nodes when the machine's shows `machine`, and gives how it goes then. What comes again and what waits
    /// is not left behind when it is set back.
    ///
    /// # Errors
    /// 400 for a moment more than a hundred years away.
    pub fn turn_clock(&self, turn: Turn, machine: Moment, by: By) -> Pending<Result<Shift>> {
        let core = self.core().clone();
        let job = move |tx: &mut Tx<'_>| {
            let (before, zone) = (core.current(tx)?.meta.clock, core.zone());
            let too_far =
                || Error::from(Fault::argument("The clock can be shifted by at most a hundred years.", "to"));
            let after = before.turned(turn, machine).ok_or_else(too_far)?;
            if after == before {
                return Ok(after);
            }
            clock::set(tx, after)?;
            let (then, now) = (before.now(machine), after.now(machine));
            if now.portal < then.portal {
                timetable::set_back(tx, core.modules.jobs(), now.portal)?;
                queue::set_back(tx, now.portal)?;
            }
            let detail = format!("{} -> {}", words(before, then, &zone), words(after, now, &zone));
            audit::note(tx, &by, Action::SettingChanged, "setting:clock", detail, then.portal)?;
            core.current(tx)?;
            Ok(after)
        };
        self.core().store.write(job)
    }
}

/// The seconds of a shift, or where a clock stands.
fn words(shift: Shift, now: Now, zone: &TimeZone) -> String {
    match shift.is_frozen() {
        true => format!("frozen at {}", moment::print(zone, now.portal.seconds())),
        false => shift.seconds(now.machine).to_string(),
    }
}
