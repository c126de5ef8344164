//! What handles deliveries: `sale.delivery.handler.*`.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, required};
use engine::noun::{self, Access, Draft, Face, Hooks, ID, Noun, Row, Verb, field, noun};
use serde_json::{Value as Json, json};
use store::Param;
use wire::Fault;

use super::service::DELIVERY;
use crate::SCOPE;
use crate::kit::{self, undefined, unfit, words};

const FACE: Face = Face {
    verbs: &[(Verb::Add, "add"), (Verb::List, "list"), (Verb::Update, "update"), (Verb::Delete, "delete")],
    asks: &[],
    faults: words("ERROR_HANDLER_NOT_FOUND", "Handler not found"),
    samples: || {
        json!({
            "SETTINGS": {"CALCULATE_URL": "https://ship.example.com/calculate", "HAS_CALLBACK_TRACKING_SUPPORT": "Y"},
            "PROFILES": [{"NAME": "Bicycle", "CODE": "BICYCLE", "DESCRIPTION": "Within the city"}],
        })
    },
    params: PARAMS,
    ..Face::flat("sale.delivery.handler", "ID")
}
.whole();

const PARAMS: &[(&[Verb], method::Param)] = &[
    (
        &[Verb::Add],
        required("SETTINGS", method::Kind::Fields, "Addresses, and a description of the settings"),
    ),
    (&[Verb::Add], required("PROFILES", method::Kind::List, "Kinds of the delivery")),
];

/// Handlers of deliveries.
pub static HANDLER: Noun = Noun {
    example: "2",
    access: Access::Administrators,
    fields: &[
        ID,
        field("code", Kind::String, "Code").required().unique().sample("bicycle"),
        field("name", Kind::String, "Name").required().sample("Bicycle couriers"),
        field("sort", Kind::Integer, "Sort order").default("100"),
        field("description", Kind::Text, "Description"),
        field("settings", Kind::Json, "Settings").required(),
        field("profiles", Kind::Json, "Profiles").required(),
    ],
    faces: &[FACE],
    hooks: &Handlers,
    ..noun(
        "sale.deliveryHandler",
        "sale_delivery_handler",
        SCOPE,
        ["handler of deliveries", "handlers of deliveries"],
    )
};

/// Profiles that a handler has at most, and bytes of its settings.
const MOST: (usize, usize) = (50, 60_000);

struct Handlers;

impl Hooks for Handlers {
    fn admit(&self, call: &mut Call<'_, '_>, _: &Face, verb: Verb) -> Result<()> {
        kit::admit(call, verb)
    }

    fn prepare(&self, _: &mut Call<'_, '_>, _: &Face, draft: &mut Draft<'_>, _: Option<&Row>) -> Result<()> {
        if let Some(Param::Text(json)) = draft.get("settings") {
            let settings: Json = serde_json::from_str(json).unwrap_or_default();
            if json.len() > MOST.1 {
                return Err(unfit("SETTINGS").into());
            }
            if settings.get("CALCULATE_URL").and_then(Json::as_str).is_none_or(str::is_empty) {
                return Err(undefined("SETTINGS[CALCULATE_URL]").into());
            }
        }
        let Some(Param::Text(json)) = draft.get("profiles") else { return Ok(()) };
        let profiles: Json = serde_json::from_str(json).unwrap_or_default();
        let profiles = profiles.as_array().filter(|profiles| profiles.len() <= MOST.0);
        let lacks = |profile: &Json| ["NAME", "CODE"].iter().any(|name| !profile[name].is_string());
        match profiles.is_some_and(|profiles| !profiles.iter().any(lacks)) {
            true => Ok(()),
            false => Err(unfit("PROFILES").into()),
        }
    }

    /// A handler that a delivery names stays.
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        match noun::has(call, &DELIVERY, &[("restCode", row.get("code").clone())])? {
            false => Ok(()),
            true => {
                let text = "There are deliveries with this handler";
                Err(Fault::new(400, "ERROR_HANDLER_DELETE", text).into())
            }
        }
    }
}
