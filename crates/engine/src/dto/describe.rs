//! `*.field.list` and `*.field.get`: the properties of a DTO, described.

use serde_json::json;
use wire::{Map, Value, exception};

use super::{Dto, Property, Select, Type, item, items, property};
use crate::call::Call;
use crate::error::Result;
use crate::method::{Kind, Method, read, required};

/// A description of a property.
static FIELD: Dto = Dto {
    name: "DtoFieldDto",
    properties: &[
        property("name", Type::String),
        property("type", Type::String),
        property("title", Type::String),
        property("description", Type::String),
        property("validationRules", Type::Array),
        property("requiredGroups", Type::Array),
        property("filterable", Type::Bool),
        property("sortable", Type::Bool),
        property("editable", Type::Bool),
        property("multiple", Type::Bool),
        property("elementType", Type::String),
    ],
};

/// The two methods that describe a DTO, for everybody.
pub fn methods(path: &'static str, scope: &'static str, dto: &'static Dto) -> [Method; 2] {
    methods_for(path, scope, dto, |_| Ok(()))
}

/// The same for those whom `admit` lets in.
pub fn methods_for(
    path: &'static str,
    scope: &'static str,
    dto: &'static Dto,
    admit: fn(&mut Call<'_, '_>) -> Result<()>,
) -> [Method; 2] {
    let list = move |call: &mut Call<'_, '_>| {
        admit(call)?;
        let select = Select::read_strictly(call, &FIELD)?;
        Ok(items(dto.properties.iter().map(|property| select.show(&FIELD, described(property))).collect()))
    };
    let get = move |call: &mut Call<'_, '_>| {
        admit(call)?;
        let name = call.text("name").unwrap_or_default();
        let property = dto.property(&name).ok_or_else(|| exception::no_such_field(&name))?;
        Ok(item(Select::read_strictly(call, &FIELD)?.show(&FIELD, described(property))))
    };
    let first = dto.properties.first().map_or("id", |property| property.name);
    [
        read(format!("{path}.field.list"), scope, list)
            .v3(Some(&FIELD))
            .about("Describes the fields.")
            .selects()
            .example(json!({"select": ["name", "type", "title"]}), json!({"items": "*"})),
        read(format!("{path}.field.get"), scope, get)
            .v3(Some(&FIELD))
            .about("Describes a field.")
            .param(required("name", Kind::Text, "Name of the field"))
            .selects()
            .example(json!({"name": first}), json!({"item": {"name": first}})),
    ]
}

fn described(property: &Property) -> Map {
    let mut map = Map::with_capacity(FIELD.properties.len());
    map.push("name", property.name);
    map.push("type", property.kind.name());
    map.push("title", property.name);
    map.push("description", Value::Null);
    map.push("validationRules", Value::List(Vec::new()));
    map.push("requiredGroups", if property.required { vec![Value::from("add")].into() } else { Value::Null });
    map.push("filterable", property.filterable);
    map.push("sortable", property.sortable);
    map.push("editable", property.editable);
    map.push("multiple", property.kind == Type::Array);
    map.push("elementType", property.element);
    map
}
