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
            command = with_default(command, key, &texts);
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

/// The command, and those below it, with another default of the setting of that name.
fn with_default(command: Command, key: &str, texts: &[String]) -> Command {
    let command = command.mut_args(|argument| {
        // Every setting has a variable; what has none is a command's own and only called the same.
        if argument.get_long() == Some(key) && argument.get_env().is_some() {
            argument.default_values(texts.to_vec())
        } else {
            argument
        }
    });
    command.mut_subcommands(|below| with_default(below, key, texts))
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

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, FromArgMatches};

    use super::*;
    use crate::cli::{self, Cli};

    fn file(text: &str) -> File {
        File { path: "portreeve.toml".into(), values: text.parse().unwrap() }
    }

    /// The settings of a `serve` with these arguments, under this file.
    fn settings(text: &str, arguments: &[&str]) -> Result<crate::settings::Settings> {
        let command = file(text).as_defaults(Cli::command())?;
        let arguments = ["portreeve", "serve"].iter().chain(arguments);
        match Cli::from_arg_matches(&command.try_get_matches_from(arguments)?)?.command {
            cli::Command::Serve(settings) => Ok(settings),
            other => bail!("{other:?} is not serve"),
        }
    }

    #[test]
    fn a_flag_wins_over_the_file_and_that_over_the_default() {
        let text = "listen = '127.0.0.1:9000'\nmax-body = 8\nstrict-filters = true\n\
                    trusted-proxies = ['10.0.0.0/8', '::1']";
        let read = settings(text, &["--listen", "127.0.0.1:9001"]).unwrap();
        assert_eq!(read.listen.port(), 9001);
        assert_eq!((read.max_body, read.strict_filters, read.trusted_proxies.len()), (8, true, 2));
        assert_eq!(read.body_timeout, 60);
    }

    #[test]
    fn the_file_reaches_settings_of_every_command() {
        let command = file("database = 'postgres://u@h/d'").as_defaults(Cli::command()).unwrap();
        let cli = Cli::from_arg_matches(&command.get_matches_from(["portreeve", "hook", "list"])).unwrap();
        assert_eq!(cli.place.database.as_deref(), Some("postgres://u@h/d"));
    }

    #[test]
    fn the_file_reaches_settings_that_commands_share_with_serve() {
        let command =
            file("licence = 'demo'\nlisten = '127.0.0.1:9000'").as_defaults(Cli::command()).unwrap();
        let arguments = ["portreeve", "outbound", "list"];
        let cli = Cli::from_arg_matches(&command.get_matches_from(arguments)).unwrap();
        let cli::Command::Outbound { rules, .. } = cli.command else { panic!("{:?}", cli.command) };
        assert!(matches!(rules.licence, Some(crate::rules::Licence::Demo)));
    }

    #[test]
    fn mistakes_are_told() {
        let said = |text: &str| settings(text, &[]).unwrap_err().to_string();
        assert!(said("lisen = 'x'").contains("there is no setting \"lisen\"; the settings are"));
        assert!(said("data = '/elsewhere'").contains("there is no setting"));
        assert!(said("listen = 1.5").contains("listen"));
        assert!(said("tls = 'perhaps'").contains("perhaps"));
    }

    #[test]
    fn a_named_file_must_be_there_and_the_usual_one_need_not() {
        let folder = tempfile::tempdir().unwrap();
        let (data, files) = (folder.path().to_owned(), Default::default());
        let mut place = Place { data, database: None, database_connections: 14, config: None, files };
        assert!(File::find(&place).unwrap().is_none());
        std::fs::write(folder.path().join("portreeve.toml"), "tls = 'dev'").unwrap();
        assert_eq!(File::find(&place).unwrap().unwrap().values.len(), 1);
        place.config = Some(folder.path().join("other.toml"));
        assert!(File::find(&place).is_err());
    }
}
