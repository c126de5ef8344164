//! The choices of an enumeration: what a request's `LIST` makes of those there are.

use std::collections::HashSet;

use store::Tx;
use wire::{Fault, Map, Value};

use super::yes_no;
use crate::entity::userfield::Choice;
use crate::error::Result;
use crate::input::{flag, int, text};
use crate::keys;

/// Choices that one field may have.
const MAX_CHOICES: usize = 1000;
const TEXT_LENGTH: usize = 255;

/// Writes what a `LIST` makes of a field's choices: members without an ID are added, those with one changed
/// or, with `DEL: Y`, deleted; choices that it does not name stay. A field that holds one value has one
/// default, the first that says so.
pub(super) fn write(
    tx: &mut Tx<'_>,
    field_id: i64,
    multiple: bool,
    old: &[Choice],
    list: &Value,
) -> Result<()> {
    let (mut choices, deleted) = merge(old, list);
    check(&choices)?;
    let asked = list.items().filter_map(|item| item.get("DEF")).any(|def| def.as_flag() == Some(true));
    if !multiple && asked {
        keep_one_default(&mut choices, list);
    }
    for id in deleted {
        tx.execute(
            "DELETE FROM crm_user_field_choice WHERE id = ? AND field_id = ?",
            &[id.into(), field_id.into()],
        )?;
    }
    for choice in choices {
        save(tx, field_id, &choice)?;
    }
    Ok(())
}

/// The choices after the change, new ones without a number, and the numbers of those that go.
fn merge(old: &[Choice], list: &Value) -> (Vec<Choice>, Vec<i64>) {
    let mut choices = old.to_vec();
    let mut deleted = Vec::new();
    for item in list.items() {
        let given = item.clone().into_map().unwrap_or_default();
        let value = text(&given, "VALUE").map(|value| value.chars().take(TEXT_LENGTH).collect::<String>());
        let known =
            int(&given, "ID").and_then(|id| choices.iter().position(|choice| choice.id == id && id > 0));
        match (known, value) {
            (Some(at), _) if flag(&given, "DEL") == Some(true) => deleted.push(choices.remove(at).id),
            (Some(at), value) => change(&mut choices[at], &given, value),
            (None, Some(value)) => {
                let xml_id = keys::hex(&keys::random::<16>());
                let mut choice = Choice { id: 0, value: String::new(), is_default: false, sort: 0, xml_id };
                change(&mut choice, &given, Some(value));
                choices.push(choice);
            }
            (None, None) => {}
        }
    }
    (choices, deleted)
}

fn change(choice: &mut Choice, given: &Map, value: Option<String>) {
    choice.value = value.unwrap_or_else(|| std::mem::take(&mut choice.value));
    choice.is_default = flag(given, "DEF").unwrap_or(choice.is_default);
    choice.sort = int(given, "SORT").filter(|sort| *sort >= 0).unwrap_or(choice.sort);
    if let Some(xml_id) = text(given, "XML_ID") {
        choice.xml_id = xml_id.chars().take(TEXT_LENGTH).collect();
    }
}

fn check(choices: &[Choice]) -> Result<()> {
    if choices.len() > MAX_CHOICES {
        return Err(Fault::core("Fail to save enumeration field values").into());
    }
    let mut seen = HashSet::new();
    match choices.iter().find(|choice| !seen.insert(choice.xml_id.as_str())) {
        Some(twice) => {
            let text = format!("List item with value XML_ID={} already exists.", twice.xml_id);
            Err(Fault::core(text).into())
        }
        None => Ok(()),
    }
}

/// The first default that the request names wins over all others.
fn keep_one_default(choices: &mut [Choice], list: &Value) {
    let first = list.items().find(|item| item.get("DEF").and_then(Value::as_flag) == Some(true));
    let named = |choice: &Choice| {
        let id = first.and_then(|item| item.get("ID")).and_then(Value::as_int);
        let value = first.and_then(|item| item.get("VALUE")).and_then(Value::text);
        choice.is_default
            && match id.filter(|id| *id > 0) {
                Some(id) => choice.id == id,
                None => choice.id == 0 && value.is_some_and(|value| value.trim() == choice.value),
            }
    };
    let at = choices.iter().position(named).or_else(|| choices.iter().position(|choice| choice.is_default));
    choices.iter_mut().enumerate().for_each(|(place, choice)| choice.is_default = Some(place) == at);
}

fn save(tx: &mut Tx<'_>, field_id: i64, choice: &Choice) -> Result<()> {
    let mut params = vec![
        choice.value.as_str().into(),
        yes_no(choice.is_default).into(),
        choice.sort.into(),
        choice.xml_id.as_str().into(),
        field_id.into(),
    ];
    let sql = if choice.id == 0 {
        "INSERT INTO crm_user_field_choice (value, is_default, sort, xml_id, field_id) VALUES (?, ?, ?, ?, ?)"
    } else {
        params.push(choice.id.into());
        "UPDATE crm_user_field_choice SET value = ?, is_default = ?, sort = ?, xml_id = ? WHERE field_id = ? AND id = ?"
    };
    tx.execute(sql, &params)?;
    Ok(())
}

/// Choices as `get` and `list` show them.
pub(super) fn show(choices: &[Choice]) -> Value {
    let show = |choice: &Choice| {
        let mut map = Map::with_capacity(5);
        map.push("ID", choice.id.to_string());
        map.push("SORT", choice.sort.to_string());
        map.push("VALUE", choice.value.as_str());
        map.push("DEF", yes_no(choice.is_default));
        map.push("XML_ID", choice.xml_id.as_str());
        Value::Map(map)
    };
    choices.iter().map(show).collect::<Vec<_>>().into()
}
