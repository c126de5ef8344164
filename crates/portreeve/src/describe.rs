//! `portreeve describe`: what the registry says of itself.

use anyhow::Result;
use portal::describe;
use portal::method::Version;
use portal::texts::Language;

use crate::cli::say;

/// Prints the registry as JSON, or the table of what is done, or what each module has.
pub fn run(coverage: bool, modules: bool) -> Result<()> {
    if coverage {
        say(describe::coverage().trim_end());
    } else if modules {
        say(serde_json::to_string_pretty(&describe::modules_json())?);
    } else {
        say(serde_json::to_string_pretty(&describe::registry_json(Language::English, &Version::ALL))?);
    }
    Ok(())
}
