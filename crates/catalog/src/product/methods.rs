//! `catalog.product.getFieldsByFilter` and its siblings: the fields of the products of a catalogue, properties among them.

use serde_json::json;
use wire::{Fault, Map, Value};

use super::{PRODUCT, faces};
use crate::SCOPE;
use crate::property::Property;
use engine::call::Call;
use engine::entity::{Naming, describe};
use engine::error::Result;
use engine::method::{Kind, Method, read, required};
use engine::noun::Face;

/// The spellings with the name under which each answers.
const OF: [(&Face, &str, i64); 4] = [
    (&faces::PRODUCTS, "product", 1),
    (&faces::SKUS, "sku", 1),
    (&faces::OFFERS, "offer", 2),
    (&faces::SERVICES, "service", 1),
];

/// The methods.
pub fn methods() -> Vec<Method> {
    let of = |(face, name, catalog): &(&'static Face, &'static str, i64)| {
        let (face, name) = (*face, *name);
        read(format!("{}.getFieldsByFilter", face.path), SCOPE, move |call| fields(call, face, name))
            .controller()
            .about("Describes the fields of the products of a catalogue, properties among them.")
            .param(required("filter", Kind::Filter, "iblockId of the catalogue, and productType"))
            .example(json!({"filter": {"iblockId": catalog}}), json!({name: {}}))
    };
    OF.iter().map(of).collect()
}

fn fields(call: &mut Call<'_, '_>, face: &'static Face, name: &'static str) -> Result<Value> {
    let Some(catalog) =
        call.param("filter").and_then(|filter| filter.get("iblockId")).and_then(Value::as_int)
    else {
        return Err(Fault::numbered(400, 0, "Required filter fields: iblockId").into());
    };
    let table = &call.core.modules.shape(&PRODUCT).table;
    let lacks = faces::variety(face).map_or(&[][..], |variety| variety.lacks);
    let mut map = Map::new();
    for (own, field) in PRODUCT.fields.iter().zip(&table.fields) {
        let shown = Naming::Item.name(field).filter(|name| !lacks.contains(name));
        let Some(name) = shown.filter(|name| *name != "parentId" || face.path == faces::OFFERS.path) else {
            continue;
        };
        let described = describe::short(field, own.type_name.unwrap_or(field.kind.wire_name()));
        map.push(name, titled(described, describe::title(field, call.language)));
    }
    for (_, field) in PRODUCT.made_fields(call) {
        let (Some(name), Some(property)) = (Naming::Item.name(&field), Property::of(&field)) else {
            continue;
        };
        if property.iblock == catalog {
            let described =
                PRODUCT.made.map_or(Value::Null, |made| (made.describe)(&field, face, call.language));
            map.push(name, titled(described, &field.title));
        }
    }
    Ok(Value::under(name, Value::Map(map)))
}

fn titled(described: Value, title: &str) -> Value {
    let mut map = described.into_map().unwrap_or_default();
    map.insert("name", title);
    Value::Map(map)
}
