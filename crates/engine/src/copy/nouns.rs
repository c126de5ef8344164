//! Rows of nouns, as a face of another portal shows them.

use store::Param;
use wire::{Map, Value};

use super::Copying;
use crate::entity::codec;
use crate::error::Result;
use crate::noun::{Face, Noun, Row, Shape};

impl Copying<'_, '_> {
    /// Writes rows of a noun as one of its faces shows them, and what its hooks make of them.
    ///
    /// # Errors
    /// Those of the store.
    pub fn noun(
        &mut self,
        noun: &'static Noun,
        face: &Face,
        mut rows: Vec<Map>,
        known: &[&str],
    ) -> Result<()> {
        rows.iter_mut().try_for_each(|row| noun.hooks.copying(self, face, row))?;
        for row in &mut rows {
            face.within.iter().for_each(|(name, value)| row.insert(format!("@{name}"), *value));
        }
        let shape = self.shape(noun);
        let mut numbers = Vec::with_capacity(rows.len());
        for row in &rows {
            numbers.push(self.by_key(&shape, face, row)?);
        }
        let known = [known, noun.hooks.shown_beside()].concat();
        let written = self.numbered(&shape.table, face.naming, &rows, &numbers, &known)?;
        let rows: Vec<(i64, Map)> =
            written.into_iter().zip(rows).filter(|(number, _)| *number >= 0).collect();
        if noun.shared {
            self.meta_changed()?;
        }
        noun.hooks.copied(self, face, &rows)
    }

    /// A noun with the fields that it has here.
    pub fn shape(&self, noun: &'static Noun) -> Shape {
        self.modules.shape(noun).clone().with_user_fields(&self.meta)
    }

    /// A row that was written.
    ///
    /// # Errors
    /// Those of the store.
    pub fn row(&mut self, noun: &'static Noun, number: i64) -> Result<Option<Row>> {
        let table = self.shape(noun).table;
        let columns: String = table.stored().map(|(_, field)| format!(", {}", field.column())).collect();
        let sql = format!("SELECT id{columns} FROM {} WHERE id = ?", table.table());
        Ok(self.tx.one(&sql, &[number.into()], |row| Row::read(row, &table))?)
    }

    /// The number of the row that has the same key, of a noun whose rows do not show their numbers.
    fn by_key(&mut self, shape: &Shape, face: &Face, row: &Map) -> Result<Option<i64>> {
        let noun = shape.noun;
        let shows_number = noun.field("id").is_some_and(|id| face.shows(id));
        if shows_number || noun.key == ["id"] {
            return Ok(None);
        }
        let (mut tests, mut params) = (Vec::new(), Vec::<Param<'static>>::new());
        for name in noun.key {
            let (Some(field), Some(at)) = (noun.field(name), shape.table.place(name)) else {
                return Ok(None);
            };
            let shown = face.name_of(field).and_then(|name| row.get(&name));
            let value = shown.or_else(|| row.get(&format!("@{name}"))).cloned().unwrap_or(Value::Null);
            tests.push(format!("{} = ?", field.column()));
            params.push(codec::sought(&shape.table.fields[at], &value, &self.clock));
        }
        let sql = format!("SELECT id FROM {} WHERE {}", shape.table.table(), tests.join(" AND "));
        Ok(self.tx.one(&sql, &params, |row| row.int(0))?)
    }
}
