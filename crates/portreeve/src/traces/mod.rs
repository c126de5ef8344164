//! Traces: spans of calls, deliveries and jobs, exported to a collector of OpenTelemetry by OTLP over HTTP.
//!
//! The code makes spans of `tracing` with the target [`SPANS`]; without a collector they are off. Whatever stands in a span is
//! named where it is made: no path, no parameter, no body.

mod bound;
mod export;
mod options;
mod roots;
mod spans;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{BatchConfigBuilder, BatchSpanProcessor, SdkTracer, SdkTracerProvider};
use store::SPANS;
use tokio::runtime::Handle;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

pub use options::Tracing;
pub use spans::{
    answered, delivered, delivery, failed, header, here, job, performed, refused, request, tool,
};

use bound::{Bound, Bounded, Watched};
use export::{Post, TIMEOUT};
use roots::Roots;

/// Spans that wait for the collector; further ones are lost.
const QUEUE: usize = 8192;
/// Spans in one request to the collector.
const BATCH: usize = 1024;
/// How often they are sent where they do not fill one.
const EVERY: Duration = Duration::from_secs(2);
/// The longest time that the last spans take at a stop.
const FLUSH: Duration = Duration::from_secs(5);
/// What the program is called, unless `OTEL_SERVICE_NAME` or `OTEL_RESOURCE_ATTRIBUTES` say otherwise.
const SERVICE: &str = "portreeve";

/// The way to the collector.
pub struct Traces {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
}

impl Traces {
    /// Begins, where a collector is named. Requests to it are made on this runtime.
    ///
    /// # Errors
    /// When TLS cannot be set up, and when the environment says what does not make sense.
    pub fn start(options: &Tracing, runtime: &Handle) -> Result<Option<Traces>> {
        let Some(collector) = options.collector()? else { return Ok(None) };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Post::new(runtime.clone())?)
            .with_endpoint(collector.as_str())
            .with_protocol(Protocol::HttpBinary)
            .with_timeout(TIMEOUT)
            .build()
            .context("the exporter of traces cannot be set up")?;
        let bound = Arc::new(Bound::of(QUEUE));
        let batches = BatchConfigBuilder::default()
            .with_max_queue_size(QUEUE)
            .with_max_export_batch_size(BATCH)
            .with_scheduled_delay(EVERY)
            .build();
        let batching = BatchSpanProcessor::builder(Watched::new(exporter, Arc::clone(&bound)))
            .with_batch_config(batches)
            .build();
        let provider = SdkTracerProvider::builder()
            .with_span_processor(Bounded::new(batching, bound))
            .with_sampler(Roots::keeping(options.trace_ratio))
            .with_resource(resource())
            .build();
        let tracer = provider.tracer(SERVICE);
        Ok(Some(Traces { provider, tracer }))
    }

    /// What takes the spans in.
    pub fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'s> LookupSpan<'s>,
    {
        OpenTelemetryLayer::new(self.tracer.clone())
            .with_location(false)
            .with_threads(false)
            .with_level(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_context_activation(false)
            .with_filter(Targets::new().with_target(SPANS, LevelFilter::INFO))
    }

    /// Sends what is left, within a bound.
    pub async fn end(self) {
        let flushed = tokio::task::spawn_blocking(move || self.provider.shutdown_with_timeout(FLUSH)).await;
        if let Ok(Err(error)) = flushed {
            tracing::warn!(%error, "the last traces could not be sent");
        }
    }
}

fn resource() -> Resource {
    let named = |resource: &Resource| {
        let name = resource.get_ref(&"service.name".into());
        name.is_some_and(|name| !name.as_str().starts_with("unknown_service"))
    };
    let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
    let builder = Resource::builder().with_attribute(version);
    match named(&Resource::builder().build()) {
        true => builder.build(),
        false => builder.with_service_name(SERVICE).build(),
    }
}
