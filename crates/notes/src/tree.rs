//! `note.document.tree.*`: the documents of a collection below each other.

use std::collections::HashMap;

use engine::access::Act;
use engine::call::Call;
use engine::dto::{Dto, Type, described, property};
use engine::error::Result;
use engine::method::{Kind, Method, read, required};
use engine::noun;
use serde_json::json;
use wire::{Map, Value};

use crate::SCOPE;
use crate::collection::{COLLECTION, WRITTEN};

/// Documents that one answer shows.
const MOST: i64 = 2_000;

/// A document with those below it.
static DTO: Dto = Dto {
    name: "DocumentTreeDto",
    properties: &[
        property("id", Type::Int),
        property("collectionId", Type::Int),
        property("parentId", Type::Int),
        property("title", Type::String),
        property("position", Type::Int),
        property("children", Type::Array),
    ],
};

/// The methods.
pub fn methods() -> Vec<Method> {
    let mut methods = vec![
        read("note.document.tree.list", SCOPE, list)
            .v3(Some(&DTO))
            .about("Returns the documents of a knowledge base as a tree.")
            .param(required("collectionId", Kind::Int, "ID of the knowledge base"))
            .example(
                json!({"collectionId": 1}),
                json!({"items": [{"id": 1, "parentId": null, "children": [{"id": 2, "parentId": 1}]}], "truncated": false}),
            ),
    ];
    methods.extend(described("note.document.tree", SCOPE, &DTO));
    methods
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = call.id("collectionId");
    let collection = noun::find(call, &COLLECTION, &WRITTEN, Act::Read, &[id.into()])?.number;
    let sql = "SELECT id, COALESCE(parent_id, 0), title, position FROM note_document \
               WHERE collection_id = ? AND state = 'A' ORDER BY position, id LIMIT ?";
    let (mut below, mut count) = (HashMap::<i64, Vec<Map>>::new(), 0);
    call.tx.query(sql, &[collection.into(), (MOST + 1).into()], |row| {
        count += 1;
        if count > MOST {
            return Ok(());
        }
        let parent = row.int(1)?;
        let mut map = Map::with_capacity(6);
        map.push("id", row.int(0)?);
        map.push("collectionId", collection);
        map.push("parentId", Some(parent).filter(|id| *id != 0));
        map.push("title", row.text(2)?);
        map.push("position", row.opt_int(3)?.unwrap_or(0));
        below.entry(parent).or_default().push(map);
        Ok(())
    })?;
    let mut answer = Map::with_capacity(2);
    answer.push("items", children(&mut below, 0));
    answer.push("truncated", count > MOST);
    Ok(answer.into())
}

/// The documents below one; each is taken once, and so the recursion is no deeper than the tree.
fn children(below: &mut HashMap<i64, Vec<Map>>, id: i64) -> Vec<Value> {
    let own = below.remove(&id).unwrap_or_default();
    let one = |mut map: Map| {
        let id = map.get("id").and_then(Value::as_int).unwrap_or(0);
        map.push("children", children(below, id));
        map.into()
    };
    own.into_iter().map(one).collect()
}
