//! A face: one spelling of a noun's methods. A noun may have several over the same rows.

use wire::order::Direction;
use wire::{Fault, Value};

use crate::call::Call;
use crate::entity::Naming;
use crate::method::{Param, Style};

use super::Field;

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
    /// `[]`
    Nothing,
    /// The row as the only one of a list
    ListOfRow,
    /// Its id or code under a name: `{"id": 5}`
    KeyUnder(&'static str),
    /// What stands in this field
    Field(&'static str),
}

/// The parameters that name a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Id {
    /// One parameter
    Param(&'static str),
    /// A parameter for each field of a composite key
    Params(&'static [&'static str]),
    /// The members of `fields` that are the key
    Fields,
}

/// Where values stand in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Envelope {
    /// Under this parameter, `fields`
    Under(&'static str),
    /// Beside the other parameters, in any case
    Flat,
}

/// What `get` answers when there is no such row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// The refusal [`Faults::missing`]
    Refused,
    /// `[]`, and so for a row that the caller may not read
    EmptyList,
    /// `null`, likewise
    Null,
}

/// How a list answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// The rows themselves
    Bare,
    /// The rows under a name: `{"measures": [..]}`
    Under(&'static str),
    /// The rows under a name, each under the value of a field: `{"templates": {"7": {..}}}`
    Keyed(&'static str, &'static str),
}

/// How fields are described.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Described {
    /// With all flags and the title, as the legacy CRM does
    Full,
    /// With all flags, the title and the upper-case name
    Named,
    /// With type, size, title and two flags
    Sized,
    /// With all flags, the title and the upper-case name, under a name
    FullUnder(&'static str),
    /// `type`, `isRequired`, `isReadOnly` and `isImmutable`, under a name
    ShortUnder(&'static str),
    /// By its type alone, and only what a request may give, under a name
    TypesUnder(&'static str),
    /// By its title alone
    Titles,
}

/// A refusal in the words of a family of methods.
#[derive(Clone, Copy, Debug)]
pub enum Refusal {
    /// With a code that is text
    Coded(&'static str, &'static str),
    /// With a code that is a number on the wire
    Numbered(i64, &'static str),
    /// Without a code, naming the row that was asked for: `{key}` in the text stands for its key
    OfKey(&'static str),
    /// The same with a code
    CodedOfKey(&'static str, &'static str),
    /// That of REST 3.0 to those who may not
    Denied,
}

impl Refusal {
    /// The fault.
    pub fn fault(self) -> Fault {
        match self {
            Refusal::Coded(code, text) | Refusal::CodedOfKey(code, text) => Fault::new(400, code, text),
            Refusal::Numbered(code, text) => Fault::numbered(400, code, text),
            Refusal::OfKey(text) => Fault::crm(text),
            Refusal::Denied => wire::exception::access_denied(),
        }
    }

    /// The fault about the row that a request names by this key.
    pub fn about(self, key: &[Value]) -> Fault {
        let named = || key.last().and_then(Value::text).unwrap_or_default();
        match self {
            Refusal::OfKey(text) => Fault::crm(text.replace("{key}", &named())),
            Refusal::CodedOfKey(code, text) => Fault::new(400, code, text.replace("{key}", &named())),
            other => other.fault(),
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
    /// The field of that name has a value that it cannot have, or leads to a row that is not there.
    pub invalid: fn(&str) -> Fault,
}

/// Those of the legacy CRM: without a code.
pub const LEGACY_FAULTS: Faults = Faults {
    missing: Refusal::Coded("", "Not found"),
    unreadable: Refusal::Coded("", "Access denied."),
    unwritable: Refusal::Coded("", "Access denied."),
    taken: Refusal::Coded("", "The value must be unique."),
    required: |names| Fault::crm(format!("The field {} is required.", names.join(", "))),
    invalid: |name| Fault::crm(format!("Invalid value of field {name}")),
};

/// Those of controllers such as `catalog.*`: numbers.
pub const CONTROLLER_FAULTS: Faults = Faults {
    missing: Refusal::Numbered(0, "Element not found"),
    unreadable: Refusal::Coded("ACCESS_DENIED", "Access denied"),
    unwritable: Refusal::Coded("ACCESS_DENIED", "Access denied"),
    taken: Refusal::Numbered(0, "The value must be unique"),
    required: |names| Fault::numbered(400, 0, format!("Required fields: {}", names.join(", "))),
    invalid: |name| Fault::numbered(400, 0, format!("Invalid value of field {name}")),
};

/// The same of families that also have numbers for a row that does not exist and for who may not, as `catalog.*` and `sale.*`.
pub const fn numbered_faults(missing: i64, text: &'static str) -> Faults {
    Faults {
        missing: Refusal::Numbered(missing, text),
        unreadable: Refusal::Numbered(200_040_300_010, "Access Denied"),
        unwritable: Refusal::Numbered(200_040_300_020, "Access Denied"),
        ..CONTROLLER_FAULTS
    }
}

/// One spelling of a noun's methods.
#[derive(Clone, Copy, Debug)]
pub struct Face {
    /// The prefix of their names: `crm.measure`.
    pub path: &'static str,
    /// The verbs that it has, and what it calls them.
    pub verbs: &'static [(Verb, &'static str)],
    /// How fields are called and values are typed.
    pub naming: Naming,
    /// How values are typed: as that style does it.
    pub values: Naming,
    /// How errors about its parameters are worded.
    pub style: Style,
    /// The parameters that name a row.
    pub id: Id,
    /// Where values stand in a request.
    pub envelope: Envelope,
    /// Whether fields may come under their upper-case names, too: as values, and in what a list is asked for.
    pub also_upper: bool,
    /// Whether parameters count by their place, whatever they are called.
    pub positional: bool,
    /// Parameters beyond the usual ones or in their place, by the verbs that take them.
    pub params: &'static [(&'static [Verb], Param)],
    /// Values of such parameters in examples, by name.
    pub samples: fn() -> serde_json::Value,
    /// The row of the demo portal that its examples name, where it is not the noun's.
    pub example: Option<&'static str>,
    /// What methods do, where there is more to say than usual.
    pub about: &'static [(Verb, &'static str)],
    /// The answer of `add`.
    pub added: Answer,
    /// The answer of `get`.
    pub one: Answer,
    /// What `get` answers when there is no such row.
    pub absent: Absent,
    /// The answer of `list`.
    pub many: Rows,
    /// The order of a list that names none, by fields; the id otherwise.
    pub order: &'static [(&'static str, Direction)],
    /// Whether a list refuses orders that it cannot read and fields that there are none of.
    pub strict: bool,
    /// Whether a list's tests stand beside its other parameters (protocol 5.5).
    pub beside: bool,
    /// The parameters that a list takes, of `filter`, `order` and `select`.
    pub asks: &'static [&'static str],
    /// The fields that a list shows whatever it selects.
    pub always: &'static [&'static str],
    /// The fields that it shows also when they are empty, beside those that a list selects by their names; `None` for all.
    pub when_empty: Option<&'static [&'static str]>,
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
    /// A field, and the parameter of every method that says which value its rows have there; an object says it with its
    /// `ID`. It knows no others, and adds with that value.
    pub below: Option<(&'static str, &'static str)>,
}

