//! The products of stock documents: `catalog.document.element.*`.

use wire::Fault;

use super::document::{CONDUCTED, DOCUMENT};
use super::remain::DIGITS;
use crate::{SCOPE, faults};
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{Access, Draft, Face, Faults, Hooks, ID, Noun, Refusal, Row, Verb, field, noun};

const DENIED: Refusal = Refusal::Coded("ERROR_DOCUMENT_RIGHTS", "Access denied");

const FAULTS: Faults = Faults {
    missing: Refusal::Coded("ERROR_DOCUMENT_STATUS", "Document not found"),
    unreadable: DENIED,
    unwritable: DENIED,
    ..faults(0, "")
};

/// Products of stock documents.
pub static ELEMENT: Noun = Noun {
    example: "5",
    access: Access::Through("docId"),
    fields: &[
        ID,
        field("docId", Kind::Noun("catalog.document"), "Document")
            .required()
            .immutable()
            .indexed()
            .sample("3"),
        field("elementId", Kind::Noun("catalog.product"), "Product")
            .required()
            .immutable()
            .indexed()
            .sample("1"),
        field("storeFrom", Kind::Noun("catalog.store"), "Store that it leaves"),
        field("storeTo", Kind::Noun("catalog.store"), "Store that it goes to").sample("1"),
        field("amount", Kind::Decimal(DIGITS), "Quantity").default("0").sample("15"),
        field("purchasingPrice", Kind::Decimal(2), "Purchasing price").sample("1250.5"),
    ],
    faces: &[Face::controller("catalog.document.element", "documentElement", "documentElements")
        .verbs(&[
            (Verb::Add, "add"),
            (Verb::Update, "update"),
            (Verb::Delete, "delete"),
            (Verb::List, "list"),
            (Verb::Fields, "getFields"),
        ])
        .faults(FAULTS)],
    hooks: &Elements,
    ..noun(
        "catalog.document.element",
        "catalog_document_element",
        SCOPE,
        ["product of a stock document", "products of stock documents"],
    )
};

struct Elements;

impl Hooks for Elements {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        if let store::Param::Int(document) = *draft.after(old, "docId") {
            require_draft(call, document)?;
        }
        let Some(product) = draft.int("elementId") else { return Ok(()) };
        let sql = "SELECT type FROM catalog_product WHERE id = ?";
        match call.tx.one(sql, &[product.into()], |row| row.int(0))? {
            // Services and products that only gather variants lie in no store.
            None | Some(3 | 6 | 7) => {
                Err(Fault::numbered(400, 0, "Error of adding new document element").into())
            }
            Some(_) => Ok(()),
        }
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        require_draft(call, row.int("docId").unwrap_or_default())
    }
}

/// What a document consists of changes while it has moved nothing. Locks it, so that it is not conducted meanwhile.
fn require_draft(call: &mut Call<'_, '_>, document: i64) -> Result<()> {
    let sql = format!("SELECT status FROM {} WHERE id = ?{}", DOCUMENT.table, call.tx.dialect().for_update());
    let refused = |text| Err(Fault::new(400, "ERROR_DOCUMENT_STATUS", text).into());
    match call.tx.one(&sql, &[document.into()], |row| Ok(row.opt_text(0)? == Some(CONDUCTED)))? {
        None => refused("Document not found"),
        Some(true) => refused("Conducted document"),
        Some(false) => Ok(()),
    }
}
