//! Where a call is run: what changes nothing beside all others, what does one after the other.

use std::time::Duration;

use engine::Result;
use engine::method::Method;
use store::{Pending, Store, Tx};
use wire::Map;

use crate::system::batch;

/// How long a call may hold the writer, for which all others wait.
const WRITE_TIME: Duration = Duration::from_secs(1);

/// Where a call is run.
#[derive(Clone, Copy)]
pub enum Lane {
    Read,
    Write,
    /// For what goes through a whole table.
    WriteLong,
}

impl Lane {
    pub fn of(method: &Method, params: &Map) -> Self {
        if batch::any(method, params, |method| method.lengthy) {
            return Lane::WriteLong;
        }
        if batch::any(method, params, |method| method.writes) { Lane::Write } else { Lane::Read }
    }

    /// Whether it may change something.
    pub fn writes(self) -> bool {
        !matches!(self, Lane::Read)
    }

    pub fn run<T: Send + 'static>(
        self,
        store: &Store,
        job: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Pending<Result<T>> {
        match self {
            Lane::Read => store.read(job),
            Lane::Write => store.write_within(WRITE_TIME, job),
            Lane::WriteLong => store.write(job),
        }
    }
}
