//! Names of months, days, units and positions.

/// The number that a name has in a table, whatever its case.
fn find<T: Copy>(table: &[(&str, T)], word: &str) -> Option<T> {
    table.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, value)| *value)
}

/// The number of a month: by its name, the first three letters of it, or in Roman numerals.
pub fn month(word: &str) -> Option<i64> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    const ROMAN: [&str; 12] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];
    let word = word.to_ascii_lowercase();
    let named = NAMES
        .iter()
        .position(|name| *name == word || name[..3] == word || (word == "sept" && name.starts_with("sept")));
    named.or_else(|| ROMAN.iter().position(|roman| *roman == word)).map(|at| at as i64 + 1)
}

/// The unit of a relative part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// So many microseconds
    Micros(i64),
    /// Seconds
    Second,
    /// Minutes
    Minute,
    /// Hours
    Hour,
    /// So many days
    Days(i64),
    /// Months
    Month,
    /// Years
    Year,
    /// A day of the week, 0 Sunday
    DayOfWeek(i64),
    /// Days from Monday to Friday
    Workday,
}

const UNITS: [(&str, Unit); 22] = [
    ("ms", Unit::Micros(1000)),
    ("msec", Unit::Micros(1000)),
    ("millisecond", Unit::Micros(1000)),
    ("µs", Unit::Micros(1)),
    ("µsec", Unit::Micros(1)),
    ("usec", Unit::Micros(1)),
    ("microsecond", Unit::Micros(1)),
    ("sec", Unit::Second),
    ("second", Unit::Second),
    ("min", Unit::Minute),
    ("minute", Unit::Minute),
    ("hour", Unit::Hour),
    ("day", Unit::Days(1)),
    ("week", Unit::Days(7)),
    ("fortnight", Unit::Days(14)),
    ("forthnight", Unit::Days(14)),
    ("month", Unit::Month),
    ("year", Unit::Year),
    ("weekday", Unit::Workday),
    ("tues", Unit::DayOfWeek(2)),
    ("wednes", Unit::DayOfWeek(3)),
    ("thurs", Unit::DayOfWeek(4)),
];

const DAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/// The unit of that name, in the singular or the plural.
pub fn unit(word: &str) -> Option<Unit> {
    let word = word.to_ascii_lowercase();
    let day = |word: &str| DAYS.iter().position(|name| *name == word || name[..3] == *word);
    let known = |word: &str| find(&UNITS, word).or_else(|| day(word).map(|at| Unit::DayOfWeek(at as i64)));
    known(&word).or_else(|| known(word.strip_suffix('s')?))
}

/// The number that a position in words stands for.
pub fn position(word: &str) -> Option<i64> {
    const POSITIONS: [(&str, i64); 17] = [
        ("last", -1),
        ("previous", -1),
        ("this", 0),
        ("first", 1),
        ("next", 1),
        ("second", 2),
        ("third", 3),
        ("fourth", 4),
        ("fifth", 5),
        ("sixth", 6),
        ("seventh", 7),
        ("eighth", 8),
        ("eight", 8),
        ("ninth", 9),
        ("tenth", 10),
        ("eleventh", 11),
        ("twelfth", 12),
    ];
    find(&POSITIONS, word)
}
