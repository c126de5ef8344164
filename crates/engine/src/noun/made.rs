//! Fields that a noun gets at run time from a table of its module, such as the properties of products: columns like those of
//! declared fields, which follow behind them.

use store::{Param, Tx};
use wire::Value;

use super::{Face, Noun, Row, Shape};
use crate::call::Call;
use crate::entity::Field;
use crate::error::Result;
use crate::texts::Locale;

/// Where such fields come from.
#[derive(Clone, Copy)]
pub struct Made {
    /// The number of the noun among the tables with such fields and those with user fields: a negative one.
    pub number: i64,
    /// Reads them as a transaction sees them; each has settings, as user fields do.
    pub load: fn(&mut Tx<'_>) -> Result<Vec<Field>>,
    /// Describes one of them as a face does.
    pub describe: fn(&Field, &Face, Locale) -> Value,
}

impl Noun {
    /// The fields that the noun got at run time, with their places in its rows.
    pub fn made_fields(&'static self, call: &Call<'_, '_>) -> Vec<(usize, Field)> {
        let shape = Shape::of(call, self);
        let fields = shape.table.fields.iter().enumerate().skip(self.fields.len());
        fields.map(|(at, field)| (at, field.clone())).collect()
    }
}

impl Row {
    /// The value of a field that was made at run time, by its [place](Noun::made_fields).
    pub fn made(&self, at: usize) -> &Param<'static> {
        self.at(at)
    }
}

impl std::fmt::Debug for Made {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Made({})", self.number)
    }
}
