//! Steps of a copy, as data: which list is read, how, and where its rows go.

use std::borrow::Cow;

use serde_json::Value as Json;
use store::Tx;
use wire::{Map, Value};

use super::Copying;
use super::files::ASKED;
use crate::entity::Naming;
use crate::error::Result;
use crate::noun::{Face, Noun};

/// A list that is read.
#[derive(Clone, Debug)]
pub struct Step {
    /// The method.
    pub method: String,
    /// What tells it from other steps with the same method.
    pub of: String,
    /// What every request has.
    pub params: Json,
    /// How one gets to the rows behind the first page.
    pub paging: Paging,
    /// Where the rows stand in an answer.
    pub at: At,
    /// What it is asked for one after the other.
    pub each: Option<Each>,
    /// Where the rows go.
    pub into: Target,
    /// Tables that have contents from the start, which the first rows take the place of.
    pub replaces: Vec<String>,
    /// What others are read by, such as stages and custom fields, comes before them.
    pub first: bool,
    /// Names that rows have beyond their fields and that say nothing new.
    pub known: &'static [&'static str],
    /// What each row has beside what it shows.
    pub given: Map,
    /// Only where the list of this method could not be read.
    pub unless: Option<String>,
    /// The names that are taken, and what they are called where the rows go; all of them where it is empty.
    pub taken: &'static [(&'static str, &'static str)],
}

/// How one gets to the rows behind the first page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paging {
    /// All rows come at once.
    Whole,
    /// By the number of the first row, `start`.
    Start,
    /// By the numbers of rows: a filter and an order by the first name, and rows that have them under the second.
    Behind(&'static str, &'static str),
    /// From the newest row on, by a parameter with the smallest number that rows had under the second name, for as long as
    /// pages have so many rows.
    Before(&'static str, &'static str, usize),
    /// By a parameter with how many rows there were, for as long as pages have so many.
    Offset(&'static str, usize),
}

impl Paging {
    /// The parameter of the page behind one with these rows, and its value, where the rows say whether there is one.
    pub fn further(self, params: &Json, rows: &[Map]) -> Option<(&'static str, i64)> {
        match self {
            Paging::Before(param, id, most) if rows.len() >= most => {
                let numbers = rows.iter().filter_map(|row| row.get(id).and_then(Value::as_int));
                let smallest = numbers.min().filter(|smallest| *smallest > 0)?;
                let before = params[param].as_i64();
                // A portal that does not know the parameter would answer the same for ever.
                before.is_none_or(|before| smallest < before).then_some((param, smallest))
            }
            Paging::Offset(param, most) if rows.len() >= most => {
                Some((param, params[param].as_i64().unwrap_or(0) + rows.len() as i64))
            }
            _ => None,
        }
    }
}

/// Where the rows stand in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// It is the list, or an object whose members are the rows.
    Top,
    /// Under this name.
    Under(&'static str),
    /// It is a row.
    Row,
    /// The row stands under this name.
    RowUnder(&'static str),
}

/// What a list is asked for one after the other: rows of the copy, which were there before.
#[derive(Clone, Debug)]
pub struct Each {
    /// A SELECT of a rising number and what [`Each::puts`] says. Its parameters are the number behind which it begins, and how
    /// many rows it gives at most.
    pub sql: String,
    /// Where the columns behind the number go.
    pub puts: Cow<'static, [Put]>,
}

/// Where a column goes.
#[derive(Clone, Debug)]
pub struct Put {
    /// The parameter, `filter/ENTITY_ID` for a member of one; empty for none.
    pub param: Cow<'static, str>,
    /// The name under which each row of the answer gets it; empty for none. Behind an `@`, the field's name in its declaration.
    pub row: Cow<'static, str>,
}

impl Put {
    /// Into a parameter.
    pub const fn param(param: &'static str) -> Self {
        Put { param: Cow::Borrowed(param), row: Cow::Borrowed("") }
    }

    /// Into a parameter and each row.
    pub const fn named(param: &'static str, row: &'static str) -> Self {
        Put { param: Cow::Borrowed(param), row: Cow::Borrowed(row) }
    }

    /// The same with names that were worked out.
    pub fn both(param: impl Into<Cow<'static, str>>, row: impl Into<Cow<'static, str>>) -> Self {
        Put { param: param.into(), row: row.into() }
    }
}

/// What writes rows.
pub type Write = fn(&mut Copying<'_, '_>, Vec<Map>) -> Result<()>;

/// Where rows go.
#[derive(Clone, Copy)]
pub enum Target {
    /// To a noun, as a face shows them.
    Noun(&'static Noun, &'static Face),
    /// To the items of an entity.
    Items(i64, Naming),
    /// To where this puts them.
    With(Write),
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Target::Noun(noun, face) => write!(f, "{noun:?} as {}", face.path),
            Target::Items(number, _) => write!(f, "items of {number}"),
            Target::With(_) => write!(f, "a function"),
        }
    }
}

