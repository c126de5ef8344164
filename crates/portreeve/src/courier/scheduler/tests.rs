//! Each rule of the scheduler.

use super::*;

const FREE: Rules = rules(64, 0);
const START: Moment = Moment(1_000_000_000_000_000);

const fn rules(concurrency: usize, rate: u32) -> Rules {
    Rules { concurrency, in_all: usize::MAX, rate }
}

fn after(seconds: f64) -> Moment {
    Moment(START.0 + (seconds * 1e6) as i64)
}

/// A scheduler whose items say for whom they are.
struct Trial {
    scheduler: Scheduler<(i64, Lane)>,
    /// Handed out and not yet ended.
    out: Vec<(i64, Lane)>,
}

impl Trial {
    fn new(rules: Rules) -> Self {
        Trial { scheduler: Scheduler::new(rules), out: Vec::new() }
    }

    /// Puts so many deliveries into the scheduler, as if they had been wanted.
    fn stock(&mut self, id: i64, lane: Lane, count: usize) {
        let want = Want { outbound_id: id, lane, count: count + 1 };
        self.scheduler.stock(want, vec![(id, lane); count]);
    }

    /// Hands out everything that may go now; how many.
    fn send(&mut self, now: Moment) -> usize {
        let before = self.out.len();
        for queue in [Queue::Prompt, Queue::Patient] {
            self.out.extend(std::iter::from_fn(|| self.scheduler.next(queue, now)));
        }
        self.out.len() - before
    }

    /// What is to be fetched now.
    fn wants(&mut self, queue: Queue) -> Vec<Want> {
        self.scheduler.wants(queue, usize::MAX, START)
    }

    fn count(&self, id: i64, lane: Lane) -> usize {
        self.out.iter().filter(|item| **item == (id, lane)).count()
    }

    /// Ends everything that is under way to a handler.
    fn end(&mut self, id: i64, ended: Ended) {
        self.end_at(START, id, ended);
    }

    fn end_at(&mut self, now: Moment, id: i64, ended: Ended) {
        let (its, others) = self.out.drain(..).partition(|(of, _)| *of == id);
        self.out = others;
        let its: Vec<(i64, Lane)> = its;
        for (id, lane) in its {
            self.scheduler.ended(id, lane, ended, now);
        }
    }

    /// Makes a handler known as one that is down.
    fn bring_down(&mut self, id: i64) {
        self.stock(id, Lane::First, 1);
        self.send(START);
        self.end(id, Ended::Silent);
    }
}

#[test]
fn room_begins_small_and_grows_with_each_success() {
    let mut trial = Trial::new(FREE);
    trial.stock(1, Lane::First, 1000);
    let mut seen = Vec::new();
    for _ in 0..5 {
        seen.push(trial.send(START));
        trial.end(1, Ended::Taken);
    }
    assert_eq!(seen, [8, 16, 32, 64, 64]);
}

#[test]
fn room_is_halved_by_silence_and_by_nothing_else() {
    let mut trial = Trial::new(FREE);
    trial.stock(1, Lane::First, 1000);
    for _ in 0..4 {
        trial.send(START);
        trial.end(1, Ended::Taken);
    }
    for ended in [Ended::Answered, Ended::Unsent] {
        assert_eq!(trial.send(START), 64);
        trial.end(1, ended);
    }
    trial.send(START);
    let mut rooms = Vec::new();
    for _ in 0..5 {
        trial.scheduler.ended(1, Lane::First, Ended::Silent, START);
        trial.out.pop();
        rooms.push(trial.scheduler.handlers[&1].room);
    }
    assert_eq!(rooms, [32, 16, 8, 4, 4]);
}

#[test]
fn a_small_concurrency_is_kept() {
    let mut trial = Trial::new(rules(2, 0));
    trial.stock(1, Lane::First, 10);
    assert_eq!(trial.send(START), 2);
    trial.end(1, Ended::Silent);
    assert_eq!(trial.send(START), 2);
    trial.end(1, Ended::Taken);
    assert_eq!(trial.send(START), 2);
}

