//! What a handler wants beside the form: further headers, and a user with a password. Their values are secrets like the token:
//! sealed for the owner, shown to nobody else, and left behind when a webhook becomes another's.

use std::collections::HashMap;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use store::Tx;
use wire::Fault;

use engine::error::Result;
use engine::keys::Keys;

/// Headers that a webhook may have.
pub const MAX: usize = 10;
const LONGEST_NAME: usize = 64;
const LONGEST_VALUE: usize = 1024;
/// Those that a delivery has itself, and those that belong to the connection.
const TAKEN: [&str; 13] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "date",
];
const TAKEN_FAMILIES: [&str; 3] = ["webhook-", "x-portreeve-", "proxy-"];
const AUTHORIZATION: &str = "Authorization";

/// A header as a person wants it. `Debug` shows nothing of its value.
#[derive(Clone, PartialEq, Eq)]
pub struct Header {
    /// Its name, in any case.
    pub name: String,
    /// Its value; `None` for the one that is stored.
    pub value: Option<String>,
}

/// A user and a password (RFC 7617). `Debug` shows nothing of the password.
#[derive(Clone, PartialEq, Eq)]
pub struct Basic {
    /// The user.
    pub user: String,
    /// The password; `None` for the one that is stored.
    pub password: Option<String>,
}

/// What a handler wants beside the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    /// Further headers, in their order.
    pub headers: Vec<Header>,
    /// Basic authentication.
    pub basic: Option<Basic>,
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Header({}, {})", self.name, self.value.is_some())
    }
}

impl fmt::Debug for Basic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Basic({}, {})", self.user, self.password.is_some())
    }
}

impl Header {
    /// Reads `X-Key: value`, as curl takes it.
    ///
    /// # Errors
    /// When there is no colon.
    pub fn parse(text: &str) -> std::result::Result<Self, Fault> {
        let wrong = || Fault::argument("A header must look like \"X-Key: value\".", "headers");
        let (name, value) = text.split_once(':').ok_or_else(wrong)?;
        Ok(Header { name: name.trim().to_owned(), value: Some(value.trim().to_owned()) })
    }
}

impl Basic {
    /// Reads `user:password`.
    ///
    /// # Errors
    /// When there is no colon.
    pub fn parse(text: &str) -> std::result::Result<Self, Fault> {
        let wrong = || Fault::argument("Basic authentication must look like \"user:password\".", "basic");
        let (user, password) = text.split_once(':').ok_or_else(wrong)?;
        Ok(Basic { user: user.to_owned(), password: Some(password.to_owned()) })
    }
}

impl Extras {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.headers.is_empty() && self.basic.is_none()
    }

    /// Refuses what no request may have.
    pub(super) fn check(&self) -> std::result::Result<(), Fault> {
        let wrong = |text: String| Err(Fault::argument(text, "headers"));
        if self.headers.len() > MAX {
            return wrong(format!("A webhook can have at most {MAX} headers."));
        }
        for (at, Header { name, value }) in self.headers.iter().enumerate() {
            let lower = name.to_ascii_lowercase();
            if name.is_empty() || name.len() > LONGEST_NAME || !name.bytes().all(is_token) {
                return wrong(format!(
                    "The header name {name:?} must have 1 to {LONGEST_NAME} letters, digits or hyphens."
                ));
            }
            if TAKEN.contains(&lower.as_str())
                || TAKEN_FAMILIES.iter().any(|family| lower.starts_with(family))
            {
                return wrong(format!("The header {name} is set by Portreeve itself and cannot be chosen."));
            }
            if self.headers[..at].iter().any(|other| other.name.eq_ignore_ascii_case(name)) {
                return wrong(format!("The header {name} is there twice."));
            }
            if lower == "authorization" && self.basic.is_some() {
                return wrong(
                    "Basic authentication is the header Authorization: choose one of them.".to_owned(),
                );
            }
            if value.as_ref().is_some_and(|value| !is_value(value)) {
                return wrong(format!(
                    "The value of the header {name} must have 1 to {LONGEST_VALUE} ASCII characters."
                ));
            }
        }
        match &self.basic {
            Some(Basic { user, .. }) if user.is_empty() || user.contains(':') || !is_value(user) => {
                let text = "The user of basic authentication must not be empty or contain a colon.";
                Err(Fault::argument(text, "basic"))
            }
            Some(Basic { password: Some(password), .. })
                if password.len() > LONGEST_VALUE || password.chars().any(char::is_control) =>
            {
                let text = format!("The password must have at most {LONGEST_VALUE} characters.");
                Err(Fault::argument(text, "basic"))
            }
            _ => Ok(()),
        }
    }
}

