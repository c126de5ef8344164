//! What REST 3.0 shows of things: a DTO names the properties of a thing with their types and what a request may do with each.
//! Checks of requests, filters, orders, what is selected, descriptions and the OpenAPI document follow from the declaration.
//! A [`View`] makes methods over the rows of a noun of it; handlers of their own use the same parts.

mod ask;
pub mod check;
mod describe;
mod filter;
mod select;
mod view;

use crate::param::{self, Param};

pub use ask::{Ask, Page, Pages};
pub use check::numbers;
pub use describe::{methods as described, methods_for as described_for};
pub use filter::Filters;
pub use select::Select;
pub use view::{FACE, Verb, View, item, items, success};

/// What a thing looks like.
#[derive(Debug)]
pub struct Dto {
    /// Its name in errors and in the OpenAPI document: `TaskDto`.
    pub name: &'static str,
    /// Its properties, in the order in which they are shown.
    pub properties: &'static [Property],
}

/// The type of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// A whole number
    Int,
    /// A number
    Float,
    /// Text
    String,
    /// `true` or `false`
    Bool,
    /// A list
    Array,
    /// An object
    Object,
    /// A moment, as text that descriptions call an object
    Moment,
}

/// A property of a DTO.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: Type,
    /// What it means, where a request may give it.
    pub about: &'static str,
    /// The field of the noun that it shows.
    pub of: &'static str,
    /// Whether a list may be filtered by it.
    pub filterable: bool,
    /// Whether a list may be sorted by it.
    pub sortable: bool,
    /// Whether a request may give it.
    pub editable: bool,
    /// Whether an add must give it.
    pub required: bool,
    /// Whether a change must give it as well.
    pub always: bool,
    /// Whether it is taken on add only.
    pub immutable: bool,
    /// Whether it is shown only to those who select it.
    pub on_demand: bool,
    /// The type of the members of a list.
    pub element: Option<&'static str>,
    /// The DTO of what it leads to, of which properties may be selected.
    pub relation: Option<&'static Dto>,
}

/// A property that is only shown.
pub const fn property(name: &'static str, kind: Type) -> Property {
    Property {
        name,
        kind,
        about: "",
        of: name,
        filterable: false,
        sortable: false,
        editable: false,
        required: false,
        always: false,
        immutable: false,
        on_demand: false,
        element: None,
        relation: None,
    }
}

impl Dto {
    /// The property of that name.
    pub fn property(&self, name: &str) -> Option<&'static Property> {
        self.properties.iter().find(|property| property.name == name)
    }

    /// What a request gives when it adds a thing, or changes one.
    pub fn members(&self, adding: bool) -> Vec<Param> {
        let open =
            self.properties.iter().filter(|property| property.editable && (adding || !property.immutable));
        let member = |property: &Property| {
            let needed = property.required && (adding || property.always);
            let make = if needed { param::required } else { param::optional };
            make(property.name, property.kind.of_param(), property.about)
        };
        open.map(member).collect()
    }
}

impl Property {
    /// Shows this field of the noun.
    pub const fn of(self, field: &'static str) -> Self {
        Property { of: field, ..self }
    }

    /// Lists may be filtered by it.
    pub const fn filterable(self) -> Self {
        Property { filterable: true, ..self }
    }

    /// Lists may be sorted by it.
    pub const fn sortable(self) -> Self {
        Property { sortable: true, ..self }
    }

    /// May be given, meaning this.
    pub const fn editable(self, about: &'static str) -> Self {
        Property { editable: true, about, ..self }
    }

    /// Must be given on add, meaning this.
    pub const fn required(self, about: &'static str) -> Self {
        Property { required: true, ..self.editable(about) }
    }

    /// Must be given by a change as well.
    pub const fn always(self) -> Self {
        Property { always: true, ..self }
    }

    /// Is taken on add only.
    pub const fn immutable(self) -> Self {
        Property { immutable: true, ..self }
    }

    /// Is shown only to those who select it.
    pub const fn on_demand(self) -> Self {
        Property { on_demand: true, ..self }
    }

    /// Holds members of this type.
    pub const fn list_of(self, element: &'static str) -> Self {
        Property { element: Some(element), ..self }
    }

    /// Leads to such a thing. It is shown only to those who select something of it.
    pub const fn relation(self, dto: &'static Dto) -> Self {
        Property { relation: Some(dto), on_demand: true, ..self }
    }
}

impl Type {
    /// Its name in descriptions and errors.
    pub const fn name(self) -> &'static str {
        match self {
            Type::Int => "int",
            Type::Float => "float",
            Type::String => "string",
            Type::Bool => "bool",
            Type::Array => "array",
            Type::Object | Type::Moment => "object",
        }
    }

    /// As the type of a parameter.
    const fn of_param(self) -> param::Kind {
        match self {
            Type::Int => param::Kind::Int,
            Type::String | Type::Moment => param::Kind::Text,
            Type::Bool => param::Kind::Flag,
            Type::Array => param::Kind::List,
            Type::Object => param::Kind::Fields,
            Type::Float => param::Kind::Any,
        }
    }
}
