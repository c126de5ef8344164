//! Types of payers: `sale.persontype.*`. Invoices of the older kind name the first two, `crm.persontype.*`.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{
    self, Access, Draft, Face, Faults, Field, Hooks, ID, Noun, Refusal, Row, Seed, Verb, field, noun,
};
use engine::texts::Topic;
use wire::{Fault, Map};

use super::domain::DOMAIN;
use crate::kit::{as_text, demand, faults};
use crate::order::ORDER;
use crate::property::group::GROUP;
use crate::{CRM, SCOPE};

const FAULTS: Faults = Faults {
    taken: Refusal::Numbered(200_750_000_005, "person type code exists"),
    ..faults(200_740_400_001, "person type does not exist")
};

const LEGACY: Face = Face {
    verbs: &[(Verb::List, "list"), (Verb::Fields, "fields")],
    scope: Some(CRM),
    ..Face::legacy("crm.persontype")
};

/// Types of payers.
pub static PERSON_TYPE: Noun = Noun {
    example: "3",
    access: Access::Shared,
    fields: &[
        ID,
        Field {
            in_upper: false,
            ..field("name", Kind::String, "Name").upper("TITLE").required().sample("Dealer")
        },
        field("code", Kind::String, "Code").upper("NAME").indexed().sample("DEALER"),
        field("sort", Kind::Integer, "Sort order")
            .described_as("string")
            .default("150")
            .camel_only()
            .sample("200"),
        field("active", Kind::Char, "Active").described_as("string").default("Y").camel_only(),
        field("xmlId", Kind::String, "External ID").indexed().camel_only(),
    ],
    faces: &[Face::controller("sale.persontype", "personType", "personTypes").faults(FAULTS), LEGACY],
    hooks: &PersonTypes,
    ..noun("sale.personType", "crm_person_type", SCOPE, ["payer type", "payer types"])
};

/// The codes of those that a portal has from the start.
pub const RESERVED: [&str; 2] = ["CRM_CONTACT", "CRM_COMPANY"];

struct PersonTypes;

impl Hooks for PersonTypes {
    /// Orders are for the eyes of administrators, and so is who pays them; invoices are not.
    fn admit(&self, call: &mut Call<'_, '_>, face: &Face, _: Verb) -> Result<()> {
        match call.caller.is_admin || face.naming.is_legacy() {
            true => Ok(()),
            false => Err(FAULTS.unreadable.fault().into()),
        }
    }

    fn within(&self, face: &Face) -> Option<&'static str> {
        face.naming.is_legacy().then_some("t.code IN ('CRM_CONTACT', 'CRM_COMPANY')")
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        demand(face, draft, old, &["name"])?;
        if old.is_some_and(|old| RESERVED.contains(&old.text("code"))) {
            draft.leave("code");
        }
        let Some(code) = draft.text("code").map(str::to_owned) else { return Ok(()) };
        let sql = "SELECT 1 FROM crm_person_type WHERE code = ? AND id <> ?";
        let own = old.map_or(0, |old| old.number);
        match (call.tx.one(sql, &[code.into(), own.into()], |row| row.int(0))?, old) {
            (None, _) => Ok(()),
            (Some(_), None) => Err(FAULTS.taken.fault().into()),
            (Some(_), Some(_)) => {
                Err(Fault::numbered(400, 200_750_000_007, "person type code exists").into())
            }
        }
    }

    /// Groups of properties, with the properties in them, and the domain go with it.
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        if RESERVED.contains(&row.text("code")) {
            let text = "person type code is protected";
            return Err(Fault::numbered(400, 200_750_000_003, text).into());
        }
        if noun::has(call, &ORDER, &[("personTypeId", row.number.into())])? {
            let text = "person type is used by orders";
            return Err(Fault::numbered(400, 200_750_000_008, text).into());
        }
        noun::clear(call, &DOMAIN, &[("personTypeId", row.number.into())])?;
        noun::clear(call, &GROUP, &[("personTypeId", row.number.into())])
    }

    fn show(&self, _: &mut Call<'_, '_>, face: &Face, _: &[Row], shown: &mut [Map], _: bool) -> Result<()> {
        if !face.naming.is_legacy() {
            shown.iter_mut().for_each(|map| as_text(map, "sort"));
        }
        Ok(())
    }
}

/// The names of the two that a portal has from the start, also in portals where the code stood in the place of the name.
pub const NAMES: Seed = Seed {
    name: "sale.personType",
    names: || vec!["Individual", "Legal entity"],
    seed: |tx, language, _| {
        for (code, name, sort) in [(RESERVED[0], "Individual", 100_i64), (RESERVED[1], "Legal entity", 110)] {
            let sql = "UPDATE crm_person_type SET code = ?, name = ?, sort = ?, active = 'Y' WHERE code = ? OR name = ?";
            let params = [
                code.into(),
                language.text(Topic::Names, name).into(),
                sort.into(),
                code.into(),
                code.into(),
            ];
            tx.execute(sql, &params)?;
        }
        Ok(tx.number_behind(PERSON_TYPE.table)?)
    },
};
