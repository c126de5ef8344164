//! What people read, in their language.
//!
//! The English text stands in the program, beside what it describes, and is the key under which the other
//! languages have theirs. Each module keeps its texts in a file, `crm/ru.toml`, with a section for each [`Topic`]:
//!
//! ```toml
//! [methods]
//! "Deletes a lead." = "Удаляет лид."
//! ```
//!
//! So the same text is translated once, and a text that was changed has no translation until somebody writes it: the
//! tests name what is missing and what is left over. Errors may have holes, written as in `format!`.

mod catalogue;
mod language;
mod template;

pub use catalogue::{Catalogue, Topic};
pub use language::Language;

use std::sync::LazyLock;

/// The Russian texts of every module.
const RUSSIAN: [&str; 6] = [
    include_str!("../system/ru.toml"),
    include_str!("../user/ru.toml"),
    include_str!("../department/ru.toml"),
    include_str!("../crm/ru.toml"),
    include_str!("../catalog/ru.toml"),
    include_str!("../integration/ru.toml"),
];

/// The texts of a language; English has none, since its texts are the keys.
pub fn catalogue(language: Language) -> Option<&'static Catalogue> {
    static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::read(&RUSSIAN));
    match language {
        Language::English => None,
        Language::Russian => Some(&CATALOGUE),
    }
}

impl Language {
    /// A text in this language, or in English when there is none.
    pub fn text(self, topic: Topic, english: &str) -> &str {
        catalogue(self).and_then(|texts| texts.get(topic, english)).unwrap_or(english)
    }
}
