//! Rows that are written into the database by hand, as copies of those that were added through the door.

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use store::Location;

use super::part::Part;

/// Rows in one statement.
const STEP: u64 = 100_000;

/// Rows for each of the people.
pub(super) const PEOPLE: u64 = 1000;

/// Fills a part: adds what is missing from so many.
pub(super) fn fill(location: &Location, part: &Part, rows: u64) -> Result<(), String> {
    let mut database = Database::open(location)?;
    database.run("BEGIN")?;
    let mut from = 2;
    while from <= rows {
        let to = rows.min(from + STEP - 1);
        (part.multiply)(from, to, rows).iter().try_for_each(|script| database.run(script))?;
        from = to + 1;
    }
    (part.complete)(rows).iter().try_for_each(|script| database.run(script))?;
    database.finish(part.tables)
}

/// The beginning of a statement that has the numbers from one to another as `n` of `s`.
pub(super) fn series(from: u64, to: u64) -> String {
    format!(
        "WITH RECURSIVE s(n) AS (SELECT CAST({from} AS BIGINT) UNION ALL SELECT n + 1 FROM s WHERE n < {to})"
    )
}

/// The numbers that are kept beside rows, under these numbers; see `engine::entity::count`.
pub(super) fn counts(rows: u64, table: &str, numbers: &[i64]) -> String {
    let kept = |number: &i64| {
        let shards = number * 64;
        format!(
            "DELETE FROM crm_count WHERE id >= {shards} AND id < {shards} + 64; \
             INSERT INTO crm_count (id, items) VALUES ({shards}, {rows}); \
             DELETE FROM crm_item_block WHERE entity_type_id = {number}; \
             INSERT INTO crm_item_block (entity_type_id, block, shard, items) \
             SELECT {number}, id / 4096, 0, COUNT(*) FROM {table} GROUP BY id / 4096"
        )
    };
    numbers.iter().map(kept).collect::<Vec<_>>().join("; ")
}

/// The people for so many rows, as copies of Ann.
pub(super) fn people(rows: u64) -> String {
    let same = "active, is_admin, bot, last_name, date_register, timestamp_x";
    format!(
        "INSERT INTO portal_user (id, email, name, {same}) {} \
         SELECT n, 'p' || n || '@example.com', 'Person ' || n, {same} \
         FROM s CROSS JOIN (SELECT * FROM portal_user WHERE id = 2) t",
        series(3, rows / PEOPLE)
    )
}

enum Database {
    Sqlite(Connection),
    Postgres(Box<postgres::Client>),
}

impl Database {
    fn open(location: &Location) -> Result<Self, String> {
        match location {
            Location::Sqlite(path) => {
                let open = || {
                    let connection = Connection::open(path)?;
                    connection.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000")?;
                    // Indexes have it; see `store::sqlite`.
                    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
                    connection.create_scalar_function("fold", 1, flags, |call| {
                        Ok(call.get::<Option<String>>(0)?.map(|text| text.to_lowercase()))
                    })?;
                    Ok(connection)
                };
                open().map(Database::Sqlite).map_err(told)
            }
            Location::Postgres(url) => {
                let client = postgres::Client::connect(url, postgres::NoTls);
                client
                    .map(|client| Database::Postgres(Box::new(client)))
                    .map_err(|error| format!("{error:?}"))
            }
        }
    }

    fn run(&mut self, script: &str) -> Result<(), String> {
        match self {
            Database::Sqlite(connection) => connection.execute_batch(script).map_err(told),
            Database::Postgres(client) => client.batch_execute(script).map_err(|error| format!("{error:?}")),
        }
    }

    fn finish(mut self, tables: &[&str]) -> Result<(), String> {
        match self {
            Database::Sqlite(_) => self.run("COMMIT")?,
            Database::Postgres(_) => {
                for table in tables {
                    let number = format!(
                        "SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))"
                    );
                    self.run(&number)?;
                }
                self.run("COMMIT")?;
            }
        }
        // These stand alone.
        self.run(match self {
            Database::Sqlite(_) => "PRAGMA wal_checkpoint(TRUNCATE)",
            Database::Postgres(_) => "VACUUM ANALYZE",
        })
    }
}

#[allow(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn told(error: rusqlite::Error) -> String {
    format!("the portal's database: {error}")
}
