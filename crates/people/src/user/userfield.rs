//! `user.userfield.*`: fields that administrators give all users, like those of CRM entities.

use serde_json::json;

use super::TYPE_ID;
use engine::method::{Kind, Method, optional, read, required, write};
use engine::userfield;

const SCOPE: &str = "user.userfield";

/// The methods.
pub fn methods() -> Vec<Method> {
    let id = || required("id", Kind::Id, "ID of the field");
    let fields = || required("fields", Kind::Fields, "Settings of the field; see crm.userfield.fields");
    vec![
        write("user.userfield.add", SCOPE, |call| userfield::add(call, TYPE_ID))
            .about("Adds a custom field for users and returns its ID.")
            .param(fields())
            .example(json!({"fields": {"FIELD_NAME": "DESK", "USER_TYPE_ID": "integer"}}), json!("*")),
        read("user.userfield.list", SCOPE, |call| userfield::list(call, TYPE_ID))
            .about("Lists the custom fields of users by filter, without paging.")
            .param(optional("order", Kind::Order, "ASC or DESC by field"))
            .param(optional(
                "filter",
                Kind::Filter,
                "Conditions by field; LANG selects the language of the labels",
            ))
            .example(json!({}), json!([{"ID": "5", "ENTITY_ID": "USER", "FIELD_NAME": "UF_USR_REGION"}])),
        write("user.userfield.update", SCOPE, |call| userfield::update(call, TYPE_ID))
            .about("Updates a custom field of users. Its code, type and multiplicity cannot change.")
            .param(id())
            .param(fields())
            .example(json!({"id": 5, "fields": {"SORT": 150}}), json!(true)),
        write("user.userfield.delete", SCOPE, |call| userfield::delete(call, TYPE_ID))
            .lengthy()
            .about("Deletes a custom field of users together with its values.")
            .param(id())
            .example(json!({"id": 5}), json!(true)),
    ]
}
