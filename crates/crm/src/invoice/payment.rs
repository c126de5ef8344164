//! Types of payers and payment methods, as invoices of the older kind name them: `crm.persontype.*` and `crm.paysystem.*`.

use engine::entity::Kind;
use engine::noun::{Access, Face, ID, Noun, Seed, Verb, field, noun};
use engine::texts::Topic;

use crate::SCOPE;

/// Types of payers.
pub static PERSON_TYPE: Noun = Noun {
    access: Access::Shared,
    fields: &[ID, field("name", Kind::String, "Code")],
    faces: &[Face { verbs: READING, ..Face::legacy("crm.persontype") }],
    ..noun("crm.persontype", "crm_person_type", SCOPE, ["payer type", "payer types"])
};

/// Payment methods.
pub static PAY_SYSTEM: Noun = Noun {
    access: Access::Shared,
    fields: &[
        ID,
        field("name", Kind::String, "Name"),
        field("active", Kind::Char, "Active"),
        field("sort", Kind::Integer, "Sort index"),
        field("description", Kind::Text, "Description"),
        field("personTypeId", Kind::Integer, "Payer type"),
        field("handler", Kind::String, "Handler"),
    ],
    faces: &[Face { verbs: READING, ..Face::legacy("crm.paysystem") }],
    ..noun("crm.paysystem", "crm_pay_system", SCOPE, ["payment method", "payment methods"])
};

const READING: &[(Verb, &str)] = &[(Verb::List, "list"), (Verb::Fields, "fields")];

/// Persons and companies pay, both by bank transfer.
const PAYERS: [(i64, &str); 2] = [(1, "CRM_CONTACT"), (2, "CRM_COMPANY")];

/// What the method is called that there is from the start.
pub const TRANSFER: &str = "Bank transfer";

/// What a portal has from the start. Requests add nothing to it.
pub const SEED: Seed = Seed {
    name: "crm.paysystem",
    names: || vec![TRANSFER],
    seed: |tx, language, _| {
        for (id, name) in PAYERS {
            tx.execute("INSERT INTO crm_person_type (id, name) VALUES (?, ?)", &[id.into(), name.into()])?;
            let sql = "INSERT INTO crm_pay_system (id, name, active, sort, description, person_type_id, handler) \
                       VALUES (?, ?, 'Y', 100, '', ?, 'bill')";
            let name = language.text(Topic::Names, TRANSFER);
            tx.execute(sql, &[id.into(), name.into(), id.into()])?;
        }
        Ok(())
    },
};
