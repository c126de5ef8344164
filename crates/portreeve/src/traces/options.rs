//! Where traces go, and how many.

use anyhow::{Context, Result, ensure};
use clap::Args;
use url::Url;

/// The environment of OpenTelemetry: the collector of traces, and that of everything, without the path.
const OF_TRACES: &str = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
const OF_ALL: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

/// Traces.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Traces")]
pub struct Tracing {
    /// Collector of OpenTelemetry that traces are sent to, by OTLP over HTTP: http://127.0.0.1:4318. Unless it is given, that in
    /// OTEL_EXPORTER_OTLP_ENDPOINT; empty for none
    #[arg(long, env = "PORTREEVE_TRACES", value_name = "URL")]
    pub traces: Option<String>,
    /// Share of traces to keep, from 0 to 1. What is part of a caller's trace is kept if the caller keeps that
    #[arg(long, env = "PORTREEVE_TRACE_RATIO", value_name = "SHARE", default_value_t = 1.0, value_parser = share)]
    pub trace_ratio: f64,
}

impl Tracing {
    /// The URL that spans are posted to, if traces are wanted.
    ///
    /// # Errors
    /// When it is none.
    pub fn collector(&self) -> Result<Option<Url>> {
        let environment = |name: &str| std::env::var(name).ok();
        find(self.traces.as_deref(), environment)
    }
}

fn find(given: Option<&str>, environment: impl Fn(&str) -> Option<String>) -> Result<Option<Url>> {
    let wanted = |name: &'static str| Some((name, environment(name)?));
    let found = given.map(|url| ("--traces", url.to_owned())).or_else(|| wanted(OF_TRACES)).or_else(|| {
        // It always has the path put behind it.
        wanted(OF_ALL).map(|(name, url)| match url.as_str() {
            "" => (name, url),
            url => (name, format!("{}/v1/traces", url.trim_end_matches('/'))),
        })
    });
    match found {
        Some((name, url)) if !url.is_empty() => {
            collector(&url).with_context(|| format!("{name}: {url:?}")).map(Some)
        }
        _ => Ok(None),
    }
}

fn collector(text: &str) -> Result<Url> {
    let looks = "a collector looks like http://127.0.0.1:4318 or https://collector.example.com/v1/traces";
    let mut url = Url::parse(text).context(looks)?;
    ensure!(matches!(url.scheme(), "http" | "https") && url.has_host(), looks);
    ensure!(
        url.username().is_empty() && url.password().is_none(),
        "what lets in belongs into OTEL_EXPORTER_OTLP_HEADERS"
    );
    if url.path() == "/" {
        url.set_path("/v1/traces");
    }
    Ok(url)
}

fn share(text: &str) -> Result<f64> {
    let share: f64 = text.parse()?;
    ensure!((0.0..=1.0).contains(&share), "a share is from 0 to 1");
    Ok(share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_option_goes_before_the_environment() {
        let found = |given: Option<&str>, set: &[(&str, &str)]| {
            let environment = |name: &str| set.iter().find(|(found, _)| *found == name);
            let found = find(given, |name| environment(name).map(|(_, value)| (*value).to_owned()));
            found.unwrap().map(String::from)
        };
        assert_eq!(found(None, &[]), None);
        assert_eq!(found(Some("http://c:4318"), &[]).as_deref(), Some("http://c:4318/v1/traces"));
        assert_eq!(found(Some("https://c/other"), &[]).as_deref(), Some("https://c/other"));
        let set = [(OF_ALL, "http://all:4318/"), (OF_TRACES, "http://traces/x")];
        assert_eq!(found(None, &set).as_deref(), Some("http://traces/x"));
        assert_eq!(found(None, &set[..1]).as_deref(), Some("http://all:4318/v1/traces"));
        assert_eq!(found(None, &[(OF_ALL, "http://all/base")]).as_deref(), Some("http://all/base/v1/traces"));
        assert_eq!(found(Some(""), &set), None);
    }

    #[test]
    fn what_is_no_collector_is_refused() {
        for url in ["collector", "grpc://c:4317", "http://user:password@c:4318"] {
            assert!(find(Some(url), |_| None).is_err(), "{url}");
        }
        for text in ["1.1", "-0.1", "NaN", "half"] {
            assert!(share(text).is_err(), "{text}");
        }
    }
}
