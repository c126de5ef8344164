//! PostgreSQL: threads that each own a connection, some for reads and some for writes.

pub(crate) mod types;
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::lane::Lane;
use crate::store::Counters;
use crate::{Error, Migration, Options, Param, Row};

pub(crate) struct Session;
impl Session {
    pub(crate) fn query(
        &mut self,
        _: &str,
        _: &[Param<'_>],
        _: &mut dyn FnMut(&Row<'_>) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        Err(Error::Closed)
    }
    pub(crate) fn execute(&mut self, _: &str, _: &[Param<'_>]) -> Result<u64, Error> {
        Err(Error::Closed)
    }
    pub(crate) fn control(&mut self, _: &str) -> Result<(), Error> {
        Err(Error::Closed)
    }
}

pub(crate) struct Postgres {
    pub(crate) reads: Lane,
    pub(crate) writes: Lane,
}

impl Postgres {
    pub(crate) fn open(_: &str, _: &Options, _: &[Migration], _: &Arc<Counters>) -> Result<Postgres, Error> {
        Err(Error::Database("PostgreSQL is being built".into()))
    }
    pub(crate) fn close(&self) {
        self.reads.close();
        self.writes.close();
    }
}
