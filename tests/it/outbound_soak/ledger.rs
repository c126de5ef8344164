//! What each handler received and took.

use super::parts::Part;
use it::crowd::Arrival;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// When no event comes for so long that was not there before, none will.
const PATIENCE: Duration = Duration::from_secs(150);

/// What happened to a lead: it was added, or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Event {
    pub lead: u64,
    pub is_change: bool,
}

/// One handler's.
pub struct Ledger {
    pub part: Part,
    pub requests: u64,
    /// When each event first arrived.
    pub first: HashMap<Event, Instant>,
    /// The events that it took.
    pub events: HashSet<Event>,
    /// Changes of leads that it took before it took that the lead was added.
    pub disorder: usize,
    /// How many times each delivery was taken.
    pub taken: HashMap<u64, u32>,
    /// Every delivery that came, taken or not.
    pub deliveries: HashSet<u64>,
}

impl Ledger {
    fn new(part: Part) -> Ledger {
        Ledger {
            part,
            requests: 0,
            first: HashMap::new(),
            events: HashSet::new(),
            disorder: 0,
            taken: HashMap::new(),
            deliveries: HashSet::new(),
        }
    }

    /// Events of which it has what it will ever take.
    pub fn served(&self) -> usize {
        if self.part.takes { self.events.len() } else { self.first.len() }
    }

    /// Deliveries that it took more than once.
    pub fn twice(&self) -> usize {
        self.taken.values().filter(|times| **times > 1).count()
    }
}

/// All handlers'.
pub struct Book {
    ledgers: Mutex<Vec<Ledger>>,
    changed: Condvar,
}

impl Book {
    pub fn new(parts: &[Part]) -> Arc<Book> {
        let ledgers = parts.iter().map(|part| Ledger::new(*part)).collect();
        Arc::new(Book { ledgers: Mutex::new(ledgers), changed: Condvar::new() })
    }

    /// Writes down what came to a handler, and whether it was answered with 200.
    pub fn note(&self, place: usize, arrival: &Arrival<'_>, taken: bool) {
        let (lead, delivery) = (arrival.item().unwrap(), arrival.delivery().unwrap());
        let event = Event { lead, is_change: arrival.body.starts_with("event=ONCRMLEADUPDATE&") };
        let mut ledgers = self.ledgers();
        let ledger = &mut ledgers[place];
        ledger.requests += 1;
        ledger.first.entry(event).or_insert(arrival.at);
        ledger.deliveries.insert(delivery);
        if taken {
            let is_early = event.is_change && !ledger.events.contains(&Event { is_change: false, ..event });
            ledger.disorder += usize::from(is_early);
            ledger.events.insert(event);
            *ledger.taken.entry(delivery).or_default() += 1;
        }
        self.changed.notify_one();
    }

    /// Waits until every handler has that many events.
    pub fn wait_for_all(&self, events: usize) {
        let served = |ledgers: &[Ledger]| ledgers.iter().map(Ledger::served).sum::<usize>();
        let mut ledgers = self.ledgers();
        let (mut before, mut since) = (served(&ledgers), Instant::now());
        while before < events * ledgers.len() {
            ledgers = self.changed.wait_timeout(ledgers, PATIENCE).unwrap().0;
            let now = served(&ledgers);
            if now > before {
                (before, since) = (now, Instant::now());
            }
            let missing =
                || ledgers.iter().map(|one| format!("{}: {} of {events}", one.part.name, one.served()));
            assert!(
                since.elapsed() < PATIENCE,
                "some events never came: {:#?}",
                missing().collect::<Vec<_>>()
            );
        }
    }

    pub fn ledgers(&self) -> MutexGuard<'_, Vec<Ledger>> {
        self.ledgers.lock().expect("no panic while it is locked")
    }
}
