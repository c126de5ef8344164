//! One field of an entity: what it is called, what it holds and how it may be used.

use std::borrow::Cow;

use super::Naming;
use super::kind::Kind;

/// A field's description. Built-in fields are constants of the entity files under `crm/`; user fields are
/// read from the database into the same shape.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name by which code calls the field of a noun, `sectionId`; others are called by their legacy names.
    pub(crate) name: Option<&'static str>,
    /// The legacy upper-case name, `ASSIGNED_BY_ID`.
    pub code: Cow<'static, str>,
    /// The column that holds it: the code in small letters.
    pub(super) column: String,
    /// The camelCase name in `crm.item.*`; `None` when the field is not shown there.
    pub item: Option<Cow<'static, str>>,
    /// Its type.
    pub kind: Kind,
    /// What descriptions call its type, where that is not the name of the kind.
    pub type_name: Option<&'static str>,
    /// The name a person sees.
    pub title: Cow<'static, str>,
    /// Where its values live.
    pub place: Place,
    /// Must be given on add.
    pub required: bool,
    /// Never taken from a request.
    pub read_only: bool,
    /// Taken by `crm.item.*` though it is read-only.
    pub set_by_items: bool,
    /// Taken on add only.
    pub immutable: bool,
    /// Holds a list.
    pub multiple: bool,
    /// The table that has the members of its lists as rows, for filters, and its number there: `field_id`, the beginning of
    /// the `value` and `row_id`.
    pub members: Option<(&'static str, i64)>,
    /// The default value on add, written as in a request.
    pub default: Option<&'static str>,
    /// Gets the item's id as text when an add gives nothing: the number of a document.
    pub numbered: bool,
    /// Has a database index, because people filter or sort by it.
    pub indexed: bool,
    /// The fields that stand in that index, too; see [`covering`](crate::noun::Field::covering).
    pub covers: &'static [&'static str],
    /// Whether lists in the order of it are read off that index, which then has the items without a value as well.
    pub ordered: bool,
    /// Shown in legacy `crm.*.fields`, `get` and `list`; the others exist for `crm.item.*` only.
    pub legacy: bool,
    /// The settings of a user field; `None` for a built-in one.
    pub user: Option<Box<super::user_settings::UserField>>,
}

/// Where the values of a field live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A column of the entity's table; lists as a JSON array in a text column.
    Column,
    /// Rows of `crm_multifield` (PHONE, EMAIL, WEB, IM, LINK).
    Multifield,
    /// Rows of `crm_binding` towards entities of this type id (CONTACT_IDS, COMPANY_IDS).
    Binding(i64),
    /// Described, but without a value of its own: always empty when read, ignored when written.
    Nowhere,
}

impl Field {
    /// A writable, single-valued field in a column, shown in both styles, named in camelCase after its code.
    pub fn new(code: &'static str, kind: Kind, title: &'static str) -> Self {
        Field {
            name: None,
            code: Cow::Borrowed(code),
            column: code.to_ascii_lowercase(),
            item: Some(Cow::Owned(camel(code))),
            kind,
            type_name: None,
            title: Cow::Borrowed(title),
            place: Place::Column,
            required: false,
            read_only: false,
            set_by_items: false,
            immutable: false,
            multiple: false,
            members: None,
            default: None,
            numbered: false,
            indexed: false,
            covers: &[],
            ordered: false,
            legacy: true,
            user: None,
        }
    }

    /// A field whose names do not follow from each other; it has no camelCase name.
    pub fn named(code: String, column: String, kind: Kind, title: &'static str) -> Self {
        Field { code: Cow::Owned(code), column, item: None, ..Field::new("", kind, title) }
    }

    /// Its name in `crm.item.*` in capitals, `CREATED_TIME` of `createdTime`; user fields keep their own. Requests may
    /// call it so, and clients do.
    pub fn upper_name(&self) -> Cow<'_, str> {
        let Some(name) = self.item.as_deref().filter(|_| self.user.is_none()) else {
            return Cow::Borrowed(&self.code);
        };
        let mut upper = String::with_capacity(name.len() + 4);
        for letter in name.chars() {
            if letter.is_ascii_uppercase() || letter.is_ascii_digit() {
                upper.push('_');
            }
            upper.push(letter.to_ascii_uppercase());
        }
        Cow::Owned(upper)
    }

    /// The column that holds it.
    pub fn column(&self) -> &str {
        &self.column
    }

    /// Its type is called so where it is described.
    #[must_use]
    pub fn described_as(mut self, type_name: &'static str) -> Self {
        self.type_name = Some(type_name);
        self
    }

    /// The name of its type where it is described.
    pub fn type_name(&self, naming: Naming) -> &'static str {
        let of_kind = || if naming.is_legacy() { self.kind.wire_name() } else { self.kind.item_name() };
        self.type_name.unwrap_or_else(of_kind)
    }

    /// Must be given on add.
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Never taken from a request.
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// Taken by `crm.item.*` only.
    pub fn set_by_items(mut self) -> Self {
        self.read_only = true;
        self.set_by_items = true;
        self
    }

    /// Whether a request in this style cannot set it.
    pub fn is_closed(&self, naming: Naming) -> bool {
        self.read_only && (naming.is_legacy() || !self.set_by_items)
    }

    /// Taken on add only.
    pub fn immutable(mut self) -> Self {
        self.immutable = true;
        self
    }

    /// Holds a list.
    pub fn multiple(mut self) -> Self {
        self.multiple = true;
        self
    }

    /// Starts with this value when an add gives none.
    pub fn default(mut self, value: &'static str) -> Self {
        self.default = Some(value);
        self
    }

    /// Is numbered by the item's id when an add gives nothing.
    pub fn numbered(mut self) -> Self {
        self.numbered = true;
        self
    }

    /// Gets a database index.
    pub fn indexed(mut self) -> Self {
        self.indexed = true;
        self
    }

    /// With an index that also has the items without a value, so that lists are read off it in this order.
    pub fn ordered(mut self) -> Self {
        self.indexed = true;
        self.ordered = true;
        self
    }

    /// Is called this in `crm.item.*`.
    pub fn item(mut self, name: &'static str) -> Self {
        self.item = Some(Cow::Borrowed(name));
        self
    }

    /// Is not part of `crm.item.*`.
    pub fn legacy_only(mut self) -> Self {
        self.item = None;
        self
    }

    /// Is part of `crm.item.*` only.
    pub fn item_only(mut self) -> Self {
        self.legacy = false;
        self
    }

    /// Is kept, but no part of anything that people see.
    pub fn hidden(mut self) -> Self {
        self.item = None;
        self.legacy = false;
        self
    }

    /// Lives elsewhere than in a column.
    pub fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }
}

/// `ASSIGNED_BY_ID` as `assignedById`, the way `crm.item.*` writes names.
pub fn camel(code: &str) -> String {
    let mut name = String::with_capacity(code.len());
    for (i, word) in code.split('_').filter(|word| !word.is_empty()).enumerate() {
        let lower = word.to_ascii_lowercase();
        match lower.chars().next() {
            Some(first) if i > 0 => {
                name.push(first.to_ascii_uppercase());
                name.push_str(&lower[first.len_utf8()..]);
            }
            _ => name.push_str(&lower),
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::camel;

    #[test]
    fn codes_turn_into_camel_case() {
        assert_eq!(camel("ASSIGNED_BY_ID"), "assignedById");
        assert_eq!(camel("ADDRESS_2"), "address2");
        assert_eq!(camel("TITLE"), "title");
    }
}
