//! `portreeve.toml`: the layer of settings below flags and environment. Its keys are the flags of `serve`,
//! read from the same declarations, so that there is one table of settings.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Command;
use toml::{Table, Value};

use crate::place::Place;

/// What a file may not set: where it is found depends on it.
const NOT_IN_FILE: [&str; 4] = ["config", "data", "help", "version"];

/// A file that was read.
pub struct File {
    path: PathBuf,
    values: Table,
}

impl File {
    /// Reads the file that `--config` names, which must be there, or the one in the data folder, if any.
    pub fn find(place: &Place) -> Result<Option<File>> {
        let usual = place.data.join("portreeve.toml");
        match &place.config {
            Some(path) => Self::read(path).map(Some),
            None if usual.is_file() => Self::read(&usual).map(Some),
            None => Ok(None),
        }
    }

    fn read(path: &Path) -> Result<File> {
        let told = || format!("cannot read the settings in {}", path.display());
        let text = std::fs::read_to_string(path).with_context(told)?;
        Ok(File { path: path.to_owned(), values: text.parse().with_context(told)? })
    }

    /// The command line with the file's values as its defaults.
    pub fn as_defaults(&self, mut command: Command) -> Result<Command> {
        let known = keys(&command);
        for (key, value) in &self.values {
            if !known.contains(key) {
                let known = known.join(", ");
                bail!("{}: there is no setting {key:?}; the settings are {known}", self.path.display());
            }
            let texts = texts(value).with_context(|| format!("{}: {key}", self.path.display()))?;
            let default = |argument: clap::Arg| {
                if argument.get_long() == Some(key) {
                    argument.default_values(texts.clone())
                } else {
                    argument
                }
            };
            command = command.mut_args(default);
            for serving in ["serve", "demo"] {
                command = command.mut_subcommand(serving, |serve| serve.mut_args(default));
            }
        }
        Ok(command)
    }
}

/// The settings that a file may hold.
fn keys(command: &Command) -> Vec<String> {
    let serve = command.find_subcommand("serve").into_iter().flat_map(Command::get_arguments);
    let flags = command.get_arguments().chain(serve).filter_map(clap::Arg::get_long);
    flags.filter(|flag| !NOT_IN_FILE.contains(flag)).map(str::to_owned).collect()
}

/// A value as it would be written on the command line.
fn texts(value: &Value) -> Result<Vec<String>> {
    match value {
        Value::String(text) => Ok(vec![text.clone()]),
        Value::Integer(number) => Ok(vec![number.to_string()]),
        Value::Boolean(flag) => Ok(vec![flag.to_string()]),
        Value::Array(list) => Ok(list.iter().map(texts).collect::<Result<Vec<_>>>()?.concat()),
        Value::Float(_) | Value::Datetime(_) | Value::Table(_) => {
            bail!("a setting is text, a whole number, true, false, or a list of these")
        }
    }
}
