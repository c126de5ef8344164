//! Decides who may send how much now. Pure: the clock is a parameter, and the sent items may be of any type.
//!
//! A handler has *room* for so many requests at once. Room begins small, grows with each success, and is
//! halved by each try that got no answer; so a handler that is down costs little, and one that is well is
//! used as fast as it takes it. One that says it is busy finds its own [pace]. First tries and retries have lanes of their own, each with a bound for all
//! handlers together, of which handlers that are down may use half: they never hold up those that are well.
//!
//! First tries for handlers that are *steady*, that failed nothing for a minute and are not behind, come before
//! everything else: see [`Queue`].

mod line;
mod meter;
mod pace;
mod window;

#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap, VecDeque};

use portal::Moment;
use portal::outbound::limits::Limits;
use portal::outbound::pace::Pace;
use portal::outbound::policy::is_busy;
use portal::outbound::queue::{Lane, Want};
use portal::settings::HandlerLimits;

use line::{Handler, Turn};

/// Requests at once in each lane, of all handlers together.
pub const ROOM_IN_ALL: [usize; 2] = [1024, 256];
/// Deliveries that may lie ready, of all handlers together.
const MAX_READY: usize = 16_384;
/// Microseconds of a pause after which there is enough left of a lease.
const SHORT_PAUSE: i64 = 5_000_000;

/// What a handler gets at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Requests at once in each lane.
    pub concurrency: usize,
    /// Requests at once in both lanes together.
    pub in_all: usize,
    /// Requests within a second; 0 for no limit.
    pub rate: u32,
}

impl Rules {
    /// What the operator decides for every handler.
    pub fn of(limits: HandlerLimits) -> Self {
        Rules { concurrency: limits.concurrency as usize, in_all: usize::MAX, rate: limits.rate }
    }

    /// What the owner of a webhook decides within that.
    fn within(self, own: Limits) -> Self {
        let in_all = own.concurrency.map_or(usize::MAX, |most| most as usize);
        let rate = own.rate.filter(|own| self.rate == 0 || *own < self.rate).unwrap_or(self.rate);
        Rules { concurrency: self.concurrency.min(in_all), in_all, rate }
    }
}

/// How a try ended, for the handler's room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The handler took it.
    Taken,
    /// The handler is busy.
    Busy,
    /// The handler answered something else.
    Answered,
    /// There was no answer: a time-out, or no connection.
    Silent,
    /// It was not sent at all.
    Unsent,
}

impl Ended {
    /// With this status.
    pub fn of(status: u16) -> Self {
        match status {
            200..=299 => Ended::Taken,
            busy if is_busy(busy) => Ended::Busy,
            _ => Ended::Answered,
        }
    }
}

/// How a handler did lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// It failed nothing for a minute, and nothing much waits for it.
    Steady,
    /// It failed something, or it has a backlog, which would come before the news for others.
    Shaky,
    /// It gives no answers.
    Down,
}

/// Which deliveries are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// First tries for handlers that are steady
    Prompt,
    /// Everything else
    Patient,
}

impl Queue {
    fn of(lane: Lane, standing: Standing) -> Self {
        if lane == Lane::First && standing == Standing::Steady { Queue::Prompt } else { Queue::Patient }
    }
}

/// The deliveries that lie ready, and the handlers they are for.
pub struct Scheduler<T> {
    rules: Rules,
    /// The limits of handlers that have any of their own.
    limits: HashMap<i64, Limits>,
    handlers: HashMap<i64, Handler<T>>,
    /// Whose turn it is, by lane and standing.
    rings: [VecDeque<i64>; RINGS],
    /// Of the rings after the first, the one to look at first.
    ring: usize,
    /// Handlers that wait for a time.
    sleeping: BinaryHeap<Reverse<(Moment, i64, Lane)>>,
    /// Lines that should be filled up.
    hungry: BTreeSet<(i64, Lane)>,
    /// For whom there is room for first tries again, or no longer.
    news: Vec<(i64, bool)>,
    ready: usize,
    sending: [usize; 2],
    /// The part of `sending` that handlers which are down have.
    sending_to_down: [usize; 2],
}

