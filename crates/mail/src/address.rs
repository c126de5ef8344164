//! E-mail addresses, as requests and messages write them.

use std::fmt;

/// The longest address that mail can carry (RFC 5321).
const LONGEST: usize = 254;
/// Letters of a name.
const NAME: usize = 100;

/// An address, with the name of whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The name; empty when it is not known.
    pub name: String,
    /// The address itself.
    pub email: String,
}

impl Address {
    /// Reads `a@b.example` or `Name <a@b.example>`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (name, email) = match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
            Some((name, email)) => (name.trim().trim_matches('"').trim(), email.trim()),
            None => ("", text),
        };
        let (local, domain) = email.rsplit_once('@')?;
        let strange = |letter: char| {
            letter.is_whitespace() || letter.is_control() || matches!(letter, ',' | ';' | '<' | '>' | '"')
        };
        let sound = |part: &str| !part.is_empty() && !part.contains(strange);
        let is_name = name.chars().count() <= NAME
            && !name.contains(|letter: char| letter.is_control() || matches!(letter, '<' | '>' | '"'));
        (email.len() <= LONGEST && sound(local) && sound(domain) && is_name)
            .then(|| Address { name: name.to_owned(), email: email.to_owned() })
    }

    /// The address by which it is looked for.
    pub fn key(&self) -> String {
        self.email.to_lowercase()
    }

    /// The name or, of an address without one, what stands before the `@`.
    pub fn title(&self) -> &str {
        if self.name.is_empty() { self.email.split('@').next().unwrap_or_default() } else { &self.name }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name.as_str() {
            "" => f.write_str(&self.email),
            name if name.contains([',', ';']) => write!(f, "\"{name}\" <{}>", self.email),
            name => write!(f, "{name} <{}>", self.email),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn addresses_are_read_and_written() {
        for text in ["a@b", "Ada Berg <ada@example.com>", "\"Berg, Ada\" <ada@example.com>"] {
            assert_eq!(Address::parse(text).map(|read| read.to_string()).as_deref(), Some(text));
        }
        let long = format!("{}@example.com", "x".repeat(250));
        for text in ["", "ada", "@b", "a@", "a b@c", "a@b, c@d", "x\r\nBcc: y <a@b>", "<a@b> c", &long] {
            assert_eq!(Address::parse(text), None, "{text}");
        }
        assert_eq!(Address::parse("ada@example.com").as_ref().map(Address::title), Some("ada"));
    }
}
