//! The portal's clock: the machine's, shifted by as much as an operator decided, or frozen at a moment. How it goes is stored
//! in the database and is part of the [shared metadata](crate::meta::Meta), so that all nodes have the same time. Only the
//! program asks the machine; see `portreeve::clock`.

use store::Tx;

use crate::error::Result;
use crate::meta::Meta;
use crate::moment::Moment;
use crate::state;

/// The key in the portal's state.
const KEY: &str = "clock_shift";
/// The largest shift, in seconds: a hundred years.
const LARGEST: i64 = 100 * 365 * 24 * 3600;
/// No lease is longer, in microseconds: one that is was given by a clock that was ahead.
pub const LONGEST_LEASE: i64 = 3600 * SECOND;
/// Microseconds.
const SECOND: i64 = 1_000_000;

/// The difference between the portal's clock and the machine's, or the moment at which the portal's stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shift {
    /// Microseconds.
    ahead: i64,
    frozen: Option<Moment>,
}

/// A moment on both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// What the portal's shows.
    pub portal: Moment,
    /// What the machine's shows, by which leases and pauses go: nobody freezes or moves it.
    pub machine: Moment,
}

impl Now {
    /// The moment at which both clocks show the same.
    pub fn same(moment: Moment) -> Self {
        Now { portal: moment, machine: moment }
    }
}

/// What an operator does with the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Where it is put.
    pub place: Place,
    /// Whether it stands from then on; as before if `None`.
    pub frozen: Option<bool>,
}

/// Where a clock is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Where it is.
    Here,
    /// At a moment.
    At(Moment),
    /// So many seconds ahead, or back if negative.
    By(i64),
    /// To the machine's time.
    Machine,
}

impl Turn {
    /// The machine's time again.
    pub const RESET: Turn = Turn { place: Place::Machine, frozen: Some(false) };

    /// Puts the clock somewhere; it goes on, or stands, as before.
    pub fn to(place: Place) -> Self {
        Turn { place, frozen: None }
    }
}

impl Shift {
    /// A shift by so many seconds, into the past if negative; `None` beyond a hundred years.
    pub fn by(seconds: i64) -> Option<Self> {
        (-LARGEST..=LARGEST).contains(&seconds).then(|| Shift { ahead: seconds * SECOND, frozen: None })
    }

    /// By how many seconds the portal's clock is ahead when the machine's shows `machine`.
    pub fn seconds(self, machine: Moment) -> i64 {
        Moment(self.at(machine).0.saturating_sub(machine.0)).seconds()
    }

    /// Whether it stands.
    pub fn is_frozen(self) -> bool {
        self.frozen.is_some()
    }

    /// Whether it is the machine's.
    pub fn is_none(self) -> bool {
        self == Shift::default()
    }

    /// The portal's time when the machine's clock shows `machine`.
    pub fn at(self, machine: Moment) -> Moment {
        self.frozen.unwrap_or(Moment(machine.0.saturating_add(self.ahead)))
    }

    /// The moment at which the machine's clock shows `machine`.
    pub fn now(self, machine: Moment) -> Now {
        Now { portal: self.at(machine), machine }
    }

    /// What becomes of it by a turn; `None` when it were more than a hundred years from the machine's then.
    pub fn turned(self, turn: Turn, machine: Moment) -> Option<Self> {
        let at = match turn.place {
            Place::Here => self.at(machine),
            Place::At(moment) => moment,
            Place::By(seconds) => Moment(self.at(machine).0.saturating_add(seconds.saturating_mul(SECOND))),
            Place::Machine => machine,
        };
        let ahead = at.0.saturating_sub(machine.0);
        let turned = match turn.frozen.unwrap_or(self.is_frozen()) {
            true => Shift { ahead: 0, frozen: Some(at) },
            false => Shift { ahead, frozen: None },
        };
        (-LARGEST * SECOND..=LARGEST * SECOND).contains(&ahead).then_some(turned)
    }

