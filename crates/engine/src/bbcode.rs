//! Texts with marks in square brackets, as chats and tasks have them.

/// A text as HTML: what is HTML in it is shown as it stands, and the plainest marks are tags. Lines are not broken yet.
pub fn html(text: &str) -> String {
    let mut html = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    for mark in ["b", "i", "u", "s"] {
        for tag in [mark.to_owned(), format!("/{mark}")] {
            html = html.replace(&format!("[{tag}]"), &format!("<{tag}>"));
            html = html.replace(&format!("[{}]", tag.to_ascii_uppercase()), &format!("<{tag}>"));
        }
    }
    html
}

/// A text without those of these marks that it has: `[b]`, `[/url]`, `[USER=5]`.
pub fn plain(text: &str, marks: &[&str]) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        match mark(rest, marks) {
            Some(length) => rest = &rest[length..],
            None => {
                plain.push('[');
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// The length of the mark with which a text begins.
fn mark(text: &str, marks: &[&str]) -> Option<usize> {
    // No further: a long text of such brackets would be read again and again.
    let end = text.bytes().take(1000).position(|byte| byte == b']')?;
    let inside = text[1..end].trim_start_matches('/');
    let word: String = inside.chars().take_while(char::is_ascii_alphabetic).collect();
    let follows = inside[word.len()..].chars().next();
    let known = marks.contains(&word.to_ascii_lowercase().as_str());
    (known && matches!(follows, None | Some('=' | ' '))).then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_mark_ends_within_a_thousand_letters() {
        let long = |letters: usize| format!("[url={}]x[/url]", "a".repeat(letters));
        assert_eq!(plain(&long(900), &["url"]), "x");
        assert_eq!(plain(&long(1000), &["url"]), long(1000).replace("[/url]", ""));
        assert_eq!(plain("[b][[ü] [c]", &["b"]), "[[ü] [c]");
    }
}
