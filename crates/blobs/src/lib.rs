//! Contents of files, each under its SHA-256, in a folder or on S3. It knows no database and no portal.
//!
//! A content is stored whole or not at all, and is on the disk when [`Blobs::put`] answers. Its [key](Blob::key) is its
//! hash and a random mark, so that no key is ever given twice: whoever removes a content that nobody names cannot meet
//! somebody who stores the same again. Which contents there are, and that the same one is not stored twice, is the
//! business of the database.
//!
//! Functions are asynchronous but need no runtime: the work is done on one of their own, as the drivers of the database
//! do it. They may be awaited anywhere, and waited for by any thread.

mod error;
mod location;
mod pixels;
mod reading;
mod s3;
mod staged;
mod transport;
mod upload;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use sha2::{Digest, Sha256};
use tokio::runtime::{Builder, Runtime};

pub use error::Error;
pub use location::Location;
pub use pixels::Pixels;
pub use reading::Reading;
pub use s3::{S3, Secret};
pub use upload::Upload;

/// Contents that are stored at once.
const TOGETHER: usize = 8;

/// Where uploads of unknown content gather; all other keys begin with the first two digits of a hash.
const INCOMING: &str = "incoming";

/// A content that is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// Its SHA-256 in hexadecimal digits.
    pub hash: String,
    /// Its bytes.
    pub size: u64,
    /// Where it is: `ab/cdef….mark`.
    pub key: String,
    /// How large the picture is that it holds.
    pub pixels: Option<Pixels>,
}

/// A content that may be stored.
#[derive(Clone, Debug)]
pub struct Hashed {
    /// Its SHA-256 in hexadecimal digits.
    pub hash: String,
    pixels: Option<Pixels>,
    content: Bytes,
}

/// A store of contents. Clones share everything.
#[derive(Clone)]
pub struct Blobs {
    inner: Arc<Inner>,
}

struct Inner {
    store: Arc<dyn ObjectStore>,
    /// Taken at the end.
    runtime: Option<Runtime>,
    location: Location,
}

impl Blobs {
    /// Opens a store, and makes its folder for its owner only.
    ///
    /// # Errors
    /// When the folder cannot be made, and for settings that mean nothing. Whether S3 answers is asked by
    /// [`check`](Blobs::check).
    pub fn open(location: Location) -> Result<Blobs, Error> {
        let store = location.connect()?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("blobs")
            .enable_all()
            .build()
            .map_err(|error| Error::Failed(error.to_string()))?;
        Ok(Blobs { inner: Arc::new(Inner { store, runtime: Some(runtime), location }) })
    }

    /// A store that ends with the last handle, for tests.
    ///
    /// # Panics
    /// When there are no threads left.
    #[must_use]
    pub fn in_memory() -> Blobs {
        Blobs::open(Location::Memory).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Where it is.
    pub fn location(&self) -> &Location {
        &self.inner.location
    }

    /// Whether the store answers.
    ///
    /// # Errors
    /// How it fails.
    pub async fn check(&self) -> Result<(), Error> {
        let store = Arc::clone(&self.inner.store);
        self.run(async move { store.list(Some(&Path::from(INCOMING))).next().await.transpose() }).await?;
        Ok(())
    }

    /// Stores a content under a new key.
    ///
    /// # Errors
    /// When the disk or the server refuses it.
    pub async fn put(&self, content: Bytes) -> Result<Blob, Error> {
        let hashed = self.hash(move || content).await?;
        let mut stored = self.put_all(vec![hashed]).await?;
        stored.pop().ok_or_else(|| Error::Failed("a content was lost".to_owned()))
    }

    /// Does work that takes a while, where it holds up nobody.
    ///
    /// # Errors
    /// When the work panics.
    pub async fn beside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        self.run(async move { Ok(tokio::task::spawn_blocking(work).await?) }).await
    }

    /// Makes a content and its hash, where that holds up nobody.
    ///
    /// # Errors
    /// When the content cannot be made.
    pub async fn hash(&self, make: impl FnOnce() -> Bytes + Send + 'static) -> Result<Hashed, Error> {
        let hashed = move || {
            let content = make();
            Hashed { hash: hash(&content), pixels: Pixels::of(&content), content }
        };
        self.beside(hashed).await
    }

    /// Stores several contents, each under a new key.
    ///
    /// # Errors
    /// When one of them is refused. Those that were stored are named by nobody, and collected.
    pub async fn put_all(&self, contents: Vec<Hashed>) -> Result<Vec<Blob>, Error> {
        let store = Arc::clone(&self.inner.store);
        let put = move |Hashed { hash, pixels, content }: Hashed| {
            let store = Arc::clone(&store);
            async move {
                let blob = Blob { key: key_of(&hash)?, size: content.len() as u64, hash, pixels };
                store.put(&Path::from(blob.key.as_str()), content.into()).await?;
                Ok(blob)
            }
        };
        self.run(stream::iter(contents).map(put).buffered(TOGETHER).try_collect()).await
    }

