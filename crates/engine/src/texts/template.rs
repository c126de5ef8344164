//! Texts with holes: an error was put together in English, and is taken apart again to say it in another language.

/// An English text with holes and its translation, which has the same holes in any order, or fewer.
#[derive(Debug)]
pub struct Template {
    /// The text around the placeholders: one part more than there are placeholders.
    around: Vec<String>,
    holes: Vec<String>,
    translation: String,
}

impl Template {
    /// A template of texts that have holes like `{name}` or `{name:?}`; `None` for one without.
    ///
    /// # Panics
    /// When the translation has a hole that the English text lacks: the texts are part of the program.
    pub fn read(english: &str, translation: &str) -> Option<Self> {
        let (mut around, mut holes, mut rest) = (Vec::new(), Vec::new(), english);
        while let Some((before, behind)) = rest.split_once('{') {
            let (hole, after) = behind.split_once('}')?;
            let name = hole.split([':', '.']).next().unwrap_or(hole);
            around.push(before.to_owned());
            holes.push(name.to_owned());
            rest = after;
        }
        around.push(rest.to_owned());
        let known = |hole: &str| holes.iter().any(|name| name == hole);
        let unknown = translation
            .split('{')
            .skip(1)
            .find(|part| !part.split_once('}').is_some_and(|(hole, _)| known(hole)));
        assert!(unknown.is_none(), "{translation:?} has a hole that {english:?} lacks");
        (!holes.is_empty()).then(|| Template { around, holes, translation: translation.to_owned() })
    }

    /// How much of it is fixed: of two that fit, the one with more is meant.
    pub fn weight(&self) -> usize {
        self.around.iter().map(String::len).sum()
    }

    /// The translation of a text that this template made.
    pub fn translate(&self, said: &str) -> Option<String> {
        let (first, further) = self.around.split_first()?;
        let mut rest = said.strip_prefix(first.as_str())?;
        let mut text = self.translation.clone();
        for (at, (hole, behind)) in self.holes.iter().zip(further).enumerate() {
            let last = at + 1 == self.holes.len();
            let (value, after) = if last {
                (rest.strip_suffix(behind.as_str())?, "")
            } else {
                rest.split_once(behind.as_str())?
            };
            text = text.replace(&format!("{{{hole}}}"), value);
            rest = after;
        }
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::Template;

    #[test]
    fn values_move_to_their_holes() {
        let template = Template::read("From {a} to {b:?}.", "До {b} от {a}.").unwrap();
        assert_eq!(template.translate("From 1 to \"x\".").as_deref(), Some("До \"x\" от 1."));
        assert_eq!(template.translate("From 1 on."), None);
        assert_eq!(template.translate("to 1"), None);
        assert!(Template::read("No holes.", "Без дыр.").is_none());
    }

    #[test]
    #[should_panic(expected = "has a hole that")]
    fn a_translation_has_no_other_holes() {
        Template::read("{a} and {b}.", "{a}, {c}.");
    }
}
