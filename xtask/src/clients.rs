//! The published clients, from PyPI and npm, and what drives a browser, in the versions that `tests/clients` pins.

use crate::{Outcome, paths, shell, term};
use std::fs;
use std::path::{Path, PathBuf};

/// Installs all of them; a folder whose pins have not changed is left alone.
pub(crate) fn install() -> Outcome {
    python("the Python clients", "tests/clients/requirements.txt", &paths::clients().join("py"))?;
    node("the JavaScript client", Path::new("tests/clients/package.json"), &paths::clients().join("js"))?;
    browser()
}

/// Installs a server that speaks S3.
pub(crate) fn s3() -> Outcome {
    python("the S3 server", "tests/clients/s3-requirements.txt", &paths::clients().join("s3"))
}

/// Installs what drives a browser alone, into [`paths::browser`].
pub(crate) fn browser() -> Outcome {
    let pins = Path::new("tests/clients/console/package.json");
    node("what drives the browser", pins, &paths::browser())
}

/// Installs Litestream, which PyPI has as a program; where it is.
pub(crate) fn litestream() -> Outcome<PathBuf> {
    let venv = paths::clients().join("litestream");
    python("Litestream", "tests/clients/litestream.txt", &venv)?;
    Ok(venv.join("bin/litestream"))
}

fn python(what: &str, pins: &str, venv: &Path) -> Outcome {
    let pins = Path::new(pins);
    unless_current(pins, venv, || {
        term::note(&format!("installing {what}"));
        shell::quiet(shell::command("python3", &["-m", "venv", "--clear"]).arg(venv))?;
        shell::quiet(
            shell::command(
                venv.join("bin/pip"),
                &["install", "--quiet", "--disable-pip-version-check", "-r"],
            )
            .arg(pins),
        )
        .map(drop)
    })
}

fn node(what: &str, pins: &Path, folder: &Path) -> Outcome {
    unless_current(pins, folder, || {
        term::note(&format!("installing {what}"));
        fs::create_dir_all(folder)
            .and_then(|()| fs::copy(pins, folder.join("package.json")))
            .map_err(|error| format!("cannot prepare {}: {error}", folder.display()))?;
        let quiet = ["install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"];
        shell::quiet(shell::command("npm", &quiet).current_dir(folder)).map(drop)
    })
}

/// Runs `work` unless the folder holds a copy of the pins as they are now, which is left there when it went well.
fn unless_current(pins: &Path, folder: &Path, work: impl FnOnce() -> Outcome) -> Outcome {
    let wanted = fs::read(pins).map_err(|error| format!("cannot read {}: {error}", pins.display()))?;
    let stamp = folder.join(".installed");
    if fs::read(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    work()?;
    fs::write(&stamp, wanted).map_err(|error| format!("cannot write {}: {error}", stamp.display()))
}
