//! First contents: what a portal has from the start, each planted once, also into a portal that is older than they are.

use store::Tx;

use crate::error::Result;
use crate::moment::Moment;
use crate::state;
use crate::texts::Locale;

/// First contents of one kind.
pub struct Seed {
    /// The name under which it is remembered that they were planted; never changed, never used for others.
    pub name: &'static str,
    /// The names in them that are translated, in English.
    pub names: fn() -> Vec<&'static str>,
    /// Writes them, in a language.
    pub plant: fn(&mut Tx<'_>, Locale, Moment) -> Result<()>,
}

/// Plants what was not planted yet, in the language of the portal.
pub fn plant(tx: &mut Tx<'_>, seeds: &[Seed], locale: Locale, now: Moment) -> Result<()> {
    for seed in seeds {
        let name = format!("seed:{}", seed.name);
        if state::get(tx, &name)?.is_none() {
            (seed.plant)(tx, locale, now)?;
            state::set(tx, &name, &now.seconds().to_string())?;
        }
    }
    Ok(())
}
