//! Whether payers of a type are persons or companies: `sale.businessValuePersonDomain.*`.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{self, Access, Draft, Face, Faults, Hooks, Noun, Refusal, Row, Seed, Verb, field, noun};
use wire::{Fault, Value};

use super::person_type::{PERSON_TYPE, RESERVED};
use crate::SCOPE;
use crate::kit::{faults, keyed};

const FAULTS: Faults = Faults {
    taken: Refusal::Numbered(201_450_000_001, "Duplicate entry for key [personTypeId]"),
    ..faults(201_440_400_003, "business value person domain does not exist")
};

/// Domains of payer types.
pub static DOMAIN: Noun = Noun {
    key: &["personTypeId", "domain"],
    fields: &[
        field("personTypeId", Kind::Integer, "Payer type").required().immutable().indexed().sample("3"),
        field("domain", Kind::Choice(&["I", "E"]), "Domain: I persons, E companies")
            .described_as("char")
            .required()
            .immutable()
            .sample("E"),
    ],
    faces: &[Face {
        samples: || serde_json::json!({"fields": {"personTypeId": 1, "domain": "I"}}),
        ..keyed("sale.businessValuePersonDomain", "businessValuePersonDomain", "businessValuePersonDomains")
    }
    .faults(FAULTS)],
    access: Access::Administrators,
    hooks: &Domains,
    ..noun(
        "sale.businessValuePersonDomain",
        "sale_person_domain",
        SCOPE,
        ["domain of a payer type", "domains of payer types"],
    )
};

/// Those of the payer types that a portal has from the start, where nobody said otherwise.
pub const SEED: Seed = Seed {
    name: "sale.businessValuePersonDomain",
    names: Vec::new,
    seed: |tx, _, _| {
        for (code, domain) in RESERVED.into_iter().zip(["I", "E"]) {
            let sql = "INSERT INTO sale_person_domain (person_type_id, domain) SELECT t.id, ? FROM crm_person_type t \
                       WHERE t.code = ? AND NOT EXISTS (SELECT 1 FROM sale_person_domain d WHERE d.person_type_id = t.id)";
            tx.execute(sql, &[domain.into(), code.into()])?;
        }
        Ok(())
    },
};

struct Domains;

impl Hooks for Domains {
    fn admit(&self, call: &mut Call<'_, '_>, _: &Face, verb: Verb) -> Result<()> {
        if verb != Verb::Delete || !call.caller.is_admin {
            return Ok(());
        }
        let fields = call.fields("fields");
        let lacks = |name: &str| fields.get(name).is_none_or(Value::is_empty);
        for (name, number) in [("personTypeId", 201_450_000_002), ("domain", 201_450_000_003)] {
            if lacks(name) {
                return Err(Fault::numbered(400, number, format!("Required fields: {name}")).into());
            }
        }
        Ok(())
    }

    /// A payer type has one domain.
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        _: Option<&Row>,
    ) -> Result<()> {
        let Some(id) = draft.int("personTypeId") else { return Ok(()) };
        if !noun::has(call, &PERSON_TYPE, &[("id", id.into())])? {
            return Err(Fault::numbered(400, 201_240_400_002, "person type does not exist").into());
        }
        match noun::has(call, &DOMAIN, &[("personTypeId", id.into())])? {
            true => Err(FAULTS.taken.fault().into()),
            false => Ok(()),
        }
    }
}
