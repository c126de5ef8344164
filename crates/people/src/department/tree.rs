//! `department.*`: administrators build the tree, everybody sees it.

use store::Param;
use wire::{Fault, Map};

use super::{SCOPE, SORT};
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, optional};
use engine::noun::{
    Access, Described, Draft, Face, Faults, Hooks, ID, LEGACY_FAULTS, Noun, Refusal, Row, Stamp, Verb, field,
    noun,
};

/// Departments.
pub static DEPARTMENT: Noun = Noun {
    example: "3",
    access: Access::Shared,
    fields: &[
        ID,
        field("name", Kind::String, "Name").required().sample("Purchasing"),
        field("sort", Kind::Integer, "Sort index").default(SORT).kept(),
        field("parent", Kind::Noun("department"), "Parent department").required().sample("1"),
        field("ufHead", Kind::Integer, "Head").sample("1"),
        // Of REST 3.0 alone.
        field("description", Kind::Text, "Description").camel_only(),
        field("colorName", Kind::String, "Color").camel_only(),
        field("xmlId", Kind::String, "External code").camel_only(),
        field("createdAt", Kind::DateTime, "Added").stamped(Stamp::Created).camel_only(),
        field("updatedAt", Kind::DateTime, "Modified").stamped(Stamp::Changed).camel_only(),
    ],
    faces: &[Face {
        verbs: &[
            (Verb::Add, "add"),
            (Verb::List, "get"),
            (Verb::Update, "update"),
            (Verb::Delete, "delete"),
            (Verb::Fields, "fields"),
        ],
        beside: true,
        asks: &[],
        when_empty: Some(&["id", "name", "sort"]),
        described: Described::Titles,
        params: &[
            (&[Verb::List], optional("sort", method::Kind::Text, "Field to sort by")),
            (&[Verb::List], optional("order", method::Kind::Text, "ASC or DESC")),
            (&[Verb::List], optional("ID", method::Kind::Any, "ID of the department, or a list of IDs")),
            (&[Verb::List], optional("NAME", method::Kind::Any, "Name of the department")),
            (&[Verb::List], optional("SORT", method::Kind::Any, "Sort index of the department")),
            (
                &[Verb::List],
                optional("PARENT", method::Kind::Any, "ID of the parent department; 0 for the root"),
            ),
            (&[Verb::List], optional("UF_HEAD", method::Kind::Any, "ID of the head")),
        ],
        about: &[
            (Verb::List, "Lists departments, 50 per page."),
            (Verb::Update, "Updates a department."),
            (
                Verb::Delete,
                "Deletes a department. Its employees and subdepartments move to the parent department.",
            ),
            (Verb::Fields, "Returns the titles of the department fields."),
        ],
        faults: Faults {
            missing: Refusal::Coded("ERROR_CORE", "Department not found"),
            unwritable: Refusal::Coded("ERROR_CORE", "Access denied"),
            required: |names| match names.first().map(String::as_str) {
                // The line break is on the wire.
                Some("NAME") => Fault::core("Department name not provided.<br>"),
                _ => Fault::core("There can only be one top-level department in the company structure"),
            },
            ..LEGACY_FAULTS
        },
        ..Face::flat("department", "ID")
    }],
    shared: true,
    hooks: &Tree,
    ..noun("department", "department", SCOPE, ["department", "departments"])
};

struct Tree;

impl Hooks for Tree {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        // A positive number; everything else is nobody's id.
        for name in ["parent", "ufHead"] {
            if draft.int(name).is_some_and(|id| id <= 0) {
                draft.set(name, Param::Null);
            }
        }
        if old.is_some_and(|old| draft.get("parent") == Some(old.get("parent"))) {
            draft.leave("parent");
        }
        if draft.after(old, "name") != &Param::Null
            && let Some(parent) = draft.int("parent")
        {
            require_place(call, face, old, parent)?;
        }
        Ok(())
    }

    /// What is in the department moves up.
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        let (Some(above), id) = (row.int("parent"), Param::from(row.number)) else {
            return Err(Fault::core("The topmost department cannot be deleted").into());
        };
        let move_up = "INSERT INTO department_member (user_id, department_id) \
                       SELECT user_id, ? FROM department_member WHERE department_id = ? \
                       ON CONFLICT (user_id, department_id) DO NOTHING";
        for sql in ["UPDATE department SET parent = ? WHERE parent = ?", move_up] {
            call.tx.execute(sql, &[above.into(), id.clone()])?;
        }
        call.tx.execute("DELETE FROM department_member WHERE department_id = ?", &[id])?;
        Ok(())
    }

    /// Ids are text and places are numbers (protocol 6.1).
    fn show(&self, _: &mut Call<'_, '_>, _: &Face, rows: &[Row], shown: &mut [Map], _: bool) -> Result<()> {
        for (row, map) in rows.iter().zip(shown) {
            map.insert("SORT", row.int("sort"));
        }
        Ok(())
    }
}

/// A department may go below one that there is, but not below itself. The root has nothing above it, and all else is below
/// it. Both departments are locked.
fn require_place(call: &mut Call<'_, '_>, face: &Face, old: Option<&Row>, parent: i64) -> Result<()> {
    let sql = format!("SELECT id FROM department WHERE id = ?{}", call.tx.dialect().for_update());
    for id in [Some(parent), old.map(|old| old.number)].into_iter().flatten() {
        if call.tx.one(&sql, &[id.into()], |row| row.int(0))?.is_none() {
            return Err(face.faults.missing.fault().into());
        }
    }
    let below = |old: &Row| {
        let itself = old.number;
        *old.get("parent") == Param::Null
            || parent == itself
            || call.meta.directory.is_below(parent, &[itself])
    };
    match old.is_some_and(below) {
        true => Err(Fault::core("A department cannot be moved below itself").into()),
        false => Ok(()),
    }
}