#[test]
fn first_tries_never_queue_behind_retries() {
    let mut trial = Trial::new(FREE);
    trial.stock(1, Lane::Retry, 100);
    assert_eq!(trial.send(START), 8);
    trial.stock(1, Lane::First, 100);
    assert_eq!(trial.send(START), 8);
    assert_eq!(trial.count(1, Lane::First), 8);
}

#[test]
fn each_lane_is_bounded_for_all_together() {
    let mut trial = Trial::new(FREE);
    for id in 0..200 {
        trial.stock(id, Lane::First, 8);
        trial.stock(id, Lane::Retry, 8);
    }
    assert_eq!(trial.send(START), 1024 + 256);
    assert_eq!((trial.scheduler.sending(Lane::First), trial.scheduler.sending(Lane::Retry)), (1024, 256));
    let ended = trial.count(7, Lane::First) + trial.count(7, Lane::Retry);
    trial.end(7, Ended::Answered);
    assert!(ended > 0);
    assert_eq!(trial.send(START), ended, "what ended makes room");
}

#[test]
fn handlers_that_are_down_have_half_of_each_lane_at_most() {
    let mut trial = Trial::new(FREE);
    for id in 0..400 {
        trial.bring_down(id);
    }
    for id in 0..400 {
        trial.stock(id, Lane::First, 16);
        trial.stock(id, Lane::Retry, 16);
    }
    assert_eq!(trial.send(START), 512 + 128);
    for id in 400..500 {
        trial.stock(id, Lane::First, 8);
        trial.stock(id, Lane::Retry, 8);
    }
    trial.send(START);
    let well = |lane| trial.out.iter().filter(|(id, of)| *id >= 400 && *of == lane).count();
    assert_eq!(
        (well(Lane::First), well(Lane::Retry)),
        (512, 128),
        "the other half is for those that are well"
    );
    // Whoever takes something is not down any more.
    for id in 0..400 {
        trial.end(id, Ended::Taken);
    }
    trial.send(START);
    assert_eq!(trial.scheduler.sending(Lane::First), 1024);
    for id in 0..500 {
        trial.end(id, Ended::Silent);
    }
    assert_eq!(trial.scheduler.sending_to_down, [0, 0], "the books balance");
}

#[test]
fn handlers_take_turns() {
    let mut trial = Trial::new(FREE);
    for id in 1..=3 {
        trial.stock(id, Lane::First, 3);
    }
    trial.send(START);
    let order: Vec<i64> = trial.out.iter().map(|(id, _)| *id).collect();
    assert_eq!(order, [1, 2, 3, 1, 2, 3, 1, 2, 3]);
}

#[test]
fn a_rate_is_kept_and_says_when_it_goes_on() {
    let mut trial = Trial::new(rules(1000, 10));
    trial.stock(1, Lane::First, 50);
    for _ in 0..2 {
        trial.send(START);
        trial.end(1, Ended::Taken);
    }
    assert_eq!(trial.send(START), 0, "10 went out at once, and that is all for a second");
    assert_eq!(trial.scheduler.wakes(), Some(after(1.0)));
    assert_eq!(trial.send(after(0.99)), 0);
    assert_eq!(trial.send(after(1.0)), 10);
    trial.end(1, Ended::Taken);
    assert_eq!(trial.send(after(100.0)), 10, "what was not used does not pile up");
    trial.stock(2, Lane::First, 1);
    assert_eq!(trial.send(after(100.0)), 1, "others have a rate of their own");
}

/// Limits that the owner of webhook 1 sets.
fn own(rate: Option<u32>, concurrency: Option<u32>) -> HashMap<i64, Limits> {
    HashMap::from([(1, Limits { rate, concurrency })])
}

