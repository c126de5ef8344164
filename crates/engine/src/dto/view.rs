//! The methods of REST 3.0 over the rows of a noun.

use serde_json::json;
use wire::{Map, Value, exception};

use super::{Ask, Dto, Pages, Select};
use crate::access::Act;
use crate::call::Call;
use crate::entity::Naming;
use crate::error::Result;
use crate::method::{Kind, Method, read, required, write};
use crate::noun::{self, Face, Faults, Noun, Refusal, Row};

/// The operation of a method of a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// `add(fields)` answers `{item}`
    Add,
    /// `get(id, select)` answers `{item}`
    Get,
    /// `list(select, filter, order, pagination)` answers `{items}`
    List,
    /// `update(id, fields)` answers `{item}`
    Update,
    /// `delete(id)` answers `{result: true}`
    Delete,
}

/// The methods over a noun's rows. Rights, checks, hooks and events are those of the noun.
pub struct View {
    /// The prefix of their names: `note.collection`.
    pub path: &'static str,
    /// The scope that opens them.
    pub scope: &'static str,
    /// The rows.
    pub noun: &'static Noun,
    /// What is shown of them.
    pub dto: &'static Dto,
    /// The methods that there are, with what they do.
    pub verbs: &'static [(Verb, &'static str)],
    /// How the noun is written; its hooks know the view by it.
    pub face: Face,
    /// The sizes of pages.
    pub pages: Pages,
    /// Values for examples.
    pub sample: fn() -> serde_json::Value,
}

/// How nouns are written for REST 3.0.
pub const FACE: Face = Face {
    verbs: &[],
    naming: Naming::Item,
    values: Naming::Item,
    faults: Faults {
        missing: Refusal::CodedOfKey(exception::NOT_FOUND, "Record with ID = {key} not found"),
        unreadable: Refusal::Denied,
        unwritable: Refusal::Denied,
        taken: Refusal::Coded(
            "BITRIX_REST_V3_EXCEPTION_VALIDATION_DTOVALIDATIONEXCEPTION",
            "The value must be unique",
        ),
        required: |names| exception::object(names.iter().map(|name| exception::missing(name)).collect()),
        invalid: |name| {
            exception::object(vec![(name.to_owned(), format!("Invalid value of field `{name}`"))])
        },
    },
    ..Face::legacy("rest3")
};

/// `{"item": {..}}`
pub fn item(item: Map) -> Value {
    Value::under("item", item)
}

/// `{"items": [..]}`
pub fn items(items: Vec<Map>) -> Value {
    Value::under("items", items.into_iter().map(Value::from).collect::<Vec<_>>())
}

/// `{"result": true}`
pub fn success() -> Value {
    Value::under("result", true)
}

impl View {
    /// Its methods.
    pub fn methods(&'static self) -> Vec<Method> {
        self.verbs.iter().map(|(verb, about)| self.method(*verb).v3(Some(self.dto)).about(*about)).collect()
    }

    fn method(&'static self, verb: Verb) -> Method {
        let id = || required("id", Kind::Int, "ID");
        let values = |adding| {
            required("fields", Kind::Fields, "Values by field").with_members(self.dto.members(adding))
        };
        let example = || self.noun.example.parse::<i64>().unwrap_or(1);
        let name = |verb: &str| format!("{}.{verb}", self.path);
        match verb {
            Verb::Add => write(name("add"), self.scope, move |call: &mut Call<'_, '_>| self.add(call))
                .param(values(true))
                .example(json!({"fields": (self.sample)()}), json!({"item": {"id": "*"}})),
            Verb::Get => read(name("get"), self.scope, move |call: &mut Call<'_, '_>| self.get(call))
                .param(id())
                .selects()
                .example(json!({"id": example()}), json!({"item": {"id": example()}})),
            Verb::List => read(name("list"), self.scope, move |call: &mut Call<'_, '_>| self.list(call))
                .lists(self.pages)
                .example(json!({}), json!({"items": "*"})),
            Verb::Update => {
                write(name("update"), self.scope, move |call: &mut Call<'_, '_>| self.update(call))
                    .param(id())
                    .param(values(false))
                    .example(
                        json!({"id": example(), "fields": (self.sample)()}),
                        json!({"item": {"id": example()}}),
                    )
            }
            Verb::Delete => {
                write(name("delete"), self.scope, move |call: &mut Call<'_, '_>| self.delete(call))
                    .param(id())
                    .example(json!({"id": example()}), json!({"result": true}))
            }
        }
    }

    fn add(&self, call: &mut Call<'_, '_>) -> Result<Value> {
        let row = noun::add(call, self.noun, &self.face, &self.given(call))?;
        self.one(call, &row, &Select::default())
    }

    fn get(&self, call: &mut Call<'_, '_>) -> Result<Value> {
        let (id, select) = (call.id("id"), Select::read(call, self.dto)?);
        let row = noun::find(call, self.noun, &self.face, Act::Read, &[id.into()])?;
        self.one(call, &row, &select)
    }

    fn list(&self, call: &mut Call<'_, '_>) -> Result<Value> {
        let (select, asked) = Ask::read(call, self.dto, self.pages)?.rows();
        let scope = self.noun.grant(call, Act::Read)?;
        if scope.is_nothing() {
            return Err(exception::access_denied().into());
        }
        let rows = noun::asked(call, self.noun, &scope, asked)?;
        Ok(items(self.show(call, &rows, &select)?))
    }

    fn update(&self, call: &mut Call<'_, '_>) -> Result<Value> {
        let (id, given) = (call.id("id"), self.given(call));
        let row = noun::update(call, self.noun, &self.face, &[id.into()], &given)?;
        self.one(call, &row, &Select::default())
    }

    fn delete(&self, call: &mut Call<'_, '_>) -> Result<Value> {
        let id = call.id("id");
        noun::delete(call, self.noun, &self.face, &[id.into()])?;
        Ok(success())
    }

    /// The values of a request, by the fields of the noun.
    pub fn given(&self, call: &Call<'_, '_>) -> Map {
        let named = |(name, value): (wire::Text, Value)| Some((self.dto.property(&name)?.of.into(), value));
        call.fields("fields").into_iter().filter_map(named).collect()
    }

    /// A row as an answer.
    ///
    /// # Errors
    /// Those of the store.
    pub fn one(&self, call: &mut Call<'_, '_>, row: &Row, select: &Select) -> Result<Value> {
        Ok(item(self.show(call, std::slice::from_ref(row), select)?.pop().unwrap_or_default()))
    }

    /// What is shown of rows.
    ///
    /// # Errors
    /// Those of the store.
    pub fn show(&self, call: &mut Call<'_, '_>, rows: &[Row], select: &Select) -> Result<Vec<Map>> {
        let stored = noun::show_all(call, self.noun, &self.face, rows, false)?;
        Ok(stored.into_iter().map(|values| select.show(self.dto, self.named(values))).collect())
    }

    /// Values of the noun's fields under the names of properties. Hooks may have set some under these already.
    fn named(&self, mut values: Map) -> Map {
        for property in self.dto.properties.iter().filter(|property| property.of != property.name) {
            if values.get(property.name).is_none()
                && let Some(value) = values.get(property.of).cloned()
            {
                values.push(property.name, value);
            }
        }
        values
    }
}

impl std::fmt::Debug for View {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "View({})", self.path)
    }
}
