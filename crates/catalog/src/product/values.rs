//! The values of properties on the wire: `{valueId, value}`, of several a list of these.
//!
//! The number of a value follows from its product, its property and its place. A request that names values by it need not
//! be asked which: those that it does not name go, so that what it brings is all there is. Only files stay unless they are
//! removed, and a file is named by its own number.

use std::borrow::Cow;

use rust_decimal::Decimal;
use serde_json::json;
use store::Param;
use wire::{Map, Value};

use super::PRODUCT;
use super::rules::short;
use crate::property::Property;
use engine::call::Call;
use engine::copy::Copying;
use engine::entity::{Field, Kind};
use engine::error::Result;
use engine::noun::{Face, Row};

/// Takes values out of their form.
pub(super) fn read(
    call: &mut Call<'_, '_>,
    face: &Face,
    given: &mut Cow<'_, Map>,
    old: Option<&Row>,
) -> Result<()> {
    for (at, field) in PRODUCT.made_fields(call) {
        let Some(name) = face.naming.name(&field) else { continue };
        let Some(value) = given.get(name) else { continue };
        let plain = match field.kind {
            Kind::File => files(&field, value, old.map_or(&Param::Null, |old| old.made(at))),
            _ if field.multiple => {
                members(value).map(|member| bare(&field, member)).collect::<Vec<_>>().into()
            }
            _ => bare(&field, members(value).next().unwrap_or(&Value::Null)),
        };
        given.to_mut().insert(name, plain);
    }
    Ok(())
}

/// Takes the values of another portal out of their form.
pub(super) fn copying(copying: &Copying<'_, '_>, face: &Face, row: &mut Map) {
    let table = copying.shape(&PRODUCT).table;
    for field in table.fields.iter().filter(|field| Property::of(field).is_some() && field.kind != Kind::File)
    {
        let Some(name) = face.naming.name(field) else { continue };
        let Some(value) = row.get(name) else { continue };
        let plain: Value = match field.multiple {
            true => members(value).map(|member| bare(field, member)).collect::<Vec<_>>().into(),
            false => bare(field, members(value).next().unwrap_or(&Value::Null)),
        };
        row.insert(name, plain);
    }
}

/// The values that a request gives for a property: one, or several in a list or under their numbers.
fn members(value: &Value) -> impl Iterator<Item = &Value> {
    let is_one = !value.is_array() || inner(value).is_some() || is_text(value) || is_file(value);
    is_one.then_some(value).into_iter().chain(value.items().filter(move |_| !is_one))
}

fn inner(value: &Value) -> Option<&Value> {
    value.get("value").or_else(|| value.get("VALUE"))
}

/// `{TEXT, TYPE}`
fn is_text(value: &Value) -> bool {
    value.get("TEXT").or_else(|| value.get("text")).is_some()
}

/// `{fileData}` or `[name, base64]`
fn is_file(value: &Value) -> bool {
    let pair = || matches!(value, Value::List(pair) if matches!(&pair[..], [Value::Str(_), Value::Str(_)]));
    value.get("fileData").is_some() || pair()
}

/// A value without its form; of HTML the text with its type.
fn bare(field: &Field, value: &Value) -> Value {
    let value = inner(value).unwrap_or(value);
    if !Property::of(field).is_some_and(|property| property.is_html) || value.is_empty() {
        return value.clone();
    }
    let member = |upper: &str, lower: &str| {
        let found = value.get(upper).or_else(|| value.get(lower)).and_then(Value::text);
        found.map(std::borrow::Cow::into_owned)
    };
    let text = member("TEXT", "text").or_else(|| value.text().map(std::borrow::Cow::into_owned));
    let kind = member("TYPE", "type").unwrap_or_else(|| "HTML".to_owned()).to_ascii_uppercase();
    json!({"TEXT": text.unwrap_or_default(), "TYPE": kind}).to_string().into()
}

