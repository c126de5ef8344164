//! `crm.requisite.preset.*`: the templates of requisites, each of which belongs to a country and says which fields there are.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, Param, required};
use engine::noun::{Access, Draft, Face, Hooks, ID, Noun, Row, Stamp, Verb, clear, field, noun};
use wire::Fault;

use super::rule::{Templates, faults, undefined};
use super::{TYPE_ID, country, preset_field};
use crate::SCOPE;

/// Templates of requisites.
pub static PRESET: Noun = Noun {
    example: "2",
    access: Access::Rule(&Templates),
    fields: &[
        ID,
        field("entityTypeId", Kind::Integer, "Kind of what it is a template of: 8 requisite")
            .required()
            .immutable()
            .sample("8"),
        field("countryId", Kind::Integer, "Country").required().immutable().sample("46"),
        field("name", Kind::String, "Name").trimmed().required().sample("Partnership"),
        field("dateCreate", Kind::DateTime, "Created").stamped(Stamp::Created),
        field("dateModify", Kind::DateTime, "Changed").stamped(Stamp::Edited),
        field("createdById", Kind::User, "Created by").stamped(Stamp::CreatedBy),
        field("modifyById", Kind::User, "Changed by").stamped(Stamp::EditedBy),
        field("active", Kind::Char, "Active").default("Y"),
        field("sort", Kind::Integer, "Sort index").default("500").sample("520"),
        field("xmlId", Kind::String, "External ID").indexed().sample("EXAMPLE_PARTNERSHIP"),
    ],
    faces: &[Face {
        faults: faults("The Preset with ID '{key}' is not found"),
        about: &[(Verb::Delete, "Deletes a requisite template that no requisite was made from.")],
        params: &[(&[Verb::Get, Verb::Update, Verb::Delete], ROW)],
        ..Face::legacy("crm.requisite.preset")
    }],
    hooks: &Template,
    ..noun(
        "crm.requisite.preset",
        "crm_requisite_preset",
        SCOPE,
        ["requisite template", "requisite templates"],
    )
};

/// A row by its number.
pub(super) const ROW: Param =
    required("id", method::Kind::Id, "ID").or_complain("ID is not defined or invalid.");

struct Template;

impl Hooks for Template {
    fn prepare(
        &self,
        _: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        if old.is_some() {
            return Ok(());
        }
        if draft.int("entityTypeId") != Some(TYPE_ID) {
            return Err(Fault::crm("ENTITY_TYPE_ID is not defined or invalid").into());
        }
        match draft.int("countryId").is_some_and(country::is_known) {
            true => Ok(()),
            false => Err(undefined("COUNTRY_ID").into()),
        }
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        let sql = "SELECT id FROM crm_requisite WHERE preset_id = ? LIMIT 1";
        if call.tx.one(sql, &[row.number.into()], |row| row.int(0))?.is_some() {
            let text = "You cannot delete the template because requisites have already been created for it";
            return Err(Fault::crm(text).into());
        }
        clear(call, &preset_field::FIELD, &[("presetId", row.number.into())])
    }
}
