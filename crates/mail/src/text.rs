//! Bodies of messages: plain text or basic HTML.

/// Whether a body is HTML: it has a tag.
pub fn is_html(body: &str) -> bool {
    body.match_indices('<').any(|(at, _)| tag(&body[at..]).is_some())
}

/// Bytes of a tag at most.
const LONGEST: usize = 4000;

/// The name of the tag with which a text begins, `/p` for the end of a paragraph, and its length.
fn tag(text: &str) -> Option<(String, usize)> {
    // No further: a long text of such brackets would be read again and again.
    let end = text.bytes().take(LONGEST).position(|byte| byte == b'>')?;
    let inside = &text[1..end];
    let (slash, rest) = inside.strip_prefix('/').map_or(("", inside), |rest| ("/", rest));
    let name: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    let follows = rest[name.len()..].chars().next();
    let is_tag = name.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && follows.is_none_or(|letter| letter == '/' || letter.is_whitespace());
    let comment = inside.starts_with('!').then(|| ("!".to_owned(), end + 1));
    is_tag.then(|| (format!("{slash}{}", name.to_ascii_lowercase()), end + 1)).or(comment)
}

/// A body as plain text: without tags, which break lines where they would.
pub fn plain(body: &str) -> String {
    if !is_html(body) {
        return body.trim().to_owned();
    }
    let (mut plain, mut rest) = (String::with_capacity(body.len()), body);
    let small = body.to_ascii_lowercase();
    while let Some(at) = rest.find('<') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some((name, length)) = tag(rest) else {
            plain.push('<');
            rest = &rest[1..];
            continue;
        };
        rest = &rest[length..];
        match name.as_str() {
            "br" | "/p" | "/div" | "/li" | "/tr" | "/h1" | "/h2" | "/h3" | "/blockquote" => plain.push('\n'),
            // What they hold is no text.
            "script" | "style" | "title" => {
                let small = &small[body.len() - rest.len()..];
                let end = small.find(&format!("</{name}")).unwrap_or(rest.len());
                rest = &rest[end..];
            }
            _ => {}
        }
    }
    plain.push_str(rest);
    for (entity, letter) in
        [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
    {
        plain = plain.replace(entity, letter);
    }
    plain.trim().to_owned()
}

/// A body as HTML.
fn html(body: &str) -> String {
    if is_html(body) {
        return body.to_owned();
    }
    body.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', "<br>")
}

/// Bodies one below the other; HTML when one of them is.
pub fn joined(parts: &[&str]) -> String {
    if parts.iter().any(|part| is_html(part)) {
        parts.iter().map(|part| html(part)).collect::<Vec<_>>().join("<br><br>")
    } else {
        parts.join("\n\n")
    }
}

#[cfg(test)]
mod tests {
    use super::{joined, plain};

    #[test]
    fn html_becomes_text_and_text_stays() {
        assert_eq!(plain("<p>1 &lt; 2</p><style>p{}</style>a<br/>b <B>c</B>"), "1 < 2\na\nb c");
        for text in ["if a < b > c", "mail <ada@example.com>", "5 <6", "<"] {
            assert_eq!(plain(text), text);
        }
        assert_eq!(plain("<script>x"), "");
        assert_eq!(plain("<STYLE>ü</Style>a<script>b</SCRIPT>c"), "ac");
        assert_eq!(joined(&["a < b", "<i>c</i>"]), "a &lt; b<br><br><i>c</i>");
    }
}
