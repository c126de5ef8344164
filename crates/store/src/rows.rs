//! Many rows in one statement.

use crate::Dialect;

impl Dialect {
    /// The items in portions for one statement each. On PostgreSQL, where every statement is a journey to the server
    /// and back, a portion has 1, 2, 4, … or 64 items: few different statements to prepare, however many items there
    /// are. On SQLite, which is fastest with the simplest statement, it has one.
    ///
    /// ```
    /// let sizes: Vec<usize> = store::Dialect::Postgres.portions(&[0; 150]).map(<[_]>::len).collect();
    /// assert_eq!(sizes, [64, 64, 16, 4, 2]);
    /// ```
    pub fn portions<T>(self, items: &[T]) -> impl Iterator<Item = &[T]> {
        let most = match self {
            Dialect::Sqlite => 1,
            Dialect::Postgres => 64,
        };
        let mut rest = items;
        std::iter::from_fn(move || {
            let size = 1 << rest.len().min(most).checked_ilog2()?;
            let (portion, others) = rest.split_at(size);
            rest = others;
            Some(portion)
        })
    }
}

/// Places for `count` parameters: `?, ?, ?`.
pub fn marks(count: usize) -> String {
    rows("?", count)
}

/// Places for `count` rows of parameters: `(?, ?), (?, ?)` when a row is `(?, ?)`.
pub fn rows(row: &str, count: usize) -> String {
    vec![row; count].join(", ")
}