#[test]
fn no_second_has_more_than_the_owner_allows() {
    let mut trial = Trial::new(rules(64, 500));
    trial.scheduler.limit(own(Some(3), None));
    trial.stock(1, Lane::First, 500);
    trial.stock(1, Lane::Retry, 500);
    trial.stock(2, Lane::First, 10);
    // A tenth of a second apart; all of it is taken at once.
    let sent: Vec<usize> = (0..100)
        .map(|tenth| {
            let now = after(f64::from(tenth) / 10.0);
            trial.send(now);
            let count = trial.count(1, Lane::First) + trial.count(1, Lane::Retry);
            trial.end_at(now, 1, Ended::Taken);
            count
        })
        .collect();
    assert!(sent.windows(10).all(|second| second.iter().sum::<usize>() <= 3), "{sent:?}");
    assert_eq!(sent.iter().sum::<usize>(), 30, "and what is allowed is used");
    assert_eq!(trial.count(2, Lane::First), 8, "others are as the operator decides");
}

#[test]
fn an_owners_concurrency_holds_for_first_tries_and_retries_together() {
    let mut trial = Trial::new(FREE);
    trial.scheduler.limit(own(None, Some(3)));
    trial.stock(1, Lane::First, 100);
    trial.stock(1, Lane::Retry, 100);
    let mut lanes = [0, 0];
    for _ in 0..20 {
        trial.send(START);
        let now = Lane::ALL.map(|lane| trial.count(1, lane));
        assert_eq!(now.iter().sum::<usize>(), 3);
        lanes = [lanes[0] + now[0], lanes[1] + now[1]];
        trial.end(1, Ended::Taken);
    }
    // It is steady, so its first tries go before anything else.
    assert_eq!(lanes, [60, 0]);
    trial.send(START);
    trial.end(1, Ended::Answered);
    lanes = [0, 0];
    for _ in 0..20 {
        trial.send(START);
        let now = Lane::ALL.map(|lane| trial.count(1, lane));
        assert_eq!(now.iter().sum::<usize>(), 3);
        lanes = [lanes[0] + now[0], lanes[1] + now[1]];
        trial.end(1, Ended::Answered);
    }
    assert!(lanes.iter().all(|count| *count >= 20), "neither holds up the other: {lanes:?}");
}

#[test]
fn an_owners_limits_hold_at_once_and_end_at_once() {
    let mut trial = Trial::new(rules(64, 0));
    trial.stock(1, Lane::First, 1000);
    for _ in 0..3 {
        trial.send(START);
        trial.end(1, Ended::Taken);
    }
    assert_eq!(trial.send(START), 64);
    trial.scheduler.limit(own(None, Some(2)));
    let pace = trial.scheduler.paces(1, START)[0];
    assert_eq!((pace.room, pace.most), (2, 2), "people see it");
    for _ in 0..62 {
        trial.scheduler.ended(1, Lane::First, Ended::Taken, START);
        trial.out.pop();
        assert_eq!(trial.send(START), 0, "nothing new while more are under way");
    }
    trial.end(1, Ended::Taken);
    assert_eq!(trial.send(START), 2);
    // Once nothing limits it, it grows again from there.
    trial.scheduler.limit(HashMap::new());
    trial.scheduler.forgive(1);
    trial.end(1, Ended::Taken);
    assert_eq!(trial.send(START), 10);
}

#[test]
fn the_operators_limits_hold_for_owners() {
    let operator = rules(8, 10);
    for (rate, concurrency, then) in [
        (None, None, operator),
        (Some(20), Some(20), Rules { in_all: 20, ..operator }),
        (Some(5), Some(2), Rules { concurrency: 2, in_all: 2, rate: 5 }),
    ] {
        assert_eq!(operator.within(Limits { rate, concurrency }), then);
    }
    assert_eq!(rules(8, 0).within(Limits { rate: Some(5), concurrency: None }).rate, 5);
}

