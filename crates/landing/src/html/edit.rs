//! Changes of a text by place.

use std::ops::Range;

/// Changes that are made all at once.
#[derive(Debug, Default)]
pub struct Edits {
    changes: Vec<(Range<usize>, String)>,
}

impl Edits {
    /// Puts a text into a place.
    pub fn put(&mut self, place: Range<usize>, text: impl Into<String>) {
        self.changes.push((place, text.into()));
    }

    /// The text with these changes. Of two in the same place the outer one counts.
    pub fn apply(mut self, html: &str) -> String {
        self.changes.sort_by_key(|(place, _)| (place.start, std::cmp::Reverse(place.end)));
        let (mut changed, mut at) = (String::with_capacity(html.len()), 0);
        for (place, text) in self.changes {
            let Some(before) = html.get(at..place.start) else { continue };
            changed.push_str(before);
            changed.push_str(&text);
            at = place.end.max(at);
        }
        changed.push_str(html.get(at..).unwrap_or_default());
        changed
    }
}

/// A text as a value of an attribute.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outer_changes_count() {
        let mut edits = Edits::default();
        edits.put(2..3, "X");
        edits.put(1..4, "Y");
        edits.put(5..5, "Z");
        assert_eq!(edits.apply("abcdef"), "aYeZf");
    }
}
