//! How contents get into their store without holding up the writer of the database.
//!
//! A handler finds out by itself which of its parameters are files, and whether the caller may bring them. So a call that
//! brings files is run twice: the first run ends at the files with [`Error::Upload`] and leaves nothing; their contents
//! are decoded and stored beside all transactions; and the second run finds them stored. The writer waits neither for the
//! disk nor for S3, what nobody may bring is not stored, and a row never names a content that is not on the disk.

use std::collections::HashMap;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use blobs::{Blob, Blobs, Hashed, Pixels};
use bytes::Bytes;
use parking_lot::Mutex;
use store::{Store, Tx, block_on};

use super::making::{Kept, Making};
use crate::error::Result;
use wire::Fault;

/// The content of a file that is to be kept.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a> {
    /// In base64. What is not of its alphabet is passed over, as PHP does it (protocol 6.7).
    Base64(&'a str),
    /// One that was stored already, as [`blobs::Blobs::upload`] does it piece by piece.
    Stored(&'a Blob),
}

/// A content that is stored.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub hash: String,
    pub size: i64,
    /// Where it was stored for this call; `None` when it was there.
    pub key: Option<String>,
    /// How large the picture is that it holds.
    pub pixels: Option<Pixels>,
}

impl From<&Blob> for Stored {
    fn from(blob: &Blob) -> Self {
        let size = i64::try_from(blob.size).unwrap_or(i64::MAX);
        Stored { hash: blob.hash.clone(), size, key: Some(blob.key.clone()), pixels: blob.pixels }
    }
}

/// Tells a text in base64 from others; the SHA-256 of what it holds is known only once it is decoded.
pub(super) type Mark = [u8; 32];

/// The contents that a call brings, in all its runs.
#[derive(Debug, Default)]
pub struct Uploads {
    state: Mutex<State>,
    /// Whether they are stored while the call runs: for what the portal does by itself.
    at_once: bool,
    /// The content that came by itself, for a [ticket](super::ticket).
    brought: Option<(String, Blob)>,
}

#[derive(Debug, Default)]
struct State {
    stored: HashMap<Mark, Stored>,
    wanted: HashMap<Mark, String>,
    made: HashMap<Mark, std::result::Result<Kept, Fault>>,
    to_make: HashMap<Mark, Making>,
}

impl Uploads {
    /// Contents of a call that cannot be run again.
    pub fn at_once() -> Self {
        Uploads { at_once: true, ..Uploads::default() }
    }

    /// Those of a call whose content came by itself under that name.
    pub fn brought_by_itself(name: String, blob: Blob) -> Self {
        Uploads { brought: Some((name, blob)), ..Uploads::default() }
    }

    /// The content that came by itself, with its name.
    pub fn brought(&self) -> Option<&(String, Blob)> {
        self.brought.as_ref()
    }

    /// Whether there are contents to be stored before the call is run again.
    pub fn is_wanting(&self) -> bool {
        let state = self.state.lock();
        !state.wanted.is_empty() || !state.to_make.is_empty()
    }

    /// Stores what is wanted.
    ///
    /// # Errors
    /// When the store of contents or the database fails.
    pub async fn store(&self, store: &Store, blobs: &Blobs) -> Result<()> {
        let wanted = std::mem::take(&mut self.state.lock().wanted);
        let mut unknown = Vec::new();
        for (mark, text) in wanted {
            let hashed = blobs.hash(move || decode(&text)).await?;
            match known(store, &hashed.hash).await? {
                Some(size) => {
                    let stored = Stored { hash: hashed.hash, size, key: None, pixels: None };
                    self.state.lock().stored.insert(mark, stored);
                }
                None => unknown.push((mark, hashed)),
            }
        }
        let (marks, contents): (Vec<Mark>, Vec<_>) = unknown.into_iter().unzip();
        let contents = blobs.put_all(contents).await?;
        let stored = contents.iter().map(Stored::from);
        self.state.lock().stored.extend(marks.into_iter().zip(stored));
        let to_make = std::mem::take(&mut self.state.lock().to_make);
        for (mark, making) in to_make {
            let made = match making.run(blobs).await? {
                Ok((hashed, note)) => {
                    let stored = put(store, blobs, hashed).await?;
                    std::result::Result::<Kept, Fault>::Ok(Kept { stored, note })
                }
                Err(fault) => Err(fault),
            };
            self.state.lock().made.insert(mark, made);
        }
        Ok(())
    }

