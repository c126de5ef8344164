//! A field of a noun, as data.

use crate::entity::Kind;

/// The name, type and rules of a noun's field.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name in camelCase faces and in code; the column and the upper-case name follow from it.
    pub name: &'static str,
    /// Its upper-case name, where that does not follow from the name.
    pub upper: Option<&'static str>,
    /// Its camelCase name, where that is not the name: a code that a request calls `id`.
    pub camel: Option<&'static str>,
    /// Its type.
    pub kind: Kind,
    /// The type that descriptors name, where it is not the usual one of the kind.
    pub type_name: Option<&'static str>,
    /// The size that descriptors name: characters, or digits before and behind the point.
    pub size: Option<&'static str>,
    /// Its display name.
    pub title: &'static str,
    /// Must be given on add and may not be emptied.
    pub required: bool,
    /// Never taken from a request.
    pub read_only: bool,
    /// Taken on add only.
    pub immutable: bool,
    /// No two rows have the same value.
    pub unique: bool,
    /// Holds a list.
    pub multiple: bool,
    /// Has no column: [`Hooks::show`](super::Hooks::show) gives it its value.
    pub computed: bool,
    /// Has an index of the database.
    pub indexed: bool,
    /// Blanks around its text count for nothing.
    pub trimmed: bool,
    /// Of its text as many letters are kept as an index takes.
    pub short: bool,
    /// Stays as it was when a change empties it.
    pub kept: bool,
    /// A flag of one row among all that have the same values in these fields: a row that gets it takes it from the others.
    pub single: Option<&'static [&'static str]>,
    /// A flag that a row keeps until another one gets it.
    pub held: bool,
    /// Is an empty text where it has none.
    pub never_null: bool,
    /// Other fields that this index has as well.
    pub covers: &'static [&'static str],
    /// The default value on add, written as in a request.
    pub default: Option<&'static str>,
    /// The stamp that the engine writes.
    pub stamp: Option<Stamp>,
    /// A value for examples, written as a request would write it.
    pub sample: Option<&'static str>,
    /// The first of the noun's tiers that shows it, where that is not the narrowest.
    pub tier: Option<&'static str>,
    /// Whether camelCase faces show it.
    pub in_camel: bool,
    /// Whether upper-case faces show it.
    pub in_upper: bool,
}

/// A value that the engine writes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamp {
    /// When the row was added
    Created,
    /// By whom
    CreatedBy,
    /// When it was last changed
    Changed,
    /// By whom
    ChangedBy,
    /// When it was last changed after it was added
    Edited,
    /// By whom
    EditedBy,
}

/// A field that may be given, left out and changed.
pub const fn field(name: &'static str, kind: Kind, title: &'static str) -> Field {
    Field {
        name,
        upper: None,
        camel: None,
        kind,
        type_name: None,
        size: None,
        title,
        required: false,
        read_only: false,
        immutable: false,
        unique: false,
        multiple: false,
        computed: false,
        indexed: false,
        trimmed: false,
        short: false,
        kept: false,
        single: None,
        held: false,
        never_null: false,
        covers: &[],
        default: None,
        stamp: None,
        sample: None,
        tier: None,
        in_camel: true,
        in_upper: true,
    }
}

/// The number of a row.
pub const ID: Field = field("id", Kind::Integer, "ID").read_only();

impl Field {
    /// Must be given on add and may not be emptied.
    pub const fn required(self) -> Self {
        Field { required: true, ..self }
    }

    /// Never taken from a request.
    pub const fn read_only(self) -> Self {
        Field { read_only: true, ..self }
    }

    /// Taken on add only.
    pub const fn immutable(self) -> Self {
        Field { immutable: true, ..self }
    }

    /// No two rows have the same value.
    pub const fn unique(self) -> Self {
        Field { unique: true, ..self }
    }

    /// Holds a list.
    pub const fn multiple(self) -> Self {
        Field { multiple: true, ..self }
    }

    /// Has no column: [`Hooks::show`](super::Hooks::show) gives it its value.
    pub const fn computed(self) -> Self {
        Field { computed: true, read_only: true, ..self }
    }

    /// Gets an index of the database.
    pub const fn indexed(self) -> Self {
        Field { indexed: true, ..self }
    }

