//! Methods that belong to no noun, and open to every webhook (protocol 7.4).

pub mod access;
mod app;
pub mod batch;
mod catalogue;
mod profile;
pub mod refusals;
mod scope;
mod time;

use crate::idempotent;
use crate::rest3;
use engine::method::Method;
use engine::modules::Module;
use engine::scopes::{Scope, offered, withheld};
use store::Migration;

/// The module of this crate.
pub static MODULE: Module = Module {
    scopes: SCOPES,
    nouns: || vec![&rest3::eventlog::ENTRY],
    methods,
    jobs: &[idempotent::EXPIRED],
    migrations: &[
        Migration {
            version: 1,
            name: "timetable",
            sql: include_str!("../../migrations/system/0001_timetable.sql"),
        },
        Migration {
            version: 2,
            name: "idempotent",
            sql: include_str!("../../migrations/system/0002_idempotent.sql"),
        },
    ],
    russian: include_str!("ru.toml"),
    ..Module::new("system")
};

/// Scopes of what the portal has no product for, and of its own methods.
const SCOPES: &[Scope] = &[
    offered("appform", "Application forms", "Forms that an application opens in the portal."),
    offered("baas", "Metered services", "Services billed by use."),
    offered("biconnector", "BI analytics", "Sources and datasets for business intelligence."),
    offered("configuration.import", "Configuration import", "Import of another portal's configuration."),
    withheld("entity", "Data storage", "Storage for application data."),
    offered("forum", "Forums", "Forums, topics and messages."),
    offered("intranet", "Intranet", "Placements in the intranet for application pages."),
    offered("main", "Event log", "The portal's event log."),
    offered("messageservice", "Message providers", "Text message providers."),
    offered("mobile", "Mobile application", "Placements in the mobile application."),
    offered(
        "notifications",
        "Customer notifications",
        "Messages sent to customers through the notification service.",
    ),
    withheld("placement", "Widgets", "Placements for application pages."),
    offered("pull", "Push and pull", "Live events and push notifications."),
    offered("pull_channel", "Live channels", "Channels of live events."),
    withheld("rating", "Ratings", "Likes and votes."),
    offered("rest", "REST", "Applications and webhooks of the portal."),
    offered("sign.b2e", "Signing for HR", "Electronic signing of HR documents."),
    offered("smile", "Smileys", "Smileys and their sets."),
];

/// All of them, and the methods that need an application.
fn methods() -> Vec<Method> {
    let mut methods = vec![batch::method()];
    methods.extend(catalogue::methods());
    methods.extend([scope::method(), profile::method(), time::method()]);
    methods.extend(app::methods());
    methods.extend(access::methods());
    methods.extend(refusals::methods());
    methods.extend(rest3::methods());
    methods
}