#[test]
fn a_pause_gives_back_what_lies_ready_and_ends() {
    let mut trial = Trial::new(FREE);
    trial.stock(1, Lane::First, 20);
    trial.stock(1, Lane::Retry, 5);
    assert_eq!(trial.send(START), 13);
    let back = trial.scheduler.pause(1, after(30.0), START);
    assert_eq!(back.len(), 12);
    trial.scheduler.hear(1, Lane::First);
    assert!(trial.wants(Queue::Prompt).is_empty(), "nothing is fetched for it");
    trial.stock(1, Lane::First, 1);
    trial.end(1, Ended::Answered);
    assert_eq!(trial.send(START), 0, "nor is sent what was on its way to the scheduler");
    assert_eq!(trial.scheduler.wakes(), Some(after(30.0)));
    assert_eq!(trial.send(after(30.0)), 1);
    trial.scheduler.hear(1, Lane::First);
    assert_eq!(trial.scheduler.wants(Queue::Patient, usize::MAX, after(30.0)).len(), 1);
}

#[test]
fn a_handler_that_was_changed_begins_anew() {
    let mut trial = Trial::new(FREE);
    trial.bring_down(1);
    assert!(trial.scheduler.pause(1, after(30.0), START).is_empty());
    trial.scheduler.forgive(1);
    trial.stock(1, Lane::First, 100);
    assert_eq!(trial.send(START), 8);
}

#[test]
fn fetching_keeps_some_rounds_ahead() {
    let mut trial = Trial::new(FREE);
    assert!(trial.wants(Queue::Prompt).is_empty());
    trial.scheduler.hear(1, Lane::First);
    trial.scheduler.hear(1, Lane::First);
    let wants = trial.wants(Queue::Prompt);
    assert_eq!(
        wants.iter().map(|want| (want.outbound_id, want.count)).collect::<Vec<_>>(),
        [(1, 16)],
        "a bite"
    );
    trial.scheduler.stock(wants[0], vec![(1, Lane::First); 16]);
    assert!(trial.wants(Queue::Patient).is_empty(), "there is enough");
    trial.send(START);
    assert!(trial.wants(Queue::Patient).is_empty(), "8 are left for a room of 8");
    trial.end(1, Ended::Taken);
    trial.send(START);
    let wants = trial.wants(Queue::Patient);
    assert_eq!(wants[0].count, 16 * 4);
    trial.scheduler.stock(wants[0], vec![(1, Lane::First); 3]);
    assert!(trial.wants(Queue::Patient).is_empty(), "fewer than wanted: that was all");
}

#[test]
fn what_is_heard_while_a_claim_is_under_way_is_not_forgotten() {
    let mut trial = Trial::new(FREE);
    trial.scheduler.hear(1, Lane::First);
    let wants = trial.wants(Queue::Prompt);
    trial.scheduler.hear(1, Lane::First);
    trial.scheduler.stock(wants[0], Vec::new());
    assert_eq!(trial.wants(Queue::Prompt).len(), 1);
}

#[test]
fn fetching_is_bounded_by_rate_and_in_all() {
    let mut trial = Trial::new(rules(64, 1));
    trial.scheduler.hear(1, Lane::First);
    assert_eq!(trial.wants(Queue::Prompt)[0].count, 10);

    let mut trial = Trial::new(FREE);
    trial.stock(0, Lane::First, MAX_READY - 2);
    for id in 1..=3 {
        trial.scheduler.hear(id, Lane::First);
    }
    let wants = trial.wants(Queue::Prompt);
    assert_eq!(wants.iter().map(|want| want.count).collect::<Vec<_>>(), [1, 1]);
    for want in wants {
        trial.scheduler.stock(want, Vec::new());
    }
    assert_eq!(trial.scheduler.clear().len(), MAX_READY - 2);
    assert_eq!(trial.wants(Queue::Prompt).len(), 1, "the third is served when there is space again");
}

