//! A whole call: bytes as a client sends them, decoded, performed by the portal on SQLite, and answered. Nothing panics, the
//! database never complains, and what is answered can be written.
//!
//! The input is a line with the path behind the webhook (`crm.lead.add?x=1`, `api/tasks.task.get`), a line with the content
//! type, and the body. The corpus begins with the examples of all methods.
#![no_main]

use call_fuzz::{perform, write_examples};
use libfuzzer_sys::fuzz_target;
use wire::params::{Body, decode, decode_strictly};
use wire::{Limits, path};

fuzz_target!(init: write_examples(), |bytes: &[u8]| {
    let mut lines = bytes.splitn(3, |byte| *byte == b'\n');
    let [Some(line), Some(kind), Some(body)] = [(); 3].map(|()| lines.next()) else { return };
    let (Ok(line), Ok(kind)) = (std::str::from_utf8(line), std::str::from_utf8(kind)) else { return };
    let (own, query) = line.split_once('?').unwrap_or((line, ""));
    let (newer, own) = own.strip_prefix("api/").map_or(("", own), |own| ("api/", own));
    let line = format!("/rest/{newer}1/secret/{own}");
    let target = path::parse(&line);
    let (limits, body) = (Limits::default(), Body { is_post: true, content_type: Some(kind), bytes: body });
    let params = match newer {
        "" => decode(query, &body, &limits),
        _ => match decode_strictly(&body, &limits) {
            Ok(params) => params,
            Err(_) => return,
        },
    };
    perform(target.version, &target.method, params);
});
