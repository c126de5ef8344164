//! Answers on their way, within a bound of memory for all of them: a client that reads slowly keeps its answer here.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use bytes::Bytes;
use wire::{Fault, fault};

/// Answers from here on count until they were sent.
const LARGE: usize = 64 * 1024;

/// The memory for all large answers.
#[derive(Debug)]
pub struct Outgoing {
    /// Bytes that further answers may take.
    free: Arc<AtomicUsize>,
}

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

impl Outgoing {
    /// Room for so many bytes of answers at once.
    pub fn new(memory: usize) -> Self {
        Outgoing { free: Arc::new(AtomicUsize::new(memory)) }
    }

    /// An answer as it is sent.
    ///
    /// # Errors
    /// 503 when there is no memory left.
    pub fn hold(&self, answer: Vec<u8>) -> Result<Bytes, Fault> {
        if answer.len() < LARGE {
            return Ok(answer.into());
        }
        let taken = self.free.fetch_update(Relaxed, Relaxed, |free| free.checked_sub(answer.len()));
        taken.map_err(|_| Fault::from(fault::QUERY_LIMIT_EXCEEDED))?;
        Ok(Bytes::from_owner(Sent { answer, free: Arc::clone(&self.free) }))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn large_answers_count_until_they_were_sent() {
        let outgoing = Outgoing::new(150 * 1024);
        let sent = outgoing.hold(vec![b'a'; 100 * 1024]).unwrap();
        let part = sent.slice(1_000..);
        assert_eq!(outgoing.hold(vec![b'b'; 100 * 1024]).unwrap_err().code, "QUERY_LIMIT_EXCEEDED");
        assert!(outgoing.hold(vec![b'c'; 1_000]).is_ok(), "small ones go out");
        drop(sent);
        assert!(outgoing.hold(vec![b'b'; 100 * 1024]).is_err(), "a part is on its way");
        drop(part);
        assert!(outgoing.hold(vec![b'b'; 100 * 1024]).is_ok());
    }
}