/// Files as fields take them: those that there are stay, unless one is removed or replaced.
fn files(field: &Field, value: &Value, old: &Param<'_>) -> Value {
    let mut kept: Vec<i64> = match old {
        Param::Int(id) => vec![*id],
        Param::Text(list) => serde_json::from_str(list).unwrap_or_default(),
        _ => Vec::new(),
    };
    let mut new = Vec::new();
    for member in members(value) {
        let named = member.get("valueId").or_else(|| member.get("VALUE_ID")).and_then(Value::as_int);
        let file = inner(member).unwrap_or(member);
        let is_kept = file.get("id").or_else(|| file.get("ID")).unwrap_or(file).as_int().is_some();
        let is_removed = file.get("remove").and_then(Value::as_flag) == Some(true);
        let is_new = !is_kept && !is_removed && !file.is_empty();
        if is_new || is_removed {
            kept.retain(|id| Some(*id) != named && field.multiple);
        }
        if is_new {
            new.push(file.clone());
        }
    }
    if !field.multiple {
        let kept = kept.first().map_or(Value::Null, |id| Value::Int(*id));
        return new.into_iter().next().unwrap_or(kept);
    }
    kept.into_iter().map(Value::Int).chain(new).collect::<Vec<_>>().into()
}

/// Puts values into their form; what products of another catalogue have is not shown.
pub(super) fn show(call: &Call<'_, '_>, face: &Face, rows: &[Row], shown: &mut [Map]) {
    for (_, field) in PRODUCT.made_fields(call) {
        let (Some(name), Some(property)) = (face.naming.name(&field), Property::of(&field)) else { continue };
        for (row, map) in rows.iter().zip(&mut *shown) {
            if row.int("iblockId") != Some(property.iblock) {
                map.remove(name);
                continue;
            }
            let Some(value) = map.get_mut(name) else { continue };
            let form = Form { face, field: &field, property: &property, product: row.number };
            *value = match std::mem::take(value) {
                Value::List(members) if field.multiple => form.list(members),
                other => form.one(other, 0),
            };
        }
    }
}

/// How the values of a property of a product are shown.
struct Form<'f> {
    face: &'f Face,
    field: &'f Field,
    property: &'f Property<'f>,
    product: i64,
}

impl Form<'_> {
    fn list(&self, members: Vec<Value>) -> Value {
        let shown = members.into_iter().zip(0..).map(|(member, place)| self.one(member, place));
        let shown: Vec<Value> = shown.filter(|value| *value != Value::Null).collect();
        if shown.is_empty() { Value::Null } else { shown.into() }
    }

    fn one(&self, value: Value, place: i64) -> Value {
        if value.is_empty() {
            return Value::Null;
        }
        let number = match value.get("id").filter(|_| self.field.kind == Kind::File) {
            Some(file) => file.text().unwrap_or_default().into_owned(),
            None => (self.product << 24 | (self.property.id & 0xffff) << 8 | place & 0xff).to_string(),
        };
        let chosen = self.property.choices.iter().find(|choice| value.as_int() == Some(choice.id));
        let mut map = Map::with_capacity(3);
        map.push("valueId", number);
        map.push("value", self.value(value));
        if let Some(choice) =
            chosen.filter(|_| self.field.kind == Kind::Enumeration && !self.face.naming.is_legacy())
        {
            map.push("valueEnum", choice.value.as_str());
        }
        Value::Map(map)
    }

    /// The value itself: text, but for files and HTML.
    fn value(&self, value: Value) -> Value {
        if self.field.kind == Kind::File {
            return value;
        }
        let text = value.text().unwrap_or_default().into_owned();
        if self.property.is_html {
            let html: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
            let (text, kind) = if self.face.naming.is_legacy() { ("TEXT", "TYPE") } else { ("text", "type") };
            return Value::from(json!({kind: html["TYPE"], text: html["TEXT"]}));
        }
        match (self.field.kind, Decimal::from_str_exact(&text)) {
            (Kind::Decimal(_), Ok(number)) => short(number).into(),
            _ => text.into(),
        }
    }
}
