//! What fault rules do to calls, and how an operator changes them: see [`webhooks::faults`].

use engine::audit::By;
use engine::call::Forced;
use engine::meta::Meta;
use engine::{Core, Error, Moment, Result};
use store::{Pending, Tx};
use webhooks::calls::Seen;
use webhooks::faults::{self, Asked, Faults, Hit, Rule, Struck, What};

use crate::portal::Portal;
use crate::run::Runner;

impl Runner {
    /// Asks the rules about a call, once.
    ///
    /// # Errors
    /// That of a rule by which the call is not performed, and [`Error::Pause`].
    pub fn strike<'s>(
        &self,
        rules: &[Rule],
        seen: &'s Seen,
        (integration_id, method): (i64, &'static str),
        now: Moment,
    ) -> Result<Option<&'s Struck>> {
        // A call that waited is hit although the rule may be gone by now.
        if rules.is_empty() && seen.decided.hit().is_none() {
            return Ok(None);
        }
        let asked = Asked { integration_id, what: What::Call(method), now };
        let struck = seen.decided.call(|| self.faults.decide(rules, &asked));
        if let Some(pause) = seen.decided.pause() {
            return Err(Error::Pause(pause));
        }
        match struck.hit.as_ref().and_then(Hit::refusal) {
            Some(fault) => Err(fault.into()),
            None => Ok(Some(struck)),
        }
    }

    /// How a command of a batch is made to end, which is decided once.
    pub fn force(
        &self,
        meta: &Meta,
        seen: &Seen,
        (integration_id, method, at): (i64, &'static str, usize),
        now: Moment,
    ) -> Option<Forced> {
        let asked = Asked { integration_id, what: What::Command(method), now };
        let decide = || self.faults.decide(&Faults::of(meta).rules, &asked).hit;
        seen.decided.command(at, decide)?.forced()
    }
}

impl Portal {
    /// The rules that hold, with how often each has hit on this node.
    pub fn faults(&self, meta: &Meta) -> Vec<(Rule, u32)> {
        // Nobody may have called since the portal was brought back to another time.
        let counts = self.era() >= meta.era;
        let hits = |rule: &Rule| if counts { self.runner.faults.hits(rule.id) } else { 0 };
        Faults::of(meta).rules.iter().map(|rule| (rule.clone(), hits(rule))).collect()
    }

    /// The rule that hits a delivery of an event to the handler of an integration.
    pub fn strike_delivery(&self, meta: &Meta, integration_id: i64, event: &str, now: Moment) -> Option<Hit> {
        let asked = Asked { integration_id, what: What::Delivery(event), now };
        self.runner.faults.decide(&Faults::of(meta).rules, &asked).hit
    }

    /// Adds a rule for all nodes, and gives it with its number.
    ///
    /// # Errors
    /// 400 for a rule that makes no sense.
    pub fn add_fault(&self, rule: Rule, by: By, now: Moment) -> Pending<Result<Rule>> {
        self.change_faults(move |tx| faults::add(tx, rule.clone(), &by, now))
    }

    /// Removes a rule on all nodes; false when there is none of that number.
    pub fn remove_fault(&self, id: i64, by: By, now: Moment) -> Pending<Result<bool>> {
        self.change_faults(move |tx| faults::remove(tx, id, &by, now))
    }

    /// Removes all rules on all nodes; how many those were.
    pub fn clear_faults(&self, by: By, now: Moment) -> Pending<Result<usize>> {
        self.change_faults(move |tx| faults::clear(tx, &by, now))
    }

    /// Removes what does not outlive a start; how many rules those were, and how many hold on.
    pub fn start_faults(&self, now: Moment) -> Pending<Result<(usize, usize)>> {
        self.change_faults(move |tx| faults::at_start(tx, now))
    }

    fn change_faults<T: Send + 'static>(
        &self,
        change: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Pending<Result<T>> {
        let core = self.core().clone();
        self.core().store.write(move |tx: &mut Tx<'_>| {
            let changed = change(tx)?;
            Core::current(&core, tx)?;
            Ok(changed)
        })
    }
}
