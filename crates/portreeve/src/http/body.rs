//! Reading a request's body within bounds: of size, of time, and of memory for all bodies together.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use parking_lot::Mutex;
use tokio::time::timeout;
use wire::{Fault, fault};

/// What a body may have without being counted: there are no more of them than connections.
const SMALL: u64 = 16 * 1024;

/// What bodies may cost.
#[derive(Debug)]
pub struct Bounds {
    /// Bytes of one body.
    size: usize,
    /// How long one body may take to arrive.
    time: Duration,
    memory: Arc<Memory>,
}

/// Answers from here on count until they were sent.
const LARGE_ANSWER: usize = 64 * 1024;

/// A large answer, as long as it is on its way.
struct Sent {
    answer: Vec<u8>,
    _taken: Taken,
}

impl AsRef<[u8]> for Sent {
    fn as_ref(&self) -> &[u8] {
        &self.answer
    }
}

/// The memory of all large bodies and answers. Whoever has some of it leaves as much to others, so it is never used up: a first one gets
/// half of it, two get a third each, and so on.
#[derive(Debug)]
struct Memory {
    all: usize,
    taken: Mutex<Shares>,
}

#[derive(Debug, Default)]
struct Shares {
    sum: usize,
    by_owner: HashMap<i64, usize>,
}

/// A body that was read, as long as it counts against the memory of all.
#[derive(Debug)]
pub struct Held {
    bytes: Bytes,
    /// What counts, and whose it is.
    taken: Option<Taken>,
}

#[derive(Debug)]
struct Taken {
    memory: Arc<Memory>,
    owner: i64,
    bytes: usize,
}

/// A body on its way.
pub struct Arriving {
    body: Incoming,
    /// Whether all of it is here: the end of a chunked body is only known when it was met.
    over: bool,
}

impl From<Incoming> for Arriving {
    fn from(body: Incoming) -> Self {
        Arriving { over: body.is_end_stream(), body }
    }
}

impl Arriving {
    /// Whether nothing more comes.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// Whether it is so small that everybody may send it.
    pub fn is_small(&self) -> bool {
        self.body.size_hint().upper().is_some_and(|length| length <= SMALL)
    }

    /// What it takes at least.
    fn least(&self) -> u64 {
        self.body.size_hint().lower()
    }

    /// The next piece; trailers are nothing to us.
    async fn next(&mut self) -> Result<Option<Bytes>, Fault> {
        while let Some(frame) = self.body.frame().await {
            let frame = frame.map_err(|error| {
                tracing::debug!(%error, "a body broke off");
                Fault::new(400, "BAD_REQUEST", "The request body broke off")
            })?;
            if let Ok(piece) = frame.into_data() {
                self.over = self.body.is_end_stream();
                return Ok(Some(piece));
            }
        }
        self.over = true;
        Ok(None)
    }
}

impl Bounds {
    /// Bounds for one body and for `memory` bytes of bodies and answers at once.
    pub fn new(size: usize, time: Duration, memory: usize) -> Self {
        let all = memory.max(size.saturating_mul(2));
        Bounds { size, time, memory: Arc::new(Memory { all, taken: Mutex::default() }) }
    }

    /// Reads a body whole. A large one counts as that user's.
    ///
    /// # Errors
    /// 413 for one that is too large, 408 for one that is too slow, 503 when there is no memory left for this user, 400
    /// for one that breaks off.
    pub async fn read(&self, body: &mut Arriving, owner: Option<i64>) -> Result<Held, Fault> {
        let taken = owner.map(|owner| self.taken(owner));
        let mut held = Held { bytes: Bytes::new(), taken };
        if !body.is_over() {
            timeout(self.time, held.fill(body, self.size)).await.map_err(|_| too_slow())??;
        }
        Ok(held)
    }

    /// An answer to a call of that user's as it is sent: a client that reads slowly keeps it in memory.
    ///
    /// # Errors
    /// 503 when there is no memory left for this user.
    pub fn hold(&self, answer: Vec<u8>, owner: i64) -> Result<Bytes, Fault> {
        if answer.len() < LARGE_ANSWER {
            return Ok(answer.into());
        }
        let mut taken = self.taken(owner);
        taken.add(answer.len())?;
        Ok(Bytes::from_owner(Sent { answer, _taken: taken }))
    }

