//! Transactions on SQLite or PostgreSQL. Knows SQL; knows no CRM and no runtime.
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
//!     .write(|tx| tx.one("INSERT INTO note (text) VALUES (?) RETURNING id", &["tide".into()], |row| row.int(0)))
//!     .wait()?;
//! let count = store.read(|tx| tx.one("SELECT count(*) FROM note", &[], |row| row.int(0))).wait()?;
//! assert_eq!((id, count), (Some(1), Some(1)));
//! # Ok::<(), Error>(())
//! # }
//! ```

mod dialect;
mod error;
mod lane;
mod migrate;
mod options;
mod pending;
mod postgres;
mod sqlite;
mod store;
mod tx;
mod value;
mod work;

pub use dialect::Dialect;
pub use error::Error;
pub use migrate::Migration;
pub use options::{Location, Options};
pub use pending::Pending;
pub use store::{Gauges, Store};
pub use tx::Tx;
pub use value::{Cell, Param, Row};
