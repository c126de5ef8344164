//! `crm.requisite.preset.field.*`: which fields requisites of a template have. They are numbered within their template.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::entity::Naming;
use engine::error::Result;
use engine::method::{self, Method, Param, read, required};
use engine::noun::{self, Access, Answer, Draft, Face, Hooks, Id, Noun, Row, Verb, field, noun, one, rows};
use serde_json::json;
use wire::{Fault, Value};

use super::preset::{PRESET, ROW};
use super::rule::faults;
use super::{TYPE_ID, country};
use crate::SCOPE;

/// Fields of templates.
pub static FIELD: Noun = Noun {
    key: &["presetId", "number"],
    access: Access::Through("presetId"),
    fields: &[
        field("number", Kind::Integer, "ID").upper("ID").read_only().sample("1"),
        field("presetId", Kind::Noun("crm.requisite.preset"), "Template")
            .camel_only()
            .immutable()
            .indexed()
            .sample("1"),
        field("fieldName", Kind::String, "Field").trimmed().required().sample("RQ_FAX"),
        field("fieldTitle", Kind::String, "Title in the template").never_null().sample("Fax of the office"),
        field("sort", Kind::Integer, "Sort index").default("500").sample("580"),
        field("inShortList", Kind::Char, "Stands in the short list").default("N"),
    ],
    faces: &[Face {
        values: Naming::Item,
        id: Id::Params(&["preset", "id"]),
        below: Some(("presetId", "preset")),
        params: &[(&WITH_TEMPLATE, TEMPLATE), (&[Verb::Get, Verb::Update, Verb::Delete], ROW)],
        samples: || json!({"preset": {"ID": 1}, "id": 1}),
        about: &[
            (Verb::Add, "Adds a field to a requisite template and returns its ID."),
            (Verb::List, "Lists the fields of a requisite template."),
            (Verb::Update, "Updates a field of a requisite template."),
            (Verb::Delete, "Takes a field out of a requisite template."),
            (Verb::Fields, "Describes what is said of a field of a requisite template."),
        ],
        added: Answer::Field("number"),
        asks: &[],
        order: &[("number", wire::order::Direction::Asc)],
        whole: true,
        faults: faults("The PresetField with ID '{key}' is not found"),
        ..Face::legacy("crm.requisite.preset.field")
    }],
    hooks: &Fields,
    ..noun(
        "crm.requisite.preset.field",
        "crm_requisite_preset_field",
        SCOPE,
        ["field of a requisite template", "fields of a requisite template"],
    )
};

const WITH_TEMPLATE: [Verb; 5] = [Verb::Add, Verb::Get, Verb::List, Verb::Update, Verb::Delete];
const TEMPLATE: Param = required("preset", method::Kind::Fields, "ID of the template");

/// `crm.requisite.preset.field.availabletoadd`.
pub(super) fn available() -> Method {
    read("crm.requisite.preset.field.availabletoadd", SCOPE, |call| {
        let preset = template(call, Act::Read, "Template not found.")?;
        Ok(addable(call, &preset)?.into_iter().map(Value::from).collect::<Vec<_>>().into())
    })
    .about("Lists the fields that can be added to a requisite template.")
    .param(TEMPLATE)
    .example(json!({"preset": {"ID": 1}}), json!("*"))
}

/// The template that a request names.
fn template(call: &mut Call<'_, '_>, act: Act, missing: &str) -> Result<Row> {
    let id = call.fields("preset").get_any_case("ID").and_then(Value::as_int).unwrap_or(0);
    let scope = PRESET.grant(call, act)?;
    if scope.is_nothing() {
        return Err(Fault::crm("Access denied.").into());
    }
    let missing = || Fault::crm(missing.replace("{id}", &id.to_string()));
    one(call, &PRESET, &scope, id)?.ok_or_else(|| missing().into())
}

/// The names of fields that a template may have and has not.
fn addable(call: &mut Call<'_, '_>, preset: &Row) -> Result<Vec<String>> {
    let scope = FIELD.grant(call, Act::Read)?;
    let there = rows(call, &FIELD, &scope, &[("presetId", preset.number.into())])?;
    let user = call.meta.fielded(TYPE_ID);
    let user = user.iter().flat_map(|table| &table.fields).filter(|field| field.user.is_some());
    let all = country::fields(preset.int("countryId").unwrap_or(0))
        .map(str::to_owned)
        .chain(user.map(|field| field.code.to_string()));
    Ok(all.filter(|name| !there.iter().any(|row| row.text("fieldName") == name)).collect())
}

struct Fields;

impl Hooks for Fields {
    fn admit(&self, call: &mut Call<'_, '_>, _: &Face, verb: Verb) -> Result<()> {
        if verb == Verb::Fields {
            return Ok(());
        }
        template(call, Act::Read, "The Preset with ID '{id}' is not found").map(drop)
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        // Two at once would get the same number, or the same name.
        let preset = draft.int_after(old, "presetId");
        noun::alone(call, &format!("crm_requisite_preset_field {preset:?}"))?;
        let name = draft.text("fieldName").unwrap_or_default().to_owned();
        let is_same = old.is_some_and(|old| old.text("fieldName") == name);
        if draft.is_given("fieldName") && !is_same {
            let preset = template(call, Act::Read, "The Preset with ID '{id}' is not found")?;
            if !name.is_empty() && !addable(call, &preset)?.contains(&name) {
                return Err(Fault::crm(format!("The field '{name}' can not be added.")).into());
            }
        }
        if old.is_none() {
            let sql = "SELECT MAX(number) FROM crm_requisite_preset_field WHERE preset_id = ?";
            let last = call.tx.one(sql, &[draft.int("presetId").into()], |row| row.opt_int(0))?.flatten();
            draft.set("number", last.unwrap_or(0) + 1);
        }
        Ok(())
    }
}
