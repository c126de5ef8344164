//! The time from a call to the arrival of the event that it causes.

use super::PAUSE;
use super::site::Site;
use crate::requests::{lead, request};
use it::Connection;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::Path;
use std::process::Command;
use std::thread::park_timeout;
use std::time::Instant;

/// Microseconds from the sending of each `crm.lead.add` to the arrival of its `ONCRMLEADADD`.
pub(crate) fn measure(program: &Path, calls: usize) -> Result<Vec<u32>, String> {
    eprintln!("    {calls} calls, one by one");
    // What earlier measurements left for the disk to write is no part of this one.
    Command::new("sync").status().map_err(|error| format!("sync: {error}"))?;
    let mut site = Site::new(program, 1)?;
    let server = site.start();
    let hook = server.hook("crm");
    let failed = |error: std::io::Error| format!("a call failed: {error}");
    let mut connection = Connection::open(server.address()).map_err(failed)?;
    let (begun, mut sent) = (Instant::now(), HashMap::new());
    for number in 0..calls {
        wait_until(begun + PAUSE * u32::try_from(number).unwrap_or(u32::MAX));
        let request = request(&hook, "crm.lead.add", &json!({"fields": lead(number)}));
        let at = Instant::now();
        connection.send(&request).map_err(failed)?;
        let (status, body) = connection.answer().map_err(failed)?;
        let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
        let id = answer["result"].as_u64().ok_or_else(|| format!("no lead was added: {status} {answer}"))?;
        sent.insert(id, at);
    }
    let seen = site.arrivals.wait_for(calls)?;
    server.kill();
    let late = |seen: &super::arrivals::Seen| {
        let sent = sent.get(&seen.item).ok_or_else(|| format!("lead {} is unknown", seen.item))?;
        Ok(u32::try_from(seen.at.duration_since(*sent).as_micros()).unwrap_or(u32::MAX))
    };
    seen.iter().map(late).collect()
}

fn wait_until(moment: Instant) {
    while let Some(left) = moment.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
        park_timeout(left);
    }
}
