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
