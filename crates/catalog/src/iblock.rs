//! Types of custom fields: sections and elements of information blocks, by their ids.

use engine::entity::{Declared, Stored};
use engine::userfield::Type;
use engine::userfield::types::{Entry, Form, LIST_APPEARANCE, shown};

/// The types.
pub static TYPES: [Type; 2] = [
    Type::declared(&SECTION, "Information block section", SETTINGS),
    Type::declared(&ELEMENT, "Information block element", SETTINGS),
];

/// A section.
pub static SECTION: Declared = Declared::new("iblock_section", Stored::Int);

/// An element.
pub static ELEMENT: Declared = Declared::new("iblock_element", Stored::Int);

const SETTINGS: &[Entry] = &[
    shown("IBLOCK_TYPE_ID", Form::Text(""), "Information block type"),
    shown("IBLOCK_ID", Form::Text("0"), "Information block"),
    shown("DEFAULT_VALUE", Form::Text(""), "Default value"),
    shown("DISPLAY", LIST_APPEARANCE, "Appearance"),
    shown("LIST_HEIGHT", Form::Count(1, 1), "List height"),
    shown("ACTIVE_FILTER", Form::Flag("N"), "Active only"),
];
