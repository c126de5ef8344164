//! How many units a product is sold by: `catalog.ratio.*`, which are only read. Every product has one.

use store::Tx;

use super::{SCOPE, faults};
use engine::entity::Kind;
use engine::error::Result;
use engine::moment::Moment;
use engine::noun::{Access, Face, ID, Noun, Seed, field, noun};
use engine::texts::Locale;

/// Ratios.
pub static RATIO: Noun = Noun {
    access: Access::Shared,
    fields: &[
        ID,
        field("productId", Kind::Noun("catalog.product"), "Product").required().indexed(),
        field("ratio", Kind::Double, "Units that it is sold by").required(),
        field("isDefault", Kind::Char, "Used unless another one is chosen").default("N"),
    ],
    faces: &[Face::controller("catalog.ratio", "ratio", "ratios")
        .verbs(super::READ)
        .faults(faults(0, "The ratio does not exist"))],
    ..noun("catalog.ratio", "catalog_ratio", SCOPE, ["ratio", "ratios"])
};

/// Gives a new product its ratio.
pub fn add(tx: &mut Tx<'_>, product: i64) -> Result<()> {
    let sql = "INSERT INTO catalog_ratio (product_id, ratio, is_default) VALUES (?, 1, 'Y')";
    tx.execute(sql, &[product.into()])?;
    Ok(())
}

/// Deletes those of a product that goes itself.
pub fn delete_all(tx: &mut Tx<'_>, product: i64) -> Result<()> {
    tx.execute("DELETE FROM catalog_ratio WHERE product_id = ?", &[product.into()])?;
    Ok(())
}

/// Those of products that were there before.
pub const SEED: Seed = Seed { name: "catalog.ratio", names: Vec::new, seed };

fn seed(tx: &mut Tx<'_>, _: Locale, _: Moment) -> Result<()> {
    let sql =
        "INSERT INTO catalog_ratio (product_id, ratio, is_default) SELECT id, 1, 'Y' FROM catalog_product";
    tx.execute(sql, &[])?;
    Ok(())
}