    /// By how many microseconds the portal's time jumped ahead when this took the place of `before`; 0 when it did not.
    pub fn jumped(self, before: Self, machine: Moment) -> i64 {
        self.at(machine).0.saturating_sub(before.at(machine).0).max(0)
    }

    /// Whole seconds are written as versions before freezing wrote them.
    fn text(self) -> String {
        match self.frozen {
            Some(at) => format!("={}", at.0),
            None if self.ahead % SECOND == 0 => (self.ahead / SECOND).to_string(),
            None => format!("{}us", self.ahead),
        }
    }

    fn read(text: &str) -> Option<Self> {
        if let Some(at) = text.strip_prefix('=') {
            return at.parse().ok().map(|at| Shift { ahead: 0, frozen: Some(Moment(at)) });
        }
        match text.strip_suffix("us") {
            Some(ahead) => ahead.parse().ok().map(|ahead| Shift { ahead, frozen: None }),
            None => text.parse().ok().and_then(Shift::by),
        }
    }
}

/// How the clock goes, as this transaction sees it.
pub fn load(tx: &mut Tx<'_>) -> Result<Shift> {
    Ok(state::get(tx, KEY)?.and_then(|text| Shift::read(&text)).unwrap_or_default())
}

/// Changes how it goes for all that comes after this transaction, on every node.
pub fn set(tx: &mut Tx<'_>, shift: Shift) -> Result<()> {
    state::set(tx, KEY, &shift.text())?;
    Meta::outdate(tx)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Moment = Moment(1_800_000_000 * SECOND);

    fn later(seconds: i64) -> Moment {
        Moment(AT.0 + seconds * SECOND)
    }

    #[test]
    fn a_shift_moves_moments_and_has_bounds() {
        let at = |seconds: i64| Shift::by(seconds).unwrap().at(Moment(5_000_000)).0;
        assert_eq!((at(0), at(2), at(-6)), (5_000_000, 7_000_000, -1_000_000));
        assert_eq!(Shift::by(LARGEST).unwrap().at(Moment(i64::MAX)), Moment(i64::MAX));
        assert_eq!((Shift::by(LARGEST + 1), Shift::by(i64::MIN)), (None, None));
    }

    #[test]
    fn a_frozen_clock_stands_moves_and_goes_on_from_where_it_stood() {
        let freeze = |place| Turn { place, frozen: Some(true) };
        let frozen = Shift::by(7).unwrap().turned(freeze(Place::Here), AT).unwrap();
        assert_eq!((frozen.at(AT), frozen.at(later(3600))), (later(7), later(7)));
        let moved = frozen.turned(Turn::to(Place::By(60)), later(3600)).unwrap();
        assert!(moved.is_frozen());
        assert_eq!(moved.at(later(9000)), later(67));
        assert_eq!(moved.jumped(frozen, later(9000)), 60 * SECOND);
        let thawed = moved.turned(Turn { place: Place::Here, frozen: Some(false) }, later(9000)).unwrap();
        assert_eq!((thawed.at(later(9000)), thawed.at(later(9010))), (later(67), later(77)));
        assert_eq!(thawed.turned(Turn::RESET, later(9000)), Some(Shift::default()));
        let set = Shift::default().turned(freeze(Place::At(later(-500))), AT).unwrap();
        assert_eq!((set.at(later(1)), set.seconds(AT), set.jumped(frozen, AT)), (later(-500), -500, 0));
        assert_eq!(set.turned(Turn::to(Place::By(i64::MAX)), AT), None);
    }

    #[test]
    fn it_is_read_as_it_was_written() {
        for text in ["0", "-7", "=1800000000000001", "1500001us", "-1us"] {
            assert_eq!(Shift::read(text).unwrap().text(), text);
        }
        for text in ["", "soon", "=", "us", "9999999999999"] {
            assert_eq!(Shift::read(text), None, "{text}");
        }
    }
}
