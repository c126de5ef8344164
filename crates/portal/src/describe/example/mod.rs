//! Code that calls a method through an inbound webhook, or takes events of an outbound one: pure functions from what
//! is wanted to files that run as they are. Nothing that a person typed gets into code but through the language's own
//! literals.

mod curl;
mod go;
mod javascript;
mod literal;
mod php;
mod python;

use wire::{Fault, Limits, Map, Value, form};

use crate::modules;
use engine::error::Result;

/// In which language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// A shell script with curl
    Curl,
    /// PHP with CRest
    Php,
    /// JavaScript with b24jssdk
    Javascript,
    /// Python with fast_bitrix24
    Python,
    /// Go with its standard library
    Go,
}

impl Language {
    /// All of them.
    pub const ALL: [Language; 5] =
        [Language::Curl, Language::Php, Language::Javascript, Language::Python, Language::Go];

    /// `curl`, `php`, `javascript`, `python` or `go`.
    pub fn name(self) -> &'static str {
        match self {
            Language::Curl => "curl",
            Language::Php => "php",
            Language::Javascript => "javascript",
            Language::Python => "python",
            Language::Go => "go",
        }
    }

    /// The language of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Language::ALL.into_iter().find(|language| language.name() == name)
    }
}

/// A file of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, without a folder.
    pub name: &'static str,
    /// Its contents.
    pub text: String,
}

/// A call, checked and ready to be written down.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The webhook's URL with a slash at the end, with its secret or with what stands for it.
    webhook: String,
    method: String,
    rows: Vec<(String, String)>,
}

/// The placeholder of a hidden secret.
pub const SECRET: &str = "YOUR-SECRET";
/// The placeholder of a hidden application token.
pub const TOKEN: &str = "YOUR-APPLICATION-TOKEN";

impl Ask {
    /// A call of a method through a webhook; rows are names and values in the spelling of a form. Those without a name
    /// are left out.
    ///
    /// # Errors
    /// `ERROR_ARGUMENT` for what cannot be a method's name.
    pub fn new(webhook: String, method: &str, rows: &[(String, String)]) -> Result<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        if method.is_empty() || !method.bytes().all(plain) {
            let text = "A method has a name of letters, digits and dots.";
            return Err(Fault::argument(text, "method").into());
        }
        // No program can be given a NUL, nor does the portal keep one.
        let clean = |text: &String| text.replace('\0', "");
        let rows = rows.iter().map(|(name, value)| (clean(name), clean(value)));
        let rows = rows.filter(|(name, _)| !name.trim().is_empty()).collect();
        Ok(Ask { webhook, method: method.to_owned(), rows })
    }

    /// The files of the example.
    pub fn files(&self, language: Language) -> Vec<File> {
        match language {
            Language::Curl => curl::call(self),
            Language::Php => php::call(self),
            Language::Javascript => javascript::call(self),
            Language::Python => python::call(self),
            Language::Go => go::call(self),
        }
    }

    /// The parameters as the portal reads them: `FIELDS[NAME]` becomes a member of `FIELDS`.
    fn params(&self) -> Map {
        let pair = |(name, value): &(String, String)| format!("{}={}", escaped(name), escaped(value));
        let form = self.rows.iter().map(pair).collect::<Vec<_>>().join("&");
        form::decode(form.as_bytes(), &Limits::default())
    }
}

/// A handler of events that knows its portal by the token.
#[derive(Clone, Debug)]
pub struct Handler {
    token: String,
    events: Vec<String>,
}

impl Handler {
    /// A handler of these events; those that do not exist are left out.
    pub fn new(token: String, events: &[String]) -> Self {
        let known = |event: &&String| modules().event(event).is_some();
        Handler { token, events: events.iter().filter(known).cloned().collect() }
    }

    /// The files of the example. For curl, a script that sends an event to a handler, to try it.
    pub fn files(&self, language: Language) -> Vec<File> {
        match language {
            Language::Curl => curl::handler(self),
            Language::Php => php::handler(self),
            Language::Javascript => javascript::handler(self),
            Language::Python => python::handler(self),
            Language::Go => go::handler(self),
        }
    }

    /// The lines for one case after the other, where there are several.
    fn cases(&self, case: impl Fn(&str) -> String) -> String {
        self.events.iter().map(|event| case(event)).collect()
    }
}

/// The page that says how to run an example. `steps` are shell commands.
fn readme(title: &str, secret: &str, steps: &str, notes: &[&str]) -> File {
    let notes: String = notes.iter().map(|note| format!("\n{note}\n")).collect();
    let text = format!("# {title}\n\n{secret}\n\n```sh\n{steps}\n```\n{notes}");
    File { name: "README.md", text }
}

/// The note about the secret on pages about calls.
const KEEP_URL: &str = "The webhook's URL is a password: whoever has it acts in its owner's name. Keep it out of repositories and logs.";
/// The note about the secret on pages about handlers.
const KEEP_TOKEN: &str = "The application token is a password: whoever has it can send you events. Keep it out of repositories and logs.";

/// Percent-encodes everything but letters, digits and what every form keeps.
fn escaped(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._[]".contains(&byte);
    text.bytes()
        .map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// The member of a tree of parameters as JSON; everything in it is text.
fn plain(value: &Value) -> serde_json::Value {
    match value {
        Value::List(list) => list.iter().map(plain).collect(),
        Value::Map(map) => map.iter().map(|(key, value)| (key.to_owned(), plain(value))).collect(),
        scalar => scalar.text().unwrap_or_default().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(rows: &[(&str, &str)]) -> Ask {
        let rows: Vec<_> = rows.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Ask::new("https://p.example/rest/1/s/".into(), "crm.lead.add", &rows).unwrap()
    }

    #[test]
    fn every_language_gives_a_page_and_a_program() {
        let ask = ask(&[("FIELDS[TITLE]", "x")]);
        let handler = Handler::new("t".into(), &["ONCRMLEADADD".into(), "ONNONSENSE".into()]);
        for language in Language::ALL {
            assert_eq!(Language::parse(language.name()), Some(language));
            for files in [ask.files(language), handler.files(language)] {
                assert_eq!(files.iter().filter(|file| file.name == "README.md").count(), 1);
                assert!(files.len() > 1, "{language:?}");
                for file in &files {
                    assert!(file.text.ends_with('\n') && !file.text.contains("ONNONSENSE"), "{}", file.name);
                }
            }
        }
    }

    #[test]
    fn rows_become_the_tree_that_the_portal_reads() {
        let ask = ask(&[
            ("A[B][0][C d]", "1=&2"),
            ("A[B][0][E]", "é\n"),
            ("S[]", "x"),
            ("S[]", "y"),
            (" ", "lost"),
        ]);
        let expected = serde_json::json!({"A": {"B": [{"C d": "1=&2", "E": "é\n"}]}, "S": ["x", "y"]});
        assert_eq!(plain(&ask.params().into()), expected);
    }

    #[test]
    fn a_method_is_no_way_into_the_code() {
        for method in ["", "crm.lead.get'; rm -rf /", "a\nb", "a/../b", "a?b"] {
            assert!(Ask::new("https://p.example/rest/1/s/".into(), method, &[]).is_err(), "{method:?}");
        }
    }
}
