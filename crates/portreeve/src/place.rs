//! Where a portal lives: its folder, its keys and its database.

use std::fs::{self, DirBuilder, File, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use portal::keys::Keys;
use portal::settings::Settings;
use portal::{Portal, state};
use store::{Location, Options, Tx};

use crate::clock;

/// Under this name the portal's state keeps where the portal was last served.
const BASE_URL: &str = "base_url";

/// Settings of every command.
#[derive(Clone, Debug, clap::Args)]
pub struct Place {
    /// Folder of the database, the key file and the certificates
    #[arg(
        long,
        global = true,
        env = "PORTREEVE_DATA",
        value_name = "DIR",
        default_value = "./portreeve-data"
    )]
    pub data: PathBuf,
    /// PostgreSQL instead of the file DIR/portreeve.db: postgres://user:password@host/database
    #[arg(long, global = true, env = "PORTREEVE_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<String>,
    /// File of settings, in place of DIR/portreeve.toml
    #[arg(long, global = true, env = "PORTREEVE_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
}

impl Place {
    /// Makes the folder, for its owner only, unless it is there.
    pub fn make_folder(&self) -> Result<()> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&self.data);
        made.with_context(|| format!("cannot make the folder {}", self.data.display()))
    }

    /// Opens the portal, making the key file and the database where they are missing.
    pub fn open(&self, settings: Settings) -> Result<Portal> {
        let portal =
            Portal::open(&self.location()?, &Options::default(), self.keys()?, settings, clock::now());
        portal.with_context(|| format!("cannot open {}", self.named()))
    }

    /// Opens the portal for a command beside `serve`: there must be one.
    pub fn open_existing(&self) -> Result<Portal> {
        let location = self.location()?;
        if let Location::Sqlite(path) = &location {
            let (data, path) = (self.data.display(), path.display());
            ensure!(
                fs::exists(path.to_string()).unwrap_or(false),
                "there is no portal in {data} yet ({path} is missing): `portreeve serve --data {data}` makes one"
            );
        }
        self.open(Settings::new(""))
    }

    /// Where the portal was last served, without a slash at the end.
    pub fn base_url(&self, portal: &Portal) -> Result<String> {
        let read = portal.core().store.read(|tx: &mut Tx<'_>| state::get(tx, BASE_URL)).wait()?;
        read.context("the portal was never served, so it has no address yet: start `portreeve serve` once")
    }

    /// Notes where the portal is served, for the commands that print URLs.
    pub fn note_base_url(&self, portal: &Portal, url: &str) -> Result<()> {
        let url = url.to_owned();
        Ok(portal.core().store.write(move |tx: &mut Tx<'_>| state::set(tx, BASE_URL, &url)).wait()?)
    }

    /// Makes sure that no other process serves from this folder. The lock ends with the file, at the latest
    /// with the process.
    pub fn lock(&self) -> Result<File> {
        let path = self.data.join("portreeve.lock");
        let told = || format!("cannot use {}", path.display());
        let open = File::options().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = open.with_context(told)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                file.read_to_string(&mut holder).with_context(told)?;
                let (data, holder) = (self.data.display(), holder.trim());
                bail!(
                    "another portreeve (process {holder}) serves from {data} already; stop it, or choose another --data"
                );
            }
            Err(TryLockError::Error(error)) => return Err(error).with_context(told),
        }
        file.set_len(0).with_context(told)?;
        file.rewind().with_context(told)?;
        writeln!(file, "{}", std::process::id()).with_context(told)?;
        Ok(file)
    }

    fn location(&self) -> Result<Location> {
        match &self.database {
            Some(url) => Location::parse(url).context("--database"),
            None => Ok(Location::Sqlite(self.data.join("portreeve.db"))),
        }
    }

    fn named(&self) -> String {
        self.location().map_or_else(|_| "the database".into(), |location| location.to_string())
    }

    fn keys(&self) -> Result<Keys> {
        match std::env::var("PORTREEVE_KEY") {
            Ok(text) => Keys::parse(&text).context("PORTREEVE_KEY is not a key of 64 hexadecimal digits"),
            Err(_) => Ok(Keys::load_or_create(&self.data.join("portreeve.key"))?),
        }
    }
}
