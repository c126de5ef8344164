//! Contents that are worked out of others beside all transactions, as a document is of its template.

use blobs::{Blobs, Hashed};
use bytes::{Bytes, BytesMut};
use wire::Fault;

use super::uploads::{Mark, Stored};
use crate::error::Result;

/// How a content is made.
#[derive(Clone, Debug)]
pub struct Making {
    /// Where the contents are that it is made of; see [`File::key`](super::File::key).
    pub of: Vec<String>,
    /// What else it is made with.
    pub with: String,
    /// What makes it, where that holds up nobody.
    pub by: fn(&[Bytes], &str) -> std::result::Result<Made, Fault>,
}

/// A content that was made.
#[derive(Clone, Debug, Default)]
pub struct Made {
    /// The content.
    pub content: Vec<u8>,
    /// What was learned about it on the way.
    pub note: String,
}

/// A content that was made and stored.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub stored: Stored,
    pub note: String,
}

impl Making {
    /// Tells it from others.
    pub(super) fn mark(&self) -> Mark {
        let mut hasher = blake3::Hasher::new();
        for text in self.of.iter().chain([&self.with]) {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        hasher.update(&(self.by as usize).to_le_bytes());
        *hasher.finalize().as_bytes()
    }

    /// Makes it.
    pub(super) async fn run(self, blobs: &Blobs) -> Result<std::result::Result<(Hashed, String), Fault>> {
        let mut contents = Vec::with_capacity(self.of.len());
        for key in &self.of {
            let (mut reading, mut content) = (blobs.read(key, None).await?, BytesMut::new());
            while let Some(part) = reading.next().await {
                content.extend_from_slice(&part?);
            }
            contents.push(content.freeze());
        }
        let made = blobs.beside(move || (self.by)(&contents, &self.with)).await?;
        Ok(match made {
            Ok(Made { content, note }) => Ok((blobs.hash(move || content.into()).await?, note)),
            Err(fault) => Err(fault),
        })
    }
}
