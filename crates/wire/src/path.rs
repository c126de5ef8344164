//! The URL of a call: who calls, what, and in which format the answer goes back (protocol 1.1).

use std::fmt;

use percent_encoding::percent_decode_str;

use crate::Version;

/// The format of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// No suffix, or `.json`
    #[default]
    Json,
    /// `.xml`
    Xml,
}

impl Format {
    /// The `Content-Type` of a reply (protocol 1.9).
    pub const fn content_type(self) -> &'static str {
        match self {
            Format::Json => "application/json; charset=utf-8",
            Format::Xml => "text/xml; charset=utf-8",
        }
    }
}

/// A path under `/rest/`, parsed.
#[derive(Clone, PartialEq, Eq)]
pub struct Target<'a> {
    /// The version of the protocol.
    pub version: Version,
    /// The user segment as written; a webhook's owner is a decimal id.
    pub user: Option<&'a str>,
    /// The secret segment as written.
    pub secret: Option<&'a str>,
    /// The method in the caller's spelling, percent-decoded, without suffix; a name that is no method's
    /// (mostly empty) when the path fits no template.
    pub method: String,
    /// The format asked for by the suffix.
    pub format: Format,
}

impl fmt::Debug for Target<'_> {
    /// Leaves the secret out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target")
            .field("version", &self.version)
            .field("user", &self.user)
            .field("secret", &self.secret.map(|_| "***"))
            .field("method", &self.method)
            .field("format", &self.format)
            .finish()
    }
}

/// Reads the path of a URL, `/rest` included, without its query string.
///
/// Repeated and trailing slashes mean nothing. Any path gives a target: the registry, not this function,
/// decides what exists. Behind `/rest/api/` the newer version is spoken.
pub fn parse(path: &str) -> Target<'_> {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty()).peekable();
    let base = segments.next();
    let version = segments.next_if_eq(&"api").map_or(Version::V2, |_| Version::V3);
    let segments: [Option<&str>; 4] = std::array::from_fn(|_| segments.next());
    let (user, secret, method) = match (base, segments) {
        (Some("rest"), [Some(method), None, ..]) => (None, None, method),
        (Some("rest"), [Some(user), Some(secret), None, _]) => (Some(user), Some(secret), ""),
        (Some("rest"), [Some(user), Some(secret), Some(method), None]) => (Some(user), Some(secret), method),
        _ => (None, None, ""),
    };
    let mut method = percent_decode_str(method).decode_utf8_lossy().into_owned();
    let format = cut_suffix(&mut method);
    Target { version, user, secret, method, format }
}

/// Takes `.json` or `.xml`, in any case, off a method.
fn cut_suffix(method: &mut String) -> Format {
    let Some(dot) = method.rfind('.') else { return Format::Json };
    let format = match &method[dot + 1..] {
        suffix if suffix.eq_ignore_ascii_case("json") => Format::Json,
        suffix if suffix.eq_ignore_ascii_case("xml") => Format::Xml,
        _ => return Format::Json,
    };
    method.truncate(dot);
    format
}
