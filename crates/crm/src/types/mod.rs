//! `crm.type.*`: smart processes, types of items that people make at run time. Whatever a deal has, their items may have.

mod describe;
mod entity;
mod kept;
mod making;
mod relations;
mod rules;

use engine::access::Act;
use engine::call::Call;
use engine::copy::{At, Paging, Put, Step, Target};
use engine::entity::read::reach;
use engine::entity::{Kind, schema};
use engine::error::Result;
use engine::event::{Event, event};
use engine::meta::Section;
use engine::method::{self, Method, optional, read, required};
use engine::modules::Made;
use engine::noun::{
    self, Access, Answer, CONTROLLER_FAULTS, Described, Events, Face, Faults, Field, Grant, ID, Noun,
    Refusal, Row, Rule, Stamp, VERBS, Verb, field, noun,
};
use serde_json::json;
use store::Tx;
use wire::{Fault, Value};

pub use entity::EVENTS;
pub use kept::{Switch, Types};

use crate::SCOPE;

/// Smart processes.
pub static TYPE: Noun = Noun {
    access: Access::Rule(&Readers),
    fields: &[
        ID,
        field("title", Kind::String, "Name").trimmed().required().sample("Equipment"),
        field("code", Kind::String, "Symbol code"),
        field("createdBy", Kind::User, "Created by").stamped(Stamp::CreatedBy),
        field("entityTypeId", Kind::Integer, "Item type").immutable().unique(),
        field("customSectionId", Kind::Integer, "Digital workplace").indexed(),
        switch("isCategoriesEnabled", "Own pipelines"),
        switch("isStagesEnabled", "Own stages and a board").sample("Y"),
        switch("isBeginCloseDatesEnabled", "Start and end dates"),
        switch("isClientEnabled", "Client").sample("Y"),
        switch("isUseInUserfieldEnabled", "Use in custom fields"),
        switch("isLinkWithProductsEnabled", "Products"),
        switch("isMycompanyEnabled", "My company details"),
        switch("isDocumentsEnabled", "Printing of documents"),
        switch("isSourceEnabled", "Source"),
        switch("isObserversEnabled", "Observers"),
        switch("isRecyclebinEnabled", "Recycle bin"),
        switch("isAutomationEnabled", "Automation rules and triggers"),
        switch("isBizProcEnabled", "Business processes"),
        switch("isSetOpenPermissions", "New pipelines are open to everybody").default("Y"),
        switch("isPaymentsEnabled", "Payments").read_only(),
        switch("isCountersEnabled", "Counters").read_only(),
        field("createdTime", Kind::DateTime, "Created").stamped(Stamp::Created),
        field("updatedTime", Kind::DateTime, "Updated").stamped(Stamp::Changed),
        field("updatedBy", Kind::User, "Updated by").stamped(Stamp::ChangedBy),
        field("linkedUserFields", Kind::Json, "Custom fields that name its items"),
        // Taken, too, and kept apart.
        Field { read_only: false, ..field("relations", Kind::Json, "Parents and children").computed() },
    ],
    faces: &[FACE],
    shared: true,
    example: "2",
    events: Some(Events::new("ONCRMTYPE")),
    hooks: &rules::Rules,
    ..noun("crm.type", "crm_type", SCOPE, ["smart process", "smart processes"])
};

const FACE: Face = Face {
    verbs: VERBS,
    deleted: Answer::Nothing,
    described: Described::FullUnder("fields"),
    asks: &["filter", "order"],
    strict: true,
    params: &[(&[Verb::Update], optional("fields", method::Kind::Fields, "Settings to change"))],
    about: &[
        (Verb::Add, "Adds a smart process with its table, default pipeline and stages, and returns it."),
        (
            Verb::Update,
            "Updates the given settings of a smart process and returns it. Relations are replaced as a whole.",
        ),
        (
            Verb::Delete,
            "Deletes a smart process that has no items, with its pipelines, stages and custom fields.",
        ),
    ],
    faults: FAULTS,
    ..Face::controller("crm.type", "type", "types")
};

