//! What could run as a script in HTML. It is pointed out, never taken away.

use html5gum::{DefaultEmitter, Token, Tokenizer};

/// Elements that run or load something.
const ELEMENTS: [&str; 8] = ["script", "iframe", "object", "embed", "applet", "base", "meta", "link"];

/// The places at which marks go: in the names of such elements and attributes, and of addresses that are scripts.
fn places(html: &str) -> Vec<usize> {
    let mut found = Vec::new();
    for token in Tokenizer::new_with_emitter(html, DefaultEmitter::<usize>::new_with_span()) {
        let Ok(Token::StartTag(tag)) = token else { continue };
        if ELEMENTS.iter().any(|name| name.as_bytes() == tag.name.as_slice()) {
            found.push(tag.span.start + 1 + tag.name.len() / 2);
        }
        for (name, value) in &tag.attributes {
            let start = value.span.start;
            if name.starts_with(b"on") && name.len() > 2 {
                found.push(start + 4.min(name.len() - 1));
            } else if is_script(&value.value) || name.as_slice() == b"srcdoc" {
                found.push(start + name.len() / 2);
            }
        }
    }
    found.retain(|at| html.is_char_boundary(*at));
    found.sort_unstable();
    found
}

fn is_script(address: &[u8]) -> bool {
    let letters: Vec<u8> = address
        .iter()
        .filter(|byte| !byte.is_ascii_whitespace() && **byte > 32)
        .map(u8::to_ascii_lowercase)
        .take(20)
        .collect();
    [b"javascript:".as_slice(), b"vbscript:", b"data:text/html"]
        .iter()
        .any(|scheme| letters.starts_with(scheme))
}

/// Whether there is anything of that kind.
pub fn is_bad(html: &str) -> bool {
    !places(html).is_empty()
}

/// The HTML with a mark in everything of that kind.
pub fn marked(html: &str, mark: &str) -> String {
    let mut marked = String::with_capacity(html.len());
    let mut at = 0;
    for place in places(html) {
        marked.push_str(&html[at..place]);
        marked.push_str(mark);
        at = place;
    }
    marked.push_str(&html[at..]);
    marked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_marked() {
        let html = "<div style=\"color:red\" onclick=\"alert(1)\"><iframe src=\"//evil.com\"></iframe></div>";
        assert_eq!(
            marked(html, "#A#"),
            "<div style=\"color:red\" oncl#A#ick=\"alert(1)\"><ifr#A#ame src=\"//evil.com\"></iframe></div>"
        );
        assert!(is_bad("<a href=' java\tscript:x()'>x</a>"));
        for harmless in ["<p title=\"onclick=1\">on</p>", "<!-- <script> -->", "<a href=\"/x\">x</a>"] {
            assert!(!is_bad(harmless), "{harmless}");
        }
    }
}
