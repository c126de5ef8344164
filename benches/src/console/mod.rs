//! How long the console's pages wait for the server when there is much to show: 10 000 integrations, 5 million
//! deliveries, two months of statistics. On the embedded store, and on the PostgreSQL server that
//! `PORTREEVE_TEST_POSTGRES` names, if it does.

mod questions;
mod report;
mod store;

use it::{Browser, PASSWORD, Portal, Server};
use questions::Question;
use report::{Figure, Report};
use std::path::Path;
use std::time::Instant;

/// How much there is, and how often each question is asked.
pub(crate) struct Plan {
    pub(crate) integrations: u32,
    pub(crate) deliveries: u32,
    /// Days of statistics.
    pub(crate) days: u32,
    pub(crate) users: u32,
    pub(crate) leads: usize,
    rounds: usize,
}

const FULL: Plan =
    Plan { integrations: 10_000, deliveries: 5_000_000, days: 60, users: 2_000, leads: 20_000, rounds: 20 };
const QUICK: Plan = Plan { integrations: 200, deliveries: 20_000, days: 3, users: 50, leads: 200, rounds: 3 };

/// Measures and prints the tables.
pub(crate) fn bench(program: &Path, quick: bool) -> Result<(), String> {
    let plan = if quick { &QUICK } else { &FULL };
    for (engine, portal) in Portal::each_of(program) {
        let (server, mut employee) = prepare(engine, portal, plan)?;
        let mut report = Report::new(engine);
        let mut admin = Browser::signed_in(&server, "admin@localhost", PASSWORD);
        for (who, browser) in [("administrator", &mut admin), ("employee", &mut employee)] {
            eprintln!("    {engine}: asking as {who}");
            for question in questions::all(browser)? {
                report.figures.push(figure(browser, who, &question, plan.rounds)?);
            }
        }
        println!("{report}");
    }
    Ok(())
}

/// A server with all of it, and an employee at the console.
fn prepare(engine: &str, portal: Portal, plan: &Plan) -> Result<(Server, Browser), String> {
    eprintln!("    {engine}: adding {} leads", plan.leads);
    let server = portal.start();
    crate::requests::add(&server, "crm.lead.add", plan.leads)?;
    let employee = Browser::of_a_colleague(&server);
    let portal = server.stop();
    eprintln!("    {engine}: writing {} deliveries of {} integrations", plan.deliveries, plan.integrations);
    store::fill(&portal.location(), plan)?;
    let server = portal.start();
    let http = server.hook("crm");
    Ok((server, Browser { http, ..employee }))
}

fn figure(
    browser: &mut Browser,
    who: &'static str,
    question: &Question,
    rounds: usize,
) -> Result<Figure, String> {
    let mut micros = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        let begun = Instant::now();
        let reply = browser.ask(question.verb, &question.path, &question.body);
        micros.push(u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX));
        if reply.status != 200 {
            return Err(format!("{} as {who}: {} {}", question.path, reply.status, reply.text()));
        }
    }
    Ok(Figure { who, asked: question.name(), micros })
}
