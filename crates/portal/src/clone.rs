//! A portal that is made as a copy of another one: what is read, how far it is, and what became of it. Where it is read from
//! is a matter of the program.

use std::time::Duration;

use engine::copy::{self, Copying, Dangling, Known, Step, Target, Told};
use engine::error::Result;
use engine::meta::Meta;
use engine::moment::Clock;
use engine::{Moment, state};
use people::user;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::{Pending, Tx};
use wire::{Map, Value};

use crate::modules::copies;
use crate::portal::Portal;

pub mod files;

/// Under this name the portal's state keeps of which portal it is a copy. The progress of a step stands behind it.
const CLONE: &str = "clone";

/// How long the rows of one request may be written.
const LONGEST: Duration = Duration::from_secs(300);

/// What a portal is a copy of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Its address, without what is secret.
    pub portal: String,
    /// As whom it was read.
    pub user: i64,
    /// Whether everything was read.
    pub done: bool,
}

/// How far a step is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The number behind which it goes on.
    pub behind: i64,
    /// The place at which it goes on.
    pub start: i64,
    /// Whether it is over.
    pub done: bool,
    /// Why nothing of it was taken.
    pub skipped: Option<String>,
    /// How many rows the other portal has, as far as it said so.
    pub total: Option<i64>,
    /// What became of the rows.
    pub told: Told,
}

impl Progress {
    /// Whether nothing of it was read yet.
    pub fn is_fresh(&self) -> bool {
        self.behind == 0 && self.start == 0 && !self.done && self.told == Told::default()
    }
}

/// Whether a portal may become a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is new.
    New,
    /// It is a copy of that portal.
    Copy(Origin),
    /// It is a portal of its own.
    Own,
}

/// What a portal is.
pub fn standing(portal: &Portal) -> Pending<Result<Standing>> {
    portal.core().store.read(|tx: &mut Tx<'_>| {
        Ok(match origin(tx)? {
            Some(origin) => Standing::Copy(origin),
            None if user::list(tx)?.is_empty() => Standing::New,
            None => Standing::Own,
        })
    })
}

fn origin(tx: &mut Tx<'_>) -> Result<Option<Origin>> {
    Ok(state::get(tx, CLONE)?.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Notes of what a portal is a copy.
pub fn note(portal: &Portal, origin: &Origin) -> Pending<Result<()>> {
    let text = serde_json::to_string(origin).unwrap_or_default();
    portal.core().store.write(move |tx: &mut Tx<'_>| state::set(tx, CLONE, &text))
}

/// All steps as far as is known by now, with how far they are.
pub fn plan(portal: &Portal, now: Moment) -> Pending<Result<Vec<(Step, Progress)>>> {
    let core = portal.core().clone();
    portal.core().store.read(move |tx: &mut Tx<'_>| {
        let shared = core.current(tx)?;
        let reader = origin(tx)?.map_or(0, |origin| origin.user);
        let known = Known { meta: &shared.meta, now, reader };
        let plan = copy::plan(core.modules, &copies(known));
        let reached = |step: Step| progress(tx, &step).map(|progress| (step, progress));
        plan.into_iter().map(reached).collect()
    })
}

fn progress(tx: &mut Tx<'_>, step: &Step) -> Result<Progress> {
    let kept = state::get(tx, &key(step))?;
    Ok(kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

fn key(step: &Step) -> String {
    format!("{CLONE}:{}", step.name())
}

/// Requests of a step, each with its number, its parameters and what its rows get besides.
pub type Requests = Vec<(i64, Json, Map)>;

/// What a step is to be asked for next, and how many there are from there on.
pub fn next(portal: &Portal, step: &Step, behind: i64, most: i64) -> Pending<Result<(Requests, i64)>> {
    let step = step.clone();
    portal
        .core()
        .store
        .read(move |tx: &mut Tx<'_>| Ok((step.next(tx, behind, most)?, step.count(tx, behind)?)))
}

/// Rows that were read, and the requests that they came by.
#[derive(Clone, Debug, Default)]
pub struct Read {
    rows: Vec<Map>,
    asked: Vec<String>,
}

impl Read {
    /// Adds the rows of a request, with what each gets besides.
    pub fn add(&mut self, params: &Json, given: &Map, rows: Vec<Map>) {
        for mut row in rows {
            given.iter().for_each(|(name, value)| row.insert(name, value.clone()));
            row.insert(copy::files::ASKED, self.asked.len() as i64);
            self.rows.push(row);
        }
        self.asked.push(copy::files::request(params, given));
    }

    /// How many rows there are.
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// The largest number that the rows have under that name.
    pub fn last(&self, name: &str) -> Option<i64> {
        self.rows.iter().filter_map(|row| row.get(name).and_then(Value::as_int)).max()
    }

    fn take(&self, step: &Step, copying: &mut Copying<'_, '_>) -> Result<()> {
        copying.step = step.name();
        copying.asked.clone_from(&self.asked);
        copying.take(step, self.rows.clone())
    }
}

/// Writes rows of a step together with how far it is then; what became of the rows is added to that.
pub fn write(
    portal: &Portal,
    step: &Step,
    read: Read,
    reached: &Progress,
    now: Moment,
) -> Pending<Result<Progress>> {
    let (core, step, reached) = (portal.core().clone(), step.clone(), reached.clone());
    portal.core().store.write_within(LONGEST, move |tx: &mut Tx<'_>| {
        let shared = core.current(tx)?;
        let mut reached = reached.clone();
        let clock = Clock { zone: &shared.settings.zone, now };
        if read.count() > 0 && progress(tx, &step)?.is_fresh() {
            for table in &step.replaces {
                tx.execute(&format!("DELETE FROM {table}"), &[])?;
            }
        }
        let reader = origin(tx)?.map_or(0, |origin| origin.user);
        let mut copying = Copying::new(tx, core.modules, shared.meta, clock);
        copying.reader = reader;
        read.take(&step, &mut copying)?;
        reached.told.add(copying.end()?);
        if reached.done {
            number_on(&step, tx, &core)?;
        }
        state::set(tx, &key(&step), &serde_json::to_string(&reached).unwrap_or_default())?;
        Ok(reached)
    })
}

/// Sees to it that new rows are numbered behind those of a step.
fn number_on(step: &Step, tx: &mut Tx<'_>, core: &engine::Core) -> Result<()> {
    let own = match step.into {
        Target::Noun(noun, _) => vec![noun.table.to_owned()],
        Target::Items(number, _) => {
            let table = core.current(tx)?.meta.fielded(number).map(|table| table.table().to_owned());
            table.into_iter().chain(["crm_multifield".to_owned()]).collect()
        }
        Target::With(_) => Vec::new(),
    };
    own.iter().chain(&step.replaces).try_for_each(|table| Ok(tx.number_behind(table)?))
}

/// Ends a copy: makes these users administrators, as far as they are there, and gives the links that lead to nothing.
pub fn end(portal: &Portal, origin: &Origin) -> Pending<Result<Vec<Dangling>>> {
    let core = portal.core().clone();
    let text = serde_json::to_string(&Origin { done: true, ..origin.clone() }).unwrap_or_default();
    let administrators = [1, origin.user];
    portal.core().store.write_within(LONGEST, move |tx: &mut Tx<'_>| {
        for id in administrators {
            user::set_admin(tx, id, true)?;
        }
        Meta::outdate(tx)?;
        state::set(tx, CLONE, &text)?;
        let shared = core.current(tx)?;
        copy::dangling(tx, core.modules, &shared.meta)
    })
}
