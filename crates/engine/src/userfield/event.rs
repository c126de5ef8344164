//! Events of user fields (protocol, appendix B). User fields of users have none.

use serde_json::json;

use crate::call::Call;
use crate::entity::{Entity, UserFields};
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

    fn event(self, prefix: &str) -> String {
        let verb = match self {
            What::Added => "ADD",
            What::Changed => "UPDATE",
            What::Deleted => "DELETE",
            What::ChoicesSet => "SETENUMVALUES",
        };
        format!("{prefix}{verb}")
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

/// The events about the user fields of one table, of what is `many` there.
pub fn events(fields: &UserFields, many: &str, scope: &'static str) -> Vec<Event> {
    let name = format!("{}COLOUR", fields.prefix);
    let data = json!({"FIELDS": {"ID": 1, "ENTITY_ID": fields.object, "FIELD_NAME": name}});
    let declared =
        |what: What| Some(event(what.event(fields.events?), scope, what.about(many), data.clone()));
    What::ALL.into_iter().filter_map(declared).collect()
}

/// Raises the event about the field with that number and name.
pub(super) fn raise(call: &mut Call<'_, '_>, entity: &Entity, what: What, (id, name): (i64, &str)) {
    let Some((prefix, object)) =
        entity.user_fields.as_ref().and_then(|own| Some((own.events?, &*own.object)))
    else {
        return;
    };
    call.raise(&what.event(prefix), || {
        let fields = [("ID", id.into()), ("ENTITY_ID", object.into()), ("FIELD_NAME", name.into())];
        // All fields of an entity are one object: their events come in their order.
        Happening::new(format!("userfields:{object}"), fields)
    });
}
