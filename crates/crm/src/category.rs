//! `crm.category.*` and, in the legacy spelling, `crm.dealcategory.*`: pipelines.

use serde_json::json;
use wire::order::Direction;
use wire::{Fault, Map, Text};

use super::types::{Switch, Types};
use super::{SCOPE, details, seeding};
use engine::access::Act;
use engine::call::Call;
use engine::entity::{Kind, read};
use engine::error::Result;
use engine::method;
use engine::noun::{
    Access, Answer, CONTROLLER_FAULTS, Described, Draft, Face, Faults, Hooks, ID, LEGACY_FAULTS, Noun,
    Refusal, Row, Saved, Stamp, VERBS, Verb, field, noun,
};

const NAME_LENGTH: usize = 255;

/// Pipelines.
pub static CATEGORY: Noun = Noun {
    access: Access::Shared,
    fields: &[
        ID,
        field("created", Kind::DateTime, "Created")
            .upper("CREATED_DATE")
            .upper_only()
            .described_as("date")
            .stamped(Stamp::Created),
        field("name", Kind::String, "Name").trimmed().required().sample("Repairs"),
        field("isLocked", Kind::Char, "Locked by the plan").upper_only().computed(),
        field("sort", Kind::Integer, "Sort index").default("500").kept().sample("200"),
        field("entityTypeId", Kind::Integer, "Item type").camel_only().read_only(),
        field("isDefault", Kind::Char, "Default pipeline")
            .camel_only()
            .described_as("boolean")
            .held()
            .single(&["entityTypeId"])
            .default("N")
            .kept(),
        field("originId", Kind::String, "External ID").kept().never_null().camel_only(),
        field("originatorId", Kind::String, "External source").kept().never_null().camel_only(),
        field("isSystem", Kind::Boolean, "System").camel_only().computed(),
        field("code", Kind::String, "Code").camel_only().computed(),
    ],
    faces: &[
        ITEM,
        Face {
            within: DEALS,
            always: &["id"],
            about: &[
                (Verb::Add, "Adds a deal pipeline with the default stages and returns its ID."),
                (Verb::List, "Lists the deal pipelines except the default one."),
                (Verb::Update, "Updates the name and sort index of a deal pipeline."),
                (Verb::Delete, "Deletes an empty deal pipeline."),
            ],
            faults: Faults { required: |_| nameless(), ..LEGACY_FAULTS },
            ..Face::legacy("crm.dealcategory")
        },
    ],
    shared: true,
    example: "2",
    hooks: &Pipelines,
    ..noun("crm.category", "crm_category", SCOPE, ["pipeline", "pipelines"])
};

const ITEM: Face = Face {
    verbs: VERBS,
    also_upper: true,
    deleted: Answer::Null,
    whole: true,
    asks: &[],
    order: &[("sort", Direction::Asc)],
    described: Described::FullUnder("fields"),
    below: Some(("entityTypeId", "entityTypeId")),
    params: &[(&ALL, TYPE), (&[Verb::Get, Verb::Update, Verb::Delete], NUMBER)],
    samples: || json!({"entityTypeId": 2}),
    about: &[
        (Verb::Add, "Adds a pipeline with the default stages and returns it."),
        (Verb::List, "Lists the pipelines of a type of items, in order."),
        (Verb::Update, "Updates the given fields of a pipeline and returns it."),
        (
            Verb::Delete,
            "Deletes a pipeline with its stages. The pipeline must be empty and not the default one.",
        ),
    ],
    faults: Faults {
        missing: Refusal::Coded("NOT_FOUND", "Element not found"),
        required: |_| nameless(),
        ..CONTROLLER_FAULTS
    },
    ..Face::controller("crm.category", "category", "categories")
};

/// The same for deals, whose number no parameter says.
pub(super) const OF_DEALS: Face = Face { below: None, within: DEALS, ..ITEM };

