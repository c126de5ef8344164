//! Finding methods by words, for models and people who do not know their names.

use std::sync::LazyLock;

use engine::method::{Method, Param};
use engine::texts::{Language, Topic};

use super::openapi::served;
use crate::locale;

/// Words of a question that count.
const WORDS: usize = 16;

/// What people say, and what methods are called.
const SAME: [(&str, &str); 12] = [
    ("create", "add"),
    ("new", "add"),
    ("make", "add"),
    ("edit", "update"),
    ("change", "update"),
    ("modify", "update"),
    ("remove", "delete"),
    ("erase", "delete"),
    ("search", "list"),
    ("find", "list"),
    ("read", "get"),
    ("show", "get"),
];

/// The words of a method by where they stand.
struct Entry {
    method: &'static Method,
    name: Vec<String>,
    about: Vec<String>,
    params: Vec<String>,
}

impl Entry {
    fn new(method: &'static Method) -> Self {
        let russian = locale(Language::Russian).text(Topic::Methods, &method.about);
        let mut about: Vec<String> = words(&method.about).chain(words(russian)).collect();
        about.extend(words(method.module));
        let mut params = Vec::new();
        collect(&method.params, &mut params);
        Entry { method, name: words(&method.name).collect(), about, params }
    }

    /// How well a word fits.
    fn score(&self, word: &str) -> f64 {
        let begins = |known: &String| word.len() > 2 && known.starts_with(word);
        let same = |known: &String| known == word;
        match () {
            () if self.name.iter().any(same) => 10.0,
            () if self.name.iter().any(begins) => 6.0,
            () if self.about.iter().any(same) => 4.0,
            () if self.about.iter().any(begins) => 2.0,
            () if self.params.iter().any(same) => 1.5,
            () if self.params.iter().any(begins) => 0.5,
            () => 0.0,
        }
    }
}

fn collect(params: &[Param], into: &mut Vec<String>) {
    for param in params {
        into.extend(words(&param.name).chain(words(param.about)));
        collect(&param.members, into);
    }
}

/// The methods that answer to these words, best first, of those that may be found. Rare words count more than common ones. Without
/// words, all of them in declared order.
pub fn find(question: &str, may: impl Fn(&Method) -> bool) -> Vec<&'static Method> {
    static INDEX: LazyLock<Vec<Entry>> = LazyLock::new(|| served().map(Entry::new).collect());
    let among: Vec<&Entry> = INDEX.iter().filter(|entry| may(entry.method)).collect();
    let asked: Vec<String> = words(question).take(WORDS).map(known).collect();
    if asked.is_empty() {
        return among.into_iter().map(|entry| entry.method).collect();
    }
    let mut scores = vec![0.0; among.len()];
    for word in &asked {
        let fits: Vec<f64> = among.iter().map(|entry| entry.score(word)).collect();
        let found = fits.iter().filter(|fit| **fit > 0.0).count();
        let weight = (1.0 + among.len() as f64 / (1.0 + found as f64)).ln();
        scores.iter_mut().zip(fits).for_each(|(score, fit)| *score += fit * weight);
    }
    let mut ranked: Vec<(f64, &Entry)> =
        scores.into_iter().zip(among).filter(|(score, _)| *score > 0.0).collect();
    // Of equals, the one that says least beyond what was asked.
    ranked.sort_by(|(a, one), (b, other)| b.total_cmp(a).then_with(|| one.name.len().cmp(&other.name.len())));
    ranked.into_iter().map(|(_, entry)| entry.method).collect()
}

fn known(word: String) -> String {
    SAME.iter().find(|(said, _)| *said == word).map_or(word, |(_, called)| (*called).to_owned())
}

/// The words of a text in lower case and the singular; `externalCall` is two.
fn words(text: &str) -> impl Iterator<Item = String> {
    let mut parted = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    for letter in text.chars() {
        if letter.is_uppercase() && before.is_lowercase() {
            parted.push(' ');
        }
        parted.push(if letter.is_alphanumeric() { letter } else { ' ' });
        before = letter;
    }
    let words: Vec<String> = parted.split_whitespace().map(|word| singular(&word.to_lowercase())).collect();
    words.into_iter()
}

fn singular(word: &str) -> String {
    match word {
        word if word.len() > 4 && word.ends_with("ies") => format!("{}y", &word[..word.len() - 3]),
        word if word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") => {
            word[..word.len() - 1].to_owned()
        }
        word => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(question: &str) -> &'static str {
        find(question, |_| true).first().map_or("", |method| &method.name)
    }

    #[test]
    fn a_question_finds_the_method_that_a_person_would_pick() {
        for (question, method) in [
            ("crm.deal.add", "crm.deal.add"),
            ("create a lead", "crm.lead.add"),
            ("list companies", "crm.company.list"),
            ("delete crm contact", "crm.contact.delete"),
            ("externalCall register", "telephony.externalCall.register"),
        ] {
            assert_eq!(first(question), method, "{question}");
        }
        assert!(find("zzzz", |_| true).is_empty());
        assert!(
            find("lead", |method| method.module == "tasks").iter().all(|method| method.module == "tasks")
        );
        assert_eq!(find(" ", |_| true).len(), served().count());
    }

    #[test]
    fn words_are_parted_and_in_the_singular() {
        let words: Vec<String> = words("crm.externalCalls, Companies' addresses").collect();
        assert_eq!(words, ["crm", "external", "call", "company", "addresse"]);
    }
}
