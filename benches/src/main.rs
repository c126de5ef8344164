//! `cargo xtask bench`: requests a second of the release, as a share of what a bare server reaches here with an answer of
//! the same size; its memory and its start.
//!
//! The load comes from this machine too, so only the shares mean something elsewhere. Every figure is taken in several
//! short rounds, each next to a round of the bare server, and is the median of them.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints a table")]

mod bare;
mod load;
mod report;
mod seed;
mod subjects;

use it::{Portal, Server};
use load::{Pool, Until};
use report::{Figure, Report};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use subjects::Subject;

/// How much is measured.
struct Plan {
    leads: usize,
    rounds: usize,
    round: Duration,
    starts: usize,
}

const FULL: Plan = Plan { leads: 100_000, rounds: 5, round: Duration::from_secs(2), starts: 7 };
const QUICK: Plan = Plan { leads: 2_000, rounds: 1, round: Duration::from_millis(300), starts: 1 };

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["bare", sizes @ ..] => bare::serve(sizes),
        [program] => bench(Path::new(program), &FULL),
        [program, "--quick"] => bench(Path::new(program), &QUICK),
        _ => Err("usage: benches PORTREEVE [--quick]".to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            eprintln!("{text}");
            ExitCode::FAILURE
        }
    }
}

fn bench(program: &Path, plan: &Plan) -> Result<(), String> {
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
            figure.bare.push(beside.run(&same, Until::Elapsed(plan.round))?);
            let pool = &mut pools[usize::from(subject.writes)];
            figure.ours.push(pool.run(&subject.requests, Until::Elapsed(plan.round))?);
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

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}