impl Step {
    /// A list that comes by pages.
    pub fn new(method: impl Into<String>, into: Target) -> Self {
        Step {
            method: method.into(),
            of: String::new(),
            params: Json::Object(serde_json::Map::new()),
            paging: Paging::Start,
            at: At::Top,
            each: None,
            into,
            replaces: Vec::new(),
            first: false,
            known: &[],
            given: Map::new(),
            unless: None,
            taken: &[],
        }
    }

    /// The name under which its progress is remembered.
    pub fn name(&self) -> String {
        if self.of.is_empty() { self.method.clone() } else { format!("{} {}", self.method, self.of) }
    }

    /// With these parameters.
    #[must_use]
    pub fn with(self, params: Json) -> Self {
        Step { params, ..self }
    }

    /// Asked for each of these.
    #[must_use]
    pub fn each(self, sql: impl Into<String>, puts: impl Into<Cow<'static, [Put]>>) -> Self {
        Step { each: Some(Each { sql: sql.into(), puts: puts.into() }), ..self }
    }

    /// For each row of a table, by the number, which goes here.
    #[must_use]
    pub fn of_each(self, table: &str, puts: impl Into<Cow<'static, [Put]>>) -> Self {
        let puts = puts.into();
        let columns = ", id".repeat(puts.len());
        self.each(format!("SELECT id{columns} FROM {table} WHERE id > ? ORDER BY id LIMIT ?"), puts)
    }

    /// Read in that way.
    #[must_use]
    pub fn paged(self, paging: Paging) -> Self {
        Step { paging, ..self }
    }

    /// With its rows there.
    #[must_use]
    pub fn at(self, at: At) -> Self {
        Step { at, ..self }
    }

    /// In the place of what these tables have from the start.
    #[must_use]
    pub fn replacing(self, tables: &[&str]) -> Self {
        Step { replaces: tables.iter().map(|table| (*table).to_owned()).collect(), ..self }
    }

    /// Told from others so.
    #[must_use]
    pub fn of(self, of: impl std::fmt::Display) -> Self {
        Step { of: of.to_string(), ..self }
    }

    /// Before what is read by it.
    #[must_use]
    pub fn first(self) -> Self {
        Step { first: true, ..self }
    }

