//! The fields of a `multipart/form-data` body.
//!
//! Written here because the body is in memory already and the maintained parsers are asynchronous.

use memchr::memmem::Finder;

use crate::form::Tree;
use crate::{Limits, Map};

/// The longest boundary and the longest block of part headers that are looked at.
const MAX_BOUNDARY: usize = 256;
const MAX_HEADERS: usize = 16 * 1024;

/// Decodes the fields under the bracket rules of forms; files are skipped (protocol 1.4).
///
/// Nothing is an error: without a usable boundary there are no fields, and reading stops at the first part
/// that is not one.
pub fn decode(content_type: &str, body: &[u8], limits: &Limits) -> Map {
    let mut tree = Tree::new(limits);
    if let Some(boundary) = boundary(content_type) {
        let delimiter = [b"--", boundary].concat();
        for part in Parts::new(&delimiter, body).take(limits.vars) {
            if let Some(name) = part.field_name() {
                tree.set(&name, part.content);
            }
        }
    }
    tree.into_map()
}

/// The boundary of a content type, quoted or bare.
fn boundary(content_type: &str) -> Option<&[u8]> {
    let (_, given) =
        parameters(content_type.as_bytes()).find(|(name, _)| name.eq_ignore_ascii_case(b"boundary"))?;
    (1..=MAX_BOUNDARY).contains(&given.len()).then_some(given)
}

/// `name=value` pairs behind the first `;` of a header; quotes are taken off the values, backslashes stay.
fn parameters(header: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = memchr::memchr(b';', header).map_or(&[][..], |at| &header[at..]);
    std::iter::from_fn(move || {
        loop {
            rest = rest.trim_ascii_start();
            rest = rest.strip_prefix(b";")?.trim_ascii_start();
            let end = memchr::memchr2(b'=', b';', rest)?;
            let name = rest[..end].trim_ascii();
            if rest[end] == b';' {
                rest = &rest[end..];
                continue;
            }
            let (value, after) = parameter_value(rest[end + 1..].trim_ascii_start());
            rest = after;
            return Some((name, value));
        }
    })
}

/// Splits a value from what follows it; the rest begins at a `;` or is at its end.
fn parameter_value(text: &[u8]) -> (&[u8], &[u8]) {
    let Some(quoted) = text.strip_prefix(b"\"") else {
        let end = memchr::memchr(b';', text).unwrap_or(text.len());
        return (text[..end].trim_ascii_end(), &text[end..]);
    };
    let mut escaped = false;
    let close = quoted.iter().position(|b| {
        let closes = *b == b'"' && !escaped;
        escaped = *b == b'\\' && !escaped;
        closes
    });
    let close = close.unwrap_or(quoted.len());
    let after = &quoted[close..];
    (&quoted[..close], memchr::memchr(b';', after).map_or(&[], |at| &after[at..]))
}

struct Part<'a> {
    headers: &'a [u8],
    content: &'a [u8],
}

impl Part<'_> {
    /// The name under which this part is a field; `None` for files and for parts without a name.
    fn field_name(&self) -> Option<Vec<u8>> {
        let disposition = self.headers.split(|b| *b == b'\n').find_map(|line| {
            let colon = memchr::memchr(b':', line)?;
            line[..colon]
                .trim_ascii()
                .eq_ignore_ascii_case(b"content-disposition")
                .then(|| &line[colon + 1..])
        })?;
        let mut name = None;
        for (key, value) in parameters(disposition.trim_ascii_end()) {
            match key.to_ascii_lowercase().as_slice() {
                b"filename" | b"filename*" => return None,
                b"name" => name = Some(value),
                _ => {}
            }
        }
        name.map(unquote)
    }
}

/// Takes the backslashes off `\"` and `\\`.
fn unquote(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.iter().peekable();
    while let Some(byte) = bytes.next() {
        let escaped = bytes.next_if(|next| *byte == b'\\' && matches!(next, b'"' | b'\\'));
        out.push(*escaped.unwrap_or(byte));
    }
    out
}

/// Cuts a body at its delimiters.
struct Parts<'a> {
    /// The text after the last delimiter; `None` if no part can follow.
    rest: Option<&'a [u8]>,
    delimiter: Finder<'a>,
}

impl<'a> Parts<'a> {
    fn new(delimiter: &'a [u8], body: &'a [u8]) -> Self {
        let delimiter = Finder::new(delimiter);
        Parts { rest: cut(body, &delimiter).map(|(_preamble, rest)| rest), delimiter }
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        let text = self.rest.take().filter(|text| !text.starts_with(b"--"))?;
        let head = &text[..text.len().min(MAX_HEADERS)];
        let (headers, body) = memchr::memchr_iter(b'\n', head).find_map(|at| {
            let next = &text[at + 1..];
            let body = next.strip_prefix(b"\n").or_else(|| next.strip_prefix(b"\r\n"))?;
            Some((&text[..at], body))
        })?;
        // A body that was cut short keeps what came of its last field, as under PHP.
        let (content, rest) =
            cut(body, &self.delimiter).map_or((body, None), |(content, rest)| (content, Some(rest)));
        self.rest = rest;
        Some(Part { headers, content })
    }
}

/// Splits at the next line that is a delimiter, taking the line break before it off the left side. The right
/// side begins right behind the delimiter.
fn cut<'a>(text: &'a [u8], delimiter: &Finder) -> Option<(&'a [u8], &'a [u8])> {
    let length = delimiter.needle().len();
    let at = delimiter.find_iter(text).find(|at| {
        let begins = *at == 0 || text[at - 1] == b'\n';
        begins && ends_delimiter(&text[at + length..])
    })?;
    let left = &text[..at];
    let left = left.strip_suffix(b"\n").unwrap_or(left);
    Some((left.strip_suffix(b"\r").unwrap_or(left), &text[at + length..]))
}

/// Whether a delimiter is complete before `rest`, and not the beginning of a longer line.
fn ends_delimiter(rest: &[u8]) -> bool {
    let blank = rest.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    rest.starts_with(b"--") || matches!(&rest[blank..], [] | [b'\n', ..] | [b'\r', b'\n', ..])
}
