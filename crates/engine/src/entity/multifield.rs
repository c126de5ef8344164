//! Phones, e-mail addresses, sites and messengers: many to an item, one table for all (protocol 6.5, 6.6).

use store::{Param, Tx};
use wire::{Fault, Map, Text, Value};

use super::{Entity, Field, Naming, Place, phone};
use crate::error::{Result, answer_too_large};

/// A kind of multi-field and the types that a value of it may have (protocol 6.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Multifield {
    /// Its code, which is the legacy field's name too.
    pub type_id: &'static str,
    /// Its display name.
    pub title: &'static str,
    /// The documented `VALUE_TYPE`s.
    pub value_types: &'static [&'static str],
}

/// The kinds of multi-fields in the order in which items show them.
pub const MULTIFIELDS: [Multifield; 5] = [
    Multifield {
        type_id: "PHONE",
        title: "Phone",
        value_types: &["WORK", "MOBILE", "FAX", "HOME", "PAGER", "MAILING", "OTHER"],
    },
    Multifield { type_id: "EMAIL", title: "E-mail", value_types: &["WORK", "HOME", "MAILING", "OTHER"] },
    Multifield {
        type_id: "WEB",
        title: "Website",
        value_types: &["WORK", "HOME", "VK", "LIVEJOURNAL", "TWITTER", "OTHER"],
    },
    Multifield {
        type_id: "IM",
        title: "Messenger",
        value_types: &[
            "TELEGRAM", "VK", "SKYPE", "VIBER", "BITRIX24", "OPENLINE", "IMOL", "ICQ", "MSN", "JABBER",
            "OTHER",
        ],
    },
    Multifield { type_id: "LINK", title: "Link", value_types: &[] },
];

/// The types, each the name of a legacy field.
pub fn types() -> impl Iterator<Item = &'static str> {
    MULTIFIELDS.iter().map(|multifield| multifield.type_id)
}

/// A requested change of one value.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// `PHONE`, `EMAIL`, ..
    pub type_id: &'static str,
    /// The value that is meant; a new one when `None`.
    pub id: Option<i64>,
    /// The new value; `None` deletes.
    pub value: Option<String>,
    /// `WORK`, `HOME`, ..
    pub value_type: Option<String>,
}

/// Letters of a value that are kept: its column holds no more in the real system.
const VALUE: usize = 255;

/// Letters that are kept of what a value is for.
const VALUE_TYPE: usize = 50;

/// Values that one request changes.
const MAX_CHANGES: usize = 500;

impl Change {
    /// The kind of the new value. One that a change leaves out is `WORK`, also where it was another.
    fn value_type(&self) -> &str {
        self.value_type.as_deref().filter(|name| !name.is_empty()).unwrap_or("WORK")
    }
}

/// A value in the form in which equal ones compare equal: phones by the rule of [`phone`], the rest without case.
pub fn fold(type_id: &str, value: &str) -> String {
    if type_id == "PHONE" { phone::normalize(value) } else { value.trim().to_lowercase() }
}

/// The text of a member without blanks around it; `None` when it is missing.
fn text(item: &Value, name: &str) -> Option<String> {
    Some(item.get(name)?.text()?.trim().to_owned())
}

/// The text for which a test asks: the first member of a list, without blanks around it; empty for anything else.
pub fn asked(value: &Value) -> String {
    let first = if value.is_array() { value.items().next().unwrap_or(&Value::Null) } else { value };
    first.text().map(|text| text.trim().to_owned()).unwrap_or_default()
}

/// The changes that a legacy request asks for: `PHONE` => list of `{ID?, VALUE, VALUE_TYPE, DELETE?}`.
pub fn legacy_changes(fields: &Map) -> Vec<Change> {
    let mut changes = Vec::new();
    for type_id in types() {
        let Some(given) = fields.get(type_id) else { continue };
        for item in given.items() {
            let delete = item.get("DELETE").and_then(Value::as_flag).unwrap_or(false);
            let value = text(item, "VALUE").filter(|value| !value.is_empty() && !delete);
            let id = item.get("ID").and_then(Value::as_int);
            if id.is_some() || value.is_some() {
                changes.push(Change { type_id, id, value, value_type: text(item, "VALUE_TYPE") });
            }
        }
    }
    changes
}

