//! What orders of another portal show only as a whole: their customers, and the stock that is kept for them.

use engine::copy::{At, Copying, Paging, Put, Step, Target};
use engine::error::Result;
use wire::{Map, Value};

use crate::basket::reserve::{self, RESERVATION};
use crate::order::ORDER;
use crate::order::client::{self, CLIENT};

/// The lists.
pub fn steps() -> Vec<Step> {
    const ORDERS: &[Put] = &[Put::param("id")];
    vec![
        Step::new("sale.order.get", Target::With(parts))
            .of_each(ORDER.table, ORDERS)
            .at(At::RowUnder("order"))
            .paged(Paging::Whole),
    ]
}

fn parts(copying: &mut Copying<'_, '_>, orders: Vec<Map>) -> Result<()> {
    let rows = |value: Option<&Value>| -> Vec<Map> {
        value.into_iter().flat_map(Value::each).filter_map(|row| row.clone().into_map()).collect()
    };
    for order in orders {
        copying.noun(&CLIENT, &client::FACE, rows(order.get("clients")), &[])?;
        for item in rows(order.get("basketItems")) {
            copying.noun(&RESERVATION, &reserve::FACE, rows(item.get("reservations")), &[])?;
        }
    }
    copying.tx.number_behind(CLIENT.table)?;
    Ok(copying.tx.number_behind(RESERVATION.table)?)
}
