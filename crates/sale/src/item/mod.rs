//! Payments and deliveries of items of the CRM: `crm.item.payment.*` and `crm.item.delivery.*`. They are those of the orders that
//! belong to the item, and are for whoever may have the item.

pub mod available;
pub mod delivery;
pub mod owner;
pub mod payment;
pub mod product;
pub mod shipped;

use engine::method::Method;

/// The methods.
pub fn methods() -> Vec<Method> {
    let of_payments = [payment::methods(), product::methods(), available::methods()];
    let of_deliveries = [shipped::methods(), delivery::methods()];
    of_payments.into_iter().chain(of_deliveries).flatten().collect()
}
