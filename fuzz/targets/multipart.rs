//! Multipart bodies: any bytes are survived, and fields come out as the same form would have them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::{Limits, form, multipart};
use wire_fuzz::{depth, scalars, value};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { vars: 100, ..Limits::default() };
    let (head, body) = split(bytes, b'\n');
    let content_type = String::from_utf8_lossy(head);
    let decoded = value(&multipart::decode(&content_type, body, &limits));
    assert!(depth(&decoded) <= limits.depth + 1 && scalars(&decoded) <= limits.vars);

    same_as_form(bytes, &limits);
});

/// Takes the input as `name=value` lines, sends them both ways and compares.
fn same_as_form(bytes: &[u8], limits: &Limits) {
    let (mut body, mut query) = (Vec::new(), String::new());
    for line in bytes.split(|b| *b == b'\n') {
        let (name, content) = split(line, b'=');
        if name.contains(&b'\r') || name.len() > 1000 || bytes.windows(3).any(|three| three == b"--X") {
            return;
        }
        body.extend(b"--X\r\nContent-Disposition: form-data; name=\"");
        for byte in name {
            body.extend(matches!(byte, b'"' | b'\\').then_some(b'\\'));
            body.push(*byte);
        }
        body.extend(b"\"\r\n\r\n");
        body.extend(content);
        body.extend(b"\r\n");
        let escape = |part: &[u8]| part.iter().map(|b| format!("%{b:02X}")).collect::<String>();
        query += &format!("{}={}&", escape(name), escape(content));
    }
    body.extend(b"--X--\r\n");
    let sent = multipart::decode("multipart/form-data; boundary=X", &body, limits);
    assert_eq!(sent, form::decode(query.as_bytes(), limits));
}

fn split(bytes: &[u8], at: u8) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|b| *b == at).unwrap_or(bytes.len());
    (&bytes[..end], bytes.get(end + 1..).unwrap_or_default())
}
