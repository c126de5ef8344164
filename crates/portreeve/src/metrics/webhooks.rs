//! Figures of each outbound webhook, by its number.

use std::collections::HashMap;

use parking_lot::Mutex;
use portal::Moment;
use portal::outbound::figures::Figures;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

/// Tries since the start of this process, by webhook and outcome.
#[derive(Default)]
pub struct Attempts(Mutex<HashMap<(i64, &'static str), u64>>);

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Webhook {
    webhook: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Attempt {
    webhook: i64,
    outcome: &'static str,
}

impl Attempts {
    /// Counts one.
    pub fn note(&self, webhook: i64, outcome: &'static str) {
        *self.0.lock().entry((webhook, outcome)).or_default() += 1;
    }

    /// Those of webhooks that are still there.
    fn family(&self, webhooks: &[Figures]) -> Family<Attempt, Counter> {
        let family = Family::<Attempt, Counter>::default();
        let mut counts = self.0.lock();
        counts.retain(|(id, _), _| webhooks.iter().any(|one| one.outbound_id == *id));
        for ((webhook, outcome), count) in &*counts {
            family.get_or_create(&Attempt { webhook: *webhook, outcome }).inc_by(*count);
        }
        family
    }
}

/// Adds the figures of this moment.
pub fn register(registry: &mut Registry, attempts: &Attempts, webhooks: &[Figures], now: Moment) {
    let registry = registry.sub_registry_with_prefix("webhook");
    let gauge = |value: &dyn Fn(&Figures) -> i64| {
        let family = Family::<Webhook, Gauge>::default();
        for one in webhooks {
            family.get_or_create(&Webhook { webhook: one.outbound_id }).set(value(one));
        }
        family
    };
    let failing = gauge(&|one| one.failing_since.map_or(0, |since| (now.seconds() - since).max(0)));
    let help = "For how long the handler has done nothing but fail; 0 when it is well";
    registry.register_with_unit("failing", help, Unit::Seconds, failing);
    let help = "Whether the portal has switched the webhook off";
    registry.register("disabled", help, gauge(&|one| i64::from(one.disabled)));
    registry.register("waiting", "Deliveries that wait, due or not", gauge(&|one| one.waiting));
    registry.register("held", "Events that are kept while the webhook is off", gauge(&|one| one.held));
    let given_up = Family::<Webhook, Counter>::default();
    for one in webhooks {
        let count = u64::try_from(one.given_up).unwrap_or(0);
        given_up.get_or_create(&Webhook { webhook: one.outbound_id }).inc_by(count);
    }
    registry.register("given_up", "Deliveries that were given up", given_up);
    registry.register("attempts", "Tries to deliver an event, by how they ended", attempts.family(webhooks));
}
