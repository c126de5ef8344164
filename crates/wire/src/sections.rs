//! Answers of a batch's commands so far (protocol 4.3).

use crate::{Answer, Fault, Map, Text, Value, fault, reference};

/// The five sections of a batch's result, each keyed by command.
#[derive(Clone, Debug, PartialEq)]
pub struct Sections {
    /// Bytes that references may still stand for, in all commands.
    room: usize,
    result: Map,
    error: Map,
    total: Map,
    next: Map,
    time: Map,
}

impl Default for Sections {
    fn default() -> Self {
        let [result, error, total, next, time] = [const { Map::new() }; 5];
        Sections { room: reference::MAX_ROOM, result, error, total, next, time }
    }
}

impl Sections {
    /// Records the answer of the command `key`.
    pub fn succeed(&mut self, key: &Text, answer: Answer) {
        self.result.push(key.clone(), answer.result);
        if let Some(total) = answer.total {
            self.total.push(key.clone(), total);
        }
        if let Some(next) = answer.next {
            self.next.push(key.clone(), next);
        }
        self.time.push(key.clone(), answer.time.to_value());
    }

    /// Records that the command `key` failed. A missing scope loses its description here (protocol 3.4).
    pub fn fail(&mut self, key: &Text, mut fault: Fault) {
        if fault.code == fault::INSUFFICIENT_SCOPE.code {
            fault.message = "".into();
        }
        self.error.push(key.clone(), fault.into_map());
    }

    /// The result of the whole batch. A section is a list or an object by its keys, as every array is.
    pub fn into_value(self) -> Value {
        let mut sections = Map::with_capacity(5);
        sections.push("result", self.result);
        sections.push("result_error", self.error);
        sections.push("result_total", self.total);
        sections.push("result_next", self.next);
        sections.push("result_time", self.time);
        Value::Map(sections)
    }

    /// Replaces the references in a command's parameters, right before it runs (protocol 4.4). Keys are left
    /// alone.
    ///
    /// `$result`, `$next`, `$total`, `$time` and `$error`, each followed by at least one `[key]`, refer to a
    /// section; the reference ends at the next blank. A value that is one reference becomes what it refers
    /// to, type and all. Inside a longer text a number or a string is put in its place, and a reference to
    /// anything else stays as it is. A key that does not exist ends the walk where it is.
    ///
    /// # Errors
    ///
    /// `ERROR_ARGUMENT` when the references blow the parameters of all commands up beyond any use: 32 MiB, or 64
    /// arrays inside one another.
    pub fn substitute(&mut self, params: &mut Map) -> Result<(), Fault> {
        let (room, outcome) = reference::substitute(self, self.room, params);
        self.room = room;
        outcome
    }

    /// The section that a reference calls `name`.
    pub(crate) fn named(&self, name: &str) -> Option<&Map> {
        match name {
            "result" => Some(&self.result),
            "next" => Some(&self.next),
            "total" => Some(&self.total),
            "time" => Some(&self.time),
            "error" => Some(&self.error),
            _ => None,
        }
    }
}
