//! Fields that people make at run time (`UF_CRM_..`): their definitions become fields and columns like
//! the built-in ones (protocol 6.8).

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use store::{Param, Tx};
use wire::{Fault, Value};

use super::field::camel;
pub use super::user_settings::{Choice, UserField};
use super::{Entity, Field, Kind, Place, codec, schema};
use crate::error::Result;
use crate::moment::{self, Clock};
use crate::state;

/// How the user fields of a table are kept and called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserFields {
    /// The number of the table among those that have user fields: its `entityTypeId` in the CRM, a negative one elsewhere.
    pub number: i64,
    /// What `ENTITY_ID` says of them: `CRM_LEAD`.
    pub object: Cow<'static, str>,
    /// How their names begin: `UF_CRM_`.
    pub prefix: Cow<'static, str>,
    /// How the names begin of which digits keep the underscores around them in camelCase: `UF_CRM_`.
    pub apart: Option<&'static str>,
    /// How the names of their events begin: `ONCRMLEADUSERFIELD`; `None` when there are none.
    pub events: Option<&'static str>,
}

impl UserFields {
    /// User fields without events.
    pub const fn new(number: i64, object: &'static str, prefix: &'static str) -> Self {
        let (object, prefix) = (Cow::Borrowed(object), Cow::Borrowed(prefix));
        UserFields { number, object, prefix, apart: None, events: None }
    }
}

