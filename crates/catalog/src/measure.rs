//! Units of measure: `catalog.measure.*` and, in the legacy spelling, `crm.measure.*`.

use store::Tx;

use super::{CRM, SCOPE, faults};
use engine::entity::Kind;
use engine::error::Result;
use engine::moment::Moment;
use engine::noun::{Access, Events, Face, Faults, ID, Noun, Refusal, Seed, field, noun};
use engine::texts::{Locale, Topic};

const FAULTS: Faults = Faults {
    taken: Refusal::Numbered(200_600_000_000, "A unit of measure with this code already exists"),
    ..faults(200_600_000_020, "The unit of measure does not exist")
};

/// Units of measure.
pub static MEASURE: Noun = Noun {
    access: Access::Shared,
    fields: &[
        ID,
        field("code", Kind::Integer, "Code").required().unique().sample("715"),
        field("measureTitle", Kind::String, "Name").required().sample("Pair"),
        field("symbol", Kind::String, "Symbol").upper("SYMBOL_RUS").sample("pr"),
        field("symbolIntl", Kind::String, "International symbol").sample("pr"),
        field("symbolLetterIntl", Kind::String, "International letter code").sample("NPR"),
        field("isDefault", Kind::Char, "Unit of new products").default("N").single(&[]),
    ],
    faces: &[
        Face::controller("catalog.measure", "measure", "measures").faults(FAULTS),
        Face { scope: Some(CRM), ..Face::legacy("crm.measure") },
    ],
    events: Some(Events::new("ONCRMMEASURE").scoped(CRM)),
    ..noun("catalog.measure", "catalog_measure", SCOPE, ["unit of measure", "units of measure"])
};

/// The five units of a new portal.
pub const SEED: Seed = Seed {
    name: "catalog.measure",
    names: || UNITS.iter().flat_map(|(_, title, symbol, ..)| [*title, *symbol]).collect(),
    seed,
};

/// Code, name, symbol, and the international symbol and letter code.
const UNITS: [(i64, &str, &str, &str, &str); 5] = [
    (6, "Meter", "m", "m", "MTR"),
    (112, "Liter", "l", "l", "LTR"),
    (163, "Gram", "g", "g", "GRM"),
    (166, "Kilogram", "kg", "kg", "KGM"),
    (796, "Piece", "pcs", "pc", "PCE"),
];

fn seed(tx: &mut Tx<'_>, language: Locale, _: Moment) -> Result<()> {
    let sql = "INSERT INTO catalog_measure (code, measure_title, symbol, symbol_intl, symbol_letter_intl, is_default) \
               VALUES (?, ?, ?, ?, ?, ?)";
    UNITS.iter().try_for_each(|(code, title, symbol, intl, letters)| {
        let default = if *code == 796 { "Y" } else { "N" };
        let params = [
            (*code).into(),
            language.text(Topic::Names, title).into(),
            language.text(Topic::Names, symbol).into(),
            (*intl).into(),
            (*letters).into(),
            default.into(),
        ];
        tx.execute(sql, &params)?;
        Ok(())
    })
}
