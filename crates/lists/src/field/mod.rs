//! Fields: `lists.field.*`. A list begins with its `NAME`; people add others: those of every element (`SORT`, ..), which go by
//! their type, and own ones, `PROPERTY_7`.

mod choices;
mod methods;
mod show;
mod types;

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::files;
use engine::noun::{self, Access, Face, Hooks, ID, Noun, Row, field, noun};
use engine::texts::Topic;
use store::Param;
use wire::Map;

use crate::SCOPE;
use crate::refusal::FAULTS;
use crate::rights::{Level, OfList};

pub use choices::of as choices;
pub use methods::methods;
pub use types::{TYPES, find as type_of};

pub const FACE: Face = Face { verbs: &[], faults: FAULTS, ..Face::flat("lists.field", "ID") };

/// Fields that one list has at most.
const MOST: usize = 200;

/// Fields of lists.
pub static FIELD: Noun = Noun {
    access: Access::Rule(&OfList { adds: Level::Full, changes: Level::Full, own: false }),
    fields: &[
        ID,
        field("listId", Kind::Noun("lists.list"), "List").required().immutable().indexed(),
        field("name", Kind::String, "Name").required(),
        field("type", Kind::String, "Type").required().immutable(),
        field("code", Kind::String, "Code"),
        field("sort", Kind::Integer, "Sort order").default("500"),
        field("isRequired", Kind::Char, "Required").default("N"),
        field("multiple", Kind::Char, "Has several values").default("N"),
        field("defaultValue", Kind::Json, "Default value"),
        field("rowCount", Kind::Integer, "Rows of the input").default("1"),
        field("colCount", Kind::Integer, "Columns of the input").default("30"),
        field("linkIblockId", Kind::Integer, "List that the values are of"),
        field("userTypeSettings", Kind::Json, "Settings of the type"),
        field("settings", Kind::Json, "Where the field is shown"),
    ],
    faces: &[FACE],
    hooks: &Hook,
    ..noun("lists.field", "lists_field", SCOPE, ["field of a list", "fields of lists"])
};

struct Hook;

impl Hooks for Hook {
    /// The values go with the field, and the files among them.
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        if row.text("type") == "F" {
            let mut gone = Vec::new();
            call.tx.query(
                "SELECT value FROM lists_value WHERE field_id = ?",
                &[row.number.into()],
                |row| {
                    gone.extend(row.text(0)?.parse::<i64>());
                    Ok(())
                },
            )?;
            files::delete(call.tx, &gone)?;
        }
        for sql in
            ["DELETE FROM lists_value WHERE field_id = ?", "DELETE FROM lists_choice WHERE field_id = ?"]
        {
            call.tx.execute(sql, &[row.number.into()])?;
        }
        Ok(())
    }
}

/// The name under which requests and answers have a field.
pub fn key(row: &Row) -> String {
    match type_of(row.text("type")) {
        Some(kind) if kind.is_own => format!("PROPERTY_{}", row.number),
        _ => row.text("type").to_owned(),
    }
}

/// Gives a new list its first field.
///
/// # Errors
/// Those of the store.
pub fn name_of(call: &mut Call<'_, '_>, list: i64) -> Result<()> {
    let mut name = Map::new();
    name.push("LIST_ID", list);
    name.push("NAME", call.language.text(Topic::Names, "Name"));
    name.push("TYPE", "NAME");
    name.push("SORT", 10);
    name.push("IS_REQUIRED", "Y");
    noun::put(call, &FIELD, &name)?;
    Ok(())
}

/// The fields of a list, in their order.
///
/// # Errors
/// Those of the store.
pub fn all(call: &mut Call<'_, '_>, list: i64) -> Result<Vec<Row>> {
    let scope = FIELD.grant(call, engine::access::Act::Read)?;
    noun::select(call, &FIELD, &scope, "t.list_id = ?", vec![Param::from(list)], " ORDER BY t.sort, t.id")
}
