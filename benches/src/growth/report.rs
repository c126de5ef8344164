//! The table.

use super::part::{Bar, Question};
use crate::table::{verdict, within};
use std::fmt;

/// What the answers to one question took.
pub(super) struct Taken {
    /// Each, in microseconds.
    pub(super) micros: Vec<u32>,
    /// The processor time of the program for one, in milliseconds: what is left of the other where the machine has other things
    /// to do. Without that of a database server.
    pub(super) cpu: f64,
}

/// The processor time that a process has had, in milliseconds; in steps of ten.
pub(super) fn cpu(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace();
    // Of the user and of the system.
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).map(|ticks| ticks * 10.0).sum()
}

/// The answers to one question.
pub(super) struct Figure {
    pub(super) question: Question,
    pub(super) few: Taken,
    pub(super) many: Taken,
}

/// Everything that was found out of one part on one engine.
pub(super) struct Report {
    pub(super) title: String,
    pub(super) few: u64,
    pub(super) many: u64,
    pub(super) figures: Vec<Figure>,
}

impl Figure {
    fn told(&self) -> [f64; 2] {
        [within(self.few.micros.clone(), 0.5), within(self.many.micros.clone(), 0.5)]
    }

    fn verdict(&self) -> String {
        let [few, many] = self.told();
        match self.question.bar {
            Bar::Read => verdict(many <= 2.0 * few || many <= 5.0, "2 times or 5 ms"),
            Bar::Write => verdict(many <= 3.0 * few, "3 times"),
            Bar::Shown => String::new(),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = format!("{}: p50 in ms", self.title);
        writeln!(
            out,
            "\n{title:<46}{:>10}{:>10}{:>8}{:>9}{:>9}",
            self.few, self.many, "times", "CPU", "CPU"
        )?;
        for figure in &self.figures {
            let [few, many] = figure.told();
            let (name, times) = (figure.question.name, many / few);
            writeln!(
                out,
                "{name:<46}{few:>10.2}{many:>10.2}{times:>8.1}{:>9.2}{:>9.2}  {}",
                figure.few.cpu,
                figure.many.cpu,
                figure.verdict()
            )?;
        }
        Ok(())
    }
}
