//! Types of custom fields: codes of a dictionary, and references to items.

use engine::entity::userfield::UserField;
use engine::entity::{Declared, Stored};
use engine::userfield::Type;
use engine::userfield::types::{Form, shown};
use serde_json::{Map as Json, Value as Setting, json};
use wire::Map;

/// The types.
pub static TYPES: [Type; 2] = [
    Type::declared(&STATUS, "CRM dictionary", &[shown("ENTITY_TYPE", Form::Text(""), "Dictionary")]),
    Type::declared(
        &ITEM,
        "CRM item",
        &[
            shown("LEAD", Form::Flag("N"), "Leads"),
            shown("CONTACT", Form::Flag("N"), "Contacts"),
            shown("COMPANY", Form::Flag("N"), "Companies"),
            shown("DEAL", Form::Flag("N"), "Deals"),
        ],
    )
    .completed(complete),
];

/// A code of the dictionary that the settings name.
static STATUS: Declared = Declared {
    dictionary: |field| Some(field.settings.get("ENTITY_TYPE")?.as_str()?.to_owned()),
    ..Declared::new("crm_status", Stored::Text)
};

/// A reference to an item: `D_17`.
static ITEM: Declared = Declared { accept: link, ..Declared::new("crm", Stored::Text) };

/// The kinds of items that a field may name beside those of smart processes: the setting that allows each, and the prefix
/// of references to it.
const LINKS: [(&str, &str); 4] = [("LEAD", "L"), ("CONTACT", "C"), ("COMPANY", "CO"), ("DEAL", "D")];

/// Adds which smart processes a field may name. One that may name nothing would be of no use.
fn complete(settings: &mut Json<String, Setting>, given: &Map, old: &Setting) {
    settings.extend(of_types(given, old));
    if settings.values().all(|allowed| allowed == "N") {
        settings.insert("LEAD".to_owned(), json!("Y"));
    }
}

/// Which smart processes a field may name, `DYNAMIC_1030`: those that were given, or else those that it could name before.
fn of_types(given: &Map, old: &Setting) -> impl Iterator<Item = (String, Setting)> {
    let is_type =
        |key: &str| key.strip_prefix("DYNAMIC_").is_some_and(|number| number.parse::<u32>().is_ok());
    let flag = Form::Flag("N");
    let kept = old.as_object().into_iter().flatten().filter(move |(key, _)| is_type(key));
    let kept: Vec<(String, Setting)> = kept.map(|(key, value)| (key.clone(), value.clone())).collect();
    let fresh = given.iter().filter(move |(key, _)| is_type(key));
    let fresh: Vec<(String, Setting)> =
        fresh.filter_map(|(key, value)| Some((key.to_string(), flag.read(value)?))).collect();
    kept.into_iter().chain(fresh)
}

/// A reference to an item of an allowed kind: `D_17`, or the bare number where one kind only is allowed.
fn link(field: &UserField, text: &str) -> Option<String> {
    let allows = |setting: &str| field.settings.get(setting).and_then(serde_json::Value::as_str) == Some("Y");
    let fixed = LINKS.iter().filter(|(setting, _)| allows(setting)).map(|(_, prefix)| (*prefix).to_owned());
    let of_types = field.settings.as_object().into_iter().flat_map(|settings| settings.keys());
    let of_types = of_types.filter(|setting| allows(setting)).filter_map(|setting| {
        let number: i64 = setting.strip_prefix("DYNAMIC_")?.parse().ok()?;
        Some(format!("T{number:x}"))
    });
    let allowed: Vec<String> = fixed.chain(of_types).collect();
    let (prefix, id) = match text.trim().split_once('_') {
        Some((prefix, id)) => (Some(allowed.iter().find(|known| *known == prefix)?), id),
        None => (None, text.trim()),
    };
    let id = id.parse::<u32>().ok().filter(|id| *id > 0)?;
    match (allowed.len(), prefix) {
        (1, _) => Some(id.to_string()),
        (_, Some(prefix)) => Some(format!("{prefix}_{id}")),
        (_, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::method::params;

    #[test]
    fn a_field_for_items_may_always_name_some() {
        assert_eq!(TYPES[1].merge(&Map::new(), &Setting::Null)["LEAD"], "Y");
        let deals = TYPES[1].merge(&params(&json!({"DEAL": "Y"})), &Setting::Null);
        assert_eq!((&deals["LEAD"], &deals["DEAL"]), (&json!("N"), &json!("Y")));
    }

    #[test]
    fn references_are_to_allowed_kinds_only() {
        let field = |settings: Setting| UserField {
            id: 1,
            entity_type_id: 1,
            user_type_id: "crm".into(),
            xml_id: None,
            sort: 100,
            show_filter: "N".into(),
            show_in_list: false,
            edit_in_list: true,
            is_searchable: false,
            settings,
            labels: Setting::Null,
            choices: Vec::new(),
        };
        let deals = field(json!({"DEAL": "Y", "LEAD": "N"}));
        assert_eq!(link(&deals, "D_17").as_deref(), Some("17"));
        assert_eq!(link(&deals, " 17").as_deref(), Some("17"));
        assert_eq!(link(&deals, "L_17"), None);
        let both = field(json!({"DEAL": "Y", "COMPANY": "Y"}));
        assert_eq!(link(&both, "CO_3").as_deref(), Some("CO_3"));
        for wrong in ["3", "C_3", "D_0", "D_x", "D_-1", ""] {
            assert_eq!(link(&both, wrong), None, "{wrong}");
        }
    }
}
