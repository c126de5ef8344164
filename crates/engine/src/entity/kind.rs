//! Types of fields. A kind determines how a value is described in `*.fields`, stored, read and printed.

use super::user_settings::UserField;
use crate::param;

/// The type of a field (protocol 6.9, with the user types of 6.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number
    Integer,
    /// A number with a fraction
    Double,
    /// A decimal number with so many digits behind the point, kept exactly, as a whole number of its smallest unit: what money is in.
    /// All digits stand in the legacy style: `"1000.00"`
    Decimal(u8),
    /// One line of text
    String,
    /// Many lines of text
    Text,
    /// `Y` or `N`
    Char,
    /// Yes or no: `true` or `false`, in the legacy style `1` or `0`
    Bool,
    /// Any value, as JSON writes it
    Json,
    /// A day
    Date,
    /// A moment, stored as Unix seconds
    DateTime,
    /// A user's id
    User,
    /// A code of a dictionary in `crm_status`, `SOURCE` for instance; for stages see [`Kind::Stage`]
    Status(&'static str),
    /// A stage of the item's pipeline
    Stage,
    /// A currency code
    Currency,
    /// A pipeline's id
    Category,
    /// The id of an item of the entity with this type id (1 lead, 2 deal, 3 contact, 4 company, 7 quote)
    Link(i64),
    /// The id of the item of that entity under which this one stands (`PARENT_ID_1030`)
    Parent(i64),
    /// One of these codes
    Choice(&'static [&'static str]),
    /// The id of a row of the noun with this name
    Noun(&'static str),
    /// Phones, e-mail addresses and the like, one `crm_multifield` type
    Multifield,
    /// A file
    File,
    /// A place
    Location,
    /// User field: `1`/`0` in the legacy style, `Y`/`N` in `crm.item`
    Boolean,
    /// User field: one of its own list, by id
    Enumeration,
    /// User field: `300|EUR`
    Money,
    /// User field: a web address
    Url,
    /// User field: `text|lat;lon|id`
    Address,
    /// User field: a user's id
    Employee,
    /// User field: of a type that a module declares
    Declared(&'static Declared),
}

/// What the values of a type of user fields are that a module declares.
pub struct Declared {
    /// The name of the type on the wire.
    pub name: &'static str,
    /// How columns store them. Whole numbers are ids: 0 is none.
    pub stored: Stored,
    /// A text as the settings of the field want it; `None` if they do not allow it.
    pub accept: fn(&UserField, &str) -> Option<String>,
    /// The dictionary from which the field takes its codes.
    pub dictionary: fn(&UserField) -> Option<String>,
}

impl Declared {
    /// Values that are stored so, of which the settings of a field say nothing.
    pub const fn new(name: &'static str, stored: Stored) -> Self {
        Declared { name, stored, accept: |_, text| Some(text.to_owned()), dictionary: |_| None }
    }
}

impl PartialEq for Declared {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Declared {}

impl std::fmt::Debug for Declared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Declared({})", self.name)
    }
}

/// How a column stores values of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// A 64-bit whole number
    Int,
    /// A double
    Real,
    /// Text
    Text,
}

impl Kind {
    /// The type of a parameter that is a value of this kind.
    pub fn of_param(self) -> param::Kind {
        match self {
            Kind::Integer | Kind::User | Kind::Noun(_) => param::Kind::Int,
            Kind::Char | Kind::Boolean | Kind::Bool => param::Kind::Flag,
            Kind::Json | Kind::File => param::Kind::Any,
            _ => param::Kind::Text,
        }
    }

    /// The type name in the descriptor that legacy `*.fields` returns.
    pub fn wire_name(self) -> &'static str {
        match self {
            Kind::Integer | Kind::Noun(_) | Kind::Link(_) | Kind::Parent(_) => "integer",
            Kind::Double | Kind::Decimal(_) => "double",
            Kind::String | Kind::Text | Kind::Choice(_) => "string",
            Kind::Char => "char",
            Kind::Date => "date",
            Kind::DateTime => "datetime",
            Kind::User => "user",
            Kind::Status(_) | Kind::Stage => "crm_status",
            Kind::Currency => "crm_currency",
            Kind::Category => "crm_category",
            Kind::Multifield => "crm_multifield",
            Kind::File => "file",
            Kind::Location => "location",
            Kind::Boolean | Kind::Bool => "boolean",
            Kind::Json => "object",
            Kind::Enumeration => "enumeration",
            Kind::Money => "money",
            Kind::Url => "url",
            Kind::Address => "address",
            Kind::Employee => "employee",
            Kind::Declared(of) => of.name,
        }
    }

    /// The type name in the descriptor that `crm.item.fields` returns: long texts and flags are told apart there.
    pub fn item_name(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Char => "boolean",
            _ => self.wire_name(),
        }
    }

    /// How its column stores it.
    pub fn stored(self) -> Stored {
        match self {
            Kind::Integer
            | Kind::DateTime
            | Kind::User
            | Kind::Category
            | Kind::Link(_)
            | Kind::Parent(_)
            | Kind::Noun(_)
            | Kind::Decimal(_)
            | Kind::File
            | Kind::Boolean
            | Kind::Bool
            | Kind::Enumeration
            | Kind::Employee => Stored::Int,
            Kind::Double => Stored::Real,
            Kind::Declared(of) => of.stored,
            _ => Stored::Text,
        }
    }
}
