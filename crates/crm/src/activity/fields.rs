//! The fields of an activity.

use std::sync::LazyLock;

use engine::entity::{Entity, Field, Kind, Naming, Place, describe, table};
use engine::texts::Locale;
use wire::{Fault, Map, Value};

/// Descriptors name these types.
const TYPES: [(&str, &str); 13] = [
    ("OWNER_TYPE_ID", "crm_enum_ownertype"),
    ("TYPE_ID", "crm_enum_activitytype"),
    ("STATUS", "crm_enum_activitystatus"),
    ("PRIORITY", "crm_enum_activitypriority"),
    ("NOTIFY_TYPE", "crm_enum_activitynotifytype"),
    ("DESCRIPTION_TYPE", "crm_enum_contenttype"),
    ("DIRECTION", "crm_enum_activitydirection"),
    ("SETTINGS", "object"),
    ("PROVIDER_PARAMS", "object"),
    ("BINDINGS", "crm_activity_binding"),
    ("COMMUNICATIONS", "crm_activity_communication"),
    ("FILES", "diskfile"),
    ("WEBDAV_ELEMENTS", "diskfile"),
];

/// Fields that take whatever they are given, kept as JSON.
pub const FREE: [&str; 2] = ["SETTINGS", "PROVIDER_PARAMS"];

/// Fields that lists show only when they are selected by name.
pub const SELECTED: [&str; 5] =
    ["BINDINGS", "COMMUNICATIONS", "FILES", "WEBDAV_ELEMENTS", "IS_INCOMING_CHANNEL"];

/// Bytes that a field of [`FREE`] takes.
const LARGEST: usize = 65_535;

/// The table of activities.
pub fn table() -> &'static Entity {
    static TABLE: LazyLock<Entity> =
        LazyLock::new(|| table::described("crm_activity", "Activity", [whose(), what(), rest()].concat()));
    &TABLE
}

/// The same with a row for each binding, `b`.
pub fn bound() -> &'static Entity {
    static TABLE: LazyLock<Entity> =
        LazyLock::new(|| Entity { beside: Some("crm_activity_binding b"), ..table().clone() });
    &TABLE
}

/// The field with the files.
pub fn files() -> &'static Field {
    static FILES: LazyLock<Field> = LazyLock::new(|| Field::new("FILES", Kind::File, "Files").multiple());
    &FILES
}

fn whose() -> Vec<Field> {
    vec![
        Field::new("ID", Kind::Integer, "ID").read_only(),
        Field::new("OWNER_ID", Kind::Integer, "Owner ID").immutable().indexed(),
        Field::new("OWNER_TYPE_ID", Kind::Integer, "Owner type").immutable(),
        Field::new("TYPE_ID", Kind::Integer, "Type").required().immutable(),
        Field::new("PROVIDER_ID", Kind::String, "Provider"),
        Field::new("PROVIDER_TYPE_ID", Kind::String, "Provider type"),
        Field::new("PROVIDER_GROUP_ID", Kind::String, "Provider group"),
        Field::new("ASSOCIATED_ENTITY_ID", Kind::Integer, "Associated object ID")
            .read_only()
            .default("0")
            .indexed(),
    ]
}

fn what() -> Vec<Field> {
    let number = |code, title| Field::new(code, Kind::Integer, title);
    let moment = |code, title| Field::new(code, Kind::DateTime, title);
    vec![
        Field::new("SUBJECT", Kind::String, "Subject").required(),
        moment("CREATED", "Created on").read_only().indexed(),
        moment("LAST_UPDATED", "Changed on").read_only().indexed(),
        moment("START_TIME", "Start").indexed(),
        moment("END_TIME", "End"),
        moment("DEADLINE", "Deadline").indexed(),
        Field::new("COMPLETED", Kind::Char, "Completed").default("N"),
        number("STATUS", "Status").default("1"),
        Field::new("RESPONSIBLE_ID", Kind::User, "Responsible").required().indexed(),
        number("PRIORITY", "Priority").default("2"),
        number("NOTIFY_TYPE", "Unit of the reminder").default("0"),
        number("NOTIFY_VALUE", "Reminder").default("0"),
        Field::new("DESCRIPTION", Kind::Text, "Description"),
        number("DESCRIPTION_TYPE", "Format of the description").default("1"),
        number("DIRECTION", "Direction").default("0"),
        Field::new("LOCATION", Kind::String, "Location"),
        Field::new("SETTINGS", Kind::Text, "Settings"),
    ]
}

fn rest() -> Vec<Field> {
    let text = |code, title| Field::new(code, Kind::String, title);
    let number = |code, title| Field::new(code, Kind::Integer, title).default("0");
    let nowhere = |code, title| Field::new(code, Kind::String, title).multiple().at(Place::Nowhere);
    vec![
        text("ORIGINATOR_ID", "External source"),
        text("ORIGIN_ID", "Item ID in the data source").indexed(),
        text("ORIGIN_VERSION", "Version in the data source"),
        Field::new("AUTHOR_ID", Kind::User, "Author").read_only(),
        Field::new("EDITOR_ID", Kind::User, "Changed by").read_only(),
        Field::new("PROVIDER_PARAMS", Kind::Text, "Provider parameters"),
        Field::new("PROVIDER_DATA", Kind::Text, "Provider data"),
        number("RESULT_MARK", "Mark of the result"),
        Field::new("RESULT_VALUE", Kind::Double, "Value of the result"),
        Field::new("RESULT_SUM", Kind::Double, "Sum of the result"),
        text("RESULT_CURRENCY_ID", "Currency of the result"),
        number("RESULT_STATUS", "Status of the result"),
        number("RESULT_STREAM", "Stream of the result"),
        text("RESULT_SOURCE_ID", "Source of the result"),
        number("AUTOCOMPLETE_RULE", "Rule of completion"),
        nowhere("BINDINGS", "Bindings").read_only(),
        nowhere("COMMUNICATIONS", "Communications").required(),
        files().clone(),
        nowhere("WEBDAV_ELEMENTS", "Added files"),
        Field::new("IS_INCOMING_CHANNEL", Kind::Char, "Came by an incoming channel").read_only().default("N"),
    ]
}

/// Descriptors of all fields.
pub fn describe(language: Locale) -> Map {
    let mut fields = describe::of_table(table(), Naming::Legacy, language);
    for (name, type_name) in TYPES {
        describe::correct(&mut fields, name, "type", type_name);
    }
    describe::correct(&mut fields, "WEBDAV_ELEMENTS", "isDeprecated", true);
    fields
}

/// What a field of [`FREE`] holds for a value of a request: nothing for an empty one.
pub fn keep(name: &str, value: &Value) -> Result<Option<String>, Fault> {
    let json =
        value.is_array().then(|| serde_json::Value::from(value).to_string()).filter(|_| !value.is_empty());
    match json {
        Some(json) if json.len() > LARGEST => Err(Fault::crm(format!("The field {name} is too large."))),
        json => Ok(json),
    }
}

/// What such a field shows: `[]` when it is empty.
pub fn show(json: Option<&str>) -> Value {
    let kept = json.and_then(|json| serde_json::from_str::<serde_json::Value>(json).ok());
    kept.map_or_else(|| Value::List(Vec::new()), Value::from)
}
