//! Templates: `documentgenerator.template.*` and `crm.documentgenerator.template.*`. A template is a Word document with
//! placeholders, `{DocumentNumber}`, and says who may make documents of it.

mod file;
mod methods;
mod use_of;

pub use file::SAMPLE;
pub use methods::{methods, own};
pub use use_of::{Template, has_stamps};

use engine::access::{Act, Level};
use engine::call::Call;
use engine::entity::{Kind, Naming};
use engine::error::Result;
use engine::files;
use engine::noun::{
    Access, Draft, Face, Field, Grant, Hooks, ID, Noun, Refusal, Row, Rows, Rule, Stamp, Verb, field, noun,
};
use serde_json::{Value as Json, json};
use store::Param;
use wire::{Fault, Map, Value};

use super::{CRM, NO_TEMPLATES, SCOPE, crm_faults, faults};
use crate::family::Family;
use crate::{region, rights};

const MISSING: Refusal = Refusal::Numbered(0, "Template not found");

const fn face(path: &'static str) -> Face {
    Face {
        values: Naming::Legacy,
        many: Rows::Keyed("templates", "id"),
        verbs: &[(Verb::Add, "add"), (Verb::Get, "get"), (Verb::List, "list"), (Verb::Update, "update")],
        always: &["id", "download", "downloadMachine"],
        ..Face::controller(path, "template", "templates")
    }
}

/// The face of documents of any data.
pub const REST: Face =
    face("documentgenerator.template").within(&[("moduleId", "rest")]).faults(faults(MISSING, NO_TEMPLATES));

/// The face of documents of the CRM.
pub const OF_CRM: Face =
    Face { scope: Some(CRM), example: Some("2"), ..face("crm.documentgenerator.template") }
        .within(&[("moduleId", "crm")])
        .faults(crm_faults(MISSING, NO_TEMPLATES));

/// Templates.
pub static TEMPLATE: Noun = Noun {
    access: Access::Rule(&ByAuthor),
    fields: &[
        ID,
        field("active", Kind::Char, "Active").default("Y").sample("Y"),
        field("name", Kind::String, "Name").required().sample("Offer"),
        field("code", Kind::String, "Code").sample("OFFER"),
        field("region", Kind::String, "Region: an ID or a code").required().indexed().sample("de"),
        field("sort", Kind::Integer, "Sort order").default("500").sample("100"),
        field("createTime", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("updateTime", Kind::DateTime, "Changed").stamped(Stamp::Changed),
        field("createdBy", Kind::User, "Added by").stamped(Stamp::CreatedBy),
        field("updatedBy", Kind::User, "Changed by").stamped(Stamp::ChangedBy),
        field("moduleId", Kind::String, "Module").read_only(),
        field("fileId", Kind::Integer, "A file of the drive, or of another template"),
        field("bodyType", Kind::String, "Format").read_only(),
        field("numeratorId", Kind::Noun("documents.numerator"), "Numerator").required().sample("1"),
        field("withStamps", Kind::Char, "With stamps").default("N"),
        field("productsTableVariant", Kind::String, "Table of products").read_only(),
        field("isDeleted", Kind::Char, "Deleted").default("N").read_only(),
        field("isDefault", Kind::Char, "Came with the portal").default("N").read_only(),
        field("users", Kind::String, "Access codes of those who use it").multiple().sample("UA"),
        field("entityTypeId", Kind::String, "Types of CRM items").multiple().sample("2"),
        Field {
            computed: true,
            ..field("file", Kind::Json, "Name and content in Base64").sample(file::SAMPLE)
        },
        Field { computed: true, ..field("providers", Kind::Json, "Sources of data; only one there is") },
        field("download", Kind::String, "Link to the file").computed(),
        field("downloadMachine", Kind::String, "Link to the file").computed(),
        // In no face: what stands in the file.
        field("placeholders", Kind::Json, "Placeholders").read_only().upper_only(),
    ],
    faces: &[REST, OF_CRM],
    hooks: &Hook,
    ..noun("documents.template", "documents_template", SCOPE, ["document template", "document templates"])
};

/// Templates are for those who may change them: their own, the department's, or all.
#[derive(Debug)]
struct ByAuthor;

impl Rule for ByAuthor {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let level = rights::rights(call).templates;
        // Whoever may change some may add their own.
        if act == Act::Add && level != Level::None {
            return Ok(Grant::All);
        }
        Ok(rights::created_by(call, level))
    }
}

