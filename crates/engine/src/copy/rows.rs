//! Rows of a table with fields, as another portal shows them.

use std::collections::HashSet;
use std::sync::Arc;

use store::{Error as StoreError, Param, Tx};
use wire::{Map, Value};

use super::files::ASKED;
use super::{Copying, Holder};
use crate::entity::multifield::{self, MULTIFIELDS};
use crate::entity::{Entity, Field, Kind, Naming, Place, Stored, binding, codec, schema};
use crate::error::{Error, Result};

/// The number of a row that was refused.
pub const REFUSED: i64 = -1;

/// Columns and values of a row.
type Columns<'t> = Vec<(&'t str, Param<'static>)>;

/// A row as it goes into its table.
struct Drawn<'t> {
    number: Option<i64>,
    values: Columns<'t>,
    /// What a new row has beside that.
    usual: Columns<'t>,
    links: Vec<(i64, Vec<i64>)>,
    /// The fields with files, and what the row shows in them.
    files: Vec<(&'t Field, Value)>,
}

impl Drawn<'_> {
    /// Whether the row has nothing that its table knows.
    fn says_nothing(&self) -> bool {
        self.number.is_none() && self.values.is_empty() && self.links.is_empty() && self.files.is_empty()
    }
}

impl Copying<'_, '_> {
    /// Writes rows that are called so in that style. Gives their numbers, -1 for one that was refused; `known` are names in them
    /// that are no fields.
    ///
    /// # Errors
    /// Those of the store.
    pub fn table(
        &mut self,
        table: &Arc<Entity>,
        naming: Naming,
        rows: &[Map],
        known: &[&str],
    ) -> Result<Vec<i64>> {
        let numbers = vec![None; rows.len()];
        self.numbered(table, naming, rows, &numbers, known)
    }

    /// The same where rows do not say their numbers themselves.
    ///
    /// # Errors
    /// Those of the store.
    pub(super) fn numbered(
        &mut self,
        table: &Arc<Entity>,
        naming: Naming,
        rows: &[Map],
        numbers: &[Option<i64>],
        known: &[&str],
    ) -> Result<Vec<i64>> {
        let mut written = Vec::with_capacity(rows.len());
        for (row, number) in rows.iter().zip(numbers) {
            let mut drawn = self.draw(table, naming, row, known)?;
            drawn.number = drawn.number.or(*number);
            written.push(self.write(table, naming, row, &drawn)?);
        }
        Ok(written)
    }

