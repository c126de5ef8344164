//! `disk.*.getFields`: what the rows of lists have, and by what they can be filtered.

use engine::call::Call;
use engine::error::Result;
use engine::method::{Method, read};
use serde_json::json;
use wire::{Map, Value};

use crate::SCOPE;

/// A field: its name, its type, and whether lists can be filtered by it.
type Described = (&'static str, &'static str, bool);

const STORAGE: &[Described] = &[
    ("ID", "integer", true),
    ("NAME", "string", true),
    ("CODE", "string", true),
    ("MODULE_ID", "string", true),
    ("ENTITY_TYPE", "string", true),
    ("ENTITY_ID", "string", true),
    ("ROOT_OBJECT_ID", "integer", true),
];

const FOLDER: &[Described] = &[
    ("ID", "integer", true),
    ("NAME", "string", true),
    ("TYPE", "enum", true),
    ("CODE", "string", true),
    ("STORAGE_ID", "integer", true),
    ("REAL_OBJECT_ID", "integer", false),
    ("PARENT_ID", "integer", true),
    ("CREATE_TIME", "datetime", true),
    ("UPDATE_TIME", "datetime", true),
    ("DELETE_TIME", "datetime", true),
    ("CREATED_BY", "integer", false),
    ("UPDATED_BY", "integer", false),
    ("DELETED_BY", "integer", false),
    ("DELETED_TYPE", "enum", true),
];

const FILE: &[Described] = &[
    ("ID", "integer", true),
    ("NAME", "string", true),
    ("TYPE", "enum", true),
    ("CODE", "string", true),
    ("STORAGE_ID", "integer", true),
    ("PARENT_ID", "integer", true),
    ("CREATE_TIME", "datetime", true),
    ("UPDATE_TIME", "datetime", true),
    ("DELETE_TIME", "datetime", true),
    ("CREATED_BY", "integer", false),
    ("UPDATED_BY", "integer", false),
    ("DELETED_BY", "integer", false),
    ("GLOBAL_CONTENT_VERSION", "integer", false),
    ("FILE_ID", "integer", false),
    ("SIZE", "integer", false),
    ("DELETED_TYPE", "enum", true),
];

/// The methods.
pub fn methods() -> Vec<Method> {
    let of = |name: &str, about: &str, fields: &'static [Described]| {
        read(name, SCOPE, move |call| described(call, fields)).own_words().about(about).example(
            json!({}),
            json!({"ID": {"TYPE": "integer", "USE_IN_FILTER": true, "USE_IN_SHOW": true}}),
        )
    };
    vec![
        of("disk.storage.getFields", "Describes the fields of a storage.", STORAGE),
        of("disk.folder.getFields", "Describes the fields of a folder.", FOLDER),
        of("disk.file.getFields", "Describes the fields of a file.", FILE),
    ]
}

#[allow(clippy::unnecessary_wraps, reason = "it is a handler")]
fn described(_: &mut Call<'_, '_>, fields: &'static [Described]) -> Result<Value> {
    let one = |(name, kind, in_filter): &Described| {
        let mut field = Map::with_capacity(3);
        field.push("TYPE", *kind);
        field.push("USE_IN_FILTER", *in_filter);
        field.push("USE_IN_SHOW", true);
        ((*name).into(), field.into_value())
    };
    Ok(fields.iter().map(one).collect::<Map>().into_value())
}
