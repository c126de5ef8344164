//! Transactions on SQLite or PostgreSQL. Knows SQL; knows no CRM and no runtime.
//!
//! One SQL for both engines, with `?` for parameters and [`Dialect`] where they differ. What else to mind:
//!
//! - Columns are made with the tokens of [`Dialect::expand`], so that whole numbers have 64 bits and text is
//!   ordered by its bytes everywhere.
//! - Nothing is inserted into an `{id}` column: PostgreSQL would give the same number again. Numbers are
//!   given in order, but PostgreSQL leaves out those of jobs that failed.
//! - A condition is a comparison (PostgreSQL refuses `WHERE 1`); as a column it reads as 1 or 0.
//! - `ORDER BY` says `NULLS FIRST` or `NULLS LAST` where there can be any: the engines' habits differ.
//! - PostgreSQL must be able to tell the type of a parameter: not `? IS NULL` but `CAST(? AS TEXT) IS NULL`.
//! - SQLite's writers come one after the other. PostgreSQL's run at once, each on a state of its own
//!   (REPEATABLE READ): two that change the same row are put in order, two that each rely on what the other
//!   changes are not, unless they read it with [`Dialect::for_update`].
//! - Constraints are not deferred: one that fails at COMMIT would fail a whole group.
//!
//! ```
//! # fn main() -> Result<(), store::Error> {
//! use store::{Error, Location, Migration, Options, Store};
//!
//! let migrations = [Migration { version: 1, name: "notes", sql: "CREATE TABLE note (id {id}, text {text} NOT NULL);\n" }];
//! # let directory = tempfile::tempdir().expect("a directory");
//! # let path = directory.path().join("notes.db");
//! let store = Store::open(&Location::Sqlite(path), &Options::default(), &migrations)?;
//! let id = store
//!     .write(|tx| tx.insert("INSERT INTO note (text) VALUES (?)", &["tide".into()]))
//!     .wait()?;
//! let count = store.read(|tx| tx.one("SELECT count(*) FROM note", &[], |row| row.int(0))).wait()?;
//! assert_eq!((id, count), (1, Some(1)));
//! # Ok::<(), Error>(())
//! # }
//! ```

mod counters;
mod dialect;
mod error;
mod health;
mod inspect;
mod lane;
mod migrate;
mod options;
mod pending;
mod postgres;
mod rows;
mod snapshots;
mod spans;
mod sqlite;
mod store;
mod trouble;
mod tx;
mod value;
mod work;

pub use dialect::Dialect;
pub use error::Error;
pub use inspect::inspect;
pub use migrate::{Migration, lacking, migrate};
pub use options::{Location, Options};
pub use pending::{Pending, block_on};
pub use rows::{columns, placeholders, rows};
pub use snapshots::{Snapshot, SnapshotName};
pub use spans::SPANS;
pub use store::{Gauges, Store};
pub use tx::{Tx, Work};
pub use value::{Cell, Param, Row};
