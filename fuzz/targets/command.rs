//! Batch commands, and references among them: what one command may say after others answered anything.
//!
//! The input is lines: JSON answers first, the command last.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::{Answer, Limits, Sections, Text, Value, command, fault, json};
use wire_fuzz::{check_writers, depth, value};

fuzz_target!(|text: &str| {
    let limits = Limits::default();
    let (answers, command) = text.rsplit_once('\n').unwrap_or(("", text));
    let mut sections = sections(answers, &limits);

    let command = command::parse(command, &limits);
    assert!(!command.method.contains(['?', '#']));
    let mut params = command.params.clone();
    if sections.substitute(&mut params).is_err() {
        return;
    }
    assert!(depth(&value(&params)) <= limits.depth + 1);
    check_writers(&value(&params));
    check_untouched(&value(&command.params), &value(&params));

    let entries = command::parse_all(&value(&params), &limits);
    assert!(entries.iter().filter(|entry| entry.command.is_ok()).count() <= command::MAX);
    check_writers(&sections.into_value());
});

fn sections(answers: &str, limits: &Limits) -> Sections {
    let mut sections = Sections::default();
    for (i, line) in answers.lines().take(command::MAX).enumerate() {
        let key = Text::from(((b'a' + (i % 26) as u8) as char).to_string().repeat(1 + i / 26));
        match json::decode(line.as_bytes(), limits) {
            Some(result) => {
                let total = result.as_int();
                sections.succeed(&key, Answer { result, total, next: total, ..Answer::default() });
            }
            None => sections.fail(&key, fault::METHOD_NOT_FOUND.into()),
        }
    }
    sections
}

/// Keys stay, and so does every text that names no section.
fn check_untouched(before: &Value, after: &Value) {
    match before {
        Value::Str(text) if !text.contains('$') => assert_eq!(before, after),
        Value::Str(_) => {}
        _ => {
            assert!(before.entries().map(|(key, _)| key).eq(after.entries().map(|(key, _)| key)));
            before.items().zip(after.items()).for_each(|(before, after)| check_untouched(before, after));
        }
    }
}
