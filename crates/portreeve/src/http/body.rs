//! Reading a request's body within bounds: of size, of time, and of memory for all bodies together.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use tokio::time::timeout;
use wire::{Fault, fault};

/// How long a body that is too large is read on, so that its sender gets to see the answer.
const FAREWELL: Duration = Duration::from_secs(5);

/// What bodies may cost.
#[derive(Debug)]
pub struct Bounds {
    /// Bytes of one body.
    pub size: usize,
    /// How long one body may take to arrive.
    pub time: Duration,
    /// Bytes that further bodies and answers may take.
    free: Arc<AtomicUsize>,
}

/// Answers from here on count against the memory of all until they were sent.
const LARGE_ANSWER: usize = 64 * 1024;

/// A large answer, as long as it is on its way.
struct Sent {
    answer: Vec<u8>,
    free: Arc<AtomicUsize>,
}

impl AsRef<[u8]> for Sent {
    fn as_ref(&self) -> &[u8] {
        &self.answer
    }
}

impl Drop for Sent {
    fn drop(&mut self) {
        self.free.fetch_add(self.answer.len(), Relaxed);
    }
}

/// A body that was read, as long as it counts against the memory of all.
#[derive(Debug)]
pub struct Held<'a> {
    bytes: Bytes,
    bounds: &'a Bounds,
    taken: usize,
}

impl Bounds {
    /// Bounds for one body and for `memory` bytes of bodies at once.
    pub fn new(size: usize, time: Duration, memory: usize) -> Self {
        Bounds { size, time, free: Arc::new(AtomicUsize::new(memory.max(size))) }
    }

    /// Reads a body whole.
    ///
    /// # Errors
    /// 413 for one that is too large, 408 for one that is too slow, 503 when there is no memory left, 400
    /// for one that breaks off.
    pub async fn read(&self, body: Incoming) -> Result<Held<'_>, Fault> {
        let mut held = Held { bytes: Bytes::new(), bounds: self, taken: 0 };
        if !body.is_end_stream() {
            timeout(self.time, held.fill(body)).await.map_err(|_| too_slow())??;
        }
        Ok(held)
    }

    /// An answer as it is sent: a client that reads slowly keeps it in memory.
    ///
    /// # Errors
    /// 503 when there is no memory left.
    pub fn hold(&self, answer: Vec<u8>) -> Result<Bytes, Fault> {
        if answer.len() < LARGE_ANSWER {
            return Ok(answer.into());
        }
        self.take(answer.len())?;
        Ok(Bytes::from_owner(Sent { answer, free: Arc::clone(&self.free) }))
    }

    /// Takes memory, or refuses.
    fn take(&self, bytes: usize) -> Result<(), Fault> {
        let taken = self.free.fetch_update(Relaxed, Relaxed, |free| free.checked_sub(bytes));
        taken.map(drop).map_err(|_| fault::QUERY_LIMIT_EXCEEDED.into())
    }
}

impl Held<'_> {
    /// The body.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    async fn fill(&mut self, mut body: Incoming) -> Result<(), Fault> {
        if body.size_hint().lower() > self.bounds.size as u64 {
            return Err(refuse(body).await);
        }
        let Some(first) = next(&mut body).await? else { return Ok(()) };
        self.count(first.len())?;
        if body.is_end_stream() && first.len() <= self.bounds.size {
            // Most bodies come in one piece, which then is not copied.
            self.bytes = first;
            return Ok(());
        }
        let mut whole = BytesMut::from(first);
        while let Some(piece) = next(&mut body).await? {
            if whole.len() + piece.len() > self.bounds.size {
                return Err(refuse(body).await);
            }
            self.count(piece.len())?;
            whole.extend_from_slice(&piece);
        }
        self.bytes = whole.freeze();
        Ok(())
    }

    fn count(&mut self, bytes: usize) -> Result<(), Fault> {
        self.bounds.take(bytes)?;
        self.taken += bytes;
        Ok(())
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.bounds.free.fetch_add(self.taken, Relaxed);
    }
}

/// The next piece; trailers are nothing to us.
async fn next(body: &mut Incoming) -> Result<Option<Bytes>, Fault> {
    loop {
        match body.frame().await {
            None => return Ok(None),
            Some(Ok(frame)) => match frame.into_data() {
                Ok(piece) => return Ok(Some(piece)),
                Err(_) => continue,
            },
            Some(Err(error)) => {
                tracing::debug!(%error, "a body broke off");
                return Err(Fault::new(400, "BAD_REQUEST", "The request body broke off"));
            }
        }
    }
}

/// The answer to a body that is too large. A client that still sends would not see it, so what comes within
/// a few seconds is thrown away first.
async fn refuse(mut body: Incoming) -> Fault {
    // That it takes longer, or breaks off, is no news.
    let _ = timeout(FAREWELL, async { while let Ok(Some(_)) = next(&mut body).await {} }).await;
    Fault::new(413, "REQUEST_ENTITY_TOO_LARGE", "The request body is too large")
}

fn too_slow() -> Fault {
    Fault::new(408, "REQUEST_TIMEOUT", "The request body did not arrive in time")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn large_answers_count_until_they_were_sent() {
        let bounds = Bounds::new(1, Duration::ZERO, 150 * 1024);
        let sent = bounds.hold(vec![b'a'; 100 * 1024]).unwrap();
        let part = sent.slice(1_000..);
        assert_eq!(bounds.hold(vec![b'b'; 100 * 1024]).unwrap_err().code, "QUERY_LIMIT_EXCEEDED");
        assert!(bounds.hold(vec![b'c'; 1_000]).is_ok(), "small ones go out");
        drop(sent);
        assert!(bounds.hold(vec![b'b'; 100 * 1024]).is_err(), "a part is on its way");
        drop(part);
        assert!(bounds.hold(vec![b'b'; 100 * 1024]).is_ok());
    }
}
