//! Items that stand under items of another kind: one field for each kind of parent, `PARENT_ID_1030`.

use super::{Entity, Field, Kind};
use crate::call::Call;
use crate::error::Result;

/// The field that names the parent of that kind, which people call `title`.
pub fn field(type_id: i64, title: &str) -> Field {
    let code = format!("PARENT_ID_{type_id}");
    let column = code.to_ascii_lowercase();
    let mut field = Field::named(code, column, Kind::Parent(type_id), "").indexed();
    field.item = Some(format!("parentId{type_id}").into());
    field.title = title.to_owned().into();
    field
}

/// Nothing stands under an item any more that is gone.
pub(crate) fn forget(call: &mut Call<'_, '_>, entity: &Entity, id: i64) -> Result<()> {
    let columns: Vec<(String, String)> = call
        .meta
        .items()
        .flat_map(|child| child.fields.iter().map(move |field| (child, field)))
        .filter(|(_, field)| field.kind == Kind::Parent(entity.type_id))
        .map(|(child, field)| (child.table().to_owned(), field.column().to_owned()))
        .collect();
    for (table, column) in columns {
        let sql = format!("UPDATE {table} SET {column} = NULL WHERE {column} = ?");
        call.tx.execute(&sql, &[id.into()])?;
    }
    Ok(())
}
