//! Numerators: `documentgenerator.numerator.*` and `crm.documentgenerator.numerator.*`. They number documents.

mod count;
mod settings;

pub use count::{next, preview};

use serde_json::{Value as Json, json};
use store::{Param, Tx};
use wire::Map;

use super::{CRM, NO_TEMPLATES, SCOPE, crm_faults, denied, faults};
use crate::rights::Having;
use engine::access::Level;
use engine::call::Call;
use engine::entity::{Kind, Naming};
use engine::error::Result;
use engine::moment::Moment;
use engine::noun::{
    Access, Answer, CRUD, Draft, Face, Hooks, ID, Noun, Refusal, Row, Saved, Seed, Verb, field, noun,
};
use engine::texts::{Locale, Topic};
use settings::Settings;

const MISSING: Refusal = Refusal::Coded("100", "Could not construct parameter {numerator}");

/// What the faces of both families have in common.
const fn face(path: &'static str) -> Face {
    Face {
        values: Naming::Legacy,
        changed: Answer::Row,
        deleted: Answer::Null,
        asks: &[],
        about: &[(Verb::List, "Lists numerators, 50 per page.")],
        verbs: CRUD,
        ..Face::controller(path, "numerator", "numerators")
    }
}

/// Numerators.
pub static NUMERATOR: Noun = Noun {
    example: "2",
    access: Access::Rule(&Having(|rights| rights.templates != Level::None)),
    fields: &[
        field("name", Kind::String, "Name").required().sample("Invoices"),
        field("template", Kind::String, "Template of numbers").required().sample("INV-{NUMBER}"),
        ID,
        field("code", Kind::String, "Code").read_only(),
        field("settings", Kind::Json, "Settings by generator").default("{}"),
    ],
    faces: &[
        face("documentgenerator.numerator").faults(faults(MISSING, NO_TEMPLATES)),
        Face { scope: Some(CRM), ..face("crm.documentgenerator.numerator") }
            .faults(crm_faults(MISSING, NO_TEMPLATES)),
    ],
    hooks: &Numerator,
    ..noun("documents.numerator", "documents_numerator", SCOPE, ["numerator", "numerators"])
};

struct Numerator;

impl Hooks for Numerator {
    fn prepare(
        &self,
        _: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        old.map_or(Ok(()), require_own)?;
        if let Some(Param::Text(given)) = draft.get("settings") {
            let given: Json = serde_json::from_str(given).unwrap_or_default();
            draft.set("settings", Settings::read(&given).to_json().to_string());
        }
        Ok(())
    }

    /// A new beginning begins at once.
    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        let start = |row: &Row| Settings::of(row).start;
        if saved.old.is_some_and(|old| start(old) != start(saved.row)) {
            count::clear(call, saved.row.number)?;
        }
        Ok(())
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        require_own(row)?;
        count::clear(call, row.number)
    }

    /// The number of one that was just added is a number, elsewhere it is text; a list has no codes.
    fn show(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        rows: &[Row],
        shown: &mut [Map],
        whole: bool,
    ) -> Result<()> {
        for (row, map) in rows.iter().zip(shown) {
            if !whole {
                map.remove("code");
            } else if call.method.name.ends_with(".add") {
                map.insert("id", row.number);
            }
        }
        Ok(())
    }
}

/// The one that every portal has is fixed.
fn require_own(row: &Row) -> Result<()> {
    if row.text("code").is_empty() { Ok(()) } else { Err(denied().into()) }
}

/// The numerator of a new portal.
pub const SEED: Seed = Seed { name: "documents.numerator", names: || vec![GENERAL], seed };

const GENERAL: &str = "General number";

fn seed(tx: &mut Tx<'_>, language: Locale, _: Moment) -> Result<()> {
    let sql = "INSERT INTO documents_numerator (name, template, code, settings) VALUES (?, '{NUMBER}', 'GENERAL', ?)";
    let settings = Settings::read(&json!({})).to_json().to_string();
    tx.execute(sql, &[language.text(Topic::Names, GENERAL).into(), settings.into()])?;
    Ok(())
}