    fn draw<'t>(
        &mut self,
        table: &'t Entity,
        naming: Naming,
        row: &Map,
        known: &[&str],
    ) -> Result<Drawn<'t>> {
        let solid = self.solid(table.table())?;
        let id = number_of(table);
        let mut values: Columns<'t> = Vec::with_capacity(row.len());
        let (mut number, mut links, mut files) = (None, Vec::new(), Vec::new());
        for (name, value) in row.iter().filter(|(name, _)| *name != ASKED) {
            // Behind an @ stands a name of the declaration, of what the list does not show.
            let own = name.strip_prefix('@').and_then(|own| table.place(own));
            let Some(at) = own.or_else(|| table.place_named(name, naming)) else {
                if !known.contains(&name) && !is_multifield(table, name) {
                    *self.told.unknown.entry(name.to_owned()).or_default() += 1;
                }
                continue;
            };
            let field = &table.fields[at];
            if Some(at) == id {
                number = value.as_int().filter(|number| *number >= 0);
                continue;
            }
            match field.place {
                Place::Column if field.kind == Kind::File => files.push((field, value.clone())),
                Place::Column => {
                    if let Some(taken) = self.taken(field, value) {
                        // What is known of the request counts, should the row say it as well.
                        values.retain(|(column, _)| *column != field.column());
                        values.push((field.column(), filled(field, taken, &solid)));
                    }
                }
                Place::Binding(target) => {
                    links.push((
                        target,
                        value.items().filter_map(Value::as_int).filter(|id| *id > 0).collect(),
                    ));
                }
                Place::Multifield | Place::Nowhere => {}
            }
        }
        let usual = self.usual(table, &values, &solid);
        Ok(Drawn { number, values, usual, links, files })
    }

    /// What a column gets for a value that another portal shows.
    fn taken(&self, field: &Field, value: &Value) -> Option<Param<'static>> {
        if matches!(field.kind, Kind::Link(_) | Kind::Noun(_) | Kind::Parent(_))
            && !field.multiple
            && value.as_int() == Some(0)
        {
            return Some(Param::Null);
        }
        if matches!(field.kind, Kind::Char | Kind::Bool | Kind::Boolean)
            && value.is_empty()
            && *value != Value::Bool(false)
        {
            return Some(Param::Null);
        }
        let day = || match value {
            // It begins a day somewhere: that day is meant.
            Value::Str(text) if field.kind == Kind::Date && text.get(10..11) == Some("T") => {
                Some(Value::from(&text[..10]))
            }
            _ => None,
        };
        let own = if field.multiple { None } else { day() };
        codec::take(field, own.as_ref().unwrap_or(value), &self.clock).ok().flatten()
    }

    /// What a new row has where nothing is said.
    fn usual<'t>(&self, table: &'t Entity, values: &Columns<'t>, solid: &HashSet<String>) -> Columns<'t> {
        let given: HashSet<&str> = values.iter().map(|(column, _)| *column).collect();
        let id = number_of(table).map(|at| table.fields[at].column());
        let open = table.stored().map(|(_, field)| field).filter(|field| {
            !given.contains(field.column()) && Some(field.column()) != id && field.kind != Kind::File
        });
        let usual = open.filter_map(|field| {
            let value = match field.default {
                Some(default) => codec::sought(field, &default.into(), &self.clock),
                None => Param::Null,
            };
            let value = filled(field, value, solid);
            (value != Param::Null).then_some((field.column(), value))
        });
        usual.collect()
    }

    fn write(&mut self, table: &Arc<Entity>, naming: Naming, row: &Map, drawn: &Drawn<'_>) -> Result<i64> {
        let old = match drawn.number {
            Some(number) => self.is_there(table, number)?.then_some(number),
            None => None,
        };
        if drawn.says_nothing() {
            return Ok(self.refused(table));
        }
        let written = match old {
            Some(number) => update(self.tx, table.table(), drawn, number),
            None => insert(self.tx, table.table(), drawn),
        };
        let number = match written {
            Ok(number) => number,
            Err(StoreError::Unique(_) | StoreError::Constraint(_) | StoreError::Foreign(_)) => {
                return Ok(self.refused(table));
            }
            Err(other) => return Err(Error::Store(other)),
        };
        self.told.rows += 1;
        for (field, value) in &drawn.files {
            let holder = Holder { table: table.table(), column: field.column(), many: field.multiple };
            self.files(holder, number, row, value)?;
        }
        if old.is_none() && table.is_item() {
            self.counts.add(table.type_id, number, 1);
        } else if old.is_none() {
            self.count(table, number)?;
        }
        if table.is_item() {
            self.beyond(table, naming, row, drawn, number)?;
        }
        Ok(number)
    }

    /// Tells of a row that was not written.
    fn refused(&mut self, table: &Entity) -> i64 {
        let reason = format!("a row of {} contradicts others or lacks what it must have", table.title);
        *self.told.refused.entry(reason).or_default() += 1;
        REFUSED
    }

    /// Counts a new row of a noun whose rows are counted.
    fn count(&mut self, table: &Entity, number: i64) -> Result<()> {
        let Some(noun) = self.modules.noun(&table.name).map(|shape| shape.noun) else { return Ok(()) };
        let Some(counted) = noun.counted.filter(|_| noun.table == table.table()) else { return Ok(()) };
        let value = match counted.by {
            Some(by) => {
                let sql = format!("SELECT {} FROM {} WHERE id = ?", noun.column(by), noun.table);
                self.tx.one(&sql, &[number.into()], |row| row.opt_int(0))?.flatten()
            }
            None => None,
        };
        counted.numbers(value).for_each(|counted| self.counts.add(counted, number, 1));
        Ok(())
    }

    /// What an item has beyond its columns.
    fn beyond(
        &mut self,
        table: &Entity,
        naming: Naming,
        row: &Map,
        drawn: &Drawn<'_>,
        number: i64,
    ) -> Result<()> {
        if table.fields.iter().any(|field| field.place == Place::Multifield) {
            let changes = if naming.is_legacy() {
                multifield::legacy_changes(row)
            } else {
                multifield::item_changes(row)
            };
            multifield::copy(self.tx, table, number, &changes)?;
        }
        for (target, ids) in &drawn.links {
            let column = binding::column_of(&self.meta, *target);
            let primary = drawn.values.iter().find(|(name, _)| *name == column);
            let primary =
                primary.and_then(|(_, value)| if let Param::Int(id) = value { Some(*id) } else { None });
            binding::copy(self.tx, (table.type_id, *target), number, ids, primary)?;
        }
        Ok(())
    }

    fn is_there(&mut self, table: &Entity, number: i64) -> Result<bool> {
        let sql = format!("SELECT id FROM {} WHERE id = ?", table.table());
        Ok(self.tx.one(&sql, &[number.into()], |row| row.int(0))?.is_some())
    }

    /// The columns of a table that must have a value.
    fn solid(&mut self, table: &str) -> Result<Arc<HashSet<String>>> {
        if let Some(known) = self.solid.get(table) {
            return Ok(Arc::clone(known));
        }
        let found = Arc::new(schema::solid(self.tx, table)?);
        self.solid.insert(table.to_owned(), Arc::clone(&found));
        Ok(found)
    }
}

