//! Texts in the language of their reader.
//!
//! The English text stands in the program, beside what it describes, and is the key under which the other
//! languages have theirs. Each module keeps its texts in a file, `ru.toml`, with a section for each [`Topic`]:
//!
//! ```toml
//! [methods]
//! "Deletes a lead." = "Удаляет лид."
//! ```
//!
//! So the same text is translated once, and a text that was changed has no translation until somebody writes it: the
//! tests name what is missing and what is left over. Errors may have holes, written as in `format!`.

pub mod catalogue;
mod fill;
mod language;
mod template;

pub use catalogue::{Catalogue, Topic};
pub use fill::fill;
pub use language::Language;

/// The texts of all languages but English, whose texts are the keys.
#[derive(Debug)]
pub struct Texts {
    russian: Catalogue,
}

impl Texts {
    /// Reads the texts of modules, one file each.
    ///
    /// # Panics
    /// See [`Catalogue::read`].
    pub fn read(russian: &[&str]) -> Self {
        Texts { russian: Catalogue::read(russian) }
    }

    /// The texts of a language; English has none.
    pub fn catalogue(&self, language: Language) -> Option<&Catalogue> {
        match language {
            Language::English => None,
            Language::Russian => Some(&self.russian),
        }
    }

    /// A language with its texts.
    pub fn locale(&'static self, language: Language) -> Locale {
        Locale { language, texts: self }
    }
}

/// A language with its texts.
#[derive(Clone, Copy, Debug)]
pub struct Locale {
    /// The language.
    pub language: Language,
    texts: &'static Texts,
}

impl Locale {
    /// A text in this language, or in English when there is none.
    pub fn text(self, topic: Topic, english: &str) -> &str {
        self.texts.catalogue(self.language).and_then(|texts| texts.get(topic, english)).unwrap_or(english)
    }

    /// An error as it was said in English, in this language; `None` when it has no other words for it.
    pub fn error(self, said: &str) -> Option<String> {
        self.texts.catalogue(self.language)?.error(said)
    }

    /// Another language.
    pub fn with(self, language: Language) -> Self {
        Locale { language, ..self }
    }
}
