//! Types of fields.

/// A type of fields.
#[derive(Debug)]
pub struct Type {
    /// Its code: `S:Date`.
    pub code: &'static str,
    /// What a person calls it.
    pub title: &'static str,
    /// Whether a list may have several fields of it, with values that are kept by field.
    pub is_own: bool,
}

const fn system(code: &'static str, title: &'static str) -> Type {
    Type { code, title, is_own: false }
}

const fn own(code: &'static str, title: &'static str) -> Type {
    Type { code, title, is_own: true }
}

/// The types, in the order in which they are offered.
pub const TYPES: [Type; 26] = [
    system("SORT", "Sorting"),
    system("ACTIVE_FROM", "Start of activity"),
    system("ACTIVE_TO", "End of activity"),
    system("PREVIEW_PICTURE", "Preview image"),
    system("PREVIEW_TEXT", "Preview text"),
    system("DETAIL_PICTURE", "Detail image"),
    system("DETAIL_TEXT", "Detail text"),
    system("DATE_CREATE", "Creation date"),
    system("CREATED_BY", "Created by"),
    system("TIMESTAMP_X", "Modification date"),
    system("MODIFIED_BY", "Modified by"),
    own("S", "String"),
    own("N", "Number"),
    own("L", "List"),
    own("F", "File"),
    own("G", "Binding to sections"),
    own("E", "Binding to elements"),
    own("S:Date", "Date"),
    own("S:DateTime", "Date/Time"),
    own("S:HTML", "HTML/text"),
    own("E:EList", "Binding to elements as a list"),
    own("N:Sequence", "Counter"),
    own("S:ECrm", "Binding to CRM elements"),
    own("S:Money", "Money"),
    own("S:DiskFile", "File (Disk)"),
    own("S:employee", "Binding to employee"),
];

/// The type with that code.
pub fn find(code: &str) -> Option<&'static Type> {
    TYPES.iter().find(|kind| kind.code.eq_ignore_ascii_case(code))
}
