//! Which rule hits.

use std::collections::HashMap;
use std::time::Duration;

use engine::limits::{Bucket, Buckets, Operating, OperatingTimes};
use engine::moment::Moment;
use parking_lot::Mutex;

use super::hit::{Hit, Struck};
use super::pattern::fits;
use super::rule::{Effect, Of, Rule};

/// What is about to happen.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The integration whose webhook it is.
    pub integration_id: i64,
    /// What.
    pub what: What<'a>,
    /// When, on the portal's clock.
    pub now: Moment,
}

/// A call, a part of one, or a delivery.
#[derive(Clone, Copy, Debug)]
pub enum What<'a> {
    /// A call of a method.
    Call(&'static str),
    /// A command of a batch, by its method.
    Command(&'static str),
    /// A delivery of an event.
    Delivery(&'a str),
}

/// What rules have counted, by their numbers.
#[derive(Debug, Default)]
struct Counters(HashMap<i64, Count>);

#[derive(Debug, Default)]
struct Count {
    /// What the rule is about, whether it hit or not.
    seen: u32,
    hits: u32,
    rate: Buckets<i64>,
    operating: OperatingTimes,
}

/// What the rules of a portal have counted in this process.
#[derive(Debug, Default)]
pub struct Tally(Mutex<Counters>);

impl Tally {
    /// The first rule that hits, and counts.
    pub fn decide(&self, rules: &[Rule], asked: &Asked<'_>) -> Struck {
        if rules.is_empty() {
            return Struck::default();
        }
        decide(rules, asked, &mut self.0.lock())
    }

    /// Forgets all: rules may have the numbers of others.
    pub fn clear(&self) {
        self.0.lock().0.clear();
    }

    /// How often a rule has hit.
    pub fn hits(&self, rule: i64) -> u32 {
        self.0.lock().0.get(&rule).map_or(0, |count| count.hits)
    }
}

/// The first rule that hits. Those after it do not learn of what it hit.
fn decide(rules: &[Rule], asked: &Asked<'_>, counters: &mut Counters) -> Struck {
    let mut struck = Struck::default();
    counters.0.retain(|id, _| rules.iter().any(|rule| rule.id == *id));
    for rule in rules.iter().filter(|rule| rule.is_about(asked)) {
        let count = counters.0.entry(rule.id).or_default();
        count.seen = count.seen.saturating_add(1);
        if !rule.is_turn(count.seen) || rule.times.is_some_and(|times| count.hits >= times) {
            continue;
        }
        if !rule.is_reached(asked, count, &mut struck.operating) {
            continue;
        }
        count.hits = count.hits.saturating_add(1);
        struck.hit = Some(Hit {
            rule: rule.id,
            pause: rule.pause() + rule.overtaken(count.seen),
            effect: rule.effect.clone(),
            after: rule.after || rule.effect == Some(Effect::Half),
        });
        break;
    }
    struck
}

impl Rule {
    fn is_about(&self, asked: &Asked<'_>) -> bool {
        let (pattern, name) = match asked.what {
            What::Delivery(event) => match &self.event {
                Some(pattern) => (pattern.as_str(), event),
                None => return false,
            },
            _ if self.event.is_some() => return false,
            What::Call(method) | What::Command(method) => (self.method.as_deref().unwrap_or("*"), method),
        };
        // Of a batch, a connection and a status are those of the whole; so is a rule about everything.
        let is_command = matches!(asked.what, What::Command(_));
        let whole = is_command
            && (fits(pattern, "batch") || self.effect.as_ref().is_none_or(|effect| effect.fault().is_none()));
        let its = match &self.webhook {
            Some(Of::Id(id)) => *id == asked.integration_id,
            Some(Of::Name(_)) => false,
            None => true,
        };
        its && !whole && fits(pattern, name)
    }

    /// Whether it is about the `number`th of those.
    fn is_turn(&self, number: u32) -> bool {
        self.first.is_none_or(|first| number <= first)
            && self.every.is_none_or(|every| number.is_multiple_of(every.max(1)))
            && self.chance.is_none_or(|chance| self.dice(number) < chance)
    }

    /// Whether a limit is reached; what is no limit always is.
    fn is_reached(&self, asked: &Asked<'_>, count: &Count, used: &mut Option<Operating>) -> bool {
        match (&self.effect, asked.what) {
            (Some(Effect::Rate { requests, seconds }), _) => {
                let capacity = f64::from(*requests);
                let bucket = Bucket { capacity, drain: capacity / seconds };
                !count.rate.admit(bucket, asked.integration_id, asked.now)
            }
            (Some(Effect::Operating { seconds, each }), What::Call(method) | What::Command(method)) => {
                let so_far = count.operating.used(asked.integration_id, method, asked.now);
                let is_over = so_far.seconds > *seconds;
                *used = Some(match is_over {
                    true => so_far,
                    false => count.operating.record(asked.integration_id, method, *each, asked.now),
                });
                is_over
            }
            _ => true,
        }
    }

    /// How long the dice have a delivery wait.
    fn overtaken(&self, number: u32) -> Duration {
        match &self.effect {
            Some(Effect::Reorder { within }) => {
                Duration::from_millis(u64::from(*within)).mul_f64(self.dice(number))
            }
            _ => Duration::ZERO,
        }
    }

    /// From 0 to 1, the same for the same rule, seed and number (SplitMix64).
    fn dice(&self, number: u32) -> f64 {
        let seed = u64::from(self.seed.unwrap_or(0)) << 32 | u64::from(number);
        let mut mixed = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(1_800_000_000_000_000);

    fn rule(json: serde_json::Value) -> Rule {
        Rule { id: 1, ..serde_json::from_value(json).unwrap() }
    }

    /// Which of so many calls a rule hits, counted from 1; a second apart.
    fn hit(rule: &Rule, calls: i64) -> Vec<i64> {
        let mut counters = Counters::default();
        let mut is_hit = |number: &i64| {
            let now = Moment(NOW.0 + number * 1_000_000);
            let asked = Asked { integration_id: 3, what: What::Call("crm.deal.list"), now };
            decide(std::slice::from_ref(rule), &asked, &mut counters).hit.is_some()
        };
        (1..=calls).filter(&mut is_hit).collect()
    }

    #[test]
    fn a_rule_says_how_often() {
        use serde_json::json;
        assert_eq!(hit(&rule(json!({})), 3), [1, 2, 3]);
        assert_eq!(hit(&rule(json!({"every": 3})), 10), [3, 6, 9]);
        assert_eq!(hit(&rule(json!({"first": 2})), 5), [1, 2]);
        assert_eq!(hit(&rule(json!({"every": 2, "times": 2})), 10), [2, 4]);
        assert_eq!(hit(&rule(json!({"webhook": 4})), 3), [0; 0]);
        assert_eq!(hit(&rule(json!({"webhook": 3, "method": "crm.*"})), 1), [1]);
        assert_eq!(hit(&rule(json!({"event": "*"})), 3), [0; 0]);
        let chance = |seed: u32| hit(&rule(json!({"chance": 0.3, "seed": seed})), 1000);
        assert_eq!(chance(7), chance(7));
        assert_ne!(chance(7), chance(8));
        assert!((250..350).contains(&chance(7).len()), "{}", chance(7).len());
    }

    #[test]
    fn limits_let_through_what_fits() {
        use serde_json::json;
        let rate = rule(json!({"effect": {"kind": "rate", "requests": 2, "seconds": 10}}));
        // Two at once, then one every five seconds.
        assert_eq!(hit(&rate, 12), [3, 4, 5, 7, 8, 9, 10, 12]);
        let operating = rule(json!({"effect": {"kind": "operating", "seconds": 5, "each": 2}}));
        assert_eq!(hit(&operating, 6), [4, 5, 6]);
    }

    #[test]
    fn a_command_is_hit_unless_its_batch_is_meant() {
        use serde_json::json;
        let asked = |what| Asked { integration_id: 3, what, now: NOW };
        let hits = |rule: &Rule, what| {
            decide(std::slice::from_ref(rule), &asked(what), &mut Counters::default()).hit.is_some()
        };
        let error = json!({"kind": "error", "code": "ERROR_CORE"});
        let (deals, all) =
            (rule(json!({"method": "crm.*", "effect": error})), rule(json!({"effect": error})));
        let (batch, command) = (What::Call("batch"), What::Command("crm.deal.list"));
        assert_eq!((hits(&deals, batch), hits(&deals, command)), (false, true));
        assert_eq!((hits(&all, batch), hits(&all, command)), (true, false));
        let dropped = rule(json!({"method": "crm.*", "effect": {"kind": "drop"}}));
        assert!(!hits(&dropped, command) && hits(&dropped, What::Call("crm.deal.list")));
        let delivery = rule(json!({"event": "oncrm*", "effect": {"kind": "double"}}));
        assert!(hits(&delivery, What::Delivery("ONCRMLEADADD")) && !hits(&delivery, batch));
    }
}
