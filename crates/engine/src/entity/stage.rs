//! Stages and pipelines: which stage an item may be in, and what being there means.

use crate::meta::Meta;
use crate::pipeline::Status;

use super::{Entity, Stage};

/// The dictionary that holds the stages of a pipeline: `DEAL_STAGE` for the default one, `DEAL_STAGE_7` else.
pub fn dictionary(stage: &Stage, category: i64) -> String {
    if category == 0 { stage.dictionary.to_owned() } else { format!("{}_{category}", stage.dictionary) }
}

/// The prefix of stage ids in a pipeline: none in the default one, `C7:` else (protocol 6.4).
pub fn prefix(category: i64) -> String {
    if category == 0 { String::new() } else { format!("C{category}:") }
}

/// The pipeline that a stage id names by its prefix.
pub fn category_of(stage_id: &str) -> Option<i64> {
    stage_id.strip_prefix('C')?.split_once(':')?.0.parse().ok()
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
