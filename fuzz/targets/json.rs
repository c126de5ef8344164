//! JSON: we accept what serde_json accepts within our bounds, read the same value, and write it back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::{Limits, Value, json};
use wire_fuzz::{check_writers, depth, printed};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits::default();
    let ours = json::decode(bytes, &limits);
    let theirs = serde_json::from_slice::<serde_json::Value>(bytes).ok().map(Value::from);
    let expected = theirs.filter(|value| depth(value) <= limits.depth);
    assert_eq!(ours, expected);
    if let Some(value) = ours {
        check_writers(&value);
        assert_eq!(json::decode(&json::encode(&value), &limits), Some(printed(&value)));
    }
});
