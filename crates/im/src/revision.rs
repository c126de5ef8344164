//! `im.revision.get`: which versions of the protocol between messengers and server the portal speaks.

use serde_json::json;
use wire::Value;

use engine::method::{Method, read};

use crate::SCOPE;

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        read("im.revision.get", SCOPE, |_| Ok(Value::from(revisions())))
            .own_words()
            .about("Returns the versions of the interface of chats.")
            .example(json!({}), revisions()),
    ]
}

fn revisions() -> serde_json::Value {
    json!({"rest": 32, "web": 130, "mobile": 22, "desktop": 6, "im_revision_mobile": 22})
}
