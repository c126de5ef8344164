//! Collections and documents of the knowledge base: `note.*` of REST 3.0.

mod collection;
mod document;
mod file;
mod search;
mod tree;

use serde_json::json;

use engine::call::Call;
use engine::dto::{Dto, FACE};
use engine::error::Result;
use engine::method::{Kind, Method, required, write};
use engine::modules::Module;
use engine::noun::{Faults, Noun, Refusal};
use engine::scopes::offered;
use wire::{Value, exception};

/// The scope of the methods.
const SCOPE: &str = "note";

/// The module of this crate.
pub static MODULE: Module = Module {
    scopes: &[offered("note", "Knowledge base", "Collections, documents and their files in REST 3.0.")],
    nouns,
    methods,
    indexes: &[
        "INDEX IF NOT EXISTS note_collection_place ON note_collection (state, position, id)",
        "INDEX IF NOT EXISTS note_document_of ON note_document (collection_id, parent_id, position, id)",
    ],
    russian: include_str!("ru.toml"),
    ..Module::new("notes")
};

fn nouns() -> Vec<&'static Noun> {
    vec![&collection::COLLECTION, &document::DOCUMENT, &file::FILE]
}

fn methods() -> Vec<Method> {
    let own =
        [collection::methods(), document::methods(), search::methods(), tree::methods(), file::methods()];
    own.into_iter().flatten().collect()
}

/// The faults of what is not there, or not for the caller to read, which is the same.
const fn hidden(said: &'static str) -> Faults {
    let absent = Refusal::Coded(exception::NOT_FOUND, said);
    Faults { missing: absent, unreadable: absent, ..FACE.faults }
}

/// A method that takes a thing of this number, in its example, out of sight.
fn leaving(
    name: &'static str,
    dto: &'static Dto,
    example: i64,
    leave: fn(&mut Call<'_, '_>) -> Result<Value>,
) -> Method {
    write(name, SCOPE, leave)
        .v3(Some(dto))
        .param(required("id", Kind::Int, "ID"))
        .example(json!({"id": example}), json!({"result": true}))
}

/// Demo data: calls of REST 3.0 in their order. Collection 1 with document 1, document 2 below it, and file 1 of
/// document 1; collection 2, empty.
pub const DEMO: &str = include_str!("demo.json");

/// A picture.
const PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";
