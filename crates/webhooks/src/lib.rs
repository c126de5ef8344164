//! Webhooks: who may call by an inbound webhook, who is told by an outbound one, the integrations that people make of both,
//! and how much they are used.

pub mod calls;
pub mod faults;
pub mod hooks;
pub mod integration;
pub mod outbound;
mod retention;
pub mod usage;

use engine::meta::Section;
use engine::modules::Module;

use faults::Faults;
use hooks::Admissions;
use outbound::{Handlers, overlap};
use store::Migration;

/// The module of this crate.
pub static MODULE: Module = Module {
    methods: outbound::offline::methods,
    sections: &[Section::of::<Admissions>(), Section::of::<Handlers>(), Section::of::<Faults>()],
    handlers: Some(&integration::handlers::OfModules),
    jobs: &[
        retention::DELIVERIES,
        retention::COUNTS,
        retention::CALLS,
        overlap::END,
        integration::handlers::CLOSE,
    ],
    migrations: &[
        Migration { version: 1, name: "alerts", sql: include_str!("../migrations/0001_alerts.sql") },
        Migration { version: 2, name: "deliveries", sql: include_str!("../migrations/0002_deliveries.sql") },
        Migration {
            version: 3,
            name: "changed_fields",
            sql: include_str!("../migrations/0003_changed_fields.sql"),
        },
        Migration { version: 4, name: "overlaps", sql: include_str!("../migrations/0004_overlaps.sql") },
        Migration { version: 5, name: "pace", sql: include_str!("../migrations/0005_pace.sql") },
        Migration { version: 6, name: "limits", sql: include_str!("../migrations/0006_limits.sql") },
        Migration { version: 7, name: "calls", sql: include_str!("../migrations/0007_calls.sql") },
        Migration { version: 8, name: "fault_rule", sql: include_str!("../migrations/0008_fault_rule.sql") },
    ],
    hears: |meta, event| !Handlers::of(meta).listeners(event).is_empty(),
    compares: |meta, event| Handlers::of(meta).compares(event),
    russian: include_str!("integration/ru.toml"),
    ..Module::new("webhooks")
};
