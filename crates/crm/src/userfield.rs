//! `crm.{lead,deal,contact,company}.userfield.*` and `crm.userfield.*`: fields that people add themselves.

use engine::entity::Entity;
use engine::method::{self, Method, optional, read as reading, required, write};
use engine::userfield;
use serde_json::json;

use crate::SCOPE;

/// The methods.
pub fn methods() -> Vec<Method> {
    let mut methods: Vec<Method> = crate::entities().iter().flat_map(of_entity).collect();
    methods.extend(of_all());
    methods
}

fn of_entity(entity: &Entity) -> Vec<Method> {
    let type_id = entity.type_id;
    let name = |verb: &str| format!("crm.{}.userfield.{verb}", entity.name);
    let many = entity.plural;
    let id = || required("id", method::Kind::Id, "ID of the field");
    let fields =
        || required("fields", method::Kind::Fields, "Settings of the field; see crm.userfield.fields");
    // The demo portal has one field on each entity, numbered like the entities.
    vec![
        write(name("add"), SCOPE, move |call| userfield::add(call, type_id))
            .about(format!("Adds a custom field for {many} and returns its ID."))
            .param(fields())
            .example(
                json!({"fields": {"FIELD_NAME": "COLOUR", "USER_TYPE_ID": "enumeration", "LIST": [{"VALUE": "Red"}, {"VALUE": "Blue"}]}}),
                json!("*"),
            ),
        reading(name("get"), SCOPE, move |call| userfield::get(call, type_id))
            .about(format!("Returns a custom field of {many}."))
            .param(id())
            .example(json!({"id": type_id}), json!({"FIELD_NAME": "UF_CRM_REGION", "USER_TYPE_ID": "string"})),
        reading(name("list"), SCOPE, move |call| userfield::list(call, type_id))
            .about(format!("Lists the custom fields of {many} by filter, without paging."))
            .param(optional("order", method::Kind::Order, "ASC or DESC by field"))
            .param(optional("filter", method::Kind::Filter, "Conditions by field; LANG selects the language of the labels"))
            .example(
                json!({"filter": {"LANG": "en"}}),
                json!([{"ID": type_id.to_string(), "EDIT_FORM_LABEL": "Region"}]),
            ),
        write(name("update"), SCOPE, move |call| userfield::update(call, type_id))
            .about(format!("Updates a custom field of {many}. Its code, type and multiplicity cannot change."))
            .param(id())
            .param(fields())
            .example(json!({"id": type_id, "fields": {"MANDATORY": "N", "EDIT_FORM_LABEL": "Area"}}), json!(true)),
        write(name("delete"), SCOPE, move |call| userfield::delete(call, type_id))
            .lengthy()
            .about(format!("Deletes a custom field of {many} together with its values."))
            .param(id())
            .example(json!({"id": type_id}), json!(true)),
    ]
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