    /// Nothing yet.
    fn taken(&self, owner: i64) -> Taken {
        Taken { memory: Arc::clone(&self.memory), owner, bytes: 0 }
    }

    /// Reads a body that means nothing.
    ///
    /// # Errors
    /// As [`Bounds::read`] has them, but for the memory.
    pub async fn skip(&self, body: &mut Arriving) -> Result<(), Fault> {
        let skipped = async {
            let mut length = 0;
            if body.least() > self.size as u64 {
                return Err(too_large());
            }
            while let Some(piece) = body.next().await? {
                length += piece.len();
                if length > self.size {
                    return Err(too_large());
                }
            }
            Ok(())
        };
        timeout(self.time, skipped).await.map_err(|_| too_slow())?
    }
}

impl Memory {
    fn take(&self, owner: i64, bytes: usize) -> Result<(), Fault> {
        let mut taken = self.taken.lock();
        let sum = taken.sum + bytes;
        let own = taken.by_owner.get(&owner).copied().unwrap_or(0) + bytes;
        if own > self.all.saturating_sub(sum) {
            return Err(fault::QUERY_LIMIT_EXCEEDED.into());
        }
        taken.by_owner.insert(owner, own);
        taken.sum = sum;
        Ok(())
    }

    fn give_back(&self, owner: i64, bytes: usize) {
        let mut taken = self.taken.lock();
        taken.sum -= bytes;
        if let Some(own) = taken.by_owner.get_mut(&owner) {
            *own -= bytes;
            if *own == 0 {
                taken.by_owner.remove(&owner);
            }
        }
    }
}

impl Taken {
    fn add(&mut self, bytes: usize) -> Result<(), Fault> {
        self.memory.take(self.owner, bytes)?;
        self.bytes += bytes;
        Ok(())
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.memory.give_back(self.owner, self.bytes);
    }
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Held {
    /// No body.
    pub fn nothing() -> Self {
        Held { bytes: Bytes::new(), taken: None }
    }

    /// The body.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    async fn fill(&mut self, body: &mut Arriving, most: usize) -> Result<(), Fault> {
        if body.least() > most as u64 {
            return Err(too_large());
        }
        let Some(first) = body.next().await? else { return Ok(()) };
        self.count(first.len())?;
        if body.is_over() && first.len() <= most {
            // Most bodies come in one piece, which then is not copied.
            self.bytes = first;
            return Ok(());
        }
        let mut whole = BytesMut::from(first);
        while let Some(piece) = body.next().await? {
            if whole.len() + piece.len() > most {
                return Err(too_large());
            }
            self.count(piece.len())?;
            whole.extend_from_slice(&piece);
        }
        self.bytes = whole.freeze();
        Ok(())
    }

    fn count(&mut self, bytes: usize) -> Result<(), Fault> {
        self.taken.as_mut().map_or(Ok(()), |taken| taken.add(bytes))
    }
}

fn too_large() -> Fault {
    Fault::new(413, "REQUEST_ENTITY_TOO_LARGE", "The request body is too large")
}

fn too_slow() -> Fault {
    Fault::new(408, "REQUEST_TIMEOUT", "The request body did not arrive in time")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_memory_leaves_as_much_to_others() {
        let memory = Memory { all: 120, taken: Mutex::default() };
        assert!(memory.take(1, 61).is_err());
        memory.take(1, 60).unwrap();
        assert!(memory.take(1, 1).is_err());
        memory.take(2, 30).unwrap();
        memory.take(3, 15).unwrap();
        assert!(memory.take(2, 1).is_err());
        memory.give_back(1, 60);
        memory.take(2, 7).unwrap();
        memory.give_back(2, 37);
        memory.give_back(3, 15);
        assert!(memory.taken.lock().by_owner.is_empty());
        memory.take(1, 60).unwrap();
    }
}
