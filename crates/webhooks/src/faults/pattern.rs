//! Names with `*` for any letters.

/// Whether a name fits a pattern, whatever the case of its letters.
pub fn fits(pattern: &str, name: &str) -> bool {
    let lower = |text: &str| text.to_ascii_lowercase();
    let (pattern, name) = (lower(pattern), lower(name));
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(head) else { return false };
    let (middle, tail) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*') {
        // The first place is the best: it leaves most.
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    left.ends_with(tail)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_any_letters() {
        for (pattern, name) in [
            ("*", "batch"),
            ("crm.*", "crm.deal.list"),
            ("CRM.*", "crm.deal.list"),
            ("*.list", "crm.deal.list"),
            ("crm.*.list", "crm.deal.list"),
            ("c*m*d*t", "crm.deal.list"),
            ("**", ""),
            ("crm.deal.list", "crm.deal.list"),
            ("a*a*a", "aaa"),
        ] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("", "batch"),
            ("crm", "crm.deal.list"),
            ("*.get", "crm.deal.list"),
            ("crm.*.list", "crm.list"),
            ("a*a*a", "aa"),
            ("x*", "crm"),
            ("*ab*ba*", "aba"),
        ] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }
}
