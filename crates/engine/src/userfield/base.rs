//! The types of user fields that need no product.

use super::types::{Entry, Form, LIST_APPEARANCE, Type, hidden, shown};
use crate::entity::Kind;

const DEFAULT: &str = "Default value";
const APPEARANCE: &str = "Appearance";
const ROWS: &str = "List height";

const SIZE: Entry = hidden("SIZE", Form::Count(20, 1));
const SHORTEST: Entry = hidden("MIN_LENGTH", Form::Count(0, 0));
const LONGEST: Entry = hidden("MAX_LENGTH", Form::Count(0, 0));
const LEAST: Entry = hidden("MIN_VALUE", Form::Count(0, i64::MIN));
const MAX_VALUE: Entry = hidden("MAX_VALUE", Form::Count(0, i64::MIN));

/// The types that need no product.
pub static TYPES: [Type; 12] = [
    Type::new(
        "string",
        "Text",
        Kind::String,
        &[
            SIZE,
            shown("ROWS", Form::Count(1, 1), "Input rows"),
            hidden("REGEXP", Form::Text("")),
            SHORTEST,
            LONGEST,
            shown("DEFAULT_VALUE", Form::Text(""), DEFAULT),
        ],
    ),
    Type::new(
        "integer",
        "Integer",
        Kind::Integer,
        &[SIZE, LEAST, MAX_VALUE, shown("DEFAULT_VALUE", Form::Int, DEFAULT)],
    ),
    Type::new(
        "double",
        "Number",
        Kind::Double,
        &[
            shown("PRECISION", Form::Count(2, 0), "Decimal places"),
            SIZE,
            LEAST,
            MAX_VALUE,
            shown("DEFAULT_VALUE", Form::Number, DEFAULT),
        ],
    ),
    Type::new(
        "boolean",
        "Yes/No",
        Kind::Boolean,
        &[
            shown("DEFAULT_VALUE", Form::Bit, DEFAULT),
            shown("DISPLAY", Form::Word(&["CHECKBOX", "RADIO", "DROPDOWN"]), APPEARANCE),
            hidden("LABEL", Form::Texts(&["", ""])),
            hidden("LABEL_CHECKBOX", Form::Text("")),
        ],
    ),
    Type::new(
        "enumeration",
        "List",
        Kind::Enumeration,
        &[
            shown("DISPLAY", LIST_APPEARANCE, APPEARANCE),
            shown("LIST_HEIGHT", Form::Count(1, 1), ROWS),
            hidden("CAPTION_NO_VALUE", Form::Text("")),
            hidden("SHOW_NO_VALUE", Form::Flag("Y")),
        ],
    ),
    Type::new(
        "datetime",
        "Date and time",
        Kind::DateTime,
        &[
            shown("DEFAULT_VALUE", Form::When, DEFAULT),
            hidden("USE_SECOND", Form::Flag("Y")),
            hidden("USE_TIMEZONE", Form::Flag("N")),
        ],
    ),
    Type::new("date", "Date", Kind::Date, &[shown("DEFAULT_VALUE", Form::When, DEFAULT)]),
    Type::new("money", "Money", Kind::Money, &[hidden("DEFAULT_VALUE", Form::Text(""))]),
    Type::new(
        "url",
        "Link",
        Kind::Url,
        &[hidden("POPUP", Form::Flag("Y")), SIZE, SHORTEST, LONGEST, hidden("DEFAULT_VALUE", Form::Text(""))],
    ),
    Type::new("address", "Address", Kind::Address, &[hidden("SHOW_MAP", Form::Flag("Y"))]),
    Type::new(
        "file",
        "File",
        Kind::File,
        &[
            SIZE,
            hidden("LIST_WIDTH", Form::Count(0, 0)),
            hidden("LIST_HEIGHT", Form::Count(0, 0)),
            hidden("MAX_SHOW_SIZE", Form::Count(0, 0)),
            hidden("MAX_ALLOWED_SIZE", Form::Count(0, 0)),
            hidden("EXTENSIONS", Form::Texts(&[])),
            hidden("TARGET_BLANK", Form::Flag("Y")),
        ],
    ),
    Type::new("employee", "User", Kind::Employee, &[]),
];

#[cfg(test)]
mod tests {
    use serde_json::{Value as Setting, json};
    use wire::Map;

    use super::*;
    use crate::method::params;

    fn find(id: &str) -> Option<&'static Type> {
        TYPES.iter().find(|known| known.id == id)
    }

    #[test]
    fn settings_come_from_the_request_then_from_before_then_from_the_type() {
        let string = find("string").unwrap();
        let fresh = string.merge(&Map::new(), &Setting::Null);
        let usual = json!({"SIZE": 20, "ROWS": 1, "REGEXP": "", "MIN_LENGTH": 0, "MAX_LENGTH": 0, "DEFAULT_VALUE": ""});
        assert_eq!(fresh, usual);
        let changed = string.merge(
            &params(&json!({"ROWS": "3", "SIZE": 0, "X": 1})),
            &json!({"DEFAULT_VALUE": "kept", "ROWS": 2}),
        );
        assert_eq!(
            (&changed["ROWS"], &changed["SIZE"], &changed["DEFAULT_VALUE"]),
            (&json!(3), &json!(20), &json!("kept"))
        );
        let date = find("date")
            .unwrap()
            .merge(&params(&json!({"DEFAULT_VALUE": {"TYPE": "NOW", "VALUE": "x"}})), &Setting::Null);
        assert_eq!(date, json!({"DEFAULT_VALUE": {"TYPE": "NOW", "VALUE": ""}}));
    }
}
