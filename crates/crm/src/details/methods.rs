//! The methods: four for each kind of items, and four that name it.

use std::sync::Arc;

use engine::access::Act;
use engine::call::Call;
use engine::entity::read::reach;
use engine::entity::{Entity, stage};
use engine::error::Result;
use engine::method::{Kind, Method, Param, optional, read, required, write};
use engine::noun::{self, Row};
use serde_json::{Value as Json, json};
use wire::{Fault, Map, Value};

use super::{CONFIGURATION, EVERYBODY, sections};
use crate::SCOPE;

const LEAD: i64 = 1;

/// The kinds of items that have methods of their own, and what tells cards of one kind apart.
const OWN: [(i64, &str, Option<Param>); 4] = [
    (LEAD, "lead", Some(optional("leadCustomerType", Kind::Int, "Leads: 1 simple, 2 of known clients"))),
    (
        2,
        "deal",
        Some(optional("dealCategoryId", Kind::Int, "Pipeline of the deals; the default one if absent")),
    ),
    (3, "contact", None),
    (4, "company", None),
];

/// The methods of all spellings.
pub fn methods() -> Vec<Method> {
    let own = OWN.into_iter().flat_map(|(type_id, name, variant)| {
        family(name, Some(type_id), &variant.into_iter().collect::<Vec<_>>())
    });
    let variants = vec![
        optional("leadCustomerType", Kind::Int, "Leads: 1 simple, 2 of known clients"),
        optional("dealCategoryId", Kind::Int, "Pipeline of the deals; the default one if absent"),
        optional("categoryId", Kind::Int, "Pipeline of other items; the default one if absent"),
    ];
    own.chain(family("item", None, &variants)).collect()
}

/// The methods `crm.{name}.details.configuration.*`.
fn family(name: &str, type_id: Option<i64>, variants: &[Param]) -> Vec<Method> {
    let path = format!("crm.{name}.details.configuration");
    let named = |method: Method| match type_id {
        Some(_) => method,
        None => method.param(
            required("entityTypeId", Kind::Int, "Type of the items")
                .or_complain("Parameter 'entityTypeId' is not defined"),
        ),
    };
    let varied = |method: Method| match variants.is_empty() {
        true => method,
        false => method.param(
            optional("extras", Kind::Any, "Which cards of these items are meant")
                .with_members(variants.to_vec()),
        ),
    };
    let whose = |method: Method| {
        varied(
            named(method)
                .param(optional("scope", Kind::Text, "P the card of a user, C that of everybody"))
                .param(optional("userId", Kind::Int, "User whose card is meant; the caller if absent")),
        )
    };
    let sample = |more: Json| {
        let mut params = more;
        if type_id.is_none() {
            params["entityTypeId"] = json!(2);
        }
        params
    };
    let answer = match type_id {
        Some(1 | 3 | 4) => Json::Null,
        _ => json!([{"name": "main"}, {"name": "additional"}]),
    };
    let set = whose(write(format!("{path}.set"), SCOPE, move |call| set(call, type_id)));
    vec![
        whose(read(format!("{path}.get"), SCOPE, move |call| get(call, type_id)))
            .about("Returns the sections of a card; nothing if they are not configured.")
            .example(sample(json!({"scope": "C"})), answer),
        set.param(data())
            .about("Sets the sections of a card.")
            .example(sample(json!({"data": example()})), json!(true)),
        whose(write(format!("{path}.reset"), SCOPE, move |call| reset(call, type_id)))
            .destroys()
            .about("Resets a card to how it is without configuration.")
            .example(sample(json!({})), json!(true)),
        varied(named(write(format!("{path}.forceCommonScopeForAll"), SCOPE, move |call| {
            force(call, type_id)
        })))
        .destroys()
        .about("Gives all users the common card: takes away the configurations of their own.")
        .example(sample(json!({})), json!(true)),
    ]
}

fn data() -> Param {
    let elements = vec![
        required("name", Kind::Text, "Field"),
        optional("optionFlags", Kind::Int, "1 if the field is shown even when it is empty"),
        optional("options", Kind::Any, "Further settings of the field"),
    ];
    required("data", Kind::List, "Sections in their order")
        .or_complain("Parameter 'data' must be array.")
        .with_members(vec![
            required("name", Kind::Text, "Code of the section"),
            required("title", Kind::Text, "Title of the section"),
            required("type", Kind::Text, "section"),
            optional("elements", Kind::List, "Fields of the section").with_members(elements),
        ])
}

fn example() -> Json {
    json!([{
        "name": "main", "title": "About", "type": "section",
        "elements": [{"name": "ASSIGNED_BY_ID", "optionFlags": 1}, {"name": "COMMENTS"}],
    }])
}

/// Which card a request means.
struct Card {
    type_id: i64,
    variant: i64,
    user_id: i64,
}

