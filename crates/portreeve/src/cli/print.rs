//! How answers are printed.

use std::fmt::Display;
use std::io::{self, Write};

/// Prints why the program ends.
pub fn complain(error: &anyhow::Error) {
    note(format_args!("portreeve: {error:#}"));
}

/// Prints a line of a command's answer. Whoever reads it may stop to, as `head` does.
pub fn say(line: impl Display) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// Prints a line that is for people only, beside the answer.
pub fn note(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// The text of a refusal without its code and status, which are the protocol's.
pub fn refusal(error: portal::Error) -> anyhow::Error {
    match error {
        portal::Error::Fault(fault) => anyhow::anyhow!("{}", fault.message),
        other => other.into(),
    }
}

/// Cells of a list's row. What people wrote may hold anything, but a row is one line, and tabs part it.
pub fn columns(cells: &[String]) -> String {
    cells.iter().map(|cell| clean(cell)).collect::<Vec<_>>().join("\t")
}

/// A text without what a terminal would obey.
pub fn clean(text: &str) -> String {
    text.replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_one_line() {
        assert_eq!(columns(&["a\tb\n".into(), "\u{1b}[31mc".into()]), "a b \t [31mc");
    }
}
