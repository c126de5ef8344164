//! `cargo xtask screenshots`: what the console looks like, page by page.

use crate::{Outcome, clients, install, paths, shell, term, web};
use std::fs;
use std::path::Path;

/// Those that the documents show, by their names there.
const SHOWN: &[(&str, &str)] = &[
    ("scenarios-desk-light", "use-cases"),
    ("inbound-desk-light", "inbound-webhook"),
    ("integrations-desk-light", "integrations"),
    ("delivery-desk-dark", "delivery"),
    ("lead-desk-light", "lead"),
    ("deliveries-phone-dark", "phone"),
];
const DOCS: &str = "docs/images";
/// Bytes. Documents are read over slow lines, too.
const LARGEST: u64 = 150 * 1024;

/// Takes pictures of all of them; with `--docs` also those that the documents show.
pub(crate) fn take(arguments: &[String]) -> Outcome {
    let for_docs = match arguments {
        [] => false,
        [one] if one == "--docs" => true,
        [other, ..] => return Err(format!("what is {other}? `cargo xtask screenshots --help`")),
    };
    install::system()?;
    clients::browser()?;
    web::build_if_possible()?;
    shell::run(shell::cargo().args(["build", "--package", "portreeve"]))?;
    let folder = paths::target().join("screenshots");
    term::step("Taking pictures of every page", || {
        let mut script = shell::command("node", &["tests/clients/console/screenshots.mjs"]);
        script.env("CLIENTS", paths::browser()).env("PROGRAM", paths::built("debug", "portreeve"));
        shell::quiet(script.env("FOLDER", &folder)).map(drop)
    })?;
    term::note(&format!("they are in {}", folder.display()));
    if for_docs { copy(&folder) } else { Ok(()) }
}

fn copy(folder: &Path) -> Outcome {
    for (name, shown) in SHOWN {
        let from = folder.join(format!("{name}.png"));
        let to = Path::new(DOCS).join(format!("{shown}.png"));
        let failed = |error| format!("cannot copy {} to {}: {error}", from.display(), to.display());
        fs::create_dir_all(DOCS).map_err(failed)?;
        let size = fs::copy(&from, &to).map_err(failed)?;
        if size > LARGEST {
            return Err(format!(
                "{} has {size} bytes; at most {LARGEST} are shown in documents",
                to.display()
            ));
        }
    }
    Ok(())
}