const STANDINGS: [Standing; 3] = [Standing::Steady, Standing::Shaky, Standing::Down];
/// Two lanes, and in each the handlers by their standing. The first is [`Queue::Prompt`].
const RINGS: usize = 2 * STANDINGS.len();

fn ring_of(lane: Lane, standing: Standing) -> usize {
    lane as usize * STANDINGS.len() + standing as usize
}

impl<T> Scheduler<T> {
    /// An empty scheduler.
    pub fn new(rules: Rules) -> Self {
        Scheduler {
            rules,
            limits: HashMap::new(),
            handlers: HashMap::new(),
            rings: Default::default(),
            ring: 1,
            sleeping: BinaryHeap::new(),
            hungry: BTreeSet::new(),
            news: Vec::new(),
            ready: 0,
            sending: [0; 2],
            sending_to_down: [0; 2],
        }
    }

    /// Goes by these limits from now on; a handler that is not there is as the operator decides.
    pub fn limit(&mut self, limits: HashMap<i64, Limits>) {
        self.limits = limits;
        let ids: Vec<i64> = self.handlers.keys().copied().collect();
        for id in ids {
            let rules = self.rules_of(id);
            if self.handler(id).obey(rules) {
                Lane::ALL.into_iter().for_each(|lane| self.queue_up(id, lane));
            }
        }
    }

    fn rules_of(&self, id: i64) -> Rules {
        self.limits.get(&id).map_or(self.rules, |own| self.rules.within(*own))
    }

    /// Notes that something is due in a handler's lane.
    pub fn hear(&mut self, id: i64, lane: Lane) {
        self.handler(id).line(lane).waiting = true;
        self.hungry.insert((id, lane));
        self.review(id);
    }

    /// Takes a first try that came without having been fetched: see [`news`](Scheduler::news).
    pub fn put(&mut self, id: i64, item: T) {
        self.ready += 1;
        self.handler(id).line(Lane::First).ready.push_back(item);
        self.queue_up(id, Lane::First);
    }

