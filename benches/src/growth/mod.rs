//! How answers keep up with growth: the same calls on ten thousand contacts, deals with three product rows each and
//! items of a smart process, and on a million of each, one at a time. On the embedded store, and on the PostgreSQL server that `PORTREEVE_TEST_POSTGRES` names, if it does.

mod questions;
mod report;
mod rows;

use it::{Hook, Portal};
use questions::{Question, questions};
use report::{Figure, Report};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;

/// The rows that everything is compared with.
const FEW: u64 = 10_000;
const MANY: u64 = 1_000_000;
/// How often each question is asked, after some times that do not count.
const ASKED: u64 = 101;
const UNCOUNTED: u64 = 10;

/// Measures and prints the tables.
pub(crate) fn bench(program: &Path, arguments: &[&str], quick: bool) -> Result<(), String> {
    let many = match arguments {
        [] if quick => 2 * FEW,
        [] => MANY,
        ["--rows", number] => number.parse().map_err(|_| format!("--rows: {number:?} is no number"))?,
        _ => return Err(crate::USAGE.to_owned()),
    };
    for ((engine, one), (_, other)) in Portal::each_of(program).into_iter().zip(Portal::each_of(program)) {
        let few = measure(engine, one, FEW)?;
        let many_figures = measure(engine, other, many)?;
        let figures = few.into_iter().zip(many_figures);
        let figures = figures.map(|((question, few), (_, many))| Figure { question, few, many });
        println!("{}", Report { engine, few: FEW, many, figures: figures.collect() });
    }
    Ok(())
}

/// How long each answer took with so many contacts and items, in microseconds.
fn measure(engine: &str, portal: Portal, rows: u64) -> Result<Vec<(Question, Vec<u32>)>, String> {
    eprintln!("    {engine}: writing {rows} contacts, deals and items");
    let server = portal.start();
    let hook = server.hook("crm");
    let field = json!({"fields": {"FIELD_NAME": "UF_CRM_CODE", "USER_TYPE_ID": "string"}});
    answer(&hook, "crm.contact.userfield.add", &field)?;
    answer(&hook, "crm.contact.add", &rows::first())?;
    answer(&hook, "crm.deal.add", &rows::first_deal())?;
    answer(&hook, "crm.deal.productrows.set", &json!({"id": 1, "rows": rows::product_rows()}))?;
    answer(&hook, "crm.type.add", &rows::smart_process())?;
    answer(&hook, "crm.item.add", &rows::first_item())?;
    let portal = server.stop();
    rows::multiply(&portal.location(), rows)?;
    let server = portal.start();
    let hook = server.same_hook(&hook);
    eprintln!("    {engine}: asking");
    let mut figures = Vec::new();
    for question in questions() {
        let mut micros = Vec::new();
        for turn in 0..UNCOUNTED + ASKED {
            // Anywhere, and not twice the same.
            let id = 1 + turn * 7_919 % rows;
            let params = (question.params)(id, rows);
            let begun = Instant::now();
            let reply = answer(&hook, question.method, &params)?;
            let took = u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX);
            if !(question.found)(&reply) {
                return Err(format!("{} {params} found nothing: {reply}", question.method));
            }
            if turn >= UNCOUNTED {
                micros.push(took);
            }
        }
        figures.push((question, micros));
    }
    server.stop();
    Ok(figures)
}

/// The whole answer of a call that must succeed.
fn answer(hook: &Hook, method: &str, params: &Value) -> Result<Value, String> {
    let reply = hook.call(method, params);
    if reply.status == 200 { Ok(reply.json()) } else { Err(format!("{method} {params}: {}", reply.text())) }
}
