//! What the lists of users and departments are asked for (protocol 5.5, 1.7): tests stand under `FILTER` or
//! beside the other parameters, `sort` names a field and `order` a direction, all in any case.

use wire::filter::{self, Filter, Op};
use wire::order::{self, Direction};
use wire::{Map, Text, Value};

use crate::entity::{Entity, Kind, Stored};

/// One test, as a request writes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// How to compare.
    pub op: Op,
    /// The field's name in capitals.
    pub field: String,
    /// The value to compare with.
    pub value: Value,
}

/// A list's tests and order.
#[derive(Debug, Default)]
pub struct ListParams {
    /// All of these must hold.
    pub tests: Vec<Test>,
    /// The fields to sort by, in capitals.
    pub order: Vec<(Text, Direction)>,
}

/// Reads the parameters of a list. Beside the others only tests of fields that are `known` count, since
/// clients add parameters of their own; under `FILTER` all do.
pub fn read(params: &Map, known: impl Fn(&str) -> bool) -> ListParams {
    let mut asked = ListParams::default();
    let (mut sort, mut direction) = (None, None);
    for (key, value) in params.iter() {
        let test = test(key, value);
        match (test.op, test.field.as_str()) {
            (Op::Eq, "FILTER") => {
                asked.tests.extend(value.entries().map(|(key, value)| self::test(&key, value)));
            }
            (Op::Eq, "ORDER") if value.is_array() => asked.order = capitals(order::parse_lenient(value)),
            (Op::Eq, "ORDER") => direction = order::direction(value),
            (Op::Eq, "SORT") if is_name(value) => {
                sort = value.as_str().map(str::to_ascii_uppercase).filter(|name| known(name));
            }
            _ if known(&test.field) => asked.tests.push(test),
            _ => {}
        }
    }
    if asked.order.is_empty() && (sort.is_some() || direction.is_some()) {
        let field = sort.map_or(Text::const_new("ID"), Text::from);
        asked.order.push((field, direction.unwrap_or_default()));
    }
    asked
}

fn test(key: &str, value: &Value) -> Test {
    let (op, field) = filter::split(key);
    Test { op, field: field.to_ascii_uppercase(), value: value.clone() }
}

/// Whether a value names a field: `SORT` may also be a department's place among its siblings.
fn is_name(value: &Value) -> bool {
    value.as_str().is_some() && value.as_int().is_none()
}

fn capitals(order: Vec<(Text, Direction)>) -> Vec<(Text, Direction)> {
    order.into_iter().map(|(field, direction)| (field.to_ascii_uppercase(), direction)).collect()
}

impl Test {
    /// What the test means on the table of `entity`. Text is compared without regard to case, and a `%` in it
    /// stands for any text (`NAME` with `Iv%`), as in the real system's database.
    pub fn into_filter(self, entity: &Entity) -> Filter {
        let text = entity.field(&self.field).is_some_and(|field| !field.multiple && is_text(field.kind));
        let (like, join): (_, fn(Vec<Filter>) -> Filter) = match self.op {
            Op::Eq | Op::In => (Op::Like, Filter::Any),
            Op::Ne | Op::NotIn => (Op::NotLike, Filter::All),
            _ => return self.unchanged(),
        };
        // An empty value asks whether there is anything.
        if !text || self.value.is_empty() || self.value == Value::Bool(false) {
            return self.unchanged();
        }
        let each = self.value.each().filter_map(Value::text).map(|text| {
            let value = pattern(&text).into();
            Filter::Test { op: like, field: Text::new(&self.field), value }
        });
        join(each.collect())
    }

    fn unchanged(self) -> Filter {
        Filter::Test { op: self.op, field: self.field.into(), value: self.value }
    }
}

fn is_text(kind: Kind) -> bool {
    kind.stored() == Stored::Text && !matches!(kind, Kind::Char | Kind::Date)
}

/// Text as a LIKE pattern in which only `%` has a meaning.
pub fn pattern(text: &str) -> String {
    text.replace('\\', "\\\\").replace('_', "\\_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Field;
    use serde_json::json;

    fn asked(params: &serde_json::Value) -> ListParams {
        read(&crate::method::params(params), |name| ["ID", "NAME", "SORT"].contains(&name))
    }

    fn written(asked: &ListParams) -> Vec<(Op, &str)> {
        asked.tests.iter().map(|test| (test.op, test.field.as_str())).collect()
    }

    #[test]
    fn tests_stand_beside_the_parameters_or_under_filter() {
        let asked = asked(&json!({"id": [1, 2], "__order": 1, "filter": {">ID": 5, "Odd": 1}}));
        assert_eq!(written(&asked), [(Op::Eq, "ID"), (Op::Gt, "ID"), (Op::Eq, "ODD")]);
        assert!(asked.order.is_empty());
    }

    #[test]
    fn sort_is_an_order_when_it_names_a_field() {
        let by = |field: &'static str, direction| vec![(Text::new(field), direction)];
        assert_eq!(asked(&json!({"sort": "name", "order": "desc"})).order, by("NAME", Direction::Desc));
        assert_eq!(asked(&json!({"SORT": "NAME"})).order, by("NAME", Direction::Asc));
        assert_eq!(asked(&json!({"ORDER": "DESC"})).order, by("ID", Direction::Desc));
        assert_eq!(asked(&json!({"order": {"id": "DESC"}})).order, by("ID", Direction::Desc));
        assert_eq!(asked(&json!({"sort": "SHOE_SIZE"})).order, vec![]);
        let both = asked(&json!({"sort": "NAME", "SORT": 500}));
        assert_eq!(written(&both), [(Op::Eq, "SORT")]);
        assert_eq!(both.order, by("NAME", Direction::Asc));
    }

    #[test]
    fn text_is_compared_by_pattern_and_numbers_are_not() {
        let fields = vec![Field::new("ID", Kind::Integer, "x"), Field::new("NAME", Kind::String, "x")];
        let entity = crate::entity::table::described("t", "x", fields);
        let filter = |key: &str, value: serde_json::Value| test(key, &value.into()).into_filter(&entity);
        let one =
            |op, field: &str, value: &str| Filter::Test { op, field: field.into(), value: value.into() };
        assert_eq!(filter("NAME", json!("I_v%")), Filter::Any(vec![one(Op::Like, "NAME", "I\\_v%")]));
        assert_eq!(filter("!NAME", json!(["a"])), Filter::All(vec![one(Op::NotLike, "NAME", "a")]));
        assert_eq!(filter("ID", json!("7")), one(Op::Eq, "ID", "7"));
        assert_eq!(filter("%NAME", json!("a")), one(Op::Contains, "NAME", "a"));
        assert_eq!(filter("!NAME", json!("")), one(Op::Ne, "NAME", ""));
    }
}
