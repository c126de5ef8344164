//! Who delivers what a receipt brings: `catalog.documentcontractor.*`, a company or contacts of the CRM.

use store::Param;
use wire::Fault;

use super::document::{CONDUCTED, DOCUMENT};
use crate::{SCOPE, faults};
use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::entity::owner::{Standing, standing};
use engine::entity::read::entity_by_type;
use engine::error::Result;
use engine::noun::{Access, Draft, Face, Faults, Hooks, ID, Noun, Row, Rows, Verb, field, noun};

const FAULTS: Faults = faults(0, "Binding was not found");

/// The type id of contacts, of whom a document may have several.
const CONTACT: i64 = 3;
/// The type id of companies, of which it has one.
const COMPANY: i64 = 4;

/// Contractors of stock documents.
pub static CONTRACTOR: Noun = Noun {
    access: Access::Through("documentId"),
    fields: &[
        ID,
        field("documentId", Kind::Noun("catalog.document"), "Document").required().indexed().sample("3"),
        field("entityTypeId", Kind::Integer, "Type: 3 contact, 4 company").required().sample("3"),
        field("entityId", Kind::Integer, "ID of the contact or company").required().sample("1"),
    ],
    faces: &[Face {
        many: Rows::Under("documentContractor"),
        ..Face::controller("catalog.documentcontractor", "documentContractor", "")
    }
    .verbs(&[(Verb::Add, "add"), (Verb::Delete, "delete"), (Verb::List, "list"), (Verb::Fields, "getFields")])
    .faults(FAULTS)],
    hooks: &Contractors,
    ..noun(
        "catalog.documentcontractor",
        "catalog_document_contractor",
        SCOPE,
        ["contractor of a stock document", "contractors of stock documents"],
    )
};

struct Contractors;

impl Hooks for Contractors {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        _: Option<&Row>,
    ) -> Result<()> {
        let int = |name| draft.int(name);
        let (Some(document), Some(kind), Some(id)) =
            (int("documentId"), int("entityTypeId"), int("entityId"))
        else {
            return Ok(());
        };
        require_receipt(call, document)?;
        if ![CONTACT, COMPANY].contains(&kind) {
            return Err(refused("Wrong entity type id"));
        }
        let entity =
            entity_by_type(call, kind).map_err(|_| refused("Contractors should be provided by CRM"))?;
        if standing(call, &entity, id, Act::Read)? != Standing::Allowed {
            return Err(refused("Wrong entity id"));
        }
        let sql =
            "SELECT entity_id FROM catalog_document_contractor WHERE document_id = ? AND entity_type_id = ?";
        let bound = call.tx.all(sql, &[document.into(), kind.into()], |row| row.int(0))?;
        match (bound.contains(&id), kind == COMPANY && !bound.is_empty()) {
            (true, _) => Err(refused("This contractor has been already bound to this document")),
            (_, true) => Err(refused("This document already has a Company contractor")),
            _ => Ok(()),
        }
    }
}

/// Only a receipt that is not conducted yet gets contractors. Locks it, so that two are not added side by side.
fn require_receipt(call: &mut Call<'_, '_>, document: i64) -> Result<()> {
    let sql = format!(
        "SELECT doc_type, status FROM {} WHERE id = ?{}",
        DOCUMENT.table,
        call.tx.dialect().for_update()
    );
    let found = call.tx.one(&sql, &[Param::from(document)], |row| {
        Ok((row.opt_text(0)? == Some("A"), row.opt_text(1)? == Some(CONDUCTED)))
    })?;
    match found {
        None => Err(refused("Store document was not found")),
        Some((false, _)) => Err(refused("Type of store document is wrong")),
        Some((_, true)) => Err(refused("Unable to edit conducted document")),
        Some(_) => Ok(()),
    }
}

fn refused(text: &'static str) -> engine::Error {
    Fault::numbered(400, 0, text).into()
}