impl Card {
    /// The card that a request names.
    ///
    /// # Errors
    /// The refusal of items that have no cards, or none that the caller may see, and of a pipeline that is not there.
    fn of(call: &Call<'_, '_>, type_id: Option<i64>) -> Result<Self> {
        let type_id = type_id.unwrap_or_else(|| call.id("entityTypeId"));
        let Some(entity) = call.entity(type_id).filter(|entity| entity.is_universal()) else {
            let text = format!("The entity type '{type_id}' is not supported in current context.");
            return Err(Fault::crm(text).into());
        };
        if reach(call, &entity, Act::Read).is_nothing() {
            return Err(denied().into());
        }
        let is_common = call.text("scope").is_some_and(|scope| scope.eq_ignore_ascii_case("C"));
        let named = call.param("userId").and_then(Value::as_int).filter(|user| *user > 0);
        let user_id = if is_common { EVERYBODY } else { named.unwrap_or(call.caller.user_id) };
        Ok(Card { type_id, variant: variant(call, &entity)?, user_id })
    }

    /// What is kept of it, where the caller may do that.
    ///
    /// # Errors
    /// The refusal of another user's card, and of a change of the common one.
    fn row(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Option<Row>> {
        let is_own = self.user_id == call.caller.user_id || (self.user_id == EVERYBODY && act == Act::Read);
        if !is_own && !call.caller.is_admin {
            return Err(denied().into());
        }
        let scope = CONFIGURATION.grant(call, act)?;
        let values = [
            ("entityTypeId", self.type_id.into()),
            ("variant", self.variant.into()),
            ("userId", self.user_id.into()),
        ];
        Ok(noun::rows(call, &CONFIGURATION, &scope, &values)?.pop())
    }
}

/// What tells the cards of one kind of items apart: the pipeline, of leads what client they are of.
fn variant(call: &Call<'_, '_>, entity: &Arc<Entity>) -> Result<i64> {
    const SIMPLE: i64 = 1;
    const REPEATED: i64 = 2;
    let extras = call.fields("extras");
    let asked = |names: &[&str]| names.iter().find_map(|name| extras.get_any_case(name)?.as_int());
    if entity.type_id == LEAD {
        return Ok(asked(&["leadCustomerType", "lead.customer.type"])
            .filter(|kind| *kind == REPEATED)
            .unwrap_or(SIMPLE));
    }
    if !entity.has_categories {
        return Ok(0);
    }
    match asked(&["dealCategoryId", "categoryId"]) {
        None => Ok(stage::default_category(&call.meta, entity)),
        Some(asked) if call.meta.categories_of(entity.type_id).any(|known| known.id == asked) => Ok(asked),
        Some(asked) => Err(Fault::crm(format!("The pipeline {asked} is not found.")).into()),
    }
}

fn denied() -> Fault {
    Fault::crm("Access denied.")
}

fn get(call: &mut Call<'_, '_>, type_id: Option<i64>) -> Result<Value> {
    let row = Card::of(call, type_id)?.row(call, Act::Read)?;
    Ok(row.map_or(Value::Null, |row| row.json("data").into()))
}

fn set(call: &mut Call<'_, '_>, type_id: Option<i64>) -> Result<Value> {
    let card = Card::of(call, type_id)?;
    let old = card.row(call, Act::Update)?;
    let mut given = Map::with_capacity(4);
    given.push("DATA", sections::take(call.param("data"))?);
    let face = &CONFIGURATION.faces[0];
    match old {
        Some(old) => drop(noun::update(call, &CONFIGURATION, face, &[old.number.into()], &given)?),
        None => {
            given.push("ENTITY_TYPE_ID", card.type_id);
            given.push("VARIANT", card.variant);
            given.push("USER_ID", card.user_id);
            noun::add(call, &CONFIGURATION, face, &given)?;
        }
    }
    Ok(true.into())
}

fn reset(call: &mut Call<'_, '_>, type_id: Option<i64>) -> Result<Value> {
    let card = Card::of(call, type_id)?;
    if let Some(old) = card.row(call, Act::Delete)? {
        noun::delete(call, &CONFIGURATION, &CONFIGURATION.faces[0], &[old.number.into()])?;
    }
    Ok(true.into())
}

fn force(call: &mut Call<'_, '_>, type_id: Option<i64>) -> Result<Value> {
    let card = Card::of(call, type_id)?;
    if !call.caller.is_admin {
        return Err(denied().into());
    }
    let scope = CONFIGURATION.grant(call, Act::Delete)?;
    let values = [("entityTypeId", card.type_id.into()), ("variant", card.variant.into())];
    for row in noun::rows(call, &CONFIGURATION, &scope, &values)? {
        if row.int("userId") != Some(EVERYBODY) {
            noun::delete(call, &CONFIGURATION, &CONFIGURATION.faces[0], &[row.number.into()])?;
        }
    }
    Ok(true.into())
}
