//! The handlers, and what each of them does to its deliveries.

use super::ledger::Book;
use it::crowd::{Answer, Berth, Crowd, Handler};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Where the handlers are, which the operator allows; 127.0.0.1 stays forbidden.
pub const HERE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// A handler.
#[derive(Clone, Copy)]
pub struct Part {
    pub name: &'static str,
    /// Whether it takes everything in the end.
    pub takes: bool,
    /// Whether it is well all the time.
    pub well: bool,
    /// Whether nobody is there in the first half.
    late: bool,
    /// Whether its webhook is paused every now and then, and resumed.
    pub pauses: bool,
    /// Whether it is switched off in the first half, when it answers 410, and resumed.
    pub leaves: bool,
    conduct: Conduct,
}

#[derive(Clone, Copy)]
enum Conduct {
    Takes,
    /// Answers three of ten with 500
    Errs,
    /// Answers nothing in the first half, then leaves out one of fifty
    TimesOut,
    /// Resets one of ten
    Resets,
    /// Gets stuck in the answer to one of fifty
    SticksHalfWay,
    /// Asks for a pause once in a while
    AsksForTime,
    /// Sends everything on to where it must not go
    Redirects,
    /// Says once in a while, in the first half, that it is gone
    Leaves,
}

const fn part(name: &'static str, conduct: Conduct) -> Part {
    Part { name, takes: true, well: false, late: false, pauses: false, leaves: false, conduct }
}

/// Handlers that are well.
pub fn well() -> Vec<Part> {
    let takes = |name| Part { well: true, ..part(name, Conduct::Takes) };
    vec![takes("well"), takes("well, too")]
}

/// As many handlers as in [`all`], and nothing the matter with any.
pub fn all_well() -> Vec<Part> {
    all().into_iter().map(|one| Part { well: true, ..part(one.name, Conduct::Takes) }).collect()
}

/// Handlers of every kind.
pub fn all() -> Vec<Part> {
    let rest = [
        part("500 to three of ten", Conduct::Errs),
        part("times out, later 1 of 50", Conduct::TimesOut),
        part("resets one of ten", Conduct::Resets),
        part("sticks half-way, 1 of 50", Conduct::SticksHalfWay),
        part("429 with Retry-After", Conduct::AsksForTime),
        Part { takes: false, ..part("redirects to 127.0.0.1", Conduct::Redirects) },
        Part { late: true, ..part("down for the first half", Conduct::Takes) },
        Part { pauses: true, ..part("paused and resumed", Conduct::Takes) },
        Part { leaves: true, ..part("410, and resumed", Conduct::Leaves) },
    ];
    well().into_iter().chain(rest).collect()
}

/// The handlers at work.
pub struct Stage {
    urls: Vec<String>,
    /// Those who are not there yet.
    late: Vec<(Berth, Handler)>,
    first_half: Arc<AtomicBool>,
    strayed: Arc<AtomicU64>,
    crowds: Vec<Crowd>,
}

impl Stage {
    /// Opens for the first half. What arrives goes into the book.
    pub fn new(book: &Arc<Book>, parts: &[Part], calm: u64) -> Stage {
        let first_half = Arc::new(AtomicBool::new(true));
        let strayed = Arc::new(AtomicU64::new(0));
        let forbidden = Berth::new(Ipv4Addr::LOCALHOST);
        let redirect = Answer::redirect(&forbidden.url());
        let (mut urls, mut well, mut present, mut late) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (place, part) in parts.iter().enumerate() {
            let berth = Berth::new(HERE);
            urls.push(berth.url());
            let (conduct, first_half, redirect) = (part.conduct, Arc::clone(&first_half), redirect.clone());
            let decide =
                move |turn| conduct.answer(turn, calm, first_half.load(Ordering::Relaxed), &redirect);
            let handler = handler(Arc::clone(book), place, decide);
            let whose = match part {
                Part { late: true, .. } => &mut late,
                Part { well: true, .. } => &mut well,
                _ => &mut present,
            };
            whose.push((berth, handler));
        }
        let count = Arc::clone(&strayed);
        let nobody: Handler = Box::new(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
            Answer::OK
        });
        present.push((forbidden, nobody));
        // Those that are well have a thread of their own: what waits there waits for the courier, not for others' answers.
        let crowds = [well, present].into_iter().map(Crowd::start).collect();
        Stage { urls, late, first_half, strayed, crowds }
    }

    /// Where the handlers are.
    pub fn urls(&self) -> &[String] {
        &self.urls
    }

    /// From now on everybody is there.
    pub fn second_half(&mut self) {
        self.first_half.store(false, Ordering::Relaxed);
        if !self.late.is_empty() {
            self.crowds.push(Crowd::start(std::mem::take(&mut self.late)));
        }
    }

    /// How many requests came to the forbidden address.
    pub fn strayed(&self) -> u64 {
        self.strayed.load(Ordering::Relaxed)
    }
}

/// Decides by the number of the request, and writes down what it did.
fn handler(book: Arc<Book>, place: usize, decide: impl Fn(u64) -> Answer + Send + 'static) -> Handler {
    let mut turn = 0;
    Box::new(move |arrival| {
        turn += 1;
        let answer = decide(turn);
        // Half of a 200 is a 200: its head counts.
        book.note(place, arrival, answer == Answer::OK || answer == Answer::HALF);
        answer
    })
}

impl Conduct {
    fn answer(self, turn: u64, calm: u64, first_half: bool, redirect: &Answer) -> Answer {
        match self {
            Conduct::Errs if turn % 10 < 3 => Answer::ERROR,
            Conduct::TimesOut if first_half || turn.is_multiple_of(50) => Answer::SILENCE,
            Conduct::Resets if turn.is_multiple_of(10) => Answer::Reset,
            Conduct::SticksHalfWay if turn.is_multiple_of(50) => Answer::HALF,
            Conduct::AsksForTime if turn.is_multiple_of(calm) => Answer::LATER,
            Conduct::Redirects => redirect.clone(),
            Conduct::Leaves if first_half && turn.is_multiple_of(calm / 2) => Answer::GONE,
            _ => Answer::OK,
        }
    }
}
