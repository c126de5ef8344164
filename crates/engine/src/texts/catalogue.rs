//! The texts of one language, read from files.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::template::Template;

/// The topic of a text. The same English words may mean different things under different topics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Topic {
    /// Descriptions of methods
    Methods,
    /// Descriptions of parameters
    Params,
    /// Descriptions of events
    Events,
    /// The title and the description of a scope
    Scopes,
    /// The title of a field
    Fields,
    /// The name of something that a new portal has: a stage, a dictionary, a role
    Names,
    /// Descriptions of settings
    Settings,
    /// Errors; may contain placeholders
    Errors,
    /// What an e-mail or an alert says; holes like `{name}` are filled afterwards
    Mail,
}

/// The texts of a language by their English ones.
#[derive(Debug, Default)]
pub struct Catalogue {
    texts: HashMap<Topic, HashMap<String, String>>,
    /// Errors with holes, the most telling ones first.
    templates: Vec<Template>,
}

impl Catalogue {
    /// Reads files of texts.
    ///
    /// # Panics
    /// When one is not TOML of the known topics, or a text has two translations: the files are part of the program.
    pub fn read(files: &[&str]) -> Self {
        let mut all = Catalogue::default();
        for file in files {
            let topics: BTreeMap<Topic, BTreeMap<String, String>> =
                toml::from_str(file).unwrap_or_else(|error| panic!("a file of texts is wrong: {error}"));
            for (topic, texts) in topics {
                for (english, text) in texts {
                    all.add(topic, english, text);
                }
            }
        }
        all.templates.sort_by_key(|template| std::cmp::Reverse(template.weight()));
        all
    }

    fn add(&mut self, topic: Topic, english: String, text: String) {
        if topic == Topic::Errors
            && let Some(template) = Template::read(&english, &text)
        {
            self.templates.push(template);
        }
        let twice = self.texts.entry(topic).or_default().insert(english, text);
        assert!(twice.is_none(), "a text has two translations: {twice:?}");
    }

    /// The translation of a text without holes.
    pub fn get(&self, topic: Topic, english: &str) -> Option<&str> {
        self.texts.get(&topic)?.get(english).map(String::as_str)
    }

    /// The translation of an error as it was said, with its holes filled.
    pub fn error(&self, said: &str) -> Option<String> {
        let whole = self.get(Topic::Errors, said).map(str::to_owned);
        whole.or_else(|| self.templates.iter().find_map(|template| template.translate(said)))
    }

    /// The English texts of a topic.
    pub fn keys(&self, topic: Topic) -> impl Iterator<Item = &str> {
        self.texts.get(&topic).into_iter().flat_map(HashMap::keys).map(String::as_str)
    }
}
