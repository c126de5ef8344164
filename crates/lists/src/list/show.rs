//! What answers show of lists.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Noun, Row};
use engine::texts::Topic;
use store::Param;
use wire::{Map, Value};

/// The rows with these numbers that the caller may read, in this order.
///
/// # Errors
/// Those of the store.
pub fn ordered(call: &mut Call<'_, '_>, noun: &'static Noun, ids: &[i64]) -> Result<Vec<Row>> {
    let scope = noun.grant(call, Act::Read)?;
    let dialect = call.tx.dialect();
    let condition = dialect.among("t.id");
    let mut rows: Vec<Row> = Vec::with_capacity(ids.len());
    for portion in dialect.portions(ids) {
        let params = dialect.params(portion.iter().map(|id| [Param::from(*id)])).to_vec();
        rows.extend(noun::select(call, noun, &scope, &condition, params, "")?);
    }
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.number));
    Ok(rows)
}

/// What a list shows that we keep nothing of: what every list of the real system has there.
const CONSTANT: [(&str, Option<&str>); 29] = [
    ("LID", Some("s1")),
    ("API_CODE", None),
    ("ACTIVE", Some("Y")),
    ("LIST_PAGE_URL", None),
    ("DETAIL_PAGE_URL", None),
    ("SECTION_PAGE_URL", None),
    ("CANONICAL_PAGE_URL", None),
    ("PICTURE", None),
    ("DESCRIPTION_TYPE", Some("text")),
    ("RSS_TTL", Some("24")),
    ("RSS_ACTIVE", Some("Y")),
    ("RSS_FILE_ACTIVE", Some("N")),
    ("RSS_FILE_LIMIT", None),
    ("RSS_FILE_DAYS", None),
    ("RSS_YANDEX_ACTIVE", Some("N")),
    ("XML_ID", None),
    ("TMP_ID", None),
    ("INDEX_ELEMENT", Some("Y")),
    ("INDEX_SECTION", Some("N")),
    ("WORKFLOW", Some("N")),
    ("SECTION_CHOOSER", Some("L")),
    ("LIST_MODE", None),
    ("RIGHTS_MODE", Some("E")),
    ("SECTION_PROPERTY", None),
    ("PROPERTY_INDEX", None),
    ("VERSION", Some("1")),
    ("LAST_CONV_ELEMENT", Some("0")),
    ("EDIT_FILE_BEFORE", None),
    ("EDIT_FILE_AFTER", None),
];

const BEHIND: [(&str, Option<&str>); 5] = [
    ("REST_ON", Some("N")),
    ("FULLTEXT_INDEX", Some("N")),
    ("EXTERNAL_ID", None),
    ("LANG_DIR", Some("/")),
    ("SERVER_NAME", None),
];

/// A list.
pub fn shown(call: &Call<'_, '_>, row: &Row) -> Map {
    let mut map = Map::with_capacity(48);
    let code = row.text("code");
    map.push("ID", row.number.to_string());
    let changed = row.int("timestampX").unwrap_or(0);
    map.push("TIMESTAMP_X", call.settings.dates().moment(&call.caller.zone, changed));
    map.push("IBLOCK_TYPE_ID", row.text("iblockTypeId"));
    map.push("CODE", if code.is_empty() { Value::Null } else { code.into() });
    map.push("NAME", row.text("name"));
    map.push("SORT", row.int("sort").unwrap_or(500).to_string());
    map.push("DESCRIPTION", row.text("description"));
    map.push("BIZPROC", row.text("bizproc"));
    map.push("SOCNET_GROUP_ID", row.int("socnetGroupId").unwrap_or(0).to_string());
    let constant = |map: &mut Map, (name, value): (&'static str, Option<&str>)| {
        map.push(name, value.map_or(Value::Null, Value::from));
    };
    CONSTANT.into_iter().for_each(|pair| constant(&mut map, pair));
    let messages = row.json("messages");
    let texts = [
        ("SECTIONS_NAME", "Sections"),
        ("SECTION_NAME", "Section"),
        ("ELEMENTS_NAME", "Elements"),
        ("ELEMENT_NAME", "Element"),
    ];
    for (name, usual) in texts {
        let own = messages[name].as_str().filter(|own| !own.is_empty());
        map.push(name, own.unwrap_or_else(|| call.language.text(Topic::Names, usual)));
    }
    BEHIND.into_iter().for_each(|pair| constant(&mut map, pair));
    map
}
