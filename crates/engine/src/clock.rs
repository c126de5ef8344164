//! The portal's clock: the machine's, shifted by as much as an operator decided. The shift is stored in the database and is
//! part of the [shared metadata](crate::meta::Meta), so that all nodes have the same time. Only the program asks the
//! machine; see `portreeve::clock`.

use store::Tx;

use crate::error::Result;
use crate::meta::Meta;
use crate::moment::Moment;
use crate::state;

/// The key in the portal's state.
const KEY: &str = "clock_shift";
/// The largest shift, in seconds: a hundred years.
const LARGEST: i64 = 100 * 365 * 24 * 3600;

/// The difference between the portal's clock and the machine's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shift {
    seconds: i64,
}

impl Shift {
    /// A shift by so many seconds, into the past if negative; `None` beyond a hundred years.
    pub fn by(seconds: i64) -> Option<Self> {
        (-LARGEST..=LARGEST).contains(&seconds).then_some(Shift { seconds })
    }

    /// By how many seconds the portal's clock is ahead.
    pub fn seconds(self) -> i64 {
        self.seconds
    }

    /// The portal's time when the machine's clock shows `machine`.
    pub fn at(self, machine: Moment) -> Moment {
        Moment(machine.0.saturating_add(self.seconds * 1_000_000))
    }
}

/// The shift as this transaction sees it.
pub fn load(tx: &mut Tx<'_>) -> Result<Shift> {
    let seconds = state::get(tx, KEY)?.and_then(|text| text.parse().ok());
    Ok(seconds.and_then(Shift::by).unwrap_or_default())
}

/// Changes the shift for all that comes after this transaction, on every node.
pub fn set(tx: &mut Tx<'_>, shift: Shift) -> Result<()> {
    state::set(tx, KEY, &shift.seconds.to_string())?;
    Meta::outdate(tx)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shift_moves_moments_and_has_bounds() {
        let at = |seconds: i64| Shift::by(seconds).unwrap().at(Moment(5_000_000)).0;
        assert_eq!((at(0), at(2), at(-6)), (5_000_000, 7_000_000, -1_000_000));
        assert_eq!(Shift::by(LARGEST).unwrap().at(Moment(i64::MAX)), Moment(i64::MAX));
        assert_eq!((Shift::by(LARGEST + 1), Shift::by(i64::MIN)), (None, None));
    }
}
