//! `portreeve serve`: from the settings to a portal that answers, and its end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use hyper_util::service::TowerToHyperService;
use portal::{Portal, moment};
use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::cli::{DemoSize, say};
use crate::courier::Courier;
use crate::http::{Health, Mcp, Proxies, Rest, Server};
use crate::metrics::{self, Metrics};
use crate::operator::Operator;
use crate::place::Place;
use crate::settings::{Settings, Tls as Mode};
use crate::tls::Tls;
use crate::traces::Traces;
use crate::{clock, console, demo, fixtures, garbage, logs, operator, snapshot, timetable, usage, user};

/// What is made ready and said at the start.
#[derive(Clone, Copy, Debug)]
pub enum Welcome {
    /// The first administrator
    Plain,
    /// A portal with something in it
    Demo(DemoSize),
}

/// Serves until a signal says stop.
pub fn run(place: &Place, settings: &Settings, welcome: Welcome) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let traces = Traces::start(&settings.traces, runtime.handle())?;
    logs::start(settings.log, settings.log_format, traces.as_ref());
    runtime.block_on(async {
        let served = serve(place, settings, welcome).await;
        if let Some(traces) = traces {
            traces.end().await;
        }
        served
    })
}

async fn serve(place: &Place, settings: &Settings, welcome: Welcome) -> Result<()> {
    // From here on: who reads that we are ready may stop us at once.
    let stop = stop_signal()?;
    allow_files(settings.max_connections);
    place.make_folder()?;
    let _lock = place.lock()?;
    let listener = listen(settings.listen).await?;
    let tls = Tls::new(place, settings, listener.local_addr()?)?;
    let base_url = settings.base_url(listener.local_addr()?);
    let portal = place.open(settings.portal(&base_url)?)?;
    warn_of_clock(&portal);
    start_faults(&portal).await?;
    let guide = fill(place, settings, &portal, welcome)?;
    let base_url = portal.core().settings().base_url.clone();
    place.note_base_url(&portal, &base_url)?;
    settings.rules.note_served(&portal)?;

    if let Some(tls) = tls.clone() {
        tokio::spawn(tls.keep_fresh());
    }
    let metrics = show_metrics(settings, &portal).await?;
    let (stopping, stopped) = watch::channel(());
    let stop = async move {
        stop.await;
        drop(stopping);
    };
    let alone = place.is_ours_alone()?;
    let (courier, carrying) =
        Courier::start(portal.clone(), &settings.courier, alone, Arc::clone(&metrics), stopped.clone())?;
    let operated = operate(settings, &portal, &courier).await?;
    let rest = Arc::new(Rest::new(portal.clone(), courier.clone(), settings, metrics));
    let server = Arc::new(Server {
        mcp: Mcp::new(Arc::clone(&rest)),
        rest,
        pages: TowerToHyperService::new(console::router(portal.clone(), courier.clone(), place.data.clone())),
        health: Health::default(),
        proxies: Proxies::new(settings.trusted_proxies.clone()),
        tls,
        // A browser would hold it against all that runs on a developer's machine under the same name.
        only_https: settings.tls != Mode::Dev,
    });
    let aside = [
        tokio::spawn(usage::keep(portal.clone())),
        tokio::spawn(usage::log_calls(portal.clone())),
        tokio::spawn(timetable::keep(portal.clone())),
        tokio::spawn(garbage::keep(portal.clone(), settings.courier.no_deliveries)),
    ];
    say(format_args!("Portreeve is ready at {base_url}"));
    operated.into_iter().chain(guide).for_each(say);
    tracing::info!(base_url, listen = %listener.local_addr()?, "ready");

    let stop_time = settings.stop_time();
    tokio::join!(
        server.run(listener, settings.max_connections, stop, stop_time),
        carried(carrying, stopped, stop_time),
    );
    aside.iter().for_each(JoinHandle::abort);
    courier.clear(&portal).await;
    finish(portal).await
}

/// Sees to it that the portal has what it starts with, and gives the lines that say how to go on.
fn fill(place: &Place, settings: &Settings, portal: &Portal, welcome: Welcome) -> Result<Vec<String>> {
    let password = match welcome {
        Welcome::Demo(size) => Some(demo::fill(portal, size)?),
        Welcome::Plain => {
            user::make_sure_of_administrator(portal)?;
            None
        }
    };
    fixtures::at_start(portal, &settings.fixtures, settings.fixtures_again)?;
    let base_url = portal.core().settings().base_url.clone();
    if let Some(password) = password {
        return demo::guide(place, settings, portal, &base_url, &password);
    }
    let link = user::link_of_administrator(portal, &base_url)?;
    Ok(link.map(|link| format!("Set it up at {link}  (works once, for three days)")).into_iter().collect())
}

