//! Start tags, changed attribute by attribute.

use std::ops::Range;

use super::edit::escape;

/// An attribute in a start tag: the places of its name and of all of it.
struct Place {
    name: Range<usize>,
    whole: Range<usize>,
}

/// The attributes of a start tag.
fn places(tag: &str) -> Vec<Place> {
    let bytes = tag.as_bytes();
    let is_blank = |byte: u8| byte.is_ascii_whitespace() || byte == b'/';
    let while_true = |mut at: usize, test: &dyn Fn(u8) -> bool| {
        while at < bytes.len() && test(bytes[at]) {
            at += 1;
        }
        at
    };
    let mut at = while_true(1, &|byte| !is_blank(byte) && byte != b'>');
    let mut found = Vec::new();
    loop {
        at = while_true(at, &is_blank);
        if at >= bytes.len() || bytes[at] == b'>' {
            return found;
        }
        let start = at;
        // An equals sign that begins a name belongs to it.
        at = while_true(at + 1, &|byte| !is_blank(byte) && byte != b'>' && byte != b'=');
        let name = start..at;
        let equals = while_true(at, &|byte| byte.is_ascii_whitespace());
        if equals < bytes.len() && bytes[equals] == b'=' {
            at = while_true(equals + 1, &|byte| byte.is_ascii_whitespace());
            at = match bytes.get(at) {
                Some(quote @ (b'"' | b'\'')) => {
                    (while_true(at + 1, &|byte| byte != *quote) + 1).min(bytes.len())
                }
                _ => while_true(at, &|byte| !byte.is_ascii_whitespace() && byte != b'>'),
            };
        }
        found.push(Place { name, whole: start..at });
    }
}

/// A start tag with this value of an attribute, or without the attribute.
pub fn with_attribute(tag: &str, name: &str, value: Option<&str>) -> String {
    let place = places(tag).into_iter().find(|place| tag[place.name.clone()].eq_ignore_ascii_case(name));
    let written = value.map(|value| format!("{name}=\"{}\"", escape(value)));
    match (place, written) {
        (Some(place), Some(written)) => {
            format!("{}{written}{}", &tag[..place.whole.start], &tag[place.whole.end..])
        }
        (Some(place), None) => {
            format!("{}{}", tag[..place.whole.start].trim_end(), &tag[place.whole.end..])
        }
        (None, Some(written)) => {
            let end = tag.strip_suffix("/>").or_else(|| tag.strip_suffix('>')).unwrap_or(tag);
            format!("{} {written}{}", end.trim_end(), &tag[end.len()..])
        }
        (None, None) => tag.to_owned(),
    }
}

/// A start or end tag with another name.
pub fn renamed(tag: &str, name: &str) -> String {
    let start = if tag.starts_with("</") { 2 } else { 1 };
    let rest = tag.get(start..).unwrap_or_default();
    let end = rest.find(|letter: char| letter.is_ascii_whitespace() || letter == '>' || letter == '/');
    format!("{}{name}{}", &tag[..start.min(tag.len())], &rest[end.unwrap_or(rest.len())..])
}

/// Classes as an attribute has them.
pub fn classes<'c>(classes: impl Iterator<Item = &'c str>) -> String {
    classes.flat_map(str::split_ascii_whitespace).collect::<Vec<_>>().join(" ")
}

/// An inline style with these properties; `None` takes one out. A semicolon within quotes or brackets ends no property.
pub fn set_style(style: &str, changes: &[(String, Option<String>)]) -> String {
    let mut kept: Vec<(String, String)> = Vec::new();
    let (mut depth, mut quote, mut from) = (0_usize, None, 0);
    let mut parts = Vec::new();
    for (at, letter) in style.char_indices() {
        match (letter, quote) {
            (_, Some(open)) if letter == open => quote = None,
            (_, Some(_)) => {}
            ('"' | '\'', None) => quote = Some(letter),
            ('(', None) => depth += 1,
            (')', None) => depth = depth.saturating_sub(1),
            (';', None) if depth == 0 => {
                parts.push(&style[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&style[from..]);
    for part in parts {
        if let Some((name, value)) = part.split_once(':') {
            kept.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    for (name, value) in changes {
        let name = name.trim().to_ascii_lowercase();
        let place = kept.iter().position(|(there, _)| *there == name);
        match (place, value) {
            (Some(at), Some(value)) => kept[at].1.clone_from(value),
            (Some(at), None) => drop(kept.remove(at)),
            (None, Some(value)) => kept.push((name, value.clone())),
            (None, None) => {}
        }
    }
    kept.iter().map(|(name, value)| format!("{name}: {value};")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_changed_in_their_place() {
        let tag = "<a  HREF='x?a=1&b=2' data-k=\"v>w\" disabled>";
        assert_eq!(
            with_attribute(tag, "href", Some("/\"y\"")),
            "<a  href=\"/&quot;y&quot;\" data-k=\"v>w\" disabled>"
        );
        assert_eq!(with_attribute(tag, "data-k", None), "<a  HREF='x?a=1&b=2' disabled>");
        assert_eq!(with_attribute("<img src=a/>", "alt", Some("b")), "<img src=a alt=\"b\"/>");
        assert_eq!(with_attribute("<br>", "class", None), "<br>");
        assert_eq!(
            (renamed("<h2 class=a>", "p"), renamed("</h2>", "p")),
            ("<p class=a>".into(), "</p>".into())
        );
    }

    #[test]
    fn styles_are_merged() {
        let style = "background-image: url('a;b:c'); COLOR:red";
        let changes = [("color".to_owned(), None), ("top".to_owned(), Some("0".to_owned()))];
        assert_eq!(set_style(style, &changes), "background-image: url('a;b:c'); top: 0;");
    }
}
