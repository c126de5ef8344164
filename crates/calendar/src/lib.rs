//! Calendars, events and meetings: `calendar.*`.

mod color;
pub mod copy;
mod date;
mod event;
mod notice;
mod recurrence;
mod refusal;
mod reminder;
mod resource;
mod rights;
mod room;
mod section;
mod settings;
mod usertype;

use store::Migration;

use engine::call::Call;
use engine::error::Result;
use engine::method::Method;
use engine::modules::Module;
use engine::noun::{self, Noun, Row, Seed, Watch};
use engine::scopes::{Scope, offered};

/// The scope of the methods.
const SCOPE: &str = "calendar";

/// The module of this crate.
pub static MODULE: Module = Module {
    scopes: SCOPES,
    nouns,
    methods,
    events: event::events,
    jobs: &[reminder::JOB],
    migrations: &[Migration {
        version: 1,
        name: "access",
        sql: include_str!("../migrations/0001_access.sql"),
    }],
    indexes: &[
        "INDEX IF NOT EXISTS calendar_section_of ON calendar_section (cal_type, owner_id, id)",
        // Of whom, and not over yet: what periods ask for.
        "INDEX IF NOT EXISTS calendar_event_of ON calendar_event (owner_id, cal_type, until_ts)",
    ],
    seeds: &[NAMES],
    watches: &[
        Watch { deleted: without_group, ..Watch::new("groups.group") },
        Watch { saved: event::meeting::pressed, ..Watch::new("im.notification") },
    ],
    user_types: &usertype::TYPES,
    russian: include_str!("ru.toml"),
    ..Module::new("calendar")
};

/// The scopes that webhooks may be granted for it.
const SCOPES: &[Scope] = &[
    offered("calendar", "Calendar", "Calendars, events and invitations."),
    offered("calendarmobile", "Calendar on mobile", "The calendar of the mobile app."),
];

/// Texts that the portal itself writes; there is nothing to be seeded.
const NAMES: Seed = Seed { name: "calendar.names", names, seed: |_, _, _| Ok(()) };

fn names() -> Vec<&'static str> {
    let mut names = vec![section::OWN, section::COMPANY, section::GROUP, event::BUSY];
    names.extend(notice::Notice::ALL.map(notice::Notice::text));
    names.extend(notice::BUTTONS.map(|(title, _)| title));
    names.extend(event::RHYTHM);
    names.extend(event::DAYS);
    names
}

fn nouns() -> Vec<&'static Noun> {
    vec![&section::SECTION, &event::EVENT, &settings::SETTINGS]
}

fn methods() -> Vec<Method> {
    [section::methods(), event::methods(), resource::methods(), settings::methods()]
        .into_iter()
        .flatten()
        .collect()
}

/// The calendars of a workgroup go with it.
fn without_group(call: &mut Call<'_, '_>, group: &Row) -> Result<()> {
    noun::clear(call, &section::SECTION, &[("calType", "group".into()), ("ownerId", group.number.into())])
}

/// Demo data: calls in their order. Calendars 1 and 2 of user 1 and 3 of user 2, and resource 4, a projector; event
/// 1, a meeting, with the copy 2 of user 2, event 3, and event 4, a series that begins anew as 5; booking 6 of the projector.
pub const DEMO: &str = include_str!("demo.json");
