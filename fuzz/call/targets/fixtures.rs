//! Fixtures in YAML and JSON, as the operator's API takes them.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|source: &str| call_fuzz::with_portal(|bench, _| portreeve::fuzzing::fixtures(
    &bench.portal,
    source
)));
