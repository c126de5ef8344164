//! Dictionaries: lists of codes with names, such as sources and stages. Some are fixed, and every pipeline
//! beyond the first brings one of its own.

use wire::{Map, Value};

use super::seed::{self, Stages};
use super::seeding;
use engine::call::Call;
use engine::entity::Entity;
use engine::entity::stage::Codes;
use engine::meta::Meta;
use engine::pipeline::{Category, Status};
use engine::texts::{Locale, Topic};

/// A dictionary that this portal has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dictionary<'m> {
    /// Its code; of a pipeline's stages, what stands before the number: `DEAL_STAGE`.
    base: &'m str,
    /// Its name, unless a pipeline gives it; of the stages of a smart process, that of this.
    name: &'m str,
    /// What is fixed of the stages that it holds.
    pub stages: Option<Stages>,
    /// How these are called.
    codes: Codes,
    /// The pipeline whose stages it holds; `None` for the fixed ones, the default pipeline of deals included.
    pub pipeline: Option<&'m Category>,
}

/// Every dictionary, in the order of `crm.status.entity.types`.
pub(super) fn all(meta: &Meta) -> impl Iterator<Item = Dictionary<'_>> {
    let fixed = seed::DICTIONARIES.iter().flat_map(|kind| {
        let own = Dictionary {
            base: kind.id,
            name: kind.name,
            stages: kind.stages,
            codes: Codes::Plain,
            pipeline: None,
        };
        let pipelines =
            pipelines(meta, kind).map(move |category| Dictionary { pipeline: Some(category), ..own });
        pipelines.chain([own])
    });
    fixed.chain(numbered(meta))
}

/// Those of entities whose stages carry its number, each with as many as it has pipelines.
fn numbered(meta: &Meta) -> impl Iterator<Item = Dictionary<'_>> {
    let has = |entity: &&Entity| {
        let stage = entity.stage.as_ref().filter(|_| entity.shows_stages());
        stage.is_some_and(|stage| matches!(stage.codes, Codes::Numbered(_)))
    };
    let mut entities: Vec<&Entity> = meta.items().map(AsRef::as_ref).filter(has).collect();
    entities.sort_unstable_by_key(|entity| entity.type_id);
    entities.into_iter().flat_map(|entity| {
        let stage = entity.stage.as_ref();
        let own = stage.map(|stage| Dictionary {
            base: &stage.dictionary,
            name: &entity.title,
            stages: Some(seed::numbered_stages(entity.type_id)),
            codes: stage.codes,
            pipeline: None,
        });
        let pipelines = meta.categories_of(entity.type_id);
        pipelines.filter_map(move |category| Some(Dictionary { pipeline: Some(category), ..own? }))
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
            Some(category) => format!("{}_{}", self.base, category.id),
            None => self.base.to_owned(),
        }
    }

    /// What the codes of its entries begin with.
    pub fn prefix(&self) -> String {
        self.codes.prefix(self.pipeline.map_or(0, |category| category.id))
    }

    /// The code of an entry: a stage of a further pipeline carries the pipeline's prefix.
    pub fn code(&self, given: &str) -> String {
        let prefix = self.prefix();
        if given.starts_with(&prefix) { given.to_owned() } else { prefix + given }
    }

    /// What an entry with this code and letter means where it is a stage, as `EXTRA` puts it.
    pub fn semantics(&self, code: &str, letter: &str) -> Option<&'static str> {
        let stages = self.stages?;
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
                Some(of) if self.codes == Codes::Plain => {
                    language.text(Topic::Names, seeding::STAGES_OF).replace("{name}", &of.name)
                }
                Some(of) => format!("{} ({})", self.name, of.name),
                None => language.text(Topic::Names, self.name).to_owned(),
            },
        );
        let Some(stages) = self.stages else { return Value::Map(map) };
        if self.pipeline.is_some() && self.codes == Codes::Plain {
            map.push("PARENT_ID", self.base);
        }
        // Those of smart processes the real system does not name.
        match self.codes {
            Codes::Plain => map.push("SEMANTIC_INFO", self.anchors(&stages)),
            Codes::Numbered(_) => map.push("SEMANTIC_INFO", Vec::new()),
        }
        if let Some(category) = self.pipeline {
            map.push("PREFIX", self.codes.scope(category.id));
            map.push("FIELD_ATTRIBUTE_SCOPE", format!("category_{}", category.id));
        } else if stages.entity_type_id == DEAL {
            map.push("FIELD_ATTRIBUTE_SCOPE", "");
        }
        map.push("ENTITY_TYPE_ID", stages.entity_type_id);
        // The real system prints the number of the default pipeline, and of the others of deals the text.
        if let (Some(category), Codes::Numbered(_)) = (self.pipeline, self.codes) {
            map.push("IS_ENABLED", true);
            map.push("CATEGORY_ID", category.id);
            map.push("CATEGORY_NAME", category.name.clone());
            map.push("CATEGORY_SORT", category.sort);
            map.push("IS_DEFAULT_CATEGORY", category.is_default);
        } else if let Some(category) = self.pipeline {
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
