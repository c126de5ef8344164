//! Elements: `lists.element.*`. What every element may have stands in columns; the values of the list's own fields are rows.

pub mod count;
mod filter;
mod methods;
mod order;
mod show;
mod values;

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{Access, Draft, Face, Hooks, ID, Noun, Row, Saved, Stamp, field, noun};

use crate::SCOPE;
use crate::refusal::FAULTS;
use crate::rights::{Level, OfList};
use crate::section;

pub use methods::methods;

pub const FACE: Face = Face { verbs: &[], faults: FAULTS, ..Face::flat("lists.element", "ID") };

/// Elements of lists.
pub static ELEMENT: Noun = Noun {
    access: Access::Rule(&OfList { adds: Level::Add, changes: Level::Write, own: true }),
    fields: &[
        ID,
        field("listId", Kind::Noun("lists.list"), "List").upper("IBLOCK_ID").required().immutable(),
        field("name", Kind::String, "Name").short().required(),
        field("iblockSectionId", Kind::Integer, "Section").indexed(),
        field("createdBy", Kind::User, "Added by").stamped(Stamp::CreatedBy),
        field("code", Kind::String, "Code").short().immutable(),
        field("sort", Kind::Integer, "Sort order").default("500"),
        field("activeFrom", Kind::DateTime, "Active from"),
        field("activeTo", Kind::DateTime, "Active until"),
        field("previewText", Kind::Text, "Preview text"),
        field("detailText", Kind::Text, "Detail text"),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("timestampX", Kind::DateTime, "Changed").stamped(Stamp::Changed),
        field("modifiedBy", Kind::User, "Changed by").stamped(Stamp::ChangedBy),
    ],
    faces: &[FACE],
    hooks: &Hook,
    ..noun("lists.element", "lists_element", SCOPE, ["element of a list", "elements of lists"])
};

struct Hook;

impl Hooks for Hook {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        match draft.int("iblockSectionId").filter(|id| *id != 0) {
            Some(section) => {
                let list = old.and_then(|old| old.int("listId")).or_else(|| draft.int("listId")).unwrap_or(0);
                section::require_in(call, section, list)
            }
            None => Ok(()),
        }
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        if saved.old.is_none() {
            count::change(call, saved.row, 1);
        }
        Ok(())
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        count::change(call, row, -1);
        values::forget(call, row.number, &[])
    }
}
