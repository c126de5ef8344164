//! What `--strict` refuses: requests that Portreeve takes and the real system does not, or passes over. A test that
//! passes under it passes there as well.

use wire::filter::{self, Filter, Op};
use wire::{Fault, Text, Value};

use crate::entity::page::Query;
use crate::entity::{Entity, Field, Kind, Naming, Place};

/// Refuses keys of a legacy filter that are no condition there: prefixed names of phones and the like.
pub fn keys(table: &Entity, filter: &Value) -> Result<(), Fault> {
    for (key, _) in filter.entries() {
        let (_, name) = filter::split(&key);
        let field = table.named(name, Naming::Legacy);
        if field.is_some_and(|field| field.place == Place::Multifield) && *key != *name {
            return Err(Fault::argument(format!("Filter field not allowed: {key}"), &key));
        }
    }
    Ok(())
}

/// Refuses what the real system's lists do not know.
pub fn query(table: &Entity, naming: Naming, query: &Query) -> Result<(), Fault> {
    tests(table, naming, &query.filter)?;
    query.select.iter().try_for_each(|name| selected(table, naming, name))
}

fn tests(table: &Entity, naming: Naming, filter: &Filter) -> Result<(), Fault> {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => {
            parts.iter().try_for_each(|part| tests(table, naming, part))
        }
        Filter::Test { op, field: name, value } => match table.named(name, naming) {
            Some(field) => test(field, naming, *op, name, value),
            None => Ok(()),
        },
    }
}

fn test(field: &Field, naming: Naming, op: Op, name: &str, value: &Value) -> Result<(), Fault> {
    let foreign = matches!(field.place, Place::Binding(_)) || matches!(op, Op::Between | Op::NotBetween);
    if naming.is_legacy() && foreign {
        return Err(Fault::argument(format!("Filter field not allowed: {name}"), name));
    }
    // The real system compares the text with what the column holds, which is 1 or 0.
    let spelt = |value: &Value| value.text().is_none_or(|text| !matches!(&*text, "" | "0" | "1"));
    if field.user.is_none() || field.kind != Kind::Boolean || !value.each().any(spelt) {
        return Ok(());
    }
    let text = format!("Invalid filter: field '{name}' takes 1 or 0");
    Err(if naming.is_legacy() { Fault::argument(text, name) } else { Fault::invalid_value(text) })
}

fn selected(table: &Entity, naming: Naming, name: &Text) -> Result<(), Fault> {
    match naming {
        Naming::Legacy => {
            let field = table.named(name, naming);
            if field.is_some_and(|field| matches!(field.place, Place::Binding(_))) {
                return Err(Fault::argument(format!("Select field not allowed: {name}"), name));
            }
        }
        // Who asks for original names must use them: UF_CRM_.. and TITLE, not ufCrm.. and title.
        Naming::ItemOriginalUf if name.contains(|letter: char| letter.is_ascii_lowercase()) => {
            let text = format!("Invalid select: field '{name}' is not allowed with useOriginalUfNames");
            return Err(Fault::invalid_value(text));
        }
        Naming::Item | Naming::ItemOriginalUf => {}
    }
    Ok(())
}
