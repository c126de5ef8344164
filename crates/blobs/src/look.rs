//! Looking at what is stored, without changing anything: for checks.

use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};
use object_store::ObjectStoreExt;
use object_store::path::Path;
use sha2::{Digest, Sha256};

use crate::{Blobs, Error, TOGETHER, hex};

impl Blobs {
    /// The contents that are stored under these keys, with their sizes; those that are not there are left out.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn sizes(&self, keys: Vec<String>) -> Result<Vec<(String, u64)>, Error> {
        let store = Arc::clone(&self.inner.store);
        let size = move |key: String| {
            let store = Arc::clone(&store);
            async move {
                match store.head(&Path::from(key.as_str())).await {
                    Ok(found) => Ok(Some((key, found.size))),
                    Err(object_store::Error::NotFound { .. }) => Ok(None),
                    Err(error) => Err(error),
                }
            }
        };
        let found = self.run(stream::iter(keys).map(size).buffered(TOGETHER).try_collect::<Vec<_>>()).await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// The keys below one of the [areas](Blobs::areas), each with the second when it was stored.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn stored(&self, area: &str) -> Result<Vec<(String, i64)>, Error> {
        let (store, area) = (Arc::clone(&self.inner.store), Path::from(area));
        self.run(async move {
            let listed = store.list(Some(&area));
            listed
                .map_ok(|object| (object.location.to_string(), object.last_modified.timestamp()))
                .try_collect()
                .await
        })
        .await
    }

    /// The SHA-256 of what is stored under a key, in hexadecimal digits.
    ///
    /// # Errors
    /// [`Error::Missing`] when nothing is.
    pub async fn digest(&self, key: &str) -> Result<String, Error> {
        let (mut reading, mut digest) = (self.read(key, None).await?, Sha256::new());
        while let Some(part) = reading.next().await {
            digest.update(&part?);
        }
        Ok(hex(&digest.finalize()))
    }
}
