//! Deliveries a second beside what the same HTTP client reaches with nothing to write down, the time from a call to the
//! arrival of its event, and what a long backlog costs.

mod arrivals;
mod backlog;
pub(crate) mod client;
mod pace;
mod report;
mod site;

use site::Site;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::table::median;

/// How much is measured.
struct Plan {
    /// Deliveries in each round of a sustained load.
    sustained: usize,
    rounds: usize,
    /// Deliveries of the long backlog.
    backlog: usize,
    /// How many times its beginning is measured.
    beginnings: usize,
    /// Calls, one after the other.
    calls: usize,
}

const FULL: Plan = Plan { sustained: 100_000, rounds: 5, backlog: 1_000_000, beginnings: 9, calls: 600 };
const QUICK: Plan = Plan { sustained: 2_000, rounds: 1, backlog: 10_000, beginnings: 1, calls: 20 };

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
        latencies: pace::measure(program, plan.calls)?,
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
    /// Deliveries a second, from the first arrival until every outcome is written.
    ours: f64,
    /// Requests a second of the bare client.
    bare: f64,
}

/// Deliveries to so many handlers, next to the bare client with as many requests at once.
fn load(program: &Path, handlers: usize, plan: &Plan) -> Result<Load, String> {
    let mut site = Site::new(program, handlers)?;
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for round in 0..plan.rounds {
        eprintln!("    {handlers} handlers, round {} of {}", round + 1, plan.rounds);
        backlog::fill(&site.portal().data(), site.outbounds(), plan.sustained)?;
        let server = site.start();
        let seen = site.arrivals.wait_for(plan.sustained)?;
        let settled = backlog::wait_until_settled(&server.portal().data())?;
        ours.push(seen.len() as f64 / settled.duration_since(seen[0].at).as_secs_f64());
        site.stop(server);

        let body = site.arrivals.body();
        let client = client::Process::start(site.at_once(), plan.sustained, &body, &site.urls)?;
        let seen = site.arrivals.wait_for(plan.sustained)?;
        bare.push(rate(&seen));
        client.wait()?;
    }
    Ok(Load { handlers, at_once: site.at_once(), ours: median(ours), bare: median(bare) })
}

/// The rate at which the first deliveries of a short backlog arrive, and of a long one.
fn beginnings(program: &Path, plan: &Plan) -> Result<[f64; 2], String> {
    let mut site = Site::new(program, 1)?;
    let server = site.start();
    let mut rates = [Vec::new(), Vec::new()];
    for (count, rates) in [BEGINNING, plan.backlog].into_iter().zip(&mut rates) {
        eprintln!("    a backlog of {count}");
        for _ in 0..plan.beginnings {
            let portal = server.portal();
            portal.ask(&["outbound", "disable", "1"]);
            // What was on its way when it was switched off arrives, too.
            backlog::wait_until_unleased(&portal.data())?;
            site.arrivals.take();
            backlog::fill(&portal.data(), site.outbounds(), count)?;
            portal.ask(&["outbound", "enable", "1"]);
            let seen = site.arrivals.wait_for(BEGINNING)?;
            rates.push(rate(&seen[..BEGINNING]));
        }
    }
    server.kill();
    Ok(rates.map(median))
}

/// Arrivals a second.
fn rate(seen: &[arrivals::Seen]) -> f64 {
    let (first, last) = (seen[0].at, seen[seen.len() - 1].at);
    (seen.len() - 1) as f64 / seconds(first, last)
}

fn seconds(from: Instant, to: Instant) -> f64 {
    to.duration_since(from).as_secs_f64()
}