/// The usual verbs under their usual names.
pub const VERBS: &[(Verb, &str)] = &[
    (Verb::Add, "add"),
    (Verb::Get, "get"),
    (Verb::List, "list"),
    (Verb::Update, "update"),
    (Verb::Delete, "delete"),
    (Verb::Fields, "fields"),
];

/// The same without a description of the fields.
pub const CRUD: &[(Verb, &str)] = &[
    (Verb::Add, "add"),
    (Verb::Get, "get"),
    (Verb::List, "list"),
    (Verb::Update, "update"),
    (Verb::Delete, "delete"),
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
            verbs: VERBS,
            naming: Naming::Legacy,
            values: Naming::Legacy,
            style: Style::Legacy,
            id: Id::Param("id"),
            envelope: Envelope::Under("fields"),
            also_upper: false,
            positional: false,
            params: &[],
            samples: || serde_json::Value::Null,
            example: None,
            about: &[],
            added: Answer::Key,
            one: Answer::Row,
            absent: Absent::Refused,
            many: Rows::Bare,
            order: &[],
            strict: false,
            beside: false,
            asks: &["filter", "order", "select"],
            always: &[],
            when_empty: None,
            changed: Answer::True,
            deleted: Answer::True,
            described: Described::Full,
            whole: false,
            faults: LEGACY_FAULTS,
            scope: None,
            within: &[],
            below: None,
        }
    }

    /// `catalog.measure.*`: camelCase names, typed values, each row under the noun's name.
    pub const fn controller(path: &'static str, one: &'static str, many: &'static str) -> Face {
        Face {
            naming: Naming::Item,
            values: Naming::Item,
            style: Style::Controller,
            added: Answer::RowUnder(one),
            one: Answer::RowUnder(one),
            many: Rows::Under(many),
            changed: Answer::RowUnder(one),
            described: Described::ShortUnder(one),
            verbs: CONTROLLER,
            faults: CONTROLLER_FAULTS,
            ..Face::legacy(path)
        }
    }

    /// `sonet_group.*`: upper-case names beside the other parameters, own words for what is wrong with them.
    pub const fn flat(path: &'static str, id: &'static str) -> Face {
        Face { envelope: Envelope::Flat, style: Style::Own, id: Id::Param(id), ..Face::legacy(path) }
    }

    /// Whether it shows a field.
    pub fn shows(&self, field: &Field) -> bool {
        if self.naming == Naming::Legacy { field.in_upper } else { field.in_camel }
    }

    /// The name under which it shows a field.
    pub fn name_of(&self, field: &Field) -> Option<String> {
        let name =
            || if self.naming == Naming::Legacy { field.upper_name() } else { field.camel_name().to_owned() };
        self.shows(field).then(name)
    }

    /// The field that a parameter fixes, with the value that it gives.
    pub(super) fn above(&self, call: &Call<'_, '_>) -> Option<(&'static str, Value)> {
        let (field, name) = self.below?;
        Some((field, self.param(call, name)))
    }

    /// A parameter that says which row is meant.
    pub(super) fn param(&self, call: &Call<'_, '_>, name: &str) -> Value {
        match (call.param(name), self.below) {
            (Some(Value::Map(members)), Some((_, below))) if below == name => {
                members.get_any_case("ID").cloned().unwrap_or_default()
            }
            (given, _) => given.cloned().unwrap_or_default(),
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
