//! The time from a call to the arrival of the event that it causes.

use super::PAUSE;
use super::site::Site;
use crate::requests::{lead, request};
use it::{Connection, Hook, Server};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::Path;
use std::process::Command;
use std::thread::park_timeout;
use std::time::Instant;

/// Microseconds from the sending of each `crm.lead.add` to the arrival of its `ONCRMLEADADD`, in a portal that has seen
/// some before: the log of a new database grows, and what grows takes a quarter longer to be on the disk.
pub(crate) fn measure(program: &Path, before: usize, calls: usize) -> Result<Vec<u32>, String> {
    eprintln!("    {before} calls, and {calls} with a pause after each");
    // What earlier measurements left for the disk to write is no part of this one.
    Command::new("sync").status().map_err(|error| format!("sync: {error}"))?;
    let mut site = Site::new(program, 1)?;
    let server = site.start();
    let mut caller = Caller::new(&server)?;
    for number in 0..before {
        caller.add(number)?;
    }
    site.arrivals.wait_for(before)?;
    let (begun, mut sent) = (Instant::now(), HashMap::new());
    for number in 0..calls {
        wait_until(begun + PAUSE * u32::try_from(number).unwrap_or(u32::MAX));
        let at = Instant::now();
        sent.insert(caller.add(number)?, at);
    }
    let seen = site.arrivals.wait_for(calls)?;
    server.kill();
    let late = |seen: &super::arrivals::Seen| {
        let sent = sent.get(&seen.item).ok_or_else(|| format!("lead {} is unknown", seen.item))?;
        Ok(u32::try_from(seen.at.duration_since(*sent).as_micros()).unwrap_or(u32::MAX))
    };
    seen.iter().map(late).collect()
}

/// Somebody with a webhook.
struct Caller {
    connection: Connection,
    hook: Hook,
}

impl Caller {
    fn new(server: &Server) -> Result<Caller, String> {
        let connection = Connection::open(server.address()).map_err(told)?;
        Ok(Caller { connection, hook: server.hook("crm") })
    }

    /// Adds a lead; gives its number.
    fn add(&mut self, number: usize) -> Result<u64, String> {
        self.connection
            .send(&request(&self.hook, "crm.lead.add", &json!({"fields": lead(number)})))
            .map_err(told)?;
        let (status, body) = self.connection.answer().map_err(told)?;
        let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
        answer["result"].as_u64().ok_or_else(|| format!("no lead was added: {status} {answer}"))
    }
}

#[allow(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn told(error: std::io::Error) -> String {
    format!("a call failed: {error}")
}

fn wait_until(moment: Instant) {
    while let Some(left) = moment.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
        park_timeout(left);
    }
}
