//! What the rules decided about one call: once, however often the call runs.

use std::pin::Pin;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use parking_lot::Mutex;

use super::hit::{Hit, Struck};

/// Waits so long, as only the program can.
pub type Wait = fn(Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;

/// The decisions about a call and the commands of its batch.
#[derive(Debug, Default)]
pub struct Decided {
    call: OnceLock<Struck>,
    commands: Mutex<Vec<Option<Hit>>>,
    has_waited: AtomicBool,
    wait: Option<Wait>,
}

impl Decided {
    /// Of a call whose caller can be kept waiting.
    pub fn waiting(wait: Wait) -> Self {
        Decided { wait: Some(wait), ..Decided::default() }
    }

    /// About the call.
    pub fn call(&self, decide: impl FnOnce() -> Struck) -> &Struck {
        self.call.get_or_init(decide)
    }

    /// About the command at that place.
    pub fn command(&self, at: usize, decide: impl FnOnce() -> Option<Hit>) -> Option<Hit> {
        let mut commands = self.commands.lock();
        if commands.len() <= at {
            commands.push(decide());
        }
        commands.get(at).cloned().flatten()
    }

    /// The rule that hit the call.
    pub fn hit(&self) -> Option<&Hit> {
        self.call.get()?.hit.as_ref()
    }

    /// The number of the first rule that hit the call or a command of it.
    pub fn rule(&self) -> Option<i64> {
        let of_command = || self.commands.lock().iter().flatten().map(|hit| hit.rule).next();
        self.hit().map(|hit| hit.rule).or_else(of_command)
    }

    /// How long the call has to wait before it is performed, the first time that is asked.
    pub fn pause(&self) -> Option<Duration> {
        let pause = self.hit().filter(|hit| !hit.after).map(|hit| hit.pause)?;
        (!pause.is_zero() && !self.has_waited.swap(true, Relaxed)).then_some(pause)
    }

    /// Waits, if its caller can be kept waiting.
    pub async fn wait(&self, pause: Duration) {
        if let Some(wait) = self.wait {
            wait(pause).await;
        }
    }
}
