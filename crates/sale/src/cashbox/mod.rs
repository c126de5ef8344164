//! Cash registers: `sale.cashbox.*`. What handles them is described here and called nowhere; what is paid gets a receipt, which is
//! printed when a request says so.

pub mod check;
pub mod handler;
pub mod register;

/// The scope of the family.
pub const CASHBOX: &str = "cashbox";
