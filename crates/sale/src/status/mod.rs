//! Statuses of orders and shipments: `sale.status.*`, and what they are called in the languages of people.

pub mod lang;

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{self, Access, Draft, Face, Faults, Hooks, Id, Noun, Refusal, Row, Seed, field, noun};
use wire::Fault;

use crate::SCOPE;
use crate::kit::{demand, faults};
use crate::order::ORDER;
use crate::shipment::SHIPMENT;

const FAULTS: Faults = Faults {
    taken: Refusal::Numbered(201_350_000_001, "Duplicate entry for key [id]"),
    invalid: |name| match name {
        "type" => Fault::numbered(400, 201_350_000_003, "type value is wrong"),
        _ => (engine::noun::CONTROLLER_FAULTS.invalid)(name),
    },
    ..faults(201_340_400_001, "status does not exist")
};

/// Statuses.
pub static STATUS: Noun = Noun {
    key: &["code"],
    example: "S",
    access: Access::Administrators,
    fields: &[
        field("code", Kind::String, "ID")
            .camel("id")
            .upper("ID")
            .required()
            .unique()
            .immutable()
            .sample("MS"),
        field("type", Kind::Choice(&["O", "D"]), "Type: O order, D shipment")
            .described_as("char")
            .required()
            .sample("O"),
        field("notify", Kind::Char, "Tells the customer").described_as("string").default("Y"),
        field("sort", Kind::Integer, "Sort order").default("100").sample("500"),
        field("color", Kind::String, "Color").sample("#FF0000"),
        field("xmlId", Kind::String, "External ID").indexed().sample("shop-ms"),
    ],
    faces: &[
        Face { id: Id::Param("id"), ..Face::controller("sale.status", "status", "statuses") }.faults(FAULTS)
    ],
    hooks: &Statuses,
    ..noun("sale.status", "sale_status", SCOPE, ["status of orders", "statuses of orders"])
};

/// Those that orders and shipments begin and end with stay, and so do their types.
const SYSTEM: [&str; 4] = ["N", "F", "DN", "DF"];

/// The characters that an ID has at most.
const LENGTH: usize = 2;

struct Statuses;

impl Hooks for Statuses {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        demand(face, draft, old, &["type"])?;
        let Some(old) = old else { return new(draft) };
        if draft.text("type").is_none_or(|kind| kind == old.text("type")) {
            return Ok(());
        }
        if SYSTEM.contains(&old.text("code")) {
            let text = "the type of a system status cannot be changed";
            return Err(Fault::numbered(400, 201_350_000_006, text).into());
        }
        match is_used(call, old)? {
            false => Ok(()),
            true if old.text("type") == "O" => {
                Err(Fault::numbered(400, 201_350_000_007, "status is used by orders").into())
            }
            true => Err(Fault::numbered(400, 201_350_000_008, "status is used by shipments").into()),
        }
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        let code = row.text("code");
        if SYSTEM.contains(&code) || is_used(call, row)? {
            let text = format!("status {code} cannot be deleted");
            return Err(Fault::numbered(400, 201_350_000_002, text).into());
        }
        noun::clear(call, &lang::LANG, &[("statusId", code.to_owned().into())])
    }
}

fn new(draft: &Draft<'_>) -> Result<()> {
    match draft.text("code") {
        Some(code) if code.chars().count() > LENGTH => {
            Err(Fault::numbered(400, 201_350_000_005, "length of id is exceeded").into())
        }
        None if draft.is_given("code") => Err(Fault::numbered(400, 201_350_000_004, "id is empty").into()),
        _ => Ok(()),
    }
}

/// Whether orders or shipments have a status.
fn is_used(call: &mut Call<'_, '_>, row: &Row) -> Result<bool> {
    let noun = if row.text("type") == "O" { &ORDER } else { &SHIPMENT };
    noun::has(call, noun, &[("statusId", row.get("code").clone())])
}

/// Whether there is a status of that type with this code.
pub fn exists(call: &mut Call<'_, '_>, code: &str, kind: &'static str) -> Result<bool> {
    noun::has(call, &STATUS, &[("code", code.to_owned().into()), ("type", kind.into())])
}

/// Code, type, sort order and color of those that a portal has from the start.
const DEFAULTS: [(&str, &str, i64, &str); 8] = [
    ("N", "O", 10, "#BEEDF1"),
    ("S", "O", 120, "#C4DFB0"),
    ("P", "O", 100, "#A5DCF3"),
    ("D", "O", 140, "#FFC8C8"),
    ("F", "O", 150, "#B4E5A2"),
    ("DN", "D", 300, "#BEEDF1"),
    ("DD", "D", 360, "#FFC8C8"),
    ("DF", "D", 400, "#B4E5A2"),
];

/// The statuses of a new portal.
pub const SEED: Seed = Seed {
    name: "sale.status",
    names: Vec::new,
    seed: |tx, _, _| {
        for (code, kind, sort, color) in DEFAULTS {
            let sql = "INSERT INTO sale_status (code, type, notify, sort, color) VALUES (?, ?, 'Y', ?, ?)";
            tx.execute(sql, &[code.into(), kind.into(), sort.into(), color.into()])?;
        }
        lang::seed(tx)
    },
};