/// Says that the portal's time is not the machine's.
fn warn_of_clock(portal: &Portal) {
    let shift = portal.core().clock();
    let seconds = shift.seconds(clock::both(portal.core()).machine);
    if shift.is_frozen() {
        let at = moment::print(&portal.core().zone(), clock::now(portal.core()).seconds());
        let at = at.as_str();
        tracing::warn!(at, "the portal's clock is frozen; `portreeve clock thaw` or `reset` ends that");
    } else if !shift.is_none() {
        tracing::warn!(seconds, "the portal's clock is shifted; `portreeve clock reset` ends that");
    }
}

/// Ends the fault rules that are not to outlive a start, and says which hold on.
async fn start_faults(portal: &Portal) -> Result<()> {
    let (ended, kept) = portal.start_faults(clock::now(portal.core())).await?;
    if ended > 0 {
        tracing::warn!(ended, "fault rules of before were cleared");
    }
    if kept > 0 {
        tracing::warn!(
            kept,
            "fault rules hold, by which calls or deliveries fail; `portreeve fault clear` ends that"
        );
    }
    Ok(())
}

/// Makes the figures, and shows them where the settings say so.
async fn show_metrics(settings: &Settings, portal: &Portal) -> Result<Arc<Metrics>> {
    let metrics = Arc::new(Metrics::default());
    if let Some(address) = settings.metrics_listen {
        let listener = listen(address).await?;
        tracing::info!(listen = %listener.local_addr()?, "figures are at /metrics");
        tokio::spawn(metrics::serve(listener, Arc::clone(&metrics), portal.clone()));
    }
    Ok(metrics)
}

/// Serves the operator's API where the settings say so, and gives the line that says where it is.
async fn operate(settings: &Settings, portal: &Portal, courier: &Courier) -> Result<Option<String>> {
    let (Some(address), Some(token)) = (settings.operator_listen, settings.operator_token.clone()) else {
        return Ok(None);
    };
    let listener = listen(address).await?;
    let address = listener.local_addr()?;
    let start = portal.clone();
    let saved = tokio::task::spawn_blocking(move || snapshot::save_start(&start)).await?;
    saved.context("cannot keep the state that a reset returns to")?;
    tokio::spawn(operator::serve(listener, Operator::new(portal.clone(), courier.clone(), token)));
    Ok(Some(format!("The operator's API is at http://{address}")))
}

/// Asks the system for as many open files as connections may need; it may grant fewer.
fn allow_files(connections: u32) {
    /// Connections to handlers, those kept for the next delivery among them.
    const HANDLERS: u64 = 4096;
    /// Files that are no connections: those of the database, for every reader.
    const OTHERS: u64 = 256;
    // A connection may be sent a file.
    let wanted = 2 * u64::from(connections) + HANDLERS + OTHERS;
    let mut limit = getrlimit(Resource::Nofile);
    let granted = limit.maximum.map_or(wanted, |maximum| maximum.min(wanted));
    if limit.current.is_some_and(|current| current < granted) {
        limit.current = Some(granted);
        if let Err(error) = setrlimit(Resource::Nofile, limit) {
            tracing::warn!(%error, "the limit of open files cannot be raised");
        }
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
}

/// Resolves at SIGTERM or SIGINT. Further ones change nothing, since some supervisors send two at once; how
/// long a stop may take is bounded anyway.
pub fn stop_signal() -> Result<impl Future<Output = ()>> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
    })
}

/// Waits until the courier has ended, but no longer than `stop_time` from the stop.
async fn carried(mut carrying: JoinHandle<()>, mut stopped: watch::Receiver<()>, stop_time: Duration) {
    let ended = tokio::select! {
        ended = &mut carrying => Ok(ended),
        // Nothing is ever sent: that the other end is closed is the signal.
        _ = stopped.changed() => timeout(stop_time, carrying).await,
    };
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "the courier broke down; events wait for the next start"),
        Err(_) => tracing::warn!("some deliveries were still under way; they are sent again"),
    }
}

/// Writes what is left and closes the store.
async fn finish(portal: Portal) -> Result<()> {
    let flush = async {
        usage::flush(&portal).await?;
        usage::flush_calls(&portal).await
    };
    let flushed = timeout(usage::FLUSH, flush).await;
    let store = portal.core().store.clone();
    tokio::task::spawn_blocking(move || store.close()).await?;
    tracing::info!("stopped");
    Ok(flushed.context("the last stamps of use could not be written in time")??)
}
