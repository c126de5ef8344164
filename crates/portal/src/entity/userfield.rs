//! Fields that people make at run time (`UF_CRM_..`): their definitions become fields and columns like
//! the built-in ones (protocol 6.8).

use std::borrow::Cow;
use std::collections::HashMap;

use store::{Param, Tx};

use super::field::camel;
use super::{Field, Kind, Place};
use crate::error::Result;

/// The settings of a user field beyond what every field has.
#[derive(Clone, Debug)]
pub struct UserField {
    /// Its number.
    pub id: i64,
    /// The entity it belongs to.
    pub entity_type_id: i64,
    /// Its type, `string` or `enumeration` for instance.
    pub user_type_id: String,
    /// A code for outside systems.
    pub xml_id: Option<String>,
    /// Its place among the others.
    pub sort: i64,
    /// `N` not in filters, `I` exact, `E` by mask, `S` by part
    pub show_filter: String,
    /// Whether lists show it.
    pub show_in_list: bool,
    /// Whether people may edit it.
    pub edit_in_list: bool,
    /// Whether search looks into it.
    pub is_searchable: bool,
    /// Settings of its type: `DEFAULT_VALUE`, `ROWS`, ..
    pub settings: serde_json::Value,
    /// Labels by kind (`EDIT_FORM_LABEL`, ..) and language.
    pub labels: serde_json::Value,
    /// The choices of an enumeration, in order.
    pub choices: Vec<Choice>,
}

/// A choice of an enumeration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its number, the value that items hold.
    pub id: i64,
    /// What a person reads.
    pub value: String,
    /// Whether it is chosen where nothing is said.
    pub is_default: bool,
    /// Its place.
    pub sort: i64,
    /// A code for outside systems.
    pub xml_id: String,
}

/// The types a user field may have, by their names on the wire.
pub const TYPES: [(&str, Kind); 16] = [
    ("string", Kind::String),
    ("integer", Kind::Integer),
    ("double", Kind::Double),
    ("boolean", Kind::Boolean),
    ("date", Kind::Date),
    ("datetime", Kind::DateTime),
    ("enumeration", Kind::Enumeration),
    ("money", Kind::Money),
    ("url", Kind::Url),
    ("address", Kind::Address),
    ("file", Kind::File),
    ("employee", Kind::Employee),
    ("crm", Kind::Crm),
    ("crm_status", Kind::CrmStatus),
    ("iblock_section", Kind::IblockSection),
    ("iblock_element", Kind::IblockElement),
];

impl UserField {
    /// What a new item gets when nothing is said; `None` for no default.
    pub fn default_value(&self) -> Option<Param<'static>> {
        if let Some(choice) = self.choices.iter().find(|choice| choice.is_default) {
            return Some(Param::from(choice.id));
        }
        match self.settings.get("DEFAULT_VALUE")? {
            serde_json::Value::String(text) if !text.is_empty() => Some(text.clone().into()),
            serde_json::Value::Number(number) => number.as_i64().map(Param::from),
            _ => None,
        }
    }
}

/// The user fields of all entities, by entity.
pub fn load(tx: &mut Tx<'_>) -> Result<HashMap<i64, Vec<Field>>> {
    let mut choices = load_choices(tx)?;
    let mut fields: HashMap<i64, Vec<Field>> = HashMap::new();
    let sql = "SELECT id, entity_type_id, field_name, user_type_id, xml_id, sort, multiple, mandatory, show_filter, \
               show_in_list, edit_in_list, is_searchable, settings, labels FROM crm_user_field ORDER BY sort, id";
    tx.query(sql, &[], |row| {
        let (id, entity_type_id, code) = (row.int(0)?, row.int(1)?, row.text(2)?.to_owned());
        let user_type_id = row.text(3)?.to_owned();
        let known = TYPES.iter().find(|(name, _)| *name == user_type_id).map(|(_, kind)| *kind);
        let yes = |column| Ok::<_, store::Error>(row.text(column)? == "Y");
        let labels = json(row.text(13)?);
        let field = Field {
            item: Some(Cow::Owned(camel(&code))),
            kind: known.unwrap_or(Kind::String),
            column: code.to_ascii_lowercase(),
            title: Cow::Owned(label(&labels, "EDIT_FORM_LABEL").unwrap_or_else(|| code.clone())),
            code: Cow::Owned(code),
            place: Place::Column,
            required: yes(7)?,
            read_only: false,
            immutable: false,
            multiple: yes(6)?,
            default: None,
            indexed: false,
            legacy: true,
            user: Some(Box::new(UserField {
                id,
                entity_type_id,
                user_type_id,
                xml_id: row.opt_text(4)?.map(str::to_owned),
                sort: row.int(5)?,
                show_filter: row.text(8)?.to_owned(),
                show_in_list: yes(9)?,
                edit_in_list: yes(10)?,
                is_searchable: yes(11)?,
                settings: json(row.text(12)?),
                labels,
                choices: choices.remove(&id).unwrap_or_default(),
            })),
        };
        fields.entry(entity_type_id).or_default().push(field);
        Ok(())
    })?;
    Ok(fields)
}

fn load_choices(tx: &mut Tx<'_>) -> Result<HashMap<i64, Vec<Choice>>> {
    let mut choices: HashMap<i64, Vec<Choice>> = HashMap::new();
    let sql =
        "SELECT field_id, id, value, is_default, sort, xml_id FROM crm_user_field_choice ORDER BY sort, id";
    tx.query(sql, &[], |row| {
        choices.entry(row.int(0)?).or_default().push(Choice {
            id: row.int(1)?,
            value: row.text(2)?.to_owned(),
            is_default: row.text(3)? == "Y",
            sort: row.int(4)?,
            xml_id: row.text(5)?.to_owned(),
        });
        Ok(())
    })?;
    Ok(choices)
}

/// A label in English, or in any language there is; plain text counts for all.
pub fn label(labels: &serde_json::Value, kind: &str) -> Option<String> {
    let label = labels.get(kind)?;
    let text = label.as_str().or_else(|| label.get("en")?.as_str());
    let any = || label.as_object()?.values().find_map(serde_json::Value::as_str);
    text.or_else(any).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_default()
}
