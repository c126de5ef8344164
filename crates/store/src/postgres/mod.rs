//! PostgreSQL: threads that each own a connection, some for reads and some for writes.

mod address;
mod connect;
mod failure;
mod inspect;
mod placeholders;
mod session;
mod snapshots;
mod tls;
pub(crate) mod types;
mod worker;

use std::sync::Arc;
use std::thread;
use std::time::Duration;

pub(crate) use inspect::inspect;
pub(crate) use session::Session;

use crate::counters::Counters;
use crate::lane::{Lane, Queue};
use crate::{Error, Migration, Options};
use connect::Connector;
use worker::{Kind, Worker};

pub(crate) struct Postgres {
    url: String,
    connector: Connector,
    pub(crate) reads: Lane,
    /// For reads that took longer than most.
    pub(crate) long: Arc<Lane>,
    pub(crate) writes: Lane,
}

impl Postgres {
    pub(crate) fn open(
        url: &str,
        options: &Options,
        migrations: &[Migration],
        counters: &Arc<Counters>,
    ) -> Result<Postgres, Error> {
        let connector = Connector::new(url, counters)?;
        // The client may not be used within a runtime, and who opens a store may be in one.
        thread::scope(|scope| scope.spawn(|| connector.migrate(migrations)).join())
            .map_err(|_| Error::Panicked("a migration".into()))??;
        let lane = |kind: Kind, threads: usize, limit: Duration, overflow: Option<&Arc<Lane>>| {
            let workers = (0..threads.max(1))
                .map(|_| {
                    let overflow = overflow.map(Arc::clone);
                    Worker::new(
                        kind,
                        connector.clone(),
                        (limit, options.wait),
                        overflow,
                        Arc::clone(counters),
                    )
                })
                .map(|worker| move |queue: Queue| worker.serve(&queue))
                .collect();
            Lane::start(kind.name(), options.queue, workers)
        };
        let long = Arc::new(lane(Kind::Read, options.long_readers, options.timeout, None)?);
        Ok(Postgres {
            url: url.to_owned(),
            connector: connector.clone(),
            reads: lane(Kind::Read, options.readers, options.read_time.min(options.timeout), Some(&long))?,
            long,
            writes: lane(Kind::Write, options.writers, options.timeout, None)?,
        })
    }

    pub(crate) fn close(&self) {
        self.reads.close();
        self.long.close();
        self.writes.close();
    }
}