const ALL: [Verb; 6] = [Verb::Add, Verb::Get, Verb::List, Verb::Update, Verb::Delete, Verb::Fields];
const DEALS: &[(&str, &str)] = &[("entityTypeId", "2")];
const TYPE: method::Param =
    method::required("entityTypeId", method::Kind::Int, "Type of the items: 2 deal or a smart process");
/// The number of deals.
const DEAL: i64 = 2;

const NUMBER: method::Param =
    method::required("id", method::Kind::Int, "ID of the pipeline; 0 is the default deal pipeline");

struct Pipelines;

impl Hooks for Pipelines {
    /// `crm.category.*` names the kind of items, which must have pipelines.
    fn admit(&self, call: &mut Call<'_, '_>, face: &Face, verb: Verb) -> Result<()> {
        if face.naming.is_legacy() {
            return Ok(());
        }
        let entity = read::entity_by_type(call, call.id("entityTypeId"))?;
        let number = entity.type_id;
        let one_only = verb == Verb::Add
            && Types::of(&call.meta).find(number).is_some_and(|kind| !kind.has(Switch::Categories));
        if !entity.has_categories || one_only {
            let text = format!("Entity type {} is not supported", entity.code);
            return Err(Fault::new(400, "ENTITY_TYPE_NOT_SUPPORTED", text).into());
        }
        match verb == Verb::Get && read::reach(call, &entity, Act::Read).is_nothing() {
            true => Err(face.faults.unreadable.fault().into()),
            false => Ok(()),
        }
    }

    /// The older methods have others for the default pipeline.
    fn within(&self, face: &Face) -> Option<&'static str> {
        face.naming.is_legacy().then_some("t.id <> 0")
    }

    fn prepare(&self, _: &mut Call<'_, '_>, _: &Face, draft: &mut Draft<'_>, _: Option<&Row>) -> Result<()> {
        match draft.text("name").is_some_and(|name| name.len() > NAME_LENGTH) {
            true => Err(nameless().into()),
            false => Ok(()),
        }
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        let entity = saved.row.int("entityTypeId").and_then(|items| call.entity(items));
        let stage = entity.as_ref().and_then(|entity| entity.stage.as_ref()).filter(|_| saved.old.is_none());
        let language = call.core.locale(call.settings.language);
        stage.map_or(Ok(()), |stage| seeding::seed_stages(call.tx, stage, saved.row.number, language))
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        let refused = |code, text: String| Err(Fault::new(400, code, text).into());
        if row.number == 0 {
            return refused("0", "Default deal category cannot be deleted".to_owned());
        }
        if row.text("isDefault") == "Y" {
            return refused("BX_ERROR", "This funnel is the default funnel".to_owned());
        }
        let items = row.int("entityTypeId").unwrap_or_default();
        if let Some(entity) = call.entity(items) {
            let sql = format!("SELECT id FROM {} WHERE category_id = ? LIMIT 1", entity.table());
            if call.tx.one(&sql, &[row.number.into()], |row| row.int(0))?.is_some() {
                return match items {
                    DEAL => refused("0", format!("Deals related to the funnel {} found", row.text("name"))),
                    _ => refused("BX_ERROR", "Elements related to the funnel found".to_owned()),
                };
            }
        }
        call.tx.execute("DELETE FROM crm_status WHERE category_id = ?", &[row.number.into()])?;
        details::forget_pipeline(call, items, row.number)
    }

    fn show(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        rows: &[Row],
        shown: &mut [Map],
        _: bool,
    ) -> Result<()> {
        for (row, map) in rows.iter().zip(shown) {
            let name = seeding::shown_name(call, &Text::new(row.text("name")));
            if face.naming.is_legacy() {
                map.insert("NAME", name);
                map.insert("IS_LOCKED", "N");
                continue;
            }
            map.insert("name", name);
            // The pipeline that is there from the start came from nowhere.
            let origins: &[&str] = if row.number == 0 { &["originId", "originatorId"] } else { &[] };
            for name in ["isSystem", "code"].iter().chain(origins) {
                map.remove(name);
            }
        }
        Ok(())
    }
}

fn nameless() -> Fault {
    Fault::new(400, "0", "Field 'NAME' is required")
}
