//! `user.userfield.*`: fields that administrators give all users, like those of CRM entities.

use serde_json::json;

use super::TYPE_ID;
use crate::crm::userfield;
use crate::method::{Kind, Method, optional, read, required, write};

const SCOPE: &str = "user.userfield";

/// The methods.
pub fn methods() -> Vec<Method> {
    let id = || required("id", Kind::Id, "The field's number");
    let fields = || required("fields", Kind::Fields, "Its settings; see crm.userfield.fields");
    vec![
        write("user.userfield.add", SCOPE, |call| userfield::add(call, TYPE_ID))
            .about("Adds a user field to all users and returns its number.")
            .param(fields())
            .example(json!({"fields": {"FIELD_NAME": "DESK", "USER_TYPE_ID": "integer"}}), json!("*")),
        read("user.userfield.list", SCOPE, |call| userfield::list(call, TYPE_ID))
            .about("Lists the user fields of users by filter and order, all at once.")
            .param(optional("order", Kind::Order, "ASC or DESC by field"))
            .param(optional(
                "filter",
                Kind::Filter,
                "Values by field; LANG to have the labels in that language",
            ))
            .example(json!({}), json!([{"ID": "5", "ENTITY_ID": "USER", "FIELD_NAME": "UF_USR_REGION"}])),
        write("user.userfield.update", SCOPE, |call| userfield::update(call, TYPE_ID))
            .about("Changes a user field of users; name, type and multiplicity stay.")
            .param(id())
            .param(fields())
            .example(json!({"id": 5, "fields": {"SORT": 150}}), json!(true)),
        write("user.userfield.delete", SCOPE, |call| userfield::delete(call, TYPE_ID))
            .lengthy()
            .about("Deletes a user field of users, with its values.")
            .param(id())
            .example(json!({"id": 5}), json!(true)),
    ]
}
