//! The portal through its front door, `Portal::call`, on every engine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accounts;
mod alerts;
mod bindings;
mod bounds;
mod categories;
mod changed;
mod clients;
mod common;
mod completeness;
mod dates;
mod dates_spelled;
mod deliveries;
mod departments;
mod duplicates;
mod events;
mod examples;
mod files;
mod filters;
mod handover;
mod held;
mod indexes;
mod integrations;
mod lines;
mod links;
mod migration;
mod nouns;
mod outbound;
mod pages;
mod people;
mod pickup;
mod productrows;
mod release;
mod roles;
mod secrets;
mod statuses;
mod system;
mod texts;
mod timeline;
mod told;
mod toys;
mod usage;
mod userfields;
mod users;
mod values;
