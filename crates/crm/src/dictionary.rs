//! Dictionaries: lists of codes with names, such as sources and stages. Some are fixed, and every pipeline
//! beyond the first brings one of its own.

use wire::{Map, Value};

use super::seed::{self, Stages};
use super::seeding;
use engine::call::Call;
use engine::entity::stage;
use engine::meta::Meta;
use engine::pipeline::{Category, Status};
use engine::texts::{Locale, Topic};

/// A dictionary that this portal has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dictionary<'m> {
    /// What is fixed of it.
    pub kind: &'static seed::Dictionary,
    /// The pipeline whose stages it holds; `None` for the fixed ones, the default pipeline's included.
    pub pipeline: Option<&'m Category>,
}

/// Every dictionary, in the order of `crm.status.entity.types`.
pub(super) fn all(meta: &Meta) -> impl Iterator<Item = Dictionary<'_>> {
    seed::DICTIONARIES.iter().flat_map(|kind| {
        let pipelines =
            pipelines(meta, kind).map(move |category| Dictionary { kind, pipeline: Some(category) });
        pipelines.chain([Dictionary { kind, pipeline: None }])
    })
}

/// The dictionary with that code.
pub(super) fn find<'m>(meta: &'m Meta, id: &str) -> Option<Dictionary<'m>> {
    all(meta).find(|dictionary| dictionary.id() == id)
}

/// The pipelines beyond the first of the entity that moves through these stages.
fn pipelines<'m>(meta: &'m Meta, kind: &'static seed::Dictionary) -> impl Iterator<Item = &'m Category> {
    let moving = kind.stages.map(|stages| stages.entity_type_id);
    meta.categories.iter().filter(move |category| category.id != 0 && Some(category.entity_type_id) == moving)
}

impl Dictionary<'_> {
    /// Its code, the `ENTITY_ID` of its entries.
    pub fn id(&self) -> String {
        match self.pipeline {
            Some(category) => format!("{}_{}", self.kind.id, category.id),
            None => self.kind.id.to_owned(),
        }
    }

    /// What the codes of its entries begin with.
    pub fn prefix(&self) -> String {
        stage::prefix(self.pipeline.map_or(0, |category| category.id))
    }

    /// The code of an entry: a stage of a further pipeline carries the pipeline's prefix.
    pub fn code(&self, given: &str) -> String {
        let prefix = self.prefix();
        if given.starts_with(&prefix) { given.to_owned() } else { prefix + given }
    }

    /// What an entry with this code and letter means where it is a stage, as `EXTRA` puts it.
    pub fn semantics(&self, code: &str, letter: &str) -> Option<&'static str> {
        let stages = self.kind.stages?;
        Some(match letter {
            "S" => "success",
            "F" if self.code(stages.failure) == code => "failure",
            "F" => "apology",
            _ => "process",
        })
    }

    /// How `crm.status.entity.types` shows it.
    pub fn show(&self, language: Locale) -> Value {
        let mut map = Map::with_capacity(8);
        map.push("ID", self.id());
        map.push(
            "NAME",
            match self.pipeline {
                Some(of) => language.text(Topic::Names, seeding::STAGES_OF).replace("{name}", &of.name),
                None => language.text(Topic::Names, self.kind.name).to_owned(),
            },
        );
        let Some(stages) = self.kind.stages else { return Value::Map(map) };
        if self.pipeline.is_some() {
            map.push("PARENT_ID", self.kind.id);
        }
        map.push("SEMANTIC_INFO", self.anchors(&stages));
        if let Some(category) = self.pipeline {
            map.push("PREFIX", format!("C{}", category.id));
            map.push("FIELD_ATTRIBUTE_SCOPE", format!("category_{}", category.id));
        } else if stages.entity_type_id == DEAL {
            map.push("FIELD_ATTRIBUTE_SCOPE", "");
        }
        map.push("ENTITY_TYPE_ID", stages.entity_type_id);
        // The real system prints the number of the default pipeline, and of the others the text.
        if let Some(category) = self.pipeline {
            map.push("CATEGORY_ID", category.id.to_string());
        } else if stages.entity_type_id == DEAL {
            map.push("CATEGORY_ID", 0);
        }
        Value::Map(map)
    }

    fn anchors(&self, stages: &Stages) -> Value {
        let mut map = Map::with_capacity(4);
        map.push("START_FIELD", self.code(stages.start));
        map.push("FINAL_SUCCESS_FIELD", self.code(stages.success));
        map.push("FINAL_UNSUCCESS_FIELD", self.code(stages.failure));
        map.push("FINAL_SORT", 0);
        Value::Map(map)
    }
}

/// The entity whose pipelines have stages of their own.
const DEAL: i64 = 2;

/// Entries as `crm.status.entity.items` and `crm.dealcategory.stage.list` show them.
pub(super) fn items(call: &Call<'_, '_>, id: &str) -> Value {
    let show = |status: &Status| {
        let mut map = Map::with_capacity(3);
        map.push("NAME", seeding::shown_name(call, &status.name));
        map.push("SORT", status.sort);
        map.push("STATUS_ID", status.status_id.clone());
        Value::Map(map)
    };
    call.meta.dictionary(id).map(show).collect::<Vec<_>>().into()
}
