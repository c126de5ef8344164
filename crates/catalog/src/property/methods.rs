//! The methods of properties beyond those of their rows: which types there are, and what they consist of.

use serde_json::json;
use wire::{Map, Value};

use super::{CHOICE, feature, kinds, section};
use crate::CRM;
use engine::call::Call;
use engine::entity::describe;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read};
use engine::texts::Topic;

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        read("crm.product.property.types", CRM, types)
            .about("Lists the types of properties of products.")
            .example(json!({}), json!("*")),
        read("crm.product.property.settings.fields", CRM, settings)
            .about("Describes the settings of a type of properties.")
            .param(optional(
                "propertyType",
                Kind::Text,
                "Basic type: S text, N number, L list, F file, E product, G section",
            ))
            .param(optional("userType", Kind::Text, "Type within the basic type"))
            .example(
                json!({"propertyType": "S", "userType": "HTML"}),
                json!({"height": {"type": "integer"}}),
            ),
        read("crm.product.property.enumeration.fields", CRM, enumeration)
            .about("Describes a value of a property that is a list.")
            .example(json!({}), json!({"VALUE": {"type": "string"}})),
        feature::method(),
        section::method(),
    ]
}

fn types(call: &mut Call<'_, '_>) -> Result<Value> {
    let basic = kinds::BASIC.iter().map(|(property_type, title)| (*property_type, "", *title));
    let within = kinds::USER_TYPES.iter().map(|known| (known.property_type, known.name, known.title));
    let show = |(property_type, user_type, title): (&'static str, &'static str, &'static str)| {
        let mut map = Map::with_capacity(3);
        map.push("PROPERTY_TYPE", property_type);
        map.push("USER_TYPE", user_type);
        map.push("DESCRIPTION", call.language.text(Topic::Fields, title));
        Value::Map(map)
    };
    Ok(basic.chain(within).map(show).collect::<Vec<_>>().into())
}

fn settings(call: &mut Call<'_, '_>) -> Result<Value> {
    let text = |name: &str| call.text(name).unwrap_or_default();
    let known = kinds::find(&text("propertyType"), &text("userType"));
    let show = |(name, kind): &(&'static str, &'static str)| {
        let mut map = Map::with_capacity(5);
        map.push("type", *kind);
        for flag in ["isRequired", "isReadOnly", "isImmutable", "isMultiple"] {
            map.push(flag, false);
        }
        ((*name).into(), Value::Map(map))
    };
    Ok(known.map_or(&[][..], |known| known.settings).iter().map(show).collect::<Map>().into_value())
}

/// The values of lists are rows of their own, and are described as such.
fn enumeration(call: &mut Call<'_, '_>) -> Result<Value> {
    let table = &call.core.modules.shape(&CHOICE).table;
    let shown = table.fields.iter().filter(|field| field.code != "PROPERTY_ID");
    let describe = |field: &engine::entity::Field| {
        (field.code.as_ref().into(), describe::plain(field, field.kind.wire_name(), call.language))
    };
    Ok(shown.map(describe).collect::<Map>().into())
}
