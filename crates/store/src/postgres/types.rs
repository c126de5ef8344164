//! Values in PostgreSQL's binary form.

use crate::value::wrong;
use crate::{Cell, Error};

pub(crate) fn cell(_row: &::postgres::Row, column: usize) -> Result<Cell<'_>, Error> {
    Err(wrong(column, "a cell", "beyond the last column"))
}
