//! `tasks.task.getFields`: what there is to know of the fields of a task.

use engine::call::Call;
use engine::entity::{Field, Kind};
use engine::texts::{Locale, Topic};
use wire::{Map, Value};

use super::{SYSTEM, TASK, USER_FIELDS, status};

/// Fields that have no column and are described all the same, with the field behind which they stand.
const DERIVED: [(&str, &str, &str, &str); 2] = [
    ("serviceCommentsCount", "NEW_COMMENTS_COUNT", "integer", "Number of new comments"),
    ("durationFact", "CHECKLIST", "array", "Checklist"),
];

/// Fields that requests and answers have beside those that are described.
const HIDDEN: [&str; 5] = ["descriptionInBbcode", "tags", "dependsOn", "seParameter", "chatId"];

/// The fields by their codes.
pub fn fields(call: &Call<'_, '_>) -> Value {
    let language = call.language;
    let mut fields = Map::with_capacity(TASK.fields.len() + 4);
    for field in TASK.fields.iter().filter(|field| !HIDDEN.contains(&field.name)) {
        fields.push(field.upper_name(), own(field, language));
        for (_, code, kind, title) in DERIVED.iter().filter(|(behind, ..)| *behind == field.name) {
            let mut described = Map::with_capacity(2);
            described.push("title", language.text(Topic::Fields, title));
            described.push("type", *kind);
            if *kind == "integer" {
                described.push("default", 0);
            }
            fields.push(*code, described);
        }
    }
    if let Some(table) = call.meta.fielded(USER_FIELDS.number) {
        for field in table.fields.iter().filter(|field| field.user.is_some()) {
            fields.push(field.code.as_ref(), of_user(field));
        }
    }
    fields.into()
}

fn of_user(field: &Field) -> Value {
    let mut described = Map::with_capacity(3);
    described.push("title", field.title.as_ref());
    described.push("type", field.user.as_ref().map_or("string", |user| user.user_type_id.as_str()));
    if field.required {
        described.push("required", true);
    }
    described.into()
}

fn own(field: &engine::noun::Field, language: Locale) -> Value {
    let mut described = Map::with_capacity(5);
    described.push("title", language.text(Topic::Fields, field.title));
    let named = |text: &str| Value::from(language.text(Topic::Fields, text));
    let values = match field.name {
        "mark" => pairs([("N", named("Negative")), ("P", named("Positive"))]),
        "priority" => pairs([("2", named("High")), ("1", named("Middle")), ("0", named("Low"))]),
        "status" => status::ALL.iter().map(|(state, name)| (state.to_string().into(), named(name))).collect(),
        // It is described as a flag.
        "forkedByTemplateId" => pairs([("Y", named("Yes")), ("N", named("No"))]),
        _ if field.kind == Kind::Char => pairs([("Y", named("Yes")), ("N", named("No"))]),
        _ => Map::new(),
    };
    let is_unit = field.name == "durationType";
    described.push("type", if values.is_empty() && !is_unit { type_of(field) } else { "enum" });
    if is_unit {
        let units = super::UNITS.iter().map(|(unit, _)| Value::from(*unit)).collect::<Vec<_>>();
        described.push("values", units);
    }
    if !values.is_empty() {
        described.push("values", values);
    }
    match field.name {
        "id" => described.push("primary", true),
        "title" | "createdBy" | "responsibleId" => described.push("required", true),
        "parentId"
        | "groupId"
        | "stageId"
        | "sprintId"
        | "backlogId"
        | "flowId"
        | "commentsCount"
        | "serviceCommentsCount" => described.push("default", 0),
        "priority" | "status" => {
            described.push("default", field.default.and_then(|code| code.parse::<i64>().ok()));
        }
        "subordinate" | "favorite" | "mark" | "guid" | "xmlId" | "exchangeId" | "outlookVersion"
        | "closedBy" => {
            described.push("default", Value::Null);
        }
        "notViewed" | "isMuted" | "isPinned" | "isPinnedInGroup" | "forkedByTemplateId" => {
            described.push("default", "N");
        }
        "timeEstimate" => {}
        _ if field.kind == Kind::DateTime && field.stamp.is_none() => described.push("default", Value::Null),
        _ => {
            if let Some(default) = field.default {
                described.push("default", default);
            }
        }
    }
    described.into()
}

fn pairs<const N: usize>(pairs: [(&str, Value); N]) -> Map {
    pairs.into_iter().map(|(code, name)| (code.into(), name)).collect()
}

fn type_of(field: &engine::noun::Field) -> &'static str {
    match (field.name, field.kind) {
        (name, _) if name == SYSTEM[0] => "crm",
        (name, _) if name == SYSTEM[1] => "disk_file",
        (name, _) if name == SYSTEM[2] => "mail_message",
        _ if field.multiple => "array",
        (_, Kind::DateTime) => "datetime",
        (_, Kind::Double) => "double",
        (_, Kind::Integer | Kind::User) => "integer",
        _ => "string",
    }
}
