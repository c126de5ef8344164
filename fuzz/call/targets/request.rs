//! Requests before HTTP is read: their heads, chunked bodies, and headers that are read into.
#![no_main]

use libfuzzer_sys::fuzz_target;
use portreeve::fuzzing::{headers, request};

fuzz_target!(|bytes: &[u8]| {
    request(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        headers(text);
    }
});
