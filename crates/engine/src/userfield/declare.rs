//! The methods of the user fields of one table: `crm.lead.userfield.*` and the like.

use serde_json::json;

use super::{MayRead, add, delete, get, list, update};
use crate::entity::UserFields;
use crate::method::{self, Method, optional, read, required, write};

/// How a table's user fields are managed through methods.
pub struct Managed {
    /// The prefix of the methods' names: `crm.lead.userfield`.
    pub path: String,
    /// The scope that opens them.
    pub scope: &'static str,
    /// How a person calls many of what has these fields: `leads`.
    pub many: String,
    /// The number of the user field that the demo portal has of it.
    pub example: i64,
    /// Who reads the fields.
    pub may_read: MayRead,
}

/// `add`, `get`, `list`, `update` and `delete`.
pub fn methods(fields: &UserFields, managed: Managed) -> Vec<Method> {
    let Managed { path, scope, many, example, may_read } = managed;
    let (number, may_list) = (fields.number, may_read.clone());
    let name = |verb: &str| format!("{path}.{verb}");
    let id = || required("id", method::Kind::Id, "ID of the field");
    let settings = || required("fields", method::Kind::Fields, "Settings of the field");
    let colour = json!({"FIELD_NAME": "COLOUR", "USER_TYPE_ID": "enumeration", "LIST": [{"VALUE": "Red"}, {"VALUE": "Blue"}]});
    let region = format!("{}REGION", fields.prefix);
    vec![
        write(name("add"), scope, move |call| add(call, number))
            .about(format!("Adds a custom field for {many} and returns its ID."))
            .param(settings())
            .example(json!({"fields": colour}), json!("*")),
        read(name("get"), scope, move |call| get(call, number, &may_read))
            .about(format!("Returns a custom field of {many}."))
            .param(id())
            .example(json!({"id": example}), json!({"FIELD_NAME": region, "USER_TYPE_ID": "string"})),
        read(name("list"), scope, move |call| list(call, number, &may_list))
            .about(format!("Lists the custom fields of {many} by filter, without paging."))
            .param(optional("order", method::Kind::Order, "ASC or DESC by field"))
            .param(optional(
                "filter",
                method::Kind::Filter,
                "Conditions by field; LANG selects the language of the labels",
            ))
            .example(
                json!({"filter": {"LANG": "en", "USER_TYPE_ID": "string"}}),
                json!([{"ID": example.to_string(), "EDIT_FORM_LABEL": "Region"}]),
            ),
        write(name("update"), scope, move |call| update(call, number))
            .about(format!(
                "Updates a custom field of {many}. Its code, type and multiplicity cannot change."
            ))
            .param(id())
            .param(settings())
            .example(
                json!({"id": example, "fields": {"MANDATORY": "N", "EDIT_FORM_LABEL": "Area"}}),
                json!(true),
            ),
        write(name("delete"), scope, move |call| delete(call, number))
            .lengthy()
            .about(format!("Deletes a custom field of {many} together with its values."))
            .param(id())
            .example(json!({"id": example}), json!(true)),
    ]
}
