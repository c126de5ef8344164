//! Events: declared once beside the methods that raise them, and raised by calls. What can be subscribed to, the console's
//! list, test events and the documentation are derived from the declarations.
//!
//! A call notes what it raised; the crate `webhooks` puts it into the queue at the call's end, in the same transaction.

use std::sync::Arc;

use wire::{Map, Text, Value};

use crate::entity::{Entity, Told};
use crate::meta::Meta;

/// An event's declaration.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its name, in capitals.
    pub name: String,
    /// The scope it belongs to.
    pub scope: &'static str,
    /// A one-line description.
    pub about: String,
    /// An example of its `data`.
    pub data: serde_json::Value,
    /// Whether it is told to handlers of a module's own alone, as a bot's is: nobody chooses it.
    pub addressed: bool,
    /// Whether it is also told of one kind of items alone, under its name with the number behind it:
    /// `ONCRMDYNAMICITEMADD_1030`.
    pub numbered: bool,
}

/// Declares an event.
pub fn event(
    name: impl Into<String>,
    scope: &'static str,
    about: impl Into<String>,
    data: serde_json::Value,
) -> Event {
    Event { name: name.into(), scope, about: about.into(), data, addressed: false, numbered: false }
}

impl Event {
    /// Is told to handlers of the module's own alone.
    pub fn addressed(self) -> Self {
        Event { addressed: true, ..self }
    }

    /// Is also told of one kind of items alone.
    pub fn numbered(self) -> Self {
        Event { numbered: true, ..self }
    }
}

/// What happened.
#[derive(Clone, Debug)]
pub struct Happening {
    /// What it happened to, `lead:17`: events of one object keep their order.
    pub object: String,
    /// The event's `data`.
    pub data: Value,
    /// The names of the fields that an update changed; `None` for any other event, and where nobody wants to know.
    pub changed: Option<Vec<Text>>,
}

impl Happening {
    /// Something that happened to an item: its data is `FIELDS[ID]`, with the number of its kind where the name of the
    /// event does not say it.
    pub fn to_item(entity: &Entity, id: i64) -> Self {
        match entity.told {
            Told::ByCode(_) => Happening::new(entity.object(id), [("ID", id.into())]),
            Told::ByNumber(_) => {
                let fields = [("ID", id.into()), ("ENTITY_TYPE_ID", entity.type_id.into())];
                Happening::new(entity.object(id), fields)
            }
        }
    }

    /// Something that happened to an object; `fields` become `FIELDS`.
    pub fn new<const N: usize>(object: String, fields: [(&str, Value); N]) -> Self {
        Happening { object, data: Value::under("FIELDS", Map::from(fields)), changed: None }
    }
}

/// A candidate recipient of an event: the owner of a listening webhook.
#[derive(Clone, Copy, Debug)]
pub struct Recipient<'a> {
    /// The owner.
    pub user_id: i64,
    /// Whether the owner is an administrator.
    pub is_admin: bool,
    /// The scopes of the inbound webhook beside it, separated by commas.
    pub scopes: &'a str,
}

/// Whether somebody may know of an event.
pub type MayKnow = Arc<dyn Fn(Recipient<'_>) -> bool + Send + Sync>;

/// An event that a change raised, on its way into the queue.
#[derive(Clone)]
pub struct Notice {
    /// The event's name.
    pub event: Text,
    /// What happened.
    pub happening: Happening,
    /// How many events lie before it in its chain.
    pub hop: u8,
    /// The integration whose inbound webhook raised it; 0 for people and for the portal itself.
    pub origin: i64,
    /// The one handler to which it is told, by its number; `None` for everybody who listens.
    pub to: Option<i64>,
    /// The users who may receive it, by their rights when it was raised.
    pub may_know: MayKnow,
    /// The shared copy of when it was raised: who listened then is told.
    pub meta: Arc<Meta>,
}

impl std::fmt::Debug for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Notice({} of {})", self.event, self.happening.object)
    }
}
