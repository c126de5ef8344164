//! Texts of messages, as requests write them.

use engine::bbcode;

/// A text with its lines broken where `#BR#` says so, and without blanks around it.
pub fn clean(given: &str) -> String {
    given.replace("#BR#", "\n").trim().to_owned()
}

/// The first line or so of a text, as lists show it: without tags in brackets, in one line.
pub fn brief(text: &str) -> String {
    let brief = bbcode::plain(text, &TAGS);
    let words: Vec<&str> = brief.split_whitespace().collect();
    words.join(" ").chars().take(LENGTH).collect()
}

/// A text as HTML: what is HTML in it is shown as it stands, lines break, and the plainest tags in brackets are tags.
pub fn html(text: &str) -> String {
    let html = bbcode::html(text).replace('"', "&quot;");
    html.replace('\n', "<br />").replace("[br]", "<br />").replace("[BR]", "<br />")
}

/// Letters that a list shows.
const LENGTH: usize = 200;

const TAGS: [&str; 18] = [
    "b", "i", "u", "s", "url", "user", "chat", "call", "pch", "send", "put", "img", "icon", "quote", "code",
    "size", "color", "br",
];

#[cfg(test)]
mod tests {
    use super::{brief, clean, html};

    #[test]
    fn lines_are_broken_by_either_spelling() {
        assert_eq!(clean("  one#BR#two\nthree "), "one\ntwo\nthree");
    }

    #[test]
    fn html_in_a_text_is_text() {
        assert_eq!(html("[b]1 < 2[/B]\n<script>"), "<b>1 &lt; 2</b><br />&lt;script&gt;");
    }

    #[test]
    fn lists_show_words_without_tags() {
        assert_eq!(brief("[b]Hi[/b] [USER=5]Ines[/USER],\n look [1] and [x"), "Hi Ines, look [1] and [x");
        assert_eq!(brief("[url=https://a.b/c]here[/url]"), "here");
        assert_eq!(brief(&"ы".repeat(300)).chars().count(), 200);
    }
}