#[test]
fn a_steady_handler_has_a_queue_of_its_own() {
    let mut trial = Trial::new(FREE);
    let queue = |trial: &Trial| Queue::of(Lane::First, trial.scheduler.handlers[&1].standing());
    trial.stock(1, Lane::First, 1000);
    trial.send(START);
    assert_eq!(queue(&trial), Queue::Prompt, "a new one is not made to wait");
    trial.end(1, Ended::Answered);
    assert_eq!(queue(&trial), Queue::Patient);
    trial.stock(2, Lane::First, 8);
    let mut ids = |queue| -> Vec<i64> {
        std::iter::from_fn(|| trial.scheduler.next(queue, START)).map(|(id, _)| id).collect()
    };
    assert_eq!(ids(Queue::Prompt), [2; 8], "the steady one alone");
    assert_eq!(ids(Queue::Patient), [1; 8]);
}

#[test]
fn a_minute_without_a_failure_makes_a_handler_steady_again() {
    let mut trial = Trial::new(FREE);
    let queue = |trial: &Trial| Queue::of(Lane::First, trial.scheduler.handlers[&1].standing());
    trial.stock(1, Lane::First, 1000);
    for (seconds, ended, then) in [
        (0.0, Ended::Taken, Queue::Prompt),
        (1.0, Ended::Silent, Queue::Patient),
        (60.9, Ended::Taken, Queue::Patient),
        (60.9, Ended::Answered, Queue::Patient),
        (61.1, Ended::Taken, Queue::Patient),
        (121.0, Ended::Taken, Queue::Prompt),
    ] {
        trial.send(after(seconds));
        trial.end_at(after(seconds), 1, ended);
        assert_eq!(queue(&trial), then, "after {seconds}");
    }
}

#[test]
fn what_can_wait_is_fetched_in_small_portions_for_everybody() {
    let mut trial = Trial::new(FREE);
    for id in 1..=8 {
        trial.scheduler.hear(id, Lane::Retry);
    }
    trial.scheduler.hear(9, Lane::First);
    assert_eq!(trial.wants(Queue::Prompt).len(), 1);
    let wants = trial.scheduler.wants(Queue::Patient, 64, START);
    assert_eq!(wants.iter().map(|want| want.count).collect::<Vec<_>>(), [8; 8]);
}

#[test]
fn a_backlog_does_not_come_before_the_news_for_others() {
    let mut trial = Trial::new(FREE);
    let queue = |trial: &Trial| Queue::of(Lane::First, trial.scheduler.handlers[&1].standing());
    trial.scheduler.hear(1, Lane::First);
    let want = trial.wants(Queue::Prompt)[0];
    trial.scheduler.stock(want, vec![(1, Lane::First); want.count]);
    assert_eq!(queue(&trial), Queue::Patient, "there is more where that came from");
    while queue(&trial) == Queue::Patient {
        trial.send(START);
        trial.end(1, Ended::Taken);
        for want in trial.wants(Queue::Patient) {
            trial.scheduler.stock(want, vec![(1, Lane::First); want.count.min(40)]);
        }
    }
    assert!(trial.wants(Queue::Prompt).is_empty(), "that was all");
}

#[test]
fn it_says_for_which_queue_something_waits() {
    let mut trial = Trial::new(FREE);
    let waits =
        |trial: &Trial| [Queue::Prompt, Queue::Patient].map(|queue| trial.scheduler.is_waiting(queue));
    assert_eq!(waits(&trial), [false, false]);
    trial.stock(1, Lane::First, 1);
    assert_eq!(waits(&trial), [true, false]);
    trial.send(START);
    trial.end(1, Ended::Answered);
    trial.stock(1, Lane::Retry, 1);
    assert_eq!(waits(&trial), [false, true]);
    trial.send(START);
    assert_eq!(waits(&trial), [false, false]);
    trial.scheduler.hear(1, Lane::First);
    assert_eq!(waits(&trial), [false, true], "to be fetched");
}

