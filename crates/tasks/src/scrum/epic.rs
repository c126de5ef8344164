//! Epics, which tasks of a scrum belong to: `tasks.api.scrum.epic.*`.

use std::borrow::Cow;

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{
    Access, Answer, CONTROLLER_FAULTS, Described, Draft, Face, Faults, Hooks, ID, Noun, Refusal, Row, Rows,
    Saved, Verb, field, noun,
};
use serde_json::json;
use store::Param;
use wire::{Map, Value};

use super::{DENIED, OfMembers, refusal, scrum, sign, texts};
use crate::SCOPE;
use crate::files;
use crate::task::rights::ids;

const FACE: Face = Face {
    verbs: &[
        (Verb::Add, "add"),
        (Verb::List, "list"),
        (Verb::Update, "update"),
        (Verb::Delete, "delete"),
        (Verb::Fields, "getFields"),
    ],
    also_upper: true,
    added: Answer::Row,
    one: Answer::Row,
    many: Rows::Bare,
    changed: Answer::Row,
    deleted: Answer::Nothing,
    described: Described::TypesUnder("fields"),
    faults: Faults {
        missing: Refusal::Numbered(0, "Epic not found"),
        unreadable: Refusal::Numbered(0, DENIED),
        unwritable: Refusal::Numbered(0, DENIED),
        required: |names| {
            let name = names.iter().any(|name| name == "name");
            refusal(if name { "Name is not found" } else { "Group is not found" })
        },
        ..CONTROLLER_FAULTS
    },
    ..Face::controller("tasks.api.scrum.epic", "epic", "epics")
};

/// One alone, with its files.
const ONE: Face = Face { verbs: &[(Verb::Get, "get")], ..FACE };

/// Epics.
pub static EPIC: Noun = Noun {
    access: Access::Rule(&OfMembers),
    fields: &[
        ID,
        field("groupId", Kind::Integer, "Workgroup").required().indexed().sample("3"),
        field("name", Kind::String, "Name").short().required().sample("Checkout"),
        field("description", Kind::Text, "Description").sample("From the basket to the receipt"),
        field("createdBy", Kind::Integer, "Created by"),
        field("modifiedBy", Kind::Integer, "Modified by"),
        field("color", Kind::String, "Color").default("#69dafc").sample("#bbecf1"),
        field("files", Kind::Integer, "Files of the disk, each with n in front")
            .multiple()
            .described_as("array"),
    ],
    faces: &[FACE, ONE],
    hooks: &Hook,
    ..noun("tasks.epic", "tasks_epic", SCOPE, ["epic", "epics"])
};

struct Hook;

impl Hooks for Hook {
    /// Files are attached once the epic is there.
    fn read(&self, _: &mut Call<'_, '_>, _: &Face, given: &mut Cow<'_, Map>, _: Option<&Row>) -> Result<()> {
        if given.get("files").is_some() {
            given.to_mut().remove("files");
        }
        Ok(())
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        if let Some(group) = draft.int("groupId").filter(|group| *group > 0)
            && scrum(call, group)?.is_none()
        {
            return Err(refusal("Group is not found").into());
        }
        sign(call, draft, old)
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        let Some(given) = saved.given.get("files") else { return Ok(()) };
        let all = files::replace(call, files::EPICS, saved.row.number, given)?;
        let list = (!all.is_empty()).then(|| serde_json::Value::from(all).to_string());
        let sql = "UPDATE tasks_epic SET files = ? WHERE id = ?";
        call.tx.execute(sql, &[Param::from(list), saved.row.number.into()])?;
        Ok(())
    }

    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        let sql = "UPDATE tasks_scrum_item SET epic_id = 0 WHERE epic_id = ?";
        call.tx.execute(sql, &[row.number.into()])?;
        files::clear(call, files::EPICS, row.number)
    }

    fn show(
        &self,
        _: &mut Call<'_, '_>,
        face: &Face,
        rows: &[Row],
        shown: &mut [Map],
        _: bool,
    ) -> Result<()> {
        let with_files = face.verbs == ONE.verbs;
        for (row, map) in rows.iter().zip(shown) {
            texts(map, &["description"]);
            map.remove("files");
            if with_files {
                map.push("files", files_field(row));
            }
        }
        Ok(())
    }
}

/// The files of an epic as the value of a user field.
fn files_field(epic: &Row) -> Value {
    json!({
        "ID": "0", "ENTITY_ID": "TASKS_SCRUM_EPIC", "FIELD_NAME": "UF_SCRUM_EPIC_FILES", "USER_TYPE_ID": "disk_file",
        "XML_ID": null, "SORT": "100", "MULTIPLE": "Y", "MANDATORY": "N", "SHOW_FILTER": "N", "SHOW_IN_LIST": "N",
        "EDIT_IN_LIST": "N", "IS_SEARCHABLE": "N",
        "SETTINGS": {"IBLOCK_ID": null, "SECTION_ID": null, "UF_TO_SAVE_ALLOW_EDIT": false},
        "USER_TYPE": {
            "USER_TYPE_ID": "disk_file", "CLASS_NAME": "Bitrix\\Disk\\Uf\\FileUserType", "DESCRIPTION": "File (Drive)",
            "BASE_TYPE": "int", "TAG": ["DISK FILE ID", "DOCUMENT ID"],
        },
        "VALUE": ids(epic, "files"), "ENTITY_VALUE_ID": epic.number, "CUSTOM_DATA": {"PHOTO_TEMPLATE": ""},
        "EDIT_FORM_LABEL": "UF_SCRUM_EPIC_FILES", "TAG": "DOCUMENT ID",
    })
    .into()
}