/// The changes that a `crm.item` request asks for: `fm` => members `{id?, typeId, valueType, value}`; in a
/// map a numeric key is an id.
pub fn item_changes(fields: &Map) -> Vec<Change> {
    let Some(given) = fields.get("fm").or_else(|| fields.get("FM")) else { return Vec::new() };
    let keyed = matches!(given, Value::Map(_));
    let mut changes = Vec::new();
    for (key, item) in given.entries() {
        let id = item.get("id").and_then(Value::as_int).or_else(|| key.parse().ok().filter(|_| keyed));
        let named = text(item, "typeId").and_then(|name| types().find(|known| *known == name));
        let value = text(item, "value").filter(|value| !value.is_empty());
        match (named, id) {
            (Some(type_id), None) if value.is_some() => {
                changes.push(Change { type_id, id: None, value, value_type: text(item, "valueType") });
            }
            (type_id, Some(_)) => {
                changes.push(Change {
                    type_id: type_id.unwrap_or(""),
                    id,
                    value,
                    value_type: text(item, "valueType"),
                });
            }
            _ => {}
        }
    }
    changes
}

/// Refuses values that cannot be what they are called (protocol 3.6).
pub fn validate(changes: &[Change]) -> Result<()> {
    if changes.len() > MAX_CHANGES {
        return Err(Fault::core("Too many phones, addresses and links.").into());
    }
    let is_address = |text: &str| {
        text.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && !host.is_empty() && !host.contains('@') && !text.contains(char::is_whitespace)
        })
    };
    let wrong = |change: &&Change| {
        change.type_id == "EMAIL" && change.value.as_deref().is_some_and(|value| !is_address(value.trim()))
    };
    let Some(change) = changes.iter().find(wrong) else { return Ok(()) };
    let kind = match change.value_type.as_deref() {
        Some("HOME") => "Home",
        Some("MAILING") => "Newsletters",
        Some("OTHER") => "Other",
        _ => "Work",
    };
    Err(Fault::core(format!("The field `{kind} e-mail` contains an invalid address")).into())
}

/// Carries changes out.
pub fn apply(tx: &mut Tx<'_>, entity: &Entity, item: i64, changes: &[Change]) -> Result<()> {
    for change in changes {
        match (change.id, &change.value) {
            (None, Some(value)) => insert(tx, entity, item, change, value)?,
            (Some(id), Some(value)) => update(tx, entity, item, id, change, value)?,
            (Some(id), None) => {
                let sql = "DELETE FROM crm_multifield WHERE id = ? AND entity_type_id = ? AND item_id = ?";
                tx.execute(sql, &[id.into(), entity.type_id.into(), item.into()])?;
            }
            (None, None) => {}
        }
    }
    Ok(())
}

fn insert(tx: &mut Tx<'_>, entity: &Entity, item: i64, change: &Change, value: &str) -> Result<()> {
    let sql = "INSERT INTO crm_multifield (entity_type_id, item_id, type_id, value_type, value, folded) \
               VALUES (?, ?, ?, ?, ?, ?)";
    let (value, value_type) = (first(value, VALUE), first(change.value_type(), VALUE_TYPE));
    let folded = fold(change.type_id, value);
    let params = [
        entity.type_id.into(),
        item.into(),
        change.type_id.into(),
        value_type.into(),
        value.into(),
        folded.as_str().into(),
    ];
    tx.execute(sql, &params)?;
    Ok(())
}

/// Makes these the values of an item, with the numbers that they have on another portal.
pub fn copy(tx: &mut Tx<'_>, entity: &Entity, item: i64, values: &[Change]) -> Result<()> {
    delete_all(tx, entity, item)?;
    for change in values {
        let (Some(id), Some(value)) = (change.id, &change.value) else { continue };
        let sql = "INSERT INTO crm_multifield (id, entity_type_id, item_id, type_id, value_type, value, folded) \
                   VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING";
        let value = first(value, VALUE);
        let folded = fold(change.type_id, value);
        let (kind, value_type) = (change.type_id, first(change.value_type(), VALUE_TYPE));
        let (owner, item) = (Param::from(entity.type_id), Param::from(item));
        let params =
            [id.into(), owner, item, kind.into(), value_type.into(), value.into(), folded.as_str().into()];
        tx.execute(sql, &params)?;
    }
    Ok(())
}

