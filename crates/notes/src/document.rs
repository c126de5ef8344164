//! Documents: `note.document.*`. They stand in a tree within their collection, whose rights are theirs.

use std::borrow::Cow;

use engine::access::Act;
use engine::call::Call;
use engine::dto::{Dto, FACE, Pages, Select, Type, Verb, View, described, property, success};
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, Method, optional, required, write};
use engine::noun::{
    self, Access, Draft, Face, Faults, Grant, Hooks, ID, Noun, Row, Rule, Stamp, field, noun,
};
use serde_json::json;
use store::Param;
use wire::{Fault, Map, Value, exception};

use crate::collection::{COLLECTION, require_title, set_state};
use crate::{SCOPE, hidden, leaving};

/// Bytes of a document.
const LARGEST: usize = 1_048_576;
/// Documents within documents.
const DEEPEST: usize = 50;

/// Documents.
pub static DOCUMENT: Noun = Noun {
    access: Access::Rule(&OfCollection),
    fields: &[
        ID,
        field("collectionId", Kind::Noun("note.collection"), "Knowledge base")
            .required()
            .immutable()
            .indexed(),
        field("parentId", Kind::Integer, "Document above it").immutable().indexed(),
        field("title", Kind::String, "Title").required().sample("Tables"),
        field("markdown", Kind::Text, "Text"),
        field("position", Kind::Integer, "Position").read_only(),
        field("state", Kind::String, "State").default("A").read_only(),
        field("createdBy", Kind::User, "Creator").stamped(Stamp::CreatedBy),
        field("createdAt", Kind::DateTime, "Created").stamped(Stamp::Created),
        field("updatedBy", Kind::User, "Modified by").stamped(Stamp::ChangedBy),
        field("updatedAt", Kind::DateTime, "Modified").stamped(Stamp::Changed),
    ],
    faces: &[WRITTEN],
    hooks: &Placed,
    ..noun("note.document", "note_document", SCOPE, ["document", "documents"])
};

/// How documents are written. A link that leads nowhere is that to the collection.
pub const WRITTEN: Face = Face {
    faults: Faults {
        invalid: |name| match name {
            "collectionId" => exception::not_found("Knowledge base not found"),
            _ => (FACE.faults.invalid)(name),
        },
        ..hidden("Document not found")
    },
    ..FACE
};

/// What documents look like.
static DTO: Dto = Dto {
    name: "DocumentDto",
    properties: &[
        property("id", Type::Int),
        property("collectionId", Type::Int).required("Knowledge base").immutable(),
        property("parentId", Type::Int).editable("Document above it").immutable(),
        property("title", Type::String).required("Title"),
        property("markdown", Type::String).editable("Text in Markdown"),
        property("position", Type::Int),
        property("createdBy", Type::Int),
        property("createdAt", Type::String),
        property("updatedBy", Type::Int),
        property("updatedAt", Type::String),
    ],
};

/// The methods that are those of every noun.
pub static VIEW: View = View {
    path: "note.document",
    scope: SCOPE,
    noun: &DOCUMENT,
    dto: &DTO,
    verbs: &[(Verb::Add, "Adds a document and returns it."), (Verb::Get, "Returns a document.")],
    face: WRITTEN,
    pages: Pages { usual: 50, most: 500 },
    sample: || json!({"collectionId": 1, "title": "Tables", "markdown": "Four legs."}),
};

/// The methods.
pub fn methods() -> Vec<Method> {
    let mut methods = VIEW.methods();
    methods.extend([
        write("note.document.update", SCOPE, update)
            .v3(Some(&DTO))
            .about("Changes the title or the text of a document and returns it.")
            .param(required("id", method::Kind::Int, "ID"))
            .param(
                required("fields", method::Kind::Fields, "Values by field").with_members(DTO.members(false)),
            )
            .param(optional(
                "overwrite",
                method::Kind::Flag,
                "Whether changes in the editor that were not saved may be lost",
            ))
            .example(
                json!({"id": 1, "fields": {"title": "Chairs and stools"}}),
                json!({"item": {"id": 1, "title": "Chairs and stools"}}),
            ),
        leaving("note.document.archive", &DTO, 1, |call| leave(call, "R"))
            .about("Archives a document with those below it.")
            .destroys(),
        leaving("note.document.delete", &DTO, 1, |call| leave(call, "D"))
            .about("Moves a document with those below it to the trash."),
    ]);
    methods.extend(described("note.document", SCOPE, &DTO));
    methods
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let (id, given) = (call.id("id"), VIEW.given(call));
    if given.is_empty() {
        return Err(Fault::new(
            400,
            "NOTE_EMPTY_UPDATE",
            "The request does not contain any changeable fields",
        )
        .into());
    }
    let row = noun::update(call, &DOCUMENT, &WRITTEN, &[id.into()], &given)?;
    VIEW.one(call, &row, &Select::default())
}

