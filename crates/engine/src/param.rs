//! The parameters of a method, as its declaration describes them.

use std::borrow::Cow;

/// The families of methods: they complain differently about bad parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Upper-case names, errors without a code: `ID is not defined or invalid.` (protocol 3.6)
    Legacy,
    /// camelCase names, code `100`: `Could not find value for parameter {id}` (protocol 3.7)
    Controller,
    /// REST 3.0: everything that is wrong at once, in exceptions; types are those of JSON (protocol 13)
    Exceptions,
    /// Left to the handler, which has codes and texts of its own: users, departments, global methods
    Own,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its documented name; found in any case (protocol 1.7).
    pub name: Cow<'static, str>,
    /// The type of its value.
    pub kind: Kind,
    /// Whether a call without it is refused.
    pub required: bool,
    /// A one-line description.
    pub about: &'static str,
    /// The whole complaint about a missing or unfit value, where it is not the usual one of the method's style.
    pub complaint: Option<&'static str>,
    /// The fields inside it, if it is an object of fields.
    pub members: Vec<Param>,
    /// The values that it may have, where these are few.
    pub choices: &'static [&'static str],
}

/// The type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A positive whole number
    Id,
    /// A whole number
    Int,
    /// Text
    Text,
    /// `Y`/`N`, `1`/`0`, `true`/`false`
    Flag,
    /// An object of fields
    Fields,
    /// A filter: fields with comparison prefixes
    Filter,
    /// Fields with `ASC` or `DESC`
    Order,
    /// A list of field names
    Select,
    /// A list
    List,
    /// Anything
    Any,
}

/// A parameter that must be there.
pub const fn required(name: &'static str, kind: Kind, about: &'static str) -> Param {
    let name = Cow::Borrowed(name);
    Param { name, kind, required: true, about, complaint: None, members: Vec::new(), choices: &[] }
}

/// A parameter that may be left out.
pub const fn optional(name: &'static str, kind: Kind, about: &'static str) -> Param {
    let name = Cow::Borrowed(name);
    Param { name, kind, required: false, about, complaint: None, members: Vec::new(), choices: &[] }
}

impl Param {
    /// Complains in these words, without a code, about a missing or unfit value.
    pub const fn or_complain(mut self, complaint: &'static str) -> Self {
        self.complaint = Some(complaint);
        self
    }

    /// Says which values it may have.
    pub const fn one_of(mut self, choices: &'static [&'static str]) -> Self {
        self.choices = choices;
        self
    }

    /// Says what stands inside it.
    pub fn with_members(mut self, members: Vec<Param>) -> Self {
        self.members = members;
        self
    }
}