/// RFC 9110, 5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

fn is_value(text: &str) -> bool {
    let fits = (1..=LONGEST_VALUE).contains(&text.len()) && text.trim() == text;
    fits && text.bytes().all(|byte| byte == b'\t' || (b' '..=b'~').contains(&byte))
}

/// What is stored of a webhook, sealed.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Sealed {
    headers: Vec<(String, Vec<u8>)>,
    basic: Option<(String, Vec<u8>)>,
}

impl Sealed {
    /// Names without values.
    pub(super) fn names(&self) -> Extras {
        let headers = self.headers.iter().map(|(name, _)| Header { name: name.clone(), value: None });
        let basic = self.basic.as_ref().map(|(user, _)| Basic { user: user.clone(), password: None });
        Extras { headers: headers.collect(), basic }
    }

    /// With values; `None` when they were sealed for somebody else, or under another key.
    pub(super) fn open(&self, keys: &Keys, owner: i64) -> Option<Extras> {
        let opened = |(name, value): &(String, Vec<u8>)| {
            Some(Header { name: name.clone(), value: Some(keys.open(owner, value)?) })
        };
        let basic = match &self.basic {
            Some((user, sealed)) => {
                Some(Basic { user: user.clone(), password: Some(keys.open(owner, sealed)?) })
            }
            None => None,
        };
        Some(Extras { headers: self.headers.iter().map(opened).collect::<Option<_>>()?, basic })
    }
}

impl Extras {
    /// The headers as they are sent.
    pub fn lines(&self) -> Vec<(String, String)> {
        let basic = self.basic.as_ref().map(|Basic { user, password }| {
            let both = format!("{user}:{}", password.as_deref().unwrap_or_default());
            (AUTHORIZATION.to_owned(), format!("Basic {}", STANDARD.encode(both)))
        });
        let further =
            self.headers.iter().map(|header| (header.name.clone(), header.value.clone().unwrap_or_default()));
        further.chain(basic).collect()
    }

    /// What no log may show.
    pub fn secrets(&self) -> Vec<String> {
        let password = self.basic.iter().filter_map(|basic| basic.password.clone());
        self.lines().into_iter().map(|(_, value)| value).chain(password).collect()
    }
}

/// Those of one webhook.
pub(super) fn of(tx: &mut Tx<'_>, id: i64) -> Result<Sealed> {
    let mut all = load(tx, Some(id))?;
    Ok(all.remove(&id).unwrap_or_default())
}

/// Those of every webhook that has any.
pub(super) fn all(tx: &mut Tx<'_>) -> Result<HashMap<i64, Sealed>> {
    load(tx, None)
}

fn load(tx: &mut Tx<'_>, one: Option<i64>) -> Result<HashMap<i64, Sealed>> {
    let mut found: HashMap<i64, Sealed> = HashMap::new();
    let (condition, params) = match one {
        Some(id) => ("WHERE outbound_id = ?", vec![id.into()]),
        None => ("", Vec::new()),
    };
    let sql = format!(
        "SELECT outbound_id, name, basic_user, value FROM outbound_header {condition} ORDER BY outbound_id, place"
    );
    tx.query(&sql, &params, |row| {
        let its = found.entry(row.int(0)?).or_default();
        let (name, value) = (row.text(1)?.to_owned(), row.blob(3)?.to_vec());
        match row.opt_text(2)? {
            Some(user) => its.basic = Some((user.to_owned(), value)),
            None => its.headers.push((name, value)),
        }
        Ok(())
    })?;
    Ok(found)
}

