//! Values of the fields of a list: reading them from a request, and keeping them.

use std::collections::HashMap;

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::files::{self, Content, NewFile};
use engine::noun::{self, Row};
use wire::{Fault, Value};

use crate::field;

/// Values of one field of an element.
const MOST: usize = 500;

/// A value that is kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Its number.
    pub id: i64,
    /// It as a text: a day as `2024-12-31`, a moment as Unix seconds.
    pub value: String,
}

/// The values of elements, by element and field.
pub type Values = HashMap<(i64, i64), Vec<Kept>>;

/// Reads the values of elements.
///
/// # Errors
/// Those of the store.
pub fn of(call: &mut Call<'_, '_>, elements: &[i64]) -> Result<Values> {
    let sql = "SELECT element_id, field_id, id, value FROM lists_value WHERE element_id IN (#) ORDER BY id";
    let mut found: Values = HashMap::new();
    call.tx.all_among(sql, &[], elements, |row| {
        let kept = Kept { id: row.int(2)?, value: row.text(3)?.to_owned() };
        found.entry((row.int(0)?, row.int(1)?)).or_default().push(kept);
        Ok(())
    })?;
    Ok(found)
}

/// Forgets the values of an element, but those of `but` fields; files go as well.
///
/// # Errors
/// Those of the store.
pub fn forget(call: &mut Call<'_, '_>, element: i64, but: &[i64]) -> Result<()> {
    let sql = "SELECT v.id, v.field_id, f.type, v.value FROM lists_value v JOIN lists_field f ON f.id = v.field_id WHERE v.element_id = ?";
    let (mut gone, mut files) = (Vec::new(), Vec::new());
    call.tx.query(sql, &[element.into()], |row| {
        if !but.contains(&row.int(1)?) {
            gone.push(row.int(0)?);
            if row.text(2)? == "F" {
                files.extend(row.text(3)?.parse::<i64>());
            }
        }
        Ok(())
    })?;
    call.tx.execute_among("DELETE FROM lists_value WHERE id IN (#)", &[], &gone)?;
    files::delete(call.tx, &files)
}

/// Keeps values of a field.
///
/// # Errors
/// Those of the store.
pub fn keep(call: &mut Call<'_, '_>, element: i64, field: i64, values: &[String]) -> Result<()> {
    let sql = "INSERT INTO lists_value (element_id, field_id, value, number) VALUES (?, ?, ?, ?)";
    for value in values {
        let number = value.parse::<f64>().ok().filter(|number| number.is_finite());
        call.tx.insert(sql, &[element.into(), field.into(), value.as_str().into(), number.into()])?;
    }
    Ok(())
}

/// The next number of a counter.
///
/// # Errors
/// Those of the store.
pub fn next(call: &mut Call<'_, '_>, field: i64) -> Result<String> {
    // Whoever counts has the row of the field first.
    call.tx.execute("UPDATE lists_field SET sort = sort WHERE id = ?", &[field.into()])?;
    let sql = "SELECT MAX(number) FROM lists_value WHERE field_id = ?";
    let last = call.tx.one(sql, &[field.into()], |row| row.opt_real(0))?.flatten().unwrap_or(0.0);
    Ok(format!("{}", last + 1.0))
}

/// What a request gives for a field, one value or several, as they are kept. `refused` says what is wrong with one.
///
/// # Errors
/// For a value that the field cannot have; the end of the first run of a call that brings files.
pub fn read(
    call: &mut Call<'_, '_>,
    field: &Row,
    given: &Value,
    refused: impl Fn(String) -> Fault,
) -> Result<Vec<String>> {
    let kind = field.text("type");
    let most = if field.text("multiple") == "Y" { MOST } else { 1 };
    let single = !given.is_array() || is_one(kind, given);
    let mut members: Vec<&Value> = if single { vec![given] } else { given.items().collect() };
    members.retain(|member| !member.is_empty());
    if members.len() > MOST {
        return Err(refused(format!("{}: there are more than {MOST} values", field.text("name"))).into());
    }
    let mut values = Vec::new();
    for member in members.into_iter().take(most) {
        let member = member.get("VALUE").unwrap_or(member);
        match one(call, field, kind, member)? {
            Ok(value) => values.push(value),
            Err(trouble) => return Err(refused(format!("{}: {trouble}", field.text("name"))).into()),
        }
    }
    Ok(values)
}

/// Whether an array is one value and no list of them.
fn is_one(kind: &str, given: &Value) -> bool {
    match kind {
        "S:HTML" => given.get("TEXT").is_some(),
        // A name and a content.
        "F" => {
            given.get("fileData").is_some()
                || (given.items().count() == 2 && given.items().all(|part| !part.is_array()))
        }
        _ => false,
    }
}

fn one(
    call: &mut Call<'_, '_>,
    field: &Row,
    kind: &str,
    given: &Value,
) -> Result<std::result::Result<String, &'static str>> {
    let text = given.text().unwrap_or_default().trim().to_owned();
    let number = || text.trim_start_matches(|letter: char| !letter.is_ascii_digit()).parse::<i64>().ok();
    Ok(match kind {
        "N" => match text.replace(',', ".").parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(text.replace(',', ".")),
            _ => Err("this is no number"),
        },
        "L" => {
            let choices = field::choices(call, field.number)?;
            let found = choices.iter().find(|choice| choice.id.to_string() == text);
            found.map(|choice| choice.id.to_string()).ok_or("there is no such choice")
        }
        "E" | "E:EList" | "G" | "S:employee" => number().map(|id| id.to_string()).ok_or("this is no ID"),
        "S:Date" => call.clock().read_day(given).ok_or("this is no date"),
        "S:DateTime" => call.clock().read(given).map(|second| second.to_string()).ok_or("this is no date"),
        "S:HTML" => Ok(given.get("TEXT").unwrap_or(given).text().unwrap_or_default().into_owned()),
        "S:DiskFile" => {
            let Some(id) = number() else { return Ok(Err("this is no ID")) };
            let Some(objects) = call.core.modules.noun("disk.object").map(|shape| shape.noun) else {
                return Ok(Err("there is no such file"));
            };
            let scope = objects.grant(call, Act::Read)?;
            let found = noun::one(call, objects, &scope, id)?.filter(|row| row.text("type") == "file");
            found.map(|row| row.number.to_string()).ok_or("there is no such file")
        }
        "F" => return file(call, given).map(Ok),
        _ => Ok(text),
    })
}

/// Keeps a file that a request brings, and gives its number.
fn file(call: &mut Call<'_, '_>, given: &Value) -> Result<String> {
    let given = given.get("fileData").unwrap_or(given);
    let by_id = || Fault::new(400, "ERROR_ELEMENT_FIELD_VALUE", "Writing file values by ID is not supported");
    if given.as_int().is_some() {
        return Err(by_id().into());
    }
    let parts: Vec<String> = given.each().filter_map(Value::text).map(|part| part.into_owned()).collect();
    let (name, content) = match parts.as_slice() {
        [name, content] => (name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned(), content),
        [content] => ("file".to_owned(), content),
        _ => return Err(by_id().into()),
    };
    let name: String = name.chars().filter(|letter| !letter.is_control()).take(200).collect();
    let id =
        files::put(call, &NewFile { name: &name, content_type: None, content: Content::Base64(content) })?;
    Ok(id.to_string())
}
