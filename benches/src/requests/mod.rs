//! Requests a second, as a share of what a bare server reaches here with an answer of the same size; memory and start.

pub(crate) mod bare;
mod load;
mod report;
pub(crate) mod seed;
pub(crate) mod subjects;

pub(crate) use load::{Pool, Until};
pub(crate) use seed::add;
pub(crate) use subjects::{Subject, lead, request};

use it::{Portal, Server};
use report::{Figure, Report};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::table::median;

/// How much is measured.
struct Plan {
    leads: usize,
    rounds: usize,
    round: Duration,
    starts: usize,
}

const FULL: Plan = Plan { leads: 100_000, rounds: 21, round: Duration::from_millis(500), starts: 7 };
const QUICK: Plan = Plan { leads: 2_000, rounds: 1, round: Duration::from_millis(300), starts: 1 };

/// Measures and prints the table.
pub(crate) fn bench(program: &Path, quick: bool) -> Result<(), String> {
    let plan = if quick { &QUICK } else { &FULL };
    let seeded = seed::portal(program.to_owned(), plan.leads)?;
    let (starts, server) = starts(seeded, plan.starts);
    let idle = megabytes(server.pid())?;
    // Adding goes to a copy: the lists are to be measured on the rows that the table says.
    let (reading, adding) = (server.stop(), Portal::of(program.to_owned()));
    seed::copy(&reading.data(), &adding.data())?;
    let (reading, adding) = (reading.start(), adding.start());
    let subjects = subjects::all(&reading, &adding)?;
    let figures = measure(&subjects, [&reading, &adding], plan)?;
    let report =
        Report { leads: plan.leads, figures, idle, loaded: megabytes(reading.pid())?, ready: median(starts) };
    println!("{report}");
    Ok(())
}

/// Every subject in turn, next to the bare server, as many times over as the plan says.
fn measure(subjects: &[Subject], servers: [&Server; 2], plan: &Plan) -> Result<Vec<Figure>, String> {
    let sizes: Vec<usize> = subjects.iter().map(|subject| subject.size).collect();
    let bare = bare::Process::start(&sizes)?;
    let mut beside = Pool::open(bare.address())?;
    let mut pools = [Pool::open(servers[0].address())?, Pool::open(servers[1].address())?];
    let mut figures: Vec<Figure> = subjects.iter().map(Figure::of).collect();
    for round in 0..plan.rounds {
        eprintln!("    round {} of {}", round + 1, plan.rounds);
        for (index, (subject, figure)) in subjects.iter().zip(&mut figures).enumerate() {
            let same = subjects::redirected(&subject.requests, &format!("/{index}"));
            let bare = beside.run(&same, Until::Elapsed(plan.round))?;
            let pool = &mut pools[usize::from(subject.writes)];
            figure.push(pool.run(&subject.requests, Until::Elapsed(plan.round))?, &bare);
        }
    }
    Ok(figures)
}

/// Starts the portal again and again; how long each start took, and the last server.
fn starts(mut portal: Portal, times: usize) -> (Vec<f64>, Server) {
    let mut taken = Vec::new();
    loop {
        let begun = Instant::now();
        let server = portal.start();
        taken.push(begun.elapsed().as_secs_f64() * 1000.0);
        if taken.len() == times {
            return (taken, server);
        }
        portal = server.stop();
    }
}

/// A process's resident memory.
fn megabytes(pid: u32) -> Result<f64, String> {
    let file = PathBuf::from(format!("/proc/{pid}/status"));
    let status = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.map(|size| size / 1024.0).ok_or_else(|| format!("{}: no VmRSS", file.display()))
}
