//! Parameters and results of statements.

use std::borrow::Cow;

use crate::Error;
use crate::postgres::types as pg;

/// A value bound to a `?`.
///
/// Both engines keep the same thing: NUL characters are dropped from text (PostgreSQL cannot hold them),
/// and a NaN is kept as NULL (SQLite cannot hold it).
#[derive(Clone, Debug, PartialEq)]
pub enum Param<'a> {
    /// NULL
    Null,
    /// For a `{int}` or `{id}` column
    Int(i64),
    /// For a `{real}` column
    Real(f64),
    /// For a `{text}` column
    Text(Cow<'a, str>),
    /// For a `{blob}` column
    Blob(&'a [u8]),
    /// For an array of PostgreSQL's, which SQLite does not have: see [`columns`](crate::columns)
    List(Vec<Param<'a>>),
}

impl Param<'_> {
    /// The same value, with what it holds where it is.
    pub fn borrowed(&self) -> Param<'_> {
        match self {
            Param::Null => Param::Null,
            Param::Int(number) => Param::Int(*number),
            Param::Real(number) => Param::Real(*number),
            Param::Text(text) => Param::Text(Cow::Borrowed(text)),
            Param::Blob(bytes) => Param::Blob(bytes),
            Param::List(list) => Param::List(list.iter().map(Param::borrowed).collect()),
        }
    }

    /// The text without its NUL characters.
    pub(crate) fn clean(text: &str) -> Cow<'_, str> {
        if text.contains('\0') { Cow::Owned(text.replace('\0', "")) } else { Cow::Borrowed(text) }
    }
}

impl From<i64> for Param<'_> {
    fn from(value: i64) -> Self {
        Param::Int(value)
    }
}

impl From<i32> for Param<'_> {
    fn from(value: i32) -> Self {
        Param::Int(value.into())
    }
}

impl From<u32> for Param<'_> {
    fn from(value: u32) -> Self {
        Param::Int(value.into())
    }
}

impl From<f64> for Param<'_> {
    fn from(value: f64) -> Self {
        Param::Real(value)
    }
}

impl<'a> From<&'a str> for Param<'a> {
    fn from(value: &'a str) -> Self {
        Param::Text(Cow::Borrowed(value))
    }
}

impl<'a> From<&'a String> for Param<'a> {
    fn from(value: &'a String) -> Self {
        Param::Text(Cow::Borrowed(value))
    }
}

impl From<String> for Param<'_> {
    fn from(value: String) -> Self {
        Param::Text(Cow::Owned(value))
    }
}

impl<'a> From<Cow<'a, str>> for Param<'a> {
    fn from(value: Cow<'a, str>) -> Self {
        Param::Text(value)
    }
}

impl<'a> From<&'a [u8]> for Param<'a> {
    fn from(value: &'a [u8]) -> Self {
        Param::Blob(value)
    }
}

impl<'a> From<&'a Vec<u8>> for Param<'a> {
    fn from(value: &'a Vec<u8>) -> Self {
        Param::Blob(value)
    }
}

impl<'a, T: Into<Param<'a>>> From<Option<T>> for Param<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Param::Null, Into::into)
    }
}

/// A value of a result row, borrowed from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// NULL
    Null,
    /// A whole number; a PostgreSQL boolean is 1 or 0, as SQLite has it
    Int(i64),
    /// Any other number
    Real(f64),
    /// Text
    Text(&'a str),
    /// Bytes
    Blob(&'a [u8]),
}

impl Cell<'_> {
    fn kind(&self) -> &'static str {
        match self {
            Cell::Null => "NULL",
            Cell::Int(_) => "a whole number",
            Cell::Real(_) => "a number",
            Cell::Text(_) => "text",
            Cell::Blob(_) => "bytes",
        }
    }
}

/// One row of a result. Columns count from 0.
///
/// The readers answer [`Error::Type`] when the cell holds something else, or there is no such column.
pub struct Row<'a>(pub(crate) Source<'a>);

pub(crate) enum Source<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a ::postgres::Row),
}

impl Row<'_> {
    /// The cell, whatever it holds.
    pub fn cell(&self, column: usize) -> Result<Cell<'_>, Error> {
        match &self.0 {
            Source::Sqlite(row) => sqlite_cell(row, column),
            Source::Postgres(row) => pg::cell(row, column),
        }
    }

    /// A whole number.
    pub fn int(&self, column: usize) -> Result<i64, Error> {
        self.opt_int(column)?.ok_or_else(|| wrong(column, "a whole number", "NULL"))
    }

    /// A whole number or NULL.
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>, Error> {
        match self.cell(column)? {
            Cell::Int(value) => Ok(Some(value)),
            Cell::Null => Ok(None),
            other => Err(wrong(column, "a whole number", other.kind())),
        }
    }

    /// A number; whole ones count.
    pub fn real(&self, column: usize) -> Result<f64, Error> {
        self.opt_real(column)?.ok_or_else(|| wrong(column, "a number", "NULL"))
    }

    /// A number or NULL; whole ones count.
    pub fn opt_real(&self, column: usize) -> Result<Option<f64>, Error> {
        match self.cell(column)? {
            Cell::Real(value) => Ok(Some(value)),
            Cell::Int(value) => Ok(Some(value as f64)),
            Cell::Null => Ok(None),
            other => Err(wrong(column, "a number", other.kind())),
        }
    }

    /// Text.
    pub fn text(&self, column: usize) -> Result<&str, Error> {
        self.opt_text(column)?.ok_or_else(|| wrong(column, "text", "NULL"))
    }

    /// Text or NULL.
    pub fn opt_text(&self, column: usize) -> Result<Option<&str>, Error> {
        match self.cell(column)? {
            Cell::Text(value) => Ok(Some(value)),
            Cell::Null => Ok(None),
            other => Err(wrong(column, "text", other.kind())),
        }
    }

    /// Bytes.
    pub fn blob(&self, column: usize) -> Result<&[u8], Error> {
        self.opt_blob(column)?.ok_or_else(|| wrong(column, "bytes", "NULL"))
    }

    /// Bytes or NULL.
    pub fn opt_blob(&self, column: usize) -> Result<Option<&[u8]>, Error> {
        match self.cell(column)? {
            Cell::Blob(value) => Ok(Some(value)),
            Cell::Null => Ok(None),
            other => Err(wrong(column, "bytes", other.kind())),
        }
    }
}

fn sqlite_cell<'r>(row: &'r rusqlite::Row<'_>, column: usize) -> Result<Cell<'r>, Error> {
    use rusqlite::types::ValueRef;
    match row.get_ref(column).map_err(|_| wrong(column, "a cell", "beyond the last column"))? {
        ValueRef::Null => Ok(Cell::Null),
        ValueRef::Integer(value) => Ok(Cell::Int(value)),
        ValueRef::Real(value) => Ok(Cell::Real(value)),
        ValueRef::Text(bytes) => std::str::from_utf8(bytes)
            .map(Cell::Text)
            .map_err(|_| wrong(column, "text", "text that is not UTF-8")),
        ValueRef::Blob(bytes) => Ok(Cell::Blob(bytes)),
    }
}

pub(crate) fn wrong(column: usize, wanted: &'static str, found: &'static str) -> Error {
    Error::Type { column, wanted, found }
}
