//! Templates of documents whose archive is sound and whose XML is not: read for their fields, and filled.
//!
//! The input is the text of the document; behind a zero byte each, a header, relations, types and a picture.
#![no_main]

use std::io::{Cursor, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use call_fuzz::perform;
use libfuzzer_sys::fuzz_target;
use portal::method::params;
use serde_json::json;
use wire::{Value, Version};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const PARTS: [&str; 5] = [
    "word/document.xml",
    "word/header1.xml",
    "word/_rels/document.xml.rels",
    "[Content_Types].xml",
    "word/media/image1.png",
];
const TYPES: &[u8] = b"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'></Types>";

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut given: Vec<&[u8]> = bytes.splitn(PARTS.len(), |byte| *byte == 0).collect();
    given.resize(PARTS.len(), b"");
    if given[3].is_empty() {
        given[3] = TYPES;
    }
    for (name, content) in PARTS.iter().zip(given).filter(|(_, content)| !content.is_empty()) {
        archive.start_file(*name, stored).expect("a part");
        archive.write_all(content).expect("memory");
    }
    archive.finish().expect("an archive").into_inner()
}

fn id(result: &Value, of: &str) -> Option<i64> {
    result.get(of)?.get("id")?.as_int()
}

fuzz_target!(|bytes: &[u8]| {
    let given = json!({"fields": {
        "name": "x", "file": STANDARD.encode(packed(bytes)), "numeratorId": 1, "region": "de", "entityTypeId": ["2"], "users": ["UA"],
    }});
    let made = perform(Version::V2, "crm.documentgenerator.template.add", params(&given));
    let Some(template) = made.and_then(|made| id(&made, "template")) else { return };
    let about = json!({"templateId": template, "entityTypeId": 2, "entityId": 1});
    perform(Version::V2, "crm.documentgenerator.document.add", params(&about));
    let fields = json!({"id": template, "entityTypeId": 2, "entityId": 1});
    perform(Version::V2, "crm.documentgenerator.template.getFields", params(&fields));
});
