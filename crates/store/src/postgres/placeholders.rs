//! `?` to `$1`, `$2`, ..

/// Numbers the placeholders of a statement. A `?` in quotes or a comment is left alone.
pub(super) fn numbered(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len() + 16);
    let mut rest = sql;
    let mut number = 0;
    while let Some(at) = rest.find(['?', '\'', '"', '-', '/']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = quoted(rest);
        if length > 0 {
            out.push_str(&rest[..length]);
            rest = &rest[length..];
        } else if rest.starts_with('?') {
            number += 1;
            out.push('$');
            out.push_str(&number.to_string());
            rest = &rest[1..];
        } else {
            out.push_str(&rest[..1]);
            rest = &rest[1..];
        }
    }
    out + rest
}

/// Length of the string, quoted name or comment that `sql` starts with; 0 when it starts with none. A doubled
/// quote makes two of them side by side, which comes to the same.
fn quoted(sql: &str) -> usize {
    let (open, close) = match sql.as_bytes() {
        [b'\'', ..] => (1, "'"),
        [b'"', ..] => (1, "\""),
        [b'-', b'-', ..] => (2, "\n"),
        [b'/', b'*', ..] => (2, "*/"),
        _ => return 0,
    };
    sql[open..].find(close).map_or(sql.len(), |at| open + at + close.len())
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn placeholders_are_numbered_in_order() {
        assert_eq!(
            numbered("UPDATE t SET a = ?, b = ? WHERE id = ?"),
            "UPDATE t SET a = $1, b = $2 WHERE id = $3"
        );
        assert_eq!(numbered("SELECT 1"), "SELECT 1");
        assert_eq!(numbered("SELECT a-? /? FROM t"), "SELECT a-$1 /$2 FROM t");
    }

    #[test]
    fn question_marks_in_quotes_and_comments_stay() {
        assert_eq!(numbered("SELECT 'a?''b?', \"c?\", ?"), "SELECT 'a?''b?', \"c?\", $1");
        assert_eq!(numbered("SELECT ? -- what?\n, ?"), "SELECT $1 -- what?\n, $2");
        assert_eq!(numbered("SELECT /* why? */ ? -- ?"), "SELECT /* why? */ $1 -- ?");
        assert_eq!(numbered("SELECT 'open ?"), "SELECT 'open ?");
        assert_eq!(numbered("SELECT 'Ж?' || ?"), "SELECT 'Ж?' || $1");
    }
}
