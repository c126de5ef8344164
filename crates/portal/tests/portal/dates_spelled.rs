//! Spellings of dates, made by chance from the formats that PHP documents, and from what clients send; a third of
//! them spoiled. The same ones in every run.

/// Whole spellings: a letter in braces stands for one of [`PARTS`] or [`NUMBERS`].
const WHOLE: [&str; 34] = [
    "{j}.{n}.{Y}, {G}:{i}:{s}",
    "{n}/{j}/{Y}, {g}:{i}:{s} {A}",
    "{n}/{j}/{Y} {g}:{i} {A}",
    "{Y}/{m}/{d} {H}:{i}",
    "{d}-{m}-{Y} {H}:{i}:{s}",
    "{j} {F} {Y}",
    "{D}, {d} {M} {Y} {H}:{i}:{s} {O}",
    "{D}, {d}-{M}-{y} {H}:{i}:{s} {z}",
    "@{U}",
    "@-{U}",
    "@{U}.{N}",
    "{Y}-{m}-{d}T{H}:{i}:{s}{O}",
    "{Y}-{m}-{d}T{H}:{i}:{s}.{N}Z",
    "{Y}-{m}-{d} {H}:{i}:{s} {z}",
    "{Y}{m}{d}T{H}{i}{s}",
    "{Y}{m}{d}t{H}:{i}:{s}",
    "{Y}:{m}:{d} {H}:{i}:{s}",
    "{d}/{M}/{Y}:{H}:{i}:{s} -0700",
    "{Y}-W{W}-{w}",
    "{Y}W{W}",
    "{Y}.{J}",
    "{F} {j}{S}, {Y} {g}:{i}{A}",
    "{F} {j} {G}:{i}",
    "{j}. {F}, {H}:{i}:{s} {z}",
    "{y}-{n}-{j}",
    "{p} {D} of {F} {Y}",
    "{D} {q} week",
    "first day of {q} month",
    "last day of {F} {Y} {t}",
    "{u} {t}",
    "{k} {k}",
    "{k} {t}",
    "{f}, {t}",
    "{t} {k}",
];

const PARTS: [(char, &[&str]); 15] = [
    (
        'f',
        &["{Y}-{m}-{d}", "{n}/{j}", "{j}.{n}.{Y}", "{j} {F}", "{M} {Y}", "{F}", "{j}-{M}-{Y}", "{M}-{d}-{y}"],
    ),
    (
        't',
        &[
            "{G}:{i}",
            "{H}:{i}:{s}",
            "{g}{a}",
            "{g}:{i} {a}",
            "T{H}{i}",
            "noon",
            "midnight",
            "t{H}:{i}",
            "{G}.{i}",
        ],
    ),
    (
        'k',
        &[
            "+{x} {u}",
            "-{x} {u}",
            "{x} {u} ago",
            "{p} {u}",
            "{q} week",
            "{D}",
            "yesterday",
            "tomorrow",
            "now",
        ],
    ),
    (
        'u',
        &[
            "sec",
            "minutes",
            "hour",
            "day",
            "days",
            "week",
            "weeks",
            "fortnight",
            "months",
            "year",
            "weekdays",
            "friday",
        ],
    ),
    ('p', &["first", "second", "third", "fifth", "twelfth", "next", "last", "previous", "this"]),
    ('q', &["next", "last", "previous", "this"]),
    (
        'z',
        &[
            "UTC",
            "Z",
            "EST",
            "CEST",
            "msk",
            "(PST)",
            "GMT+2",
            "+05:45",
            "-0330",
            "+3",
            "Europe/Moscow",
            "Asia/Tokyo",
            "Japan",
        ],
    ),
    ('O', &["+0200", "-05:30", "+00:00", "Z", "+1"]),
    ('D', &["Mon", "tuesday", "WED", "Thursday", "fri", "saturday", "Sundays"]),
    ('F', &["January", "feb", "MARCH", "April", "may", "Jun", "july", "Sept", "october", "XI", "Dec"]),
    ('M', &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]),
    ('A', &["AM", "PM"]),
    ('a', &["am", "pm", "a.m.", "P.M."]),
    ('S', &["", "st", "nd", "rd", "th"]),
    ('w', &["1", "3", "7", "0"]),
];

/// Numbers: between these, with at least so many digits.
const NUMBERS: [(char, usize, usize, usize); 16] = [
    ('Y', 1971, 2036, 4),
    ('y', 0, 99, 2),
    ('m', 1, 12, 2),
    ('n', 1, 12, 1),
    ('d', 1, 31, 2),
    ('j', 1, 31, 1),
    ('H', 0, 24, 2),
    ('G', 0, 23, 1),
    ('g', 1, 12, 1),
    ('i', 0, 59, 2),
    ('s', 0, 59, 2),
    ('W', 1, 53, 2),
    ('J', 1, 366, 3),
    ('U', 0, 2_000_000_000, 1),
    ('N', 0, 999_999, 3),
    ('x', 0, 30, 1),
];

/// What makes a spelling wrong, most of the time.
const NOISE: [&str; 12] =
    ["x", "#", "%", "25:61", " foo", "someday", "13/13/2026", ";", "é", " UTC UTC UTC", "~", "_"];

/// So many texts.
pub fn texts(count: usize) -> Vec<String> {
    let mut random = Random(17);
    (0..count)
        .map(|at| {
            let pattern = random.pick(&WHOLE);
            let text = random.filled(pattern);
            if at % 3 == 0 { random.spoiled(&text) } else { text }
        })
        .collect()
}

/// A sequence of numbers by chance, always the same.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below
    }

    fn pick<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.next(texts.len())]
    }

    /// A pattern with something in the place of each letter in braces.
    fn filled(&mut self, pattern: &str) -> String {
        let Some((before, rest)) = pattern.split_once('{') else { return pattern.to_owned() };
        let (name, after) = rest.split_once('}').expect("braces come in pairs");
        let letter = name.chars().next().expect("a letter");
        let put = self.part(letter);
        format!("{before}{put}{}", self.filled(after))
    }

    fn part(&mut self, letter: char) -> String {
        if let Some((_, from, to, digits)) = NUMBERS.iter().find(|(name, ..)| *name == letter) {
            return format!("{:0digits$}", from + self.next(to - from + 1));
        }
        let (_, choices) = PARTS.iter().find(|(name, _)| *name == letter).expect("a part");
        let chosen = self.pick(choices);
        self.filled(chosen)
    }

    fn spoiled(&mut self, text: &str) -> String {
        let at = self.next(text.len() + 1);
        let noise = self.pick(&NOISE);
        match self.next(3) {
            0 => format!("{text}{noise}"),
            1 if text.is_char_boundary(at) => format!("{}{noise}{}", &text[..at], &text[at..]),
            _ => format!("{text} {text} {noise}"),
        }
    }
}
