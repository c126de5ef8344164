//! Deliveries a second beside what the same HTTP client reaches with nothing to write down, the time from a call to the
//! arrival of its event, and what a long backlog costs.

mod arrivals;
mod backlog;
pub(crate) mod client;
mod pace;
mod report;
mod site;

use it::Server;
use site::Site;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::table::Beside;

/// How much is measured.
struct Plan {
    /// Deliveries in each round of a sustained load.
    sustained: usize,
    rounds: usize,
    /// Deliveries of the long backlog.
    backlog: usize,
    /// How many times its beginning is measured.
    beginnings: usize,
    /// Calls whose events are timed, and those before them.
    calls: usize,
    before: usize,
}

const FULL: Plan =
    Plan { sustained: 100_000, rounds: 5, backlog: 1_000_000, beginnings: 41, calls: 600, before: 2_500 };
const QUICK: Plan =
    Plan { sustained: 2_000, rounds: 1, backlog: 10_000, beginnings: 1, calls: 20, before: 20 };

/// Deliveries of the short backlog, and of the beginning of the long one.
const BEGINNING: usize = 1_000;
/// Between two calls whose events are timed: 20 a second.
const PAUSE: Duration = Duration::from_millis(50);

/// Measures and prints the table.
pub(crate) fn bench(program: &Path, quick: bool) -> Result<(), String> {
    let plan = if quick { &QUICK } else { &FULL };
    let loads = [1, 50].map(|handlers| load(program, handlers, plan));
    let [one, many] = loads;
    let report = report::Report {
        loads: [one?, many?],
        latencies: pace::measure(program, plan.before, plan.calls)?,
        backlog: plan.backlog,
        beginnings: beginnings(program, plan)?,
    };
    println!("{report}");
    Ok(())
}

/// What a sustained load came to.
struct Load {
    handlers: usize,
    /// Requests at once.
    at_once: usize,
    /// Deliveries a second, from the first arrival until every outcome is written, beside those of the bare client.
    rates: Beside,
}

/// Deliveries to so many handlers, next to the bare client with as many requests at once.
fn load(program: &Path, handlers: usize, plan: &Plan) -> Result<Load, String> {
    let mut site = Site::new(program, handlers)?;
    let mut rates = Beside::default();
    for round in 0..plan.rounds {
        eprintln!("    {handlers} handlers, round {} of {}", round + 1, plan.rounds);
        backlog::fill(&site.portal().data(), site.outbounds(), plan.sustained)?;
        let server = site.start();
        let seen = site.arrivals.wait_for(plan.sustained)?;
        let settled = backlog::wait_until_settled(&server.portal().data())?;
        let ours = seen.len() as f64 / seconds(seen[0].at, settled);
        site.stop(server);

        let body = site.arrivals.body();
        let client = client::Process::start(site.at_once(), plan.sustained, &body, &site.urls)?;
        let seen = site.arrivals.wait_for(plan.sustained)?;
        rates.push(ours, rate(&seen));
        client.wait()?;
    }
    Ok(Load { handlers, at_once: site.at_once(), rates })
}

/// The rate at which the first deliveries of a long backlog arrive, beside those of a short one.
fn beginnings(program: &Path, plan: &Plan) -> Result<Beside, String> {
    eprintln!("    a backlog of {} beside one of {BEGINNING}", plan.backlog);
    let (mut short, mut long) = (Site::new(program, 1)?, Site::new(program, 1)?);
    let servers = [short.start(), long.start()];
    for server in &servers {
        switch(server, "pause")?;
    }
    let mut rates = Beside::default();
    for _ in 0..plan.beginnings {
        let less = beginning(&short, &servers[0], BEGINNING)?;
        rates.push(beginning(&long, &servers[1], plan.backlog)?, less);
    }
    for server in servers {
        server.kill();
    }
    Ok(rates)
}

/// The rate of the first deliveries of a backlog of so many, from when its webhook is switched on. Then it is off again.
fn beginning(site: &Site, server: &Server, backlog: usize) -> Result<f64, String> {
    backlog::fill(&server.portal().data(), site.outbounds(), backlog)?;
    site.arrivals.take();
    switch(server, "resume")?;
    let seen = site.arrivals.wait_for(BEGINNING)?;
    switch(server, "pause")?;
    Ok(rate(&seen[..BEGINNING]))
}

/// Switches the webhook on or off; what was on its way then has arrived after it.
fn switch(server: &Server, to: &str) -> Result<(), String> {
    server.portal().ask(&["outbound", to, "1"]);
    backlog::wait_until_unleased(&server.portal().data()).map(drop)
}

/// Arrivals a second.
fn rate(seen: &[arrivals::Seen]) -> f64 {
    let (first, last) = (seen[0].at, seen[seen.len() - 1].at);
    (seen.len() - 1) as f64 / seconds(first, last)
}

fn seconds(from: Instant, to: Instant) -> f64 {
    to.duration_since(from).as_secs_f64()
}
