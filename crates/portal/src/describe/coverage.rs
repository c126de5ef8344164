//! How much of the documented API is there, as the page `docs/coverage.md`.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::modules;
use engine::method::Version;

/// Every documented method that a webhook may call: name, module, scope. Facts only; `xtask/facts.py` makes it.
const METHODS: &str = include_str!("documented.tsv");

/// The same for the events that an outbound webhook may listen to.
const EVENTS: &str = include_str!("documented_events.tsv");

#[derive(Default)]
struct Module<'a> {
    done: Vec<&'a str>,
    missing: usize,
}

/// Documented methods by module.
struct Modules<'a>(BTreeMap<&'a str, Module<'a>>);

impl<'a> Modules<'a> {
    /// Sorts a table of names and modules by whether `is_here`.
    fn read(table: &'a str, is_here: impl Fn(&str) -> bool) -> Self {
        let mut modules: BTreeMap<&str, Module<'_>> = BTreeMap::new();
        for line in table.lines().skip(1) {
            let mut cells = line.split('\t');
            let (Some(name), Some(module)) = (cells.next(), cells.next()) else { continue };
            let module = modules.entry(module.split('/').next().unwrap_or(module)).or_default();
            if is_here(name) { module.done.push(name) } else { module.missing += 1 }
        }
        Modules(modules)
    }

    fn done(&self) -> usize {
        self.0.values().map(|module| module.done.len()).sum()
    }

    fn all(&self) -> usize {
        self.done() + self.0.values().map(|module| module.missing).sum::<usize>()
    }

    /// The table in Markdown; `what` is the name of its last column.
    fn table(&self, what: &str) -> String {
        let mut table = format!("| module | done | documented | {what} |\n|---|--:|--:|---|\n");
        for (name, module) in &self.0 {
            let total = module.done.len() + module.missing;
            let names: Vec<String> = module.done.iter().map(|name| format!("`{name}`")).collect();
            _ = writeln!(table, "| {name} | {} | {total} | {} |", module.done.len(), names.join(" "));
        }
        table
    }
}

/// The page, in Markdown.
pub fn coverage() -> String {
    let methods = Modules::read(METHODS, |name| Version::ALL.iter().any(|version| is_here(*version, name)));
    let events = Modules::read(EVENTS, |name| modules().event(name).is_some());
    let refused = modules().methods().iter().filter(|method| method.refused).count();
    format!(
        "# Coverage\n\nMade by `cargo xtask docs`; do not edit.\n\n## Methods\n\n\
         Of {} documented methods that a webhook may call, **{}** are here. A method that is not here answers \
         404 `ERROR_METHOD_NOT_FOUND`. Another {refused} methods need an application: they answer a webhook with the same \
         refusal as the real system.{}\n\nA method counts once, whichever version has it; {} are called in REST 3.0.\n\n{}\n## Events\n\n\
         Of {} documented events that an outbound webhook may listen to, **{}** are raised. Others cannot be \
         chosen: `ERROR_EVENT_NOT_FOUND`.\n\n{}",
        methods.all(),
        methods.done(),
        exceptions(),
        newer(),
        methods.table("methods"),
        events.all(),
        events.done(),
        events.table("events"),
    )
}

/// Whether there is a method of that name in a version that does not only refuse.
fn is_here(version: Version, name: &str) -> bool {
    modules().find_in(version, name).is_some_and(|method| !method.refused)
}

/// How many methods of REST 3.0 there are.
fn newer() -> usize {
    modules().methods().iter().filter(|method| method.version == Version::V3).count()
}

/// Which of the refusing methods answer a webhook all the same, and when.
fn exceptions() -> String {
    let mut cases: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for method in modules().methods() {
        if let Some(case) = method.unless {
            cases.entry(case).or_default().push(format!("`{}`", method.name));
        }
    }
    let told = |(case, names): (&str, Vec<String>)| {
        format!(" Of these, {} work for a webhook if {case} (not with `--strict`).", names.join(", "))
    };
    cases.into_iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::event::Event;

    #[test]
    fn every_event_is_a_documented_one_of_its_scope() {
        let row = |line: &'static str| {
            let cells: Vec<&str> = line.split('\t').collect();
            (cells[0], cells[2])
        };
        let documented: Vec<(&str, &str)> = EVENTS.lines().map(row).collect();
        // The pages of older invoices are of before outbound webhooks; the real console offers their events all the same.
        // Those that are addressed, nobody can choose. The click on a number is documented for applications, and telephone
        // exchanges are told of it by outbound webhooks.
        let of_pages = |event: &&Event| {
            !event.addressed && !event.name.starts_with("ONCRMINVOICE") && event.name != "ONEXTERNALCALLSTART"
        };
        let newer = modules().events().filter(of_pages);
        for event in newer {
            // Those of workgroups shorten the scope's name.
            let scope = if event.scope == "sonet_group" { "sonet" } else { event.scope };
            assert!(documented.contains(&(event.name.as_str(), scope)), "{}", event.name);
        }
    }

    #[test]
    fn the_page_counts_what_it_lists() {
        let modules = Modules::read("name\tmodule\na\tx/y\nb\tx\nc\tz\n", |name| name == "b");
        assert_eq!((modules.done(), modules.all()), (1, 3));
        let table = "| module | done | documented | things |\n|---|--:|--:|---|\n| x | 1 | 2 | `b` |\n| z | 0 | 1 |  |\n";
        assert_eq!(modules.table("things"), table);
    }
}
