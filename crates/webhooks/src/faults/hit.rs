//! What a rule does to what it hit.

use std::time::Duration;

use engine::call::Forced;
use engine::limits::Operating;
use wire::{Fault, fault};

use super::rule::Effect;

/// A rule hit.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Its number.
    pub rule: i64,
    /// How long is waited.
    pub pause: Duration,
    /// What happens.
    pub effect: Option<Effect>,
    /// Whether the call is performed first.
    pub after: bool,
}

/// What came of asking the rules.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Struck {
    /// The rule that hit.
    pub hit: Option<Hit>,
    /// The operating time, where a rule counts it.
    pub operating: Option<Operating>,
}

impl Hit {
    /// The error of the protocol that it makes.
    pub fn fault(&self) -> Option<Fault> {
        self.effect.as_ref().and_then(Effect::fault)
    }

    /// The error that keeps a call from being performed; the door may send something else instead.
    pub fn refusal(&self) -> Option<Fault> {
        let effect = self.effect.as_ref().filter(|_| !self.after)?;
        Some(effect.fault().unwrap_or_else(|| fault::INTERNAL_SERVER_ERROR.into()))
    }

    /// How it has a command of a batch end.
    pub fn forced(&self) -> Option<Forced> {
        self.fault().map(|fault| Forced { fault, after: self.after })
    }
}
