//! JSON: we accept what serde_json accepts within our bounds, read the same value, and write it back. Numbers beyond a
//! double, which serde_json refuses, are infinite.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;
use wire::{Limits, Value, json};
use wire_fuzz::{check_writers, depth, printed};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits::default();
    let ours = json::decode(bytes, &limits);
    match serde_json::from_slice::<serde_json::Value>(bytes) {
        Err(error) if error.to_string().starts_with("number out of range") => {
            assert!(ours.is_none() || serde_json::from_slice::<IgnoredAny>(bytes).is_ok());
        }
        theirs => {
            let expected = theirs.ok().map(Value::from).filter(|value| depth(value) <= limits.depth);
            assert_eq!(ours, expected);
        }
    }
    if let Some(value) = ours {
        check_writers(&value);
        assert_eq!(json::decode(&json::encode(&value), &limits), Some(printed(&value)));
    }
});