    /// For whom there is room now for first tries that are not fetched, or no longer. It is kept only roughly: some
    /// more may come.
    pub fn news(&mut self) -> impl Iterator<Item = (i64, bool)> + use<'_, T> {
        self.news.drain(..)
    }

    /// What to fetch now, so much at most. The answer to all of it must come to [`stock`](Scheduler::stock) before the same
    /// queue is asked for again.
    pub fn wants(&mut self, queue: Queue, most: usize, now: Moment) -> Vec<Want> {
        let mut asking = Vec::new();
        let hungry = std::mem::take(&mut self.hungry);
        for (id, lane) in hungry {
            let handler = self.handler(id);
            if Queue::of(lane, handler.standing()) != queue {
                self.hungry.insert((id, lane));
                continue;
            }
            // Who is paused is heard of again when the next look at the queue finds it.
            let count = if handler.is_paused(now) { 0 } else { handler.appetite(lane) };
            if count > 0 {
                asking.push(Want { outbound_id: id, lane, count });
            }
        }
        self.grant(most, asking)
    }

    /// Cuts what is asked for to `most` and what may lie ready; who gets nothing stays hungry.
    fn grant(&mut self, most: usize, asking: Vec<Want>) -> Vec<Want> {
        let mut budget = MAX_READY.saturating_sub(self.ready).min(most);
        let share = budget.div_ceil(asking.len().max(1));
        let mut wants = Vec::new();
        for want in asking {
            let Want { outbound_id: id, lane, count } = want;
            let count = count.min(share).min(budget);
            if count == 0 {
                self.hungry.insert((id, lane));
                continue;
            }
            budget -= count;
            self.handler(id).line(lane).waiting = false;
            wants.push(Want { count, ..want });
        }
        wants
    }

    /// Takes what was fetched for a want. When it is all that was wanted, there may be more.
    pub fn stock(&mut self, want: Want, items: Vec<T>) {
        self.ready += items.len();
        let (id, lane) = (want.outbound_id, want.lane);
        let (handler, is_all) = (self.handler(id), items.len() < want.count);
        if lane == Lane::First {
            handler.behind = !is_all;
        }
        let line = handler.line(lane);
        line.waiting |= !is_all;
        line.ready.extend(items);
        if line.waiting {
            self.hungry.insert((id, lane));
        }
        self.queue_up(id, lane);
    }

    /// The next delivery of a queue to be sent now; its end must be told to [`ended`](Scheduler::ended).
    pub fn next(&mut self, queue: Queue, now: Moment) -> Option<T> {
        self.wake_up(now);
        if queue == Queue::Prompt {
            return self.next_in(Lane::First, Standing::Steady, now);
        }
        for _ in 1..RINGS {
            let ring = self.ring;
            self.ring = ring % (RINGS - 1) + 1;
            let lane = if ring < STANDINGS.len() { Lane::First } else { Lane::Retry };
            if let Some(item) = self.next_in(lane, STANDINGS[ring % STANDINGS.len()], now) {
                return Some(item);
            }
        }
        None
    }

    fn next_in(&mut self, lane: Lane, standing: Standing, now: Moment) -> Option<T> {
        let down = standing == Standing::Down;
        while self.has_room(lane, down) {
            let id = self.rings[ring_of(lane, standing)].pop_front()?;
            let Some(handler) = self.handlers.get_mut(&id) else { continue };
            if handler.standing() != standing {
                let ring = ring_of(lane, handler.standing());
                self.rings[ring].push_back(id);
                continue;
            }
            match handler.turn(lane, now) {
                Turn::Send(item) => {
                    let starving = handler.is_starving(lane);
                    self.ready -= 1;
                    self.sending[lane as usize] += 1;
                    self.sending_to_down[lane as usize] += usize::from(down);
                    self.queue_up(id, lane);
                    if starving {
                        self.hungry.insert((id, lane));
                    }
                    return Some(item);
                }
                Turn::Sleep(until) => {
                    handler.line(lane).queued = true;
                    self.sleeping.push(Reverse((until, id, lane)));
                }
                Turn::Nothing => {}
            }
        }
        None
    }

    fn has_room(&self, lane: Lane, down: bool) -> bool {
        let all = ROOM_IN_ALL[lane as usize];
        let fits = self.sending[lane as usize] < all;
        fits && !(down && self.sending_to_down[lane as usize] >= all / 2)
    }

    /// Takes note of how a delivery that was handed out ended.
    pub fn ended(&mut self, id: i64, lane: Lane, ended: Ended, now: Moment) {
        let handler = self.handler(id);
        let was_down = handler.down;
        handler.learn(ended, now);
        let (is_down, counts) = (handler.down, handler.sending());
        handler.line(lane).sending -= 1;
        self.sending[lane as usize] -= 1;
        if was_down != is_down {
            for (sum, own) in self.sending_to_down.iter_mut().zip(counts) {
                *sum = if is_down { *sum + own } else { *sum - own };
            }
        }
        self.sending_to_down[lane as usize] -= usize::from(is_down);
        for lane in Lane::ALL {
            self.queue_up(id, lane);
        }
    }

    /// Sends nothing more to a handler until then. When that is long, what lies ready for it is to be given back.
    #[must_use = "what lay ready is still leased"]
    pub fn pause(&mut self, id: i64, until: Moment, now: Moment) -> Vec<T> {
        let handler = self.handler(id);
        handler.paused = handler.paused.max(Some(until));
        self.review(id);
        if until.0.saturating_sub(now.0) <= SHORT_PAUSE { Vec::new() } else { self.recall(id) }
    }

    /// Has pauses end so many microseconds earlier: the portal's time jumped ahead.
    pub fn skip(&mut self, micros: i64) {
        for paused in self.handlers.values_mut().filter_map(|handler| handler.paused.as_mut()) {
            paused.0 = paused.0.saturating_sub(micros);
        }
        // Who wakes up too early goes to sleep again.
        let sleeping = std::mem::take(&mut self.sleeping);
        let at = |at: Moment| Moment(at.0.saturating_sub(micros));
        self.sleeping =
            sleeping.into_iter().map(|Reverse((until, id, lane))| Reverse((at(until), id, lane))).collect();
    }

    /// Begins anew with a handler, whose address was changed for instance.
    pub fn forgive(&mut self, id: i64) {
        let fresh = Handler::<T>::new(self.rules_of(id));
        let handler = self.handler(id);
        handler.paused = None;
        handler.room = handler.room.max(fresh.room);
    }

    /// Takes out what lies ready for a handler.
    #[must_use = "what lay ready is still leased"]
    pub fn recall(&mut self, id: i64) -> Vec<T> {
        let handler = self.handler(id);
        let items: Vec<T> =
            Lane::ALL.iter().flat_map(|lane| handler.line(*lane).ready.split_off(0)).collect();
        self.ready -= items.len();
        items
    }

    /// Takes out everything that lies ready.
    #[must_use = "what lay ready is still leased"]
    pub fn clear(&mut self) -> Vec<T> {
        let ids: Vec<i64> = self.handlers.keys().copied().collect();
        ids.into_iter().flat_map(|id| self.recall(id)).collect()
    }

    /// Begins anew with everybody, as if nothing had been fetched; what is being sent still ends.
    pub fn forget(&mut self) {
        drop(self.clear());
        let ids: Vec<i64> = self.handlers.keys().copied().collect();
        ids.into_iter().for_each(|id| self.forgive(id));
    }

    /// Whether something of a queue may be there to be sent or fetched.
    pub fn is_waiting(&self, queue: Queue) -> bool {
        let (first, others) = self.rings.split_at(1);
        match queue {
            Queue::Prompt => !first[0].is_empty(),
            Queue::Patient => !self.hungry.is_empty() || others.iter().any(|ring| !ring.is_empty()),
        }
    }

    /// When the time has come for somebody who waits for it.
    pub fn wakes(&self) -> Option<Moment> {
        self.sleeping.peek().map(|Reverse((at, ..))| *at)
    }

    /// Requests under way in a lane.
    pub fn sending(&self, lane: Lane) -> usize {
        self.sending[lane as usize]
    }

    /// What it does for handlers that have something to do or were busy lately, those with most to do first; so many at most.
    pub fn paces(&mut self, most: usize, now: Moment) -> Vec<Pace> {
        let shown = self.handlers.iter_mut().filter_map(|(id, handler)| handler.shown(*id, now));
        let mut paces: Vec<Pace> = shown.collect();
        paces.sort_unstable_by_key(|pace| (Reverse(pace.sending + pace.ready), pace.outbound_id));
        paces.truncate(most);
        paces
    }

    fn wake_up(&mut self, now: Moment) {
        while self.wakes().is_some_and(|at| at <= now)
            && let Some(Reverse((_, id, lane))) = self.sleeping.pop()
        {
            self.handler(id).line(lane).queued = false;
            self.queue_up(id, lane);
        }
    }

    /// Notes when it changes whether there is room for what is not fetched.
    fn review(&mut self, id: i64) {
        let fits = self.ready < MAX_READY;
        let handler = self.handler(id);
        let is_open = fits && handler.takes_more();
        if handler.open != is_open {
            handler.open = is_open;
            self.news.push((id, is_open));
        }
    }

    /// Puts a handler into the ring of its lane, unless it is there or has nothing to do there. Whatever lets it send
    /// more comes here.
    fn queue_up(&mut self, id: i64, lane: Lane) {
        self.review(id);
        let handler = self.handler(id);
        let (standing, able) = (handler.standing(), handler.could_send(lane));
        let line = handler.line(lane);
        if able && !line.queued {
            line.queued = true;
            self.rings[ring_of(lane, standing)].push_back(id);
        }
    }

    fn handler(&mut self, id: i64) -> &mut Handler<T> {
        let rules = self.rules_of(id);
        self.handlers.entry(id).or_insert_with(|| Handler::new(rules))
    }
}
