//! Telephony: calls that a telephone exchange reports (`telephony.*`), their statistics, and the settings of lines and of
//! users (`voximplant.*`).
//!
//! An exchange registers a call, which goes on until it is finished ([`live`]); then it is in the statistics
//! ([`statistic`]). Whatever it has to do with the CRM, with drives and notifications is done by their methods and nouns,
//! with the rights of the caller.

mod automatic;
mod crm;
mod event;
mod finish;
mod line;
mod live;
mod number;
mod outgoing;
mod person;
mod record;
mod register;
mod rights;
mod saying;
mod sip;
mod statistic;
mod transcript;
mod voices;

use engine::method::Method;
use engine::modules::Module;
use engine::noun::{Noun, Seed};
use engine::scopes::{Scope, offered};

/// The scope of the methods.
const SCOPE: &str = "telephony";

/// The module of this crate.
pub static MODULE: Module = Module {
    scopes: SCOPES,
    nouns,
    methods,
    events: event::declared,
    jobs: &[live::EXPIRE],
    indexes: live::INDEXES,
    seeds: &[NAMES],
    russian: include_str!("ru.toml"),
    ..Module::new("telephony")
};

/// The scopes that webhooks may be granted for it.
const SCOPES: &[Scope] = &[
    offered("call", "Outgoing calls", "Calls that read out a text or play a recording."),
    offered("telephony", "Telephony", "Lines, calls and call statistics."),
];

/// Texts that the portal itself writes; there is nothing to be seeded.
const NAMES: Seed = Seed { name: "telephony.names", names: saying::all, seed: |_, _, _| Ok(()) };

fn nouns() -> Vec<&'static Noun> {
    vec![&line::LINE, &live::CALL, &statistic::STATISTIC, &transcript::TRANSCRIPT, &sip::SIP, &person::PHONE]
}

fn methods() -> Vec<Method> {
    let single = vec![finish::method(), record::method(), transcript::method(), voices::method()];
    let families = [
        line::methods(),
        register::methods(),
        sip::methods(),
        outgoing::methods(),
        automatic::methods(),
        person::methods(),
    ];
    single.into_iter().chain(families.into_iter().flatten()).collect()
}

/// The demo's finished call, from contact 1.
const DEMO_FINISHED: &str = "externalCall.36a44ac83a56b1c741dafbcd251e3dbc.1780306200";
/// The demo's call that goes on, from contact 2.
const DEMO_LIVE: &str = "externalCall.8bd4218ee24708df485740722683140b.1780311600";

/// Demo data: calls in their order. Line 1, SIP line 1, a finished call with contact 1 and one that goes on with
/// contact 2.
pub const DEMO: &str = include_str!("demo.json");
