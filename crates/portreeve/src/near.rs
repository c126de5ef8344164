//! Suggestions for mistyped names.

/// How many names are suggested at most.
const MAX: usize = 5;

/// `did you mean a or b?`, if any known name is near.
pub fn suggestion<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let wanted = wanted.to_ascii_lowercase();
    let near: Vec<&str> =
        known.filter(|name| is_near(&wanted, &name.to_ascii_lowercase())).take(MAX).collect();
    (!near.is_empty()).then(|| format!("did you mean {}?", near.join(" or ")))
}

/// Whether one is part of the other, or two letters or fewer make one of the other.
fn is_near(a: &str, b: &str) -> bool {
    let part = a.len().min(b.len()) > 2 && (a.contains(b) || b.contains(a));
    part || distance(a, b) <= 2.min(b.len().div_ceil(2))
}

/// Letters to add, remove or replace to make one text of the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_letters() {
        for (a, b, letters) in [("crm", "crm", 0), ("crm", "cm", 1), ("crm", "cmr", 2), ("", "abc", 3)] {
            assert_eq!(distance(a, b), letters, "{a} {b}");
        }
    }

    #[test]
    fn a_few_near_names_are_suggested() {
        let known = ["ONCRMLEADADD", "ONCRMLEADUPDATE", "ONCRMLEADDELETE", "ONUSERADD"];
        let said = |wanted: &str| suggestion(wanted, known.into_iter());
        assert_eq!(said("onCrmLeadAd").as_deref(), Some("did you mean ONCRMLEADADD?"));
        assert_eq!(said("crmleadd").as_deref(), Some("did you mean ONCRMLEADDELETE?"));
        assert_eq!(said("ONNONSENSE"), None);
        assert_eq!(suggestion("abc", ["abcd"; 9].into_iter()).unwrap().matches("abcd").count(), MAX);
    }
}
