//! Which spans begin a trace.

use opentelemetry::trace::{Link, SpanKind, TraceContextExt, TraceId, TraceState};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{Sampler, SamplingDecision, SamplingResult, ShouldSample};

/// Calls, deliveries and jobs do. What happens by itself, such as the looks of a worker at the database, is no trace.
#[derive(Clone, Debug)]
pub(super) struct Roots(Sampler);

impl Roots {
    /// Keeps this share of what begins here; what is part of another trace, as that is kept.
    pub(super) fn keeping(share: f64) -> Self {
        Roots(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(share))))
    }
}

impl ShouldSample for Roots {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        let begins = parent.is_none_or(|parent| !parent.span().span_context().is_valid());
        if begins && *kind == SpanKind::Internal {
            return SamplingResult {
                decision: SamplingDecision::Drop,
                attributes: Vec::new(),
                trace_state: TraceState::default(),
            };
        }
        self.0.should_sample(parent, trace_id, name, kind, attributes, links)
    }
}
