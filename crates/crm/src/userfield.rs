//! `crm.{lead,deal,contact,company,quote}.userfield.*` and `crm.userfield.*`: fields that people add themselves.

use std::sync::Arc;

use engine::access::Act;
use engine::call::Call;
use engine::entity::Entity;
use engine::entity::read::reach;
use engine::method::{self, Method, read as reading, required};
use engine::modules::Configured;
use engine::userfield::config::Example;
use engine::userfield::{self, Managed};
use serde_json::json;
use wire::Fault;

use crate::{SCOPE, legacy};

/// What `userfieldconfig.*` manages: the fields of items of a kind are known to those who may see one of them.
pub const CONFIGURED: Configured = Configured {
    module: "crm",
    objects: "CRM_",
    may_read: |call, entity| entity.is_item() && !reach(call, entity, Act::Read).is_nothing(),
};

const EXAMPLE: Example =
    Example { module: CONFIGURED.module, object: "CRM_LEAD", number: 1, code: "UF_CRM_SIZE_OF_IT" };

/// The methods.
pub fn methods() -> Vec<Method> {
    let mut methods: Vec<Method> = crate::entities().iter().flat_map(of_entity).collect();
    methods.extend(of_all());
    methods.extend(userfield::config::methods(EXAMPLE));
    methods
}

/// Those of an entity, which are there for everybody who may see one of its items.
fn of_entity(entity: &Entity) -> Vec<Method> {
    let Some(fields) = entity.user_fields.as_ref().filter(|_| legacy::is_spoken_of(entity)) else {
        return Vec::new();
    };
    let (number, path) = (fields.number, format!("crm.{}.userfield", entity.name));
    let may_read = Arc::new(move |call: &mut Call<'_, '_>| match call.entity(number) {
        Some(entity) if !reach(call, &entity, Act::Read).is_nothing() => Ok(()),
        _ => Err(Fault::crm("Access denied.").into()),
    });
    userfield::methods(
        fields,
        Managed { path, scope: SCOPE, many: entity.plural.to_string(), example: example(number), may_read },
    )
}

/// The number of the field that the demo portal has on an entity. Those of the first four have the entities' numbers.
fn example(type_id: i64) -> i64 {
    match type_id {
        7 => 6,
        5 => 9,
        first => first,
    }
}

fn of_all() -> Vec<Method> {
    vec![
        reading("crm.userfield.types", SCOPE, userfield::types)
            .about("Lists the types of custom fields.")
            .example(json!({}), json!("*")),
        reading("crm.userfield.fields", SCOPE, |call| Ok(userfield::about_fields(call)))
            .about("Describes the settings of a custom field.")
            .example(json!({}), json!({"FIELD_NAME": {"type": "string", "isImmutable": true}})),
        reading("crm.userfield.enumeration.fields", SCOPE, |call| Ok(userfield::about_choices(call)))
            .about("Describes a list value of a custom field of the type enumeration.")
            .example(json!({}), json!({"DEL": {"type": "string"}})),
        reading("crm.userfield.settings.fields", SCOPE, userfield::about_settings)
            .about("Describes the settings of a type of custom fields.")
            .param(
                required("type", method::Kind::Text, "Type of the custom field")
                    .or_complain("Parameter 'type' is not specified or empty."),
            )
            .example(
                json!({"type": "double"}),
                json!({"DEFAULT_VALUE": {"type": "double"}, "PRECISION": {"type": "int"}}),
            ),
    ]
}
