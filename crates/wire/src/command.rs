//! The commands of a `batch` (protocol 4.1, 4.2).

use crate::{Fault, Limits, Map, Text, Value, fault, form};

/// Commands that one batch runs.
pub const MAX: usize = 50;

/// One call inside a batch: `method?query`.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// The method in the caller's spelling; here a suffix such as `.json` is part of the name.
    pub method: String,
    /// Its parameters, references not yet replaced.
    pub params: Map,
}

/// A command under its key, or why it cannot run.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key under which every section answers.
    pub key: Text,
    /// The command, or the fault it gets without having run.
    pub command: Result<Command, Fault>,
}

/// Splits `method?query#fragment` into method and query; the fragment is cut off.
pub fn split(text: &str) -> (&str, &str) {
    let url = text.split_once('#').map_or(text, |(url, _)| url);
    url.split_once('?').unwrap_or((url, ""))
}

/// Reads a command, its query decoded as a form.
pub fn parse(text: &str, limits: &Limits) -> Command {
    let (method, query) = split(text);
    Command { method: method.to_owned(), params: form::decode(query.as_bytes(), limits) }
}

/// Reads the `cmd` parameter, a list or a map of commands, in order.
///
/// What is not text is left out, yet counts against [`MAX`]. Text beyond that gets
/// `ERROR_BATCH_LENGTH_EXCEEDED`, and a method that may not run in a batch
/// `ERROR_BATCH_METHOD_NOT_ALLOWED`. A `cmd` that is no array holds no commands.
pub fn parse_all(cmd: &Value, limits: &Limits) -> Vec<Entry> {
    let read = |(at, (key, value)): (usize, (std::borrow::Cow<str>, &Value))| {
        let text = value.as_str()?;
        let command =
            if at < MAX { allowed(parse(text, limits)) } else { Err(fault::BATCH_LENGTH_EXCEEDED.into()) };
        Some(Entry { key: Text::from(key), command })
    };
    cmd.entries().enumerate().filter_map(read).collect()
}

/// A batch runs neither another batch nor the server's internal file methods.
fn allowed(command: Command) -> Result<Command, Fault> {
    let is_barred =
        ["batch", "download", "upload"].iter().any(|name| command.method.eq_ignore_ascii_case(name));
    if is_barred { Err(fault::BATCH_METHOD_NOT_ALLOWED.into()) } else { Ok(command) }
}
