//! An answer that may still be on its way.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use crate::Error;

/// The answer to a job: a [`Future`] that needs no runtime, or something to [`wait`](Pending::wait) for.
/// Dropping it does not stop the job.
#[must_use = "a job may be refused; its answer says so"]
pub struct Pending<T> {
    state: State<T>,
    /// Makes the answer for a job that was dropped before it ran.
    closed: fn() -> T,
}

enum State<T> {
    Ready(T),
    Waiting(oneshot::AsyncReceiver<T>),
    Steps(Pin<Box<dyn Future<Output = T> + Send>>),
    Taken,
}

impl<T, E: From<Error>> Pending<Result<T, E>> {
    /// An answer that is there already.
    pub fn ready(answer: Result<T, E>) -> Self {
        Pending { state: State::Ready(answer), closed }
    }

    /// The answer at the end of several steps. They go on only while somebody awaits them or waits for them.
    pub fn steps(steps: impl Future<Output = Result<T, E>> + Send + 'static) -> Self {
        Pending { state: State::Steps(Box::pin(steps)), closed }
    }

    pub(crate) fn channel() -> (oneshot::Sender<Result<T, E>>, Self) {
        let (sender, receiver) = oneshot::async_channel();
        (sender, Pending { state: State::Waiting(receiver), closed })
    }
}

fn closed<T, E: From<Error>>() -> Result<T, E> {
    Err(Error::Closed.into())
}

impl<T> Pending<T> {
    /// Whether the answer was there at once, without another thread.
    pub fn is_ready(&self) -> bool {
        matches!(self.state, State::Ready(_))
    }

    /// Blocks until the answer is there. Not for asynchronous code, and not for use within a job: a lane
    /// would wait for itself.
    pub fn wait(self) -> T {
        if let State::Ready(answer) = self.state {
            return answer;
        }
        block_on(self)
    }
}

/// Blocks until a future that needs no runtime has ended. Not for asynchronous code.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(answer) => return answer,
            Poll::Pending => thread::park(),
        }
    }
}

// The answer is only ever moved, never pinned.
impl<T> Unpin for Pending<T> {}

impl<T> Future for Pending<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        match std::mem::replace(&mut self.state, State::Taken) {
            State::Ready(answer) => Poll::Ready(answer),
            State::Waiting(mut receiver) => match Pin::new(&mut receiver).poll(context) {
                Poll::Ready(answer) => Poll::Ready(answer.unwrap_or_else(|_| (self.closed)())),
                Poll::Pending => {
                    self.state = State::Waiting(receiver);
                    Poll::Pending
                }
            },
            State::Steps(mut steps) => {
                let polled = steps.as_mut().poll(context);
                if polled.is_pending() {
                    self.state = State::Steps(steps);
                }
                polled
            }
            State::Taken => panic!("a future was polled after it had given its answer"),
        }
    }
}
