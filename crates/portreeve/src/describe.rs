//! `portreeve describe`: what the registry says of itself.

use anyhow::{Result, bail};
use portal::describe::{self, openapi};
use portal::method::Version;
use portal::texts::Language;
use serde_json::Value;

use crate::cli::{OpenApi, say};

/// Prints the registry as JSON, or the table of what is done, or what each module has, or a document of OpenAPI.
pub fn run(coverage: bool, modules: bool, wanted: &OpenApi) -> Result<()> {
    if coverage {
        say(describe::coverage().trim_end());
    } else if modules {
        say(serde_json::to_string_pretty(&describe::modules_json())?);
    } else if wanted.openapi {
        say(serde_json::to_string_pretty(&document(wanted)?)?);
    } else {
        say(serde_json::to_string_pretty(&describe::registry_json(Language::English, &Version::ALL))?);
    }
    Ok(())
}

fn document(wanted: &OpenApi) -> Result<Value> {
    let version = wanted.version.map(|number| if number == 3 { Version::V3 } else { Version::V2 });
    if let Some(name) = &wanted.module {
        let names: Vec<&str> = portal::modules().listed().iter().map(|module| module.name).collect();
        if !names.contains(&name.as_str()) {
            bail!("There is no module {name}. The modules are {}.", names.join(", "));
        }
    }
    let methods = openapi::served()
        .filter(|method| version.is_none_or(|version| method.version == version))
        .filter(|method| wanted.module.as_ref().is_none_or(|module| method.module == module));
    let document = openapi::Document {
        title: openapi::TITLE,
        base_url: &wanted.server,
        owner: None,
        language: Language::English,
    };
    Ok(document.of(methods))
}