fn update(tx: &mut Tx<'_>, entity: &Entity, item: i64, id: i64, change: &Change, value: &str) -> Result<()> {
    let owned = "WHERE id = ? AND entity_type_id = ? AND item_id = ?";
    let place: [Param<'_>; 3] = [id.into(), entity.type_id.into(), item.into()];
    let sql = format!("SELECT type_id FROM crm_multifield {owned}");
    let Some(type_id) = tx.one(&sql, &place, |row| Ok(row.text(0)?.to_owned()))? else { return Ok(()) };
    let (value, value_type) = (first(value, VALUE), first(change.value_type(), VALUE_TYPE));
    let folded = fold(&type_id, value);
    let [a, b, c] = place;
    let params = [value.into(), value_type.into(), folded.as_str().into(), a, b, c];
    tx.execute(&format!("UPDATE crm_multifield SET value = ?, value_type = ?, folded = ? {owned}"), &params)?;
    Ok(())
}

/// The first so many letters of a text.
fn first(text: &str, letters: usize) -> &str {
    text.char_indices().nth(letters).map_or(text, |(at, _)| &text[..at])
}

/// Ways to reach somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reachable {
    /// Has a phone.
    pub phone: bool,
    /// Has an e-mail address.
    pub email: bool,
    /// Has an open channel.
    pub imol: bool,
}

impl Reachable {
    /// Counts one value in.
    pub fn note(&mut self, type_id: &str, value: &str) {
        self.phone |= type_id == "PHONE";
        self.email |= type_id == "EMAIL";
        self.imol |= type_id == "IM" && value.starts_with("imol|");
    }
}

/// How an item can be reached once these changes are made; `None` is one that is about to be added.
pub fn reachable(
    tx: &mut Tx<'_>,
    entity: &Entity,
    item: Option<i64>,
    changes: &[Change],
) -> Result<Reachable> {
    let mut reachable = Reachable::default();
    for new in changes.iter().filter(|change| change.id.is_none()) {
        reachable.note(new.type_id, new.value.as_deref().unwrap_or_default());
    }
    let Some(item) = item else { return Ok(reachable) };
    let sql = "SELECT id, type_id, value FROM crm_multifield WHERE entity_type_id = ? AND item_id = ?";
    tx.query(sql, &[entity.type_id.into(), item.into()], |row| {
        let id = Some(row.int(0)?);
        match changes.iter().rfind(|change| change.id == id) {
            Some(Change { value: None, .. }) => {}
            Some(Change { value: Some(value), .. }) => reachable.note(row.text(1)?, value),
            None => reachable.note(row.text(1)?, row.text(2)?),
        }
        Ok(())
    })?;
    Ok(reachable)
}

/// A value as it is stored, without its number.
#[derive(Debug, PartialEq)]
pub(super) struct Stored {
    pub(super) type_id: Text,
    value_type: Text,
    value: String,
}

/// All values of an item, in their order.
pub(super) fn load(tx: &mut Tx<'_>, entity: &Entity, item: i64) -> Result<Vec<Stored>> {
    let mut found = Vec::new();
    let sql = "SELECT type_id, value_type, value FROM crm_multifield WHERE entity_type_id = ? AND item_id = ? ORDER BY id";
    tx.query(sql, &[entity.type_id.into(), item.into()], |row| {
        let (type_id, value_type) = (Text::new(row.text(0)?), Text::new(row.text(1)?));
        found.push(Stored { type_id, value_type, value: row.text(2)?.to_owned() });
        Ok(())
    })?;
    Ok(found)
}

/// Gives an item the values of another one that it does not have.
pub fn hand_over(tx: &mut Tx<'_>, entity: &Entity, from: i64, into: i64) -> Result<()> {
    let sql = "UPDATE crm_multifield SET item_id = ? WHERE entity_type_id = ? AND item_id = ? AND NOT EXISTS \
               (SELECT 1 FROM crm_multifield o WHERE o.entity_type_id = crm_multifield.entity_type_id AND o.item_id = ? \
               AND o.type_id = crm_multifield.type_id AND o.folded = crm_multifield.folded)";
    tx.execute(sql, &[into.into(), entity.type_id.into(), from.into(), into.into()])?;
    Ok(())
}

/// Deletes all values of an item.
pub fn delete_all(tx: &mut Tx<'_>, entity: &Entity, item: i64) -> Result<()> {
    let sql = "DELETE FROM crm_multifield WHERE entity_type_id = ? AND item_id = ?";
    tx.execute(sql, &[entity.type_id.into(), item.into()])?;
    Ok(())
}

