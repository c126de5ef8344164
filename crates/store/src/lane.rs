//! A bounded queue served by threads that each own a connection.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use parking_lot::{Mutex, RwLock};

use crate::Error;
use crate::work::Work;

/// The receiving end of a lane. It ends when the lane is closed and every accepted job was taken.
pub(crate) type Queue = Receiver<Box<dyn Work>>;

pub(crate) struct Lane {
    /// Taken away to close the lane.
    queue: RwLock<Option<Sender<Box<dyn Work>>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// Jobs that found the queue full.
    refused: AtomicU64,
}

impl Lane {
    /// Starts a thread for each server. `queue` jobs may wait.
    pub(crate) fn start<S>(name: &str, queue: usize, servers: Vec<S>) -> Result<Lane, Error>
    where
        S: FnOnce(Queue) + Send + 'static,
    {
        let (sender, receiver) = bounded(queue.max(1));
        let threads = servers
            .into_iter()
            .map(|serve| {
                let receiver: Queue = receiver.clone();
                thread::Builder::new().name(name.to_owned()).spawn(move || serve(receiver))
            })
            .collect::<Result<_, _>>()
            .map_err(|error| Error::Database(format!("a thread cannot be started: {error}")))?;
        Ok(Lane {
            queue: RwLock::new(Some(sender)),
            threads: Mutex::new(threads),
            refused: AtomicU64::new(0),
        })
    }

    /// Queues a job, or gives it back at once.
    pub(crate) fn submit(&self, work: Box<dyn Work>) -> Result<(), (Error, Box<dyn Work>)> {
        match &*self.queue.read() {
            Some(queue) => queue.try_send(work).map_err(|refused| match refused {
                TrySendError::Full(work) => {
                    self.refused.fetch_add(1, Relaxed);
                    (Error::Busy, work)
                }
                TrySendError::Disconnected(work) => (Error::Closed, work),
            }),
            None => Err((Error::Closed, work)),
        }
    }

    /// Jobs that wait.
    pub(crate) fn depth(&self) -> usize {
        self.queue.read().as_ref().map_or(0, Sender::len)
    }

    /// Jobs that found the queue full.
    pub(crate) fn refused(&self) -> u64 {
        self.refused.load(Relaxed)
    }

    /// Accepts no more, and waits until everything accepted was served.
    pub(crate) fn close(&self) {
        *self.queue.write() = None;
        let threads = std::mem::take(&mut *self.threads.lock());
        let own = thread::current().id();
        if threads.iter().any(|thread| thread.thread().id() == own) {
            // A job may hold the last handle of its own store. Its thread cannot wait for itself, nor for
            // another one, which may wait for it.
            return;
        }
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("a thread of the store died");
            }
        }
    }
}
