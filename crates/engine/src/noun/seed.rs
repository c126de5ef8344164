//! First contents: what a portal has from the start, each seeded once, also into a portal that is older than they are.

use store::Tx;

use crate::error::Result;
use crate::moment::Moment;
use crate::state;
use crate::texts::Locale;

/// First contents of one kind.
pub struct Seed {
    /// The name under which it is remembered that they were seeded; never changed, never used for others.
    pub name: &'static str,
    /// The names in them that are translated, in English.
    pub names: fn() -> Vec<&'static str>,
    /// Writes them, in a language.
    pub seed: fn(&mut Tx<'_>, Locale, Moment) -> Result<()>,
}

/// Seeds what was not seeded yet, in the language of the portal.
pub fn seed(tx: &mut Tx<'_>, seeds: &[Seed], locale: Locale, now: Moment) -> Result<()> {
    for seed in seeds {
        let name = format!("seed:{}", seed.name);
        if state::get(tx, &name)?.is_none() {
            (seed.seed)(tx, locale, now)?;
            state::set(tx, &name, &now.seconds().to_string())?;
        }
    }
    Ok(())
}
