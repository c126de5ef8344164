//! The rows to measure on.

use super::load::{Pool, Until};
use super::subjects;
use it::{Portal, Server};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

const CONTACTS: usize = 1_000;

/// A portal, not running, with that many leads and a thousand contacts, all added through its own door.
pub(crate) fn portal(program: PathBuf, leads: usize) -> Result<Portal, String> {
    eprintln!("    adding {leads} leads and {CONTACTS} contacts");
    let server = Portal::of(program).start();
    add(&server, "crm.lead.add", leads)?;
    add(&server, "crm.contact.add", CONTACTS)?;
    Ok(server.stop())
}

/// Adds items through the server's own door.
pub(crate) fn add(server: &Server, method: &str, count: usize) -> Result<(), String> {
    let hook = server.hook("crm");
    let item = |number: usize| subjects::request(&hook, method, &json!({"fields": subjects::lead(number)}));
    Pool::open(server.address())?.run(&(0..count).map(item).collect::<Vec<_>>(), Until::Answered(count))?;
    Ok(())
}

/// Copies a data folder.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let copied = fs::create_dir_all(to).and_then(|()| {
        for entry in fs::read_dir(from)? {
            let file = entry?.path();
            if file.is_file() {
                fs::copy(&file, to.join(file.file_name().unwrap_or_default()))?;
            }
        }
        Ok(())
    });
    copied.map_err(|error| format!("cannot copy {}: {error}", from.display()))
}
