//! How much of the documented API is there, as the page `docs/coverage.md`.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::registry::registry;

/// Every documented method that a webhook may call: name, module, scope. Facts only; `xtask/facts.py` makes it.
const DOCUMENTED: &str = include_str!("documented.tsv");

#[derive(Default)]
struct Module<'a> {
    done: Vec<&'a str>,
    missing: usize,
}

/// The page, in Markdown.
pub fn coverage() -> String {
    let mut modules: BTreeMap<&str, Module<'_>> = BTreeMap::new();
    for line in DOCUMENTED.lines().skip(1) {
        let mut cells = line.split('\t');
        let (Some(name), Some(module)) = (cells.next(), cells.next()) else { continue };
        let module = modules.entry(module.split('/').next().unwrap_or(module)).or_default();
        match registry().find(name) {
            Some(method) if !method.refused => module.done.push(name),
            _ => module.missing += 1,
        }
    }
    let done: usize = modules.values().map(|module| module.done.len()).sum();
    let all: usize = modules.values().map(|module| module.done.len() + module.missing).sum();
    let refused = registry().methods().iter().filter(|method| method.refused).count();
    let mut page = String::from("# Coverage\n\nMade by `cargo xtask docs`; do not edit.\n\n");
    _ = writeln!(
        page,
        "Of {all} documented methods that a webhook may call, **{done}** are here. A method that is not here answers \
         404 `ERROR_METHOD_NOT_FOUND`. Another {refused} methods need an application: they answer a webhook with the same \
         refusal as the real system.\n"
    );
    page.push_str("| module | done | documented | methods |\n|---|--:|--:|---|\n");
    for (name, module) in modules {
        let total = module.done.len() + module.missing;
        let methods: Vec<String> = module.done.iter().map(|method| format!("`{method}`")).collect();
        _ = writeln!(page, "| {name} | {} | {total} | {} |", module.done.len(), methods.join(" "));
    }
    page
}
