//! Online booking: `booking.v1.*`. Resources of several types, the slots of each, bookings and a waiting list, both with
//! clients and deals of the CRM.
//!
//! Who may use the CRM books ([`rights`]). Nobody books a main resource at a time at which it is taken ([`booking`]). No
//! messages are sent to clients: what resources say of those is kept and shown.

mod booking;
pub mod copy;
mod kind;
mod part;
mod parts;
mod period;
mod resource;
mod rights;
mod schedule;
mod settings;
mod slot;
mod waiting;
mod words;

use engine::method::Method;
use engine::modules::Module;
use engine::noun::Noun;
use engine::scopes::offered;

/// The scope of the methods.
const SCOPE: &str = "booking";

/// The module of this crate.
pub static MODULE: Module = Module {
    scopes: &[offered("booking", "Online booking", "Bookings, resources and the waiting list.")],
    nouns,
    methods,
    follow: part::follow,
    indexes: &[
        "UNIQUE INDEX IF NOT EXISTS booking_resource_type_coded ON booking_resource_type (code)",
        "INDEX IF NOT EXISTS booking_place_taken ON booking_place (resource_id, date_to, date_from)",
        "INDEX IF NOT EXISTS booking_client_of ON booking_client (owner, owner_id)",
        "INDEX IF NOT EXISTS booking_client_item ON booking_client (code, client_id)",
        "INDEX IF NOT EXISTS booking_external_data_of ON booking_external_data (owner, owner_id)",
        "INDEX IF NOT EXISTS booking_external_data_item ON booking_external_data (code, client_id)",
    ],
    russian: include_str!("ru.toml"),
    ..Module::new("booking")
};

fn nouns() -> Vec<&'static Noun> {
    vec![
        &kind::KIND,
        &resource::RESOURCE,
        &slot::SLOT,
        &booking::BOOKING,
        &booking::PLACE,
        &part::CLIENT,
        &part::DATUM,
        &waiting::WAITING,
    ]
}

fn methods() -> Vec<Method> {
    [
        kind::methods(),
        resource::methods(),
        slot::methods(),
        schedule::methods(),
        parts::methods(),
        waiting::methods(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Demo data: calls in their order. Resource type 1 with the resource 1, whose booking 1 has contact 1 and deal 1;
/// type 2 without resources, resource 2 without bookings, and entry 1 of the waiting list.
pub const DEMO: &str = include_str!("demo.json");
