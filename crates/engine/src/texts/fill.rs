//! Texts with holes that are filled after they were translated.

/// Puts values in place of `{name}`; a hole without a value stays. Values are not looked into.
pub fn fill(text: &str, values: &[(&str, String)]) -> String {
    let (mut filled, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find('{') {
        filled.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        let value = behind.split_once('}').and_then(|(hole, after)| {
            let (_, value) = values.iter().find(|(name, _)| *name == hole)?;
            Some((value, after))
        });
        match value {
            Some((value, after)) => {
                filled.push_str(value);
                rest = after;
            }
            None => {
                filled.push('{');
                rest = behind;
            }
        }
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn holes_with_a_value_are_filled_once() {
        let values = [("a", "{b}".to_owned()), ("b", "2".to_owned())];
        assert_eq!(fill("{a}, {b} and {c}, {{a} {", &values), "{b}, 2 and {c}, {{b} {");
        assert_eq!(fill("", &values), "");
    }
}
