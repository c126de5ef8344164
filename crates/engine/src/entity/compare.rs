//! What an update really changes: the item as it stood before it, compared with how it stands after. So whatever a change brings
//! about by itself counts, too: the meaning of a stage, a sum that follows product rows, the first of linked contacts.
//!
//! Nothing is read unless somebody wants to know ([`Call::compares`]).

use store::Param;
use wire::Text;

use super::binding::{self, Binding};
use super::ends::Ends;
use super::{Entity, Field, Place, codec, multifield};
use crate::call::Call;
use crate::error::Result;

/// The name under which a change of product rows is told. It is no field: their owner is changed through them.
pub const PRODUCT_ROWS: &str = "PRODUCT_ROWS";

/// What every update sets, whatever it changes; so it says nothing.
const STAMPS: [&str; 4] = ["ID", "DATE_MODIFY", "DATE_UPDATE", "MODIFY_BY_ID"];

/// What a change may concern beyond the columns of the item, and is therefore compared.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beyond {
    /// Phones, e-mail addresses and the like.
    pub multifields: bool,
    /// Linked contacts and companies.
    pub links: bool,
    /// Product rows, which the caller knows to change.
    pub products: bool,
}

/// An item as it stands before an update; empty where nobody wants to know what that changes.
#[derive(Debug)]
pub struct Before(Option<Snapshot>);

#[derive(Debug)]
struct Snapshot {
    beyond: Beyond,
    values: Values,
}

/// The parts of an item that are compared.
#[derive(Debug)]
struct Values {
    /// In the order of [`stored`].
    columns: Vec<Param<'static>>,
    multifields: Vec<multifield::Stored>,
    /// For each field that holds links, in their order.
    links: Vec<Vec<Binding>>,
}

impl Before {
    /// Reads it. To be called before the change, once the item is locked.
    pub fn of(call: &mut Call<'_, '_>, entity: &Entity, id: i64, beyond: Beyond) -> Result<Self> {
        let common = entity.common_event("UPDATE").is_some_and(|event| call.compares(&event));
        if !entity.is_item() || !(common || call.compares(&entity.event("UPDATE"))) {
            return Ok(Before(None));
        }
        let values = Values::read(call, entity, id, beyond)?;
        Ok(Before(values.map(|values| Snapshot { beyond, values })))
    }

    /// The names of the fields that are others now, as legacy methods call them.
    pub(crate) fn changed(
        self,
        call: &mut Call<'_, '_>,
        entity: &Entity,
        id: i64,
    ) -> Result<Option<Vec<Text>>> {
        let Some(Snapshot { beyond, values: before }) = self.0 else { return Ok(None) };
        let Some(after) = Values::read(call, entity, id, beyond)? else { return Ok(None) };
        let mut changed = Vec::new();
        let mut columns = before.columns.iter().zip(&after.columns);
        let mut links = before.links.iter().zip(&after.links);
        for field in compared(entity) {
            let differs = match field.place {
                Place::Column => columns.next().is_some_and(|(before, after)| before != after),
                Place::Multifield => {
                    let of_type = |one: &&multifield::Stored| one.type_id == *field.code;
                    !before.multifields.iter().filter(of_type).eq(after.multifields.iter().filter(of_type))
                }
                Place::Binding(_) => links.next().is_some_and(|(before, after)| before != after),
                Place::Nowhere => false,
            };
            if differs {
                changed.push(Text::new(&field.code));
            }
        }
        if beyond.products {
            changed.push(Text::new(PRODUCT_ROWS));
        }
        Ok(Some(changed))
    }
}

impl Values {
    fn read(call: &mut Call<'_, '_>, entity: &Entity, id: i64, beyond: Beyond) -> Result<Option<Self>> {
        let columns: Vec<&str> = stored(entity).map(Field::column).collect();
        let sql = format!("SELECT {} FROM {} WHERE id = ?", columns.join(", "), entity.table());
        let found = call.tx.one(&sql, &[id.into()], |row| {
            (0..columns.len()).map(|column| Ok(codec::owned(row.cell(column)?))).collect()
        })?;
        let Some(columns) = found else { return Ok(None) };
        let mut values = Values { columns, multifields: Vec::new(), links: Vec::new() };
        if beyond.multifields {
            values.multifields = multifield::load(call.tx, entity, id)?;
        }
        for field in compared(entity).filter(|_| beyond.links) {
            if let Place::Binding(target) = field.place {
                let ends = Ends { owner: entity.type_id, target };
                values.links.push(binding::load(call.tx, ends, id)?);
            }
        }
        Ok(Some(values))
    }
}

/// The fields of an entity whose change is told.
pub fn compared(entity: &Entity) -> impl Iterator<Item = &Field> {
    let is_seen = |field: &Field| field.legacy || field.item.is_some();
    let told = move |field: &&Field| {
        field.place != Place::Nowhere && is_seen(field) && !STAMPS.contains(&&*field.code)
    };
    entity.fields.iter().filter(told)
}

/// Those of them that have a column.
fn stored(entity: &Entity) -> impl Iterator<Item = &Field> {
    compared(entity).filter(|field| field.place == Place::Column)
}
