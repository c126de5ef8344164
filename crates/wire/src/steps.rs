//! The commands of a batch of REST 3.0 and the references between them (protocol 13): `{"$ref": "alias.path"}` stands for a value
//! that an earlier command answered, `{"$refArray": "alias.field"}` for that field of each row that it listed.

use std::collections::{HashMap, HashSet};

use crate::{Fault, Map, Text, Value, exception};

/// A few bytes of references can stand for megabytes, so what they cost is bounded per batch.
const MAX_ROOM: usize = 32 << 20;
/// Arrays within one another that parameters may have once references are replaced.
const MAX_DEPTH: usize = 64;

/// A command of a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The method.
    pub method: Text,
    /// Its parameters.
    pub query: Map,
    /// The name under which later commands refer to its answer; its place counts as well.
    pub alias: Option<Text>,
}

/// Reads the commands of a batch. Its parameters are a list, under `0`, `1`, …
///
/// # Errors
/// `INVALIDSELECTEXCEPTION` for what is no list, as the batch of before, for a name that two commands have, and
/// `REQUESTVALIDATIONEXCEPTION` for what is no command.
pub fn read(params: Map) -> Result<Vec<Step>, Fault> {
    let Value::List(list) = params.into_value() else { return Err(exception::invalid_select("batch")) };
    let steps = list.into_iter().enumerate().map(|(at, step)| one(at, step));
    let steps = steps.collect::<Result<Vec<_>, _>>()?;
    let mut names = HashSet::new();
    for alias in steps.iter().filter_map(|step| step.alias.as_ref()) {
        if !names.insert(alias) {
            return Err(exception::invalid_select(alias));
        }
    }
    Ok(steps)
}

fn one(at: usize, step: Value) -> Result<Step, Fault> {
    let field = |name: &str| format!("{at}.{name}");
    let Value::Map(mut step) = step else {
        return Err(exception::request(vec![exception::missing(&field("method"))]));
    };
    let mut complaints = Vec::new();
    let method = match step.remove("method") {
        Some(Value::Str(method)) => method,
        None => {
            complaints.push(exception::missing(&field("method")));
            Text::default()
        }
        Some(_) => {
            complaints.push(exception::mistyped(&field("method"), "string"));
            Text::default()
        }
    };
    let query = step.remove("query").unwrap_or_default();
    if !matches!(query, Value::Map(_) | Value::Null) && !query.is_empty() {
        complaints.push(exception::mistyped(&field("query"), "object"));
    }
    let alias = match step.remove("as") {
        None | Some(Value::Null) => None,
        Some(Value::Str(alias)) => Some(alias),
        Some(_) => {
            complaints.push(exception::mistyped(&field("as"), "string"));
            None
        }
    };
    match complaints.is_empty() {
        true => Ok(Step { method, query: query.into_map().unwrap_or_default(), alias }),
        false => Err(exception::request(complaints)),
    }
}

/// What the commands of a batch answered.
#[derive(Debug)]
pub struct Answers {
    results: Vec<Value>,
    names: HashMap<Text, usize>,
    room: usize,
}

impl Default for Answers {
    fn default() -> Self {
        Answers { results: Vec::new(), names: HashMap::new(), room: MAX_ROOM }
    }
}

impl Answers {
    /// Adds the answer of the next command.
    pub fn push(&mut self, alias: Option<Text>, result: Value) {
        if let Some(alias) = alias {
            self.names.insert(alias, self.results.len());
        }
        self.results.push(result);
    }

    /// All of them in order.
    pub fn into_value(self) -> Value {
        Value::List(self.results)
    }

    /// Puts what they stand for in the place of the references in parameters.
    ///
    /// # Errors
    /// `INVALIDSELECTEXCEPTION` for one that leads nowhere, and when they stand for too much.
    pub fn substitute(&mut self, params: &mut Map) -> Result<(), Fault> {
        params.iter_mut().try_for_each(|(_, value)| self.visit(value, MAX_DEPTH))
    }

    fn visit(&mut self, value: &mut Value, depth: usize) -> Result<(), Fault> {
        let depth = depth.checked_sub(1).ok_or_else(|| exception::invalid_select("too deep"))?;
        if let Some(found) = self.reference(value)? {
            self.room = self
                .room
                .checked_sub(found.weight())
                .ok_or_else(|| exception::invalid_select("the references stand for too much"))?;
            *value = found;
            return Ok(());
        }
        match value {
            Value::List(list) => list.iter_mut().try_for_each(|value| self.visit(value, depth)),
            Value::Map(map) => map.iter_mut().try_for_each(|(_, value)| self.visit(value, depth)),
            _ => Ok(()),
        }
    }

    /// What a value stands for, if it is a reference.
    fn reference(&self, value: &Value) -> Result<Option<Value>, Fault> {
        let Value::Map(map) = value else { return Ok(None) };
        if map.len() != 1 {
            return Ok(None);
        }
        if let Some(path) = map.get("$ref") {
            let path = path.as_str().unwrap_or_default();
            return self.follow(path).map(Some).ok_or_else(|| lost(path));
        }
        let Some(path) = map.get("$refArray") else { return Ok(None) };
        let path = path.as_str().unwrap_or_default();
        let (name, field) = path.split_once('.').ok_or_else(|| exception::invalid_select(path))?;
        let rows = self.named(name).and_then(|result| rows(result)).ok_or_else(|| lost(path))?;
        let values = rows.iter().map(|row| walk(row, field).cloned()).collect::<Option<Vec<_>>>();
        values.map(Value::List).map(Some).ok_or_else(|| lost(path))
    }

    fn named(&self, name: &str) -> Option<&Value> {
        let at = self.names.get(name).copied().or_else(|| name.parse().ok())?;
        self.results.get(at)
    }

    /// A path begins within the row that a command answered, or the rows; of any other answer, with what it holds.
    fn follow(&self, path: &str) -> Option<Value> {
        let (name, rest) = path.split_once('.').unwrap_or((path, ""));
        let result = self.named(name)?;
        let begin = ["item", "items"].into_iter().find_map(|key| result.get(key)).unwrap_or(result);
        walk(begin, rest).cloned()
    }
}

/// The rows of an answer: those that it lists, or the one that it has.
fn rows(result: &Value) -> Option<&[Value]> {
    match (result.get("items").unwrap_or(result), result.get("item")) {
        (Value::List(rows), _) => Some(rows),
        (_, Some(row)) => Some(std::slice::from_ref(row)),
        _ => None,
    }
}

fn walk<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').filter(|key| !key.is_empty()).try_fold(value, |value, key| value.get(key))
}

fn lost(path: &str) -> Fault {
    exception::invalid_select(&format!("Path '{path}' not found in context"))
}
