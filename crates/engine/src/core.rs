//! State shared by all calls: the store, the keys, the modules and the shared metadata.

use std::sync::Arc;

use blobs::Blobs;
use jiff::tz::TimeZone;
use parking_lot::RwLock;
use store::{Store, Tx};

use crate::clock::Shift;
use crate::error::Result;
use crate::keys::Keys;
use crate::meta::Meta;
use crate::modules::Modules;
use crate::settings::Settings;
use crate::texts::{Language, Locale};

/// State shared by all calls.
pub struct Core {
    /// Where the data is.
    pub store: Store,
    /// Where the contents of files are.
    pub blobs: Blobs,
    /// The portal's own keys.
    pub keys: Keys,
    /// The modules of the portal.
    pub modules: &'static Modules,
    /// The settings given at the start; [`Core::settings`] has the effective ones.
    pub started: Settings,
    shared: RwLock<Shared>,
}

/// The shared copy of what nearly every call needs, and the settings that follow from it.
#[derive(Clone)]
pub struct Shared {
    /// The shared metadata.
    pub meta: Arc<Meta>,
    /// The settings that hold.
    pub settings: Arc<Settings>,
}

impl Shared {
    fn new(meta: Arc<Meta>, started: &Settings) -> Self {
        let settings = Arc::new(started.under(&meta.chosen));
        Shared { meta, settings }
    }
}

impl Core {
    /// Of a store that was brought up to date.
    pub fn new(
        store: Store,
        blobs: Blobs,
        keys: Keys,
        modules: &'static Modules,
        started: Settings,
        meta: Arc<Meta>,
    ) -> Self {
        let shared = RwLock::new(Shared::new(meta, &started));
        Core { store, blobs, keys, modules, started, shared }
    }

    /// The settings that hold, as they were when somebody last looked; every call and every request to the console
    /// does.
    pub fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.shared.read().settings)
    }

    /// The shared metadata as it was last read.
    pub fn shared(&self) -> Shared {
        self.shared.read().clone()
    }

    /// How far the portal's clock is from the machine's, as it was when somebody last looked.
    pub fn clock(&self) -> Shift {
        self.shared.read().meta.clock
    }

    /// The portal's time zone, of [`Core::settings`].
    pub fn zone(&self) -> TimeZone {
        self.settings().zone.clone()
    }

    /// A language with its texts.
    pub fn locale(&self, language: Language) -> Locale {
        self.modules.texts().locale(language)
    }

    /// The shared metadata as this transaction sees it.
    pub fn current(&self, tx: &mut Tx<'_>) -> Result<Shared> {
        let version = Meta::current_version(tx)?;
        let kept = self.shared();
        if kept.meta.version == version {
            return Ok(kept);
        }
        let fresh = Shared::new(self.modules.meta(tx)?, &self.started);
        *self.shared.write() = fresh.clone();
        Ok(fresh)
    }
}
