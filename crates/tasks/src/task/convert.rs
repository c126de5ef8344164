//! What a request says of a task, in the form in which its fields are read.

use engine::call::Call;
use engine::entity::Naming;
use wire::{Map, Text, Value};

use super::USER_FIELDS;

/// Tags, observers, participants and links that one task has at most.
const MOST: usize = 100;

/// The code of the field that a request calls so, in camelCase or in any case: `RESPONSIBLE_ID` of `responsibleId`.
pub fn code(call: &Call<'_, '_>, name: &str) -> Text {
    let upper = name.to_ascii_uppercase();
    let Some(table) = call.meta.fielded(USER_FIELDS.number) else { return upper.into() };
    let found = table.named(&upper, Naming::Legacy).or_else(|| table.named(name, Naming::Item));
    found.map_or(upper.into(), |field| field.code.as_ref().into())
}

/// The values of a request by the codes of the fields, as these want them.
pub fn values(call: &Call<'_, '_>, given: &Map) -> Map {
    let mut values = Map::with_capacity(given.len());
    for (name, value) in given.iter() {
        let code = code(call, name);
        let value = match code.as_str() {
            "TAGS" => tags(value),
            "AUDITORS" | "ACCOMPLICES" => people(value),
            "UF_CRM_TASK" => links(value),
            "SE_PARAMETER" => parameters(value),
            _ => value.clone(),
        };
        values.insert(code, value);
    }
    values
}

/// Names in a list, or in a text between commas.
fn tags(value: &Value) -> Value {
    let mut names: Vec<String> = Vec::new();
    for given in value.each() {
        // Of a tag as an answer shows it, the title.
        let given = given.get("title").unwrap_or(given).text().unwrap_or_default().into_owned();
        for name in given.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let name: String = name.chars().take(MOST).collect();
            if !names.contains(&name) && names.len() < MOST {
                names.push(name);
            }
        }
    }
    names.into_iter().map(Value::from).collect::<Vec<_>>().into()
}

/// Users in a list, each once.
fn people(value: &Value) -> Value {
    let mut ids: Vec<i64> = Vec::new();
    for id in value.each().filter_map(Value::as_int).filter(|id| *id > 0) {
        if !ids.contains(&id) && ids.len() < MOST {
            ids.push(id);
        }
    }
    ids.into_iter().map(Value::Int).collect::<Vec<_>>().into()
}

/// Items of the CRM: `L_4`, `C_7`, `CO_5`, `D_10`, `SI_3`, `T88_3`.
fn links(value: &Value) -> Value {
    let mut codes: Vec<String> = Vec::new();
    for given in value.each().filter_map(Value::text) {
        let Some(code) = link(&given).filter(|code| !codes.contains(code)) else { continue };
        if codes.len() < MOST {
            codes.push(code);
        }
    }
    codes.into_iter().map(Value::from).collect::<Vec<_>>().into()
}

fn link(given: &str) -> Option<String> {
    let (kind, id) = given.trim().rsplit_once('_')?;
    let id = id.parse::<u32>().ok().filter(|id| *id > 0)?;
    let known = ["L", "D", "C", "CO", "SI", "Q"].contains(&kind);
    let made = || kind.strip_prefix('T').is_some_and(|number| u32::from_str_radix(number, 16).is_ok());
    (known || made()).then(|| format!("{kind}_{id}"))
}

/// Parameters, which come as a list of `{CODE, VALUE}`, by their codes.
fn parameters(value: &Value) -> Value {
    let mut parameters = Map::new();
    for one in value.items() {
        let code = one.get("CODE").or_else(|| one.get("code")).and_then(Value::as_int);
        let on = one.get("VALUE").or_else(|| one.get("value")).and_then(Value::as_flag);
        if let (Some(code @ 1..=3), Some(on)) = (code, on) {
            parameters.insert(code.to_string(), engine::input::yes_no(on));
        }
    }
    parameters.into_value()
}
