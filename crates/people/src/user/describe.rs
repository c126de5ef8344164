//! `user.fields`

use serde_json::json;

use super::SCOPE;
use super::fields::{GET, USER};
use engine::method::{Method, read};
use engine::noun;

/// The method.
pub fn method() -> Method {
    read("user.fields", SCOPE, |call| noun::fields(call, &USER, &GET))
        .about("Returns the titles of the user fields that the webhook can see.")
        .example(json!({}), json!({"ID": "ID", "NAME": "First name", "EMAIL": "E-mail"}))
}
