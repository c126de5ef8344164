//! Contents of files that a method reads into: a template of a document (a zip of XML), a picture, an import.
//!
//! The first byte says which.
#![no_main]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use call_fuzz::perform;
use libfuzzer_sys::fuzz_target;
use portal::method::params;
use serde_json::json;
use wire::Version;

fuzz_target!(|bytes: &[u8]| {
    let Some((which, content)) = bytes.split_first() else { return };
    let content = STANDARD.encode(content);
    let (method, given) = match which % 4 {
        0 => (
            "crm.documentgenerator.template.add",
            json!({"fields": {
                "name": "x", "file": content, "numeratorId": 1, "region": "de", "entityTypeId": ["2"], "users": ["UA"],
            }}),
        ),
        1 => (
            "catalog.productImage.add",
            json!({"fields": {"productId": 1, "type": "DETAIL_PICTURE"}, "fileContent": ["x.png", content]}),
        ),
        2 => ("crm.contact.update", json!({"id": 1, "fields": {"PHOTO": {"fileData": ["x.jpg", content]}}})),
        _ => ("user.update", json!({"ID": 1, "PERSONAL_PHOTO": ["x.gif", content]})),
    };
    let result = perform(Version::V2, method, params(&given));
    let template = result.as_ref().and_then(|result| result.get("template")).and_then(|made| made.get("id"));
    if let Some(template) = template.and_then(wire::Value::as_int) {
        let about = json!({"templateId": template, "entityTypeId": 2, "entityId": 1});
        perform(Version::V2, "crm.documentgenerator.document.add", params(&about));
    }
});
