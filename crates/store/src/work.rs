//! A job on its way through a lane, whatever it answers.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use tracing::Span;

use crate::health::Health;
use crate::lane::Lane;
use crate::{Error, Pending, Tx, spans};

/// When a job that was content is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answered {
    /// When every other transaction sees its changes.
    WhenSeen,
    /// When they are on the disk, too.
    WhenOnDisk,
}

/// A job with its types forgotten. A lane runs it once or more, then answers or fails it, once.
pub(crate) trait Work: Send {
    /// When it is to be answered.
    fn answered(&self) -> Answered;
    /// How long ago it was submitted.
    fn waited(&self) -> Duration;
    /// How long it may run, when that is less than the lane's jobs may.
    fn limit(&self) -> Option<Duration>;
    /// Runs the job and holds its result back. The engine keeps or undoes the changes as the verdict says.
    fn run(&mut self, tx: Tx<'_>) -> Verdict;
    /// Whether it is run by itself, outside of the lane's transactions.
    fn is_alone(&self) -> bool {
        false
    }
    /// Runs such a job, once, and holds its result back.
    fn run_alone(&mut self) {}
    /// Sends the result of the last run.
    fn answer(self: Box<Self>);
    /// Sends an error instead of a result.
    fn fail(self: Box<Self>, error: Error);
}

/// How to treat the changes of a job.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// The job is content: keep them, if there are any.
    Keep { changed: bool },
    /// The job failed, and its result says why: undo them, if there may be any.
    Undo { changed: bool },
    /// A savepoint that was left out was needed: undo everything, and run it again with savepoints.
    Unsaved,
    /// The transaction is lost, whatever the job made of it.
    Lost(Error),
}

/// Runs a job within its span, and makes its result agree with the state of its transaction.
pub(crate) fn run<T, E: From<Error>>(
    job: &impl Fn(&mut Tx<'_>) -> Result<T, E>,
    tx: Tx<'_>,
    span: &Span,
) -> (Result<T, E>, Verdict) {
    let mut result = None;
    let ran = attempt(&mut |tx| result = Some(job(tx)), tx, span);
    let result = result.unwrap_or_else(|| Err(Error::Panicked(ran.panic.unwrap_or_default()).into()));
    let changed = ran.changed;
    match (ran.health, result) {
        (Health::Unsaved, result) => (result, Verdict::Unsaved),
        (Health::Fine, Ok(value)) => (Ok(value), Verdict::Keep { changed }),
        (Health::Lost(error), Ok(_)) => (Err(error.clone().into()), Verdict::Lost(error)),
        (Health::Lost(error), result) => (result, Verdict::Lost(error)),
        (Health::Failed(error), Ok(_)) => (Err(error.into()), Verdict::Undo { changed }),
        (_, Err(error)) => (Err(error), Verdict::Undo { changed }),
    }
}

/// What has become of a transaction in which a job ran.
struct Ran {
    health: Health,
    changed: bool,
    /// The words of the panic that ended the job.
    panic: Option<String>,
}

/// The part of [`run`] that is the same for the types of all jobs, so that it is compiled once.
fn attempt(job: &mut dyn FnMut(&mut Tx<'_>), mut tx: Tx<'_>, span: &Span) -> Ran {
    let (_within, began) = (span.enter(), spans::begins(span));
    let panic = catch_unwind(AssertUnwindSafe(|| job(&mut tx))).err();
    spans::worked(span, &tx, began);
    let (health, changed) = tx.end();
    Ran { health, changed, panic: panic.map(|panic| words(panic.as_ref())) }
}

/// Ends the span of a job that is answered. What the job waits for between its run and its answer, such as the disk, is in
/// its span.
fn close(span: Span) {
    drop(span.enter());
    drop(span);
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no words").to_owned()
}

struct Task<T, E, F> {
    submitted: Instant,
    span: Span,
    answered: Answered,
    limit: Option<Duration>,
    job: F,
    result: Option<Result<T, E>>,
    answer: oneshot::Sender<Result<T, E>>,
}

/// Packs a job with its span and puts it into a lane. A refusal is an answer, too.
pub(crate) fn submit<T, E, F>(
    lane: &Lane,
    span: Span,
    answered: Answered,
    limit: Option<Duration>,
    job: F,
) -> Pending<Result<T, E>>
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
{
    let (answer, pending) = Pending::channel();
    let task = Task { submitted: Instant::now(), span, answered, limit, job, result: None, answer };
    match lane.submit(Box::new(task)) {
        Ok(()) => pending,
        Err((error, _)) => Pending::ready(Err(error.into())),
    }
}

impl<T, E, F> Work for Task<T, E, F>
where
    T: Send,
    E: From<Error> + Send,
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send,
{
    fn answered(&self) -> Answered {
        self.answered
    }

    fn waited(&self) -> Duration {
        self.submitted.elapsed()
    }

    fn limit(&self) -> Option<Duration> {
        self.limit
    }

    fn run(&mut self, tx: Tx<'_>) -> Verdict {
        if self.result.is_none() {
            spans::waited(&self.span, || self.submitted.elapsed());
        }
        let (result, verdict) = run(&self.job, tx, &self.span);
        self.result = Some(result);
        verdict
    }

    fn answer(self: Box<Self>) {
        close(self.span);
        // Nobody may be listening any more; the job is done all the same.
        let _ = self.answer.send(self.result.unwrap_or_else(|| Err(Error::Closed.into())));
    }

    fn fail(self: Box<Self>, error: Error) {
        close(self.span);
        let _ = self.answer.send(Err(error.into()));
    }
}

/// Something that is done by itself while nothing else of its lane is run.
struct Alone<T, F> {
    job: Option<F>,
    result: Option<Result<T, Error>>,
    answer: oneshot::Sender<Result<T, Error>>,
}

/// Puts into a lane what is to be done while nothing else of it is run.
pub(crate) fn alone<T, F>(lane: &Lane, job: F) -> Pending<Result<T, Error>>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, Error> + Send + 'static,
{
    let (answer, pending) = Pending::channel();
    match lane.submit(Box::new(Alone { job: Some(job), result: None, answer })) {
        Ok(()) => pending,
        Err((error, _)) => Pending::ready(Err(error)),
    }
}

impl<T, F> Work for Alone<T, F>
where
    T: Send,
    F: FnOnce() -> Result<T, Error> + Send,
{
    fn answered(&self) -> Answered {
        Answered::WhenOnDisk
    }

    fn waited(&self) -> Duration {
        Duration::ZERO
    }

    fn limit(&self) -> Option<Duration> {
        None
    }

    fn run(&mut self, _: Tx<'_>) -> Verdict {
        // Only a lane that runs it alone takes it.
        Verdict::Undo { changed: false }
    }

    fn is_alone(&self) -> bool {
        true
    }

    fn run_alone(&mut self) {
        let job = self.job.take();
        self.result = job.map(|job| {
            catch_unwind(AssertUnwindSafe(job))
                .unwrap_or_else(|panic| Err(Error::Panicked(words(panic.as_ref()))))
        });
    }

    fn answer(self: Box<Self>) {
        // Nobody may be listening any more; the job is done all the same.
        let _ = self.answer.send(self.result.unwrap_or(Err(Error::Closed)));
    }

    fn fail(self: Box<Self>, error: Error) {
        let _ = self.answer.send(Err(error));
    }
}
