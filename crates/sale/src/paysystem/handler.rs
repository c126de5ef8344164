//! What handles pay systems: `sale.paysystem.handler.*`.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{self, Access, Draft, Envelope, Face, Faults, Hooks, ID, Noun, Row, Verb, field, noun};
use serde_json::Value as Json;
use store::Param;
use wire::Fault;

use super::PAY_SYSTEM;
use super::system::SYSTEM;
use crate::kit::{self, unfit, words};

const FAULTS: Faults = words("ERROR_HANDLER_NOT_FOUND", "Handler not found");

const FACE: Face = Face {
    verbs: &[(Verb::Add, "add"), (Verb::List, "list"), (Verb::Delete, "delete")],
    asks: &[],
    faults: FAULTS,
    ..Face::flat("sale.paysystem.handler", "ID")
}
.whole();

/// Handlers of pay systems.
pub static HANDLER: Noun = Noun {
    example: "2",
    access: Access::Administrators,
    fields: &[
        ID,
        field("name", Kind::String, "Name").required().sample("Wire"),
        field("code", Kind::String, "Code").required().unique().sample("wire"),
        field("sort", Kind::Integer, "Sort order").default("100"),
        field("settings", Kind::Json, "Settings").required(),
    ],
    faces: &[
        Face {
            samples: || {
                serde_json::json!({"SETTINGS": {
                    "CURRENCY": ["EUR"], "CLIENT_TYPE": "b2c",
                    "FORM_DATA": {"ACTION_URI": "https://pay.example.com/form", "METHOD": "POST"},
                    "CODES": {"SHOP_ID": {"NAME": "Shop", "SORT": 100}},
                }})
            },
            params: SETTINGS,
            ..FACE
        },
        Face { envelope: Envelope::Under("FIELDS"), verbs: &[(Verb::Update, "update")], ..FACE },
    ],
    hooks: &Handlers,
    ..noun(
        "sale.paySystemHandler",
        "sale_pay_system_handler",
        PAY_SYSTEM,
        ["handler of pay systems", "handlers of pay systems"],
    )
};

const SETTINGS: &[(&[Verb], engine::method::Param)] =
    &[(&[Verb::Add], engine::method::required("SETTINGS", engine::method::Kind::Fields, "Settings"))];

/// The ways in which a handler takes data.
const FORMS: [&str; 3] = ["FORM_DATA", "CHECKOUT_DATA", "IFRAME_DATA"];

/// The description of the values that pay systems have of a handler's settings.
pub(super) fn codes(settings: &Json) -> Option<&Json> {
    settings.get("CODES").or_else(|| FORMS.iter().find_map(|form| settings.get(form)?.get("CODES")))
}

struct Handlers;

impl Hooks for Handlers {
    fn admit(&self, call: &mut Call<'_, '_>, _: &Face, verb: Verb) -> Result<()> {
        kit::admit(call, verb)
    }

    fn prepare(
        &self,
        _: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        let Some(Param::Text(json)) = draft.get("settings") else { return Ok(()) };
        let settings: Json = serde_json::from_str(json).unwrap_or_default();
        let has_form = FORMS.iter().any(|form| settings.get(form).is_some_and(Json::is_object));
        match has_form && codes(&settings).is_some_and(Json::is_object) {
            true => Ok(()),
            false if old.is_some() => Err(unfit("SETTINGS").into()),
            false => {
                Err(kit::failure("Parameter SETTINGS[CODES] or the data of a form is not defined").into())
            }
        }
    }

    /// A handler that a pay system names stays.
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        match noun::has(call, &SYSTEM, &[("handler", row.get("code").clone())])? {
            false => Ok(()),
            true => {
                let text = "There are pay systems with this handler";
                Err(Fault::new(400, "ERROR_HANDLER_DELETE", text).into())
            }
        }
    }
}
