//! Sections of the catalogue: `catalog.section.*` and, of the CRM's catalogue, `crm.productsection.*`.

use wire::{Fault, Map};

use super::product::PRODUCT;
use super::{CRM, SCOPE, faults};
use engine::call::Call;
use engine::entity::{Kind, describe};
use engine::error::Result;
use engine::noun::{self, Access, Draft, Events, Face, Faults, Hooks, ID, Noun, Refusal, Row, field, noun};
use engine::texts::Locale;

const FAULTS: Faults = Faults {
    unreadable: Refusal::Numbered(200_040_300_040, "Access Denied"),
    unwritable: Refusal::Numbered(200_040_300_040, "Access Denied"),
    taken: Refusal::Numbered(200_700_300_040, "A section with this code already exists"),
    ..faults(200_700_300_030, "The section does not exist")
};

/// Sections.
pub static SECTION: Noun = Noun {
    access: Access::Shared,
    fields: &[
        ID,
        field("iblockId", Kind::Noun("catalog.catalog"), "Catalogue")
            .upper("CATALOG_ID")
            .default("1")
            .required()
            .immutable()
            .indexed()
            .sample("1"),
        field("iblockSectionId", Kind::Noun("catalog.section"), "Section above")
            .upper("SECTION_ID")
            .indexed(),
        field("name", Kind::String, "Name").required().sample("Toys"),
        field("xmlId", Kind::String, "External ID").indexed(),
        field("code", Kind::String, "Code").indexed().sample("toys"),
        field("sort", Kind::Integer, "Sort order").camel_only().default("500"),
        field("active", Kind::Char, "Active").camel_only().default("Y"),
        field("description", Kind::Text, "Description").camel_only(),
        field("descriptionType", Kind::Choice(&["text", "html"]), "Type of the description")
            .camel_only()
            .default("text"),
    ],
    faces: &[
        Face::controller("catalog.section", "section", "sections").faults(FAULTS),
        Face { scope: Some(CRM), ..Face::legacy("crm.productsection") },
    ],
    events: Some(Events::new("ONCRMPRODUCTSECTION").scoped(CRM)),
    hooks: &Section,
    ..noun("catalog.section", "catalog_section", SCOPE, ["section of products", "sections of products"])
};

struct Section;

impl Hooks for Section {
    /// A section lies in the same catalogue as the one above it, and never below itself.
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        let catalog = draft.after(old, "iblockId").clone();
        let mut above = draft.int("iblockSectionId").filter(|id| *id != 0);
        while let Some(id) = above {
            let sql = "SELECT iblock_section_id, iblock_id FROM catalog_section WHERE id = ?";
            let found = call.tx.one(sql, &[id.into()], |row| Ok((row.opt_int(0)?, row.opt_int(1)?)))?;
            let is_itself = old.is_some_and(|old| old.number == id);
            match found {
                Some((next, within)) if !is_itself && store::Param::from(within) == catalog => above = next,
                // Whether a section exists at all is checked with all links.
                None => break,
                Some(_) => return Err(misplaced(face).into()),
            }
        }
        Ok(())
    }

    /// As the real system describes it: an update may name the catalogue, and does not change it.
    fn describe(&self, _: &Face, fields: &mut Map, _: Locale) {
        describe::correct(fields, "iblockId", "isImmutable", false);
    }

    /// Deletes everything in the section with it.
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        let below = "WITH RECURSIVE below(id) AS (SELECT id FROM catalog_section WHERE iblock_section_id = ? \
                     UNION SELECT s.id FROM catalog_section s JOIN below ON s.iblock_section_id = below.id) ";
        let sql = format!("{below}SELECT id FROM below UNION SELECT CAST(? AS {{int}})");
        let sql = call.tx.dialect().expand(&sql);
        let sections = call.tx.all(&sql, &[row.number.into(), row.number.into()], |row| row.int(0))?;
        for section in sections {
            noun::clear(call, &PRODUCT, &[("iblockSectionId", section.into())])?;
        }
        let sql = format!("{below}DELETE FROM catalog_section WHERE id IN (SELECT id FROM below)");
        call.tx.execute(&sql, &[row.number.into()])?;
        Ok(())
    }
}

fn misplaced(face: &Face) -> Fault {
    let text = "The section above must belong to the same catalogue and may not lie below this one";
    if face.naming.is_legacy() { Fault::crm(text) } else { Fault::numbered(400, 200_700_300_010, text) }
}
