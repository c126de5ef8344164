//! VAT rates: `catalog.vat.*` and, in the legacy spelling, `crm.vat.*`.

use store::{Param, Tx};
use wire::{Fault, Map, Value};

use super::{CRM, SCOPE, faults};
use engine::call::Call;
use engine::entity::{Kind, describe};
use engine::error::Result;
use engine::moment::Moment;
use engine::noun::{
    Access, Answer, Described, Face, Faults, Hooks, ID, Noun, Refusal, Row, Seed, Stamp, field, noun,
};
use engine::texts::{Locale, Topic};

const FAULTS: Faults = faults(200_800_000_000, "The VAT rate does not exist");

const LEGACY: Faults = Faults {
    missing: Refusal::Coded("400", "VAT rate not found."),
    unreadable: Refusal::Coded("400", "Access denied."),
    unwritable: Refusal::Coded("400", "Access denied."),
    taken: Refusal::Coded("400", "Invalid parameters."),
    required: |_| Fault::new(400, "400", "Invalid parameters."),
    ..engine::noun::LEGACY_FAULTS
};

/// VAT rates.
pub static VAT: Noun = Noun {
    access: Access::Shared,
    fields: &[
        ID.sized("11"),
        field("timestampX", Kind::DateTime, "Changed").stamped(Stamp::Changed),
        field("active", Kind::Char, "Active").default("Y").sized("1"),
        field("sort", Kind::Integer, "Sort order").upper("C_SORT").default("100").sized("18").sample("10"),
        field("name", Kind::String, "Name").required().sized("50").sample("VAT 13%"),
        field("rate", Kind::Decimal(2), "Rate in percent").required().sized("18,2").sample("13"),
    ],
    faces: &[
        Face { one: Answer::Row, ..Face::controller("catalog.vat", "vat", "vats") }.faults(FAULTS),
        Face {
            scope: Some(CRM),
            changed: Answer::Key,
            described: Described::Sized,
            ..Face::legacy("crm.vat")
        }
        .faults(LEGACY),
    ],
    hooks: &Vat,
    ..noun("catalog.vat", "catalog_vat", SCOPE, ["VAT rate", "VAT rates"])
};

struct Vat;

impl Hooks for Vat {
    /// "No VAT" has no rate in the legacy spelling and 0 in the other.
    fn show(&self, _: &mut Call<'_, '_>, face: &Face, _: &[Row], shown: &mut [Map], _: bool) -> Result<()> {
        let typed = shown.iter_mut().filter(|_| !face.naming.is_legacy());
        typed.filter(|map| map.get("rate") == Some(&Value::Null)).for_each(|map| map.insert("rate", 0));
        Ok(())
    }

    /// As the real system describes them, which reads `timestampX` from no request either.
    fn describe(&self, face: &Face, fields: &mut Map, _: Locale) {
        if face.naming.is_legacy() {
            describe::correct(fields, "ACTIVE", "type", "string");
        } else {
            describe::correct(fields, "timestampX", "isReadOnly", false);
        }
    }
}

/// The rates of a new portal.
pub const SEED: Seed =
    Seed { name: "catalog.vat", names: || RATES.iter().map(|(name, _)| *name).collect(), seed };

/// Names, with the rate in hundredths of a percent.
const RATES: [(&str, Option<i64>); 3] = [("No VAT", None), ("VAT 0%", Some(0)), ("VAT 20%", Some(2000))];

fn seed(tx: &mut Tx<'_>, language: Locale, now: Moment) -> Result<()> {
    let sql = "INSERT INTO catalog_vat (timestamp_x, active, sort, name, rate) VALUES (?, 'Y', 100, ?, ?)";
    RATES.iter().try_for_each(|(name, rate)| {
        let params: [Param<'_>; 3] =
            [now.seconds().into(), language.text(Topic::Names, name).into(), (*rate).into()];
        tx.execute(sql, &params)?;
        Ok(())
    })
}
