//! The portal's clock goes back: an operator turns it, or somebody sets the machine's.

use engine::audit::{self, Action, By};
use engine::clock::{self, Now, Shift, Turn};
use engine::{Core, Error, Moment, Result, moment, outbox, state, timetable};
use jiff::tz::TimeZone;
use store::{Pending, Tx};
use webhooks::outbound::queue;
use wire::Fault;

use crate::portal::Portal;

/// Under this name the portal's state keeps what the machine's clock showed.
const SEEN: &str = "clock_seen";
/// By how much clocks may differ without anybody having set one back, in microseconds.
const TOLERANCE: i64 = 60_000_000;

impl Portal {
    /// Notes what the machine's clock shows. Where it showed later before, as it did `latest` or when it was last noted, what waits does
    /// not wait until then: a clock that ran ahead, or that of another node, would otherwise hold it up for that long. Gives the
    /// seconds that it went back. To be called again a little later: what was under way may note the later time after this.
    pub fn note_clock(&self, machine: Moment, latest: Moment) -> Pending<Result<i64>> {
        let core = self.core().clone();
        let job = move |tx: &mut Tx<'_>| {
            let seen = state::get(tx, SEEN)?.and_then(|seen| seen.parse::<i64>().ok());
            state::set(tx, SEEN, &machine.0.to_string())?;
            let seen = Moment(seen.unwrap_or(i64::MIN).max(latest.0));
            let back = seen.0.saturating_sub(machine.0);
            if back <= TOLERANCE {
                return Ok(0);
            }
            let clock = core.current(tx)?.meta.clock;
            timetable::release_ahead(tx, machine, clock.at(machine))?;
            queue::release_ahead(tx, machine, clock.at(machine))?;
            if !clock.is_frozen() {
                set_back(tx, &core, clock.at(seen), clock.at(machine))?;
            }
            Ok(back / 1_000_000)
        };
        self.core().store.write(job)
    }

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
                set_back(tx, &core, then.portal, now.portal)?;
            }
            let detail = format!("{} -> {}", words(before, then, &zone), words(after, now, &zone));
            audit::note(tx, &by, Action::SettingChanged, "setting:clock", detail, then.portal)?;
            core.current(tx)?;
            Ok(after)
        };
        self.core().store.write(job)
    }
}

/// Has nothing wait for a time that lies ahead, since the portal's clock was set back after it had shown `latest`.
fn set_back(tx: &mut Tx<'_>, core: &Core, latest: Moment, now: Moment) -> Result<()> {
    timetable::set_back(tx, core.modules.jobs(), now)?;
    queue::set_back(tx, latest, now)?;
    outbox::set_back(tx, now)
}

/// The seconds of a shift, or where a clock stands.
fn words(shift: Shift, now: Now, zone: &TimeZone) -> String {
    match shift.is_frozen() {
        true => format!("frozen at {}", moment::print(zone, now.portal.seconds())),
        false => shift.seconds(now.machine).to_string(),
    }
}