const FAULTS: Faults = Faults {
    missing: Refusal::Coded("0", "SPA not found"),
    taken: Refusal::Coded("INVALID_ARG_VALUE", "entityTypeId is in use already"),
    required: |_| Fault::new(400, "BX_EMPTY_REQUIRED", "The required field 'Title' is not filled"),
    ..CONTROLLER_FAULTS
};

const fn switch(name: &'static str, title: &'static str) -> Field {
    field(name, Kind::Char, title).described_as("boolean").default("N")
}

/// Administrators see and change all of them; others see those whose items they may read.
struct Readers;

impl Rule for Readers {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        if call.caller.is_admin {
            return Ok(Grant::All);
        }
        let types = &Types::of(&call.meta).list;
        let numbers = types.iter().map(|kind| kind.entity_type_id).filter(|_| act == Act::Read);
        let open = numbers
            .filter(|number| call.entity(*number).is_some_and(|it| !reach(call, &it, act).is_nothing()));
        let open: Vec<i64> = open.collect();
        if open.is_empty() {
            return Ok(Grant::Nothing);
        }
        let among = format!("t.entity_type_id IN ({})", store::placeholders(open.len()));
        Ok(Grant::Where(among, open.into_iter().map(Into::into).collect()))
    }
}

/// The methods beyond those of its face.
pub fn methods() -> Vec<Method> {
    vec![
        read("crm.type.getByEntityTypeId", SCOPE, by_number)
            .controller()
            .about("Returns a smart process by the type of its items.")
            .param(required("entityTypeId", method::Kind::Int, "Type of the items"))
            .example(json!({"entityTypeId": 1030}), json!({"type": {"entityTypeId": 1030}})),
    ]
}

fn by_number(call: &mut Call<'_, '_>) -> Result<Value> {
    let scope = TYPE.grant(call, Act::Read)?;
    let number = call.id("entityTypeId");
    let is_there = Types::of(&call.meta).find(number).is_some();
    let found = noun::rows(call, &TYPE, &scope, &[("entityTypeId", number.into())])?.pop();
    let row: Row = match found {
        Some(row) => row,
        None if is_there => return Err(FAULTS.unreadable.fault().into()),
        None => return Err(FAULTS.missing.fault().into()),
    };
    Ok(Value::under("type", noun::show(call, &TYPE, &FACE, &row)?))
}

/// The events about items of smart processes.
pub fn events() -> Vec<Event> {
    let about = |verb: &str, done: &str| {
        let data = json!({"FIELDS": {"ID": 1, "ENTITY_TYPE_ID": 1030}});
        let name = format!("{EVENTS}{verb}");
        event(name, SCOPE, format!("An item of a smart process was {done}."), data).numbered()
    };
    let mut events = vec![about("ADD", "added"), about("UPDATE", "updated"), about("DELETE", "deleted")];
    events.extend(engine::userfield::events(&entity::user_fields(0, 1), "smart processes", SCOPE));
    events
}

/// Each smart process with its relations, which the list leaves out.
pub fn copying() -> Step {
    const NUMBER: &[Put] = &[Put::param("id")];
    Step::new("crm.type.get", Target::Noun(&TYPE, &TYPE.faces[0]))
        .of_each("crm_type", NUMBER)
        .at(At::RowUnder("type"))
        .paged(Paging::Whole)
        .first()
}

/// What smart processes are to the portal.
pub fn made(tx: &mut Tx<'_>) -> Result<Made> {
    Ok(<Types as engine::meta::Kept>::load(tx)?.made())
}

/// The part of the shared metadata that knows them.
pub const SECTION: Section = Section::of::<Types>();

/// Brings the tables of their items up to date.
pub fn sync(tx: &mut Tx<'_>) -> Result<()> {
    let entities = <Types as engine::meta::Kept>::load(tx)?.entities();
    let fields = entity::stored();
    let tables: Vec<schema::Table<'_>> = entities
        .iter()
        .map(|entity| schema::Table { name: entity.table().to_owned(), fields: &fields })
        .collect();
    schema::sync_tables(tx, "types", &tables)
}
