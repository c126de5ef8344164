//! `crm.duplicate.volatileType.*`: the fields by which an administrator wants duplicates to be looked for, beside phones,
//! e-mail addresses and names.

use engine::access::Act;
use engine::call::Call;
use engine::entity::{Entity, Kind, Place, describe};
use engine::error::Result;
use engine::method::{self, Method, optional, read, required, write};
use engine::noun::{
    Access, Answer, CONTROLLER_FAULTS, Face, Faults, ID, Noun, Refusal, Rows, Verb, add, field, noun, rows,
};
use serde_json::json;
use wire::{Fault, Map, Value};

use crate::SCOPE;

/// Fields by which duplicates are looked for.
pub static TYPE: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID,
        field("entityTypeId", Kind::Integer, "Item type").required().indexed(),
        field("fieldCode", Kind::String, "Field").required(),
    ],
    faces: &[FACE],
    ..noun(
        "crm.duplicate.volatileType",
        "crm_duplicate_type",
        SCOPE,
        ["field to find duplicates by", "fields to find duplicates by"],
    )
};

const FACE: Face = Face {
    verbs: &[(Verb::List, "list"), (Verb::Delete, "unregister")],
    asks: &[],
    whole: true,
    many: Rows::Bare,
    deleted: Answer::True,
    about: &[
        (Verb::List, "Lists the fields by which duplicates are looked for beyond the usual ones."),
        (Verb::Delete, "Has duplicates not be looked for by a field any more."),
    ],
    faults: Faults {
        missing: Refusal::Coded("TYPE_IS_NOT_ASSIGNED", "This type is not assigned"),
        ..CONTROLLER_FAULTS
    },
    ..Face::controller("crm.duplicate.volatileType", "type", "types")
};

/// Fields that leads, contacts and companies may have of this together.
const MOST: usize = 7;

/// The methods that the face does not have.
pub fn methods() -> Vec<Method> {
    vec![
        read("crm.duplicate.volatileType.fields", SCOPE, fields)
            .controller()
            .about("Lists the fields of leads, contacts and companies by which duplicates can be looked for.")
            .param(optional(
                "entityTypeId",
                method::Kind::Int,
                "Type of the items: 1 lead, 3 contact, 4 company",
            ))
            .example(json!({"entityTypeId": 1}), json!("*")),
        write("crm.duplicate.volatileType.register", SCOPE, register)
            .controller()
            .about(
                "Has duplicates be looked for by a field, of which there may be seven, and returns its ID.",
            )
            .param(required(
                "entityTypeId",
                method::Kind::Int,
                "Type of the items: 1 lead, 3 contact, 4 company",
            ))
            .param(required("fieldCode", method::Kind::Text, "Field"))
            .example(json!({"entityTypeId": 3, "fieldCode": "POST"}), json!({"id": "*"})),
    ]
}

/// Whether duplicates are looked for among items of that kind.
fn has_duplicates(entity: &Entity) -> bool {
    super::TYPES.iter().all(|type_id| entity.field(type_id).is_some())
}

/// The fields of an entity by which duplicates can be looked for: those that hold text.
fn candidates(entity: &Entity) -> impl Iterator<Item = &engine::entity::Field> {
    let holds_text = |field: &&engine::entity::Field| {
        matches!(field.kind, Kind::String | Kind::Text) && field.place == Place::Column
    };
    entity
        .fields
        .iter()
        .filter(|field| field.legacy && !field.read_only && !field.multiple)
        .filter(holds_text)
}

fn fields(call: &mut Call<'_, '_>) -> Result<Value> {
    if TYPE.grant(call, Act::Read)?.is_nothing() {
        return Err(FACE.faults.unreadable.fault().into());
    }
    let only = call.param("entityTypeId").and_then(Value::as_int);
    let mut entities: Vec<_> = call.meta.items().filter(|entity| has_duplicates(entity)).cloned().collect();
    entities.sort_unstable_by_key(|entity| entity.type_id);
    let mut found = Vec::new();
    for entity in entities.iter().filter(|entity| only.is_none_or(|only| only == entity.type_id)) {
        for field in candidates(entity) {
            let mut map = Map::with_capacity(3);
            map.push("entityTypeId", entity.type_id);
            map.push("fieldCode", &*field.code);
            map.push("fieldTitle", describe::title(field, call.language));
            found.push(Value::Map(map));
        }
    }
    Ok(found.into())
}

fn register(call: &mut Call<'_, '_>) -> Result<Value> {
    let scope = TYPE.grant(call, Act::Add)?;
    if scope.is_nothing() {
        return Err(FACE.faults.unwritable.fault().into());
    }
    let (kind, code) = (call.id("entityTypeId"), call.text("fieldCode").unwrap_or_default());
    let entity = call.entity(kind).filter(|entity| has_duplicates(entity));
    if !entity.is_some_and(|entity| candidates(&entity).any(|field| *field.code == *code)) {
        return Err(Fault::new(400, "FIELD_NOT_FOUND", "Field not found").into());
    }
    let there = rows(call, &TYPE, &scope, &[])?;
    let same =
        there.iter().find(|row| row.int("entityTypeId") == Some(kind) && row.text("fieldCode") == code);
    let id = match same {
        Some(row) => row.number,
        None if there.len() >= MOST => {
            let text = "There is already a maximum number of volatile types";
            return Err(Fault::new(400, "MAX_TYPES_COUNT_EXCEEDED", text).into());
        }
        None => {
            let mut given = Map::with_capacity(2);
            given.push("entityTypeId", kind);
            given.push("fieldCode", code);
            add(call, &TYPE, &FACE, &given)?.number
        }
    };
    Ok(Value::under("id", id))
}
