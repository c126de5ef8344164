//! A face: one spelling of a noun's methods. A noun may have several over the same rows.

use wire::Fault;

use crate::entity::Naming;

/// The operation of a method of a face.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Adds a row
    Add,
    /// Returns one
    Get,
    /// Lists them
    List,
    /// Changes one
    Update,
    /// Deletes one
    Delete,
    /// Describes the fields
    Fields,
}

/// The shape of an answer about one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The row itself
    Row,
    /// The row under a name: `{"measure": {..}}`
    RowUnder(&'static str),
    /// Its id or code
    Key,
    /// `true`
    True,
    /// `null`
    Null,
}

/// How a list answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// The rows themselves
    Bare,
    /// The rows under a name: `{"measures": [..]}`
    Under(&'static str),
}

/// How fields are described.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Described {
    /// With all flags and the title, as the legacy CRM does
    Full,
    /// With type, size, title and two flags
    Sized,
    /// `type`, `isRequired`, `isReadOnly` and `isImmutable`, under a name
    ShortUnder(&'static str),
}

/// A refusal in the words of a family of methods.
#[derive(Clone, Copy, Debug)]
pub enum Refusal {
    /// With a code that is text
    Coded(&'static str, &'static str),
    /// With a code that is a number on the wire
    Numbered(i64, &'static str),
}

impl Refusal {
    /// The fault.
    pub fn fault(self) -> Fault {
        match self {
            Refusal::Coded(code, text) => Fault::new(400, code, text),
            Refusal::Numbered(code, text) => Fault::numbered(400, code, text),
        }
    }
}

/// The usual refusals of a face.
#[derive(Clone, Copy, Debug)]
pub struct Faults {
    /// There is no such row.
    pub missing: Refusal,
    /// The caller may not read it.
    pub unreadable: Refusal,
    /// The caller may not change it.
    pub unwritable: Refusal,
    /// Another row has a value that must be unique.
    pub taken: Refusal,
    /// These fields are required, by the names that the face gives them.
    pub required: fn(&[String]) -> Fault,
}

/// Those of the legacy CRM: without a code.
pub const LEGACY_FAULTS: Faults = Faults {
    missing: Refusal::Coded("", "Not found"),
    unreadable: Refusal::Coded("", "Access denied."),
    unwritable: Refusal::Coded("", "Access denied."),
    taken: Refusal::Coded("", "The value must be unique."),
    required: |names| Fault::crm(format!("The field {} is required.", names.join(", "))),
};

/// Those of controllers such as `catalog.*`: numbers.
pub const CONTROLLER_FAULTS: Faults = Faults {
    missing: Refusal::Numbered(0, "Element not found"),
    unreadable: Refusal::Coded("ACCESS_DENIED", "Access denied"),
    unwritable: Refusal::Coded("ACCESS_DENIED", "Access denied"),
    taken: Refusal::Numbered(0, "The value must be unique"),
    required: |names| Fault::numbered(400, 0, format!("Required fields: {}", names.join(", "))),
};

/// One spelling of a noun's methods.
#[derive(Clone, Copy, Debug)]
pub struct Face {
    /// The prefix of their names: `crm.measure`.
    pub path: &'static str,
    /// The verbs that it has, and what it calls them.
    pub verbs: &'static [(Verb, &'static str)],
    /// How fields are called and values are typed.
    pub naming: Naming,
    /// The parameter that names a row.
    pub id: &'static str,
    /// The answer of `add`.
    pub added: Answer,
    /// The answer of `get`.
    pub one: Answer,
    /// The answer of `list`.
    pub many: Rows,
    /// The answer of `update`.
    pub changed: Answer,
    /// The answer of `delete`.
    pub deleted: Answer,
    /// How fields are described.
    pub described: Described,
    /// Whether a list comes whole, without pages.
    pub whole: bool,
    /// Its usual refusals.
    pub faults: Faults,
    /// The scope that opens it, where it is not the noun's.
    pub scope: Option<&'static str>,
    /// Values that its rows have, by field: it knows no others, and adds with them.
    pub within: &'static [(&'static str, &'static str)],
}

const LEGACY: &[(Verb, &str)] = &[
    (Verb::Add, "add"),
    (Verb::Get, "get"),
    (Verb::List, "list"),
    (Verb::Update, "update"),
    (Verb::Delete, "delete"),
    (Verb::Fields, "fields"),
];

const CONTROLLER: &[(Verb, &str)] = &[
    (Verb::Add, "add"),
    (Verb::Get, "get"),
    (Verb::List, "list"),
    (Verb::Update, "update"),
    (Verb::Delete, "delete"),
    (Verb::Fields, "getFields"),
];

impl Face {
    /// `crm.measure.*`: upper-case names, numbers as text, ids and `true` as answers.
    pub const fn legacy(path: &'static str) -> Face {
        Face {
            path,
            verbs: LEGACY,
            naming: Naming::Legacy,
            id: "id",
            added: Answer::Key,
            one: Answer::Row,
            many: Rows::Bare,
            changed: Answer::True,
            deleted: Answer::True,
            described: Described::Full,
            whole: false,
            faults: LEGACY_FAULTS,
            scope: None,
            within: &[],
        }
    }

    /// `catalog.measure.*`: camelCase names, typed values, each row under the noun's name.
    pub const fn controller(path: &'static str, one: &'static str, many: &'static str) -> Face {
        Face {
            path,
            verbs: CONTROLLER,
            naming: Naming::Item,
            id: "id",
            added: Answer::RowUnder(one),
            one: Answer::RowUnder(one),
            many: Rows::Under(many),
            changed: Answer::RowUnder(one),
            deleted: Answer::True,
            described: Described::ShortUnder(one),
            whole: false,
            faults: CONTROLLER_FAULTS,
            scope: None,
            within: &[],
        }
    }

    /// Has these verbs only.
    pub const fn verbs(self, verbs: &'static [(Verb, &'static str)]) -> Face {
        Face { verbs, ..self }
    }

    /// Refuses in these words.
    pub const fn faults(self, faults: Faults) -> Face {
        Face { faults, ..self }
    }

    /// Knows only rows with these values.
    pub const fn within(self, within: &'static [(&'static str, &'static str)]) -> Face {
        Face { within, ..self }
    }

    /// Lists everything at once.
    pub const fn whole(self) -> Face {
        Face { whole: true, ..self }
    }
}
