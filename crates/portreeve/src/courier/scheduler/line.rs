//! One handler: its room, its two lines of deliveries, its patience.

use std::collections::VecDeque;

use portal::Moment;
use portal::outbound::pace::Pace as Shown;
use portal::outbound::queue::Lane;

use super::meter::Meter;
use super::pace::Pace;
use super::window::Window;
use super::{Ended, Rules, Standing};

/// The room of a handler that we know nothing of, and the least that silence leaves one.
const ROOM_AT_FIRST: usize = 8;
const LEAST_ROOM: usize = 4;
/// How many deliveries lie ready, as a multiple of the room: enough for one write to lease hundreds.
const AHEAD: usize = 4;
/// What is fetched first for a handler that has nothing: it is sent while more is fetched.
const FIRST_BITE: usize = 16;
/// With a rate: what lies ready goes out within so many seconds, well within its lease.
const SECONDS_AHEAD: usize = 10;
/// Microseconds for which a handler that is steady again has failed nothing.
const STEADY: u64 = 60_000_000;

/// The state of a handler.
pub(super) struct Handler<T> {
    rules: Rules,
    /// Requests at once, in each lane.
    pub(super) room: usize,
    /// Whether failures have brought its room to the least.
    pub(super) down: bool,
    /// When it last failed, until it has been well for long enough. A new one has the benefit of the doubt.
    failed: Option<Moment>,
    /// Whether more first tries wait for it in the queue than were fetched last.
    pub(super) behind: bool,
    /// Until when it wants to be left alone.
    pub(super) paused: Option<Moment>,
    /// Whether there is said to be room for first tries that are not fetched, as there is for whom we know nothing of.
    pub(super) open: bool,
    window: Option<Window>,
    pace: Pace,
    meter: Meter,
    lines: [Line<T>; 2],
}

/// One lane of a handler.
pub(super) struct Line<T> {
    pub(super) ready: VecDeque<T>,
    pub(super) sending: usize,
    /// Whether the queue may hold more that is due.
    pub(super) waiting: bool,
    /// Whether it is in a ring, or asleep.
    pub(super) queued: bool,
}

/// What a handler does when it is its turn.
pub(super) enum Turn<T> {
    /// Send this.
    Send(T),
    /// Nothing before that moment.
    Sleep(Moment),
    /// Nothing until something happens.
    Nothing,
}

impl<T> Handler<T> {
    pub(super) fn new(rules: Rules) -> Self {
        let line = || Line { ready: VecDeque::new(), sending: 0, waiting: false, queued: false };
        Handler {
            rules,
            room: ROOM_AT_FIRST.min(rules.concurrency),
            down: false,
            failed: None,
            behind: false,
            paused: None,
            open: true,
            window: Window::new(rules.rate),
            pace: Pace::default(),
            meter: Meter::default(),
            lines: [line(), line()],
        }
    }

    /// Goes by these rules from now on; whether they are others than before.
    pub(super) fn obey(&mut self, rules: Rules) -> bool {
        if self.rules.rate != rules.rate {
            self.window = Window::new(rules.rate);
        }
        self.room = self.room.min(rules.concurrency);
        std::mem::replace(&mut self.rules, rules) != rules
    }

    pub(super) fn line(&mut self, lane: Lane) -> &mut Line<T> {
        &mut self.lines[lane as usize]
    }

    /// Requests under way, by lane.
    pub(super) fn sending(&self) -> [usize; 2] {
        [self.lines[0].sending, self.lines[1].sending]
    }

    /// How it did lately.
    pub(super) fn standing(&self) -> Standing {
        match (self.down, self.failed.is_none() && !self.behind) {
            (true, _) => Standing::Down,
            (false, true) => Standing::Steady,
            (false, false) => Standing::Shaky,
        }
    }

    pub(super) fn is_paused(&self, now: Moment) -> bool {
        self.paused.is_some_and(|until| until > now)
    }

