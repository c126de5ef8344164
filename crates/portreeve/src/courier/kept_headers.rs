//! The headers of a handler's answer as the log keeps them: bounded, and without secrets.

use hyper::Uri;
use hyper::header::{
    CONTENT_LOCATION, HeaderMap, HeaderName, LOCATION, PROXY_AUTHENTICATE, WWW_AUTHENTICATE,
};

use super::answer::redact;
use crate::logs::{self, MASK};

/// Headers that are kept, letters of the value of each, and bytes of all of them together.
const MAX_HEADERS: usize = 40;
const MAX_VALUE: usize = 256;
const MAX_ALL: usize = 2048;
/// What names of headers contain whose values may let somebody in.
const TELLING: [&str; 9] =
    ["cookie", "auth", "token", "secret", "key", "session", "passw", "signature", "credential"];

/// `name: value` in each line. Values of headers that hold secrets by their names stand under asterisks, and so do `secrets`
/// and whatever looks like ours; of an address, the host is kept.
pub fn kept(headers: &HeaderMap, secrets: &[&str]) -> String {
    let mut text = String::new();
    for (name, value) in headers.iter().take(MAX_HEADERS) {
        let value = shown(name, &String::from_utf8_lossy(value.as_bytes()));
        let value = logs::redact(&redact(&value, secrets)).replace(char::is_control, " ");
        let end = value.char_indices().nth(MAX_VALUE).map_or(value.len(), |(at, _)| at);
        let line = format!("{name}: {}{}\n", &value[..end], if end < value.len() { "…" } else { "" });
        if text.len() + line.len() > MAX_ALL {
            break;
        }
        text.push_str(&line);
    }
    text
}

fn shown(name: &HeaderName, value: &str) -> String {
    // What asks for a sign-in is no secret.
    let is_question = [WWW_AUTHENTICATE, PROXY_AUTHENTICATE].contains(name);
    if !is_question && TELLING.iter().any(|part| name.as_str().contains(part)) {
        return MASK.to_owned();
    }
    if ![LOCATION, CONTENT_LOCATION].contains(name) && name != "refresh" && name != "link" {
        return value.to_owned();
    }
    let host = value
        .parse::<Uri>()
        .ok()
        .and_then(|uri| Some(format!("{}://{}", uri.scheme_str()?, uri.authority()?)));
    // An authority may begin with a user and a password.
    let host = host.filter(|host| !host.contains('@'));
    host.map_or_else(|| MASK.to_owned(), |host| format!("{host}/{MASK}"))
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn secrets_of_the_handler_and_ours_are_masked() {
        let answered = headers(&[
            ("server", "nginx"),
            ("set-cookie", "id=4711; HttpOnly"),
            ("x-api-key", "4f1c"),
            ("x-auth-token", "abc"),
            ("www-authenticate", "Basic realm=\"shop\""),
            ("x-echo", "token k3v9abc of /rest/1/83te1pjdphsa9u15/profile"),
            ("location", "https://login.example:8443/?ticket=1"),
        ]);
        assert_eq!(
            kept(&answered, &["k3v9abc", ""]),
            "server: nginx\nset-cookie: ******\nx-api-key: ******\nx-auth-token: ******\n\
             www-authenticate: Basic realm=\"shop\"\nx-echo: token *** of /rest/1/******/profile\n\
             location: https://login.example:8443/******\n"
        );
        for elsewhere in ["/login?ticket=1", "https://user:word@a.example/"] {
            assert_eq!(kept(&headers(&[("location", elsewhere)]), &[]), "location: ******\n");
        }
    }

    #[test]
    fn they_are_bounded() {
        let long = "ä".repeat(2000);
        let mut many = HeaderMap::new();
        for number in 0..200 {
            many.insert(
                HeaderName::try_from(format!("x-{number}")).unwrap(),
                HeaderValue::from_str(&long).unwrap(),
            );
        }
        let text = kept(&many, &[]);
        assert!(text.len() <= MAX_ALL && text.lines().count() > 2, "{}", text.len());
        assert!(text.lines().all(|line| line.chars().count() < MAX_VALUE + 10 && line.ends_with('…')));
    }
}
