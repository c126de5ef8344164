//! How answers keep up with growth: the same calls on ten thousand rows and on a million, one at a time, of each part of the
//! portal. On the embedded store, and on the PostgreSQL server that `PORTREEVE_TEST_POSTGRES` names, if it does.

mod crm;
mod database;
mod files;
mod goods;
mod messages;
mod part;
mod report;
mod tasks;

use it::{Hook, Portal};
use part::{Bar, Hooks, Part, Question, Who};
use report::{Figure, Report, Taken};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;

/// The rows that everything is compared with.
const FEW: u64 = 10_000;
const MANY: u64 = 1_000_000;
/// How often each question is asked, after some times that do not count.
const ASKED: u64 = 101;
const UNCOUNTED: u64 = 10;
/// How often what has no bar is asked, which may take long.
const SHOWN: u64 = 11;

const PARTS: [Part; 5] = [crm::PART, goods::PART, tasks::PART, messages::PART, files::PART];

/// The scopes of the webhooks.
const SCOPES: &str = "crm,catalog,task,im,disk,sonet_group,user";

/// What is measured.
struct Plan<'a> {
    many: u64,
    parts: Vec<&'a Part>,
    /// The only engine, if it is named.
    engine: Option<&'a str>,
}

/// Measures and prints the tables.
pub(crate) fn bench(program: &Path, arguments: &[&str], quick: bool) -> Result<(), String> {
    let plan = plan(arguments, quick)?;
    for part in &plan.parts {
        for ((engine, one), (_, other)) in Portal::each_of(program).into_iter().zip(Portal::each_of(program))
        {
            if plan.engine.is_some_and(|only| only != engine) {
                continue;
            }
            let few = measure(engine, one, part, FEW)?;
            let many = measure(engine, other, part, plan.many)?;
            let figures = few.into_iter().zip(many);
            let figures = figures.map(|((question, few), (_, many))| Figure { question, few, many });
            let title = format!("{}, {engine}", part.name);
            println!("{}", Report { title, few: FEW, many: plan.many, figures: figures.collect() });
        }
    }
    Ok(())
}

fn plan<'a>(arguments: &[&'a str], quick: bool) -> Result<Plan<'a>, String> {
    let mut plan = Plan { many: if quick { 2 * FEW } else { MANY }, parts: Vec::new(), engine: None };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match *word {
            "--rows" => {
                let rows = words.next().and_then(|number| number.parse().ok()).filter(|rows| *rows >= FEW);
                plan.many = rows.ok_or("--rows takes a number from 10000 on")?;
            }
            "--engine" => plan.engine = Some(words.next().ok_or("--engine takes sqlite or postgres")?),
            name => {
                let part = PARTS.iter().find(|part| part.name == name);
                plan.parts.push(part.ok_or_else(|| crate::USAGE.to_owned())?);
            }
        }
    }
    if plan.parts.is_empty() {
        plan.parts = PARTS.iter().collect();
    }
    Ok(plan)
}

/// What each answer took with so many rows of a part.
fn measure(engine: &str, portal: Portal, part: &Part, rows: u64) -> Result<Vec<(Question, Taken)>, String> {
    eprintln!("    {engine}: writing {rows} {}", part.rows);
    let server = portal.start();
    let admin = server.hook(SCOPES);
    answer(&admin, "user.add", &json!({"EMAIL": "ann@example.com", "NAME": "Ann", "UF_DEPARTMENT": [1]}))?;
    let hooks = Hooks { ann: server.hook_of("2", SCOPES), admin };
    (part.first)(&hooks)?;
    let portal = server.stop();
    database::fill(&portal.location(), part, rows)?;
    let server = portal.start();
    let hooks = Hooks { admin: server.same_hook(&hooks.admin), ann: server.same_hook(&hooks.ann) };
    eprintln!("    {engine}: asking");
    let mut figures = Vec::new();
    for question in (part.questions)() {
        let taken = asked((server.pid(), &hooks), &question, rows)?;
        figures.push((question, taken));
    }
    server.stop();
    Ok(figures)
}

/// What the answers to a question took.
fn asked((pid, hooks): (u32, &Hooks), question: &Question, rows: u64) -> Result<Taken, String> {
    let hook = if question.who == Who::Ann { &hooks.ann } else { &hooks.admin };
    let (uncounted, counted) =
        if matches!(question.bar, Bar::Shown) { (1, SHOWN) } else { (UNCOUNTED, ASKED) };
    let (mut micros, mut before) = (Vec::new(), 0.0);
    for turn in 0..uncounted + counted {
        if turn == uncounted {
            before = report::cpu(pid);
        }
        // Anywhere, and not twice the same.
        let id = 1 + turn * 7_919 % rows;
        let params = (question.params)(id, rows);
        let begun = Instant::now();
        let reply = answer(hook, question.method, &params)?;
        let took = u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX);
        if !(question.found)(&reply) {
            return Err(format!("{} {params} found nothing: {reply}", question.method));
        }
        if turn >= uncounted {
            micros.push(took);
        }
    }
    let cpu = (report::cpu(pid) - before) / counted as f64;
    Ok(Taken { micros, cpu })
}

/// The whole answer of a call that must succeed.
fn answer(hook: &Hook, method: &str, params: &Value) -> Result<Value, String> {
    let reply = hook.call(method, params);
    if reply.status == 200 { Ok(reply.json()) } else { Err(format!("{method} {params}: {}", reply.text())) }
}