/// Adds the selected multi-fields to rows that were read: the legacy keys `PHONE`, .. are left out when an
/// item has none; `crm.item` has one key `fm`. They may take so much `room`.
pub fn attach(
    tx: &mut Tx<'_>,
    entity: &Entity,
    naming: Naming,
    fields: &[&Field],
    ids: &[i64],
    rows: &mut [Map],
    room: usize,
) -> Result<()> {
    let wanted: Vec<&Field> =
        fields.iter().copied().filter(|field| field.place == Place::Multifield).collect();
    if wanted.is_empty() || ids.is_empty() {
        return Ok(());
    }
    let placeholders = store::placeholders(ids.len());
    let sql = format!(
        "SELECT item_id, id, type_id, value_type, value FROM crm_multifield \
         WHERE entity_type_id = ? AND item_id IN ({placeholders}) ORDER BY id"
    );
    let mut params = vec![Param::from(entity.type_id)];
    params.extend(ids.iter().map(|id| Param::from(*id)));
    let mut found: Vec<(i64, Text, Value)> = Vec::new();
    let mut room = Some(room);
    tx.query(&sql, &params, |row| {
        let Some(left) = room else { return Ok(()) };
        let type_id = Text::new(row.text(2)?);
        let value = entry(naming, row.int(1)?, row.text(3)?, row.text(4)?, &type_id);
        room = left.checked_sub(value.weight());
        found.push((row.int(0)?, type_id, value));
        Ok(())
    })?;
    room.ok_or_else(answer_too_large)?;
    for (id, row) in ids.iter().zip(rows) {
        let mine = found.iter().filter(|(item, _, _)| item == id);
        if naming.is_legacy() {
            for field in &wanted {
                let of_type: Vec<Value> = mine
                    .clone()
                    .filter(|(_, type_id, _)| *type_id == *field.code)
                    .map(|(_, _, value)| value.clone())
                    .collect();
                if !of_type.is_empty() {
                    row.push(&*field.code, of_type);
                }
            }
        } else {
            row.push("fm", mine.map(|(_, _, value)| value.clone()).collect::<Vec<_>>());
        }
    }
    Ok(())
}

fn entry(naming: Naming, id: i64, value_type: &str, value: &str, type_id: &str) -> Value {
    let mut map = Map::with_capacity(4);
    if naming.is_legacy() {
        map.push("ID", id.to_string());
        map.push("VALUE_TYPE", value_type);
        map.push("VALUE", value);
        map.push("TYPE_ID", type_id);
    } else {
        map.push("id", id);
        map.push("valueType", value_type);
        map.push("value", value);
        map.push("typeId", type_id);
    }
    Value::Map(map)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::method::params;
    use serde_json::json;

    #[test]
    fn phones_compare_by_digits_and_addresses_without_case() {
        assert_eq!(fold("PHONE", "+49 (30) 111"), "4930111");
        assert_eq!(fold("EMAIL", " Ines@Example.COM "), "ines@example.com");
    }

    #[test]
    fn legacy_items_are_added_changed_or_deleted() {
        let fields = params(&json!({"PHONE": [
            {"VALUE": "1", "VALUE_TYPE": "HOME"}, {"ID": "5", "VALUE": "2"}, {"ID": 6, "DELETE": "Y", "VALUE": "3"}, {"ID": 7}, {"VALUE": ""}
        ]}));
        let changes = legacy_changes(&fields);
        let brief: Vec<_> = changes.iter().map(|change| (change.id, change.value.as_deref())).collect();
        assert_eq!(brief, [(None, Some("1")), (Some(5), Some("2")), (Some(6), None), (Some(7), None)]);
    }

    #[test]
    fn item_maps_name_ids_by_their_keys() {
        let fields = params(&json!({"fm": {
            "n0": {"typeId": "PHONE", "value": "1"}, "12": {"typeId": "EMAIL", "value": ""}, "n1": {"typeId": "FAX", "value": "1"}
        }}));
        let brief: Vec<_> =
            item_changes(&fields).iter().map(|change| (change.id, change.value.clone())).collect();
        assert_eq!(brief, [(None, Some("1".to_owned())), (Some(12), None)]);
    }
}
