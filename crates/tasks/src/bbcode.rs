//! Texts with marks in square brackets, in other forms.

/// A text with its marks taken away.
pub fn plain(text: &str) -> String {
    let (mut plain, mut inside) = (String::with_capacity(text.len()), false);
    for letter in text.chars() {
        match letter {
            '[' => inside = true,
            ']' if inside => inside = false,
            _ if inside => {}
            _ => plain.push(letter),
        }
    }
    plain
}

/// A text with its simple marks as HTML.
pub fn html(text: &str) -> String {
    engine::bbcode::html(text).replace('\n', "<br>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_tags_or_go_and_nothing_else_is_let_through() {
        assert_eq!(html("[B]now[/B] <b>\n[URL]x[/URL]"), "<b>now</b> &lt;b&gt;<br>[URL]x[/URL]");
        assert_eq!(plain("[B]now[/B], [URL=/x]there[/URL]"), "now, there");
    }
}
