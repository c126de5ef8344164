//! Zones: offsets, abbreviations, and the names of the tz database.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::tz::{TimeZone, TimeZoneDatabase};

/// A zone that a text names.
#[derive(Clone, Debug)]
pub enum Zone {
    /// So many seconds east of UTC
    Fixed(i64),
    /// One with rules of its own
    Ruled(TimeZone),
}

/// Offsets by abbreviation, as PHP knows them: `est` with its seconds east of UTC.
static ABBREVIATIONS: LazyLock<HashMap<&str, i64>> = LazyLock::new(|| {
    let lines = include_str!("abbreviations.tsv").lines();
    lines
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(name, offset)| Some((name, offset.parse().ok()?)))
        .collect()
});

/// The database inside the program: what a text means must not depend on the machine.
static NAMES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

impl Zone {
    /// Reads `+02:00`, `GMT-3`, `(CET)` or `Europe/Berlin`.
    pub fn read(text: &str) -> Option<Zone> {
        let text = text.trim_start_matches([' ', '\t', '(']);
        let bare = text.strip_prefix("GMT").filter(|rest| rest.starts_with(['+', '-'])).unwrap_or(text);
        if let Some(east) = bare.strip_prefix('+') {
            return Some(Zone::Fixed(offset(east)?));
        }
        if let Some(west) = bare.strip_prefix('-') {
            return Some(Zone::Fixed(-offset(west)?));
        }
        let name = &text[..text.find([' ', ')']).unwrap_or(text.len())];
        match ABBREVIATIONS.get(&*name.to_ascii_lowercase()) {
            Some(offset) => Some(Zone::Fixed(*offset)),
            None => NAMES.get(name).ok().map(Zone::Ruled),
        }
    }
}

/// The seconds in `2`, `02`, `2:00`, `0200`, `02:00`, `020000` or `02:00:00`.
fn offset(text: &str) -> Option<i64> {
    let text = &text[..text.find(|next: char| !next.is_ascii_digit() && next != ':').unwrap_or(text.len())];
    let parts: Vec<i64> = if text.contains(':') {
        text.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?
    } else {
        let number: i64 = text.parse().ok()?;
        match text.len() {
            1 | 2 => vec![number],
            3 | 4 => vec![number / 100, number % 100],
            6 => vec![number / 10_000, number / 100 % 100, number % 100],
            _ => return None,
        }
    };
    Some(parts.iter().zip([3600, 60, 1]).map(|(part, seconds)| part * seconds).sum())
}
