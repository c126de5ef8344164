//! `filter`: conditions on properties as lists of REST 3.0 have them.

use wire::exception;
use wire::filter::{Filter, Op};
use wire::{Fault, Value};

use super::{Dto, Type};

/// Groups within groups.
const DEPTH: usize = 16;

/// How operators are written.
const OPERATORS: [(&str, Op); 8] = [
    ("=", Op::Eq),
    ("!=", Op::Ne),
    (">", Op::Gt),
    (">=", Op::Ge),
    ("<", Op::Lt),
    ("<=", Op::Le),
    ("in", Op::In),
    ("between", Op::Between),
];

/// Reads filters on the properties of a DTO. Conditions name the fields of the noun that these show.
#[derive(Clone, Copy, Debug)]
pub struct Filters(pub &'static Dto);

impl Filters {
    /// Reads a filter: a condition, or several of which all must hold.
    ///
    /// # Errors
    /// `INVALIDFILTER`, `UNKNOWNFILTEROPERATOR`, `UNKNOWNDTOPROPERTY`, and validation exceptions for a property that cannot be
    /// filtered by and for a value of another type.
    pub fn read(self, filter: &Value) -> Result<Filter, Fault> {
        match filter {
            Value::Null => Ok(Filter::All(Vec::new())),
            Value::List(list) if matches!(list.first(), Some(Value::Str(_))) => self.test(filter),
            Value::List(list) => self.all(list, DEPTH),
            Value::Map(_) => self.part(filter, DEPTH),
            _ => Err(exception::invalid_filter(filter)),
        }
    }

    fn all(self, parts: &[Value], depth: usize) -> Result<Filter, Fault> {
        parts.iter().map(|part| self.part(part, depth)).collect::<Result<_, _>>().map(Filter::All)
    }

    fn part(self, part: &Value, depth: usize) -> Result<Filter, Fault> {
        let wrong = || exception::invalid_filter(part);
        let depth = depth.checked_sub(1).ok_or_else(wrong)?;
        let Value::Map(group) = part else { return self.test(part) };
        let Some(Value::List(conditions)) = group.get("conditions") else { return Err(wrong()) };
        let logic = group.get("logic").map_or(Some("and"), Value::as_str).ok_or_else(wrong)?;
        match (self.all(conditions, depth)?, logic) {
            (Filter::All(parts), "or") => Ok(Filter::Any(parts)),
            (all, "and") => Ok(all),
            _ => Err(wrong()),
        }
    }

    fn test(self, test: &Value) -> Result<Filter, Fault> {
        let wrong = || exception::invalid_filter(test);
        let Value::List(parts) = test else { return Err(wrong()) };
        let (name, op, value) = match parts.as_slice() {
            [Value::Str(name), value @ Value::List(_)] => (name, Op::In, value),
            [Value::Str(name), value] => (name, Op::Eq, value),
            [Value::Str(name), Value::Str(operator), value] => (name, operator_of(operator)?, value),
            _ => return Err(wrong()),
        };
        let property = self.0.property(name).ok_or_else(|| exception::unknown_property(name, self.0.name))?;
        if !property.filterable {
            return Err(exception::request(vec![exception::unfit(self.0.name, name, "Filterable")]));
        }
        match (op, value) {
            (Op::In, Value::List(_)) => {}
            (Op::Between, Value::List(bounds)) if bounds.len() == 2 => {}
            (Op::In | Op::Between, _) | (_, Value::List(_) | Value::Map(_)) => return Err(wrong()),
            _ => {}
        }
        if !value.each().all(|value| fits(property.kind, value)) {
            return Err(exception::request(vec![exception::mistyped(name, property.kind.name())]));
        }
        Ok(Filter::Test { op, field: property.of.into(), value: value.clone() })
    }
}

fn operator_of(operator: &str) -> Result<Op, Fault> {
    let found = OPERATORS.iter().find(|(written, _)| written.eq_ignore_ascii_case(operator));
    found.map(|(_, op)| *op).ok_or_else(|| exception::unknown_operator(operator))
}

fn fits(kind: Type, value: &Value) -> bool {
    match kind {
        Type::Int => matches!(value, Value::Int(_) | Value::Null),
        Type::Float => matches!(value, Value::Int(_) | Value::Float(_) | Value::Null),
        Type::Bool => matches!(value, Value::Bool(_) | Value::Null),
        _ => matches!(value, Value::Str(_) | Value::Null),
    }
}
