//! Files of documents: `note.file.*`. The text of a document shows one by its `assetMarkdown`.

use engine::access::Act;
use engine::call::Call;
use engine::dto::{Dto, FACE, Pages, Select, Type, View, described, property};
use engine::entity::Kind;
use engine::error::Result;
use engine::files;
use engine::method::{self, Method, read, required, write};
use engine::noun::{self, Access, Face, Faults, Hooks, ID, Noun, Row, Stamp, field, noun};
use serde_json::json;
use wire::{Fault, Map, Value, exception};

use crate::collection::LONGEST;
use crate::document::{self, DOCUMENT};
use crate::{PIXEL, SCOPE, hidden};

/// Letters of base64 that a content comes in.
const LARGEST: usize = 42 << 20;

/// Files of documents.
pub static FILE: Noun = Noun {
    access: Access::Through("documentId"),
    fields: &[
        ID,
        field("documentId", Kind::Noun("note.document"), "Document").required().immutable().indexed(),
        field("file", Kind::File, "File").required().immutable(),
        field("createdBy", Kind::User, "Creator").stamped(Stamp::CreatedBy),
        field("createdAt", Kind::DateTime, "Created").stamped(Stamp::Created),
    ],
    faces: &[WRITTEN],
    hooks: &Told,
    ..noun("note.file", "note_file", SCOPE, ["file of a document", "files of documents"])
};

const WRITTEN: Face = Face {
    faults: Faults {
        invalid: |name| match name {
            "documentId" => exception::not_found("Document not found"),
            _ => exception::of_field("fileContent", "Failed to save the file"),
        },
        ..hidden("File not found")
    },
    ..FACE
};

/// What files look like.
static DTO: Dto = Dto {
    name: "FileDto",
    properties: &[
        property("id", Type::Int),
        property("documentId", Type::Int),
        property("name", Type::String),
        property("size", Type::Int),
        property("mimeType", Type::String),
        property("assetType", Type::String),
        property("assetMarkdown", Type::String),
    ],
};

static VIEW: View = View {
    path: "note.file",
    scope: SCOPE,
    noun: &FILE,
    dto: &DTO,
    verbs: &[],
    face: WRITTEN,
    pages: Pages { usual: 50, most: 500 },
    sample: || json!({}),
};

/// The methods.
pub fn methods() -> Vec<Method> {
    let document = || required("documentId", method::Kind::Int, "ID of the document");
    let mut methods = vec![
        write("note.file.add", SCOPE, add)
            .v3(Some(&DTO))
            .about("Adds a file to a document and returns it with the Markdown that shows it.")
            .param(document())
            .param(required("fileName", method::Kind::Text, "Name of the file"))
            .param(required("fileContent", method::Kind::Text, "Content in Base64"))
            .example(
                json!({"documentId": 1, "fileName": "table.png", "fileContent": PIXEL}),
                json!({"item": {"documentId": 1, "name": "table.png", "mimeType": "image/png", "assetType": "image"}}),
            ),
        read("note.file.get", SCOPE, get)
            .v3(Some(&DTO))
            .about("Returns a file of a document.")
            .param(required("id", method::Kind::Int, "ID"))
            .param(document())
            .example(json!({"id": 1, "documentId": 1}), json!({"item": {"id": 1, "assetMarkdown": "[[image fileId=1]]"}})),
    ];
    methods.extend(described("note.file", SCOPE, &DTO));
    methods
}

/// Refuses a document that the caller may not do this to.
fn require_document(call: &mut Call<'_, '_>, act: Act) -> Result<()> {
    let id = call.id("documentId");
    noun::find(call, &DOCUMENT, &document::WRITTEN, act, &[id.into()]).map(drop)
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    require_document(call, Act::Update)?;
    let (name, content) =
        (call.text("fileName").unwrap_or_default(), call.text("fileContent").unwrap_or_default());
    if name.chars().count() > LONGEST || name.contains(['/', '\\', '\0']) {
        return Err(Fault::new(400, "NOTE_FILE_TYPE_NOT_ALLOWED", "File type is not supported").into());
    }
    if content.len() > LARGEST {
        return Err(Fault::new(400, "NOTE_FILE_TOO_LARGE", "File size exceeds the allowed value").into());
    }
    if content.is_empty() || !is_base64(&content) {
        return Err(exception::of_field("fileContent", "Incorrect Base64 content provided").into());
    }
    let mut given = Map::with_capacity(2);
    given.push("documentId", call.id("documentId"));
    given.push("file", vec![Value::from(name), content.into()]);
    let row = noun::add(call, &FILE, &WRITTEN, &given)?;
    VIEW.one(call, &row, &Select::default())
}

fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let letters = body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(&byte));
    letters && text.len() - body.len() <= 2 && body.len() % 4 != 1
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    require_document(call, Act::Read)?;
    let id = call.id("id");
    let row = noun::find(call, &FILE, &WRITTEN, Act::Read, &[id.into()])?;
    if row.int("documentId") != Some(call.id("documentId")) {
        return Err(WRITTEN.faults.missing.fault().into());
    }
    VIEW.one(call, &row, &Select::default())
}

/// The type of a file, by the end of its name.
fn mime_of(name: &str) -> &'static str {
    const TYPES: [(&str, &str); 14] = [
        ("png", "image/png"),
        ("jpg", "image/jpeg"),
        ("jpeg", "image/jpeg"),
        ("gif", "image/gif"),
        ("webp", "image/webp"),
        ("svg", "image/svg+xml"),
        ("mp4", "video/mp4"),
        ("webm", "video/webm"),
        ("mov", "video/quicktime"),
        ("pdf", "application/pdf"),
        ("zip", "application/zip"),
        ("txt", "text/plain"),
        ("md", "text/markdown"),
        ("csv", "text/csv"),
    ];
    let end = name.rsplit_once('.').map_or("", |(_, end)| end);
    let found = TYPES.iter().find(|(one, _)| one.eq_ignore_ascii_case(end));
    found.map_or("application/octet-stream", |(_, mime)| mime)
}

/// What the stored file says of itself.
struct Told;

impl Hooks for Told {
    fn show(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        rows: &[Row],
        shown: &mut [Map],
        _: bool,
    ) -> Result<()> {
        for (row, map) in rows.iter().zip(shown) {
            let Some(file) = files::find(call.tx, row.int("file").unwrap_or(0))? else { continue };
            let mime = file.content_type.as_deref().unwrap_or_else(|| mime_of(&file.name));
            let kind =
                mime.split('/').next().filter(|kind| ["image", "video"].contains(kind)).unwrap_or("file");
            map.push("size", i64::try_from(file.size).unwrap_or(i64::MAX));
            map.push("mimeType", mime);
            map.push("assetType", kind);
            map.push("assetMarkdown", format!("[[{kind} fileId={}]]", row.number));
            map.push("name", file.name.as_str());
        }
        Ok(())
    }
}
