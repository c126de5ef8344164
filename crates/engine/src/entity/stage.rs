//! Stages and pipelines: which stage an item may be in, and what being there means.

use crate::meta::Meta;
use crate::pipeline::Status;

use super::{Entity, Stage};

/// How stages of a pipeline are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codes {
    /// `NEW` in the default pipeline, which is 0, and `C7:NEW` in others (protocol 6.4)
    Plain,
    /// `DT1030_7:NEW` in every pipeline of the entity with this number
    Numbered(i64),
}

impl Codes {
    /// What the ids of stages in a pipeline begin with, without the colon; nothing where they are bare.
    pub fn scope(self, category: i64) -> String {
        match self {
            Codes::Plain if category == 0 => String::new(),
            Codes::Plain => format!("C{category}"),
            Codes::Numbered(type_id) => format!("DT{type_id}_{category}"),
        }
    }

    /// What the ids of stages in a pipeline begin with: `C7:`.
    pub fn prefix(self, category: i64) -> String {
        let scope = self.scope(category);
        if scope.is_empty() { scope } else { scope + ":" }
    }

    /// The pipeline that a stage id names by its prefix.
    pub fn category_of(self, stage_id: &str) -> Option<i64> {
        let (scope, _) = stage_id.split_once(':')?;
        match self {
            Codes::Plain => scope.strip_prefix('C')?.parse().ok(),
            Codes::Numbered(type_id) => {
                let (own, category) = scope.strip_prefix("DT")?.split_once('_')?;
                category.parse().ok().filter(|_| own.parse() == Ok(type_id))
            }
        }
    }
}

/// The dictionary that holds the stages of a pipeline: `DEAL_STAGE` for the default one, `DEAL_STAGE_7` else.
pub fn dictionary(stage: &Stage, category: i64) -> String {
    if category == 0 { stage.dictionary.to_string() } else { format!("{}_{category}", stage.dictionary) }
}

/// The wanted stage, or the first one of the pipeline when nothing is wanted or there is no such stage.
pub fn resolve<'m>(meta: &'m Meta, stage: &Stage, category: i64, wanted: Option<&str>) -> Option<&'m Status> {
    let name = dictionary(stage, category);
    let named = wanted.and_then(|wanted| meta.dictionary(&name).find(|status| status.status_id == wanted));
    named.or_else(|| meta.dictionary(&name).next())
}

/// The meaning of a stage: `S` success, `F` failure, `P` in progress.
pub fn semantics(status: &Status) -> &str {
    status.semantics.as_deref().filter(|letter| !letter.is_empty()).unwrap_or("P")
}

/// Whether a stage is the first of its pipeline.
pub fn is_first(meta: &Meta, status: &Status) -> bool {
    meta.dictionary(&status.entity_id).next().is_some_and(|first| first.id == status.id)
}

/// The pipeline for items that name none.
pub fn default_category(meta: &Meta, entity: &Entity) -> i64 {
    let mut categories = meta.categories_of(entity.type_id);
    categories.find(|category| category.is_default).map_or(0, |category| category.id)
}