fn leave(call: &mut Call<'_, '_>, state: &'static str) -> Result<Value> {
    let id = call.id("id");
    let top = noun::find(call, &DOCUMENT, &WRITTEN, Act::Update, &[id.into()])?;
    let with_those_below = "id IN (WITH RECURSIVE below (id) AS (SELECT id FROM note_document WHERE id = ? \
                            UNION SELECT d.id FROM note_document d JOIN below b ON d.parent_id = b.id WHERE d.state = 'A') \
                            SELECT id FROM below)";
    set_state(call, &DOCUMENT, state, with_those_below, top.number)?;
    Ok(success())
}

/// What may be done with a document is what its collection allows.
struct OfCollection;

impl Rule for OfCollection {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let act = if act == Act::Read { Act::Read } else { Act::Update };
        let (condition, params) = COLLECTION.leads(call, act, "collection_id")?;
        Ok(Grant::Where(format!("t.state = 'A' AND {condition}"), params))
    }

    fn fields(&self) -> &'static [&'static str] {
        &["collectionId"]
    }
}

/// A document has a place in its collection, and is no larger than it may be.
struct Placed;

impl Hooks for Placed {
    fn read(&self, _: &mut Call<'_, '_>, _: &Face, given: &mut Cow<'_, Map>, _: Option<&Row>) -> Result<()> {
        match given.get("markdown").and_then(Value::as_str) {
            Some(text) if text.len() > LARGEST => {
                let said = "Document content is too large. The maximum allowed size is 1 048 576 bytes.";
                Err(Fault::new(400, "NOTE_MARKDOWN_TOO_LARGE", said).into())
            }
            _ => Ok(()),
        }
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        require_title(draft, old, "title", "Document title")?;
        // A text of a field is shorter than a document may be.
        if let Some(Value::Str(text)) = call.fields("fields").get("markdown") {
            draft.set("markdown", Param::from(text.to_string()));
        }
        if old.is_some() {
            return Ok(());
        }
        let (collection, parent) =
            (draft.int("collectionId").unwrap_or(0), draft.int("parentId").filter(|id| *id != 0));
        if let Some(parent) = parent {
            require_parent(call, collection, parent)?;
        }
        // Two at once would get the same place.
        noun::alone(call, &format!("note_document {collection} {parent:?}"))?;
        let sql = "SELECT COALESCE(MAX(position), 0) FROM note_document WHERE collection_id = ? AND COALESCE(parent_id, 0) = ?";
        let last = call.tx.one(sql, &[collection.into(), parent.unwrap_or(0).into()], |row| row.int(0))?;
        draft.set("position", Param::from(last.unwrap_or(0) + 1));
        Ok(())
    }
}

/// The document above is one of the same collection, and not too deep.
fn require_parent(call: &mut Call<'_, '_>, collection: i64, parent: i64) -> Result<()> {
    let mut at = Some(parent);
    for _ in 0..DEEPEST {
        let Some(id) = at.filter(|id| *id != 0) else { return Ok(()) };
        let sql = "SELECT parent_id FROM note_document WHERE id = ? AND collection_id = ? AND state = 'A'";
        let found = call.tx.one(sql, &[id.into(), collection.into()], |row| row.opt_int(0))?;
        at = found.ok_or_else(|| {
            Fault::new(
                400,
                "NOTE_INVALID_PARENT",
                "The parent document does not belong to the specified collection.",
            )
        })?;
    }
    Err(Fault::new(400, "NOTE_INVALID_PARENT", "The documents are nested too deeply.").into())
}
