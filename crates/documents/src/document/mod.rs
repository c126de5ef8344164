//! Documents: `documentgenerator.document.*` and `crm.documentgenerator.document.*`. A document is a filled template, or, in
//! the CRM, a file that was made elsewhere.

mod events;
mod fields;
mod methods;
mod public;
mod render;
mod show;
mod upload;

pub use events::events;
pub use methods::{methods, sample};

use engine::access::Act;
use engine::call::Call;
use engine::entity::owned::{ByOwner, Code};
use engine::entity::{Kind, Naming};
use engine::error::Result;
use engine::event::MayKnow;
use engine::files;
use engine::noun::{
    Access, Answer, Face, Grant, Hooks, ID, Noun, Refusal, Row, Rule, Saved, Seed, Stamp, Verb, field, noun,
};
use wire::Map;

use super::{CRM, SCOPE, crm_faults, faults};
use crate::family::Family;
use crate::{data, rights};

const MISSING: Refusal = Refusal::Numbered(0, "Document not found");
const NO_DOCUMENTS: &str = "You do not have permissions to view documents";

const fn face(path: &'static str) -> Face {
    Face {
        values: Naming::Legacy,
        deleted: Answer::Null,
        verbs: &[(Verb::Get, "get"), (Verb::List, "list"), (Verb::Delete, "delete")],
        ..Face::controller(path, "document", "documents")
    }
}

/// The face of documents of any data.
pub const REST: Face =
    face("documentgenerator.document").within(&[("moduleId", "rest")]).faults(faults(MISSING, NO_DOCUMENTS));

/// The face of documents of the CRM.
pub const OF_CRM: Face =
    Face { scope: Some(CRM), example: Some("2"), ..face("crm.documentgenerator.document") }
        .within(&[("moduleId", "crm")])
        .faults(crm_faults(MISSING, NO_DOCUMENTS));

/// How methods that make documents write them: no request comes here.
pub const INNER: Face =
    Face { verbs: &[], faults: faults(MISSING, NO_DOCUMENTS), ..Face::legacy("documents.document") };

/// Documents.
pub static DOCUMENT: Noun = Noun {
    access: Access::Rule(&ByItem),
    fields: &[
        ID,
        field("title", Kind::String, "Title"),
        field("number", Kind::String, "Number").indexed(),
        field("templateId", Kind::Integer, "Template").indexed(),
        field("provider", Kind::String, "Source of data"),
        field("value", Kind::String, "What it is about, as the integration calls it").indexed(),
        field("fileId", Kind::Integer, "File"),
        field("imageId", Kind::Integer, "Picture"),
        field("pdfId", Kind::Integer, "PDF"),
        field("createTime", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("updateTime", Kind::DateTime, "Changed").stamped(Stamp::Changed),
        field("values", Kind::Json, "Values"),
        field("createdBy", Kind::User, "Added by").stamped(Stamp::CreatedBy),
        field("updatedBy", Kind::User, "Changed by"),
        field("stampsEnabled", Kind::Bool, "With stamps"),
        field("entityId", Kind::Integer, "Item").indexed(),
        field("entityTypeId", Kind::Integer, "Type of the item"),
        // In no face of either family.
        field("moduleId", Kind::String, "Module").upper_only(),
        field("descriptors", Kind::Json, "Types of values").upper_only(),
        field("publicViewTime", Kind::DateTime, "Public link since").upper_only(),
    ],
    faces: &[REST, OF_CRM],
    hooks: &Hook,
    ..noun("documents.document", "documents_document", SCOPE, ["document", "documents"])
};

/// The items of the CRM that documents are about.
static ITEMS: ByOwner =
    ByOwner { fields: &["entityTypeId", "entityId"], code: Code::Number, may_own: |entity| entity.is_item() };

/// Documents are for those who have the right to documents; those of an item, for those who may read the item.
#[derive(Debug)]
struct ByItem;

impl Rule for ByItem {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let rights = rights::rights(call);
        let may = if act == Act::Read { rights.view || rights.modify } else { rights.modify };
        if !may {
            return Ok(Grant::Nothing);
        }
        Ok(match ITEMS.grant(call, Act::Read)? {
            Grant::Where(condition, params) => {
                Grant::Where(format!("(t.module_id = 'rest' OR {condition})"), params)
            }
            all => all,
        })
    }

    fn audience(&self, call: &mut Call<'_, '_>, row: &Row) -> Result<MayKnow> {
        let may = rights::whoever(call, |rights| rights.view || rights.modify);
        if row.text("moduleId") == Family::Rest.module() {
            return Ok(may);
        }
        let reads = ITEMS.audience(call, row)?;
        Ok(std::sync::Arc::new(move |who| may(who) && reads(who)))
    }
}

struct Hook;

impl Hooks for Hook {
    /// A document is nothing without its file, which stays where it is.
    fn is_copied(&self) -> bool {
        false
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        events::tell(call, if saved.old.is_some() { "UPDATE" } else { "ADD" }, saved.row)
    }

    fn show(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        rows: &[Row],
        shown: &mut [Map],
        whole: bool,
    ) -> Result<()> {
        let family = Family::of(face);
        for (row, map) in rows.iter().zip(shown) {
            match whole {
                true => show::whole(call, family, row, map)?,
                false => show::listed(call, family, row, map),
            }
        }
        Ok(())
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        let ids: Vec<i64> = ["fileId", "imageId", "pdfId"].iter().filter_map(|name| row.int(name)).collect();
        files::delete(call.tx, &ids)
    }

    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        events::tell(call, "DELETE", row)
    }
}

/// Titles in documents and timelines, which are translated; there is nothing to be written.
pub const SEED: Seed = Seed { name: "documents.document", names, seed: |_, _, _| Ok(()) };

fn names() -> Vec<&'static str> {
    [data::titles(), vec![methods::CREATED]].concat()
}
