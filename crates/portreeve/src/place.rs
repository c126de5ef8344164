//! Where a portal lives: its folder, its keys and its database.

use std::fs::{DirBuilder, File, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use portal::keys::{self, Keys};
use portal::settings::Settings;
use portal::{Portal, state, user};
use store::{Location, Options, Tx, block_on};

use crate::filestore::FileStore;
use crate::{clock, private};

/// Under this name the portal's state keeps where the portal was last served.
pub const BASE_URL: &str = "base_url";
/// Under this one, what tells its key from any other.
pub const KEY_MARK: &str = "key_mark";
/// What to do about a damaged database.
const DAMAGED: &str = " (it was left as it is: keep a copy of it, and restore the last backup with `portreeve restore` into a new folder)";
/// The variable of the master key.
const KEY: &str = "PORTREEVE_KEY";

/// Settings of every command.
#[derive(Clone, Debug, clap::Args)]
pub struct Place {
    /// Data folder with the database, the files, the key file and the certificates
    #[arg(
        long,
        global = true,
        env = "PORTREEVE_DATA",
        value_name = "DIR",
        default_value = "./portreeve-data"
    )]
    pub data: PathBuf,
    /// PostgreSQL database to use instead of DIR/portreeve.db: postgres://user:password@host/database
    #[arg(long, global = true, env = "PORTREEVE_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<String>,
    /// Settings file to use instead of DIR/portreeve.toml
    #[arg(long, global = true, env = "PORTREEVE_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where files are
    #[command(flatten)]
    pub files: FileStore,
}

impl Place {
    /// Makes the folder, for its owner only, unless it is there.
    ///
    /// # Errors
    /// Among others, when everybody may write in the one that is there.
    pub fn make_folder(&self) -> Result<()> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&self.data);
        made.with_context(|| format!("cannot make the folder {}", self.data.display()))?;
        private::require_folder(&self.data)
    }

    /// Opens the portal, making the key file and the database where they are missing.
    ///
    /// # Errors
    /// Among others, when the key is not the one that the database was made with.
    pub fn open(&self, settings: Settings) -> Result<Portal> {
        let location = self.location()?;
        let had_key = std::env::var_os(KEY).is_none() && self.key_file().is_file();
        let (keys, named) = (self.keys(&location)?, location.to_string());
        let blobs = self.files.open(&self.data)?;
        let portal = Portal::open(&location, &Options::default(), keys, settings, blobs, clock::machine());
        let portal = portal.map_err(|error| {
            let is_damaged = matches!(error, portal::Error::Store(store::Error::Damaged(_)));
            let advice = if is_damaged { DAMAGED } else { "" };
            anyhow::Error::from(error).context(format!("cannot open {named}{advice}"))
        })?;
        let is_new = self.check_key(&portal)?;
        if is_new && had_key {
            let key = self.key_file();
            tracing::warn!(
                database = named,
                key = %key.display(),
                "the database is empty, but its key is there from before: this is a new portal. If you meant another one, \
                 stop, look at --data and --database, and put its database back from your backup"
            );
        }
        Ok(portal)
    }

    /// Opens the portal for a command beside `serve`: there must be one.
    pub fn open_existing(&self, settings: Settings) -> Result<Portal> {
        let file = match self.location()? {
            Location::Sqlite(path) => Some(path),
            Location::Postgres(_) if std::env::var_os(KEY).is_some() => None,
            Location::Postgres(_) => Some(self.key_file()),
        };
        if let Some(file) = file.filter(|file| !file.is_file()) {
            let (data, file) = (self.data.display(), file.display());
            bail!(
                "there is no portal in {data} ({file} is missing); `portreeve serve --data {data}` makes one"
            );
        }
        self.open(settings)
    }

    /// The file of the master key, when it is not in the environment.
    pub fn key_file(&self) -> PathBuf {
        self.data.join("portreeve.key")
    }

    /// Where the portal was last served, without a slash at the end.
    pub fn base_url(&self, portal: &Portal) -> Result<String> {
        let read = portal.core().store.read(|tx: &mut Tx<'_>| state::get(tx, BASE_URL)).wait()?;
        let read = read.map(String::from);
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

    /// Whether nobody else can serve from this database: it is a file, and we hold the lock.
    pub fn is_ours_alone(&self) -> Result<bool> {
        Ok(matches!(self.location()?, Location::Sqlite(_)))
    }

    fn location(&self) -> Result<Location> {
        match &self.database {
            Some(url) => Location::parse(url).context("--database"),
            None => Ok(Location::Sqlite(self.data.join("portreeve.db"))),
        }
    }

    fn keys(&self, location: &Location) -> Result<Keys> {
        if let Ok(text) = std::env::var(KEY) {
            return Keys::parse(&text).with_context(|| {
                format!("{KEY} is not a key of 64 hexadecimal digits; restore it from your backup")
            });
        }
        let file = self.key_file();
        if let Location::Sqlite(database) = location
            && database.is_file()
            && !file.is_file()
        {
            let (file, database) = (file.display(), database.display());
            bail!(
                "{file} is missing, without which nothing secret in {database} can be used; restore it from your backup"
            );
        }
        private::require_key(&file)?;
        Ok(Keys::load_or_create(&file)?)
    }

    /// Refuses to begin a new portal over the contents of another one, which it would remove since no row of its own names them:
    /// most likely its database was lost.
    fn require_no_contents(&self, portal: &Portal) -> Result<()> {
        let core = portal.core();
        let knows_somebody =
            core.store.read(|tx: &mut Tx<'_>| portal::Result::Ok(!user::list(tx)?.is_empty())).wait()?;
        if !knows_somebody && block_on(core.blobs.has_any())? {
            bail!(
                "the database is empty, but {} has contents of a portal: put its database back from your backup, or give \
                 the right --database; for a new portal, choose another folder or --files",
                core.blobs.location()
            );
        }
        Ok(())
    }

    /// With another key every webhook would be refused, and new ones would not survive its return. Gives whether the
    /// portal is new: it knew no key and nobody.
    fn check_key(&self, portal: &Portal) -> Result<bool> {
        let core = portal.core();
        let mark = keys::hex(&core.keys.lookup(0, KEY_MARK));
        let known = core.store.read(|tx: &mut Tx<'_>| state::get(tx, KEY_MARK)).wait()?;
        match known {
            None => {
                self.require_no_contents(portal)?;
                let job = move |tx: &mut Tx<'_>| {
                    state::set(tx, KEY_MARK, &mark)?;
                    portal::Result::Ok(user::list(tx)?.is_empty())
                };
                Ok(core.store.write(job).wait()?)
            }
            Some(known) if known == mark => Ok(false),
            Some(_) => bail!(
                "the master key (in {KEY} or {}) is not the one this portal was made with; restore the right one from your backup",
                self.key_file().display()
            ),
        }
    }
}