/// What was said last about a handler's room for what is not fetched.
fn room(trial: &mut Trial, id: i64) -> Option<bool> {
    trial.scheduler.news().filter(|(of, _)| *of == id).map(|(_, is_open)| is_open).last()
}

#[test]
fn first_tries_come_by_themselves_while_nothing_waits_and_there_is_room() {
    let mut trial = Trial::new(FREE);
    trial.scheduler.hear(1, Lane::First);
    assert_eq!(room(&mut trial, 1), Some(false), "something waits");
    let want = trial.wants(Queue::Prompt)[0];
    trial.scheduler.stock(want, vec![(1, Lane::First)]);
    assert_eq!(room(&mut trial, 1), Some(true), "that was all");
    // Eight at once, and four times as many ready.
    for _ in 0..31 {
        trial.scheduler.put(1, (1, Lane::First));
    }
    assert_eq!(room(&mut trial, 1), Some(false));
    assert_eq!(trial.send(START), 8);
    assert_eq!(room(&mut trial, 1), Some(true));
    trial.scheduler.hear(1, Lane::First);
    assert_eq!(room(&mut trial, 1), Some(false));
}

#[test]
fn nothing_comes_by_itself_to_who_asked_to_be_left_alone() {
    let mut trial = Trial::new(FREE);
    trial.stock(1, Lane::First, 3);
    assert_eq!((trial.send(START), room(&mut trial, 1)), (3, None), "it has room from the start");
    assert!(trial.scheduler.pause(1, after(10.0), START).is_empty());
    assert_eq!(room(&mut trial, 1), Some(false));
    trial.stock(1, Lane::First, 1);
    assert_eq!((trial.send(after(9.0)), room(&mut trial, 1)), (0, None));
    assert_eq!((trial.send(after(10.0)), room(&mut trial, 1)), (1, Some(true)));
}

#[test]
fn a_busy_handler_is_cut_once_for_what_was_under_way_and_grows_slowly() {
    let mut trial = Trial::new(FREE);
    trial.stock(1, Lane::First, 1000);
    let mut seen = Vec::new();
    for ended in [Ended::Taken, Ended::Busy, Ended::Taken, Ended::Taken, Ended::Busy, Ended::Busy] {
        seen.push(trial.send(START));
        trial.end(1, ended);
    }
    seen.push(trial.send(START));
    assert_eq!(seen, [8, 16, 10, 11, 12, 8, 5]);
}

#[test]
fn pauses_come_between_the_requests_when_one_is_too_many() {
    let mut trial = Trial::new(rules(1, 0));
    trial.stock(1, Lane::First, 1000);
    let mut at = 0.0;
    for pause in [0.1, 0.2, 0.4, 0.8] {
        assert_eq!(trial.send(after(at)), 1);
        trial.end_at(after(at), 1, Ended::Busy);
        assert_eq!(trial.send(after(at + pause - 0.01)), 0, "{pause}");
        at += pause;
    }
    for _ in 0..3 {
        assert_eq!(trial.send(after(at)), 1, "success ends them");
        trial.end_at(after(at), 1, Ended::Taken);
    }
    assert_eq!(trial.send(after(at)), 1);
    trial.end_at(after(at), 1, Ended::Busy);
    assert_eq!(trial.scheduler.handlers[&1].paused, Some(after(at + 0.2)), "and are not quite forgotten");
}

#[test]
fn a_short_pause_leaves_ready_what_is_ready() {
    let mut trial = Trial::new(FREE);
    trial.stock(1, Lane::First, 20);
    assert!(trial.scheduler.pause(1, after(1.0), START).is_empty());
    assert_eq!((trial.send(after(0.9)), trial.send(after(1.0))), (0, 8));
}