    /// With names in its rows that are no fields.
    #[must_use]
    pub fn knowing(self, known: &'static [&'static str]) -> Self {
        Step { known, ..self }
    }

    /// With this in each row, which does not show it.
    #[must_use]
    pub fn giving(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.given.insert(name, value);
        self
    }

    /// Only where that method could not be read.
    #[must_use]
    pub fn unless(self, method: impl Into<String>) -> Self {
        Step { unless: Some(method.into()), ..self }
    }

    /// With these names alone, which are called differently where the rows go: a list that is no face of a noun.
    #[must_use]
    pub fn taking(self, taken: &'static [(&'static str, &'static str)]) -> Self {
        Step { taken, ..self }
    }

    /// The next of what it is asked for: the number, the parameters of the request, and what each row gets.
    ///
    /// # Errors
    /// Those of the store.
    pub fn next(&self, tx: &mut Tx<'_>, behind: i64, most: i64) -> Result<Vec<(i64, Json, Map)>> {
        let Some(each) = &self.each else { return Ok(Vec::new()) };
        let mut next = Vec::new();
        tx.query(&each.sql, &[behind.into(), most.into()], |row| {
            let (mut params, mut given) = (self.params.clone(), self.given.clone());
            for (at, put) in each.puts.iter().enumerate() {
                let value = match row.cell(at + 1)? {
                    store::Cell::Int(number) => Json::from(number),
                    store::Cell::Text(text) => Json::from(text),
                    _ => Json::Null,
                };
                if !put.param.is_empty() {
                    let place = put.param.split('/').fold(&mut params, |params, name| &mut params[name]);
                    *place = value.clone();
                }
                if !put.row.is_empty() {
                    given.push(put.row.as_ref(), Value::from(value));
                }
            }
            next.push((row.int(0)?, params, given));
            Ok(())
        })?;
        Ok(next)
    }

    /// How many there are.
    ///
    /// # Errors
    /// Those of the store.
    pub fn count(&self, tx: &mut Tx<'_>, behind: i64) -> Result<i64> {
        let Some(each) = &self.each else { return Ok(0) };
        let sql = format!("SELECT COUNT(*) FROM ({}) counted", each.sql);
        Ok(tx.one(&sql, &[behind.into(), i64::from(i32::MAX).into()], |row| row.int(0))?.unwrap_or(0))
    }

    /// The rows of an answer.
    pub fn rows(&self, result: Value) -> Vec<Map> {
        let one = |value: Value| value.into_map().filter(|row| !row.is_empty()).into_iter().collect();
        let mut rows: Vec<Map> = match self.at {
            At::Row => one(result),
            At::RowUnder(name) => one(under(result, name)),
            At::Top => members(result),
            At::Under(name) => members(under(result, name)),
        };
        for row in &mut rows {
            self.given.iter().for_each(|(name, value)| row.insert(name, value.clone()));
        }
        rows
    }
}

fn under(result: Value, name: &str) -> Value {
    result.into_map().and_then(|mut map| map.remove(name)).unwrap_or_default()
}

fn members(value: Value) -> Vec<Map> {
    match value {
        Value::List(list) => list.into_iter().filter_map(Value::into_map).collect(),
        Value::Map(map) => map.into_iter().filter_map(|(_, member)| member.into_map()).collect(),
        _ => Vec::new(),
    }
}

/// A row under the names that it has where it goes; what is not taken stays out.
fn renamed(mut row: Map, taken: &[(&str, &'static str)]) -> Map {
    let mut renamed = Map::with_capacity(row.len());
    for (shown, own) in taken {
        if let Some(value) = row.remove(shown) {
            renamed.insert(*own, value);
        }
    }
    // What the request says, and which request it was.
    let said = row.into_iter().filter(|(name, _)| name.starts_with('@') || name.as_str() == ASKED);
    said.for_each(|(name, value)| renamed.insert(name, value));
    renamed
}

impl Copying<'_, '_> {
    /// Writes rows where a step has them go.
    ///
    /// # Errors
    /// Those of the store.
    pub fn take(&mut self, step: &Step, rows: Vec<Map>) -> Result<()> {
        let rows = match step.taken {
            [] => rows,
            taken => rows.into_iter().map(|row| renamed(row, taken)).collect(),
        };
        match step.into {
            Target::Noun(noun, face) => self.noun(noun, face, rows, step.known),
            Target::Items(number, naming) => match self.meta.fielded(number) {
                Some(table) => self.table(&table, naming, &rows, step.known).map(drop),
                None => Ok(()),
            },
            Target::With(write) => write(self, rows),
        }
    }
}
