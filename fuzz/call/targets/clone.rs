//! What another portal answers while it is cloned: the answer itself, and rows of each list, which are written into a new portal.
//!
//! The first two bytes say of which list. The corpus begins with what the demo portal answers to each.
#![no_main]

use call_fuzz::{steps, take, write_answers};
use libfuzzer_sys::fuzz_target;
use wire::{Limits, json};

fuzz_target!(init: write_answers(), |bytes: &[u8]| {
    portreeve::fuzzing::cloned(bytes);
    let Some((which, answer)) = bytes.split_first_chunk() else { return };
    let Some(answer) = json::decode(answer, &Limits::default()) else { return };
    take(&steps()[usize::from(u16::from_be_bytes(*which)) % steps().len()], answer);
});
