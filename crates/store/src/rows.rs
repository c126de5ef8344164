//! Many rows in one statement: on PostgreSQL every statement is a journey to the server and back.

/// Rows in one statement at most: far from the engines' limits on parameters.
const MOST: usize = 64;

/// The items in portions for one statement each. A portion has 1, 2, 4, … or 64 of them: so there are few different
/// statements to prepare, however many items there are.
///
/// ```
/// let sizes: Vec<usize> = store::portions(&[0; 150]).map(<[_]>::len).collect();
/// assert_eq!(sizes, [64, 64, 16, 4, 2]);
/// ```
pub fn portions<T>(items: &[T]) -> impl Iterator<Item = &[T]> {
    let mut rest = items;
    std::iter::from_fn(move || {
        let size = 1 << rest.len().min(MOST).checked_ilog2()?;
        let (portion, others) = rest.split_at(size);
        rest = others;
        Some(portion)
    })
}

/// Places for `count` parameters: `?, ?, ?`.
pub fn marks(count: usize) -> String {
    rows("?", count)
}

/// Places for `count` rows of parameters: `(?, ?), (?, ?)` when a row is `(?, ?)`.
pub fn rows(row: &str, count: usize) -> String {
    vec![row; count].join(", ")
}
