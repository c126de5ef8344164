//! The company's structure in REST 3.0: `humanresources.*`, over departments and the users in them. There are no teams, and a
//! department has one head and no deputies.

pub mod communication;
mod employee;
mod member;
mod node;
mod people;

use engine::call::Call;
use engine::dto::numbers;
use engine::error::{Error, Result};
use engine::method::Method;
use engine::noun::{self, Row};
use wire::{Value, exception};

use crate::department::DEPARTMENT;

/// The scope of the methods.
const SCOPE: &str = "humanresources";
/// The only kind of node that there is.
const KIND: &str = "DEPARTMENT";
/// The head of a department.
const HEAD: &str = "MEMBER_HEAD";
/// Whoever else works there.
const EMPLOYEE: &str = "MEMBER_EMPLOYEE";

/// The methods.
pub fn methods() -> Vec<Method> {
    [node::methods(), member::methods(), communication::methods(), employee::methods()]
        .into_iter()
        .flatten()
        .collect()
}

/// Refuses those who do not build the structure.
fn require_builder(call: &Call<'_, '_>) -> Result<()> {
    if call.caller.is_admin { Ok(()) } else { Err(exception::access_denied().into()) }
}

/// The department that a request names.
fn node(call: &mut Call<'_, '_>, param: &str) -> Result<Row> {
    let found = noun::again(call, &DEPARTMENT, call.id(param))?;
    Ok(found.ok_or_else(|| exception::not_found("Record with the specified identifier not found"))?)
}

/// Refuses a kind of node that is none; false for the one of which there are no nodes.
fn is_department(kind: &str) -> Result<bool> {
    match kind {
        KIND => Ok(true),
        "TEAM" => Ok(false),
        _ => Err(exception::of_field("type", "Invalid value for the structure element type").into()),
    }
}

/// The numbers of users in a list.
fn users(list: &Value) -> Result<Vec<i64>> {
    const MOST: usize = 500;
    numbers(list).filter(|ids| !ids.is_empty() && ids.len() <= MOST).ok_or_else(without_users)
}

/// The refusal of a request that names no users.
fn without_users() -> Error {
    exception::of_field("userIds", "Parameter \"userIds\" is required and must be a non-empty array.").into()
}
