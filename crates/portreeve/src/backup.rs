//! `portreeve backup`.

use std::path::Path;

use anyhow::Result;
use portal::settings::Settings;

use crate::cli::note;
use crate::place::Place;

/// Copies the database while the portal works on.
pub fn run(place: &Place, to: &Path) -> Result<()> {
    place.open_existing(Settings::new(""))?.core().store.backup(to)?;
    note(format_args!(
        "{} is complete. Keep it together with {}: without the key no webhook of it can be recognised.",
        to.display(),
        place.key_file().display()
    ));
    Ok(())
}
