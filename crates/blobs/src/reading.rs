//! Reading a content in parts.

use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::TryStreamExt;
use object_store::path::Path;
use object_store::{GetOptions, GetResult, GetResultPayload};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::time::timeout;

use crate::{Blobs, Error, Location, PATIENCE};

/// Bytes in a part.
const PART: usize = 128 * 1024;

/// A content on its way, part by part. No more than two parts wait for a slow reader.
#[derive(Debug)]
pub struct Reading(Receiver<Result<Bytes, Error>>);

impl Reading {
    /// The next part; `None` at the end.
    ///
    /// # Errors
    /// When the store fails in the middle; nothing comes after it.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        self.0.recv().await
    }

    /// The same for code that is polled.
    pub fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        self.0.poll_recv(context)
    }
}

impl Blobs {
    /// Reads a content, or a range of its bytes, which must not be empty.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is none under that key.
    pub async fn read(&self, key: &str, range: Option<Range<u64>>) -> Result<Reading, Error> {
        let (store, path) = (Arc::clone(&self.inner.store), Path::from(key));
        let options = GetOptions { range: range.map(Into::into), ..GetOptions::default() };
        let got = self.run(async move { store.get_opts(&path, options).await }).await?;
        let (sender, parts) = mpsc::channel(1);
        let location = self.inner.location.clone();
        self.runtime().spawn(async move {
            if let Err(error) = send(got, &sender, &location).await {
                // A reader that is gone needs no error.
                let _ = sender.send(Err(error)).await;
            }
        });
        Ok(Reading(parts))
    }
}

/// Sends all parts, for as long as somebody takes them.
async fn send(
    got: GetResult,
    parts: &Sender<Result<Bytes, Error>>,
    location: &Location,
) -> Result<(), Error> {
    let range = got.range.clone();
    if let GetResultPayload::File(file, _) = got.payload {
        return send_file(file, range, parts).await;
    }
    let mut stream = got.into_stream();
    loop {
        let part = timeout(PATIENCE, stream.try_next()).await;
        let part = part.map_err(|_| Error::Failed("the store sends no more".to_owned()))?;
        let Some(part) = part.map_err(|error| location.error(&error))? else { return Ok(()) };
        if parts.send(Ok(part)).await.is_err() {
            return Ok(());
        }
    }
}

/// A file of the disk. Nobody's thread waits for a slow reader, and parts are larger than `object_store` makes them.
async fn send_file(
    mut file: std::fs::File,
    range: Range<u64>,
    parts: &Sender<Result<Bytes, Error>>,
) -> Result<(), Error> {
    let failed = |error: &dyn std::fmt::Display| Error::Failed(error.to_string());
    let mut at = range.start;
    while at < range.end {
        let wanted = usize::try_from(range.end - at).unwrap_or(PART).min(PART);
        let read = tokio::task::spawn_blocking(move || {
            let mut part = vec![0; wanted];
            file.seek(SeekFrom::Start(at))?;
            file.read_exact(&mut part)?;
            Ok::<_, std::io::Error>((file, Bytes::from(part)))
        });
        let (same, part) = read.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
        file = same;
        at += part.len() as u64;
        if parts.send(Ok(part)).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}
