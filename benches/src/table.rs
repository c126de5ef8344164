//! What the tables of all sections have in common.

use std::fmt;

/// The middle one, of an odd number of figures; NaN of none.
pub(crate) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Figures of several rounds, each next to what the same machine reached in the next moment with less to do.
#[derive(Default)]
pub(crate) struct Beside {
    ours: Vec<f64>,
    less: Vec<f64>,
}

impl Beside {
    pub(crate) fn push(&mut self, ours: f64, less: f64) {
        self.ours.push(ours);
        self.less.push(less);
    }

    pub(crate) fn rounds(&self) -> usize {
        self.ours.len()
    }

    /// The median of ours.
    pub(crate) fn ours(&self) -> f64 {
        median(self.ours.clone())
    }

    /// The median of what was beside it.
    pub(crate) fn less(&self) -> f64 {
        median(self.less.clone())
    }

    pub(crate) fn share(&self) -> Share {
        Share::of(&self.ours, &self.less)
    }

    /// What ours reached of another's, in the same rounds.
    pub(crate) fn share_of(&self, other: &Beside) -> Share {
        Share::of(&self.ours, &other.ours)
    }
}

/// What each round reached of the one beside it: the machine changes its pace by a half within minutes, and two rounds in
/// one moment see the same one. The middle one of these shares, and those that a quarter and three quarters are below.
pub(crate) struct Share {
    quarter: f64,
    pub(crate) middle: f64,
    three_quarters: f64,
}

impl Share {
    fn of(ours: &[f64], less: &[f64]) -> Share {
        let mut shares: Vec<f64> = ours.iter().zip(less).map(|(ours, less)| ours / less).collect();
        shares.sort_by(f64::total_cmp);
        let at = |quarters: usize| shares.get(shares.len() * quarters / 4).copied().unwrap_or(f64::NAN);
        Share { quarter: at(1), middle: at(2), three_quarters: at(3) }
    }
}

/// `42.1%  40.8 to 43.9%`, of a fixed width.
impl fmt::Display for Share {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [middle, from, to] =
            [self.middle, self.quarter, self.three_quarters].map(|share| format!("{:.1}", 100.0 * share));
        write!(out, "{middle:>5}%{:>16}", format!("{from} to {to}%"))
    }
}

/// The latency that this share of them was within, in milliseconds.
pub(crate) fn within(mut micros: Vec<u32>, share: f64) -> f64 {
    micros.sort_unstable();
    let place = (micros.len() as f64 * share) as usize;
    micros
        .get(place.min(micros.len().saturating_sub(1)))
        .map_or(f64::NAN, |micros| f64::from(*micros) / 1000.0)
}

/// The heading over a [`Share`] and what was promised of it.
pub(crate) const SHARE_COLUMNS: &str = "   share     middle half  floor";

/// Whether what was promised holds.
pub(crate) fn verdict(holds: bool, promise: &str) -> String {
    format!("{promise} {}", if holds { "ok" } else { "MISSED" })
}
