//! The methods of stock documents beyond those of their rows.

use serde_json::json;
use wire::{Fault, Map, Value};

use super::conduct::{self, refused};
use super::document::{CONDUCTED, DOCUMENT, FACE, title};
use super::element::ELEMENT;
use crate::SCOPE;
use engine::call::Call;
use engine::entity::{Naming, describe};
use engine::error::Result;
use engine::method::{Kind, Method, read, required, write};
use engine::noun::{self, Noun, Row};

/// The methods.
pub fn methods() -> Vec<Method> {
    let mut methods = vec![
        read("catalog.document.mode.status", SCOPE, |_| Ok("Y".into()))
            .controller()
            .about("Returns whether stock is kept by documents.")
            .example(json!({}), json!("Y")),
    ];
    methods.extend(CHANGES.iter().flat_map(|change| [of_one(change.verb, change), of_many(change)]));
    methods.extend([of_one("confirm", &CHANGES[0]), of_one("unconfirm", &CHANGES[1])]);
    methods.extend(
        [("catalog.document.fields", &DOCUMENT), ("catalog.document.element.fields", &ELEMENT)].map(
            |(name, noun)| {
                read(name, SCOPE, move |call| Ok(fields(call, noun)))
                    .controller()
                    .about("Describes the fields, as an older version did.")
                    .example(json!({}), json!("*"))
            },
        ),
    );
    methods
}

/// What is done to documents.
struct Change {
    verb: &'static str,
    about: [&'static str; 2],
    /// The document of the demo portal that examples name.
    example: i64,
    run: fn(&mut Call<'_, '_>, &Row) -> Result<Option<String>>,
    /// What comes before the reason why it cannot be done: to a document alone, and to one of several, `{title}`.
    refused: [&'static str; 2],
}

static CHANGES: [Change; 3] = [
    Change {
        verb: "conduct",
        about: [
            "Conducts a stock document: its products move.",
            "Conducts stock documents: all of them, or none.",
        ],
        example: 2,
        run: conduct::conduct,
        refused: [
            "Document conducting error: ",
            "An error occurred while conducting the document \"{title}\": ",
        ],
    },
    Change {
        verb: "cancel",
        about: [
            "Takes back what a stock document has moved.",
            "Takes back what stock documents have moved: all of them, or none.",
        ],
        example: 1,
        run: conduct::cancel,
        refused: [
            "Error cancelling document conduct: ",
            "An error occurred while canceling the document \"{title}\": ",
        ],
    },
    Change {
        verb: "delete",
        about: ["Deletes a stock document.", "Deletes stock documents: all of them, or none."],
        example: 2,
        run: delete,
        refused: ["", "You cannot delete document \"{title}\" as it is processed"],
    },
];

fn of_one(verb: &str, change: &'static Change) -> Method {
    write(format!("catalog.document.{verb}"), SCOPE, move |call| one(call, change))
        .controller()
        .about(change.about[0])
        .param(required("id", Kind::Id, "ID"))
        .example(json!({"id": change.example}), json!(true))
}

fn of_many(change: &'static Change) -> Method {
    write(format!("catalog.document.{}List", change.verb), SCOPE, move |call| many(call, change))
        .controller()
        .about(change.about[1])
        .param(required("documentIds", Kind::List, "IDs of documents"))
        .example(json!({"documentIds": [change.example]}), json!(true))
}

fn one(call: &mut Call<'_, '_>, change: &Change) -> Result<Value> {
    let document = conduct::find(call, call.id("id"))?;
    match (change.run)(call, &document)? {
        None => Ok(true.into()),
        // A document that has moved stock is not deleted, which is no error of the method.
        Some(_) if change.refused[0].is_empty() => Ok(Value::Null),
        Some(said) => Err(refused(format!("{}{said}", change.refused[0]))),
    }
}

fn many(call: &mut Call<'_, '_>, change: &Change) -> Result<Value> {
    let ids: Vec<i64> =
        call.param("documentIds").into_iter().flat_map(|ids| ids.items()).filter_map(Value::as_int).collect();
    if ids.is_empty() {
        return Err(Fault::numbered(400, 0, "Required fields: documentIds").into());
    }
    for id in ids {
        let document = conduct::find(call, id)?;
        if let Some(said) = (change.run)(call, &document)? {
            let before = change.refused[1].replace("{title}", &title(&document));
            return Err(refused(format!("{before}{said}")));
        }
    }
    Ok(true.into())
}

fn delete(call: &mut Call<'_, '_>, document: &Row) -> Result<Option<String>> {
    if document.text("status") == CONDUCTED {
        return Ok(Some(String::new()));
    }
    noun::delete(call, &DOCUMENT, &FACE, &[document.number.into()])?;
    Ok(None)
}

/// The fields in one map, in a list.
fn fields(call: &mut Call<'_, '_>, noun: &'static Noun) -> Value {
    let table = &call.core.modules.shape(noun).table;
    let mut map = Map::with_capacity(table.fields.len());
    for (own, field) in noun.fields.iter().zip(&table.fields) {
        if let Some(name) = Naming::Item.name(field) {
            let type_name = own.type_name.unwrap_or(field.kind.wire_name());
            map.push(name, describe::plain(field, type_name, call.language));
        }
    }
    Value::List(vec![Value::Map(map)])
}
