//! Files in fields (protocol 6.7): the field holds their numbers, see [`files`].

use store::{Cell, Param, Tx};
use wire::{Fault, Map, Value};

use super::{Entity, Field, Kind, Naming, Place};
use crate::call::Call;
use crate::error::Result;
use crate::files::{self, Content, NewFile, decoded_size};
use crate::keys;

/// The largest file that a field takes, in bytes.
pub const MAX_BYTES: usize = 32 << 20;

/// Files that a list field holds at most.
pub const MAX_FILES: usize = 100;

/// Characters that a file's name may have.
const NAME_LENGTH: usize = 200;

/// An upload for a file field.
#[derive(Debug, PartialEq)]
enum Piece {
    /// A file that is there already.
    Kept(i64),
    /// A new one.
    New { name: String, content: String },
}

/// Keeps the files that a request brings for an item (`None` for one that is about to be added) and gives
/// what the field's column holds then. Of the files there were, those go that the request does not name.
pub fn take(
    call: &mut Call<'_, '_>,
    entity: &Entity,
    field: &Field,
    item: Option<i64>,
    value: &Value,
) -> Result<Param<'static>> {
    let old = match item {
        Some(id) => stored(call.tx, entity, field, Some(id))?,
        None => Vec::new(),
    };
    let pieces = pieces(field, value)?;
    let new = pieces.iter().filter_map(|piece| match piece {
        Piece::New { content, .. } => Some(Content::Base64(content)),
        Piece::Kept(_) => None,
    });
    files::announce(call, new)?;
    let mut ids = Vec::new();
    for piece in pieces {
        match piece {
            // Nobody gets at another item's file by its number.
            Piece::Kept(id) if !old.contains(&id) || ids.contains(&id) => {}
            Piece::Kept(id) => ids.push(id),
            Piece::New { name, content } => {
                let content_type = content_type(&content);
                let content = Content::Base64(&content);
                ids.push(files::put(call, &NewFile { name: &name, content_type, content })?);
            }
        }
    }
    let gone: Vec<i64> = old.into_iter().filter(|id| !ids.contains(id)).collect();
    files::delete(call.tx, &gone)?;
    Ok(match (ids.is_empty(), field.multiple) {
        (true, _) => Param::Null,
        (false, true) => Param::from(serde_json::Value::from(ids).to_string()),
        (false, false) => Param::from(ids[0]),
    })
}

/// The files that a value describes.
fn pieces(field: &Field, value: &Value) -> Result<Vec<Piece>> {
    if !field.multiple {
        // Of a list of files a single field takes the first.
        let listed = matches!(value, Value::List(_));
        let first = value.items().next().filter(|first| listed && first.is_array());
        return Ok(piece(first.unwrap_or(value))?.into_iter().collect());
    }
    let pair = is_pair(value);
    let members = value.items().filter(|_| !pair).chain((pair || !value.is_array()).then_some(value));
    let mut found = Vec::new();
    for member in members {
        found.extend(piece(member)?);
        if found.len() > MAX_FILES {
            return Err(exhausted());
        }
    }
    Ok(found)
}

/// `[name, base64]`, as opposed to a list of files or of their numbers.
fn is_pair(value: &Value) -> bool {
    let parts: Vec<&Value> = value.items().take(3).collect();
    matches!(parts[..], [name, content]
        if !name.is_array() && !content.is_array() && (name.as_int().is_none() || content.as_int().is_none()))
}

/// One file: `{fileData: [name, base64]}`, `[name, base64]`, `{id}` to keep it, a bare number or bare base64;
/// nothing for `{remove: "Y"}` and for what is empty.
fn piece(value: &Value) -> Result<Option<Piece>> {
    if value.get("remove").and_then(Value::as_flag) == Some(true) {
        return Ok(None);
    }
    if let Some(data) = value.get("fileData") {
        return new_file(data);
    }
    if let Some(id) = value.get("id").or(value.get("ID")).unwrap_or(value).as_int() {
        return Ok((id > 0).then_some(Piece::Kept(id)));
    }
    new_file(value)
}

/// A name and its content, or content alone, which gets a name made up.
fn new_file(data: &Value) -> Result<Option<Piece>> {
    let texts: Vec<_> = data.items().take(2).filter_map(Value::text).collect();
    let (name, content) = match &texts[..] {
        [name, content] => (clean(name), checked(content)?),
        [content] => (String::new(), checked(content)?),
        _ => (String::new(), checked(&data.text().unwrap_or_default())?),
    };
    if decoded_size(&content) == 0 {
        return Ok(None);
    }
    let name = if name.is_empty() { keys::random_code(32) } else { name };
    Ok(Some(Piece::New { name, content }))
}

/// A name without folders and what no file system takes.
pub(crate) fn clean(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|letter| !letter.is_control()).take(NAME_LENGTH).collect();
    name.trim_matches(|letter: char| letter == '.' || letter.is_whitespace()).to_owned()
}

/// A text in base64, unless it holds too much.
fn checked(text: &str) -> Result<String> {
    if decoded_size(text) > MAX_BYTES { Err(exhausted()) } else { Ok(text.to_owned()) }
}

/// The MIME type that a `data:` URL names.
fn content_type(text: &str) -> Option<&str> {
    let (name, _) = text.strip_prefix("data:")?.split_once(";base64,")?;
    (!name.is_empty() && name.len() <= NAME_LENGTH).then_some(name)
}

fn exhausted() -> crate::error::Error {
    Fault::crm("Disk resource exhausted").into()
}