    /// Is a text without the blanks around it; nothing but blanks is nothing.
    pub const fn trimmed(self) -> Self {
        Field { trimmed: true, ..self }
    }

    /// The same for a name or a title, of which so many letters are kept as an index takes.
    pub const fn short(self) -> Self {
        Field { short: true, ..self.trimmed() }
    }

    /// Stays as it was when a change empties it.
    pub const fn kept(self) -> Self {
        Field { kept: true, ..self }
    }

    /// Is a flag of one row among all that have the same values in these fields: a row that gets it takes it from the others.
    pub const fn single(self, among: &'static [&'static str]) -> Self {
        Field { single: Some(among), ..self }
    }

    /// Is a flag that a row keeps until another one gets it.
    pub const fn held(self) -> Self {
        Field { held: true, ..self }
    }

    /// Is an empty text where it has none.
    pub const fn never_null(self) -> Self {
        Field { never_null: true, ..self }
    }

    /// Gets an index that has these fields as well, behind the number of the row. A list of the rows with one value, which tests these fields or is
    /// in the order of one, is found without a look at rows that it does not show.
    pub const fn covering(self, fields: &'static [&'static str]) -> Self {
        Field { indexed: true, covers: fields, ..self }
    }

    /// Starts with this value when an add gives none.
    pub const fn default(self, value: &'static str) -> Self {
        Field { default: Some(value), ..self }
    }

    /// Is written by the engine.
    pub const fn stamped(self, stamp: Stamp) -> Self {
        Field { stamp: Some(stamp), read_only: true, ..self }
    }

    /// Has this value in examples.
    pub const fn sample(self, value: &'static str) -> Self {
        Field { sample: Some(value), ..self }
    }

    /// Is shown from this tier of the noun on.
    pub const fn from(self, tier: &'static str) -> Self {
        Field { tier: Some(tier), ..self }
    }

    /// Is called this in upper-case faces.
    pub const fn upper(self, name: &'static str) -> Self {
        Field { upper: Some(name), ..self }
    }

    /// Is called this in camelCase faces.
    pub const fn camel(self, name: &'static str) -> Self {
        Field { camel: Some(name), ..self }
    }

    /// Is described as of this type.
    pub const fn described_as(self, type_name: &'static str) -> Self {
        Field { type_name: Some(type_name), ..self }
    }

    /// Is described with this size.
    pub const fn sized(self, size: &'static str) -> Self {
        Field { size: Some(size), ..self }
    }

    /// Is shown by camelCase faces only.
    pub const fn camel_only(self) -> Self {
        Field { in_upper: false, ..self }
    }

    /// Is shown by upper-case faces only.
    pub const fn upper_only(self) -> Self {
        Field { in_camel: false, ..self }
    }

    /// Is shown by no face.
    pub const fn hidden(self) -> Self {
        Field { in_camel: false, in_upper: false, ..self }
    }

    /// Its name in upper-case faces: `iblockSectionId` is `IBLOCK_SECTION_ID`.
    pub fn upper_name(&self) -> String {
        match self.upper {
            Some(name) => name.to_owned(),
            None => snake(self.name).to_ascii_uppercase(),
        }
    }

    /// Its name in camelCase faces.
    pub fn camel_name(&self) -> &'static str {
        self.camel.unwrap_or(self.name)
    }

    /// Its column: `iblockSectionId` is `iblock_section_id`.
    pub fn column(&self) -> String {
        column(self.name)
    }
}

/// Words that SQL has for itself; a column has something behind them.
const RESERVED: [&str; 6] = ["group", "order", "select", "table", "user", "values"];

/// The column of the field of that name.
pub fn column(name: &str) -> String {
    let column = snake(name);
    if RESERVED.contains(&column.as_str()) { column + "_" } else { column }
}

fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_from_the_camel_case_one() {
        let section = field("iblockSectionId", Kind::Integer, "Section");
        assert_eq!(
            (section.upper_name().as_str(), section.column().as_str()),
            ("IBLOCK_SECTION_ID", "iblock_section_id")
        );
        assert_eq!(field("values", Kind::Json, "Values").column(), "values_");
        assert_eq!(field("sort", Kind::Integer, "Sort").upper("C_SORT").upper_name(), "C_SORT");
    }
}
