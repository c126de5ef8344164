//! Many rows in one statement.

use crate::{Dialect, Param};

/// So many rows go to PostgreSQL at once.
const AT_ONCE: usize = 1_000;
/// Where a statement has a portion of numbers.
const PORTION: &str = " IN (#)";

impl Dialect {
    /// The items in portions for one statement each. On PostgreSQL, where every statement is a round trip to the server
    /// and back, a portion has up to a thousand, which travel as [`columns`]. On SQLite, which takes no such thing and
    /// is fastest with the simplest statement, it has one.
    pub fn portions<T>(self, items: &[T]) -> std::slice::Chunks<'_, T> {
        items.chunks(match self {
            Dialect::Sqlite => 1,
            Dialect::Postgres => AT_ONCE,
        })
    }

    /// A condition that is true when a column holds one of a portion of numbers, which are its [`params`](Dialect::params).
    pub fn among(self, column: &str) -> String {
        match self {
            Dialect::Sqlite => format!("{column} = ?"),
            Dialect::Postgres => format!("{column} = ANY(CAST(? AS BIGINT[]))"),
        }
    }

    /// A statement with the condition of a portion in place of `IN (#)`.
    pub(crate) fn within(self, sql: &str) -> String {
        match self {
            Dialect::Sqlite => sql.replace(PORTION, " = ?"),
            Dialect::Postgres => sql.replace(PORTION, " = ANY(CAST(? AS BIGINT[]))"),
        }
    }

    /// The parameters of such a statement: others, and then a portion of numbers.
    pub(crate) fn with_portion<'a>(self, before: &[Param<'a>], portion: &[i64]) -> Vec<Param<'a>> {
        let portion = self.params(portion.iter().map(|number| [Param::from(*number)]));
        [before, &portion].concat()
    }

    /// The rows of a portion as a statement takes them: as [`columns`] on PostgreSQL, one behind the other on SQLite.
    pub fn params<'a, const N: usize>(
        self,
        rows: impl IntoIterator<Item = [Param<'a>; N]>,
    ) -> Vec<Param<'a>> {
        match self {
            Dialect::Sqlite => rows.into_iter().flatten().collect(),
            Dialect::Postgres => columns(rows).into(),
        }
    }
}

/// Rows as the columns of a table that PostgreSQL takes in so many parameters, `FROM unnest(CAST(? AS BIGINT[]),
/// CAST(? AS TEXT[])) s (id, name)`: one statement, to be prepared once, however many rows there are.
pub fn columns<'a, const N: usize>(rows: impl IntoIterator<Item = [Param<'a>; N]>) -> [Param<'a>; N] {
    let mut columns = [const { Vec::new() }; N];
    for row in rows {
        columns.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
    }
    columns.map(Param::List)
}

/// Places for `count` parameters: `?, ?, ?`.
pub fn placeholders(count: usize) -> String {
    rows("?", count)
}

/// Places for `count` rows of parameters: `(?, ?), (?, ?)` when a row is `(?, ?)`.
pub fn rows(row: &str, count: usize) -> String {
    vec![row; count].join(", ")
}
