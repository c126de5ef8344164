//! What stands under what: the relations of a smart process, as requests write them and answers show them.

use std::sync::Arc;

use engine::call::Call;
use engine::copy::Copying;
use engine::entity::schema;
use engine::error::Result;
use engine::input::int;
use engine::meta::Meta;
use store::Tx;
use wire::{Map, Value};

use super::kept::{Relation, Switch, Type, Types};
use crate::shared;

/// The types of items that a client consists of: a contact and a company.
const CLIENT: [i64; 2] = [3, 4];

/// Makes these the relations of a type, those of the client apart; what cannot be one is passed over, as on the real system.
pub fn replace(call: &mut Call<'_, '_>, own: i64, given: &Value) -> Result<()> {
    let meta = Arc::clone(&call.meta);
    let sides = [("parent", true), ("child", false)]
        .map(|(side, above)| read(&meta, own, given.get(side), above, is_true));
    let sql = "DELETE FROM crm_type_relation WHERE parent_type_id = ? OR child_type_id = ?";
    call.tx.execute(sql, &[own.into(), own.into()])?;
    for relation in sides.into_iter().flatten() {
        write(call.tx, &meta, relation)?;
    }
    Ok(())
}

/// Adds the relations of a type that another portal shows.
pub fn copy(copying: &mut Copying<'_, '_>, own: i64, given: &Value) -> Result<()> {
    let meta = Arc::clone(&copying.meta);
    let is_listed = |value: &Value| value.as_flag() == Some(true);
    for (side, above) in [("parent", true), ("child", false)] {
        for relation in read(&meta, own, given.get(side), above, is_listed) {
            write(copying.tx, &meta, relation)?;
        }
    }
    Ok(())
}

fn read(
    meta: &Meta,
    own: i64,
    side: Option<&Value>,
    above: bool,
    is_true: impl Fn(&Value) -> bool,
) -> Vec<Relation> {
    let has_client = Types::of(meta).find(own).is_some_and(|kind| kind.has(Switch::Client));
    let mut relations: Vec<Relation> = Vec::new();
    for given in side.into_iter().flat_map(Value::items) {
        let given = given.clone().into_map().unwrap_or_default();
        let Some(other) = int(&given, "entityTypeId").filter(|other| *other != own) else { continue };
        let is_given = above && CLIENT.contains(&other) && has_client;
        if is_given || meta.entity(other).is_none() || relations.iter().any(|known| known.joins(other)) {
            continue;
        }
        // As on the real system Y does not count here.
        let is_listed = given.get("isChildrenListEnabled").is_some_and(&is_true);
        let (parent, child) = if above { (other, own) } else { (own, other) };
        relations.push(Relation { parent, child, is_listed });
    }
    relations
}

/// Whether a value is `true`, of which `Y` is no spelling here.
pub(super) fn is_true(value: &Value) -> bool {
    value.as_flag() == Some(true) && value.as_str().is_none_or(|text| !text.trim().eq_ignore_ascii_case("y"))
}

impl Relation {
    fn joins(&self, type_id: i64) -> bool {
        self.parent == type_id || self.child == type_id
    }
}

/// Writes a relation, and gives the items below a column for those above. A column that was there before is used again.
fn write(tx: &mut Tx<'_>, meta: &Meta, relation: Relation) -> Result<()> {
    let Relation { parent, child, is_listed } = relation;
    let Some(below) = meta.entity(child) else { return Ok(()) };
    let sql = "INSERT INTO crm_type_relation (parent_type_id, child_type_id, is_listed) VALUES (?, ?, ?) \
               ON CONFLICT (parent_type_id, child_type_id) DO NOTHING";
    tx.execute(sql, &[parent.into(), child.into(), (if is_listed { "Y" } else { "N" }).into()])?;
    let fields = [shared::parent(parent, "")];
    schema::create(tx, &schema::Table { name: below.table().to_owned(), fields: &fields })
}

/// The relations of a type as answers show them.
pub fn show(types: &Types, kind: &Type) -> Value {
    let own = kind.entity_type_id;
    let one = |other: i64, is_listed: bool, is_predefined: bool| {
        let mut map = Map::with_capacity(3);
        map.push("entityTypeId", other);
        map.push("isChildrenListEnabled", if is_listed { "Y" } else { "N" });
        map.push("isPredefined", if is_predefined { "Y" } else { "N" });
        Value::Map(map)
    };
    let client =
        CLIENT.into_iter().filter(|_| kind.has(Switch::Client)).map(|type_id| one(type_id, true, true));
    let above = types.relations.iter().filter(|relation| relation.child == own);
    let below = types.relations.iter().filter(|relation| relation.parent == own);
    let above = above.map(|relation| one(relation.parent, relation.is_listed, false));
    let below = below.map(|relation| one(relation.child, relation.is_listed, false));
    let mut map = Map::with_capacity(2);
    map.push("parent", client.chain(above).collect::<Vec<_>>());
    map.push("child", below.collect::<Vec<_>>());
    map.into()
}
