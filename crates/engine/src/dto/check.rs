//! Parameters of REST 3.0 against their declaration: types are those of JSON, and everything that is wrong is said at once.

use wire::exception::{self, Complaint};
use wire::{Fault, Map, Value};

use super::Dto;
use crate::param::{Kind, Param};

/// Checks the parameters of a call whose values are those of a DTO, if there is one.
///
/// # Errors
/// Validation exceptions, `UNKNOWNDTOPROPERTY` for a value that no property of the DTO takes.
pub fn check(declared: &[Param], dto: Option<&Dto>, params: &Map) -> Result<(), Fault> {
    let complaints = complaints(declared, params);
    if !complaints.is_empty() {
        return Err(exception::request(complaints));
    }
    let objects = declared.iter().filter(|param| param.kind == Kind::Fields && !param.members.is_empty());
    for param in objects {
        if let Some(Value::Map(given)) = params.get_any_case(&param.name) {
            members(param, dto, given)?;
        } else if param.required {
            members(param, dto, &Map::new())?;
        }
    }
    Ok(())
}

/// What is missing or of another type.
fn complaints(declared: &[Param], params: &Map) -> Vec<Complaint> {
    let one = |param: &Param| match params.get_any_case(&param.name) {
        None | Some(Value::Null) => param.required.then(|| exception::missing(&param.name)),
        Some(value) if fits(param.kind, value) => None,
        Some(_) => Some(exception::mistyped(&param.name, type_of(param.kind))),
    };
    declared.iter().filter_map(one).collect()
}

fn members(param: &Param, dto: Option<&Dto>, given: &Map) -> Result<(), Fault> {
    for (name, _) in given.iter() {
        let Some(dto) = dto.filter(|_| param.members.iter().all(|member| member.name != name)) else {
            continue;
        };
        match dto.property(name) {
            None => return Err(exception::unknown_property(name, dto.name)),
            Some(_) => return Err(exception::request(vec![exception::unfit(dto.name, name, "Editable")])),
        }
    }
    let complaints = complaints(&param.members, given);
    match (complaints.is_empty(), param.complaint) {
        (true, _) => Ok(()),
        (false, Some(_)) => Err(exception::request(complaints)),
        (false, None) => Err(exception::object(complaints)),
    }
}

/// The whole numbers of a list; `None` where something else is among them.
pub fn numbers(list: &Value) -> Option<Vec<i64>> {
    list.items().map(|one| if let Value::Int(number) = one { Some(*number) } else { None }).collect()
}

fn fits(kind: Kind, value: &Value) -> bool {
    let empty = |value: &Value| matches!(value, Value::List(list) if list.is_empty());
    match kind {
        Kind::Id | Kind::Int => matches!(value, Value::Int(_)),
        Kind::Text => matches!(value, Value::Str(_)),
        Kind::Flag => matches!(value, Value::Bool(_)),
        // JSON's `{}` is the empty list.
        Kind::Fields => matches!(value, Value::Map(_)) || empty(value),
        Kind::List => matches!(value, Value::List(_)),
        // These have exceptions of their own.
        Kind::Select | Kind::Filter | Kind::Order | Kind::Any => true,
    }
}

fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Id | Kind::Int => "int",
        Kind::Text => "string",
        Kind::Flag => "bool",
        Kind::Fields => "object",
        Kind::List | Kind::Select | Kind::Filter | Kind::Order | Kind::Any => "array",
    }
}
