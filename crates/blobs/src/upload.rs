//! Storing a content that comes in pieces: it is in memory only part by part.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStoreExt};
use sha2::{Digest, Sha256};

use crate::pixels::HEAD;
use crate::{Blob, Blobs, Error, INCOMING, Pixels, hex, key_of, mark};

/// Bytes of a part on a server; S3 takes no smaller ones but the last, and no more than ten thousand.
const PART: usize = 8 << 20;
/// Bytes of a part in a folder. Each upload has about two of them in memory.
const PART_IN_FOLDER: usize = 1 << 20;

/// A content that is being stored. Dropped before [`finish`](Upload::finish), it leaves nothing.
pub struct Upload {
    blobs: Blobs,
    hasher: Sha256,
    size: u64,
    /// Bytes of a part.
    part: usize,
    /// What is not sent yet.
    rest: BytesMut,
    /// The first bytes, which say how large a picture is.
    head: BytesMut,
    /// Where the parts go, once there are any: what its hash is shows at the end.
    parts: Option<(Path, Box<dyn MultipartUpload>)>,
}

impl Upload {
    pub(crate) fn new(blobs: Blobs) -> Upload {
        let part = if blobs.location().folder().is_some() { PART_IN_FOLDER } else { PART };
        Upload {
            blobs,
            hasher: Sha256::new(),
            size: 0,
            part,
            rest: BytesMut::new(),
            head: BytesMut::new(),
            parts: None,
        }
    }

    /// Takes the next piece.
    ///
    /// # Errors
    /// When the store fails; the upload is of no use then.
    pub async fn write(&mut self, piece: &[u8]) -> Result<(), Error> {
        self.hasher.update(piece);
        self.size += piece.len() as u64;
        self.head.extend_from_slice(&piece[..piece.len().min(HEAD - self.head.len())]);
        self.rest.extend_from_slice(piece);
        while self.rest.len() >= self.part {
            let part = self.rest.split_to(self.part).freeze();
            self.send(part).await?;
        }
        Ok(())
    }

    /// Stores the content under a new key.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn finish(self) -> Result<Blob, Error> {
        self.end(None).await
    }

    /// Stores the content under the key that it had elsewhere.
    ///
    /// # Errors
    /// When it is another content, and when the store fails.
    pub async fn restore(self, key: &str) -> Result<Blob, Error> {
        self.end(Some(key)).await
    }

    async fn end(mut self, key: Option<&str>) -> Result<Blob, Error> {
        let hash = hex(&std::mem::take(&mut self.hasher).finalize());
        let key = match key {
            Some(key) if is_key_of(key, &hash) => key.to_owned(),
            Some(key) => return Err(Error::Failed(format!("{key} is damaged: its SHA-256 is {hash}"))),
            None => key_of(&hash).map_err(|error| self.blobs.inner.location.error(&error))?,
        };
        let (to, rest) = (Path::from(key.as_str()), self.rest.split().freeze());
        let store = Arc::clone(&self.blobs.inner.store);
        if self.parts.is_none() {
            self.blobs.run(async move { store.put(&to, rest.into()).await.map(drop) }).await?;
        } else {
            if !rest.is_empty() {
                self.send(rest).await?;
            }
            if let Some((from, mut parts)) = self.parts.take() {
                let finish = async move {
                    parts.complete().await?;
                    store.rename(&from, &to).await
                };
                self.blobs.run(finish).await?;
            }
        }
        Ok(Blob { hash, size: self.size, key, pixels: Pixels::of(&self.head) })
    }

    async fn send(&mut self, part: Bytes) -> Result<(), Error> {
        let (store, begun) = (Arc::clone(&self.blobs.inner.store), self.parts.take());
        let send = async move {
            let (path, mut parts) = match begun {
                Some(begun) => begun,
                None => {
                    let path = Path::from(format!("{INCOMING}/{}", mark()?));
                    let parts = store.put_multipart(&path).await?;
                    (path, parts)
                }
            };
            if let Err(error) = parts.put_part(part.into()).await {
                let _ = parts.abort().await;
                return Err(error);
            }
            Ok((path, parts))
        };
        self.parts = Some(self.blobs.run(send).await?);
        Ok(())
    }
}

/// Whether a content with this hash may have this key.
fn is_key_of(key: &str, hash: &str) -> bool {
    let mark = key.strip_prefix(&format!("{}/{}.", &hash[..2], &hash[2..]));
    mark.is_some_and(|mark| !mark.is_empty() && mark.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

impl Drop for Upload {
    fn drop(&mut self) {
        if let Some((_, mut parts)) = self.parts.take() {
            self.blobs.runtime().spawn(async move {
                // What is left on a server then is for its rules of expiry.
                let _ = parts.abort().await;
            });
        }
    }
}