    /// How many deliveries should be fetched for a line.
    pub(super) fn appetite(&self, lane: Lane) -> usize {
        if !self.is_starving(lane) {
            return 0;
        }
        let line = &self.lines[lane as usize];
        let is_idle = line.ready.is_empty() && line.sending == 0;
        let most = if is_idle { FIRST_BITE } else { usize::MAX };
        most.min(self.most_ready()).saturating_sub(line.ready.len())
    }

    /// How many may lie ready in a line.
    fn most_ready(&self) -> usize {
        let (most, rate) = (self.room * AHEAD, self.rules.rate as usize);
        if rate == 0 { most } else { most.min(rate * SECONDS_AHEAD) }
    }

    /// Whether first tries may come that are not fetched: nothing waits before them, and they would be sent soon.
    pub(super) fn takes_more(&self) -> bool {
        let line = &self.lines[Lane::First as usize];
        !line.waiting && self.paused.is_none() && line.ready.len() < self.most_ready()
    }

    /// Whether a line runs low while the queue may hold more.
    pub(super) fn is_starving(&self, lane: Lane) -> bool {
        let line = &self.lines[lane as usize];
        line.waiting && line.ready.len() < self.room
    }

    /// Whether something could be sent, time permitting.
    pub(super) fn could_send(&self, lane: Lane) -> bool {
        let line = &self.lines[lane as usize];
        let in_all = self.sending().iter().sum::<usize>();
        !line.ready.is_empty() && line.sending < self.room && in_all < self.rules.in_all
    }

    /// Takes its turn, out of the ring.
    pub(super) fn turn(&mut self, lane: Lane, now: Moment) -> Turn<T> {
        self.line(lane).queued = false;
        if !self.could_send(lane) {
            return Turn::Nothing;
        }
        if let Some(until) = self.paused.filter(|until| *until > now) {
            return Turn::Sleep(until);
        }
        self.paused = None;
        if let Some(window) = &mut self.window
            && let Err(until) = window.take(now)
        {
            return Turn::Sleep(until);
        }
        let line = self.line(lane);
        let Some(item) = line.ready.pop_front() else { return Turn::Nothing };
        line.sending += 1;
        Turn::Send(item)
    }

    /// How it is done for, for people; `None` when there is nothing to say.
    pub(super) fn shown(&mut self, id: i64, now: Moment) -> Option<Shown> {
        let shown = Shown {
            outbound_id: id,
            room: self.room,
            most: self.rules.concurrency,
            sending: self.sending().iter().sum(),
            ready: self.lines.iter().map(|line| line.ready.len()).sum(),
            rate: self.meter.rate(now),
            is_busy: self.pace.is_busy(now),
            paused: self.paused.filter(|until| *until > now),
        };
        let has_work = shown.sending + shown.ready > 0 || shown.rate > 0.0;
        (has_work || shown.is_busy || shown.paused.is_some()).then_some(shown)
    }

    /// Adapts its room and its standing to how a try ended, which is still counted among those under way.
    pub(super) fn learn(&mut self, ended: Ended, now: Moment) {
        let concurrency = self.rules.concurrency;
        let is_stale = self.pace.end();
        if ended != Ended::Unsent {
            self.meter.note(now);
        }
        match ended {
            Ended::Taken => {
                self.room = self.pace.taken(self.room, now).min(concurrency);
                self.down = false;
                self.failed = self.failed.filter(|at| now.0.abs_diff(at.0) < STEADY);
            }
            Ended::Silent => {
                self.failed = Some(now);
                let least = LEAST_ROOM.min(concurrency);
                // Never more than a busy one had before.
                self.room = (self.room / 2).max(least).min(self.room);
                self.down = self.room <= least;
            }
            Ended::Busy => {
                self.failed = Some(now);
                self.down = false;
                if !is_stale {
                    let others = self.sending().iter().sum::<usize>() - 1;
                    let (room, pause) = self.pace.busy(self.room, others, now);
                    self.room = room;
                    self.paused = self.paused.max(pause);
                }
            }
            Ended::Answered => self.failed = Some(now),
            Ended::Unsent => {}
        }
    }
}
