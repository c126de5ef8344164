//! Events of user fields (protocol, appendix B). User fields of users have none.

use serde_json::json;

use super::object;
use crate::call::Call;
use crate::entity::{Entity, USERS};
use crate::event::{Event, Happening, event};

/// A change to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Added,
    Changed,
    Deleted,
    /// A request had choices for it, whether or not they were others than before.
    ChoicesSet,
}

impl What {
    const ALL: [What; 4] = [What::Added, What::Changed, What::Deleted, What::ChoicesSet];

    fn event(self, entity: &Entity) -> String {
        entity.event(match self {
            What::Added => "USERFIELDADD",
            What::Changed => "USERFIELDUPDATE",
            What::Deleted => "USERFIELDDELETE",
            What::ChoicesSet => "USERFIELDSETENUMVALUES",
        })
    }

    fn about(self, many: &str) -> String {
        match self {
            What::Added => format!("A custom field of {many} was added."),
            What::Changed => format!("A custom field of {many} was updated."),
            What::Deleted => format!("A custom field of {many} was deleted."),
            What::ChoicesSet => format!("The list values of a custom field of {many} were set."),
        }
    }
}

/// The events about the user fields of one entity.
pub fn events(entity: &Entity, scope: &'static str) -> Vec<Event> {
    let data = json!({"FIELDS": {"ID": 1, "ENTITY_ID": object(entity), "FIELD_NAME": "UF_CRM_COLOUR"}});
    What::ALL.map(|what| event(what.event(entity), scope, what.about(entity.plural), data.clone())).into()
}

/// Raises the event about the field with that number and name.
pub(super) fn raise(call: &mut Call<'_, '_>, entity: &Entity, what: What, (id, name): (i64, &str)) {
    if entity.type_id == USERS {
        return;
    }
    call.raise(&what.event(entity), || {
        let fields = [("ID", id.into()), ("ENTITY_ID", object(entity).into()), ("FIELD_NAME", name.into())];
        // All fields of an entity are one object: their events come in their order.
        Happening::new(format!("userfields:{}", object(entity)), fields)
    });
}
