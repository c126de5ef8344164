//! The fields that posts have beyond their columns, `UF_*`, as `log.blogpost.get` describes them with their values.

use std::collections::HashMap;

use engine::call::Call;
use engine::error::Result;
use engine::input::yes_no;
use engine::moment;
use engine::noun::Row;
use engine::texts::Topic;
use serde_json::{Value as Json, json};
use wire::{Map, Value};

/// A field as the real system describes it.
struct Field {
    /// Its number there.
    id: i64,
    name: &'static str,
    kind: &'static str,
    class: &'static str,
    title: &'static str,
    base: &'static str,
    /// Several values, shown in lists, searched.
    flags: [bool; 3],
    /// Whether the class shows itself.
    rendered: bool,
    /// Labels in forms and in lists.
    labels: Option<[&'static str; 2]>,
    settings: fn() -> Json,
}

const PLAIN: Field = Field {
    id: 0,
    name: "",
    kind: "integer",
    class: "Bitrix\\Main\\UserField\\Types\\IntegerType",
    title: "Integer",
    base: "int",
    flags: [false, false, false],
    rendered: true,
    labels: None,
    settings: || json!({"SIZE": 20, "MIN_VALUE": 0, "MAX_VALUE": 0, "DEFAULT_VALUE": null}),
};

const FIELDS: [Field; 8] = [
    Field {
        id: 1,
        name: "UF_BLOG_POST_DOC",
        kind: "file",
        class: "Bitrix\\Main\\UserField\\Types\\FileType",
        title: "File",
        base: "file",
        flags: [true, false, true],
        settings: || {
            json!({
                "SIZE": 20, "LIST_WIDTH": 0, "LIST_HEIGHT": 0, "MAX_SHOW_SIZE": 0, "MAX_ALLOWED_SIZE": 0,
                "EXTENSIONS": [], "TARGET_BLANK": "Y", "DEFAULT_VIEW": null,
            })
        },
        ..PLAIN
    },
    Field {
        id: 5,
        name: "UF_BLOG_POST_URL_PRV",
        kind: "url_preview",
        class: "Bitrix\\Main\\UrlPreview\\UrlPreviewUserType",
        title: "Preview of a link",
        flags: [false, false, true],
        rendered: false,
        settings: || json!([]),
        ..PLAIN
    },
    Field { id: 9, name: "UF_GRATITUDE", ..PLAIN },
    Field {
        id: 19,
        name: "UF_BLOG_POST_FILE",
        kind: "disk_file",
        class: "Bitrix\\Disk\\Uf\\FileUserType",
        title: "File on the drive",
        flags: [true, false, true],
        rendered: false,
        settings: || json!({"IBLOCK_ID": null, "SECTION_ID": null, "UF_TO_SAVE_ALLOW_EDIT": false}),
        ..PLAIN
    },
    Field {
        id: 83,
        name: "UF_BLOG_POST_IMPRTNT",
        flags: [false, true, false],
        labels: Some(["Important post", "Important"]),
        ..PLAIN
    },
    Field {
        id: 85,
        name: "UF_IMPRTANT_DATE_END",
        kind: "datetime",
        class: "Bitrix\\Main\\UserField\\Types\\DateTimeType",
        title: "Date and time",
        base: "datetime",
        labels: Some(["Important until", "Until"]),
        settings: || json!({"DEFAULT_VALUE": {"TYPE": "NONE", "VALUE": ""}, "USE_SECOND": "Y", "USE_TIMEZONE": "N"}),
        ..PLAIN
    },
    Field {
        id: 131,
        name: "UF_BLOG_POST_VOTE",
        kind: "vote",
        class: "Bitrix\\Vote\\Uf\\VoteUserType",
        title: "Poll",
        flags: [false, true, false],
        rendered: false,
        settings: || {
            json!({
                "CHANNEL_ID": 1, "UNIQUE": 8, "UNIQUE_IP_DELAY": {"DELAY": "10", "DELAY_TYPE": "D"}, "NOTIFY": "I",
            })
        },
        ..PLAIN
    },
    Field {
        id: 439,
        name: "UF_MAIL_MESSAGE",
        kind: "mail_message",
        class: "Bitrix\\Mail\\MessageUserType",
        title: "E-mail",
        rendered: false,
        settings: || json!(null),
        ..PLAIN
    },
];

/// Texts of it that are translated.
pub fn names() -> Vec<&'static str> {
    let mut names: Vec<&'static str> = FIELDS
        .iter()
        .flat_map(|field| [field.title].into_iter().chain(field.labels.into_iter().flatten()))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The fields of a post.
pub struct Shown {
    /// Each with its value, by its name.
    pub shown: Vec<(&'static str, Map)>,
    /// Whether one has a value.
    pub has_values: bool,
}

/// The fields of a post with these attachments and that poll.
pub fn fields(call: &Call<'_, '_>, post: &Row, files: &[i64], poll: Option<i64>) -> Shown {
    let is_important = post.text("important") == "Y";
    let until = post.int("importantUntil").filter(|_| is_important);
    let mut has_values = false;
    let one = |field: &Field| {
        let (value, is_set) = match field.name {
            "UF_BLOG_POST_FILE" if files.is_empty() => (Value::Bool(false), false),
            "UF_BLOG_POST_FILE" => (files.iter().map(|id| Value::from(*id)).collect::<Vec<_>>().into(), true),
            "UF_BLOG_POST_DOC" => (Value::Bool(false), false),
            "UF_BLOG_POST_IMPRTNT" if is_important => ("1".into(), true),
            "UF_IMPRTANT_DATE_END" => match until {
                Some(until) => (moment::print(&call.caller.zone, until).into(), true),
                None => ("".into(), false),
            },
            "UF_BLOG_POST_VOTE" => (poll.map(|poll| poll.to_string()).into(), poll.is_some()),
            _ => (Value::Null, false),
        };
        has_values |= is_set;
        (field.name, described(call, field, post.number, value, is_set))
    };
    let shown = FIELDS.iter().map(one).collect();
    Shown { shown, has_values }
}

fn described(call: &Call<'_, '_>, field: &Field, post: i64, value: Value, is_set: bool) -> Map {
    let text = |text: &'static str| Value::from(call.language.text(Topic::Names, text));
    let [multiple, listed, searched] = field.flags;
    let mut kind = Map::with_capacity(7);
    kind.push("USER_TYPE_ID", field.kind);
    kind.push("CLASS_NAME", field.class);
    if field.rendered {
        kind.push("EDIT_CALLBACK", vec![Value::from(field.class), "renderEdit".into()]);
        kind.push("VIEW_CALLBACK", vec![Value::from(field.class), "renderView".into()]);
        kind.push("USE_FIELD_COMPONENT", true);
    }
    kind.push("DESCRIPTION", text(field.title));
    kind.push("BASE_TYPE", field.base);
    if field.kind == "disk_file" {
        kind.push("TAG", vec![Value::from("DISK FILE ID"), "DOCUMENT ID".into()]);
    }
    let raw = match &value {
        Value::Str(raw) if is_set => Value::from(raw.as_str()),
        Value::List(list) if is_set => serialized(list).into(),
        _ => Value::Null,
    };
    let mut map = Map::with_capacity(24);
    map.push("ID", field.id.to_string());
    map.push("ENTITY_ID", "BLOG_POST");
    map.push("FIELD_NAME", field.name);
    map.push("USER_TYPE_ID", field.kind);
    map.push("XML_ID", if field.kind == "mail_message" { "" } else { field.name });
    map.push("SORT", "100");
    map.push("MULTIPLE", yes_no(multiple));
    map.push("MANDATORY", "N");
    map.push("SHOW_FILTER", "N");
    map.push("SHOW_IN_LIST", yes_no(listed));
    map.push("EDIT_IN_LIST", "Y");
    map.push("IS_SEARCHABLE", yes_no(searched));
    map.push("SETTINGS", Value::from((field.settings)()));
    map.push("EDIT_FORM_LABEL", field.labels.map(|[form, _]| text(form)).unwrap_or_default());
    map.push("LIST_COLUMN_LABEL", field.labels.map(|[_, list]| text(list)).unwrap_or_default());
    let filtered = field.labels.filter(|_| field.name == "UF_BLOG_POST_IMPRTNT");
    map.push("LIST_FILTER_LABEL", filtered.map(|[_, list]| text(list)).unwrap_or_default());
    map.push("ERROR_MESSAGE", Value::Null);
    map.push("HELP_MESSAGE", Value::Null);
    map.push("USER_TYPE", kind);
    map.push("VALUE", value);
    map.push("ENTITY_VALUE_ID", post);
    map.push("VALUE_EXISTS", true);
    map.push("VALUE_RAW", raw);
    map.push("CUSTOM_DATA", Value::List(Vec::new()));
    map
}

/// Numbers as PHP writes a list of them down.
fn serialized(list: &[Value]) -> String {
    let number = |value: &Value| value.as_int().unwrap_or(0);
    let parts: String =
        list.iter().enumerate().map(|(at, value)| format!("i:{at};i:{};", number(value))).collect();
    format!("a:{}:{{{parts}}}", list.len())
}

/// The polls of these posts, where there are polls.
///
/// # Errors
/// Those of the store.
pub fn polls(call: &mut Call<'_, '_>, posts: &[i64]) -> Result<HashMap<i64, i64>> {
    let Some(shape) = call.core.modules.noun("vote.attach") else { return Ok(HashMap::new()) };
    let sql = format!(
        "SELECT entity_id, id FROM {} WHERE host = 'feed.post' AND entity_id IN (#)",
        shape.noun.table
    );
    let polls = call.tx.all_among(&sql, &[], posts, |row| Ok((row.int(0)?, row.int(1)?)))?;
    Ok(polls.into_iter().collect())
}
