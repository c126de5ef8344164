//! The kinds of CRM records: from what is said here, the pages of the CRM are made.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use portal::entity::Entity;
use portal::meta::Meta;
use portal::noun::capital;
use portal::texts::{Locale, Topic};
use portal::{Error, locale, modules};
use serde_json::{Value as Json, json};
use store::Tx;
use wire::{Map, Value};

use super::ask::Caller;
use super::ok;
use super::refusal::Refusal;
use crate::console::Console;

/// Kinds that have requisites and addresses, by the numbers of their types.
const WITH_REQUISITES: [i64; 2] = [3, 4];
/// Leads: they have clients, and yet use none of their requisites.
const LEAD: i64 = 1;

/// How REST spells the methods of a kind.
pub enum Spelling {
    /// `crm.deal.*`
    Own(String),
    /// `crm.item.*` with this `entityTypeId`
    Item(i64),
}

impl Spelling {
    /// Methods of its own where there are some: they are what most integrations call.
    pub fn of(entity: &Entity) -> Self {
        let own = format!("crm.{}", entity.name);
        let has_own = modules().find(&format!("{own}.list")).is_some();
        if has_own { Spelling::Own(own) } else { Spelling::Item(entity.type_id) }
    }

    /// The name of a method: of `get`, for instance.
    pub fn method(&self, verb: &str) -> String {
        match self {
            Spelling::Own(own) => format!("{own}.{verb}"),
            Spelling::Item(_) => format!("crm.item.{verb}"),
        }
    }

    /// The parameters that say which record is meant.
    pub fn record(&self, id: i64) -> Map {
        let number = ("id".into(), Value::Int(id));
        match self {
            Spelling::Own(_) => Map::from_iter([number]),
            Spelling::Item(kind) => Map::from_iter([("entityTypeId".into(), Value::Int(*kind)), number]),
        }
    }
}

/// `{"kinds": [{"code": "deal", "entity_type_id": 2, "title": "Deal", "plural": "Deals", "address": "deal", "spelling": "own",
/// "stage": {"field": "STAGE_ID", "dictionary": "DEAL_STAGE"}, "prefix": "D", "has_categories": true, "has_rows": true,
/// "has_requisites": false, "uses_requisites": true}]}`. `address` stands in `/crm/{address}/list/`.
pub async fn list(State(console): State<Console>, who: Caller) -> Result<Response, Refusal> {
    let meta = meta(&console).await?;
    // An invoice of the older kind is added with its rows, which no form of a record has.
    let mut entities: Vec<&Arc<Entity>> = meta.items().filter(|entity| entity.is_universal()).collect();
    entities.sort_by_key(|entity| entity.type_id);
    let language = locale(who.1.language);
    let kinds: Vec<Json> = entities.into_iter().map(|entity| kind(entity, language)).collect();
    Ok(ok(&json!({"kinds": kinds})))
}

/// The entity of that name.
pub async fn named(console: &Console, name: &str) -> Result<Option<Arc<Entity>>, Error> {
    Ok(meta(console).await?.entity_named(name))
}

async fn meta(console: &Console) -> Result<Arc<Meta>, Error> {
    let core = Arc::clone(console.portal.core());
    let shared = console.portal.core().store.read(move |tx: &mut Tx<'_>| core.current(tx)).await?;
    Ok(shared.meta)
}

fn kind(entity: &Entity, language: Locale) -> Json {
    let text = |english: &str| language.text(Topic::Names, english).to_owned();
    let (address, spelling) = match Spelling::of(entity) {
        Spelling::Own(_) => (entity.name.to_string(), "own"),
        Spelling::Item(number) => (format!("type/{number}"), "item"),
    };
    let stage = entity.stage.as_ref();
    let requisites = modules().find("crm.requisite.list").is_some();
    let has_requisites = requisites && WITH_REQUISITES.contains(&entity.type_id);
    let shows = |name: &str| entity.field(name).is_some_and(|field| field.item.is_some());
    let has_client = shows("COMPANY_ID") || shows("CONTACT_ID");
    let uses_requisites = requisites && has_client && !has_requisites && entity.type_id != LEAD;
    json!({
        "code": entity.name,
        "entity_type_id": entity.type_id,
        "title": text(&entity.title),
        "plural": capital(&text(&entity.plural)),
        "address": address,
        "spelling": spelling,
        "stage": stage.map(|stage| json!({"field": stage.field, "dictionary": stage.dictionary})),
        "has_categories": entity.shows_categories(),
        "prefix": entity.prefix,
        "has_rows": entity.has_products,
        "has_requisites": has_requisites,
        "uses_requisites": uses_requisites,
    })
}