/// The place of the field that is the number of a row.
fn number_of(table: &Entity) -> Option<usize> {
    // A noun may give another field the upper-case name.
    let is_noun = table.fields.iter().any(|field| field.name.is_some());
    if is_noun { table.place("id") } else { table.place("ID") }
}

/// What fills a column that must have a value where there is none.
fn filled(field: &Field, value: Param<'static>, solid: &HashSet<String>) -> Param<'static> {
    match value {
        Param::Null if solid.contains(field.column()) => match field.kind.stored() {
            _ if field.multiple => Param::from("[]"),
            Stored::Text => Param::from(""),
            Stored::Int => Param::Int(0),
            Stored::Real => Param::Real(0.0),
        },
        value => value,
    }
}

/// Whether it is the name of phones, addresses or the like of an item.
fn is_multifield(table: &Entity, name: &str) -> bool {
    table.is_item() && (name == "fm" || MULTIFIELDS.iter().any(|kind| kind.type_id == name))
}

fn update(
    tx: &mut Tx<'_>,
    table: &str,
    drawn: &Drawn<'_>,
    number: i64,
) -> std::result::Result<i64, StoreError> {
    let sets: Vec<String> = drawn.values.iter().map(|(name, _)| format!("{name} = ?")).collect();
    if sets.is_empty() {
        return Ok(number);
    }
    let sql = format!("UPDATE {table} SET {} WHERE id = ?", sets.join(", "));
    let values = drawn.values.iter().map(|(_, value)| value.borrowed());
    let params: Vec<Param<'_>> = values.chain([number.into()]).collect();
    tx.savepoint(|tx| tx.execute(&sql, &params).map(|_| number))
}

fn insert(tx: &mut Tx<'_>, table: &str, drawn: &Drawn<'_>) -> std::result::Result<i64, StoreError> {
    let number = drawn.number.map(|number| ("id", Param::from(number)));
    let all = || number.iter().chain(&drawn.values).chain(&drawn.usual);
    let names: Vec<&str> = all().map(|(name, _)| *name).collect();
    let params: Vec<Param<'_>> = all().map(|(_, value)| value.borrowed()).collect();
    let sql =
        format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), store::placeholders(names.len()));
    tx.savepoint(|tx| match drawn.number {
        Some(number) => tx.execute(&sql, &params).map(|_| number),
        None => tx.insert(&sql, &params),
    })
}
