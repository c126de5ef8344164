//! What the tables of all sections have in common.

/// The middle one, of an odd number of figures; NaN of none.
pub(crate) fn median(numbers: Vec<f64>) -> f64 {
    let [_, middle, _] = quartiles(numbers);
    middle
}

/// The ones that a quarter, a half and three quarters of the figures are below; NaN of none.
pub(crate) fn quartiles(mut numbers: Vec<f64>) -> [f64; 3] {
    numbers.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| numbers.get(numbers.len() * quarter / 4).copied().unwrap_or(f64::NAN))
}

/// The latency that this share of them was within, in milliseconds.
pub(crate) fn within(mut micros: Vec<u32>, share: f64) -> f64 {
    micros.sort_unstable();
    let place = (micros.len() as f64 * share) as usize;
    micros
        .get(place.min(micros.len().saturating_sub(1)))
        .map_or(f64::NAN, |micros| f64::from(*micros) / 1000.0)
}

/// Whether what was promised holds.
pub(crate) fn verdict(holds: bool, promise: &str) -> String {
    format!("{promise} {}", if holds { "ok" } else { "MISSED" })
}
