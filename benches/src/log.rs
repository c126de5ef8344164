//! What the log of calls costs: the same load on a portal that keeps it and on one that does not, in turn.

use std::path::Path;
use std::time::Duration;

use it::{Portal, Server};

use crate::requests::{Pool, Subject, Until, seed, subjects};
use crate::table::{Beside, SHARE_COLUMNS, verdict};

/// The least share of the rate without the log that is promised.
const FLOOR: f64 = 0.85;

/// How much is measured.
struct Plan {
    leads: usize,
    rounds: usize,
    round: Duration,
}

const FULL: Plan = Plan { leads: 20_000, rounds: 9, round: Duration::from_secs(1) };
const QUICK: Plan = Plan { leads: 2_000, rounds: 1, round: Duration::from_millis(300) };

/// A portal under load.
struct Side {
    subjects: Vec<Subject>,
    pool: Pool,
    _server: Server,
}

impl Side {
    fn of(portal: Portal) -> Result<Side, String> {
        let server = portal.start();
        let subjects = subjects::all(&server, &server)?;
        Ok(Side { subjects, pool: Pool::open(server.address())?, _server: server })
    }

    fn rate(&mut self, subject: usize, round: Duration) -> Result<f64, String> {
        Ok(self.pool.run(&self.subjects[subject].requests, Until::Elapsed(round))?.rate)
    }
}

/// Measures and prints the table.
pub(crate) fn bench(program: &Path, quick: bool) -> Result<(), String> {
    let plan = if quick { &QUICK } else { &FULL };
    let logging = seed::portal(program.to_owned(), plan.leads)?;
    let silent = Portal::of(program.to_owned()).with("--call-log", "0");
    seed::copy(&logging.data(), &silent.data())?;
    let (mut logging, mut silent) = (Side::of(logging)?, Side::of(silent)?);
    let mut figures: Vec<Beside> = logging.subjects.iter().map(|_| Beside::default()).collect();
    for round in 0..plan.rounds {
        eprintln!("    round {} of {}", round + 1, plan.rounds);
        for (subject, figure) in figures.iter_mut().enumerate() {
            // Neither is always the one that runs when the machine has just worked.
            let (with, without) = if round % 2 == 0 {
                let with = logging.rate(subject, plan.round)?;
                (with, silent.rate(subject, plan.round)?)
            } else {
                let without = silent.rate(subject, plan.round)?;
                (logging.rate(subject, plan.round)?, without)
            };
            figure.push(with, without);
        }
    }
    print(&logging.subjects, &figures, plan);
    Ok(())
}

fn print(subjects: &[Subject], figures: &[Beside], plan: &Plan) {
    println!(
        "\nThe log of calls, {} leads; medians of {} pairs of rounds of {} ms\n",
        plan.leads,
        plan.rounds,
        plan.round.as_millis()
    );
    println!("{:<36}{:>10}{:>12}{SHARE_COLUMNS}", "", "with/s", "without/s");
    for (subject, figure) in subjects.iter().zip(figures) {
        let (name, share) = (subject.name, figure.share());
        let floor = verdict(share.middle >= FLOOR, "85%");
        println!("{name:<36}{:>10.0}{:>12.0}  {share}  {floor}", figure.ours(), figure.less());
    }
}