struct Hook;

impl Hooks for Hook {
    /// A template is nothing without its file, which stays where it is.
    fn is_copied(&self) -> bool {
        false
    }

    /// Deleted templates are listed for those who ask for them.
    fn admit(&self, call: &mut Call<'_, '_>, _: &Face, verb: Verb) -> Result<()> {
        if verb == Verb::List {
            let mut filter = call.fields("filter");
            let asks =
                |key: &str| key.trim_start_matches(['=', '!', '@', '%']).eq_ignore_ascii_case("isDeleted");
            if !filter.iter().any(|(key, _)| asks(key)) {
                filter.push("isDeleted", "N");
                call.params.insert("filter", filter);
            }
        }
        Ok(())
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        if old.is_none() {
            require(face, draft)?;
            draft.set("bodyType", "Bitrix\\DocumentGenerator\\Body\\Docx");
            draft.set("productsTableVariant", "");
            if !matches!(draft.get("users"), Some(Param::Text(_))) {
                draft.set("users", json!([format!("U{}", call.caller.user_id)]).to_string());
            }
        }
        if let Some(region) = draft.text("region").map(str::to_owned)
            && region::writing(call, &region)?.is_none()
        {
            return Err(Fault::numbered(400, 0, "Invalid value of field region").into());
        }
        file::take(call, draft, old)
    }

    fn show(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        rows: &[Row],
        shown: &mut [Map],
        whole: bool,
    ) -> Result<()> {
        let select = call.param("select").cloned().unwrap_or_default();
        let selects =
            |name: &str| select.items().filter_map(Value::text).any(|given| given.eq_ignore_ascii_case(name));
        let (users, providers, types) = (selects("users"), selects("providers"), selects("entityTypeId"));
        for (row, map) in rows.iter().zip(shown) {
            let link = files::link(call.core, row.int("fileId").unwrap_or(0), call.now);
            map.insert("download", link.as_str());
            map.insert("downloadMachine", link);
            map.remove("file");
            let is_crm = Family::of(face) == Family::Crm;
            if is_crm || (!whole && !providers) {
                map.remove("providers");
            } else {
                map.insert(
                    "providers",
                    if whole {
                        keyed([REST_PROVIDER.into()].iter())
                    } else {
                        vec![Value::from(REST_PROVIDER)].into()
                    },
                );
            }
            if !is_crm || (!whole && !types) {
                map.remove("entityTypeId");
            }
            if whole {
                let codes = map.get("users").cloned().unwrap_or_default();
                map.insert("users", keyed(codes.items()));
                ["createdBy", "updatedBy", "fileId", "bodyType", "productsTableVariant", "isDefault"]
                    .into_iter()
                    .for_each(|name| _ = map.remove(name));
            } else if !users {
                map.remove("users");
            }
        }
        Ok(())
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        files::delete(call.tx, row.int("fileId").as_slice())
    }
}

/// The one source of data that templates of the first family have.
const REST_PROVIDER: &str = "bitrix\\documentgenerator\\dataprovider\\rest";

fn keyed<'v>(codes: impl Iterator<Item = &'v Value>) -> Value {
    let text = |code: &Value| code.text().unwrap_or_default().into_owned();
    codes.map(|code| (text(code).into(), Value::from(text(code).as_str()))).collect::<Map>().into()
}

/// What a new template must have, in the words of its family.
fn require(face: &Face, draft: &mut Draft<'_>) -> Result<()> {
    let mut names = vec!["name", "numeratorId", "region"];
    match Family::of(face) {
        Family::Crm => names.push("entityTypeId"),
        Family::Rest => draft.set("entityTypeId", Param::Null),
    }
    let is_missing = |name: &&str| matches!(draft.get(name), None | Some(Param::Null));
    let missing: Vec<String> = names.into_iter().filter(is_missing).map(str::to_owned).collect();
    if missing.is_empty() { Ok(()) } else { Err((face.faults.required)(&missing).into()) }
}

/// The list that a column holds.
fn listed(text: &str) -> Vec<String> {
    serde_json::from_str::<Json>(text)
        .ok()
        .and_then(|list| serde_json::from_value(list).ok())
        .unwrap_or_default()
}
