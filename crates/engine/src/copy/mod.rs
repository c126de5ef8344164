//! Copies of another portal: rows written as its list methods show them, with the numbers, authors and times that they have
//! there. What is read, in which order, is a list of [`Step`]s; most of them follow from nouns ([`plan`]), and modules
//! declare the others.
//!
//! Writing asks nobody's rights and raises no events: it is the operator's. A row takes the place of the one with its number,
//! so that whatever is read twice is there once.

mod dangling;
pub mod files;
mod nouns;
mod plan;
mod rows;
mod step;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use store::Tx;

use crate::entity::count::Changes;
use crate::error::Result;
use crate::meta::Meta;
use crate::modules::Modules;
use crate::moment::{Clock, Moment};

pub use dangling::{Dangling, dangling};
pub use files::Holder;
pub use plan::plan;
pub use step::{At, Each, Paging, Put, Step, Target};

/// What became of rows, beyond that they are there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Rows that were written.
    pub rows: u64,
    /// Names that rows had and their table does not know, with how often they came.
    pub unknown: BTreeMap<String, u64>,
    /// Why rows could not be written, with how many could not.
    pub refused: BTreeMap<String, u64>,
    /// Files that are shown without a link.
    pub files: u64,
}

impl Told {
    /// Adds what became of further rows.
    pub fn add(&mut self, other: Told) {
        self.rows += other.rows;
        self.files += other.files;
        for (name, count) in other.unknown {
            *self.unknown.entry(name).or_default() += count;
        }
        for (reason, count) in other.refused {
            *self.refused.entry(reason).or_default() += count;
        }
    }
}

/// What is known when a plan is made.
#[derive(Clone, Copy, Debug)]
pub struct Known<'m> {
    /// What there is by now.
    pub meta: &'m Meta,
    /// The time.
    pub now: Moment,
    /// As whom the other portal is read.
    pub reader: i64,
}

/// A copy at work, within a transaction.
pub struct Copying<'c, 'tx> {
    /// The transaction.
    pub tx: &'c mut Tx<'tx>,
    /// What the portal is made of.
    pub modules: &'static Modules,
    /// The shared metadata as of this transaction.
    pub meta: Arc<Meta>,
    /// By which times without an offset are read.
    pub clock: Clock<'c>,
    /// What became of the rows.
    pub told: Told,
    /// The step that the rows are of.
    pub step: String,
    /// As whom the other portal is read.
    pub reader: i64,
    /// The [requests](files::request) that the rows came by.
    pub asked: Vec<String>,
    /// How the numbers of items changed.
    counts: Changes,
    /// The columns of tables that must have a value.
    solid: HashMap<String, Arc<HashSet<String>>>,
}

impl<'c, 'tx> Copying<'c, 'tx> {
    /// Begins.
    pub fn new(tx: &'c mut Tx<'tx>, modules: &'static Modules, meta: Arc<Meta>, clock: Clock<'c>) -> Self {
        Copying {
            tx,
            modules,
            meta,
            clock,
            told: Told::default(),
            step: String::new(),
            reader: 0,
            asked: Vec::new(),
            counts: Changes::default(),
            solid: HashMap::new(),
        }
    }

    /// Sees to it that what follows knows of a change of something that the shared metadata holds.
    ///
    /// # Errors
    /// Those of the store.
    pub fn meta_changed(&mut self) -> Result<()> {
        Meta::outdate(self.tx)?;
        self.meta = self.modules.meta(self.tx)?;
        Ok(())
    }

    /// Notes that there are more of something that is counted under that number, as items are.
    pub fn counted(&mut self, number: i64, id: i64) {
        self.counts.add(number, id, 1);
    }

    /// Writes what is owed, and tells what became of the rows.
    ///
    /// # Errors
    /// Those of the store.
    pub fn end(mut self) -> Result<Told> {
        self.counts.write(self.tx)?;
        Ok(self.told)
    }
}
