//! Markups: `catalog.extra.*`, which are only read.

use store::Tx;

use super::{SCOPE, faults};
use engine::entity::Kind;
use engine::error::Result;
use engine::moment::Moment;
use engine::noun::{Access, Face, ID, Noun, Seed, field, noun};
use engine::texts::{Locale, Topic};

/// Markups.
pub static EXTRA: Noun = Noun {
    access: Access::Shared,
    fields: &[
        ID,
        field("name", Kind::String, "Name").required(),
        field("percentage", Kind::Double, "Markup in percent").required(),
    ],
    faces: &[Face::controller("catalog.extra", "extra", "extras")
        .verbs(super::READ)
        .faults(faults(202_000_000_000, "The markup does not exist"))],
    ..noun("catalog.extra", "catalog_extra", SCOPE, ["markup", "markups"])
};

/// The markup of a new portal.
pub const SEED: Seed = Seed { name: "catalog.extra", names: || vec![NAME], seed };

/// Its name.
const NAME: &str = "Standard markup";

fn seed(tx: &mut Tx<'_>, language: Locale, _: Moment) -> Result<()> {
    let sql = "INSERT INTO catalog_extra (name, percentage) VALUES (?, 20)";
    tx.execute(sql, &[language.text(Topic::Names, NAME).into()])?;
    Ok(())
}
