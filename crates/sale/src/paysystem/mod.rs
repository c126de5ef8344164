//! Pay systems: `sale.paysystem.*`. What handles them is described here and called nowhere.

pub mod handler;
pub mod pay;
pub mod settings;
pub mod system;

use engine::method::Method;

/// The scope of the family.
pub const PAY_SYSTEM: &str = "pay_system";

/// The methods beyond those of its nouns.
pub fn methods() -> Vec<Method> {
    [settings::methods(), pay::methods()].into_iter().flatten().collect()
}
