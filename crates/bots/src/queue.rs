//! Events that wait to be fetched, by a bot or by a person who asked for theirs.

use serde_json::Value as Json;
use store::Param;

use engine::call::Call;
use engine::error::Result;
use engine::moment;
use engine::timetable::{Job, Next, Task};
use wire::{Map, Value};

/// Forgets what nobody fetched.
pub const EXPIRE: Job = Job { kind: "bots.events", run: expire, every: Some(3600) };

/// Seconds for which events wait.
const LIFETIME: i64 = 24 * 3600;

/// Rows that one step forgets.
const STEP: i64 = 1000;

/// The queue of a bot.
pub fn of_bot(id: i64) -> String {
    format!("bot:{id}")
}

/// The queue of a person.
pub fn of_user(id: i64) -> String {
    format!("user:{id}")
}

/// Puts an event into a queue.
///
/// # Errors
/// Those of the store.
pub fn put(call: &mut Call<'_, '_>, queue: &str, event: &str, data: &Json) -> Result<()> {
    let sql = "INSERT INTO im_event (queue, type, date, data) VALUES (?, ?, ?, ?)";
    let params = [queue.into(), event.into(), call.now.seconds().into(), data.to_string().into()];
    call.tx.insert(sql, &params)?;
    Ok(())
}

/// Empties a queue.
///
/// # Errors
/// Those of the store.
pub fn clear(call: &mut Call<'_, '_>, queue: &str) -> Result<()> {
    call.tx.execute("DELETE FROM im_event WHERE queue = ?", &[queue.into()])?;
    Ok(())
}

/// The next events of queues. Those before `offset` were fetched, and go; without one nothing does.
///
/// # Errors
/// Those of the store.
pub fn fetch(call: &mut Call<'_, '_>, queues: &[String], offset: Option<i64>, limit: i64) -> Result<Value> {
    let names: Vec<Param<'_>> = queues.iter().map(|queue| queue.as_str().into()).collect();
    let among = store::placeholders(names.len());
    if let Some(offset) = offset {
        let sql = format!("DELETE FROM im_event WHERE queue IN ({among}) AND id < ?");
        call.tx.execute(&sql, &[names.clone(), vec![offset.into()]].concat())?;
    }
    let mut found = Vec::new();
    let sql =
        format!("SELECT id, type, date, data FROM im_event WHERE queue IN ({among}) ORDER BY id LIMIT ?");
    call.tx.query(&sql, &[names, vec![(limit + 1).into()]].concat(), |row| {
        let data: Json = serde_json::from_str(row.text(3)?).unwrap_or_default();
        found.push((row.int(0)?, row.text(1)?.to_owned(), row.int(2)?, data));
        Ok(())
    })?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().map_or(offset.unwrap_or(0), |(id, ..)| id + 1);
    let zone = call.caller.zone.clone();
    let event = |(id, kind, date, data): (i64, String, i64, Json)| {
        let mut event = Map::with_capacity(4);
        event.push("eventId", id);
        event.push("type", kind);
        event.push("date", moment::print(&zone, date).as_str());
        event.push("data", Value::from(data));
        Value::from(event)
    };
    let mut answer = Map::with_capacity(3);
    answer.push("events", found.into_iter().map(event).collect::<Vec<_>>());
    answer.push("nextOffset", next);
    answer.push("hasMore", has_more);
    Ok(answer.into())
}

fn expire(task: &mut Task<'_, '_>) -> Result<Next> {
    let sql =
        "DELETE FROM im_event WHERE id IN (SELECT id FROM im_event WHERE date < ? ORDER BY date LIMIT ?)";
    let gone = task.tx.execute(sql, &[(task.now.seconds() - LIFETIME).into(), STEP.into()])?;
    Ok(if i64::try_from(gone).unwrap_or(0) < STEP { Next::Done } else { Next::On(String::new()) })
}
