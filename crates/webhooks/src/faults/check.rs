//! Whether a rule makes sense.

use store::Tx;
use wire::{Fault, fault};

use super::rule::{Effect, Of, Rule};
use engine::error::Result;

/// Letters of a pattern, a code and a message.
const TEXT: usize = 200;
/// Bytes of a body.
const BODY: usize = 64 * 1024;
/// Milliseconds that a call waits at most: longer than any client does.
const LONGEST: u32 = 120_000;
/// Milliseconds that a delivery waits at most, for which its courier holds it.
const LONGEST_OF_DELIVERIES: u32 = 20_000;

/// The rule with its webhook found.
///
/// # Errors
/// 400 about what makes no sense.
pub fn checked(tx: &mut Tx<'_>, mut rule: Rule) -> Result<Rule> {
    if let Some(of) = &rule.webhook {
        rule.webhook = Some(Of::Id(integration(tx, of)?));
    }
    let wrong = |argument: &str, words: &'static str| Err(Fault::argument(words, argument).into());
    let is_delivery = rule.event.is_some();
    let patterns = [("method", &rule.method), ("event", &rule.event)];
    for (name, pattern) in patterns {
        if pattern.as_ref().is_some_and(|pattern| pattern.is_empty() || pattern.chars().count() > TEXT) {
            return wrong(name, "A pattern has 1 to 200 letters.");
        }
    }
    if is_delivery && rule.method.is_some() {
        return wrong("event", "A rule is about calls or about deliveries: give method or event, not both.");
    }
    for (name, count) in [("every", rule.every), ("first", rule.first), ("times", rule.times)] {
        if count == Some(0) {
            return wrong(name, "A number has to be 1 or more.");
        }
    }
    if rule.chance.is_some_and(|chance| !(0.0..=1.0).contains(&chance)) {
        return wrong("chance", "A probability is from 0 to 1.");
    }
    let within = match &rule.effect {
        Some(Effect::Reorder { within }) => *within,
        _ => 0,
    };
    match (is_delivery, rule.delay.unwrap_or(0).saturating_add(within)) {
        (false, LONGEST..) => return wrong("delay", "A call waits for less than 120000 ms."),
        (true, LONGEST_OF_DELIVERIES..) => return wrong("delay", "A delivery waits for less than 20000 ms."),
        _ => {}
    }
    match &rule.effect {
        None if rule.delay.unwrap_or(0) == 0 => {
            return wrong("effect", "A rule has an effect, a delay or both.");
        }
        Some(effect) => check_effect(effect, is_delivery)?,
        None => {}
    }
    if rule.after && (is_delivery || rule.effect.as_ref().is_some_and(Effect::is_limit)) {
        return wrong("after", "A limit and what happens to deliveries come before.");
    }
    Ok(rule)
}

fn check_effect(effect: &Effect, is_delivery: bool) -> Result<()> {
    let wrong = |words: &'static str| Err(Fault::argument(words, "effect").into());
    if effect.is_of_deliveries() != is_delivery {
        return wrong("This happens to deliveries if an event is given, and to calls otherwise.");
    }
    let is_long = |text: &str| text.chars().count() > TEXT;
    let is_status = |status: &u16| (200..=599).contains(status);
    let is_amount = |amount: f64| (0.001..=1e6).contains(&amount);
    match effect {
        Effect::Error { code, message, .. } if is_long(code) || message.as_deref().is_some_and(is_long) => {
            wrong("A code and a message have at most 200 letters.")
        }
        Effect::Error { code, status: None, .. } if fault::find(code, None).is_none() => {
            wrong("No error of the protocol has this code. Give a status with an error of your own.")
        }
        Effect::Error { status: Some(status), .. } | Effect::Status { status, .. } if !is_status(status) => {
            wrong("A status is from 200 to 599.")
        }
        Effect::Status { body, .. } if body.len() > BODY => wrong("A body has at most 64 KiB."),
        Effect::Rate { requests, seconds } if *requests == 0 || !is_amount(*seconds) => {
            wrong("A limit is of one request or more within some seconds.")
        }
        Effect::Operating { seconds, each } if !(0.0..=1e6).contains(seconds) || !is_amount(*each) => {
            wrong("Operating time is a number of seconds.")
        }
        _ => Ok(()),
    }
}

/// The integration with that number or that name, of which there is one.
fn integration(tx: &mut Tx<'_>, of: &Of) -> Result<i64> {
    let sql = |condition: &str| format!("SELECT id FROM integration WHERE {condition} ORDER BY id LIMIT 2");
    let found = match of {
        Of::Id(id) => tx.all(&sql("id = ?"), &[(*id).into()], |row| row.int(0))?,
        Of::Name(name) => tx.all(&sql("title = ?"), &[name.as_str().into()], |row| row.int(0))?,
    };
    let words = match found[..] {
        [id] => return Ok(id),
        [] => "There is no integration of that number or name.",
        _ => "Several integrations have that name. Give the number of one.",
    };
    Err(Fault::argument(words, "webhook").into())
}