impl UserField {
    /// A value as its type wants it: none of an enumeration that is not among its choices, and so on.
    pub(super) fn accept(&self, kind: Kind, value: Param<'static>) -> Param<'static> {
        match (kind, value) {
            (Kind::Enumeration, Param::Int(id)) if self.choices.iter().all(|choice| choice.id != id) => {
                Param::Null
            }
            (Kind::Declared(of), Param::Text(text)) => Param::from((of.accept)(self, &text)),
            (Kind::Double, Param::Real(number)) => {
                let digits = self.settings.get("PRECISION").and_then(serde_json::Value::as_i64).unwrap_or(2);
                let scale = 10f64.powi(digits.clamp(0, 12) as i32);
                let rounded = (number * scale).round() / scale;
                Param::Real(if rounded.is_finite() { rounded } else { number })
            }
            (_, value) => value,
        }
    }
}

/// The fault for a mandatory field that would stay empty.
pub fn required(field: &Field) -> Fault {
    Fault::core(format!("The field \"{}\" is required.", field.title))
}

/// The default value of a field; `None` if there is none.
pub fn default_of(field: &Field, clock: &Clock<'_>) -> Option<Param<'static>> {
    let user = field.user.as_ref()?;
    let default = match field.kind {
        Kind::Enumeration => {
            let ids =
                user.choices.iter().filter(|choice| choice.is_default).map(|choice| Value::Int(choice.id));
            Value::List(ids.collect())
        }
        Kind::Date | Kind::DateTime => {
            let settings = user.settings.get("DEFAULT_VALUE")?;
            match settings.get("TYPE")?.as_str()? {
                "NOW" => Value::Str(moment::print(clock.zone, clock.now.seconds())),
                "FIXED" => Value::from(settings.get("VALUE")?.clone()),
                _ => return None,
            }
        }
        _ => Value::from(user.settings.get("DEFAULT_VALUE")?.clone()),
    };
    codec::take(field, &default, clock).ok()?.filter(|param| *param != Param::Null)
}

/// A user field's name in camelCase. Where digits keep the underscores around them, a name that mixes them with letters
/// stays as it is, so that each name leads back to one field:
///
/// | code | name |
/// |---|---|
/// | `UF_CRM_SHOE_SIZE` | `ufCrmShoeSize` |
/// | `UF_CRM_1747309879` | `ufCrm_1747309879` |
/// | `UF_CRM_3_1747309727` | `ufCrm3_1747309727` |
/// | `UF_CRM_3_DIGIT` | `ufCrm3Digit` |
/// | `UF_CRM_3_DIGIT10` | `ufCrm_3_DIGIT10` |
pub fn item_name(code: &str, apart: Option<&str>) -> String {
    let Some((begin, rest)) = apart.and_then(|begin| Some((begin, code.strip_prefix(begin)?))) else {
        return camel(code);
    };
    let begin = camel(begin.trim_end_matches('_'));
    let words: Vec<&str> = rest.split('_').collect();
    let digits = |word: &&str| !word.is_empty() && word.bytes().all(|letter| letter.is_ascii_digit());
    let letters = |word: &&str| !word.is_empty() && word.bytes().all(|letter| letter.is_ascii_uppercase());
    match &words[..] {
        words if words.iter().all(letters) => camel(code),
        words if words.len() > 1 && words.iter().all(digits) => format!("{begin}{rest}"),
        [number, words @ ..] if !words.is_empty() && digits(number) && words.iter().all(letters) => {
            camel(code)
        }
        _ => format!("{begin}_{rest}"),
    }
}

/// The user fields of all entities, by entity; of a type that no module declares any more they are texts. Their names in
/// camelCase follow from the entity.
pub fn load(tx: &mut Tx<'_>, kind_of: impl Fn(&str) -> Option<Kind>) -> Result<HashMap<i64, Vec<Field>>> {
    let mut choices = load_choices(tx)?;
    let mut fields: HashMap<i64, Vec<Field>> = HashMap::new();
    let sql = "SELECT id, entity_type_id, field_name, user_type_id, xml_id, sort, multiple, mandatory, show_filter, \
               show_in_list, edit_in_list, is_searchable, settings, labels FROM crm_user_field ORDER BY sort, id";
    tx.query(sql, &[], |row| {
        let (id, entity_type_id, code) = (row.int(0)?, row.int(1)?, row.text(2)?.to_owned());
        let user_type_id = row.text(3)?.to_owned();
        let yes = |column| Ok::<_, store::Error>(row.text(column)? == "Y");
        let labels = json(row.text(13)?);
        let field = Field {
            name: None,
            item: None,
            kind: kind_of(&user_type_id).unwrap_or(Kind::String),
            type_name: None,
            column: code.to_ascii_lowercase(),
            title: Cow::Owned(label(&labels, "EDIT_FORM_LABEL").unwrap_or_else(|| code.clone())),
            code: Cow::Owned(code),
            place: Place::Column,
            required: yes(7)?,
            read_only: false,
            set_by_items: false,
            immutable: false,
            multiple: yes(6)?,
            members: None,
            default: None,
            numbered: false,
            indexed: false,
            covers: &[],
            ordered: false,
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

/// Makes the indexes of the user fields that an older program added, once for each table: later ones get theirs when they
/// are added. Asking the engine for an index keeps it from writing to the table, whether the index is there or not.
pub fn sync<'e>(tx: &mut Tx<'_>, entities: impl Iterator<Item = &'e Arc<Entity>>) -> Result<()> {
    for entity in entities {
        let name = format!("user_field_indexes:{}", entity.table());
        state::once(tx, &name, |tx| {
            let mut fields = entity.fields.iter().filter(|field| field.user.is_some());
            fields.try_for_each(|field| schema::index_user_field(tx, entity.table(), field))
        })?;
    }
    Ok(())
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
    let filled = |text: &serde_json::Value| text.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let any = || label.as_object()?.values().find_map(filled);
    filled(label).or_else(|| filled(label.get("en")?)).or_else(any)
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_documentation() {
        for (code, name) in [
            ("UF_CRM_SHOE_SIZE", "ufCrmShoeSize"),
            ("UF_CRM_1747309879", "ufCrm_1747309879"),
            ("UF_CRM_3_1747309727", "ufCrm3_1747309727"),
            ("UF_CRM_3_DIGIT", "ufCrm3Digit"),
            ("UF_CRM_3_DIGIT10", "ufCrm_3_DIGIT10"),
            ("UF_CRM_3_DIGIT_10", "ufCrm_3_DIGIT_10"),
            ("UF_CRM_6710EFCBAF22C", "ufCrm_6710EFCBAF22C"),
            ("UF_CRM_A__B", "ufCrm_A__B"),
        ] {
            assert_eq!(item_name(code, Some("UF_CRM_")), name);
            assert_eq!(item_name("UF_TASK_3_4", None), "ufTask34");
        }
    }
}
