//! What handles cash registers: `sale.cashbox.handler.*`.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, required};
use engine::noun::{self, Access, Draft, Envelope, Face, Hooks, ID, Noun, Row, Verb, field, noun};
use serde_json::Value as Json;
use store::Param;
use wire::Fault;

use super::CASHBOX;
use super::register::REGISTER;
use crate::kit::{self, undefined, words};

const FACE: Face = Face {
    verbs: &[(Verb::Add, "add"), (Verb::List, "list"), (Verb::Delete, "delete")],
    asks: &[],
    faults: words("ERROR_HANDLER_NOT_FOUND", "Handler not found"),
    ..Face::flat("sale.cashbox.handler", "ID")
}
.whole();

const SETTINGS: &[(&[Verb], method::Param)] = &[(
    &[Verb::Add],
    required("SETTINGS", method::Kind::Fields, "Addresses, and a description of the settings"),
)];

/// Handlers of cash registers.
pub static HANDLER: Noun = Noun {
    example: "2",
    access: Access::Administrators,
    fields: &[
        ID,
        field("code", Kind::String, "Code").required().unique().sample("counter"),
        field("name", Kind::String, "Name").required().sample("Counter"),
        field("sort", Kind::Integer, "Sort order").default("100"),
        field("supportsFfd105", Kind::Char, "Supports format 1.05").upper("SUPPORTS_FFD105").default("N"),
        field("settings", Kind::Json, "Settings").required(),
    ],
    faces: &[
        Face {
            samples: || {
                serde_json::json!({"SETTINGS": {
                    "PRINT_URL": "https://till.example.com/print", "CHECK_URL": "https://till.example.com/check",
                    "CONFIG": {"AUTH": {"LABEL": "Sign-in", "ITEMS": {"LOGIN": {"TYPE": "STRING", "LABEL": "Login", "REQUIRED": "Y"}}}},
                }})
            },
            params: SETTINGS,
            ..FACE
        },
        Face { envelope: Envelope::Under("FIELDS"), verbs: &[(Verb::Update, "update")], ..FACE },
    ],
    hooks: &Handlers,
    ..noun(
        "sale.cashboxHandler",
        "sale_cashbox_handler",
        CASHBOX,
        ["handler of cash registers", "handlers of cash registers"],
    )
};

/// What the settings of a handler must say.
const REQUIRED: [&str; 3] = ["PRINT_URL", "CHECK_URL", "CONFIG"];

struct Handlers;

impl Hooks for Handlers {
    fn admit(&self, call: &mut Call<'_, '_>, _: &Face, verb: Verb) -> Result<()> {
        kit::admit(call, verb)
    }

    fn prepare(&self, _: &mut Call<'_, '_>, _: &Face, draft: &mut Draft<'_>, _: Option<&Row>) -> Result<()> {
        let Some(Param::Text(json)) = draft.get("settings") else { return Ok(()) };
        let settings: Json = serde_json::from_str(json).unwrap_or_default();
        match REQUIRED.iter().find(|name| settings.get(**name).is_none_or(Json::is_null)) {
            None => Ok(()),
            Some(name) => Err(undefined(&format!("SETTINGS[{name}]")).into()),
        }
    }

    /// A handler that a cash register names stays.
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        match noun::has(call, &REGISTER, &[("restCode", row.get("code").clone())])? {
            false => Ok(()),
            true => {
                let text = "There are cash registers with this handler";
                Err(Fault::new(400, "ERROR_HANDLER_DELETE", text).into())
            }
        }
    }
}
