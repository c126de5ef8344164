//! The output of `portreeve listen`.

use std::io::{self, IsTerminal, Write};

use jiff::tz::TimeZone;
use portal::outbound::log::Delivery;
use portal::outbound::queue::Attempt;
use serde_json::json;

use crate::cli::clean;
use crate::outbound::data;
use crate::when::{exact, took};

const BOLD: &str = "1";
const DIM: &str = "2";
const RED: &str = "31";
const GREEN: &str = "32";

/// Standard output, as lines for people or as an object of JSON in each line.
pub struct Screen {
    zone: TimeZone,
    json: bool,
    colours: bool,
}

impl Screen {
    /// Colours only where a person looks on who did not ask for none (<https://no-color.org>).
    pub fn new(zone: TimeZone, json: bool) -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|text| text.is_empty());
        Screen { zone, json, colours: !json && wanted && io::stdout().is_terminal() }
    }

    /// An event has come.
    ///
    /// # Errors
    /// When nobody reads any more.
    pub fn event(&self, delivery: &Delivery) -> io::Result<()> {
        let raised = exact(&self.zone, delivery.raised);
        if self.json {
            return print(&json!({
                "kind": "event",
                "delivery": delivery.id,
                "event": delivery.event,
                "object": delivery.object,
                "raised": raised,
                "data": data::json(&delivery.data),
            }));
        }
        let fields = data::fields(&delivery.data);
        let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let number = format!("#{}", delivery.id);
        print(&format_args!(
            "{}  {}  {}  {}  {}",
            self.paint(DIM, &raised),
            self.paint(DIM, &number),
            self.paint(BOLD, &delivery.event),
            clean(&delivery.object),
            clean(&fields.join(" "))
        ))
    }

    /// The handler has answered, or not.
    ///
    /// # Errors
    /// When nobody reads any more.
    pub fn answer(&self, delivery: i64, attempt: &Attempt) -> io::Result<()> {
        let started = exact(&self.zone, attempt.started);
        if self.json {
            return print(&json!({
                "kind": "answer",
                "delivery": delivery,
                "started": started,
                "took_ms": attempt.took as f64 / 1e3,
                "status": attempt.status,
                "error": attempt.error,
                "answer": attempt.answer,
            }));
        }
        let (colour, said) = match (attempt.status, &attempt.error) {
            (Some(status @ 200..=299), _) => (GREEN, status.to_string()),
            (Some(status), _) => (RED, format!("{status}  {}", clean(&attempt.answer))),
            (None, error) => (RED, clean(error.as_deref().unwrap_or("no answer"))),
        };
        let (number, time) = (format!("#{delivery}"), took(attempt.took));
        print(&format_args!(
            "{}  {}  {}  after {time}",
            self.paint(DIM, &started),
            self.paint(DIM, &number),
            self.paint(colour, said.trim_end())
        ))
    }

    fn paint(&self, colour: &str, text: &str) -> String {
        if self.colours { format!("\x1b[{colour}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

fn print(line: &dyn std::fmt::Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
