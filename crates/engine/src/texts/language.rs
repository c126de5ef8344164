//! The languages there are.

/// A language of texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, the language of the program
    #[default]
    English,
    /// Russian
    Russian,
}

impl Language {
    /// Every language.
    pub const ALL: [Language; 2] = [Language::English, Language::Russian];

    /// Its code: `en`, `ru`.
    pub fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Russian => "ru",
        }
    }

    /// The language with that code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// The first language of an `Accept-Language` header that there is. Browsers list them from the most wanted on.
    pub fn wanted(header: &str) -> Option<Self> {
        let tags = header.split(',').filter_map(|tag| tag.split([';', '-']).next());
        tags.map(|tag| tag.trim().to_ascii_lowercase()).find_map(|code| Self::parse(&code))
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn the_first_known_language_of_a_header_counts() {
        assert_eq!(Language::wanted("ru-RU,ru;q=0.9,en;q=0.8"), Some(Language::Russian));
        assert_eq!(Language::wanted("de-DE, EN;q=0.5, ru"), Some(Language::English));
        assert_eq!(Language::wanted("rue"), None);
        assert_eq!(Language::wanted(""), None);
    }
}
