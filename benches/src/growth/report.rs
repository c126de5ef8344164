//! The table.

use super::part::{Bar, Question};
use crate::table::{verdict, within};
use std::fmt;

/// How long the answers to one question took, in microseconds.
pub(super) struct Figure {
    pub(super) question: Question,
    pub(super) few: Vec<u32>,
    pub(super) many: Vec<u32>,
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
        [within(self.few.clone(), 0.5), within(self.many.clone(), 0.5)]
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
        writeln!(out, "\n{title:<46}{:>10}{:>10}{:>8}", self.few, self.many, "times")?;
        for figure in &self.figures {
            let [few, many] = figure.told();
            let (name, times) = (figure.question.name, many / few);
            writeln!(out, "{name:<46}{few:>10.2}{many:>10.2}{times:>8.1}  {}", figure.verdict())?;
        }
        Ok(())
    }
}
