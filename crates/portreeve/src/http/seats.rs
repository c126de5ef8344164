//! Seats: as many connections as there is room for. When all are taken, those give way that keep us waiting, of the address
//! that has the most: so whoever asks and reads is served, whatever others do.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, LazyLock};
use std::task::{Context, Waker};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use super::proxy::network;

/// How often room is looked for while there is none.
const POLL_INTERVAL: Duration = Duration::from_millis(20);
/// One of so many seats is freed at once, so that a flood does not cost a search for each of its connections.
const SHARE: usize = 16;
/// For how long a client may keep us waiting in any case, in milliseconds: whoever is only a moment behind loses nothing. A
/// connection that is kept for the next request would cost that request.
const PATIENCE: (u64, u64) = (1000, 15_000);

/// Seats for connections.
pub struct Seats {
    room: u32,
    free: Arc<Semaphore>,
    taken: Mutex<HashMap<u64, Arc<Seat>>>,
    number: AtomicU64,
}

/// A connection's seat, as long as it is held.
pub struct Taken {
    seats: Arc<Seats>,
    seat: Arc<Seat>,
    number: u64,
    _permit: OwnedSemaphorePermit,
}

/// The state of a connection.
#[derive(Debug)]
pub struct Seat {
    network: IpAddr,
    /// What its client keeps us waiting for and since when: the least gives way first.
    waits: AtomicU64,
    /// Whether we are about a request of it, until the last of its answer is handed over.
    busy: AtomicBool,
    /// Who wants to know when we no longer are.
    idle: Mutex<Option<Waker>>,
    gone: Notify,
}

/// What a client keeps us waiting for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wait {
    /// The rest of something that it began: a request, or reading an answer
    Rest,
    /// Another request
    Request,
}

/// Nothing: it is our turn.
const NOT: u64 = u64::MAX;
/// The bit of [`Wait::Request`], above those of the time.
const REQUEST: u64 = 1 << 62;

impl Seats {
    /// Seats for so many connections.
    pub fn new(room: u32) -> Arc<Self> {
        let free = Arc::new(Semaphore::new(room as usize));
        Arc::new(Seats { room, free, taken: Mutex::default(), number: AtomicU64::new(0) })
    }

    /// A seat for a connection from that address.
    pub async fn take(self: &Arc<Self>, address: IpAddr) -> Taken {
        let permit = loop {
            let waiting = Arc::clone(&self.free).acquire_owned();
            match Arc::clone(&self.free).try_acquire_owned() {
                Ok(permit) => break permit,
                Err(_) => self.make_room(),
            }
            if let Ok(Ok(permit)) = timeout(POLL_INTERVAL, waiting).await {
                break permit;
            }
        };
        let seat = Seat {
            network: network(address),
            waits: AtomicU64::new(NOT),
            busy: AtomicBool::new(false),
            idle: Mutex::default(),
            gone: Notify::new(),
        };
        seat.waits_for(Wait::Rest, Instant::now());
        let (seat, number) = (Arc::new(seat), self.number.fetch_add(1, Relaxed));
        self.taken.lock().insert(number, Arc::clone(&seat));
        Taken { seats: Arc::clone(self), seat, number, _permit: permit }
    }

    /// Waits until all are free.
    pub async fn empty(&self) {
        // The semaphore is never closed.
        let _ = self.free.acquire_many(self.room).await;
    }

    /// Ends some connections that keep us waiting, of the address that has the most of them.
    fn make_room(&self) {
        let now = millis(Instant::now());
        let is_late = |waits: u64| match waits & REQUEST {
            0 => waits + PATIENCE.0 <= now,
            _ => waits != NOT && (waits & !REQUEST) + PATIENCE.1 <= now,
        };
        let mut waiting: HashMap<IpAddr, Vec<(u64, Arc<Seat>)>> = HashMap::new();
        for seat in self.taken.lock().values() {
            let waits = seat.waits.load(Relaxed);
            if is_late(waits) {
                waiting.entry(seat.network).or_default().push((waits, Arc::clone(seat)));
            }
        }
        let Some(mut most) = waiting.into_values().max_by_key(Vec::len) else { return };
        if most.iter().any(|(waits, _)| waits & REQUEST == 0) {
            most.retain(|(waits, _)| waits & REQUEST == 0);
        }
        most.sort_by_key(|(waits, _)| *waits);
        let count = (self.room as usize / SHARE).max(1);
        tracing::debug!(address = %most[0].1.network, "all seats are taken: those that keep us waiting give way");
        most.iter().take(count).for_each(|(_, seat)| seat.gone.notify_one());
    }
}

impl Taken {
    /// The seat.
    pub fn seat(&self) -> &Arc<Seat> {
        &self.seat
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.seats.taken.lock().remove(&self.number);
    }
}

impl Seat {
    /// Notes since when its client has kept us waiting.
    pub fn waits_for(&self, wait: Wait, since: Instant) {
        let class = if wait == Wait::Request { REQUEST } else { 0 };
        self.waits.store(class | millis(since), Relaxed);
    }

    /// Notes that its client does not.
    pub fn waits_not(&self) {
        self.waits.store(NOT, Relaxed);
    }

    /// Whether we are about a request of it. If so, the task is woken when we no longer are: hyper does not read again by
    /// itself where it found nothing meanwhile.
    pub fn is_busy(&self, cx: &Context<'_>) -> bool {
        let busy = self.busy.load(Relaxed);
        if busy {
            *self.idle.lock() = Some(cx.waker().clone());
        }
        busy
    }

    /// Says that we are, until what is given is dropped.
    pub fn be_busy(self: &Arc<Self>) -> Busy {
        self.busy.store(true, Relaxed);
        Busy(Arc::clone(self))
    }

    /// Waits until it has to be given up.
    pub async fn given_up(&self) {
        self.gone.notified().await;
    }
}

/// Milliseconds since the first connection.
fn millis(moment: Instant) -> u64 {
    static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
    moment.saturating_duration_since(*BEGIN).as_millis() as u64
}

/// A request that we are about.
#[derive(Debug)]
pub struct Busy(Arc<Seat>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.busy.store(false, Relaxed);
        if let Some(waiting) = self.0.idle.lock().take() {
            waiting.wake();
        }
    }
}
