//! Online store orders: who pays, what is in them, how they are paid and shipped, and with what.
//!
//! Nothing here moves money, prints receipts or asks anybody outside: handlers of pay systems, cash registers and deliveries are data.
//! Stock is kept and taken by the catalogue, which follows reservations and shipped stock. `crm.persontype.*`, `crm.paysystem.*` and
//! `crm.orderentity.*` are faces of rows of this module.

mod basket;
mod cashbox;
pub mod copy;
mod delivery;
mod item;
mod kit;
mod order;
mod payer;
mod payment;
mod paysystem;
mod property;
mod shipment;
mod status;
mod trade;

use engine::method::Method;
use engine::modules::Module;
use engine::noun::{Noun, Seed};
use engine::scopes::{Scope, offered};

/// The scope of `sale.*`.
const SCOPE: &str = "sale";
/// The scope of the faces that the CRM has.
const CRM: &str = "crm";

/// Demo data: calls in their order.
/// Order 1 has two shelves and a service of the catalogue's, is paid in part and may be shipped; order 2 has a piece that is not in the
/// catalogue. Payments 1 and 2 and shipments 1 and 2 are theirs; shipment 2 is a request of the parcel service, `P-1001`. Payer type 3, status
/// `S`, properties 1 to 5 of orders, 6 of shipments and 7, a list of colors; pay systems 1 and 2 of invoices, 3 and 4 of orders and 5 of handler 1;
/// deliveries 1 to 3, and 4 with the profile 5 of handler 1. Order 3 belongs to deal 2; its payment 3 pays for a chair of the deal.
pub const DEMO: &str = include_str!("demo.json");

/// The module of this crate.
pub static MODULE: Module = Module {
    scopes: SCOPES,
    nouns,
    methods,
    events: order::events,
    seeds: &[
        paysystem::system::OLDER,
        payer::person_type::NAMES,
        payer::domain::SEED,
        paysystem::system::SEED,
        status::SEED,
        property::group::SEED,
        delivery::service::SEED,
        trade::SEED,
        NAMES,
    ],
    pages: &[&payment::page::PAGE],
    russian: include_str!("ru.toml"),
    ..Module::new("sale")
};

/// The scopes that webhooks may be granted for it.
const SCOPES: &[Scope] = &[
    offered("cashbox", "Cash registers", "Cash registers and receipts."),
    offered("delivery", "Delivery services", "Delivery services and delivery requests."),
    offered("pay_system", "Payment systems", "Payment systems and their handlers."),
    offered("sale", "Online store", "Orders, payments, shipments and carts."),
    offered("salescenter", "CRM payments", "Payments and deliveries in CRM items."),
];

/// Texts of public pages; there is nothing to be seeded.
const NAMES: Seed =
    Seed { name: "sale.names", names: || payment::page::TEXTS.to_vec(), seed: |_, _, _| Ok(()) };

fn nouns() -> Vec<&'static Noun> {
    vec![
        &payer::person_type::PERSON_TYPE,
        &payer::domain::DOMAIN,
        &status::STATUS,
        &status::lang::LANG,
        &property::group::GROUP,
        &property::PROPERTY,
        &property::variant::VARIANT,
        &property::relation::RELATION,
        &property::value::VALUE,
        &property::value::SHIPMENT_VALUE,
        &order::ORDER,
        &order::client::CLIENT,
        &order::entity::ENTITY,
        &basket::BASKET,
        &basket::property::PROPERTY,
        &basket::reserve::RESERVATION,
        &payment::PAYMENT,
        &payment::binding::OF_BASKETS,
        &payment::binding::OF_SHIPMENTS,
        &shipment::SHIPMENT,
        &shipment::item::ITEM,
        &shipment::stock::SHIPPED,
        &trade::PLATFORM,
        &trade::BINDING,
        &paysystem::handler::HANDLER,
        &paysystem::system::SYSTEM,
        &paysystem::settings::SETTINGS,
        &cashbox::handler::HANDLER,
        &cashbox::register::REGISTER,
        &cashbox::check::CHECK,
        &delivery::handler::HANDLER,
        &delivery::service::DELIVERY,
        &delivery::config::VALUE,
        &delivery::extra::EXTRA,
        &delivery::request::REQUEST,
    ]
}

/// The methods beyond those of the nouns.
fn methods() -> Vec<Method> {
    [
        vec![
            status::lang::method(),
            cashbox::check::method(),
            delivery::service::method(),
            delivery::extra::method(),
        ],
        property::describe::methods(),
        property::value::methods(),
        paysystem::methods(),
        delivery::config::methods(),
        delivery::request::methods(),
        item::methods(),
        payment::page::methods(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
