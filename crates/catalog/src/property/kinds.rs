//! Types of properties: what their values are, and how they are described.

use engine::entity::Kind;

use crate::iblock;

/// The basic types.
pub const TYPES: &[&str] = &["S", "N", "L", "F", "E", "G"];

/// A type within a basic one.
pub struct UserType {
    /// The basic type.
    pub property_type: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What a person calls it.
    pub title: &'static str,
    /// The settings that it has: name and type.
    pub settings: &'static [(&'static str, &'static str)],
}

const fn of(
    property_type: &'static str,
    name: &'static str,
    title: &'static str,
    settings: &'static [(&'static str, &'static str)],
) -> UserType {
    UserType { property_type, name, title, settings }
}

/// The settings of lists that may be drawn with groups.
const LOOKS: &[(&str, &str)] =
    &[("size", "integer"), ("width", "integer"), ("group", "char"), ("multiple", "char")];

/// The types within types.
pub const USER_TYPES: &[UserType] = &[
    of("S", "HTML", "HTML or text", &[("height", "integer")]),
    of("S", "Date", "Date", &[]),
    of("S", "DateTime", "Date and time", &[]),
    of("S", "Money", "Money", &[]),
    of("S", "employee", "Employee", &[]),
    of("S", "UserID", "User", &[]),
    of(
        "S",
        "ECrm",
        "CRM item",
        &[("LEAD", "char"), ("CONTACT", "char"), ("COMPANY", "char"), ("DEAL", "char")],
    ),
    of(
        "S",
        "directory",
        "Directory",
        &[
            ("TABLE_NAME", "string"),
            ("size", "integer"),
            ("width", "integer"),
            ("group", "char"),
            ("multiple", "char"),
        ],
    ),
    of("S", "ElementXmlID", "Product by external ID", &[]),
    of("S", "FileMan", "File on the server", &[]),
    of("S", "map_yandex", "Place on a map", &[]),
    of("S", "map_google", "Place on a map", &[]),
    of("S", "video", "Video", &[]),
    of("N", "Sequence", "Counter", &[("write", "char"), ("current_value", "integer")]),
    of("E", "EList", "Products as a list", LOOKS),
    of("E", "EAutocomplete", "Products by name", LOOKS),
    of("E", "SKU", "Variants", LOOKS),
    of("G", "SectionAuto", "Sections by name", LOOKS),
    of("F", "DiskFile", "File on the drive", &[]),
];

/// The basic types with what a person calls them.
pub const BASIC: [(&str, &str); 6] =
    [("S", "String"), ("N", "Number"), ("L", "List"), ("F", "File"), ("G", "Section"), ("E", "Product")];

/// The type within a basic one of that name.
pub fn find(property_type: &str, name: &str) -> Option<&'static UserType> {
    USER_TYPES
        .iter()
        .find(|known| known.property_type == property_type && known.name.eq_ignore_ascii_case(name))
}

/// Whether there is such a type within the basic one; one of none is, too.
pub fn fits(property_type: &str, user_type: &str) -> bool {
    user_type.is_empty() || find(property_type, user_type).is_some()
}

/// The settings of lists that may be drawn with groups, as they are unless a request says otherwise.
const LOOK: [(&str, &str); 4] = [("size", "1"), ("width", "0"), ("group", "\"N\""), ("multiple", "\"N\"")];

/// Completes the settings of a property of such a type.
pub fn complete(
    property_type: &str,
    user_type: &str,
    settings: &mut serde_json::Map<String, serde_json::Value>,
) {
    let known = find(property_type, user_type).map_or(&[][..], |known| known.settings);
    for (name, default) in LOOK {
        if known.iter().any(|(own, _)| *own == name) {
            settings.entry(name).or_insert_with(|| serde_json::from_str(default).unwrap_or_default());
        }
    }
}

/// What the values of a property are.
pub fn of_values(property_type: &str, user_type: &str) -> Kind {
    match (property_type, user_type) {
        ("N", _) => Kind::Decimal(4),
        ("L", _) => Kind::Enumeration,
        ("F", _) => Kind::File,
        ("E", _) => Kind::Declared(&iblock::ELEMENT),
        ("G", _) => Kind::Declared(&iblock::SECTION),
        ("S", "Date") => Kind::Date,
        ("S", "DateTime") => Kind::DateTime,
        ("S", "HTML") => Kind::Text,
        ("S", "Money") => Kind::Money,
        ("S", "employee" | "UserID") => Kind::Employee,
        _ => Kind::String,
    }
}
