//! The colours of chats and people.

/// Codes with what browsers take.
const COLORS: [(&str, &str); 16] = [
    ("RED", "#df532d"),
    ("GREEN", "#64a513"),
    ("MINT", "#4ba984"),
    ("LIGHT_BLUE", "#4ba5c3"),
    ("DARK_BLUE", "#3e99ce"),
    ("PURPLE", "#8474c8"),
    ("AQUA", "#1eb4aa"),
    ("PINK", "#f76187"),
    ("LIME", "#58cc47"),
    ("BROWN", "#ab7761"),
    ("AZURE", "#29619b"),
    ("KHAKI", "#728f7a"),
    ("SAND", "#ba9c7b"),
    ("MARENGO", "#556574"),
    ("GRAY", "#909090"),
    ("GRAPHITE", "#5e5f5e"),
];

/// The colour with that code.
pub fn of_code(code: &str) -> Option<&'static str> {
    COLORS.iter().find(|(known, _)| *known == code).map(|(_, color)| *color)
}

/// The code of a colour.
pub fn code_of(color: &str) -> Option<&'static str> {
    COLORS.iter().find(|(_, known)| *known == color).map(|(code, _)| *code)
}

/// The colour of somebody or something without one of its own: always the same for a number.
pub fn of_number(number: i64) -> &'static str {
    COLORS[usize::try_from(number.rem_euclid(10)).unwrap_or(0)].1
}
