//! Deliveries that are due, written into the database by hand: raising a million of them would take the day.

use rusqlite::{Connection, params};
use std::path::Path;
use std::thread::park_timeout;
use std::time::{Duration, Instant, SystemTime};

/// Adds as many, due now, to the webhooks in turn, as are missing from so many.
pub(crate) fn fill(data: &Path, outbounds: &[i64], count: usize) -> Result<(), String> {
    let insert = |connection: &mut Connection| {
        let transaction = connection.transaction()?;
        let question = "SELECT COUNT(*) FROM delivery WHERE state < 2";
        let there: u32 = transaction.query_row(question, [], |row| row.get(0))?;
        let sql = "INSERT INTO delivery (outbound_id, event_handler_id, event, object, data, hop, raised, ordered, \
                   state, lane, due, attempts) \
                   VALUES (?1, ?1, 'ONCRMLEADADD', ?2, ?3, 0, ?4, 0, 0, 0, ?4, 0)";
        let mut insert = transaction.prepare(sql)?;
        let now = i64::try_from(SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().as_micros());
        let now = now.unwrap_or_default();
        for (number, outbound) in (there as usize..count).zip(outbounds.iter().cycle()) {
            let data = format!("data%5BFIELDS%5D%5BID%5D={number}");
            insert.execute(params![outbound, format!("lead:{number}"), data, now])?;
        }
        drop(insert);
        transaction.commit()
    };
    open(data).and_then(|mut connection| insert(&mut connection)).map_err(told)
}

/// Waits until every outcome is written; when that was.
pub(crate) fn wait_until_settled(data: &Path) -> Result<Instant, String> {
    wait_while(data, "SELECT EXISTS (SELECT 1 FROM delivery WHERE state < 2)")
}

/// Waits until nothing is being sent.
pub(crate) fn wait_until_unleased(data: &Path) -> Result<Instant, String> {
    wait_while(data, "SELECT EXISTS (SELECT 1 FROM delivery WHERE state < 2 AND state = 1)")
}

fn wait_while(data: &Path, question: &str) -> Result<Instant, String> {
    /// Often enough for rounds of seconds.
    const PAUSE: Duration = Duration::from_millis(5);
    let connection = open(data).map_err(told)?;
    let mut question = connection.prepare(question).map_err(told)?;
    loop {
        let holds: bool = question.query_row([], |row| row.get(0)).map_err(told)?;
        if !holds {
            return Ok(Instant::now());
        }
        park_timeout(PAUSE);
    }
}

fn open(data: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(data.join("portreeve.db"))?;
    connection.busy_timeout(Duration::from_secs(30))?;
    Ok(connection)
}

#[allow(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn told(error: rusqlite::Error) -> String {
    format!("the portal's database: {error}")
}
