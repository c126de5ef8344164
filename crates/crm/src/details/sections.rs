//! The sections of a card, as requests give them and as they are kept and answered.

use engine::error::Result;
use wire::{Fault, Map, Value};

/// Reads the sections of a request into what is kept. Names of elements are not looked up: cards name more than fields have
/// names, such as `CLIENT` and `OPPORTUNITY_WITH_CURRENCY`.
///
/// # Errors
/// The refusal of what is no list of sections.
pub fn take(given: Option<&Value>) -> Result<Value> {
    let given = given.filter(|given| given.is_array());
    let Some(given) = given else { return Err(refusal("Parameter 'data' must be array.")) };
    if given.is_empty() {
        return Err(refusal("There are no data to write."));
    }
    if !is_indexed(given) {
        return Err(refusal("The data must be indexed array."));
    }
    let sections = given.each().enumerate().map(|(at, section)| take_section(at, section));
    Ok(sections.collect::<Result<Vec<_>>>()?.into())
}

fn take_section(at: usize, section: &Value) -> Result<Value> {
    let kind = text(section, "type");
    if kind != "section" {
        return Err(refusal(format!(
            "Section at index {at} have type {kind}. The expected type is 'section'."
        )));
    }
    let [name, title] = ["name", "title"].map(|member| text(section, member));
    if name.is_empty() {
        return Err(refusal(format!("Section at index {at} does not have name.")));
    }
    if title.is_empty() {
        return Err(refusal(format!("Section at index {at} does not have title.")));
    }
    let given = section.get("elements").into_iter().flat_map(Value::each).enumerate();
    let elements = given.map(|(place, element)| take_element(at, place, element));
    let mut taken = Map::with_capacity(4);
    taken.push("name", name);
    taken.push("title", title);
    taken.push("type", kind);
    taken.push("elements", elements.collect::<Result<Vec<_>>>()?);
    Ok(taken.into_value())
}

fn take_element(at: usize, place: usize, element: &Value) -> Result<Value> {
    let name = text(element, "name");
    if name.is_empty() {
        return Err(refusal(format!(
            "Element at index {place} in section at index {at} does not have name."
        )));
    }
    let shown = element.get("optionFlags").and_then(Value::as_int).unwrap_or(0);
    let mut taken = Map::with_capacity(3);
    taken.push("name", name);
    taken.push("optionFlags", shown.to_string());
    if let Some(options) = element.get("options").filter(|options| options.is_array() && !options.is_empty())
    {
        taken.push("options", options.clone());
    }
    Ok(taken.into_value())
}

/// Whether the keys of an array count from 0 on.
fn is_indexed(array: &Value) -> bool {
    array.entries().enumerate().all(|(at, (key, _))| key == at.to_string())
}

fn text(map: &Value, name: &str) -> String {
    map.get(name).and_then(Value::text).map(|text| text.trim().to_owned()).unwrap_or_default()
}

fn refusal(text: impl Into<String>) -> engine::error::Error {
    Fault::crm(text.into()).into()
}