    /// Begins to store a content that comes in pieces, of any size.
    pub fn upload(&self) -> Upload {
        Upload::new(self.clone())
    }

    /// Removes contents. That one is gone already is no error.
    ///
    /// # Errors
    /// When one of them cannot be removed.
    pub async fn delete(&self, keys: Vec<String>) -> Result<(), Error> {
        let store = Arc::clone(&self.inner.store);
        let delete = move |key: String| {
            let store = Arc::clone(&store);
            async move {
                match store.delete(&Path::from(key)).await {
                    Err(object_store::Error::NotFound { .. }) => Ok(()),
                    other => other,
                }
            }
        };
        self.run(stream::iter(keys).map(delete).buffer_unordered(TOGETHER).try_collect()).await
    }

    /// The keys below one of the [areas](Blobs::areas) that were stored before that moment. What broken uploads left on the
    /// disk is removed on the way.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn stored_before(&self, area: &str, moment: SystemTime) -> Result<Vec<String>, Error> {
        let store = Arc::clone(&self.inner.store);
        let seconds = moment.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let (area, folder) = (area.to_owned(), self.inner.location.folder().map(ToOwned::to_owned));
        self.run(async move {
            if let Some(folder) = folder {
                let (folder, area) = (folder.join(&area), area.clone());
                tokio::task::spawn_blocking(move || staged::remove(&folder, &area, moment)).await?;
            }
            let mut listed = store.list(Some(&Path::from(area)));
            let mut keys = Vec::new();
            while let Some(object) = listed.try_next().await? {
                let is_old =
                    u64::try_from(object.last_modified.timestamp()).is_ok_and(|stored| stored < seconds);
                // What somebody else put there is not ours to remove.
                if is_old && is_key(object.location.as_ref()) {
                    keys.push(object.location.to_string());
                }
            }
            Ok(keys)
        })
        .await
    }

    /// Whether there is any content. What else lies there does not count; beyond a few thousand such files nobody looks.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn has_any(&self) -> Result<bool, Error> {
        const FEW: usize = 5_000;
        let store = Arc::clone(&self.inner.store);
        self.run(async move {
            let mut listed = store.list(None).take(FEW);
            while let Some(object) = listed.try_next().await? {
                if is_key(object.location.as_ref()) {
                    return Ok(true);
                }
            }
            Ok(false)
        })
        .await
    }

    /// The parts of the store that are listed one by one.
    pub fn areas() -> impl Iterator<Item = String> {
        (0..=u8::MAX).map(|byte| format!("{byte:02x}")).chain([INCOMING.to_owned()])
    }

    /// Does something on the store's own runtime.
    async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, object_store::Error>> + Send + 'static,
    ) -> Result<T, Error> {
        let done = self.runtime().spawn(work).await;
        let done = done.map_err(|error| Error::Failed(error.to_string()))?;
        done.map_err(|error| self.inner.location.error(&error))
    }

    fn runtime(&self) -> &Runtime {
        self.inner.runtime.as_ref().expect("it is taken by Drop only")
    }
}

impl Drop for Inner {
    /// The last handle may be dropped by asynchronous code, which must not wait.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl std::fmt::Debug for Blobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Blobs({})", self.inner.location)
    }
}

/// A new key for a content.
fn key_of(hash: &str) -> Result<String, object_store::Error> {
    Ok(format!("{}/{}.{}", &hash[..2], &hash[2..], mark()?))
}

/// Whether a name is one that [`key_of`] or an [`Upload`] gives.
fn is_key(name: &str) -> bool {
    let is_hex = |text: &str, digits: usize| {
        text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let Some((area, rest)) = name.split_once('/') else { return false };
    let stored = || {
        rest.split_once('.')
            .is_some_and(|(hash, mark)| is_hex(area, 2) && is_hex(hash, 62) && is_hex(mark, 16))
    };
    (area == INCOMING && is_hex(rest, 16)) || stored()
}

/// Random letters.
fn mark() -> Result<String, object_store::Error> {
    let mut mark = [0; 8];
    getrandom::fill(&mut mark)
        .map_err(|error| object_store::Error::Generic { store: "random", source: Box::new(error) })?;
    Ok(hex(&mark))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The SHA-256 of a content in hexadecimal digits.
#[must_use]
pub fn hash(content: &[u8]) -> String {
    hex(&Sha256::digest(content))
}

/// How long the store may take to answer, or to send the next part.
const PATIENCE: Duration = Duration::from_secs(30);
