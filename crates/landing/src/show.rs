//! Rows as `landing.*` shows them: text-valued, dates as the portal writes them; and their lists, which take
//! `params{select, filter, order, group, limit, offset}` and answer nothing but rows.

use std::collections::HashSet;

use engine::call::Call;
use engine::entity::filter::Unknown;
use engine::entity::page::Query;
use engine::entity::{Kind, Naming, Row};
use engine::error::Result;
use engine::noun::{self, Asked, Noun, RowScope};
use store::Param;
use wire::filter::{self, Filter};
use wire::{Map, Text, Value, order};

/// The fields of a row, but for those that no list shows.
pub fn row(call: &Call<'_, '_>, noun: &'static Noun, row: &Row, hidden: &[&str]) -> Map {
    let mut map = Map::with_capacity(noun.fields.len());
    for field in noun.fields.iter().filter(|field| !hidden.contains(&field.name)) {
        let value = match (field.kind, row.get(field.name)) {
            (_, Param::Null) => Value::Null,
            (Kind::Json, _) => json(row, field.name),
            (Kind::DateTime, Param::Int(seconds)) => {
                call.settings.dates().moment(&call.caller.zone, *seconds).into()
            }
            (_, Param::Int(number)) => number.to_string().into(),
            (_, Param::Text(text)) => text.as_ref().into(),
            _ => Value::Null,
        };
        map.push(field.upper_name(), value);
    }
    map
}

/// What a field of JSON holds; `null` for nothing.
pub fn json(row: &Row, name: &str) -> Value {
    Value::from(row.json(name))
}

/// Leaves out what is in the trash, unless the filter of a list asks for it.
pub fn without_trash(filter: &mut Map) {
    if filter.get("DELETED").is_none() && filter.get("=DELETED").is_none() {
        filter.push("=DELETED", "N");
    }
}

/// What a list is asked for.
#[derive(Debug, Default)]
pub struct Params {
    /// Its `params`.
    pub given: Map,
    /// The names to show; none means all.
    pub select: Vec<String>,
}

impl Params {
    /// Those of a call.
    ///
    /// # Errors
    /// `TYPE_ERROR` for what is no object.
    pub fn of(call: &Call<'_, '_>) -> Result<Self> {
        let given = crate::refusal::members(call, "params")?;
        let names = given.get("select").filter(|select| select.is_array());
        let select: Vec<String> = names
            .map(|names| names.each().filter_map(Value::text).map(|name| name.into_owned()).collect())
            .unwrap_or_default();
        let all = select.iter().any(|name| name == "*");
        let select =
            if all { Vec::new() } else { select.into_iter().filter(|name| !name.contains('.')).collect() };
        Ok(Params { given, select })
    }

    /// The members of its filter; an empty one for what is none.
    pub fn filter(&self) -> Map {
        let filter = self.given.get("filter").filter(|filter| filter.is_array());
        filter.cloned().and_then(Value::into_map).unwrap_or_default()
    }

    /// A flag beside the others.
    pub fn flag(&self, name: &str) -> bool {
        crate::refusal::flag(self.given.get(name)).unwrap_or(false)
    }

    /// The members of a row that it asks for, and those that it always has.
    pub fn pick(&self, row: Map, always: &[&str]) -> Value {
        let wanted = |name: &str| {
            self.select.is_empty() || always.contains(&name) || self.select.iter().any(|asked| asked == name)
        };
        row.into_iter().filter(|(name, _)| wanted(name)).collect::<Map>().into_value()
    }

    /// The shown rows, one for each combination of the fields that `group` names.
    pub fn group(&self, rows: Vec<Value>) -> Value {
        let names: Vec<String> =
            self.given.get("group").filter(|group| group.is_array()).map_or_else(Vec::new, |group| {
                group.each().filter_map(Value::text).map(|name| name.into_owned()).collect()
            });
        if names.is_empty() {
            return rows.into();
        }
        let mut seen = HashSet::new();
        let key = |row: &Value| {
            let part = |name: &String| row.get(name).and_then(Value::text).map(|text| text.into_owned());
            names.iter().map(part).collect::<Vec<_>>()
        };
        rows.into_iter().filter(|row| seen.insert(key(row))).collect::<Vec<_>>().into()
    }
}

/// The rows among these that a list asks for, by this filter.
///
/// # Errors
/// Those of the store, and for an answer that would be too large.
pub fn list(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    scope: &RowScope,
    params: &Params,
    filter: &Map,
    within: Option<(String, Vec<Param<'static>>)>,
) -> Result<Vec<Row>> {
    let order = params.given.get("order").filter(|order| order.is_array());
    let tests =
        filter.iter().filter(|(key, _)| !key.contains('.')).map(|(key, value)| filter::test(key, value));
    let query = Query {
        filter: Filter::All(tests.collect()),
        order: order.map(order::parse_legacy).unwrap_or_default(),
        select: Vec::<Text>::new(),
        unknown: Unknown::Ignored,
    };
    let number = |name: &str| params.given.get(name).and_then(Value::as_int).filter(|number| *number > 0);
    let window = (number("offset").unwrap_or(0), number("limit").unwrap_or(i64::MAX));
    noun::asked(
        call,
        noun,
        scope,
        Asked { within, query: Some((Naming::Legacy, query)), window: Some(window), ..Asked::default() },
    )
}
