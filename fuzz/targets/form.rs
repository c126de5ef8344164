//! Forms: bounded, and what was decoded survives being encoded.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::{Limits, form};
use wire_fuzz::{check_writers, depth, scalars, value};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits::default();
    let decoded = form::decode(bytes, &limits);
    assert!(depth(&value(&decoded)) <= limits.depth + 1);
    assert!(scalars(&value(&decoded)) <= bytes.split(|b| *b == b'&').count());
    assert_eq!(form::decode(form::encode(&decoded).as_bytes(), &limits), decoded);
    check_writers(&value(&decoded));

    let tight = Limits { depth: 3, vars: 10, ..limits };
    let decoded = value(&form::decode(bytes, &tight));
    assert!(depth(&decoded) <= 4 && scalars(&decoded) <= 10);
});