/// Brings those of a webhook to what is wished, sealed for `owner`. What is wished without a value keeps the stored one,
/// where the owner `may_keep` it.
///
/// # Errors
/// `ERROR_ARGUMENT` about `headers` or `basic`.
pub(super) fn save(
    tx: &mut Tx<'_>,
    keys: &Keys,
    id: i64,
    owner: i64,
    input: &Extras,
    may_keep: bool,
) -> Result<()> {
    input.check()?;
    let stored = if may_keep { of(tx, id)? } else { Sealed::default() };
    let mut rows: Vec<(&str, Option<&str>, Vec<u8>)> = Vec::new();
    for Header { name, value } in &input.headers {
        let kept = stored.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        let sealed = match (value, kept) {
            (Some(value), _) => keys.seal(owner, value),
            (None, Some((_, sealed))) => sealed.clone(),
            (None, None) => {
                let text = format!("Enter the value of the header {name}: the stored one is its owner's.");
                return Err(Fault::argument(text, "headers").into());
            }
        };
        rows.push((name, None, sealed));
    }
    if let Some(Basic { user, password }) = &input.basic {
        let sealed = match (password, stored.basic) {
            (Some(password), _) => keys.seal(owner, password),
            (None, Some((known, sealed))) if known == *user => sealed,
            (None, _) => {
                let text = "Enter the password of basic authentication: the stored one is its owner's.";
                return Err(Fault::argument(text, "basic").into());
            }
        };
        rows.push((AUTHORIZATION, Some(user), sealed));
    }
    forget(tx, id)?;
    for (place, (name, basic_user, value)) in rows.iter().enumerate() {
        let sql = "INSERT INTO outbound_header (outbound_id, place, name, basic_user, value) VALUES (?, ?, ?, ?, ?)";
        let place = i64::try_from(place).unwrap_or(i64::MAX);
        tx.execute(
            sql,
            &[id.into(), place.into(), (*name).into(), (*basic_user).into(), value.as_slice().into()],
        )?;
    }
    Ok(())
}

/// Removes those of a webhook.
pub(super) fn forget(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    tx.execute("DELETE FROM outbound_header WHERE outbound_id = ?", &[id.into()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(headers: &[&str], basic: Option<&str>) -> Option<String> {
        let headers = headers.iter().map(|text| Header::parse(text).unwrap()).collect();
        let extras = Extras { headers, basic: basic.map(|text| Basic::parse(text).unwrap()) };
        extras.check().err().map(|fault| fault.message.into_owned())
    }

    #[test]
    fn headers_are_what_a_request_may_have() {
        assert_eq!(refusal(&["X-Key: a b~", "authorization: Bearer t"], None), None);
        assert_eq!(refusal(&["X-Key: k"], Some("shop:p:w")), None);
        let many: Vec<String> = (0..11).map(|number| format!("X-{number}: v")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        for (headers, basic, says) in [
            (&["Host: x"][..], None, "itself"),
            (&["CONTENT-LENGTH: 1"], None, "itself"),
            (&["Webhook-Id: 1"], None, "itself"),
            (&["x-portreeve-hop: 1"], None, "itself"),
            (&["X-A: 1", "x-a: 2"], None, "twice"),
            (&["X A: 1"], None, "letters"),
            (&["X-A: ä"], None, "ASCII"),
            (&["X-A: a\r\nHost: b"], None, "ASCII"),
            (&["X-A:"], None, "ASCII"),
            (&["Authorization: x"], Some("u:p"), "one of them"),
            (&[], Some(":p"), "user"),
            (&many, None, "at most 10"),
        ] {
            let said = refusal(headers, basic).unwrap_or_default();
            assert!(said.contains(says), "{headers:?}: {said}");
        }
        assert!(Header::parse("X-Key").is_err() && Basic::parse("user").is_err());
    }

    #[test]
    fn nothing_of_a_value_is_in_a_debug_text() {
        let extras = Extras {
            headers: vec![Header::parse("X-Key: secret1").unwrap()],
            basic: Some(Basic::parse("shop:secret2").unwrap()),
        };
        assert!(!format!("{extras:?}").contains("secret"));
        assert_eq!(extras.lines()[1].1, "Basic c2hvcDpzZWNyZXQy");
        assert!(extras.secrets().contains(&"secret2".to_owned()));
    }
}
