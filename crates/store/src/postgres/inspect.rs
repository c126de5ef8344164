//! Looking at a database that nodes may be writing to.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::connect::Connector;
use crate::tx::{Engine, Savepoints};
use crate::{Error, Tx};

/// See [`inspect`](crate::inspect()).
pub(crate) fn inspect<T: Send, E: From<Error> + Send>(
    url: &str,
    limit: Duration,
    job: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send,
) -> Result<T, E> {
    let connector = Connector::new(url, &Arc::default())?;
    let look = move || {
        let mut session = connector.connect(limit)?;
        session.control("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        let end = Instant::now().checked_add(limit);
        // The transaction ends with the connection.
        job(&mut Tx::new(Engine::Postgres(&mut session), Savepoints::Made).reading(true).until(end))
    };
    // The client may not be used within a runtime.
    let looked = thread::scope(|scope| scope.spawn(look).join());
    looked.map_err(|_| E::from(Error::Panicked("a look at the database".into())))?
}
