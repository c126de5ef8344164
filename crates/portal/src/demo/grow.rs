//! Demo data of any size: the same number and the same seed make the same records, spread over the year before.
//!
//! Records are made by their methods, as of the moment at which they are said to have been made, some hundreds in one
//! transaction. The portal's state has a mark of how far that came, so that it goes on where it was stopped.

use std::sync::Arc;

use serde_json::{Value as Json, json};
use store::Tx;

use super::dice::Dice;
use super::kinds::{KINDS, Maker, TABLES, World};
use crate::portal::Portal;
use engine::error::Result;
use engine::moment::Moment;
use engine::state;

/// The key of the mark in the portal's state.
const MARK: &str = "demo_records";
/// Records of a transaction.
const STEP: u32 = 500;
/// The time over which they are spread, in seconds.
const YEAR: i64 = 365 * 24 * 3600;

/// Which records are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// How many; rows of products come beside.
    pub records: u32,
    /// Of which seed.
    pub seed: u32,
}

/// What there is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grown {
    /// Every record that was wanted.
    Whole,
    /// Those of another size or seed, and nothing was done.
    Other(Size),
}

/// How far it came.
struct Mark {
    size: Size,
    /// When it began, by which records are dated.
    began: i64,
    /// Records that were made.
    done: u32,
    /// The last number in each of [`TABLES`] when it began.
    before: [i64; 4],
}

/// Makes the records that are missing in a portal with the small demo. `told` is called with the number of those that are
/// there, from time to time.
///
/// # Errors
/// When the database fails.
pub fn grow(portal: &Portal, size: Size, now: Moment, told: impl Fn(u32)) -> Result<Grown> {
    let begin = move |tx: &mut Tx<'_>| match load(tx)? {
        Some(mark) => Ok::<_, engine::Error>(mark),
        None => {
            let mark = Mark { size, began: now.seconds(), done: 0, before: last(tx)? };
            save(tx, &mark)?;
            Ok(mark)
        }
    };
    let mark = portal.core().store.write(begin).wait()?;
    if mark.size != size {
        return Ok(Grown::Other(mark.size));
    }
    let mark = Arc::new(mark);
    let mut first = 0;
    for (kind, count) in counts(size.records).into_iter().enumerate() {
        if mark.done < first + count {
            grow_kind(portal, &mark, (kind, first, count), &told)?;
        }
        first += count;
    }
    Ok(Grown::Whole)
}

/// How many there are of each kind; contacts have what is left.
fn counts(records: u32) -> Vec<u32> {
    let part = |share: u32| (u64::from(records) * u64::from(share) / 1000) as u32;
    let mut counts: Vec<u32> = KINDS.iter().map(|kind| part(kind.share)).collect();
    let most = (0..KINDS.len()).max_by_key(|at| KINDS[*at].share).unwrap_or_default();
    counts[most] += records - counts.iter().sum::<u32>();
    counts
}

/// Makes those of one kind, whose first record has that number among all.
fn grow_kind(
    portal: &Portal,
    mark: &Arc<Mark>,
    (kind, first, count): (usize, u32, u32),
    told: &impl Fn(u32),
) -> Result<()> {
    let store = &portal.core().store;
    let before = mark.before;
    let world = Arc::new(store.read(move |tx: &mut Tx<'_>| world(tx, before)).wait()?);
    let mut next = mark.done.max(first);
    while next < first + count {
        let end = (next + STEP).min(first + count);
        let (same, mark, world) = (portal.clone(), Arc::clone(mark), Arc::clone(&world));
        let step = move |tx: &mut Tx<'_>| {
            for record in next..end {
                let place = (record - first, count);
                let dice = Dice::new(mark.size.seed, record);
                let at = dated(mark.began, place);
                let mut maker = Maker { portal: &same, tx, dice, world: &world, place, at };
                (KINDS[kind].make)(&mut maker)?;
            }
            save(tx, &Mark { done: end, ..*mark })
        };
        store.write(step).wait()?;
        next = end;
        told(next);
    }
    Ok(())
}

/// When the record at a place is made: they follow each other evenly through the year before.
fn dated(began: i64, (number, count): (u32, u32)) -> Moment {
    let passed = YEAR * i64::from(number) / i64::from(count.max(1));
    Moment((began - YEAR + passed) * 1_000_000)
}

/// The numbers of what was made since.
fn world(tx: &mut Tx<'_>, before: [i64; 4]) -> Result<World> {
    let mut world = World::default();
    for (at, table) in TABLES.iter().enumerate() {
        let sql = format!("SELECT id FROM {table} WHERE id > ? ORDER BY id");
        world[at] = tx.all(&sql, &[before[at].into()], |row| row.int(0))?;
    }
    Ok(world)
}

fn last(tx: &mut Tx<'_>) -> Result<[i64; 4]> {
    let mut last = [0; 4];
    for (at, table) in TABLES.iter().enumerate() {
        last[at] = tx
            .one(&format!("SELECT MAX(id) FROM {table}"), &[], |row| row.opt_int(0))?
            .flatten()
            .unwrap_or(0);
    }
    Ok(last)
}

fn load(tx: &mut Tx<'_>) -> Result<Option<Mark>> {
    let Some(text) = state::get(tx, MARK)? else { return Ok(None) };
    let mark: Json = serde_json::from_str(&text).unwrap_or_default();
    let number = |name: &str| mark[name].as_u64().and_then(|number| u32::try_from(number).ok()).unwrap_or(0);
    Ok(Some(Mark {
        size: Size { records: number("records"), seed: number("seed") },
        began: mark["began"].as_i64().unwrap_or(0),
        done: number("done"),
        before: std::array::from_fn(|at| mark["before"][at].as_i64().unwrap_or(0)),
    }))
}

fn save(tx: &mut Tx<'_>, mark: &Mark) -> Result<()> {
    let Mark { size: Size { records, seed }, began, done, before } = mark;
    let mark = json!({"records": records, "seed": seed, "began": began, "done": done, "before": before});
    state::set(tx, MARK, &mark.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_record_is_of_some_kind() {
        for records in [0, 1, 9, 1_000, 100_000] {
            assert_eq!(counts(records).iter().sum::<u32>(), records);
        }
        assert_eq!(counts(1000), KINDS.map(|kind| kind.share));
    }
}
