//! Stock documents: `catalog.document.*`. A draft is changed at will; conducting it moves stock, see [`conduct`](super::conduct).

use store::Param;
use wire::{Fault, Map, Value};

use super::{contractor, element, values};
use crate::{SCOPE, faults};
use engine::call::Call;
use engine::entity::{Kind, describe};
use engine::error::Result;
use engine::noun::{
    self, Access, Draft, Face, Faults, Hooks, ID, Noun, Refusal, Row, Saved, Verb, field, noun,
};
use engine::texts::Locale;

/// A document that is still to be conducted.
pub const DRAFT: &str = "N";
/// A document that has moved stock.
pub const CONDUCTED: &str = "Y";
/// A document whose moves were taken back.
pub const CANCELLED: &str = "C";

const DENIED: Refusal = Refusal::Numbered(0, "Insufficient permissions to save the document");

pub const FAULTS: Faults =
    Faults { unreadable: DENIED, unwritable: DENIED, ..faults(0, "Document not found") };

pub const FACE: Face = Face::controller("catalog.document", "document", "documents")
    .verbs(&[(Verb::Add, "add"), (Verb::Update, "update"), (Verb::List, "list"), (Verb::Fields, "getFields")])
    .faults(FAULTS);

/// Their types: receipt, stock adjustment, transfer between stores, return, write-off.
const TYPES: &[&str] = &["A", "S", "M", "R", "D"];

/// Stock documents.
pub static DOCUMENT: Noun = Noun {
    example: "3",
    access: Access::Shared,
    fields: &[
        ID,
        field(
            "docType",
            Kind::String,
            "Type: A receipt, S stock adjustment, M transfer, R return, D write-off",
        )
        .required()
        .immutable()
        .described_as("char")
        .sample("A"),
        field("docNumber", Kind::String, "Number").sample("42"),
        field("title", Kind::String, "Title").sample("Receipt of chairs"),
        field("siteId", Kind::String, "Site").default("s1").described_as("char"),
        field("responsibleId", Kind::User, "Responsible person")
            .required()
            .described_as("integer")
            .sample("1"),
        field("currency", Kind::String, "Currency").required().immutable().described_as("char").sample("EUR"),
        field("status", Kind::String, "State: N draft, Y conducted, C cancelled")
            .read_only()
            .default(DRAFT)
            .indexed()
            .described_as("char"),
        field("statusBy", Kind::User, "Conducted or cancelled by").read_only().described_as("integer"),
        field("dateStatus", Kind::DateTime, "State since").read_only(),
        field("dateDocument", Kind::DateTime, "Date of the document"),
        field("dateCreate", Kind::DateTime, "Added").immutable(),
        field("dateModify", Kind::DateTime, "Changed"),
        field("createdBy", Kind::User, "Added by").immutable().described_as("integer"),
        field("modifiedBy", Kind::User, "Changed by").described_as("integer"),
        field("total", Kind::Decimal(2), "Sum"),
        field("commentary", Kind::String, "Comment").described_as("char"),
    ],
    faces: &[FACE],
    hooks: &Documents,
    ..noun("catalog.document", "catalog_document", SCOPE, ["stock document", "stock documents"])
};

struct Documents;

impl Hooks for Documents {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        if old.is_none() && draft.text("docType").is_some_and(|kind| !TYPES.contains(&kind)) {
            return Err(Fault::numbered(400, 0, "DOC_TYPE isn't available").into());
        }
        if draft.text("currency").is_some_and(|code| !call.meta.has_currency(code)) {
            return Err(Fault::numbered(400, 0, "Invalid value of field currency").into());
        }
        // The sum of a conducted document is that of its products.
        if old.is_some_and(|old| old.text("status") == CONDUCTED) {
            draft.leave("total");
        }
        if old.is_none() {
            set(draft, "dateStatus", call.now.seconds());
        }
        let caller = call.caller.user_id;
        for (by, at, is_due) in
            [("createdBy", "dateCreate", old.is_none()), ("modifiedBy", "dateModify", true)]
        {
            if is_due {
                set(draft, by, caller);
                set(draft, at, call.now.seconds());
            }
        }
        Ok(())
    }

    /// A document without a number gets its own.
    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        if saved.old.is_none() {
            values::added(call, saved.row)?;
        }
        if saved.row.text("docNumber").is_empty() {
            let sql = "UPDATE catalog_document SET doc_number = ? WHERE id = ?";
            call.tx.execute(sql, &[saved.row.number.to_string().into(), saved.row.number.into()])?;
        }
        Ok(())
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        values::deleted(call, row)?;
        noun::clear(call, &contractor::CONTRACTOR, &[("documentId", row.number.into())])?;
        let sql = format!("DELETE FROM {} WHERE doc_id = ?", element::ELEMENT.table);
        call.tx.execute(&sql, &[row.number.into()])?;
        Ok(())
    }

    fn show(&self, _: &mut Call<'_, '_>, _: &Face, rows: &[Row], shown: &mut [Map], _: bool) -> Result<()> {
        for (row, map) in rows.iter().zip(shown) {
            if row.text("docNumber").is_empty() && map.get("docNumber").is_some_and(Value::is_empty) {
                map.insert("docNumber", row.number.to_string());
            }
        }
        Ok(())
    }

    /// As the real system describes it, which takes it from no request either.
    fn describe(&self, _: &Face, fields: &mut Map, _: Locale) {
        describe::correct(fields, "statusBy", "isReadOnly", false);
    }
}

/// Who and when, unless the request says so.
fn set(draft: &mut Draft<'_>, name: &str, value: i64) {
    if matches!(draft.get(name), None | Some(Param::Null)) {
        draft.set(name, value);
    }
}

/// What people call a document: its title, or its number.
pub fn title(row: &Row) -> String {
    match row.text("title") {
        "" => format!("#{}", row.number),
        title => title.to_owned(),
    }
}
