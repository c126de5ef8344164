//! Bookings through the front door, on every engine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod at_once;
mod bookings;
mod parts;
mod rights;
mod values;

use serde_json::{Value as Json, json};
use testportal::Hook;

/// The scopes of the tests.
const SCOPES: &str = "booking,crm";
/// An hour.
const HOUR: i64 = 3600;
/// When bookings of the tests begin.
const START: i64 = testportal::NOW + 24 * HOUR;

/// A resource of a type of its own.
fn resource(hook: &Hook, name: &str, main: &str) -> i64 {
    let kind = hook.get("booking.v1.resourceType.add", json!({"fields": {"name": name, "code": name}}));
    let fields = json!({"name": name, "typeId": kind["id"], "isMain": main});
    number(&hook.get("booking.v1.resource.add", json!({"fields": fields}))["id"])
}

/// The fields of a booking of so many hours.
fn fields(resources: &[i64], from: i64, hours: i64) -> Json {
    json!({"name": "Visit", "resourceIds": resources, "datePeriod": period(from, from + hours * HOUR)})
}

fn period(from: i64, to: i64) -> Json {
    let moment = |second: i64| json!({"timestamp": second, "timezone": "Europe/Berlin"});
    json!({"from": moment(from), "to": moment(to)})
}

fn book(hook: &Hook, resources: &[i64], from: i64, hours: i64) -> i64 {
    number(&hook.get("booking.v1.booking.add", json!({"fields": fields(resources, from, hours)}))["id"])
}

fn number(value: &Json) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("no number: {value}"))
}

/// The numbers of the rows of a list.
fn ids(list: &Json) -> Vec<i64> {
    list.as_array().unwrap().iter().map(|row| number(&row["id"])).collect()
}
