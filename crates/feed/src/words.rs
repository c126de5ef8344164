//! Texts of posts: titles that follow from them, and people whom they mention.

/// Letters of a title that follows from the text.
const TITLE: usize = 100;
/// People whom a text may mention to any effect.
const MENTIONED: usize = 50;

/// The title of a post that has none: the first line of its text, without marks in brackets.
pub fn title(text: &str) -> String {
    let plain = plain(text);
    let line = plain.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    line.chars().take(TITLE).collect()
}

/// A text without marks in brackets.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        match mark(rest) {
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

/// The length of the mark with which a text begins: `[b]`, `[/url]`, `[USER=5]`.
fn mark(text: &str) -> Option<usize> {
    let end = text.find(']').filter(|end| *end < 1000)?;
    let inside = text[1..end].trim_start_matches('/');
    let word: String = inside.chars().take_while(char::is_ascii_alphabetic).collect();
    let follows = inside[word.len()..].chars().next();
    let known = MARKS.contains(&word.to_ascii_lowercase().as_str());
    (known && matches!(follows, None | Some('=' | ' '))).then_some(end + 1)
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
