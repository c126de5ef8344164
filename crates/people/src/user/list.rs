//! `user.get`, `user.search` and `user.current`

use serde_json::json;
use wire::Value;

use super::SCOPE;
use super::fields::{GET, SEARCH, USER};
use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, optional, read};
use engine::noun;

/// The three methods.
pub fn methods() -> Vec<Method> {
    let get = read("user.get", SCOPE, |call| noun::list(call, &USER, &GET))
        .about("Lists users, including dismissed ones, 50 per page.")
        .param(optional("FILTER", Kind::Filter, "Conditions by field, with comparison prefixes. They may also be passed outside FILTER"))
        .example(
            json!({"FILTER": {"ACTIVE": "Y", "UF_DEPARTMENT": 2}, "sort": "NAME", "select": ["ID", "NAME", "ACTIVE"]}),
            json!([{"ID": "2", "NAME": "Ines", "ACTIVE": true}, {"ID": "3", "NAME": "Otto", "ACTIVE": true}]),
        )
        .example(json!({"ID": 4}), json!([{"ID": "4", "ACTIVE": false, "UF_DEPARTMENT": [3]}]));
    let search = read("user.search", SCOPE, |call| noun::list(call, &USER, &SEARCH))
        .about("Searches users by the beginning of a name, position or department.")
        .param(optional(
            "FIND",
            Kind::Text,
            "Words to search for by their beginnings; may also be passed in FILTER",
        ))
        .param(optional(
            "FILTER",
            Kind::Filter,
            "Beginning of NAME, LAST_NAME, WORK_POSITION or UF_DEPARTMENT_NAME",
        ))
        .example(json!({"FILTER": {"NAME": "in"}}), json!([{"ID": "2", "NAME": "Ines"}]))
        .example(json!({"FIND": "lang sales"}), json!([{"ID": "3", "LAST_NAME": "Lang"}]));
    let current = read("user.current", SCOPE, current)
        .about("Returns the user that the webhook acts as.")
        .example(json!({}), json!({"ID": "1", "ACTIVE": true, "UF_DEPARTMENT": [1]}));
    vec![paged(get), paged(search), current]
}

fn paged(method: Method) -> Method {
    method
        .param(optional("sort", Kind::Text, "Field to sort by; ID by default"))
        .param(optional("order", Kind::Any, "ASC or DESC"))
        .param(optional("select", Kind::Select, "Fields to return; the masks * and UF_* are allowed"))
        .param(optional("ADMIN_MODE", Kind::Flag, "Accepted for compatibility; every user sees all users"))
        .param(optional("IMAGE_RESIZE", Kind::Text, "Accepted for compatibility; photos are not resized"))
        .param(optional(
            "start",
            Kind::Int,
            "Offset of the first row, a multiple of 50; -1 skips counting the total",
        ))
        .own_words()
}

fn current(call: &mut Call<'_, '_>) -> Result<Value> {
    let scope = USER.grant(call, Act::Read)?;
    let id = call.caller.user_id;
    match noun::one(call, &USER, &scope, id)? {
        Some(user) => Ok(noun::show(call, &USER, &GET, &user)?.into()),
        None => Ok(Value::Null),
    }
}
