//! The type of custom fields that hold bookings of resources.

use engine::entity::{Declared, Stored};
use engine::userfield::Type;
use engine::userfield::types::{Form, hidden};
use serde_json::{Value as Json, json};

/// The type.
pub static TYPES: [Type; 1] = [Type::declared(
    &BOOKING,
    "Resource booking",
    &[
        hidden("USE_USERS", Form::Flag("N")),
        hidden("USE_RESOURCES", Form::Flag("Y")),
        hidden("RESOURCES", Form::Fixed(resources)),
        hidden("SELECTED_RESOURCES", Form::Rows(&["type", "id", "title"])),
        hidden("SELECTED_USERS", Form::Texts(&[])),
        hidden("FULL_DAY", Form::Flag("N")),
        hidden("ALLOW_OVERBOOKING", Form::Flag("Y")),
        hidden("USE_SERVICES", Form::Flag("N")),
        hidden("SERVICE_LIST", Form::Rows(&["name", "duration"])),
        hidden("RESOURCE_LIMIT", Form::Count(-1, -1)),
        hidden("TIMEZONE", Form::Text("")),
        hidden("USE_USER_TIMEZONE", Form::Flag("N")),
    ],
)];

/// A booking, by its id.
static BOOKING: Declared = Declared::new("resourcebooking", Stored::Int);

/// The resources that can be chosen: settings name none.
fn resources() -> Json {
    json!({"resource": {"XML_ID": "resource", "NAME": "resource", "SECTIONS": []}})
}
