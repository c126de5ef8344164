//! Outbound webhooks: whether they fire, and whether their handlers can be reached. Handlers are sent nothing, and of their
//! URLs only the host and the port are told.

use std::collections::BTreeMap;

use futures_util::{StreamExt, stream};
use portal::outbound::manage::Outbound;
use portal::outbound::queue::Backlog;
use url::Url;

use super::database::PortalFacts;
use super::report::Report;
use crate::clock;
use crate::courier::{Failure, Reach};
use crate::settings::Settings;

const OF: &str = "handlers";
/// Handlers that are tried at once.
const TOGETHER: usize = 16;
/// Places that are tried unless all are to be.
const TRIED: usize = 200;
/// Deliveries of one webhook that are a backlog.
const BACKLOG: i64 = 10_000;
/// Seconds for which an event may wait before somebody should look at it.
const LATE: i64 = 3600;

/// Looks at them.
pub fn check(report: &mut Report, facts: &PortalFacts, settings: &Settings, deep: bool) {
    let outbounds: Vec<&Outbound> = facts
        .integrations
        .iter()
        .filter_map(|one| one.outbound.as_ref())
        .filter(|one| !one.listens)
        .collect();
    if outbounds.is_empty() {
        return report.ok(OF, "there are no outbound webhooks");
    }
    if !facts.settings.outbound_available() {
        let found =
            format!("the licence is set to {}: outbound webhooks do not fire", facts.settings.licence.code());
        report.warn(OF, found, "set it to active in the console or by --licence, unless you test that");
    }
    if settings.courier.no_deliveries {
        report.warn(OF, "nothing is sent (--no-deliveries): events wait", "start the server without it");
    }
    outbounds.iter().for_each(|outbound| state(report, outbound));
    facts.backlogs.iter().for_each(|backlog| waits(report, backlog, facts));
    let sent: Vec<&Outbound> = outbounds
        .iter()
        .copied()
        .filter(|one| one.active && !one.pickup && !one.handler_url.is_empty())
        .collect();
    let tried = reach(report, &sent, facts, settings, deep);
    report.well(OF, format!("{} outbound webhooks, {tried} handlers can be reached", outbounds.len()));
}

fn state(report: &mut Report, outbound: &Outbound) {
    let id = outbound.id;
    if let Some(why) = &outbound.disabled_because {
        let found = format!("outbound webhook {id} was switched off by the portal: {why}");
        report.warn(OF, found, format!("mend its handler, then `portreeve outbound resume {id}`"));
    } else if let Some(since) = outbound.failing_since {
        let minutes = (clock::machine().seconds() - since).max(0) / 60;
        let found = format!("the handler of outbound webhook {id} has only failed for {minutes} min");
        report.warn(OF, found, format!("see why with `portreeve deliveries list --outbound {id}`"));
    }
}

fn waits(report: &mut Report, backlog: &Backlog, facts: &PortalFacts) {
    let (id, count) = (backlog.outbound_id, backlog.waiting + backlog.leased);
    let now = facts.shift.at(clock::machine()).seconds();
    let age = backlog.oldest.map_or(0, |oldest| now - oldest.seconds());
    if count > BACKLOG || (backlog.is_awaited && backlog.is_active && age > LATE) {
        let found =
            format!("{count} deliveries wait for outbound webhook {id}, the oldest for {} min", age / 60);
        report.warn(OF, found, "see that a server runs, and that the handler answers fast enough");
    }
}

/// Tries to connect to every place where a handler is; how many can be reached.
fn reach(
    report: &mut Report,
    outbounds: &[&Outbound],
    facts: &PortalFacts,
    settings: &Settings,
    deep: bool,
) -> usize {
    let mut places: BTreeMap<String, (String, Vec<i64>)> = BTreeMap::new();
    for outbound in outbounds {
        match facts.settings.guard.check(&outbound.handler_url) {
            Ok(target) => {
                let scheme = if target.is_https() { "https" } else { "http" };
                let place = format!("{scheme}://{}:{}", target.host(), target.port());
                places
                    .entry(place)
                    .or_insert_with(|| (root(&outbound.handler_url), Vec::new()))
                    .1
                    .push(outbound.id);
            }
            Err(refusal) => {
                let found = format!(
                    "the handler of outbound webhook {} is not where it may be: {refusal}",
                    outbound.id
                );
                report.fail(
                    OF,
                    found,
                    "change its URL, or allow the network in the console or by --allow-handlers",
                );
            }
        }
    }
    let most = if deep { usize::MAX } else { TRIED };
    if places.len() > most {
        report.ok(OF, format!("{most} of {} places of handlers are tried; --deep tries all", places.len()));
    }
    let tried = match knock(places.into_iter().take(most).collect(), facts, settings) {
        Ok(tried) => tried,
        Err(error) => {
            report.fail(
                OF,
                format!("handlers cannot be reached at all: {error:#}"),
                "correct the settings of handlers",
            );
            return 0;
        }
    };
    let reached = tried.iter().filter(|(.., outcome)| outcome.is_ok()).count();
    for (place, ids, outcome) in tried {
        if let Err(failure) = outcome {
            let ids = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
            let found = format!("{place} of outbound webhook {ids} cannot be reached: {failure}");
            report.fail(OF, found, advice(&failure));
        }
    }
    reached
}

type Places = Vec<(String, (String, Vec<i64>))>;
/// A place, the webhooks that send there, and what came of it.
type Knocked = (String, Vec<i64>, Result<(), Failure>);

fn knock(places: Places, facts: &PortalFacts, settings: &Settings) -> anyhow::Result<Vec<Knocked>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async {
        let reach = Reach::new(&facts.settings, &settings.courier.sending)?;
        let tries = places.into_iter().map(|(place, (url, ids))| {
            let reach = reach.clone();
            async move { (place, ids, reach.knock(&url).await) }
        });
        Ok(stream::iter(tries).buffered(TOGETHER).collect().await)
    })
}

/// A URL without path and query, which may hold secrets of the handler's.
fn root(url: &str) -> String {
    let parsed = Url::parse(url).ok();
    parsed.and_then(|url| url.join("/").ok()).map_or_else(String::new, String::from)
}

fn advice(failure: &Failure) -> &'static str {
    match failure {
        Failure::Refused(_) => "change its URL, or allow the network in the console or by --allow-handlers",
        Failure::NoSuchHost => "correct the URL of the handler, or the records of its name",
        Failure::NoNameServer => {
            "see that this machine's name servers answer, or name others with --handler-dns"
        }
        Failure::Tls(_) => "have the handler's certificate mended, or trust its authority with --handler-ca",
        Failure::Proxy(_) => "see that the proxy runs, and check --handler-proxy",
        _ => "see that the handler runs, and that a firewall lets this machine through",
    }
}