/// The files in a field of one item, or of all.
fn stored(tx: &mut Tx<'_>, entity: &Entity, field: &Field, item: Option<i64>) -> Result<Vec<i64>> {
    let column = field.column();
    let filled = format!("SELECT {column} FROM {} WHERE {column} IS NOT NULL", entity.table());
    let mut ids = Vec::new();
    let mut read = |row: &store::Row<'_>| {
        match row.cell(0)? {
            Cell::Int(id) => ids.push(id),
            Cell::Text(list) => ids.extend(serde_json::from_str::<Vec<i64>>(list).unwrap_or_default()),
            _ => {}
        }
        Ok(())
    };
    match item {
        Some(id) => tx.query(&format!("{filled} AND id = ?"), &[id.into()], &mut read)?,
        None => tx.query(&filled, &[], &mut read)?,
    }
    Ok(ids)
}

/// Deletes the files of an item that goes.
pub fn delete_all(tx: &mut Tx<'_>, entity: &Entity, item: i64) -> Result<()> {
    for field in entity.fields.iter().filter(|field| holds_files(field)) {
        let ids = stored(tx, entity, field, Some(item))?;
        files::delete(tx, &ids)?;
    }
    Ok(())
}

/// Deletes the files of a field that goes.
pub fn delete_of_field(tx: &mut Tx<'_>, entity: &Entity, field: &Field) -> Result<()> {
    if !holds_files(field) {
        return Ok(());
    }
    let ids = stored(tx, entity, field, None)?;
    files::delete(tx, &ids)
}

fn holds_files(field: &Field) -> bool {
    field.kind == Kind::File && field.place == Place::Column
}

/// Puts links in the place of the numbers of files in rows that were read.
pub fn attach(call: &Call<'_, '_>, naming: Naming, fields: &[&Field], rows: &mut [Map]) {
    let names: Vec<&str> =
        fields.iter().filter(|field| holds_files(field)).filter_map(|field| naming.name(field)).collect();
    for row in rows {
        for name in &names {
            let Some(value) = row.get_mut(name).filter(|value| !matches!(value, Value::Null)) else {
                continue;
            };
            *value = match &*value {
                Value::List(list) => list.iter().map(|id| show(call, naming, id)).collect::<Vec<_>>().into(),
                one => show(call, naming, one),
            };
        }
    }
}

/// `{id, showUrl, downloadUrl}` or `{id, url, urlMachine}`.
fn show(call: &Call<'_, '_>, naming: Naming, id: &Value) -> Value {
    let Some(id) = id.as_int() else { return Value::Null };
    let link = files::link(call.core, id, call.now);
    let (seen, taken) = if naming.is_legacy() { ("showUrl", "downloadUrl") } else { ("url", "urlMachine") };
    let mut map = Map::with_capacity(3);
    map.push("id", id);
    map.push(seen, link.as_str());
    map.push(taken, link);
    Value::Map(map)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(multiple: bool, value: serde_json::Value) -> Vec<Piece> {
        let field = Field::new("X", Kind::File, "x");
        let field = if multiple { field.multiple() } else { field };
        pieces(&field, &value.into()).unwrap()
    }

    fn new(name: &str, content: &str) -> Piece {
        Piece::New { name: name.to_owned(), content: content.to_owned() }
    }

    #[test]
    fn every_documented_spelling_of_a_file_is_read() {
        for (one, content) in [
            (json!({"fileData": ["a.txt", "aGVsbG8="]}), "aGVsbG8="),
            (json!(["a.txt", "aGVsbG8="]), "aGVsbG8="),
            (json!({"fileData": {"0": "C:\\temp\\a.txt", "1": "aGVs bG8"}}), "aGVs bG8"),
            (json!(["../../a.txt", "data:text/plain;base64,aGk="]), "data:text/plain;base64,aGk="),
        ] {
            assert_eq!(read(false, one.clone()), [new("a.txt", content)], "{one}");
            assert_eq!(read(true, one), [new("a.txt", content)]);
        }
        assert_eq!(content_type("data:text/plain;base64,aGk="), Some("text/plain"));
        assert_eq!(content_type("aGk="), None);
        for kept in [json!({"id": 7}), json!("7"), json!({"ID": "7"})] {
            assert_eq!(read(false, kept), [Piece::Kept(7)]);
        }
        for nothing in [
            json!(""),
            json!(null),
            json!([]),
            json!({"id": 7, "remove": "Y"}),
            json!(["a.txt", ""]),
            json!({"id": 0}),
        ] {
            assert_eq!(read(false, nothing.clone()), [], "{nothing}");
        }
        let many =
            json!([{"id": 7}, ["b.txt", "aGk="], {"fileData": ["c.txt", "aGk="]}, {"id": 8, "remove": "Y"}]);
        assert_eq!(read(true, many), [Piece::Kept(7), new("b.txt", "aGk="), new("c.txt", "aGk=")]);
        assert_eq!(read(true, json!(["7", 8])), [Piece::Kept(7), Piece::Kept(8)]);
    }

    #[test]
    fn content_without_a_name_gets_one() {
        for nameless in
            [json!({"fileData": "aGk="}), json!(["", "aGk="]), json!({"fileData": ["aGk="]}), json!("aGk=")]
        {
            match &read(false, nameless)[..] {
                [Piece::New { name, content }] => {
                    assert_eq!((name.len(), content.as_str()), (32, "aGk="));
                }
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn a_file_that_is_too_large_is_refused() {
        let letters = "A".repeat(MAX_BYTES / 3 * 4 + 8);
        assert!(checked(&letters).is_err());
        assert!(checked("aGVsbG8").is_ok());
    }
}
