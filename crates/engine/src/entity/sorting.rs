//! What lists are sorted by.

use store::Param;
use wire::order::Direction;

/// What a list is sorted by: expressions of SQL on the table `t`, the first one first.
#[derive(Clone, Debug, Default)]
pub struct Order {
    keys: Vec<(String, &'static str)>,
    values: Vec<Param<'static>>,
}

impl Order {
    /// Sorts by this expression in this direction, such as `ASC` or `DESC NULLS LAST`, what is the same so far.
    pub fn by(mut self, expression: impl Into<String>, direction: &'static str) -> Self {
        self.keys.push((expression.into(), direction));
        self
    }

    /// With these values for placeholders of the expressions.
    pub fn with(mut self, values: impl IntoIterator<Item = Param<'static>>) -> Self {
        self.values.extend(values);
        self
    }

    /// The values of its placeholders.
    pub(super) fn values(&self) -> impl Iterator<Item = Param<'static>> {
        self.values.iter().cloned()
    }

    /// As a SELECT of the table has it behind `ORDER BY`.
    pub(super) fn text(&self) -> String {
        joined(self.keys.iter().map(|(expression, word)| format!("{expression} {word}")))
    }

    /// The columns of a SELECT by which several of them are sorted together: the id, and the keys.
    pub(super) fn columns(&self) -> String {
        joined(std::iter::once(ID).chain(self.others()).map(str::to_owned))
    }

    /// The order of what such selects find together.
    pub(super) fn places(&self) -> String {
        let mut next = 1;
        joined(self.keys.iter().map(|(expression, word)| {
            let place = if expression == ID {
                1
            } else {
                next += 1;
                next
            };
            format!("{place} {word}")
        }))
    }

    /// The direction, where it is the order of ids.
    pub(super) fn by_id(&self) -> Option<Direction> {
        let (_, word) = self.keys.first().filter(|(expression, _)| expression == ID)?;
        Some(if word.starts_with("DESC") { Direction::Desc } else { Direction::Asc })
    }

    fn others(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|(expression, _)| expression.as_str()).filter(|expression| *expression != ID)
    }
}

const ID: &str = "t.id";

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_several_selects_find_is_sorted_by_place() {
        let order = Order::default().by("t.name", "ASC").by(ID, "DESC").by("(SELECT ?)", "ASC NULLS LAST");
        assert_eq!(order.text(), "t.name ASC, t.id DESC, (SELECT ?) ASC NULLS LAST");
        assert_eq!(order.columns(), "t.id, t.name, (SELECT ?)");
        assert_eq!(order.places(), "2 ASC, 1 DESC, 3 ASC NULLS LAST");
        assert_eq!(order.by_id(), None);
        assert_eq!(Order::default().by(ID, "DESC").by_id(), Some(Direction::Desc));
    }
}