    /// A content that is made, as it is stored; `None` when it has to be made first, which is noted.
    ///
    /// # Errors
    /// Why it cannot be made.
    pub(super) fn made(&self, blobs: &Blobs, making: &Making) -> Result<Option<Kept>> {
        let mark = making.mark();
        if let Some(known) = self.state.lock().made.get(&mark).cloned() {
            return Ok(Some(known?));
        }
        if self.at_once {
            let made = block_on(making.clone().run(blobs))?;
            let kept = match made {
                Ok((hashed, note)) => {
                    let blob = block_on(blobs.put_all(vec![hashed]))?.pop();
                    let stored = blob.as_ref().map(Stored::from);
                    Ok(stored.map(|stored| Kept { stored, note }))
                }
                Err(fault) => Err(fault),
            };
            return Ok(kept?);
        }
        self.state.lock().to_make.insert(mark, making.clone());
        Ok(None)
    }

    /// A content as it is stored; `None` when it has to be stored first, which is noted.
    ///
    /// # Errors
    /// When it is to be stored at once, and the store of contents fails.
    pub(super) fn find(&self, blobs: &Blobs, content: &Content<'_>) -> Result<Option<Stored>> {
        let text = match content {
            Content::Stored(blob) => return Ok(Some((*blob).into())),
            Content::Base64(text) => *text,
        };
        let known = self.state.lock().stored.get(&mark(text)).cloned();
        if known.is_some() {
            return Ok(known);
        }
        if self.at_once {
            let stored = Stored::from(&block_on(blobs.put(decode(text)))?);
            self.state.lock().stored.insert(mark(text), stored.clone());
            return Ok(Some(stored));
        }
        self.want(content);
        Ok(None)
    }

    /// Notes that a content has to be stored.
    pub(super) fn want(&self, content: &Content<'_>) {
        if let Content::Base64(text) = content {
            self.state.lock().wanted.insert(mark(text), (*text).to_owned());
        }
    }

    /// Forgets a content that was removed meanwhile.
    pub(super) fn lose(&self, lost: &Stored) {
        let mut state = self.state.lock();
        state.stored.retain(|_, stored| stored.hash != lost.hash);
        state.made.retain(|_, made| made.as_ref().map_or(true, |made| made.stored.hash != lost.hash));
    }
}

/// Stores a content unless it is there.
async fn put(store: &Store, blobs: &Blobs, hashed: Hashed) -> Result<Stored> {
    if let Some(size) = known(store, &hashed.hash).await? {
        return Ok(Stored { hash: hashed.hash, size, key: None, pixels: None });
    }
    let blob = blobs.put_all(vec![hashed]).await?.pop();
    Ok(blob
        .as_ref()
        .map(Stored::from)
        .ok_or_else(|| blobs::Error::Failed("a content was lost".to_owned()))?)
}

/// The size of a content that is there.
async fn known(store: &Store, hash: &str) -> Result<Option<i64>> {
    let hash = hash.to_owned();
    let sql = "SELECT size FROM portal_content WHERE hash = ?";
    let read = move |tx: &mut Tx<'_>| Ok(tx.one(sql, &[hash.as_str().into()], |row| row.int(0))?);
    store.read(read).await
}

fn mark(text: &str) -> Mark {
    *blake3::hash(text.as_bytes()).as_bytes()
}

/// The letters of a text in base64, without the prefix of a `data:` URL.
fn letters(text: &str) -> impl Iterator<Item = u8> {
    let text = match text.split_once(";base64,") {
        Some((prefix, data)) if prefix.starts_with("data:") => data,
        _ => text,
    };
    text.bytes().filter(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

/// The bytes that a text in base64 stands for, without decoding it.
pub(crate) fn decoded_size(text: &str) -> usize {
    // A single letter beyond the last four is no byte.
    let count = letters(text).count();
    count / 4 * 3 + (count % 4).saturating_sub(1)
}

/// What a text in base64 stands for.
pub fn decode(text: &str) -> Bytes {
    const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let mut letters: Vec<u8> = letters(text).collect();
    if letters.len() % 4 == 1 {
        letters.pop();
    }
    GeneralPurpose::new(&STANDARD, LENIENT).decode(&letters).unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_as_php_reads_it() {
        for (text, content) in
            [("aGVsbG8=", "hello"), ("aGVs bG8", "hello"), ("aGVsb", "hel"), ("!!", ""), ("", "")]
        {
            assert_eq!((decode(text), decoded_size(text)), (Bytes::from(content), content.len()), "{text}");
        }
        assert_eq!(decode("data:image/png;base64,aGk="), "hi");
    }
}
