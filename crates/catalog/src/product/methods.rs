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
use engine::noun::{Face, Field};
use engine::texts::Topic;

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

/// What the real system describes here, though no method of it takes or shows it: name, title, and whether it is closed.
const RELICS: [(&str, &str, bool); 2] =
    [("priceType", "Type of payment", false), ("negativeAmountTrace", "Stock may fall below zero", true)];

/// The titles, for their translations.
pub fn names() -> impl Iterator<Item = &'static str> {
    RELICS.iter().map(|(_, title, _)| *title)
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
        let mut described = describe::short(field, type_name(own));
        if name == "parentId" {
            described = as_property(described);
        }
        map.push(name, titled(described, describe::title(field, call.language)));
    }
    let is_counted = [faces::PRODUCTS.path, faces::OFFERS.path].contains(&face.path);
    for (name, title, is_read_only) in RELICS.into_iter().filter(|(.., is_closed)| is_counted || !is_closed) {
        let described =
            json!({"isImmutable": false, "isReadOnly": is_read_only, "isRequired": false, "type": "char"});
        map.push(name, titled(Value::from(described), call.language.text(Topic::Names, title)));
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

/// What these methods call the type of a field; `catalog.product.getFields` and requests have words of their own.
fn type_name(field: &Field) -> &'static str {
    match field.name {
        "previewPicture" | "detailPicture" => "file",
        "purchasingPrice" => "string",
        _ => field.type_name.unwrap_or(field.kind.wire_name()),
    }
}

/// The product of a variant is a property there, which links to it.
fn as_property(described: Value) -> Value {
    let mut map = described.into_map().unwrap_or_default();
    map.insert("type", "productproperty");
    map.push("isDynamic", true);
    map.push("isMultiple", false);
    map.push("propertyType", "E");
    map.push("userType", "SKU");
    map.into()
}

fn titled(described: Value, title: &str) -> Value {
    let mut map = described.into_map().unwrap_or_default();
    map.insert("name", title);
    Value::Map(map)
}
