//! Texts of posts: titles that follow from them, and people whom they mention.

use engine::bbcode;

/// Letters of a title that follows from the text.
const TITLE: usize = 100;
/// People whom a text may mention to any effect.
const MENTIONED: usize = 50;

/// The title of a post that has none: the first line of its text, without marks in brackets.
pub fn title(text: &str) -> String {
    let plain = bbcode::plain(text, &MARKS);
    let line = plain.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    line.chars().take(TITLE).collect()
}

const MARKS: [&str; 18] = [
    "b", "i", "u", "s", "url", "user", "img", "quote", "code", "size", "color", "list", "left", "center",
    "right", "video", "font", "disk",
];

/// The people whom a text mentions: `[USER=5]Ines[/USER]`.
pub fn mentioned(text: &str) -> Vec<i64> {
    let mut people = Vec::new();
    for part in text.to_ascii_uppercase().split("[USER=").skip(1) {
        let Some((number, _)) = part.split_once(']') else { continue };
        let number = number.split_whitespace().next().and_then(|number| number.parse::<i64>().ok());
        people.extend(number.filter(|user| *user > 0 && !people.contains(user)));
        if people.len() >= MENTIONED {
            break;
        }
    }
    people
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_the_first_line_without_marks() {
        assert_eq!(title("\n[b]New[/b] hours [x]\nfrom Monday"), "New hours [x]");
        assert_eq!(title(&"я".repeat(300)).chars().count(), 100);
        assert_eq!(title("[USER=5]Ines[/USER], hello"), "Ines, hello");
    }

    #[test]
    fn people_are_mentioned_by_number() {
        assert_eq!(mentioned("[USER=5]Ines[/USER] and [USER=7 REPLACE]x[/USER], [user=5]"), [5, 7]);
        assert_eq!(mentioned("5] nobody [USER=x]"), Vec::<i64>::new());
    }
}
